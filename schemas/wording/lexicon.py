"""Read the numbers in the words of a quantity, in whatever language they are printed.

The words stand in numerals.csv: language, words, kind, number. Kinds: `number` adds, `power`
multiplies, `plural` multiplies or, alone, is vague (“thousands”), `fraction` is a percentage (“a
third” is 33), `vague` is no number, `article` is 1 where nothing else is, `other` keeps a word
from being read as a part of it (모두, in all, is no 두, two); the others name a qualifier. A word
means the same in every language that has it (a test says so), so the language need not be known.
No maintained library reads 27-hundred, 1만1천, дві тисячі, 1.1萬, half a million.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path

from schemas.wording.evaluate import Word, evaluate

TABLE = Path(__file__).with_name("numerals.csv")
# 1,000 · 1.000 · 1 000 · 1’000 · 1,00,000
GROUPED = r"\d{1,3}(?:[.,' ]\d{3})+(?!\d)|\d{1,2}(?:,\d{2})+,\d{3}(?!\d)"
PLAIN = r"\d+(?:[.,]\d+)?"
DIGITS = re.compile(rf"{GROUPED}|{PLAIN}")
ANY = "\0"  # stands for any number in digits
UNSPACED = r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"  # Japanese, Chinese, Korean: no blanks between words
LETTER = rf"(?:(?!{UNSPACED})[^\W\d_])"
COUNTING = ("number", "power", "plural", "digits")


@dataclass(frozen=True)
class Numerals:
    """The words of a table, and the expression that finds them, the longest first."""

    words: Mapping[str, Word]
    pattern: re.Pattern[str]


@cache
def numerals(path: Path = TABLE) -> Numerals:
    """Return the words of a table of numerals (columns language, words, kind, number)."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    words = {row["words"]: Word(row["kind"], Decimal(row["number"] or 0)) for row in rows}
    longest = sorted(words, key=len, reverse=True)
    eastern = "|".join(re.escape(word) for word in longest if re.search(UNSPACED, word))
    western = "|".join(re.escape(word) for word in longest if not re.search(UNSPACED, word))
    word = rf"(?P<word>{eastern}|(?<![^\W\d_])(?:{western})(?!{LETTER}))"
    return Numerals(words, re.compile(rf"{word}|(?P<digits>{ANY}|{GROUPED}|{PLAIN})|{LETTER}+|{UNSPACED}"))


def normal(wording: str) -> str:
    """Return words as the table has them: one form of each character, small letters, plain apostrophes."""
    return unicodedata.normalize("NFKC", wording).lower().replace("’", "'").replace("‑", "-")


@lru_cache(maxsize=1 << 16)  # once per distinct wording
def numbers(wording: str) -> tuple[Decimal, ...]:
    """Return the numbers that the words give, in order; vague words give none."""
    text = normal(wording)
    if shape(bare(text)).digits_alone and not _in_digits().search(text):
        return tuple(_spelt_out([_digits(match[0]) for match in DIGITS.finditer(text)]))
    return spelt(text)


def spelt(text: str) -> tuple[Decimal, ...]:
    """Return the numbers in normal words, read word by word."""
    found = words(text, numerals())
    counting = [word for word in found if word.kind in (*COUNTING, "fraction", "vague")]
    given = [number for cluster in _clusters(text, counting) for number in evaluate(cluster)]
    if not counting and any(word.kind == "article" for word in found):
        return (Decimal(1),)
    return tuple(_spelt_out(given))


@dataclass(frozen=True)
class Shape:
    """What words say whatever the digits among them: kinds of word, and whether no other word has to do with a number.

    “about 4,000” and “about 600” are of one shape, and it is read once. `others` are words that the table has not.
    """

    kinds: frozenset[str]
    digits_alone: bool
    others: bool


def bare(text: str) -> str:
    """Return words with one sign in the place of each number in digits."""
    return DIGITS.sub(ANY, text)


@lru_cache(maxsize=1 << 14)
def shape(text: str) -> Shape:
    """Return the shape of bare words."""
    found = words(text, numerals())
    counting = [word for word in found if word.kind in (*COUNTING, "fraction", "vague")]
    alone = all([word.kind for word in cluster] == ["digits"] for cluster in _clusters(text, counting))
    return Shape(frozenset(word.kind for word in found), bool(counting) and alone, _has_others(text, found))


def _has_others(text: str, found: list[Word]) -> bool:
    left = [*text]
    for word in found:
        left[word.start : word.stop] = " " * (word.stop - word.start)
    return any(sign.isalpha() for sign in left)


@cache
def _in_digits() -> re.Pattern[str]:
    """Return the expression for words of the table that have digits themselves, as 3분의 1."""
    listed = [re.escape(word) for word in numerals().words if re.search(r"\d", word)]
    return re.compile("|".join(listed) or r"(?!)")


def words(text: str, known: Numerals) -> list[Word]:
    """Return the known words and the digits of a text, in order."""
    found: list[Word] = []
    for match in known.pattern.finditer(text):
        start, stop = match.span()
        if match["digits"]:
            found.append(Word("digits", _digits(match[0]), start, stop))
        elif match["word"]:
            found.append(Word(known.words[match[0]].kind, known.words[match[0]].number, start, stop))
        else:
            found += (Word(atom.kind, atom.number, start, stop) for atom in _compound(match[0], known))
    return found


def _digits(text: str) -> Decimal:
    if text == ANY:
        return Decimal(0)
    if re.fullmatch(GROUPED, text):
        return Decimal(re.sub(r"[.,' ]", "", text))
    return Decimal(text.replace(",", "."))


def _compound(text: str, known: Numerals) -> list[Word]:
    """Return the numerals that a word is made of, as két-ezer or vier-tausend; none where it is not."""
    for cut in range(len(text) - 1, 1, -1):
        head = known.words.get(text[:cut])
        if head and head.kind in COUNTING:
            tail = known.words.get(text[cut:])
            rest = [tail] if tail and tail.kind in COUNTING else _compound(text[cut:], known)
            if rest:
                return [head, *rest]
    return []


def _clusters(text: str, found: Iterable[Word]) -> Iterator[list[Word]]:
    """Yield the words that stand together: what is between them separates no numbers."""
    cluster: list[Word] = []
    for word in found:
        if cluster and not _together(text[cluster[-1].stop : word.start].strip(" .\"'"), cluster[-1], word):
            yield cluster
            cluster = []
        cluster.append(word)
    if cluster:
        yield cluster


def _together(between: str, left: Word, right: Word) -> bool:
    if between in ("", "여", "餘", "余", "多"):
        return True
    if between == "-":
        return not (left.kind == right.kind == "digits")
    if between == "and":
        return left.kind == "power" and right.kind == "number"
    return between in ("of", "de", "a", "of a") and right.kind in ("power", "plural")


def _spelt_out(given: list[Decimal]) -> list[Decimal]:
    """Give numbers the thousands that they share with the one behind them: “10-12 thousand”, “2,000, 2.5-3,000”."""
    found = [*given]
    for place in reversed(range(len(given) - 1)):
        found[place] = _sharing(found[place], found[place + 1])
    return found


def _sharing(number: Decimal, next_: Decimal) -> Decimal:
    """Return a number with the thousands of the next one, where they are of a size with these and not without."""
    if not number < 1000 <= next_:
        return number
    if number % 1:  # “5.7 to 6.7 million”
        return number * Decimal(1000) ** (next_.adjusted() // 3)
    for power in (Decimal(1_000_000_000), Decimal(1_000_000), Decimal(1000)):
        shared = number * power
        if shared < next_ and (next_ % power == 0 or shared * 2 >= next_):
            return shared
    return number
