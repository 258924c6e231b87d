"""Frames of pandas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from . import figures


def read(name: str, folder: Path) -> pd.DataFrame:
    """Return a table or view of a folder; from CSV where there is no pyarrow, which pandas needs for Parquet."""
    return figures.read(name, folder, "parquet" if find_spec("pyarrow") else "csv")


def texts(frame: pd.DataFrame, column: str) -> list[str | None]:
    """Return the cells of a column as text; a day begins with YYYY-MM-DD."""
    return [None if pd.isna(cell) else str(cell) for cell in frame[column]]


def select(
    frame: pd.DataFrame, keep: Sequence[bool], without: Sequence[str] = (), said: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Return the rows to keep, without some columns; `said` is what their `attrs` then have instead."""
    rows = frame[list(keep)].drop(columns=list(without)).reset_index(drop=True)
    labels = {name: label for name, label in frame.attrs["labels"].items() if name not in without}
    rows.attrs = dict(frame.attrs) | dict(said or {}) | {"labels": labels}
    return rows
