"""Rules for the rows of `statements`: dates with their precision."""

import polars as pl

from schemas import dates
from schemas.rule import Rule


def said_on_has_precision(statements: pl.DataFrame) -> pl.Series:
    """Hold where a day of saying has its precision and a blank has none."""
    return dates.precision_goes_with_date(statements, "said_on")


def said_on_reduced_is_first_day(statements: pl.DataFrame) -> pl.Series:
    """Hold where a date known to the month or year is the first day of it."""
    return dates.reduced_is_first_day(statements, "said_on")


def derived_from_another(statements: pl.DataFrame) -> pl.Series:
    """Hold where a statement is not derived from itself."""
    return (statements["derived_from"] != statements["statement_id"]).fill_null(True)


def said_on_has_come(statements: pl.DataFrame) -> pl.Series:
    """Hold where a day of saying is not still to come."""
    return dates.has_come(statements, "said_on")


def said_on_since_2022(statements: pl.DataFrame) -> pl.Series:
    """Hold where a day of saying is not before 2022."""
    return dates.since_first(statements, "said_on")


RULES = [
    Rule(
        said_on_has_precision,
        reads=("said_on", "said_on_precision"),
        once=True,
        field="said_on_precision",
        wrong="a date without its precision, or a precision without a date",
        fix="fill in day, month or year beside a date; leave both blank where it is not known",
        breaks={"said_on": "2026-02-12", "said_on_precision": None},
    ),
    Rule(
        said_on_reduced_is_first_day,
        reads=("said_on", "said_on_precision"),
        once=True,
        field="said_on",
        wrong="a date known to the month or year is not the first day of it",
        fix="write 2025-01-01 for January 2025 (month) or for 2025 (year)",
        breaks={"said_on": "2026-02-12", "said_on_precision": "month"},
    ),
    Rule(
        derived_from_another,
        reads=("statement_id", "derived_from"),
        field="derived_from",
        wrong="the statement is derived from itself",
        fix="name the statement that it was computed from, or leave the cell blank",
        breaks={"statement_id": "nis-20260212", "derived_from": "nis-20260212"},
    ),
    Rule(
        said_on_has_come,
        reads=("said_on", "said_on_precision"),
        once=True,
        field="said_on",
        wrong="the day is still to come",
        fix="read the date again; where it is right, set the clock of this machine",
        breaks={"said_on": "9999-01-01"},
    ),
    Rule(
        said_on_since_2022,
        reads=("said_on", "said_on_precision"),
        once=True,
        field="said_on",
        wrong="the day is before 2022, when the war began that all this is about",
        fix="read the date again",
        breaks={"said_on": "2021-01-01"},
    ),
]
