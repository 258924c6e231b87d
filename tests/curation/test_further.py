"""A page that is known gets the figures that it does not have yet; what is there, and what contradicts it, is said."""

from pathlib import Path

import pytest

from tests.conftest import Run, tree
from tests.curation.test_given import refused
from tests.records import Record, claims_of, document, figure, rows, write

KEY = "kbs-world-20260614"
FIRST = document(figure(via=["Yonhap"]))
OTHER = figure(metric="wounded", value=2000, wording="about 2,000", modality="possible", via=["Yonhap"])


def added(run: Run, root: Path, file: Path, *given: Record) -> str:
    ran = run("add", write(file, list(given)), "--dir", root)
    assert (ran.code, ran.err) == (0, ""), ran.out
    return ran.out


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "one.jsonl"


def test_new_figures_of_a_known_page_get_the_next_numbers(copy: Path, file: Path, run: Run) -> None:
    """In the file that brings the page, in a later one, and with the figures that are there."""
    out = added(run, copy, file, FIRST, document(OTHER, url="http://www.example.org/%6Fne/"))
    assert f"{file}:2: {KEY} is there already, 0 figures of the record there too; new: {KEY}-2\n" in out
    more = figure(metric="captured", value=2, qualifier="exact", wording="two", modality="possible", via=["Yonhap"])
    out = added(run, copy, file, document(OTHER, more, figure(via=["Yonhap"])))
    assert f"{file}:1: {KEY} is there already, 2 figures of the record there too; new: {KEY}-3\n" in out
    found = {row["claim_id"]: (row["metric_id"], row["value"], row["statement_id"]) for row in claims_of(copy, KEY)}
    assert found == {
        f"{KEY}-1": ("killed", "300", "nis-20260613"),
        f"{KEY}-2": ("wounded", "2000", "nis-20260613"),
        f"{KEY}-3": ("captured", "2", "nis-20260613"),
    }
    assert len([row for row in rows(copy, "documents") if row["url"].startswith("https://example.org/")]) == 1


def test_same_record_again_changes_nothing_and_says_so(copy: Path, file: Path, run: Run) -> None:
    added(run, copy, file, FIRST)
    before = tree(copy)
    out = added(run, copy, file, FIRST, FIRST)
    line = f"{KEY} is there already, 1 figure of the record there too; new: none\n"
    assert out == f"{file}:1: {line}{file}:2: {line}"
    assert tree(copy) == before


def test_page_is_known_by_its_key_too(copy: Path, file: Path, run: Run) -> None:
    added(run, copy, file, FIRST, document(OTHER, document_id=KEY, url=None))
    assert len(claims_of(copy, KEY)) == 2


CONTRADICTIONS = {
    "publisher": ({"publisher": "Yonhap"}, "publisher_id “kbs-world” or “yonhap”"),
    "title": ({"title": "Another"}, "title “” or “Another”"),
    "day": ({"published_on": "2026-06-15"}, "published_on “2026-06-14” or “2026-06-15”"),
    "how exact the day is": ({"published_on": "2026-06"}, "published_on_precision “day” or “month”"),
    "language": ({"language": "ko"}, "language “en” or “ko”"),
    "how it was read": ({"read": "full"}, "read “opening” or “full”"),
    "note": ({"note": "a copy"}, "note “” or “a copy”"),
    "another address under its key": (
        {"document_id": KEY, "url": "https://example.org/two"},
        "url “https://example.org/one” or “https://example.org/two”",
    ),
    "another key under its address": ({"document_id": "kbs-world-x"}, f"document_id “{KEY}” or “kbs-world-x”"),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_record_that_contradicts_a_known_page_is_asked(name: str, copy: Path, file: Path, run: Run) -> None:
    cells, said = CONTRADICTIONS[name]
    out = refused(run, copy, write(file, [FIRST, {**document(OTHER), **cells}]))
    assert f"{file}:2:documents: {KEY}: the document is there already with other cells: " in out
    assert said in out
    assert "[row-differs]" in out


FIGURES = {
    "place": (figure(via=["Yonhap"], place=None), "place_id “kursk-oblast” or “”"),
    "time": (figure(via=["Yonhap"], as_of="2026-06-10"), "about_to “” or “2026-06-10”"),
    "source": (figure(via=["Yonhap"], originator="Yonhap"), "its statement is `nis-20260613`"),
    "day of saying": (figure(via=["Yonhap"], said_on="2026-06-12"), "its statement is `nis-20260613`"),
    "what is counted": (figure(via=["Yonhap"], metric="wounded"), "metric_id “killed” or “wounded”"),
}


@pytest.mark.parametrize("name", FIGURES)
def test_same_words_otherwise_are_asked(name: str, copy: Path, file: Path, run: Run) -> None:
    other, said = FIGURES[name]
    out = refused(run, copy, write(file, [FIRST, document(other)]))
    assert f"{file}:2:figures[1]: {KEY}: “about 300” is there as `{KEY}-1` otherwise: {said}" in out
    assert f'add `"claim_id": "{KEY}-2"`' in out


def test_same_words_for_another_figure_are_added_under_their_key(copy: Path, file: Path, run: Run) -> None:
    added(run, copy, file, FIRST, document(figure(metric="wounded", modality="possible", claim_id=f"{KEY}-2")))
    assert [row["metric_id"] for row in claims_of(copy, KEY)] == ["killed", "wounded"]


def test_other_relays_of_a_figure_that_is_there_are_asked(copy: Path, file: Path, run: Run) -> None:
    out = refused(run, copy, write(file, [FIRST, document(figure(via=["SBS"]))]))
    assert f"through sbs, and `{KEY}-1` through yonhap" in out


def test_twenty_seven_documents_of_a_day_have_keys(copy: Path, file: Path, run: Run) -> None:
    given = [document(figure(), url=f"https://example.org/{number}") for number in range(27)]
    added(run, copy, file, *given)
    keys = {row["document_id"] for row in rows(copy, "documents") if row["document_id"].startswith(KEY)}
    assert {KEY, f"{KEY}b", f"{KEY}z", f"{KEY}zb"} < keys
    assert len(keys) == 27
