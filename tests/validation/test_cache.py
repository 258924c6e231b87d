"""The cache of answers: harmless, as it knows no more than was asked before, and never asked for a release."""

from pathlib import Path

import pytest

from scripts.datapackage import cache
from scripts.datapackage.package import read
from scripts.validation.validate import validate
from tests.breaks import SEED, change
from tests.conftest import Run


@pytest.fixture(autouse=True)
def aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache that is empty."""
    monkeypatch.setattr(cache, "FOLDER", tmp_path / "cache")
    return tmp_path / "cache"


def test_answer_from_the_cache_is_the_one_that_was_given(copy: Path, aside: Path) -> None:
    change("claims", f"{SEED}-1", qualifier="more_than")(copy)
    fresh = validate(copy, remembered=False).problems
    assert {problem.rule for problem in fresh} >= {"numbers-fit-qualifier", "qualifier-in-wording"}
    assert validate(copy).problems == fresh
    assert list(aside.rglob("*"))
    assert validate(copy).problems == fresh


def test_any_change_of_a_table_is_asked_anew(copy: Path) -> None:
    assert validate(copy).problems == []
    change("claims", f"{SEED}-1", qualifier="more_than")(copy)
    assert validate(copy).problems
    change("claims", f"{SEED}-1", qualifier="about")(copy)
    assert validate(copy).problems == validate(copy, remembered=False).problems


def test_what_is_spoilt_in_the_cache_is_computed_again(copy: Path, aside: Path) -> None:
    before = validate(copy).problems
    for path in [path for path in aside.rglob("*") if path.is_file() and path.parent.name == "rows"]:
        path.write_bytes(b"[{")
    assert validate(copy).problems == before


def test_cache_that_cannot_be_written_is_done_without(copy: Path, aside: Path) -> None:
    aside.write_bytes(b"no folder")
    assert validate(copy).problems == []


def test_release_asks_nothing_of_the_cache(released: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("correct", "claims", f"{SEED}-1", "note", "x", "--reason", "editorial", "--dir", released).code == 0

    def asked(kind: str, _: str) -> bytes | None:
        raise AssertionError(f"{kind} of the cache were asked for a release")

    monkeypatch.setattr(cache, "get", asked)
    ran = run("release", "0.2.0", "--date", "2026-11-25", "--summary", "A summary.", "--dir", released)
    assert ran.code == 0, ran.err
    assert read(released).version == "0.2.0"
