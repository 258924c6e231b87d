"""Rules for the rows of `hedges`: order among bounds."""

import polars as pl

from schemas.rule import Rule


def probability_low_below_high(hedges: pl.DataFrame) -> pl.Series:
    """Hold where the lower probability is below the higher."""
    return hedges["probability_low"] < hedges["probability_high"]


RULES = [
    Rule(
        probability_low_below_high,
        field="probability_low",
        wrong="the lower probability is not below the higher",
        fix="read the yardstick again; “highly likely” of UK defence intelligence is 0.8 to 0.9",
        breaks={"probability_low": 0.9, "probability_high": 0.8},
    ),
]
