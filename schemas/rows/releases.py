"""Rules for the rows of `releases`: days that have come."""

import polars as pl

from schemas import dates
from schemas.rule import Rule


def released_on_has_come(releases: pl.DataFrame) -> pl.Series:
    """Hold where a day of release is not still to come."""
    return dates.has_come(releases, "released_on")


RULES = [
    Rule(
        released_on_has_come,
        field="released_on",
        wrong="the day is still to come",
        fix="leave the releases to `python -m scripts release`; where the day is right, set the clock of this machine",
        breaks={"released_on": "9999-01-01"},
    ),
]
