"""Which step of the version number a change asks for, and why: MAJOR, MINOR or PATCH.

MAJOR: what a query or reader relies on goes, or means something else. MINOR: rows, columns or relations come; rows are
corrected or withdrawn. PATCH: prose alone.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from scripts.datapackage.package import Json, Package
from scripts.history.ledger import Change
from scripts.validation.compatibility import ANNOUNCED, Names

PATCH, MINOR, MAJOR = "PATCH", "MINOR", "MAJOR"
Step = tuple[str, str]  # which of the three, and why
BOUND_BELOW, BOUND_ABOVE = ("minimum", "exclusiveMinimum", "minLength"), ("maximum", "exclusiveMaximum", "maxLength")
ANEW = "is described in other words"
UNIT = ("metrics", "unit")  # the cell that says what the numbers of other rows are counted in


def of_rows(lines: Iterable[Change], package: Package) -> Iterator[Step]:
    """Yield what the ledger lines of a version ask for, row changes of a kind together."""
    prose = {(table.name, field.name) for table in package.tables.values() for field in table.fields if field.prose}
    counts: Counter[tuple[str, str, str]] = Counter()
    for line in lines:
        if line.change == "corrected" and (line.resource, line.field) == UNIT:
            yield MAJOR, f"the unit of the metric {line.key} is another"
        elif line.change != "header":  # the schema says it
            in_prose = line.change == "corrected" and (line.resource, line.field) in prose
            counts[PATCH if in_prose else MINOR, line.resource, "prose corrected" if in_prose else line.change] += 1
    for (step, table, what), number in sorted(counts.items()):
        yield step, f"{table}: {number:,} {'cell' if 'corrected' in what else 'row'}{'s' * (number > 1)} {what}"


def of_names(before: Names, now: Names, *, same_meaning: bool) -> Iterator[Step]:
    """Yield what changes of tables and views ask for; `same_meaning`: what is described anew means what it meant."""
    for name in sorted(before.keys() | now.keys()):
        if name not in now:
            yield MAJOR, f"{name} is gone"
        elif name not in before:
            yield MINOR, f"{name} is new"
        else:
            yield from _relation(name, before[name], now[name], same_meaning=same_meaning)


def _relation(name: str, old: Json, new: Json, *, same_meaning: bool) -> Iterator[Step]:
    if old["kind"] != new["kind"]:
        yield MAJOR, f"{name} was a {old['kind']} and is a {new['kind']}"
    yield from _described(name, old, new, same_meaning=same_meaning)
    for part in ("primaryKey", "missingValues", "order", "parameters"):
        if old.get(part) != new.get(part):
            yield MAJOR, f"{name}: {part} is another"
    for part in ("uniqueKeys", "foreignKeys"):
        if any(key not in old.get(part, []) for key in new.get(part, [])):
            yield MAJOR, f"{name}: {part} hold more"
        elif old.get(part) != new.get(part):
            yield MINOR, f"{name}: {part} hold less"
    if old.get("query") != new.get("query"):
        yield MINOR, f"the query of {name} is another"
    yield from _columns(name, _by_name(old), _by_name(new), same_meaning=same_meaning)


def _columns(name: str, old: Names, new: Names, *, same_meaning: bool) -> Iterator[Step]:
    yield from ((MAJOR, f"{name}.{column} is gone") for column in old if column not in new)
    yield from ((MINOR, f"{name}.{column} is new") for column in new if column not in old)
    both = [column for column in old if column in new]
    if both != [column for column in new if column in old]:
        yield MAJOR, f"the columns of {name} are in another order"
    for column in both:
        then, today, where = old[column], new[column], f"{name}.{column}"
        if then["type"] != today["type"]:
            yield MAJOR, f"{where} was of type {then['type']} and is of type {today['type']}"
        yield from _described(where, then, today, same_meaning=same_meaning)
        if then.get("prose") != today.get("prose"):
            yield MINOR, f"{where}: prose is another"
        yield from _constraints(where, then.get("constraints", {}), today.get("constraints", {}))


def _described(where: str, old: Json, new: Json, *, same_meaning: bool) -> Iterator[Step]:
    then, today = old.get("description", ""), new.get("description", "")
    if then != today:
        if today.lower().startswith(ANNOUNCED):
            yield MINOR, f"the end of {where} is announced"
        else:
            yield PATCH if same_meaning else MAJOR, f"{where} {ANEW}"


def _constraints(where: str, old: Json, new: Json) -> Iterator[Step]:
    for rule in sorted(old.keys() | new.keys()):
        if old.get(rule) != new.get(rule):
            tighter = tightens(rule, old.get(rule), new.get(rule))
            yield MAJOR if tighter else MINOR, f"{where}: {rule} is {'tighter' if tighter else 'looser'}"


def tightens(rule: str, old: Any, new: Any) -> bool:  # noqa: ANN401  (JSON)
    """Return whether a constraint that changed may refuse what it let pass; None or false is no constraint."""
    if any(limit is None or limit is False for limit in (old, new)):
        return new is not None and new is not False
    if rule == "enum":
        return not set(old) <= set(new)
    if rule in BOUND_BELOW:
        return bool(new > old)
    if rule in BOUND_ABOVE:
        return bool(new < old)
    return True  # a pattern: nobody can tell


def _by_name(relation: Json) -> Names:
    return {field["name"]: field for field in relation["fields"]}
