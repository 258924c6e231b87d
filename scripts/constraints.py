"""The constraints of a field compiled to SQL: what a cell must not do, read as text.

A number, date or truth value is written in one way only, so that equal cells have equal text.
"""

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from scripts import canonical, signs
from scripts.database import TYPES, literal, name
from scripts.package import Field

FORMS = {
    "integer": "0|-?[1-9][0-9]*",
    "number": "0|-?(0|[1-9][0-9]*)[.][0-9]*[1-9]|-?[1-9][0-9]*",
    "boolean": "true|false",
    "date": "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])",
}
WRITTEN = {
    "integer": "digits alone, as 12000",
    "number": "digits with a point, as 0.8",
    "boolean": "`true` or `false`",
    "date": "a day of the calendar, as 2025-01-13",
}
MISSING = ("NA", "N/A", "n/a", "None", "null", "NULL", "NaN", "nan")
TEXT = ("missing-word", "formula", "blank-ends", "unseen-sign", "not-nfc")
NARROW = re.compile(r"[0-9A-Za-z\[\](){}*+?|,-]+")  # a pattern that lets no other signs pass than those of ASCII
Limit = str | int | float


@dataclass(frozen=True)
class Fault:
    """A condition in SQL under which a cell breaks a rule, and what to say of such a cell."""

    field: str
    rule: str
    breaks: str
    message: Callable[[str], str]
    fix: str


def faults(field: Field, *, in_key: bool) -> Iterator[Fault]:
    """Yield what a cell of a field must not do, the plainest fault first."""
    column, rules = name(field.name), field.constraints
    if rules.get("required") or in_key:
        yield Fault(field.name, "required", f"{column} is null", lambda _: "the cell is blank", "fill it in")
    if field.type == "string":
        yield from _text(field.name, column)
    else:
        yield _type(field, column)
    for rule, limit in rules.items():
        if rule == "enum":
            yield _enum(field.name, column, limit)
        elif rule == "pattern":
            yield _pattern(field.name, column, limit)
        elif rule in BOUNDS:
            yield _bound(field, rule, limit)
        elif rule in LENGTHS:
            yield _length(field.name, column, rule, int(limit))


def suspicion(field: Field, *, in_key: bool, known: bool) -> str:
    """Return SQL that holds for every cell of a field that breaks a rule, and for few others, but takes less time.

    `known` cells stand in another table too, where their text is looked at.
    """
    listed = list(faults(field, in_key=in_key))
    words = field.constraints.get("enum")
    plain = bool(words) and all(re.fullmatch(r"[0-9A-Za-z](.*[!-~])?", str(word)) for word in words or ())
    if field.type == "string" and (known or (plain and not set(words or ()) & set(MISSING))):
        conditions = [fault.breaks for fault in listed if fault.rule not in TEXT]
    elif field.type == "string":
        conditions = [text_faults(field), *(fault.breaks for fault in listed if fault.rule not in TEXT)]
    else:
        conditions = [fault.breaks for fault in listed]
    return " or ".join(f"({condition})" for condition in conditions) or "false"


def text_faults(field: Field) -> str:
    """Return SQL that holds for every cell whose text breaks a rule, and for no other.

    Expressions are asked only of cells that begin or end with another character than most do, and those about signs not
    where a pattern leaves no place for them.
    """
    column = name(field.name)
    by_rule = {fault.rule: fault.breaks for fault in _text(field.name, column)}
    odd = " or ".join(
        [
            f"{column} < '0'",
            f"({column} >= ':' and {column} < 'A')",
            f"{column} > '~'",
            f"{column}[-1] <= ' '",
            f"{column}[-1] > '~'",
        ]
    )
    listed = [f"(({odd}) and ({by_rule['formula']} or {by_rule['blank-ends']}))", by_rule["missing-word"]]
    if not NARROW.fullmatch(str(field.constraints.get("pattern", "."))):
        listed += [by_rule["unseen-sign"], f"(strlen({column}) <> length({column}) and {by_rule['not-nfc']})"]
    return " or ".join(listed)


def typed(field: Field) -> str:
    """Return the SQL that gives a text column its type, NULL where it cannot."""
    return name(field.name) if field.type == "string" else f"try_cast({name(field.name)} as {TYPES[field.type]})"


def _type(field: Field, column: str) -> Fault:
    other = f"not regexp_matches({column}, {_whole(FORMS[field.type])}) or {typed(field)} is null"
    if field.type == "date":
        other += f" or {column} < '0001'"
    if field.type == "number":
        other += f" or abs({typed(field)}) > {sys.float_info.max!r}"
    noun = f"an {field.type}" if field.type == "integer" else f"a {field.type}"
    breaks = f"{column} is not null and coalesce({other}, true)"
    return Fault(field.name, "type", breaks, lambda cell: f"`{cell}` is not {noun}", f"write {WRITTEN[field.type]}")


def _text(field: str, column: str) -> Iterator[Fault]:
    words = ", ".join(map(literal, MISSING))
    yield Fault(
        field,
        "missing-word",
        f"{column} in ({words})",
        lambda cell: f"`{cell}` is read as missing by some programs and as text by others",
        "leave the cell blank",
    )
    yield Fault(
        field,
        "formula",
        f"regexp_matches({column}, '^[=+@\\t-]')",
        lambda cell: f"`{cell[:20]}` is computed by spreadsheets",
        "begin the cell with another character",
    )
    yield Fault(
        field,
        "blank-ends",
        f"regexp_matches({column}, '^[\\s\\x0B\\p{{Z}}]|[\\s\\x0B\\p{{Z}}]\\z')",
        lambda _: "the cell begins or ends with a blank",
        "take the blank out",
    )
    yield Fault(
        field,
        "unseen-sign",
        f"regexp_matches({column}, {literal(signs.UNSEEN)})",
        lambda cell: f"the cell holds {signs.unseen(cell) or 'a control'}, which no one sees",
        "take it out",
    )
    yield Fault(
        field,
        "not-nfc",
        f"(regexp_matches({column}, {literal(signs.COMPOSING)}) and nfc_normalize({column}) <> {column})",
        lambda cell: f"the cell has {signs.in_parts(cell) or 'a letter in parts'}, so that it differs from its like",
        "write the text in NFC, as keyboards do",
    )


def _enum(field: str, column: str, values: Sequence[Limit]) -> Fault:
    words = list(map(canonical.cell, values))
    listed = ", ".join(map(literal, words))

    def message(cell: str) -> str:
        near = get_close_matches(cell, words, 1)
        return f"`{cell}` is not one of {', '.join(words)}" + (f"; did you mean `{near[0]}`?" if near else "")

    return Fault(field, "enum", f"{column} not in ({listed})", message, "take a word of the list")


def _pattern(field: str, column: str, pattern: str) -> Fault:
    return Fault(
        field,
        "pattern",
        f"not regexp_matches({column}, {_whole(pattern)})",
        lambda cell: f"`{cell}` has not the form {pattern}",
        "write it in the form of the example in DICTIONARY.md",
    )


def _bound(field: Field, rule: str, limit: Limit) -> Fault:
    operator, words = BOUNDS[rule]
    return Fault(
        field.name,
        "bounds",
        f"{typed(field)} {operator} {literal(canonical.cell(limit))}::{TYPES[field.type]}",
        lambda cell: f"{cell} is not {words} {limit}",
        f"read the source again; this column holds what is {words} {limit}",
    )


def _length(field: str, column: str, rule: str, limit: int) -> Fault:
    operator, words = LENGTHS[rule]
    return Fault(
        field,
        "length",
        f"length({column}) {operator} {limit}",
        lambda cell: f"{len(cell)} characters, where there are {words} {limit}",
        "keep to the words that the field's description asks for",
    )


BOUNDS = {
    "minimum": ("<", "at least"),
    "maximum": (">", "at most"),
    "exclusiveMinimum": ("<=", "above"),
    "exclusiveMaximum": (">=", "below"),
}
LENGTHS = {"minLength": ("<", "at least"), "maxLength": (">", "at most")}


def _whole(pattern: str) -> str:
    return literal(f"^(?:{pattern})\\z")  # `$` would let Java pass a line feed at the end
