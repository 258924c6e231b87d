"""Hold the coded numbers and the qualifier against the words of a claim."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Reading:
    """What words of quantity say; `sure` where no word is left that may qualify their number."""

    qualifier: str
    value: int | None = None
    low: int | None = None
    high: int | None = None
    sure: bool = True

    def __str__(self) -> str:
        """Say it as a person would: `about 4,700`, `10,000 to 12,000`."""
        if self.qualifier == "vague":
            return "no number"
        if self.qualifier == "range":
            return f"{self.low:,} to {self.high:,}"
        number = next(cell for cell in (self.value, self.low, self.high) if cell is not None)
        word = self.qualifier.replace("_", " ")
        return f"{number:,}" if self.qualifier in ("exact", "unspecified") else f"{word} {number:,}"


def reading(wording: str) -> Reading | None:
    """Return what the words say; None where they hold more than two numbers, or a part of one."""
    given, said, of = sorted(set(numbers(wording))), qualifiers(wording), shape(bare(normal(wording)))
    if len(given) > 2 or any(number % 1 for number in given):
        return None
    if not given:
        return Reading("vague", sure=not of.kinds.isdisjoint({"vague", "plural"}))
    lowest, highest = int(given[0]), int(given[-1])
    if len(given) == 2:
        return Reading("range", low=lowest, high=highest)
    qualifier = max(said, key=ROWS.index) if said else _of_bare(given[0])
    filled = dict.fromkeys(FILLED[qualifier], lowest)
    return Reading(qualifier, **filled, sure=bool(said) or not of.others)


def _of_bare(number: Decimal) -> str:
    return "unspecified" if number % 100 == 0 else "exact"


def in_words(wording: str | None, qualifier: str | None, *coded: int | None) -> str:
    """Return what was read in the words beside what is coded, for a message."""
    read = reading(wording or "")
    said = "more numbers than two" if read is None else str(read)
    cells = ", ".join(f"{cell:,}" for cell in coded if cell is not None) or "no number"
    return f"the words say {said}; coded: {qualifier or 'no qualifier'}, {cells}"


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
        return qualifier == _of_bare(given[0])
    return shape(bare(normal(wording))).others and qualifier not in ("range", "vague")


@lru_cache(maxsize=1 << 16)
def qualifiers(wording: str) -> Collection[str]:
    """Return the qualifiers that words of the wording name."""
    return shape(bare(normal(wording))).kinds & (FILLED.keys() - {"vague"})
