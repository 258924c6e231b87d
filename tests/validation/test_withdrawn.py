"""A key that was withdrawn is never given to another row: `validate`, `release` and `add` refuse it, in every table."""

from pathlib import Path

import pytest

from scripts.datapackage import canonical_csv
from scripts.datapackage.package import read
from tests.conftest import Run, tree
from tests.records import document, figure, write
from tests.releases import release

CLAIM = "kbs-20250114-2"
Rows = list[dict[str, str]]


def row_of(root: Path, table: str, key: str) -> list[str]:
    one = read(root).tables[table]
    return next(row for row in canonical_csv.rows(root / one.path) if one.key(row) == key)


def give(root: Path, table: str, row: list[str]) -> None:
    """Write a row into a table by hand."""
    one = read(root).tables[table]
    (root / one.path).write_text(canonical_csv.text(one, [*canonical_csv.rows(root / one.path), row]), "utf-8")


def problems(run: Run, root: Path) -> list[tuple[str, str, str]]:
    found = run("validate", root, "--format", "json").problems
    return [(problem["path"], problem["key"], problem["rule"]) for problem in found]


def withdraw(run: Run, root: Path, table: str, key: str) -> list[str]:
    row = row_of(root, table, key)
    ran = run("withdraw", table, key, "--reason", "duplicate", "--note", "as another", "--dir", root)
    assert ran.code == 0, ran.out
    return row


@pytest.mark.parametrize("waits", [True, False], ids=["waits for a release", "released"])
def test_other_row_under_a_withdrawn_key_is_refused_and_the_same_may_come_back(
    waits: bool, released: Path, run: Run
) -> None:
    row = withdraw(run, released, "claims", CLAIM)
    if not waits:
        assert release(run, released, "0.2.0", "2026-11-24") == 0
    untouched = (released / "data/claims.csv").read_bytes()
    other = [*row]
    other[read(released).tables["claims"].header.index("note")] = "another figure"
    give(released, "claims", other)
    assert problems(run, released) == [("data/claims.csv", CLAIM, "withdrawn-key")]
    before = tree(released)
    ran = run("release", "0.3.0", "--date", "2026-11-25", "--summary", "x", "--dir", released)
    assert (ran.code, "[withdrawn-key]" in ran.out, tree(released)) == (1, True, before)
    (released / "data/claims.csv").write_bytes(untouched)
    give(released, "claims", row)
    assert problems(run, released) == []


def test_keys_of_several_columns_are_held_too(released: Path, run: Run) -> None:
    """A relay's place in the chain, a label's meaning: each is a cell beside the key."""
    row = withdraw(run, released, "aliases", "sources/KBS News")
    assert release(run, released, "0.2.0", "2026-11-24") == 0
    give(released, "aliases", [*row[:2], "nis"])
    assert problems(run, released) == [("data/aliases.csv", "sources/KBS News", "withdrawn-key")]


def test_row_that_came_back_and_was_released_may_be_corrected(released: Path, run: Run) -> None:
    row = withdraw(run, released, "claims", CLAIM)
    assert release(run, released, "0.2.0", "2026-11-24") == 0
    give(released, "claims", row)
    assert release(run, released, "0.3.0", "2026-11-25") == 0
    call = ("correct", "claims", CLAIM, "note", "read again", "--reason", "editorial", "--dir", released)
    assert run(*call).code == 0
    assert problems(run, released) == []


def test_add_takes_no_key_that_was_withdrawn(released: Path, tmp_path: Path, run: Run) -> None:
    """The next figure of a document has the next number, the next document the next letter; a statement is asked."""
    first = document(figure(), figure(metric="wounded", value=700, wording="about 700", modality="possible"))
    file = tmp_path / "one.jsonl"
    assert run("add", write(file, [first]), "--dir", released).code == 0
    assert release(run, released, "0.2.0", "2026-11-24") == 0
    key = "kbs-world-20260614"
    withdraw(run, released, "claims", f"{key}-2")
    more = document(figure(metric="captured", value=2, qualifier="exact", wording="two", modality="possible"))
    ran = run("add", write(file, [more]), "--dry-run", "--dir", released)
    assert f"{key}-3,{key}," in ran.out, ran.out
    named = document(
        figure(metric="captured", value=2, qualifier="exact", wording="two", modality="possible", claim_id=f"{key}-2")
    )
    ran = run("add", write(file, [named]), "--dir", released)
    assert ran.code == 1
    assert (
        f"{file}:1:figures[1]: {key}: `{key}-2` was withdrawn: unreleased, duplicate, as another [withdrawn-key]"
        in ran.out
    )
