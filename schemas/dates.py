"""Dates: what `said_on`, `published_on` and `released_on` have in common."""

from datetime import UTC, date, datetime, timedelta

import polars as pl

FIRST = date(2022, 1, 1)  # of the year in which the war began: nothing of this dataset was said before
EARLIEST_ZONE = timedelta(hours=14)  # of UTC: where a day begins first


def precision_goes_with_date(table: pl.DataFrame, date: str) -> pl.Series:
    """Hold where a date has its precision and a blank has none."""
    return table[date].is_null() == table[f"{date}_precision"].is_null()


def reduced_is_first_day(table: pl.DataFrame, date: str) -> pl.Series:
    """Hold where a date known to the month or year is the first day of it."""
    month = (pl.col(f"{date}_precision") != "month") | (pl.col(date).dt.day() == 1)
    year = (pl.col(f"{date}_precision") != "year") | (pl.col(date).dt.ordinal_day() == 1)
    return table.select((month & year).fill_null(True)).to_series()


def today() -> date:
    """Return the day that it is where it began first, so that no place on Earth has a later one."""
    return (datetime.now(UTC) + EARLIEST_ZONE).date()


def has_come(table: pl.DataFrame, date: str) -> pl.Series:
    """Hold where a day is not still to come.

    A clock decides, and yet what held holds for ever: a day that has come does not go.
    """
    return (table[date] <= today()).fill_null(True)


def since_first(table: pl.DataFrame, date: str) -> pl.Series:
    """Hold where a day is not before the first of which this dataset can tell."""
    return (table[date] >= FIRST).fill_null(True)
