"""The reader of numbers in words, and the two rules that hold a claim against its wording."""

import csv
from collections import defaultdict
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.rows.claims import value_in_wording
from schemas.wording import lexicon as numerals
from schemas.wording import rules as wording
from schemas.wording.lexicon import numbers
from scripts.database import connection
from scripts.datapackage.package import ROOT, read
from scripts.validation import accepted_problems

CASES: dict[str, int | Decimal] = {
    # digits with any separator of groups, decimals, powers as words
    "1,000": 1000,
    "1.000": 1000,
    "1 000": 1000,
    "1\u00a0000": 1000,
    "1\u202f000": 1000,
    "1’000": 1000,
    "１２，０００": 12000,
    "1,00,000": 100000,
    "up to 1 lakh": 100000,
    "5.5 billion": 5500000000,
    "6,5 мільйона": 6500000,
    "42,4 тыс.": 42400,
    "4,7 тис.": 4700,
    "1,5 milioni": 1500000,
    "5,5 miljardia": 5500000000,
    "12 mil": 12000,
    "11mila": 11000,
    "10 ezer": 10000,
    "2 million 500 thousand": 2500000,
    "12,5 Millionen": 12500000,
    "11 tys.": 11000,
    "7.5 percent": Decimal("7.5"),
    # number words
    "27-hundred": 2700,
    "some 15-hundred": 1500,
    "eleven-thousand": 11000,
    "four-thousand-100": 4100,
    "a thousand": 1000,
    "twenty-one": 21,
    "one hundred and five": 105,
    "two hundred fifty thousand": 250000,
    "twelve thousand": 12000,
    "дві тисячі": 2000,
    "близько чотирьох тисяч": 4000,
    "тисячу": 1000,
    "три тысячи": 3000,
    "п'ять тисяч": 5000,
    "drei": 3,
    "viertausend": 4000,
    "dreihundert": 300,
    "Kétezer": 2000,
    "kilencezer": 9000,
    "ötszáz": 500,
    "hat": 6,
    "doscientos": 200,
    "quelque 4 000": 4000,
    "une dizaine de milliers": 10000,
    "duemila": 2000,
    "dwa tysiące": 2000,
    "čtyři tisíce": 4000,
    "sebelas ribu": 11000,
    "empat ribu": 4000,
    "14 хиляди": 14000,
    "ცხრა": 9,
    "10 हजार": 10000,
    "أكثر من ألف": 1000,
    "قرابة ثلاثة آلاف": 3000,
    "10 آلاف": 10000,
    # East Asian
    "1만1천": 11000,
    "1만 2천 명": 12000,
    "약 1만2000명": 12000,
    "2천명": 2000,
    "1천200만여발": 12000000,
    "1천여만 발": 10000000,
    "1万1000人": 11000,
    "約1.1萬名": 11000,
    "兩名": 2,
    "1만 5천 명 정도": 15000,
    "三千": 3000,
    # fractions, ordinals, articles
    "about a third": 33,
    "one-third": 33,
    "two-thirds of whom": 67,
    "дві третини": 67,
    "약 3분의 2": 67,
    "nearly half": 50,
    "half a million": 500000,
    "a quarter": 25,
    "40 percent": 40,
    "erste": 1,
    "twice a week": 2,
    "a senior general": 1,
}
RANGES = {
    "10,000 to 12,000": (10000, 12000),
    "10-12 thousand": (10000, 12000),
    "25,000-30,000": (25000, 30000),
    "11 to 12,000": (11000, 12000),
    "30-40 тисяч": (30000, 40000),
    "entre 10 mil y 11 mil": (10000, 11000),
    "2만~2만5000명": (20000, 25000),
    "8000〜1万人": (8000, 10000),
    "from one-third to as high as 50%": (33, 50),
    "4 to 6 million": (4000000, 6000000),
    "63 to 65": (63, 65),
    "50 to 100": (50, 100),
}
VAGUE = [
    "several",
    "several hundred",
    "a couple of thousand",
    "hundreds of thousands",
    "dozens",
    "thousands more",
    "수백 명",
    "数百人",
    "Centinaia",
    "mehrere hundert",
    "сотнями",
    "сотні",
    "up to a battalion",
    "varios cientos",
    "millions",
    "bis zu einem Bataillon",
]


@pytest.mark.parametrize("words", CASES)
def test_one_number_is_read(words: str) -> None:
    assert numbers(words) == (Decimal(CASES[words]),)


@pytest.mark.parametrize("words", RANGES)
def test_two_numbers_are_read_in_order(words: str) -> None:
    assert numbers(words) == tuple(map(Decimal, RANGES[words]))


@pytest.mark.parametrize("words", VAGUE)
def test_vague_words_give_no_number(words: str) -> None:
    assert numbers(words) == ()


@given(st.integers(1, 999_999_999), st.sampled_from([",", ".", " ", "’", "\u00a0", "\u202f", ""]))
def test_every_number_is_read_with_every_separator(number: int, separator: str) -> None:
    assert numbers(f"{number:,}".replace(",", separator)) == (Decimal(number),)


@given(st.integers(1, 99), st.sampled_from(["thousand", "тисяч", "тыс.", "mil", "ezer", "천", "千", "tys.", "ribu"]))
def test_power_multiplies(number: int, power: str) -> None:
    assert numbers(f"{number} {power}") == (Decimal(number * 1000),)


@given(st.integers(1, 9), st.integers(0, 9), st.integers(0, 9))
def test_korean_numbers_of_mixed_digits_and_powers(man: int, cheon: int, rest: int) -> None:
    text = f"{man}만" + (f"{cheon}천" if cheon else "") + (f"{rest}백" if rest else "") + "명"
    assert numbers(text) == (Decimal(man * 10000 + cheon * 1000 + rest * 100),)


def test_word_means_the_same_in_every_language() -> None:
    meanings = defaultdict(set)
    with numerals.TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        meanings[row["words"]].add((row["kind"], row["number"]))
        assert row["words"] == numerals.normal(row["words"])
        assert bool(row["number"]) == (row["kind"] in ("number", "power", "plural", "fraction"))
    assert {words: found for words, found in meanings.items() if len(found) > 1} == {}
    keys = [(row["language"].encode(), row["words"].encode()) for row in rows]
    assert keys == sorted(set(keys))


@pytest.mark.parametrize(
    ("words", "qualifier"),
    [
        ("101", "exact"),
        ("4,700", "unspecified"),
        ("another 47", "unspecified"),
        ("only 4,700", "unspecified"),
        ("about 6,000", "about"),
        ("약 2천명", "about"),
        ("около 6000", "about"),
        ("approaching 1,000", "nearly"),
        ("at least 100", "at_least"),
        ("3,000 or more", "at_least"),
        ("약 3천명 이상", "at_least"),
        ("100人以上", "at_least"),
        ("more than 6,000", "more_than"),
        ("понад 11 тисяч", "more_than"),
        ("3천 명 넘는", "more_than"),
        ("1,000-odd", "just_over"),
        ("약 1만1천여명", "just_over"),
        ("300人余り", "just_over"),
        ("as many as 12,000", "up_to"),
        ("fewer than 1,000", "less_than"),
        ("about 4 to 6 million", "range"),
        ("up to several hundred", "vague"),
        ("a battalion", "vague"),
    ],
)
def test_qualifier_is_read_by_the_lowest_row(words: str, qualifier: str) -> None:
    assert [name for name in wording.ROWS if wording.qualifier_is_the_words(words, name)] in (
        [qualifier],
        allowed(qualifier),
    )


def allowed(qualifier: str) -> list[str]:
    """Return what a bare number may be: its own row, or one whose words stand outside the wording."""
    outside = [name for name in wording.ROWS if name not in ("exact", "unspecified", "range", "vague")]
    return [name for name in wording.ROWS if name in (qualifier, *outside)]


def shipped() -> pl.DataFrame:
    """Return the claims whose numbers are in their words."""
    con = connection.connect()
    package = read(ROOT)
    connection.load(con, package)
    connection.typed(con, package, lines=True)
    lines = (ROOT / accepted_problems.PATH).read_text("utf-8").splitlines()
    excepted = [line.split(",")[2] for line in lines if line.startswith("value-in-wording,")]
    return pl.DataFrame(con.sql("select * from claims").pl()).filter(~pl.col("claim_id").is_in(excepted))


def test_fewer_than_two_percent_of_claims_are_excepted() -> None:
    lines = (ROOT / accepted_problems.PATH).read_text("utf-8").splitlines()
    excepted = {line.split(",")[2] for line in lines if "-in-wording," in line}
    assert len(excepted) < 0.02 * len(shipped())


def test_every_changed_digit_and_swapped_bound_is_found() -> None:
    claims = shipped()
    assert value_in_wording(claims).all()
    changed = [frame for column in ("value", "low", "high") for frame in with_other_digits(claims, column)]
    swapped = claims.filter(pl.col("low").is_not_null() & pl.col("high").is_not_null())
    assert len(swapped) > 40
    changed.append(swapped.with_columns(low=pl.col("high"), high=pl.col("low")))
    frame = pl.concat(changed)
    assert len(frame) > 4 * 9 * 1000
    assert not value_in_wording(frame).any()


def with_other_digits(claims: pl.DataFrame, column: str) -> list[pl.DataFrame]:
    """Return the claims once for each other digit at each place of a number."""
    frames = []
    for place in range(11):
        for step in range(1, 10):
            power = 10**place
            here = claims.filter((pl.col(column) >= power) if place else pl.col(column).is_not_null())
            digit = pl.col(column) // power % 10
            frames.append(here.with_columns((pl.col(column) + ((digit + step) % 10 - digit) * power).alias(column)))
    return frames


def test_numbers_in_digits_are_read_as_word_by_word() -> None:
    """A shape is read once for all digits; what it gives is what the words themselves give."""
    with (ROOT / "data/claims.csv").open(encoding="utf-8", newline="") as file:
        wordings = {row["wording"] for row in csv.DictReader(file)}
    digits = ("7", "12", "400", "1,000", "1.000", "12 000", "3.5", "2,70,000", "15000", "1000000", "0")
    others = {numerals.DIGITS.sub(other, wording) for wording in wordings for other in digits}
    pairs = {
        f"{first} {between} {second}" for first in digits for second in digits for between in ("to", "-", "și", "~")
    }
    for words in [*wordings, *others, *pairs]:
        text = numerals.normal(words)
        assert numerals.numbers(words) == numerals.spelt(text), words
        kinds = {word.kind for word in numerals.words(text, numerals.numerals())}
        said = numerals.shape(numerals.bare(text)).kinds
        assert said == kinds or numerals._in_digits().search(text), words
