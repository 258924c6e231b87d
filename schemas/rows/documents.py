"""Rules for the rows of `documents`: dates with their precision and basis, languages that exist."""

import polars as pl
import pycountry

from schemas import dates
from schemas.rule import Rule


def published_on_has_precision(documents: pl.DataFrame) -> pl.Series:
    """Hold where a date of publication has its precision and a blank has none."""
    return dates.precision_goes_with_date(documents, "published_on")


def published_on_has_basis(documents: pl.DataFrame) -> pl.Series:
    """Hold where a date of publication has its basis and a blank has none."""
    return documents["published_on"].is_null() == documents["published_on_basis"].is_null()


def published_on_reduced_is_first_day(documents: pl.DataFrame) -> pl.Series:
    """Hold where a date known to the month or year is the first day of it."""
    return dates.reduced_is_first_day(documents, "published_on")


def inferred_date_is_explained(documents: pl.DataFrame) -> pl.Series:
    """Hold where a date that was inferred has a note that says how."""
    return (documents["published_on_basis"] != "inferred").fill_null(True) | documents["note"].is_not_null()


def language_exists(documents: pl.DataFrame) -> pl.Series:
    """Hold where the language is a code of ISO 639-1."""
    codes = {language.alpha_2 for language in pycountry.languages if hasattr(language, "alpha_2")}
    return documents["language"].is_in(codes)


def published_on_has_come(documents: pl.DataFrame) -> pl.Series:
    """Hold where a day of publication is not still to come."""
    return dates.has_come(documents, "published_on")


def published_on_since_2022(documents: pl.DataFrame) -> pl.Series:
    """Hold where a day of publication is not before 2022."""
    return dates.since_first(documents, "published_on")


RULES = [
    Rule(
        published_on_has_precision,
        reads=("published_on", "published_on_precision", "published_on_basis"),
        once=True,
        field="published_on_precision",
        wrong="a date without its precision, or a precision without a date",
        fix="fill in day, month or year beside a date; leave both blank where it is not known",
        breaks={"published_on": "2026-02-12", "published_on_precision": None},
    ),
    Rule(
        published_on_has_basis,
        reads=("published_on", "published_on_precision", "published_on_basis"),
        once=True,
        field="published_on_basis",
        wrong="a date without its basis, or a basis without a date",
        fix="fill in page, url or inferred beside a date; leave both blank where it is not known",
        breaks={"published_on": "2026-02-12", "published_on_basis": None},
    ),
    Rule(
        published_on_reduced_is_first_day,
        reads=("published_on", "published_on_precision", "published_on_basis"),
        once=True,
        field="published_on",
        wrong="a date known to the month or year is not the first day of it",
        fix="write 2025-01-01 for January 2025 (month) or for 2025 (year)",
        breaks={"published_on": "2026-02-12", "published_on_precision": "month"},
    ),
    Rule(
        inferred_date_is_explained,
        reads=("published_on_basis", "note"),
        field="note",
        wrong="the date is inferred and no note says how",
        fix="say in the note from what it was inferred",
        breaks={"published_on_basis": "inferred", "note": None},
    ),
    Rule(
        language_exists,
        reads=("language",),
        once=True,
        field="language",
        wrong="the code is not in ISO 639-1",
        fix="write the two letters of ISO 639-1: en, ko, uk, de, …",
        breaks={"language": "xx"},
    ),
    Rule(
        published_on_has_come,
        reads=("published_on", "published_on_precision", "published_on_basis"),
        once=True,
        field="published_on",
        wrong="the day is still to come",
        fix="read the date again; where it is right, set the clock of this machine",
        breaks={"published_on": "9999-01-01"},
    ),
    Rule(
        published_on_since_2022,
        reads=("published_on", "published_on_precision", "published_on_basis"),
        once=True,
        field="published_on",
        wrong="the day is before 2022, when the war began that all this is about",
        fix="read the date again",
        breaks={"published_on": "2021-01-01"},
    ),
]
