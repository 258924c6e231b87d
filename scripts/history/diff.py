"""What differs between two versions, or one and the present: only rows that a line between them tells of are read."""

from collections.abc import Iterator
from dataclasses import fields

import duckdb

from scripts.database.connection import literal, name
from scripts.datapackage.package import Package, Table
from scripts.history import as_of, ledger, net
from scripts.history.as_of import Place
from scripts.history.ledger import UNRELEASED, Change, Content, State


def between(con: duckdb.DuckDBPyConnection, package: Package, older: str, newer: str | None) -> Iterator[Change]:
    """Yield the net difference of two versions, or of one and the present; reasons are those of the last change.

    `con` holds the text of the tables. Raises `ValueError` where a version is not known.
    """
    known = ledger.versions(package)
    first, last = known.index(older), known.index(newer) if newer else len(known)
    before: State = {}
    after: State = {}
    for table in ledger.recorded(package):
        order = as_of.places(package, table)
        keys = _keys(table, order, order[first], order[last])
        before[table.name] = _content(con, table, order, order[first], keys)
        after[table.name] = _content(con, table, order, order[last], keys)
    reasons = _reasons(con, [*known, UNRELEASED][first + 1 : last + 1])
    return net.net(newer or UNRELEASED, before, after, reasons)


def _keys(table: Table, order: list[Place], first: Place, last: Place) -> str:
    """Return the SQL for the keys of rows that may differ."""
    between_ = f"select key from ({as_of.lines(table, order)}) where place > {first.number} and place <= {last.number}"
    if last is not order[-1]:
        return between_
    there = f"select {as_of.key(table, 'given')} as key from text.{name(table.name)} as given"
    if last.header != order[-2].header:  # a column that waits for a release: no line tells of it
        return f"{between_} union all {there}"
    return f"{between_} union all select key from ({there}) where key not in ({as_of.alive(table, order)})"


def _content(con: duckdb.DuckDBPyConnection, table: Table, order: list[Place], at: Place, keys: str) -> Content:
    if at is order[-1]:
        cells = ", ".join(f"coalesce({name(column)}, '') as {name(column)}" for column in at.header)
        found = f"select {as_of.key(table, 'given')} as _key, {cells} from text.{name(table.name)} as given"
    else:
        found = as_of.rows(table, order, at, as_of.told(con, table, order, at.number))
    rows = con.execute(f"select * from ({found}) where _key in ({keys})").fetchall()
    return Content(list(at.header), {key: list(cells) for key, *cells in rows})


def _reasons(con: duckdb.DuckDBPyConnection, versions: list[str]) -> dict[tuple[str, str, str], Change]:
    """Return the line that explains a change, by resource, key and field; the last of several."""
    columns = ", ".join(f"coalesce({name(field.name)}, '')" for field in fields(Change))
    found: dict[tuple[str, str, str], Change] = {}
    for version in versions:
        where = f"version = {literal(version)} and change in ('corrected', 'withdrawn')"
        for cells in con.execute(f"select {columns} from text.changes where {where}").fetchall():
            line = Change(*cells)
            found[line.resource, line.key, line.field] = line
    return found
