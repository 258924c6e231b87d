"""Rung 1: a Table Schema compiled to queries that return the cells that break it.

What it accepts is narrower than what frictionless does: `tests/tools/test_cells.py` lists the
differences.
"""

from collections.abc import Iterator
from difflib import get_close_matches

import duckdb

from scripts.constraints import faults
from scripts.database import name
from scripts.package import ForeignKey, Package, Table
from scripts.problems import Problem

MASK = 60  # faults in one BIGINT
Row = tuple[int, list[str]]  # the line of a row and its cells as text


def problems(con: duckdb.DuckDBPyConnection, package: Package) -> list[Problem]:
    """Return every cell of the `text` tables that breaks its Table Schema."""
    return [
        problem
        for table in package.tables.values()
        for found in (_cells(con, table), _keys(con, table), _foreign(con, package, table))
        for problem in found
    ]


def _cells(con: duckdb.DuckDBPyConnection, table: Table) -> Iterator[Problem]:
    """Yield the faults of single cells; one query finds them all, a bit of a mask for each."""
    listed = [fault for field in table.fields for fault in faults(field, in_key=field.name in table.primary_key)]
    chunks = [listed[start : start + MASK] for start in range(0, len(listed), MASK)]
    masks = [
        " + ".join(f"(case when {fault.breaks} then {1 << bit} else 0 end)::bigint" for bit, fault in enumerate(chunk))
        for chunk in chunks
    ]
    columns = ", ".join(f"{mask} as _mask{number}" for number, mask in enumerate(masks))
    broken = " or ".join(f"_mask{number} <> 0" for number in range(len(masks)))
    query = f"select * from (select {_columns(table)}, {columns} from text.{name(table.name)}) where {broken}"
    width = len(table.fields) + 1
    for row in con.execute(f"{query} order by _line").fetchall():
        line, cells = _row(row[:width])
        for chunk, mask in zip(chunks, row[width:], strict=True):
            for fault in (fault for bit, fault in enumerate(chunk) if mask >> bit & 1):
                message = fault.message(cells[table.header.index(fault.field)])
                yield Problem(table.path, line, fault.field, table.key(cells), fault.rule, message, fault.fix)


def _columns(table: Table) -> str:
    return ", ".join(["_line", *map(name, table.header)])


def _row(row: tuple[int | str | None, ...]) -> Row:
    line, *cells = row
    return int(line or 0), ["" if cell is None else str(cell) for cell in cells]


def _keys(con: duckdb.DuckDBPyConnection, table: Table) -> Iterator[Problem]:
    """Yield each row that repeats a key of an earlier one; a key with a blank cell repeats nothing."""
    single = [(field.name,) for field in table.fields if field.constraints.get("unique")]
    keys = [("primary-key", table.primary_key)] if table.primary_key else []
    for rule, key in [*keys, *(("unique-key", key) for key in [*table.unique_keys, *single])]:
        filled = " and ".join(f"{name(column)} is not null" for column in key)
        first = f"min(_line) over (partition by {', '.join(map(name, key))})"
        rows = con.execute(
            f"select {_columns(table)}, _first from (select *, {first} as _first from text.{name(table.name)} "
            f"where {filled}) where _line > _first order by _line"
        ).fetchall()
        for *row, first_line in rows:
            line, cells = _row(tuple(row))
            shown = "/".join(cells[table.header.index(column)] for column in key)
            message = f"`{shown}` stands in line {first_line} already"
            fix = (
                "give the row a key of its own, or take it out" if rule == "primary-key" else "keep one of the two rows"
            )
            yield Problem(table.path, line, key[0], table.key(cells), rule, message, fix)


def _foreign(con: duckdb.DuckDBPyConnection, package: Package, table: Table) -> Iterator[Problem]:
    """Yield each row whose foreign key leads nowhere; one whose cells are all blank leads on purpose nowhere."""
    for key in table.foreign_keys:
        target = package.tables[key.resource].path
        dangling = list(_dangling(con, table, key))
        known = _known(con, key) if dangling else []
        for line, cells in dangling:
            shown = "/".join(cells[table.header.index(column)] for column in key.fields)
            near = get_close_matches(shown, known, 1)
            fix = f"did you mean `{near[0]}`? otherwise first add" if near else "first add"
            message = f"`{shown}` is not in {target}"
            fix = f"{fix} the row to {target}"
            yield Problem(table.path, line, key.fields[0], table.key(cells), "foreign-key", message, fix)


def _dangling(con: duckdb.DuckDBPyConnection, table: Table, key: ForeignKey) -> Iterator[Row]:
    pairs = zip(key.fields, key.reference, strict=True)
    same = " and ".join(f"there.{name(there)} is not distinct from here.{name(here)}" for here, there in pairs)
    filled = " or ".join(f"here.{name(column)} is not null" for column in key.fields)
    rows = con.execute(
        f"select {_columns(table)} from text.{name(table.name)} as here where ({filled}) and not exists "
        f"(select 1 from text.{name(key.resource)} as there where {same}) order by _line"
    ).fetchall()
    return map(_row, rows)


def _known(con: duckdb.DuckDBPyConnection, key: ForeignKey) -> list[str]:
    cells = ", ".join(f"coalesce({name(column)}, '')" for column in key.reference)
    rows = con.execute(f"select distinct concat_ws('/', {cells}) from text.{name(key.resource)}").fetchall()
    return [row[0] for row in rows]
