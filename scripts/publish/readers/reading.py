"""`read`: a table or view as a frame of pandas or polars, today or as it was."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal, overload

from . import versions
from .installed import DATA, HISTORY, check_name, releases
from .versions import Day

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

ENGINES = ("pandas", "polars")  # the first that is installed is taken


@overload
def read(
    name: str,
    *,
    version: str | None = None,
    released_by: Day | None = None,
    known_on: Day | None = None,
    engine: Literal["polars"],
) -> pl.DataFrame: ...
@overload
def read(
    name: str,
    *,
    version: str | None = None,
    released_by: Day | None = None,
    known_on: Day | None = None,
    engine: Literal["pandas"] | None = None,
) -> pd.DataFrame: ...
def read(
    name: str,
    *,
    version: str | None = None,
    released_by: Day | None = None,
    known_on: Day | None = None,
    engine: Literal["pandas", "polars"] | None = None,
) -> Any:
    """Return a table or view as a frame: blank is missing, whole numbers stay whole, enumerations are categories.

    `version` gives it as that version had it, and `released_by` as the last version did that was released on that day
    or before. A view is today's, of the tables of then; a column that the version did not have is blank. `known_on`
    keeps the claims that were surely in print by a day: a document of which only the month or year is known counts
    from its last day on, an undated one never. The frame is of pandas, or of polars where pandas is not installed.

    Raises `KeyError` where there is no such table or view, `ValueError` where there is no such version or day, or the
    table has no history, each with what there is; `ImportError` where neither pandas nor polars is installed.
    """
    check_name(name)
    frames = _engine(engine)
    number = versions.find(version, released_by)
    frame = frames.read(name, DATA) if number is None else _read_past(frames, name, number)
    if known_on is None:
        return frame
    versions.check_claims(name)
    wide = frame if name == versions.DATED else read(versions.DATED, version=number, engine=engine)
    claims, first, precision = (frames.texts(wide, column) for column in versions.PUBLISHED)
    known = versions.claims_in_print(claims, first, precision, versions.parse_day(known_on, "known_on"))
    return frames.select(frame, [claim in known for claim in frames.texts(frame, "claim_id")])


def _engine(engine: str | None) -> Any:  # noqa: ANN401  (a module)
    """Return the module that reads into frames of an engine."""
    if engine not in (None, *ENGINES):
        raise ValueError(f"engine is {engine!r}; it is one of {', '.join(ENGINES)}")
    for one in [engine] if engine else ENGINES:
        if find_spec(one):
            return import_module(f".with_{one}", __package__)
    if engine:
        raise ImportError(f"engine is {engine!r}, which is not installed")
    raise ImportError("the data are read into frames of pandas or polars, and neither is installed: install one")


def _read_past(frames: Any, name: str, number: str) -> Any:  # noqa: ANN401  (a module; a frame)
    """Return a table or view as a version had it."""
    versions.check_history(name, number)
    history = frames.read(name, HISTORY)
    rows = versions.rows_of(number, frames.texts(history, "since"), frames.texts(history, "until"))
    [release] = [release for release in releases() if release.version == number]
    said = {"version": release.version, "citation": release.citation}
    return frames.select(history, rows, versions.SPAN, said)
