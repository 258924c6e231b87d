"""The views and table macros of schemas/: one SELECT a file, whose comment tells its grain and columns."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from scripts.database.connection import literal, name
from scripts.datapackage.package import ROOT, Package, Table
from scripts.datapackage.package import read as read_package

VIEWS = ROOT / "schemas" / "views"
MACROS = ROOT / "schemas" / "macros"
FORMER = "former name"  # so begins what is said of a name that something has no more


@dataclass(frozen=True)
class View:
    """A view: its name, what it answers, remarks, its grain, its columns with their meaning, its SELECT.

    A table macro is a view with parameters, which stand in brackets behind its name. `formerly` was the view's name.
    """

    name: str
    parameters: str
    answers: str
    remarks: str
    grain: str
    columns: Mapping[str, str]
    sql: str
    formerly: str = ""


def views() -> list[View]:
    """Return the views of this repository, each behind those that it stands on, those of former names last."""
    found = _ordered()
    return [*found, *of_former_names(read_package(ROOT), found)]


def _ordered() -> list[View]:
    waiting = {path.stem: read(path) for path in _files(VIEWS)}
    ordered: list[View] = []
    while waiting:
        ready = [view for view in waiting.values() if not (words(view.sql) & waiting.keys() - {view.name})]
        if not ready:
            raise ValueError(f"the views {', '.join(waiting)} stand on each other")
        ordered += ready
        for view in ready:
            del waiting[view.name]
    return ordered


def macros() -> list[View]:
    """Return the table macros of this repository, which stand on views."""
    return [read(path) for path in _files(MACROS)]


def _files(folder: Path) -> list[Path]:
    """Return the files of a folder that are called as a view is; what a system or an editor leaves there is not."""
    return sorted(path for path in folder.glob("*.sql") if re.fullmatch(r"[a-z][a-z0-9_]*", path.stem))


def words(sql: str) -> set[str]:
    """Return the words of a query, among them all that it can rest on."""
    return set(re.findall(r"\w+", sql))


def read(path: Path) -> View:
    """Return the view in a file. Raises `ValueError` when its comment lacks a part."""
    text = path.read_text("utf-8")
    head = [line[3:] for line in text.splitlines() if line.startswith("--")]
    match = re.fullmatch(
        r"(\w+)(\(.+?\))?: (.+?)\n\n(?:(.+)\n\n)?(?:formerly (\w+)\n)?grain    (.+?)\ncolumns  (.+)",
        "\n".join(head),
        re.DOTALL,
    )
    if not match or match[1] != path.stem:
        raise ValueError(f"{path.name} does not begin with its name, what it answers, grain and columns")
    sql = "\n".join(line for line in text.splitlines() if not line.startswith("--")).strip()
    remarks = (match[4] or "").replace("\n", " ")
    columns = dict(_columns(match[7].splitlines()))
    return View(match[1], match[2] or "", match[3], remarks, match[6], columns, sql, match[5] or "")


def of_former_names(package: Package, known: Iterable[View]) -> Iterator[View]:
    """Yield a view for each former name of a table or view; `TABLE_formerly` for those of the table's columns."""
    for table in package.tables.values():
        if table.formerly:
            yield _of_table(table, table.formerly)
        if any(field.formerly for field in table.fields):
            yield _of_table(table, f"{table.name}_formerly")
    for view in known:
        if view.formerly:
            sql = f"select {', '.join(map(name, view.columns))} from {name(view.name)}"
            yield View(view.formerly, "", f"{FORMER} of {view.name}", "", view.grain, view.columns, sql)


def _of_table(table: Table, former: str) -> View:
    columns = {
        field.formerly or field.name: (f"{FORMER} of {field.name}: " if field.formerly else "") + field.description
        for field in table.fields
    }
    items = [f"{name(field.name)} as {name(field.formerly or field.name)}" for field in table.fields]
    answers = f"{FORMER} of {table.name}" if former == table.formerly else f"{FORMER}s of columns of {table.name}"
    grain = f"one row per {' and '.join(table.primary_key)} of {table.name}"
    return View(former, "", answers, "", grain, columns, f"select {', '.join(items)}\nfrom {name(table.name)}")


def _columns(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        names, _, meaning = re.sub(r"^ {9}", "", line).partition("  ")
        if not meaning:  # a name that fills its column of the comment
            *parts, meaning = re.split(r"(?<=[a-z_]) (?=[a-z])", line.strip(), maxsplit=1)
            names = " ".join(parts)
        for column in names.split(", "):
            yield column.strip(), meaning.strip()


def create_static(con: duckdb.DuckDBPyConnection) -> None:
    """Create the views and macros of schemas/ where tables and `claims_history` are there."""
    for view in [*views(), *macros()]:
        for statement in statements(view):
            con.execute(statement)


def statements(view: View) -> Iterator[str]:
    """Yield the SQL that creates a view or macro and documents it, read by DuckDB from 1.2 on."""
    if view.parameters:
        yield f"create or replace macro {view.name}{view.parameters} as table\n{view.sql}"
        yield f"comment on macro table {view.name} is {literal(f'{view.answers} ({view.grain})')}"
        return
    yield f"create or replace view {view.name} as\n{view.sql}"
    yield from comments(view, "view")


def comments(view: View, kind: str = "table") -> Iterator[str]:
    """Yield the SQL that documents a view, or the table that holds its rows, and its columns."""
    yield f"comment on {kind} {view.name} is {literal(f'{view.answers} ({view.grain})')}"
    for column, meaning in view.columns.items():
        yield f"comment on column {view.name}.{name(column)} is {literal(meaning)}"
