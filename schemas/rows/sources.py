"""Rules for the rows of `sources`: countries that exist."""

import polars as pl
import pycountry

from schemas.rule import Rule


def country_exists(sources: pl.DataFrame) -> pl.Series:
    """Hold where the country is a code of ISO 3166-1, or blank."""
    codes = {country.alpha_2 for country in pycountry.countries}
    return sources["country"].is_in(codes).fill_null(True)


RULES = [
    Rule(
        country_exists,
        field="country",
        wrong="the code is not in ISO 3166-1",
        fix="write the two letters of ISO 3166-1: KR, UA, GB, …",
        breaks={"country": "UK"},
    ),
]
