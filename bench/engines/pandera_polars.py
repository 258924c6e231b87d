"""pandera on polars, over whole tables in memory: its validation of lazy frames looks at types alone."""

from collections.abc import Iterator
from pathlib import Path

import pandera.polars as pa
import polars as pl
from pandera.api.polars.types import PolarsData
from pandera.errors import SchemaErrors

from bench.engines.frames import compared, frames, once
from bench.engines.places import Place, main
from bench.engines.rules import Column, columns
from scripts.datapackage.package import Table, read


def check(folder: Path) -> Iterator[Place]:
    """Yield the rows that the schemas refuse, by their place in the frame."""
    package = read(folder)
    there = frames(package)
    for table in package.tables.values():
        for row in _refused(there[table.name], table):
            yield table.path, row + 2


def _refused(rows: pl.DataFrame, table: Table) -> Iterator[int]:
    asked: dict[str, pa.Column] = {}
    for column in columns(table):
        asked |= _columns(column, rows)
    rules = [_holds(condition) for _, condition in compared(table)]
    schema = pa.DataFrameSchema(asked, checks=rules, unique=list(table.primary_key) or None)
    try:
        schema.validate(rows, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases["index"]
        yield from cases.drop_nulls().unique()
        if cases.null_count():
            yield -2


def _holds(condition: pl.Expr) -> pa.Check:
    def holds(data: PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(condition.fill_null(True).alias("check_output"))

    return pa.Check(holds)


def _columns(column: Column, rows: pl.DataFrame) -> dict[str, pa.Column]:
    checks = [_holds(~pl.col(column.name).str.contains("\ufffd", literal=True))]
    if column.pattern:
        checks.append(pa.Check.str_matches(column.pattern))
    if column.words:
        checks.append(pa.Check.isin(column.words))
    if column.longest:
        checks.append(pa.Check.str_length(max_value=column.longest))
    asked = {column.name: pa.Column(pl.String, checks, nullable=not column.required)}
    if column.unique:
        asked[column.name].checks.append(_holds(once(column.name)))
    if f"{column.name} known" in rows.columns:
        asked[f"{column.name} known"] = pa.Column(pl.Boolean, pa.Check.eq(True))
    if f"{column.name} read" in rows.columns:
        bounds = [] if column.minimum is None else [pa.Check.ge(column.minimum)]
        reads = _holds(pl.col(f"{column.name} read").is_not_null() | pl.col(column.name).is_null())
        asked[f"{column.name} read"] = pa.Column(rows.schema[f"{column.name} read"], bounds, nullable=True)
        asked[column.name].checks.append(reads)
    return asked


if __name__ == "__main__":
    main(check)
