"""What the words of a quantity say of qualifier, numbers, units and doubt, in any language that the tables have."""

import csv
from pathlib import Path

import pytest

from schemas.wording import coded_words, lexicon
from schemas.wording.rules import Reading, qualifier_is_the_words, reading
from scripts.datapackage.package import ROOT

READ = {
    "about 4,700": Reading("about", value=4700),
    "4,700": Reading("unspecified", value=4700),
    "101": Reading("exact", value=101),
    "10,000 to 12,000": Reading("range", low=10000, high=12000),
    "2-2.5 thousand": Reading("range", low=2000, high=2500),
    "6000여 명": Reading("just_over", value=6000, low=6000),
    "mais de 3 mil": Reading("more_than", low=3000),
    "ما لا يقل عن 30": Reading("at_least", low=30),
    "nearly a thousand": Reading("nearly", value=1000, high=1000),
    "dozens": Reading("vague"),
    "3,000 soldiers": Reading("unspecified", value=3000, sure=False),
    "zirka 300": Reading("unspecified", value=300, sure=False),
    "2,000, 2.5-3,000": None,
}


@pytest.mark.parametrize("wording", READ)
def test_words_say_qualifier_and_numbers(wording: str) -> None:
    assert reading(wording) == READ[wording]


def test_what_is_read_for_sure_is_what_is_coded() -> None:
    """But for the claims that an exception names, each with its reason."""
    with (ROOT / "schemas/exceptions.csv").open(encoding="utf-8", newline="") as file:
        excepted = {row["key"] for row in csv.DictReader(file) if row["rule"].endswith("-in-wording")}
    with (ROOT / "data/claims.csv").open(encoding="utf-8", newline="") as file:
        claims = [row for row in csv.DictReader(file) if row["claim_id"] not in excepted]
    sure = [(row, said) for row in claims if (said := reading(row["wording"])) and said.sure]
    assert len(sure) > 0.8 * len(claims)
    for row, said in sure:
        cells = [said.qualifier, *("" if cell is None else str(cell) for cell in (said.value, said.low, said.high))]
        assert cells == [row[name] for name in ("qualifier", "value", "low", "high")], row["claim_id"]


def test_thousands_that_numbers_share() -> None:
    assert [int(number) for number in lexicon.numbers("2,000, 2.5-3,000")] == [2000, 2500, 3000]
    assert [int(number) for number in lexicon.numbers("10, 11-12 thousand")] == [10000, 11000, 12000]
    assert [int(number) for number in lexicon.numbers("300 to 4,000")] == [300, 4000]


@pytest.mark.parametrize("wording", ["500", "2,700", "тысяча"])
def test_bare_number_is_qualified_by_nothing(wording: str) -> None:
    assert not qualifier_is_the_words(wording, "about")
    assert qualifier_is_the_words(f"{wording} x", "about")  # a word that the table has not may govern it


@pytest.mark.parametrize("wording", ["600 km", "600 километров", "30 tonnes", "5 million US dollars", "600公里"])
def test_units_that_are_no_persons(wording: str) -> None:
    assert not coded_words.unit_fits("troops", wording)
    assert coded_words.unit_fits(None, wording)


@pytest.mark.parametrize(
    ("text", "codes"),
    {
        "another 1,000": {"addition"},
        "3,000 additional soldiers": {"addition"},
        "weitere 1.000": {"addition"},
        "ещё 1500": {"addition"},
        "추가 1000명": {"addition"},
        "killed in 2024": {"addition"},
        "over the past week": {"addition"},
        "in one battle": {"part"},
        "в госпитале": {"part"},
        "more than 3,000": set(),
        "3,000 or more": set(),
        "The New York Times": set(),
    }.items(),
)
def test_words_of_extent(text: str, codes: set[str]) -> None:
    assert coded_words.found_in("extent", text) == codes


@pytest.mark.parametrize("table", [lexicon.TABLE, coded_words.TABLE])
def test_tables_of_words_are_sorted_and_each_word_is_as_it_is_looked_for(table: Path) -> None:
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    assert rows == sorted(rows)
    assert [row[1] for row in rows] == [lexicon.normal(row[1]) for row in rows]
