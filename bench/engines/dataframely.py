"""dataframely over whole tables in memory: one schema a table, its rows filtered by it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dataframely as dy
import polars as pl

from bench.engines.frames import LINE, compared, frames, once
from bench.engines.places import Place, main
from bench.engines.rules import Column, columns
from scripts.datapackage.package import Table, read


def check(folder: Path) -> Iterator[Place]:
    """Yield the rows that the schemas refuse."""
    package = read(folder)
    there = frames(package)
    for table in package.tables.values():
        refused = _schema(there[table.name], table).filter(there[table.name])[1].invalid()
        for line in refused[LINE]:
            yield table.path, line


def _schema(rows: pl.DataFrame, table: Table) -> Any:  # noqa: ANN401  (a class made here)
    members: dict[str, Any] = {LINE: dy.UInt32(), "__annotations__": {}}
    for column in columns(table):
        members[column.name] = dy.String(
            nullable=not column.required,
            primary_key=column.name in table.primary_key,
            regex=column.pattern or None,
            max_length=column.longest,
            check=_text(column),
        )
        if column.unique and column.name not in table.primary_key:
            members[f"{column.name} once"] = _rule(once(column.name))
        if f"{column.name} known" in rows.columns:
            members[f"{column.name} known"] = dy.Bool(check=lambda known: known)
        if f"{column.name} read" in rows.columns:
            read_as = pl.col(f"{column.name} read")
            members[f"{column.name} reads"] = _rule(read_as.is_not_null() | pl.col(column.name).is_null())
            members[f"{column.name} read"] = _parsed(column)
    for name, condition in compared(table):
        members[name] = _rule(condition)
    return type(table.name.title(), (dy.Schema,), members)


def _text(column: Column) -> Any:  # noqa: ANN401  (dataframely takes functions of an expression)
    def holds(cells: pl.Expr) -> pl.Expr:
        right = ~cells.str.contains("\ufffd", literal=True)
        return right & cells.is_in(column.words) if column.words else right

    return holds


def _parsed(column: Column) -> Any:  # noqa: ANN401  (one of dataframely's columns)
    if column.type == "date":
        return dy.Date(nullable=True)
    least = None if column.minimum is None else column.minimum
    return dy.Int64(nullable=True, min=least) if column.type == "integer" else dy.Float64(nullable=True, min=least)


def _rule(condition: pl.Expr) -> Any:  # noqa: ANN401  (a rule of dataframely)
    return dy.rule()(lambda cls: condition)


if __name__ == "__main__":
    main(check)
