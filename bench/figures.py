"""New numbers and words for the claims of the corpus, each held against the rules for wordings."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb
import polars as pl

from schemas.wording.rules import numbers_are_the_words, qualifier_is_the_words

TOKEN = re.compile(r"\d{1,3}(?:[.,' ]\d{3})+(?!\d)|\d+")
SEPARATOR = re.compile(r"[.,' ]")
BOUNDS = ("value", "low", "high")
Numbers = tuple[int | None, int | None, int | None]  # value, low and high, as `BOUNDS` has them


@dataclass(frozen=True)
class Worded:
    """The numbers of a claim, and words with digits for them in which other numbers can stand."""

    claim_id: str
    wording: str
    qualifier: str
    language: str
    numbers: Numbers

    @property
    def given(self) -> list[int]:
        """The different numbers coded, the lowest first."""
        return sorted({number for number in self.numbers if number is not None})

    def times(self, factor: int) -> Numbers:
        """Return the numbers multiplied."""
        value, low, high = (number if number is None else number * factor for number in self.numbers)
        return value, low, high

    def holds(self, wording: str, numbers: Numbers) -> bool:
        """Return whether the rules accept words of at most 60 characters for numbers."""
        said = numbers_are_the_words(wording, *numbers) and qualifier_is_the_words(wording, self.qualifier)
        return said and len(wording) <= 60


def factors(count: int) -> list[int]:
    """Return the first numbers that share no divisor with 10: a multiple of 100 stays one, another stays none."""
    return [number for number in range(1, 3 * count + 1) if number % 2 and number % 5][:count]


def table(con: duckdb.DuckDBPyConnection, count: int) -> pl.DataFrame:
    """Return claim_id, factor, value, low, high, wording: each claim with its numbers times each of `count` factors."""
    claims = list(_claims(con))
    multiples = factors(count)
    spare = _spare(claims, multiples)
    rows = [row for claim in claims for row in _rows(claim, multiples, spare)]
    schema = {"claim_id": pl.String, "factor": pl.Int64, **dict.fromkeys(BOUNDS, pl.Int64), "wording": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _claims(con: duckdb.DuckDBPyConnection) -> Iterator[Worded]:
    rows = con.execute(
        "select claim_id, wording, qualifier, language, value, low, high from claims join documents using (document_id)"
    ).fetchall()
    for claim_id, wording, qualifier, language, *numbers in rows:
        yield Worded(claim_id, wording, qualifier, language, (numbers[0], numbers[1], numbers[2]))


def _rows(
    claim: Worded, multiples: Sequence[int], spare: Mapping[tuple[str, int], Sequence[Worded]]
) -> Iterator[tuple[str, int, int | None, int | None, int | None, str]]:
    template = claim if _scales(claim, claim, multiples) else _borrowed(claim, multiples, spare)
    for factor in multiples:
        numbers = claim.times(factor)
        words = claim.wording if factor == 1 or not claim.given else _worded(template, claim, factor)
        yield (claim.claim_id, factor, *numbers, str(words))


def _borrowed(claim: Worded, multiples: Sequence[int], spare: Mapping[tuple[str, int], Sequence[Worded]]) -> Worded:
    """Return a claim whose words fit, in the same language where there is one, chosen by the claim's numbers."""
    if not claim.given:
        return claim
    others = spare.get((claim.qualifier, len(claim.given)), [])
    turn = sum(claim.given) % max(len(others), 1)
    ordered = [*others[turn:], *others[:turn]]
    for other in sorted(ordered, key=lambda one: one.language != claim.language):
        if _scales(other, claim, multiples):
            return other
    raise ValueError(f"{claim.claim_id}: no wording of the corpus fits {claim.qualifier} {claim.given}")


def _spare(claims: Sequence[Worded], multiples: Sequence[int]) -> dict[tuple[str, int], list[Worded]]:
    """Return the claims whose words can be borrowed, by qualifier and count of numbers."""
    spare: dict[tuple[str, int], list[Worded]] = {}
    for claim in claims:
        if claim.given and _scales(claim, claim, multiples[:3]):
            spare.setdefault((claim.qualifier, len(claim.given)), []).append(claim)
    return spare


def _scales(template: Worded, claim: Worded, multiples: Sequence[int]) -> bool:
    """Return whether the words of one claim hold for the numbers of another, times every factor."""
    if not claim.given:
        return False
    for factor in multiples:
        words = _worded(template, claim, factor)
        if words is None or not claim.holds(words, claim.times(factor)):
            return False
    return True


def _worded(template: Worded, claim: Worded, factor: int) -> str | None:
    """Return the words of one claim with the numbers of another; None where a number in them is not in digits."""
    places = {number: claim.given[place] for place, number in enumerate(template.given) if place < len(claim.given)}
    tokens = [int(SEPARATOR.sub("", token)) for token in TOKEN.findall(template.wording)]
    if set(tokens) != places.keys() or len(places) != len(claim.given):
        return None

    def other(match: re.Match[str]) -> str:
        number = places[int(SEPARATOR.sub("", match[0]))] * factor
        separator = SEPARATOR.search(match[0])
        return f"{number:,}".replace(",", separator[0]) if separator else str(number)

    return TOKEN.sub(other, template.wording)
