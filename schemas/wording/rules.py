"""Hold the coded numbers and the qualifier against the words of a claim."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from functools import lru_cache

from schemas.wording.lexicon import bare, normal, numbers, shape

# The codebook's table, row by row, with what a qualifier fills; where two rows fit, the lower one holds.
FILLED: Mapping[str, tuple[str, ...]] = {
    "exact": ("value",),
    "unspecified": ("value",),
    "about": ("value",),
    "nearly": ("value", "high"),
    "at_least": ("low",),
    "more_than": ("low",),
    "just_over": ("value", "low"),
    "up_to": ("high",),
    "less_than": ("high",),
    "range": ("low", "high"),
    "vague": (),
}
ROWS = tuple(FILLED)


def numbers_are_the_words(wording: str, value: int | None, low: int | None, high: int | None) -> bool:
    """Return whether the numbers coded are those in the words, the lower one as the lower bound."""
    given = numbers(wording)
    coded = {Decimal(cell) for cell in (value, low, high) if cell is not None}
    if coded != set(given):
        return False
    return len(given) < 2 or (low == min(given) and high == max(given))


def qualifier_is_the_words(wording: str, qualifier: str) -> bool:
    """Return whether the qualifier is what the words say, or may be where they say nothing.

    A bare number is `exact`, a multiple of 100 `unspecified`. Words that are not in the table of
    numerals may govern it, so beside them another qualifier is not refused.
    """
    said, given = qualifiers(wording), numbers(wording)
    if not given:
        return qualifier == "vague"
    if len(set(given)) > 1:
        return qualifier == "range"
    if said:
        return qualifier == max(said, key=ROWS.index)
    if qualifier in ("exact", "unspecified"):
        return qualifier == ("unspecified" if given[0] % 100 == 0 else "exact")
    return shape(bare(normal(wording))).others and qualifier not in ("range", "vague")


@lru_cache(maxsize=1 << 16)
def qualifiers(wording: str) -> Collection[str]:
    """Return the qualifiers that words of the wording name."""
    return shape(bare(normal(wording))).kinds & (FILLED.keys() - {"vague"})
