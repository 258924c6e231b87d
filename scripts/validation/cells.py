"""Stage cells: a Table Schema compiled to queries that return the cells that break it.

What it accepts is narrower than what frictionless does: `tests/validation/test_cells.py` lists the
differences.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import NamedTuple

import duckdb
import polars as pl

from scripts.database import problem_limit
from scripts.database.connection import name
from scripts.datapackage import cache
from scripts.datapackage.package import Package, Table
from scripts.datapackage.problems import Problem
from scripts.validation import keys
from scripts.validation.constraints import Fault, faults, suspicion, text_faults
from scripts.validation.remembered import key as remembered_key

SHIFTED = 3  # columns
FEW_ROWS = 100_000
MASK = 60  # faults in one BIGINT
SUSPECTS = "temp.main._suspects"
KIND = "cells"  # what the cache has under it


Found = tuple[str, Problem]  # of a foreign key, behind the table that it leads to


class Known(NamedTuple):
    """Columns whose cells stand in another table, where their text was looked at; lines in which one does not."""

    columns: Collection[str] = ()
    lines: Collection[int] = ()


def problems(
    con: duckdb.DuckDBPyConnection, package: Package, lost: Collection[str] = (), *, remembered: bool = True
) -> list[Problem]:
    """Return every cell of the `text` tables that breaks its Table Schema, `problem_limit.MOST` of a rule and table.

    What leads to a table that `lost` rows is not followed. With `remembered`, a table of which nothing was wrong is not
    looked at again, where it is the same byte for byte.
    """
    found: dict[str, list[Found]] = {}
    sound: dict[tuple[str, str], bool] = {}
    for table in package.tables.values():
        known, foreign = Known([], []), []
        for key in (key for key in table.foreign_keys if key.resource not in lost):
            dangling = keys.dangling(con, package, table, key)
            foreign += [(key.resource, problem) for problem in dangling.problems]
            target = (key.resource, key.reference[0])
            if dangling.whole and len(key.fields) == 1:
                if target not in sound:
                    sound[target] = _sound(con, package.tables[key.resource], key.reference[0])
                known = Known([*known.columns, *key.fields * sound[target]], [*known.lines, *dangling.lines])
        of_table = _of_table(con, package, table, known, remembered=remembered)
        found[table.name] = [*(("", problem) for problem in of_table), *foreign]
    return list(_causes(found))


def _of_table(
    con: duckdb.DuckDBPyConnection, package: Package, table: Table, known: Known, *, remembered: bool
) -> list[Problem]:
    key = remembered_key(package, table, *known.columns) if remembered and not known.lines else ""
    if key and cache.get(KIND, key) is not None:
        return []
    found = [*_cells(con, table, known), *keys.repeated(con, table)]
    if key and not found:
        cache.put(KIND, key, b"")
    return found


def _causes(found: dict[str, list[Found]]) -> Iterator[Problem]:
    """Yield the problems of tables by name; of one whose cells stand under other columns that alone."""
    shifted = {name: _shifted([problem for _, problem in listed]) for name, listed in found.items()}
    for table_name, listed in found.items():
        if shifted[table_name]:
            yield from shifted[table_name]
        else:
            yield from (problem for target, problem in listed if not shifted.get(target))


def _shifted(found: list[Problem]) -> list[Problem]:
    """Return one problem where so many columns of a table hold throughout what is not theirs that it has one cause."""
    throughout = sorted(problem for problem in found if problem_limit.LIKEWISE in problem.message)
    columns = list(dict.fromkeys(problem.field for problem in throughout))
    if len(columns) < SHIFTED:
        return []
    names = ", ".join(f"`{column}`" for column in columns)
    said = throughout[0].message.partition(problem_limit.LIKEWISE)[0]
    message = f"{names} hold throughout what is not theirs; in {columns[0]}, {said}"
    fix = "put the cells under their columns again; where a program rewrote them, take the table as it was before"
    return [replace(throughout[0], field="", key="", rule="shifted", message=message, fix=fix)]


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
    few = not known.lines and problem_limit.number(con, text) < FEW_ROWS  # planning the masks takes longer than a look
    if few and not con.execute(f"select 1 from {text} where {' or '.join(suspect)} limit 1").fetchall():
        return
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
    yield from _told(con, table, chunks)


def _told(con: duckdb.DuckDBPyConnection, table: Table, chunks: list[list[Fault]]) -> Iterator[Problem]:
    """Yield the faults of the suspects; one that a whole column has as one, and each past the first as a number."""
    number = problem_limit.number(con, SUSPECTS)
    bits = [
        (f"_mask{place} & {1 << bit} <> 0", fault)
        for place, each in enumerate(chunks)
        for bit, fault in enumerate(each)
    ]
    whole = _whole(con, table, bits) if number > problem_limit.FEW else {}
    if number > problem_limit.MOST or whole:
        problem_limit.keep_lines(con, table, SUSPECTS)
    listed = {fault for _, fault in bits if fault not in whole}
    if number <= problem_limit.MOST:
        yield from _said(con, table, chunks, "true", listed)
    for where, fault in bits:
        if fault in whole:
            first = next(_said(con, table, chunks, where, {fault}))
            yield problem_limit.once(first, whole[fault])
        elif number > problem_limit.MOST:
            yield from _said(con, table, chunks, where, {fault})
            yield from problem_limit.rest(
                table, fault.field, fault.rule, problem_limit.number(con, f"{SUSPECTS} where {where}")
            )


def _whole(con: duckdb.DuckDBPyConnection, table: Table, bits: list[tuple[str, Fault]]) -> dict[Fault, int]:
    """Return the faults that every filled cell of a column has, or of a blank one that every cell has, by number."""
    counts = ", ".join(f"count(*) filter ({where})" for where, _ in bits)
    broken = con.execute(f"select {counts} from {SUSPECTS}").fetchall()[0]
    cells = ", ".join("count(*)" if fault.rule == "required" else f"count({name(fault.field)})" for _, fault in bits)
    filled = con.execute(f"select {cells} from text.{name(table.name)}").fetchall()[0]
    return {
        fault: number
        for (_, fault), number, of in zip(bits, broken, filled, strict=True)
        if number == of > problem_limit.FEW
    }


def _said(
    con: duckdb.DuckDBPyConnection, table: Table, chunks: list[list[Fault]], where: str, of: Collection[Fault]
) -> Iterator[Problem]:
    width = len(table.fields) + 1
    for row in problem_limit.rows(con, SUSPECTS, where):
        line, cells = keys.row(row[:width])
        for chunk, mask in zip(chunks, row[width:], strict=True):
            for fault in (fault for bit, fault in enumerate(chunk) if int(mask) >> bit & 1 and fault in of):
                message = fault.message(cells[table.header.index(fault.field)])
                yield Problem(table.path, line, fault.field, table.key(cells), fault.rule, message, fault.fix)
