"""Rules for the rows of `claims`: numbers and qualifier against the words, and order among bounds and days."""

from collections.abc import Callable
from datetime import date

import polars as pl

from schemas.rule import Rule
from schemas.wording import coded_words
from schemas.wording import rules as wording
from schemas.wording.rules import FILLED

FIGURE = ("wording", "qualifier", "value", "low", "high")


def value_in_wording(claims: pl.DataFrame) -> pl.Series:
    """Hold where the numbers coded are those in the words, the lower one as lower bound."""
    return _once(claims, ["wording", "value", "low", "high"], wording.numbers_are_the_words)


def qualifier_in_wording(claims: pl.DataFrame) -> pl.Series:
    """Hold where the qualifier is the one that the words name, if they name any."""
    return _once(claims, ["wording", "qualifier"], wording.qualifier_is_the_words)


def metric_in_words(claims: pl.DataFrame) -> pl.Series:
    """Hold where the metric is one that the noun or verb of the words licenses, if they have one."""
    return _once(claims, ["metric_id", "wording", "note"], coded_words.metric_fits)


def modality_in_words(claims: pl.DataFrame) -> pl.Series:
    """Hold where words of possibility are not coded as asserted or expected."""
    return _once(claims, ["modality", "wording", "note"], coded_words.modality_fits)


def unit_in_wording(claims: pl.DataFrame) -> pl.Series:
    """Hold where what counts persons is not worded in a unit of distance, weight or money."""
    return _once(claims, ["population_id", "wording"], coded_words.unit_fits)


def _once(claims: pl.DataFrame, columns: list[str], holds: Callable[..., bool]) -> pl.Series:
    """Ask once of every distinct row of some columns."""
    distinct = claims.select(columns).unique()
    verdicts = distinct.with_columns(holds=pl.Series([holds(*row) for row in distinct.iter_rows()], dtype=pl.Boolean))
    joined = claims.select(columns).join(verdicts, on=columns, how="left", nulls_equal=True, maintain_order="left")
    return joined["holds"]


def numbers_fit_qualifier(claims: pl.DataFrame) -> pl.Series:
    """Hold where just those of value, low and high are filled that the qualifier fills."""
    filled = pl.concat_list(
        pl.when(pl.col(name).is_not_null()).then(pl.lit(name)) for name in ("value", "low", "high")
    ).list.drop_nulls()
    wanted = pl.col("qualifier").replace_strict(FILLED, default=None, return_dtype=pl.List(pl.String))
    return claims.select((filled == wanted).fill_null(True)).to_series()


def point_is_the_bound(claims: pl.DataFrame) -> pl.Series:
    """Hold where “nearly” has its value as ceiling, and “just over” has it as floor."""
    nearly = (pl.col("qualifier") != "nearly") | (pl.col("value") == pl.col("high"))
    just_over = (pl.col("qualifier") != "just_over") | (pl.col("value") == pl.col("low"))
    return claims.select((nearly & just_over).fill_null(True)).to_series()


def low_below_high(claims: pl.DataFrame) -> pl.Series:
    """Hold where low < high; a blank bound is no bound."""
    return (claims["low"] < claims["high"]).fill_null(True)


def value_within_bounds(claims: pl.DataFrame) -> pl.Series:
    """Hold where low ≤ value ≤ high; a blank bound is no bound."""
    return (claims["low"] <= claims["value"]).fill_null(True) & (claims["value"] <= claims["high"]).fill_null(True)


def about_from_not_after_about_to(claims: pl.DataFrame) -> pl.Series:
    """Hold where about_from ≤ about_to; a blank day is no bound."""
    return (claims["about_from"] <= claims["about_to"]).fill_null(True)


def about_to_in_the_war(claims: pl.DataFrame) -> pl.Series:
    """Hold where about_to is not before the war, which began on 24 February 2022."""
    return (claims["about_to"] >= date(2022, 2, 24)).fill_null(True)


def claim_id_counts_its_document(claims: pl.DataFrame) -> pl.Series:
    """Hold where the key is the document's with a number behind it."""
    number = pl.col("claim_id").str.strip_prefix(pl.col("document_id") + "-")
    return claims.select(number.str.contains("^[0-9]+$").fill_null(False)).to_series()


RULES = [
    Rule(
        value_in_wording,
        reads=FIGURE,
        once=True,
        field="value",
        wrong="the numbers are not those in the words",
        said=wording.in_words,
        fix="copy the numbers from the words; words that are right as coded get a line in schemas/exceptions.csv",
        breaks={"wording": "10,000 to 12,000", "qualifier": "range", "value": None, "low": 12000, "high": 10000},
    ),
    Rule(
        qualifier_in_wording,
        reads=FIGURE,
        once=True,
        field="qualifier",
        wrong="the words name another qualifier",
        said=wording.in_words,
        fix="take the qualifier from the words, by the table in CONTRIBUTING.md; of two that fit, the lower",
        breaks={"wording": "at least 100", "qualifier": "about"},
    ),
    Rule(
        numbers_fit_qualifier,
        reads=FIGURE,
        once=True,
        field="qualifier",
        wrong="value, low and high are not the ones that the qualifier fills",
        fix="fill what the table in CONTRIBUTING.md has beside it",
        breaks={"qualifier": "about", "value": None, "low": 100, "high": None},
    ),
    Rule(
        point_is_the_bound,
        reads=FIGURE,
        once=True,
        field="value",
        wrong="the number beside the bound is another than the bound",
        fix="“nearly 1,000” is value 1000, high 1000; “just over 1,000” is value 1000, low 1000",
        breaks={"qualifier": "nearly", "value": 900, "low": None, "high": 1000},
    ),
    Rule(
        low_below_high,
        reads=FIGURE,
        once=True,
        field="low",
        wrong="the lower bound is not below the upper",
        fix="read the words again; “10,000 to 12,000” is low 10000, high 12000",
        breaks={"qualifier": "range", "value": None, "low": 12000, "high": 10000},
    ),
    Rule(
        value_within_bounds,
        reads=FIGURE,
        once=True,
        field="value",
        wrong="the value lies outside its bounds",
        fix="read the words again; a value is neither below low nor above high",
        breaks={"value": 900, "low": 1000},
    ),
    Rule(
        about_from_not_after_about_to,
        reads=("about_from", "about_to"),
        once=True,
        field="about_from",
        wrong="the time ends before it begins",
        fix="read the words again; “last December” is 2025-12-01 to 2025-12-31",
        breaks={"about_from": "2025-12-31", "about_to": "2025-12-01"},
    ),
    Rule(
        about_to_in_the_war,
        reads=("about_to",),
        once=True,
        field="about_to",
        wrong="the time ends before the war began, on 24 February 2022",
        fix="read the year again; what was before the war is no figure here",
        breaks={"about_to": "2015-12-31"},
    ),
    Rule(
        unit_in_wording,
        reads=("population_id", "wording"),
        once=True,
        field="wording",
        wrong="the words count in a unit that is no person",
        fix="take the number that counts persons, or leave the figure out",
        breaks={"population_id": "troops", "wording": "600 km"},
    ),
    Rule(
        metric_in_words,
        reads=("metric_id", "wording", "note"),
        once=True,
        field="metric_id",
        wrong="the words, or the note that quotes them, name another category",
        fix="the noun decides: lost is `losses`, dead `killed`; a new word goes into schemas/wording/coded_words.csv",
        breaks={"metric_id": "killed", "note": "'lost'; one team"},
    ),
    Rule(
        modality_in_words,
        reads=("modality", "wording", "note"),
        once=True,
        field="modality",
        wrong="the words, or the note that quotes them, speak of a possibility",
        fix="may have, could, possibly are `possible`, whatever the tense",
        breaks={"modality": "asserted", "note": "'may have'"},
    ),
    Rule(
        claim_id_counts_its_document,
        reads=("claim_id", "document_id"),
        field="claim_id",
        wrong="the key is not that of the document with a number behind it",
        fix="write the document_id, `-` and a number that no other claim of the document has",
        breaks={"claim_id": "another-document-1"},
    ),
]
