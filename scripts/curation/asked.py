"""Ask a person at a terminal for what a record lacks, until it can be coded."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from rich.console import Console
from rich.prompt import Prompt
from rich.table import Table

from scripts.curation import labels, record_form
from scripts.curation.coder import Coder
from scripts.curation.desk import Choices, Question
from scripts.curation.record_form import Property
from scripts.datapackage.package import Json

ANSWERED = ("undecided", "unknown-label", "unknown-statement")
DOCUMENT = ("url", "publisher", "published_on", "published_on_basis", "language", "read", "title")
NEEDED = ("url", "publisher", "published_on", "language", "read")  # where nobody can be asked
FIGURE = ("wording", "metric", "source")
INSTEAD = {"publisher": "publisher_id", "metric": "metric_id", "source": "statement"}  # of a label
NEW = "new"
PLACE = re.compile(r"(?:figures\[(\d+)\]\.)?(\w+)$")


def lacking(record: Json, names: tuple[str, ...] = DOCUMENT) -> Iterator[tuple[str, Property]]:
    """Yield the place of each property that a record of one figure should name, with what there is to say of it."""
    known, figure = record_form.properties(), record["figures"][0]
    for name in names:
        if name not in record and INSTEAD.get(name) not in record and _applies(name, record):
            yield name, known["document", name]
    for name in FIGURE:
        if name not in figure and INSTEAD.get(name) not in figure:
            yield f"figures[1].{name}", known["figure", name]


def _applies(name: str, record: Json) -> bool:
    if "document_id" in record:  # which may be there already
        return False
    return name != "published_on_basis" or bool(record.get("published_on"))


def complete(record: Json, code: Callable[[list[Json]], Coder], console: Console) -> tuple[list[Json], Coder]:
    """Ask until a record can be coded; return it behind the rows of vocabulary that it needs, with how it was coded.

    What cannot be answered by one word is left to the coder's problems. A blank answer is null.
    """
    while places := list(lacking(record)):
        place, told = places[0]
        put(record, place, _answer(console, f"{told.name}: {told.description}", dict.fromkeys(told.choices, "")))
    rows: list[Json] = []
    before: set[tuple[str, str]] = set()
    while True:
        coder = code([*rows, record])
        asked = [one for one in coder.desk.questions if one.problem.rule in ANSWERED]
        if not asked or {_name(one) for one in asked} <= before:
            return [*rows, record], coder
        before |= {_name(one) for one in asked}
        for question in asked:
            rows += _settle(record, question, coder, console)


def _name(question: Question) -> tuple[str, str]:
    return question.problem.field, question.problem.message


def _settle(record: Json, question: Question, coder: Coder, console: Console) -> list[Json]:
    """Put the answer to a question into a record; return the rows of vocabulary that it brings."""
    problem, choices = question.problem, dict(question.choices)
    if problem.rule != "unknown-label":
        put(record, problem.field, _answer(console, f"{problem.field}: {problem.message}", choices))
        return []
    choices[NEW] = "it is none of those that are known: add it"
    answer = _answer(console, problem.message, choices)
    unknown = labels.Unknown.of(problem)
    if answer != NEW:
        replace(record, problem.field, unknown.label, str(answer))
        return []
    new = labels.new_row(coder.desk, problem.field, unknown)
    fields = {field.name: field for field in coder.package.tables[unknown.resource].fields}
    for column, cell in new["row"].items():
        if cell is None and column != "part_of":
            listed = dict.fromkeys(fields[column].constraints.get("enum", []), "")
            new["row"][column] = _answer(
                console, f"{column} of `{unknown.label}`: {fields[column].description}", listed
            )
    return [new]


def _answer(console: Console, question: str, choices: Choices) -> str | None:
    """Return an answer: one of the choices, where there are some, else what is written; blank is None."""
    if choices:
        table = Table(box=None, show_header=False)
        for choice, meaning in choices.items():
            table.add_row(choice, meaning)
        console.print(table)
    known = [*choices] or None
    return (
        Prompt.ask(_plain(question), console=console, choices=known, show_choices=False, show_default=False, default="")
        or None
    )


def _plain(text: str) -> str:
    return text.replace("[", r"\[")  # no markup of rich


def put(record: Json, place: str, value: Any) -> None:  # noqa: ANN401  (JSON)
    """Set a property of a record: `publisher`, `figures[1].extent`."""
    holder, name = _holder(record, place)
    holder[name] = value


def replace(record: Json, place: str, label: str, key: str) -> None:
    """Put a key in the place of a label, be it in a list."""
    holder, name = _holder(record, place)
    now = holder.get(name)
    holder[name] = [key if one == label else one for one in now] if isinstance(now, list) else key


def _holder(record: Json, place: str) -> tuple[Json, str]:
    match = PLACE.match(place)
    if not match:
        raise ValueError(f"{place} is no place in a record")
    return record["figures"][int(match[1]) - 1] if match[1] else record, match[2]


def as_record(record: Json) -> str:
    """Return a record to complete: what it has, and null for what it should name."""
    whole: Json = json.loads(json.dumps(record))
    for place, _ in list(lacking(whole)):
        put(whole, place, None)
    return json.dumps(whole, indent=2, ensure_ascii=False)
