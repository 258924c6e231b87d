"""What the package holds beside its frames: tables, codebook, releases, citation."""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

DATA = Path(__file__).resolve().parent / "data"
HISTORY = DATA / "history"


class Table(NamedTuple):
    """A table or view: what one row is, how many there are, and whether it can be read as of an earlier version."""

    title: str
    grain: str
    rows: int
    has_history: bool


class Column(NamedTuple):
    """A column of a table or view, in words; what does not apply is ''."""

    table: str
    kind: str
    column: str
    type: str
    unit: str
    meaning: str
    constraints: str
    blank: str
    example: str
    values: str


class Release(NamedTuple):
    """A version of the dataset, the day of its release (YYYY-MM-DD, '' before it), and how it is cited."""

    version: str
    released_on: str
    citation: str


def tables() -> dict[str, Table]:
    """Return what there is by name: tables first, then views."""
    past = resources(HISTORY)
    return {
        name: Table(resource["title"], resource["description"], resource["rows"], name in past)
        for name, resource in resources().items()
    }


def codebook(table: str | None = None) -> list[Column]:
    """Return every column, or those of one table or view; pandas and polars make a frame of the list.

    Raises `KeyError` with the names that there are, where there is no such table or view.
    """
    if table is not None:
        check_name(table)
    with (DATA / "codebook.csv").open(encoding="utf-8", newline="") as file:
        columns = [Column(**row) for row in csv.DictReader(file)]
    return [column for column in columns if table in (None, column.table)]


def releases() -> list[Release]:
    """Return the versions, oldest first; the last is the one that the package holds."""
    return [Release(**release) for release in descriptor(HISTORY)["versions"]]


def citation(form: str = "text") -> str:
    """Return how to cite this version, as text or in a form that reference managers read, as bibtex, ris or csl-json.

    Raises `ValueError` with the forms that there are.
    """
    forms = {path.name: path for path in (DATA / "citation").iterdir()}
    if form not in forms:
        raise ValueError(f"there is no citation as {form!r}; there is one as {', '.join(sorted(forms))}")
    return forms[form].read_bytes().decode("utf-8")


@cache
def descriptor(folder: Path = DATA) -> Any:  # noqa: ANN401  (JSON)
    """Return the descriptor of a folder of the package."""
    return json.loads((folder / "datapackage.json").read_text("utf-8"))


def resources(folder: Path = DATA) -> dict[str, Any]:
    """Return the tables and views of a folder of the package by name, as its descriptor has them."""
    return {resource["name"]: resource for resource in descriptor(folder)["resources"]}


def check_name(name: str) -> None:
    """Raise `KeyError` with the names that there are, where there is no such table or view."""
    if name not in resources():
        raise KeyError(f"there is no table or view {name!r}; there are {', '.join(resources())}")
