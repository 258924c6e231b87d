"""Dates of reduced precision: what `said_on` and `published_on` have in common."""

import polars as pl


def precision_goes_with_date(table: pl.DataFrame, date: str) -> pl.Series:
    """Hold where a date has its precision and a blank has none."""
    return table[date].is_null() == table[f"{date}_precision"].is_null()


def reduced_is_first_day(table: pl.DataFrame, date: str) -> pl.Series:
    """Hold where a date known to the month or year is the first day of it."""
    month = (pl.col(f"{date}_precision") != "month") | (pl.col(date).dt.day() == 1)
    year = (pl.col(f"{date}_precision") != "year") | (pl.col(date).dt.ordinal_day() == 1)
    return table.select((month & year).fill_null(True)).to_series()
