"""Stage rows: the row rules of schemas/rows, run by pandera over batches streamed from DuckDB."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from importlib import import_module
from itertools import groupby
from pkgutil import iter_modules
from typing import TYPE_CHECKING

import duckdb
import polars as pl

import schemas.rows
from schemas.rule import Rule
from scripts.database import problem_limit
from scripts.database.quoting import literal, name
from scripts.datapackage import cache
from scripts.datapackage.package import Package, Table
from scripts.datapackage.problems import Problem
from scripts.validation.remembered import key as remembered_key

if TYPE_CHECKING:
    import pandera.polars as pa

KIND = "rows"  # what the cache has under it
BATCH = 100_000  # rows; memory does not grow with the table
COMBINATIONS = 30_000  # of cells at a time: what one rule reads from words is still at hand for the next


class RuleFault(Exception):
    """A rule raised an error: a fault of this repository, not of the data."""


def rules() -> dict[str, list[Rule]]:
    """Return the rules of each table that has any."""
    names = [module.name for module in iter_modules(schemas.rows.__path__) if module.name.isidentifier()]
    return {table: import_module(f"schemas.rows.{table}").RULES for table in names}


def problems(
    con: duckdb.DuckDBPyConnection, package: Package, broken: set[tuple[str, int]], *, remembered: bool = True
) -> list[Problem]:
    """Return the rows that break a rule of their table, `problem_limit.MOST` of a rule.

    `broken` holds (path, line) of the rows whose cells do not hold: no rule is asked of them. With `remembered` the
    answer for a table is that of before, where it is the same byte for byte, and so are rules and day.
    """
    found: list[Problem] = []
    for table_name, table_rules in rules().items():
        if table_name in package.tables:
            table = package.tables[table_name]
            known = remembered_key(package, table) if remembered and not broken else ""
            before = _before(known) if known else None
            if before is not None:
                found += before
                continue
            of_table = list(_table(con, table, table_rules, broken))
            if known:
                cache.put(KIND, known, json.dumps([asdict(problem) for problem in of_table]).encode())
            found += of_table
    return found


def _before(known: str) -> list[Problem] | None:
    """Return what the cache has under a key, if that can be read."""
    try:
        return [Problem(**each) for each in json.loads(cache.get(KIND, known) or b"null")]
    except (TypeError, ValueError):
        return None


def _table(
    con: duckdb.DuckDBPyConnection, table: Table, table_rules: list[Rule], broken: set[tuple[str, int]]
) -> Iterator[Problem]:
    if lacking := list(_lacking(table, table_rules)):  # the schema was changed, and the rules were not
        yield from lacking
        return
    _whole(con, table, {line for path, line in broken if path == table.path})

    def asked(rule: Rule) -> tuple[tuple[str, ...], bool]:
        return rule.reads, rule.once

    for (reads, once), group in groupby(sorted(table_rules, key=asked), key=asked):
        by_name = {rule.name: rule for rule in group}
        found = _combinations(con, by_name, reads) if once else _rows(con, by_name, table, reads)
        for rule_name, where in found.items():
            yield from _problems(con, table, by_name[rule_name], where)


def _lacking(table: Table, table_rules: list[Rule]) -> Iterator[Problem]:
    """Yield the columns that rules read and the table lacks."""
    for column in sorted({one for rule in table_rules for one in _read(rule)} - {*table.header}):
        names = ", ".join(rule.name for rule in table_rules if column in _read(rule))
        message = f"`{column}` is no column of {table.name}, and these rules read it: {names}"
        fix = f"name a column that {table.schema_path or 'the schema'} has"
        yield Problem(f"schemas/rows/{table.name}.py", 0, column, "", "rule-column", message, fix)


def _read(rule: Rule) -> set[str]:
    return {rule.field, *rule.reads, *rule.breaks}


def _whole(con: duckdb.DuckDBPyConnection, table: Table, skipped: set[int]) -> None:
    """Make the view `_whole` of the rows that rules are asked of."""
    _left_out = pl.DataFrame({"_line": sorted(skipped)}, schema={"_line": pl.Int64})
    con.execute(
        f"create or replace temp table _skipped as select _line from _left_out "
        f"union all select _line from {problem_limit.BROKEN} where resource = {literal(table.name)}"
    )
    whole = "where _line not in (select _line from _skipped)" if problem_limit.number(con, "_skipped") else ""
    con.execute(f"create or replace temp view _whole as select * from main.{name(table.name)} {whole}")


def _combinations(con: duckdb.DuckDBPyConnection, by_name: dict[str, Rule], reads: tuple[str, ...]) -> dict[str, str]:
    """Ask rules once of each combination of cells; return for each that is broken where its rows are."""
    listed = ", ".join(map(name, reads))
    refused: dict[str, list[pl.DataFrame]] = {}
    for rule_name, cells in _asked(con, by_name, f"select distinct {listed} from _whole", COMBINATIONS):
        refused.setdefault(rule_name, []).append(cells)
    where = {}
    for number, (rule_name, frames) in enumerate(refused.items()):
        _cells = pl.concat(frames)  # read by name, which no table of a package has
        con.execute(f"create or replace temp table _refused{number} as select * from _cells")
        same = " and ".join(f"there.{name(column)} is not distinct from here.{name(column)}" for column in reads)
        where[rule_name] = f"exists (select 1 from _refused{number} as there where {same})"
    return where


def _rows(
    con: duckdb.DuckDBPyConnection, by_name: dict[str, Rule], table: Table, reads: tuple[str, ...]
) -> dict[str, str]:
    """Ask rules of each row; return for each that is broken where its rows are."""
    listed = ", ".join(map(name, reads or table.header))
    refused: dict[str, list[pl.Series]] = {}
    for rule_name, cells in _asked(con, by_name, f"select _line, {listed} from _whole", BATCH):
        refused.setdefault(rule_name, []).append(cells["_line"])
    where = {}
    for number, (rule_name, series) in enumerate(refused.items()):
        _cells = pl.concat(series).to_frame()  # read by name, which no table of a package has
        con.execute(f"create or replace temp table _refused{number} as select * from _cells")
        where[rule_name] = f"_line in (select _line from _refused{number})"
    return where


def _asked(
    con: duckdb.DuckDBPyConnection, by_name: dict[str, Rule], query: str, size: int
) -> Iterator[tuple[str, pl.DataFrame]]:
    import pandera.polars as pa  # half a second, which a table that is known does without

    schema = pa.DataFrameSchema(checks=[rule.check() for rule in by_name.values()])
    for batch in con.sql(query).to_arrow_reader(size):
        yield from breaches(schema, pl.DataFrame(pl.from_arrow(batch)))


def _problems(con: duckdb.DuckDBPyConnection, table: Table, rule: Rule, where: str) -> Iterator[Problem]:
    key = f"concat_ws('/', {', '.join(map(name, table.primary_key))})"
    told = "".join(f", {name(column)}" for column in rule.reads) if rule.said else ""
    con.execute(f"create or replace temp table _found as select _line, {key}{told} from _whole as here where {where}")
    for line, shown, *cells in problem_limit.rows(con, "temp.main._found"):
        message = f"{rule.wrong}: {rule.said(*cells)}" if rule.said else rule.wrong
        yield Problem(table.path, int(line), rule.field, str(shown), rule.name, message, rule.fix)
    yield from problem_limit.rest(table, rule.field, rule.name, problem_limit.number(con, "temp.main._found"))


def breaches(schema: "pa.DataFrameSchema", rows: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield the name of each check that does not hold, with the rows for which it does not.

    Raises `RuleFault` when a rule raises, which pandera would report as a fault of the data.
    """
    from pandera.errors import SchemaErrors

    try:
        schema.validate(rows, lazy=True)
    except SchemaErrors as errors:
        for error in errors.schema_errors:
            rule = str(getattr(error.check, "name", error.check))
            if error.check_output is None:
                raise RuleFault(f"the rule {rule} raised: {error}") from error
            yield rule, rows.filter(~error.check_output.to_series())
