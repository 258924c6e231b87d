"""Rules for the rows of `places`: countries and subdivisions that exist."""

import polars as pl
import pycountry

from schemas.rows.sources import country_exists
from schemas.rule import Rule


def subdivision_exists(places: pl.DataFrame) -> pl.Series:
    """Hold where the code is in ISO 3166-2, or blank."""
    codes = {subdivision.code for subdivision in pycountry.subdivisions}
    return places["iso_3166_2"].is_in(codes).fill_null(True)


def subdivision_lies_in_its_country(places: pl.DataFrame) -> pl.Series:
    """Hold where the code of the subdivision begins with that of the country."""
    return (places["iso_3166_2"].str.slice(0, 2) == places["country"].fill_null("")).fill_null(True)


RULES = [
    Rule(
        country_exists,
        field="country",
        wrong="the code is not in ISO 3166-1",
        fix="write the two letters of ISO 3166-1: RU, UA, KP, …",
        breaks={"country": "UK"},
    ),
    Rule(
        subdivision_exists,
        field="iso_3166_2",
        wrong="the code is not in ISO 3166-2",
        fix="look the subdivision up in ISO 3166-2, as RU-KRS for Kursk Oblast",
        breaks={"iso_3166_2": "RU-XXX"},
    ),
    Rule(
        subdivision_lies_in_its_country,
        field="iso_3166_2",
        wrong="the code of the subdivision belongs to another country",
        fix="correct the country or the code of the subdivision",
        breaks={"country": "UA", "iso_3166_2": "RU-KRS"},
    ),
]
