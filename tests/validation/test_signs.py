"""Texts that look alike and are others: patterns hold all of Unicode, labels are one, messages name the sign."""

import unicodedata

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.database.quoting import literal
from scripts.datapackage import signs

COMBINING = st.text(
    st.sampled_from("aeoy \u0301\u0323\u0308\u1112\u1161\u11ab한é\u212b\u0928\u093c\u09c7\u09be-"), max_size=8
)


def test_patterns_hold_all_of_unicode() -> None:
    """What may not be NFC is asked of `nfc_normalize`; DuckDB and Python see the same hidden signs."""
    codes = [code for code in range(1, 0x110000) if not 0xD800 <= code < 0xE000]
    frame = pl.DataFrame({"code": codes, "sign": list(map(chr, codes))})  # noqa: F841  (read by name)
    asked, hidden = (f"regexp_matches(sign, {literal(pattern)})" for pattern in (signs.COMPOSING, signs.UNSEEN))
    found = duckdb.execute(f"select sign, {asked}, {hidden}, nfc_normalize(sign) <> sign from frame").fetchall()
    for sign, may, unseen, other in found:
        moves = unicodedata.combining(sign) or unicodedata.normalize("NFC", sign) != sign
        assert may or not (moves or other), signs.code(sign)
        assert unseen == bool(signs.FOUND.search(sign)), signs.code(sign)
        plain = unicodedata.category(sign) not in ("Cf", "Cc", "Zl", "Zp")
        kept = sign in "\t\n\r" or unicodedata.bidirectional(sign) in ("AN", "AL") or 0x13430 <= ord(sign) < 0x13440
        assert plain or unseen or kept or sign in "\U000110bd\U000110cd", signs.code(sign)


@given(COMBINING)
def test_message_names_what_is_not_nfc(text: str) -> None:
    said = signs.in_parts(text)
    assert bool(said) == (unicodedata.normalize("NFC", text) != text)
    [(asked, other)] = duckdb.execute(
        f"select regexp_matches(?, {literal(signs.COMPOSING)}), nfc_normalize(?) <> ?", [text, text, text]
    ).fetchall()
    assert other == bool(said)
    assert asked or not other


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Se\u0301oul", "`é` as U+0065 U+0301, not U+00E9"),
        ("\u1112\u1161\u11ab국", "`한` as U+1112 U+1161 U+11AB, not U+D55C"),
        ("5 \u212b", "`Å` as U+212B, not U+00C5"),
    ],
)
def test_letter_is_named_by_its_parts(text: str, said: str) -> None:
    assert signs.in_parts(text) == said


@pytest.mark.parametrize(
    "text", ["می\u200cخواهم", "क\u094d\u200dष", "👩\u200d🚀", "٤٬٠٠٠", "“6,000” – Корея 한국", "tab\tin it"]
)
def test_words_as_people_write_them_hold(text: str) -> None:
    assert signs.unseen(text) == ""
    assert signs.plain(text) == text.replace("\t", " ")


@pytest.mark.parametrize(
    "sign", ["\u200b", "\u00ad", "\ufeff", "\u2060", "\u202e", "\u200d", "\u200c", "\u3164", "\x07", "\u2066"]
)
def test_labels_are_one_without_signs_that_no_one_sees(sign: str) -> None:
    assert signs.unseen(f"KBS{sign}").startswith(f"U+{ord(sign):04X}")
    assert signs.plain(f" KBS{sign}\u00a0\u2028World{sign} ") == "KBS World"
    assert signs.plain(f"Se{sign}\u0301oul") == "Séoul"
