"""Rules for the rows of `changes`: each kind of change has its cells."""

import json

import polars as pl

from schemas.rule import Rule


def change_has_its_cells(changes: pl.DataFrame) -> pl.Series:
    """Hold where an addition has a hash, a correction differs, a withdrawal and a header keep what was."""
    old, new, change = pl.col("old").fill_null(""), pl.col("new").fill_null(""), pl.col("change")
    added = (change != "added") | ((old == "") & new.str.contains("^[0-9a-f]{16}$"))
    corrected = (change != "corrected") | (old != new)
    withdrawn = (change != "withdrawn") | (_is_list(old) & (new == ""))
    header = (change != "header") | (_is_list(old) & _is_list(new))
    return changes.select(added & corrected & withdrawn & header).to_series()


def _is_list(cell: pl.Expr) -> pl.Expr:
    """Hold where a cell is a JSON list of texts, written as the ledger writes it."""
    begins = cell.str.starts_with("[")
    return begins & pl.when(begins).then(cell).map_elements(_rewrites, return_dtype=pl.Boolean)


def _rewrites(cell: str) -> bool:
    try:
        texts = json.loads(cell)
    except (ValueError, RecursionError):
        return False
    same = json.dumps(texts, ensure_ascii=False, separators=(",", ":")) == cell
    return same and all(isinstance(text, str) for text in texts)


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
