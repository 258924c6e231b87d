"""Rules for the rows of `sources`: countries that exist, and one for each state and its bodies."""

import polars as pl
import pycountry

from schemas.rule import Rule

OF_A_STATE = ("state", "government", "military", "intelligence", "legislature")


def country_exists(sources: pl.DataFrame) -> pl.Series:
    """Hold where the country is a code of ISO 3166-1, or blank."""
    codes = {country.alpha_2 for country in pycountry.countries}
    return sources["country"].is_in(codes).fill_null(True)


def state_has_country(sources: pl.DataFrame) -> pl.Series:
    """Hold where a state or one of its bodies has a country."""
    return (~sources["kind"].is_in(OF_A_STATE) | sources["country"].is_not_null()).fill_null(True)


RULES = [
    Rule(
        country_exists,
        field="country",
        wrong="the code is not in ISO 3166-1",
        fix="write the two letters of ISO 3166-1: KR, UA, GB, …",
        breaks={"country": "UK"},
    ),
    Rule(
        state_has_country,
        field="country",
        wrong="a state, or a body of one, has no country",
        fix="write the two letters of ISO 3166-1; a source of several countries is of kind `joint` or `organisation`",
        breaks={"kind": "intelligence", "country": None},
    ),
]
