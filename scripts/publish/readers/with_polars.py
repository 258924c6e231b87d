"""Frames of polars, from Parquet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from .installed import resources


def read(name: str, folder: Path) -> pl.DataFrame:
    """Return a table or view of a folder; enumerations are `Enum`, in the order of the schema."""
    fields = resources(folder)[name]["schema"]["fields"]
    enums = {field["name"]: field.get("constraints", {}).get("enum") for field in fields}
    frame = pl.read_parquet(folder / "parquet" / f"{name}.parquet")
    return frame.with_columns(pl.col(column).cast(pl.Enum(values)) for column, values in enums.items() if values)


def texts(frame: pl.DataFrame, column: str) -> list[str | None]:
    """Return the cells of a column as text; a day is YYYY-MM-DD."""
    return frame[column].cast(pl.String).to_list()


def select(
    frame: pl.DataFrame,
    keep: Sequence[bool],
    without: Sequence[str] = (),
    said: Mapping[str, str] | None = None,  # frames of polars have no place for it
) -> pl.DataFrame:
    """Return the rows to keep, without some columns."""
    return frame.filter(pl.Series(keep, dtype=pl.Boolean)).drop(without)
