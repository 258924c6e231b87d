"""pandera on pandas: cells read as text, then numbers and days beside them, then one lazy schema a table."""

import re
import warnings
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from bench.engines.places import Place, main
from bench.engines.rules import COMPARED, Column, columns
from scripts.datapackage.package import Table, read

Frames = Mapping[str, pd.DataFrame]


def check(folder: Path) -> Iterator[Place]:
    """Yield the rows that the schemas refuse, by their place in the frame."""
    package = read(folder)
    frames = {}
    for table in package.tables.values():
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            frames[table.name] = _read(folder / table.path, table)
        for line in re.findall(r"Skipping line (\d+)", " ".join(str(one.message) for one in said)):
            yield table.path, int(line)
    for table in package.tables.values():
        for row in _refused(frames[table.name], table, frames):
            yield table.path, row + 2


def _read(path: Path, table: Table) -> pd.DataFrame:
    frame = pd.read_csv(
        path, dtype="str", keep_default_na=False, na_values=[""], skip_blank_lines=False, on_bad_lines="warn",
        encoding_errors="replace",
    )  # fmt: skip
    for field in table.fields:
        if field.type in ("integer", "number"):
            frame[f"{field.name} read"] = pd.to_numeric(frame[field.name], errors="coerce")
        elif field.type == "date":
            frame[f"{field.name} read"] = pd.to_datetime(frame[field.name], format="%Y-%m-%d", errors="coerce")
    return frame


def _refused(frame: pd.DataFrame, table: Table, frames: Frames) -> Iterator[int]:
    asked: dict[str, pa.Column] = {}
    for column in columns(table):
        asked |= _columns(column, frame, frames)
    compared = [
        pa.Check(partial(_compared, low=f"{low} read", high=f"{high} read", equal=equal))
        for low, high, equal in COMPARED.get(table.name, ())
    ]
    schema = pa.DataFrameSchema(asked, checks=compared, unique=list(table.primary_key) or None)
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
        yield from (int(row) for row in cases["index"].dropna().unique())
        if cases["index"].isna().any():
            yield -2


def _compared(rows: pd.DataFrame, low: str, high: str, *, equal: bool) -> pd.Series:
    return ~(rows[low] > rows[high] if equal else rows[low] >= rows[high])


def _columns(column: Column, frame: pd.DataFrame, frames: Frames) -> dict[str, pa.Column]:
    checks = [pa.Check(lambda cells: ~cells.str.contains("\ufffd", regex=False))]
    if column.pattern:
        checks.append(pa.Check.str_matches(column.pattern))
    if column.words:
        checks.append(pa.Check.isin(column.words))
    if column.longest:
        checks.append(pa.Check.str_length(max_value=column.longest))
    if column.reference:
        there = frames[column.reference[0]][column.reference[1]]
        checks.append(pa.Check(lambda cells: cells.isin(there)))
    asked = {column.name: pa.Column(nullable=not column.required, checks=checks, unique=column.unique)}
    if f"{column.name} read" in frame.columns:
        raw = frame[column.name]
        bounds = [] if column.minimum is None else [pa.Check.ge(column.minimum)]
        reads = pa.Check(lambda cells: cells.notna() | raw.isna(), ignore_na=False)
        asked[f"{column.name} read"] = pa.Column(nullable=True, checks=[reads, *bounds])
    return asked


if __name__ == "__main__":
    main(check)
