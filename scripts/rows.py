"""Rung 2: the row rules of schemas/rows, run by pandera over batches streamed from DuckDB."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

import duckdb
import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaErrors

import schemas.rows
from schemas.rule import Rule
from scripts.database import name
from scripts.package import Package, Table
from scripts.problems import Problem

BATCH = 100_000  # rows; memory does not grow with the table


class RuleFault(Exception):
    """A rule raised an error: a fault of this repository, not of the data."""


def rules() -> dict[str, list[Rule]]:
    """Return the rules of each table that has any."""
    names = [module.name for module in iter_modules(schemas.rows.__path__)]
    return {table: import_module(f"schemas.rows.{table}").RULES for table in names}


def problems(con: duckdb.DuckDBPyConnection, package: Package, broken: set[tuple[str, int]]) -> list[Problem]:
    """Return the rows that break a rule of their table.

    `broken` holds (path, line) of the rows whose cells do not hold: no rule is asked of them.
    """
    return [
        problem
        for table_name, table_rules in rules().items()
        if table_name in package.tables
        for problem in _table(con, package.tables[table_name], table_rules, broken)
    ]


def _table(
    con: duckdb.DuckDBPyConnection, table: Table, table_rules: list[Rule], broken: set[tuple[str, int]]
) -> Iterator[Problem]:
    schema = pa.DataFrameSchema(checks=[rule.check() for rule in table_rules])
    by_name = {rule.name: rule for rule in table_rules}
    skipped = [line for path, line in broken if path == table.path]
    for batch in con.sql(f"select * from {name(table.name)} order by _line").to_arrow_reader(BATCH):
        rows = pl.DataFrame(pl.from_arrow(batch)).filter(~pl.col("_line").is_in(skipped))
        for rule_name, lines in breaches(schema, rows):
            rule = by_name[rule_name]
            for line, key in lines.select("_line", pl.concat_str(table.primary_key, separator="/")).iter_rows():
                yield Problem(table.path, line, rule.field, key, rule.name, rule.wrong, rule.fix)


def breaches(schema: pa.DataFrameSchema, rows: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield the name of each check that does not hold, with the rows for which it does not.

    Raises `RuleFault` when a rule raises, which pandera would report as a fault of the data.
    """
    try:
        schema.validate(rows, lazy=True)
    except SchemaErrors as errors:
        for error in errors.schema_errors:
            rule = str(getattr(error.check, "name", error.check))
            if error.check_output is None:
                raise RuleFault(f"the rule {rule} raised: {error}") from error
            yield rule, rows.filter(~error.check_output.to_series())
