"""Frames of polars for the peers on it: text, a line, numbers and days beside, foreign keys as truth values."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl

from bench.engines.rules import COMPARED, columns
from scripts.datapackage.package import Package, Table

LINE = "_line"


def frames(package: Package) -> dict[str, pl.DataFrame]:
    """Return every table with what the peers need beside its cells, in memory."""
    read = {table.name: _read(package.root / table.path, table) for table in package.tables.values()}
    return {table.name: _with_references(read[table.name], table, read) for table in package.tables.values()}


def compared(table: Table) -> Iterator[tuple[str, pl.Expr]]:
    """Yield the comparisons in a row of a table, with a name."""
    for low, high, equal in COMPARED.get(table.name, ()):
        below, above = pl.col(f"{low} read"), pl.col(f"{high} read")
        yield f"{low} to {high}", (below <= above if equal else below < above).fill_null(True)


def once(column: str) -> pl.Expr:
    """Hold where a cell stands in its column once, or is blank."""
    return pl.col(column).is_unique() | pl.col(column).is_null()


def _read(path: Path, table: Table) -> pl.DataFrame:
    text = dict.fromkeys(table.header, pl.String)
    rows = pl.read_csv(path, schema=text, truncate_ragged_lines=True, encoding="utf8-lossy", row_index_name=LINE)
    types = {"integer": pl.Int64, "number": pl.Float64}
    parsed = [
        pl.col(field.name).cast(types[field.type], strict=False).alias(f"{field.name} read")
        for field in table.fields
        if field.type in types
    ]
    days = [
        pl.col(field.name).str.to_date("%Y-%m-%d", strict=False).alias(f"{field.name} read")
        for field in table.fields
        if field.type == "date"
    ]
    return rows.with_columns(pl.col(LINE) + 2, *parsed, *days)


def _with_references(rows: pl.DataFrame, table: Table, read: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    for column in columns(table):
        if column.reference:
            there = read[column.reference[0]][column.reference[1]].unique()
            known = pl.col(column.name).is_null() | pl.col(column.name).is_in(there.implode())
            rows = rows.with_columns(known.alias(f"{column.name} known"))
    return rows
