"""Which codes the words of a page license: “losses” is `losses`, whatever the language; “may have” is `possible`.

The words stand in coded_words.csv: language, word, field, code. A word that licenses several codes has several lines.
A word without a code licenses nothing and keeps a shorter one from being found in it (“more than” is no “more”); `#`
in a word is any year. Rules look for them in the wording, and in a note that begins with them in quotation marks
(`'lost'; one team`), as it quotes the noun or verb of the page; `add` looks wherever a record has words, to ask.
Words that license nothing, and codes that no word licenses, are not judged.
"""

import csv
import re
from functools import cache, lru_cache
from pathlib import Path

from schemas.wording.lexicon import UNSPACED, normal

TABLE = Path(__file__).with_name("coded_words.csv")
QUOTED = re.compile(r"""^['‘“"«„](.+?)['’”"»]""")
YEAR = re.compile(r"20\d\d")
BOTH = {"killed", "wounded"}  # in one number: casualties
CASUALTIES = {"killed-wounded", "killed-wounded-missing-captured"}


def metric_fits(metric_id: str | None, wording: str | None, note: str | None) -> bool:
    """Return whether a metric is one that the words license; others, as `captured`, are not judged."""
    found = licensed("metric_id", wording or "", note or "")
    return not found or metric_id in found or metric_id not in codes("metric_id")


def modality_fits(modality: str | None, wording: str | None, note: str | None) -> bool:
    """Return whether words of possibility are coded so: what they speak of is not asserted."""
    return modality not in ("asserted", "expected") or not licensed("modality", wording or "", note or "")


def unit_fits(population_id: str | None, wording: str | None) -> bool:
    """Return whether words are in no unit that cannot count persons, where these are counted."""
    return not population_id or not found_in("unit", wording or "")


@cache
def codes(field: str) -> frozenset[str]:
    """Return the codes of a field that some word licenses."""
    return frozenset(code for words in _words()[field].values() for code in words if code)


@lru_cache(maxsize=1 << 16)
def licensed(field: str, wording: str, note: str) -> frozenset[str]:
    """Return the codes that a wording, or the words quoted at the beginning of a note, license."""
    quoted = QUOTED.match(note)
    found = found_in(field, f"{wording} \n {quoted[1] if quoted else ''}")
    return found | CASUALTIES if found >= BOTH else found


def found_in(field: str, text: str) -> frozenset[str]:
    """Return the codes of a field that words of a text license."""
    words, matches = _words()[field], _pattern(field).finditer(normal(text))
    return frozenset(code for match in matches for code in words[YEAR.sub("#", match[0])] if code)


@cache
def _words() -> dict[str, dict[str, set[str]]]:
    found: dict[str, dict[str, set[str]]] = {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["field"], {}).setdefault(row["word"], set()).add(row["code"])
    return found


@cache
def _pattern(field: str) -> re.Pattern[str]:
    """Return a pattern for the words of a field, the longest first; those of spaced scripts stand alone."""
    words = sorted(_words()[field], key=len, reverse=True)
    return re.compile(
        "|".join(
            _expression(word) if re.search(UNSPACED, word) else rf"(?<!\w){_expression(word)}(?!\w)" for word in words
        )
    )


def _expression(word: str) -> str:
    return re.escape(word).replace(re.escape("#"), YEAR.pattern)
