"""Rung 1: a Table Schema compiled to queries that return the cells that break it.

What it accepts is narrower than what frictionless does: `tests/tools/test_cells.py` lists the
differences.
"""

from collections.abc import Collection, Iterator
from typing import NamedTuple

import duckdb
import polars as pl

from scripts import capped, keys
from scripts.constraints import Fault, faults, suspicion, text_faults
from scripts.database import name
from scripts.package import Package, Table
from scripts.problems import Problem

MASK = 60  # faults in one BIGINT
SUSPECTS = "temp.main._suspects"


class Known(NamedTuple):
    """Columns whose cells stand in another table, where their text was looked at; lines in which one does not."""

    columns: Collection[str] = ()
    lines: Collection[int] = ()


def problems(con: duckdb.DuckDBPyConnection, package: Package) -> list[Problem]:
    """Return every cell of the `text` tables that breaks its Table Schema, `capped.MOST` of a rule and table."""
    found: list[Problem] = []
    sound: dict[tuple[str, str], bool] = {}
    for table in package.tables.values():
        known, foreign = Known([], []), []
        for key in table.foreign_keys:
            dangling = keys.dangling(con, package, table, key)
            foreign += dangling.problems
            target = (key.resource, key.reference[0])
            if dangling.whole and len(key.fields) == 1:
                if target not in sound:
                    sound[target] = _sound(con, package.tables[key.resource], key.reference[0])
                known = Known([*known.columns, *key.fields * sound[target]], [*known.lines, *dangling.lines])
        found += _cells(con, table, known)
        found += keys.repeated(con, table)
        found += foreign
    return found


def _sound(con: duckdb.DuckDBPyConnection, table: Table, column: str) -> bool:
    """Whether the text of a column that others refer to is as text should be."""
    field = next(field for field in table.fields if field.name == column)
    if field.type != "string":
        return False
    breaks = text_faults(field)
    return not con.execute(f"select 1 from text.{name(table.name)} where {breaks} limit 1").fetchall()


def _cells(con: duckdb.DuckDBPyConnection, table: Table, known: Known = Known()) -> Iterator[Problem]:  # noqa: B008
    """Yield the faults of single cells; one query finds them all, a bit of a mask for each."""
    keyed = set(table.primary_key)
    listed = [fault for field in table.fields for fault in faults(field, in_key=field.name in keyed)]
    chunks = [listed[start : start + MASK] for start in range(0, len(listed), MASK)]
    masks = [
        " + ".join(f"(case when {fault.breaks} then {1 << bit} else 0 end)::bigint" for bit, fault in enumerate(chunk))
        for chunk in chunks
    ]
    columns = ", ".join(f"{mask} as _mask{number}" for number, mask in enumerate(masks))
    broken = " or ".join(f"_mask{number} <> 0" for number in range(len(masks)))
    suspect = [
        suspicion(field, in_key=field.name in keyed, known=field.name in known.columns) for field in table.fields
    ]
    text, asked = f"text.{name(table.name)}", f"select {keys.columns(table)}, {columns} from"
    con.execute(
        f"create or replace temp table _suspects as select * from ({asked} {text} where {' or '.join(suspect)}) "
        f"where {broken}"
    )
    if known.lines:  # asked apart, or every condition would be asked of every row
        lines = pl.DataFrame({"_line": list(known.lines)})  # noqa: F841  (read by name)
        others = "_line in (select _line from lines) and _line not in (select _line from _suspects)"
        con.execute(
            f"insert into _suspects with others as materialized (select * from {text} where {others}) "
            f"select * from ({asked} others) where {broken}"
        )
    if capped.number(con, SUSPECTS) <= capped.MOST:
        yield from _said(con, table, chunks, "true", {fault for chunk in chunks for fault in chunk})
        return
    capped.keep_lines(con, table, SUSPECTS)
    for place, chunk in enumerate(chunks):
        for bit, fault in enumerate(chunk):
            where = f"_mask{place} & {1 << bit} <> 0"
            yield from _said(con, table, chunks, where, {fault})
            yield from capped.rest(table, fault.field, fault.rule, capped.number(con, f"{SUSPECTS} where {where}"))


def _said(
    con: duckdb.DuckDBPyConnection, table: Table, chunks: list[list[Fault]], where: str, of: Collection[Fault]
) -> Iterator[Problem]:
    width = len(table.fields) + 1
    for row in capped.rows(con, SUSPECTS, where):
        line, cells = keys.row(row[:width])
        for chunk, mask in zip(chunks, row[width:], strict=True):
            for fault in (fault for bit, fault in enumerate(chunk) if int(mask) >> bit & 1 and fault in of):
                message = fault.message(cells[table.header.index(fault.field)])
                yield Problem(table.path, line, fault.field, table.key(cells), fault.rule, message, fault.fix)
