"""Rules for the rows of `changes`: each kind of change has its cells."""

import polars as pl

from schemas.rule import Rule


def change_has_its_cells(changes: pl.DataFrame) -> pl.Series:
    """Hold where an addition has a hash, a correction differs, a withdrawal and a header keep what was."""
    old, new, change = pl.col("old").fill_null(""), pl.col("new").fill_null(""), pl.col("change")
    added = (change != "added") | ((old == "") & new.str.contains("^[0-9a-f]{16}$"))
    corrected = (change != "corrected") | (old != new)
    withdrawn = (change != "withdrawn") | (old.str.starts_with("[") & (new == ""))
    header = (change != "header") | (old.str.starts_with("[") & new.str.starts_with("["))
    return changes.select(added & corrected & withdrawn & header).to_series()


def reason_is_given(changes: pl.DataFrame) -> pl.Series:
    """Hold where every change but an addition says why."""
    return (changes["change"] == "added") == changes["reason"].is_null()


RULES = [
    Rule(
        change_has_its_cells,
        field="change",
        wrong="the cells `old` and `new` are not those of this kind of change",
        fix="leave the ledger to `correct`, `withdraw` and `release`",
        breaks={"change": "added", "old": None, "new": "300"},
    ),
    Rule(
        reason_is_given,
        field="reason",
        wrong="a correction without a reason, or an addition with one",
        fix="leave the ledger to `correct`, `withdraw` and `release`",
        breaks={"change": "withdrawn", "old": '["x"]', "new": None, "reason": None},
    ),
]
