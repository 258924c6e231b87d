"""The number that words of quantity make where they stand together: “two thousand 500”, “1만 1천”."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Word:
    """What words mean (kind and number), and where they stand in the text."""

    kind: str
    number: Decimal
    start: int = 0
    stop: int = 0


def evaluate(cluster: list[Word]) -> Iterator[Decimal]:
    """Yield the numbers of words that stand together: most often one."""
    if any(word.kind == "vague" for word in cluster) or cluster[0].kind == "plural":
        return
    if cluster[0].kind == "fraction":
        powers = [word.number for word in cluster[1:] if word.kind in ("power", "plural")]
        yield cluster[0].number / 100 * powers[0] if powers else cluster[0].number
        return
    sum_ = Sum()
    for word in cluster:
        if word.kind in ("power", "plural"):
            sum_.multiply(word.number)
        elif sum_.takes(word):
            sum_.last = (sum_.last or Decimal(0)) + word.number
        else:
            yield sum_.value
            sum_ = Sum(last=word.number)
    yield sum_.value


@dataclass
class Sum:
    """A number as far as it is read: closed sections (“1만”), the open one (“1천”), the last numeral."""

    total: Decimal = Decimal(0)
    section: Decimal = Decimal(0)
    last: Decimal | None = None
    power: Decimal | None = None

    @property
    def value(self) -> Decimal:
        """The number so far."""
        return self.total + self.section + (self.last or 0)

    def takes(self, word: Word) -> bool:
        """Whether a numeral goes on with this number: “two thousand 500”, “twenty-one”."""
        if self.last is None:
            return self.power is None or word.number < self.power
        return word.kind == "number" and self.last >= 20 and self.last % 10 == 0 and word.number < 10

    def multiply(self, power: Decimal) -> None:
        """Apply a power of ten: to the open section where that is smaller, else to the last numeral."""
        if 0 < self.section < power:
            self.section = (self.section + (self.last or 0)) * power
        else:
            self.section += (1 if self.last is None else self.last) * power
        self.last, self.power = None, power
        if power >= 10_000:
            self.total, self.section = self.total + self.section, Decimal(0)
