"""The life of a version: released, corrected, released again; nothing released changes without a word."""

import hashlib
import subprocess
from pathlib import Path

import pytest

from scripts.curation import changelog
from scripts.datapackage import canonical_csv, semver
from scripts.datapackage.package import read
from scripts.history import ledger, net
from scripts.history.ledger import Change, Content
from tests.conftest import Run, tree
from tests.releases import CLAIM, CLAIMS, change_silently, correct, lines_of, problems, release


def line_of(root: Path, key: str) -> int:
    lines = (root / CLAIMS).read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.startswith(f"{key},"))


def test_first_release_adds_every_row_by_its_hash(released: Path, run: Run) -> None:
    rows = {table.name: len(canonical_csv.rows(released / table.path)) for table in ledger.recorded(read(released))}
    lines = lines_of(released, "0.1.0")
    assert {name: sum(line.resource == name for line in lines) for name in rows} == rows
    text = (released / CLAIMS).read_text("utf-8").splitlines(keepends=True)[line_of(released, CLAIM) - 1]
    [line] = [line for line in lines if line.key == CLAIM]
    assert line.new == hashlib.sha256(text.encode()).hexdigest()[:16]
    assert problems(run, released) == set()


def test_sha256sum_verifies_a_release_and_prints_its_digest(released: Path, run: Run) -> None:
    sums = released / "releases/0.1.0/SHA256SUMS"
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", sums], cwd=released, check=True)
    listed = [line.split("  ")[1] for line in sums.read_text("utf-8").splitlines()]
    assert listed == sorted(listed)
    assert {
        "datapackage.json",
        CLAIMS,
        "data/changes.csv",
        "schemas/exceptions.csv",
        "schemas/tables/claims.json",
    } <= set(listed)
    correct(run, released, "documents", "united24-media-202602", "note", "read again", "--reason", "editorial")
    ran = run("release", "0.1.1", "--date", "2026-11-24", "--summary", "A note.", "--dir", released)
    second = released / "releases/0.1.1/SHA256SUMS"
    assert hashlib.sha256(second.read_bytes()).hexdigest() in ran.out
    assert "releases/0.1.0/SHA256SUMS" in second.read_text("utf-8")


def test_silent_change_of_a_released_cell_is_found_at_its_line(released: Path, run: Run) -> None:
    change_silently(released)
    assert problems(run, released) == {(CLAIMS, line_of(released, CLAIM), "released-row-changed")}


def test_silent_removal_of_a_released_row_is_found(released: Path, run: Run) -> None:
    lines = (released / CLAIMS).read_text("utf-8").splitlines(keepends=True)
    (released / CLAIMS).write_text("".join(line for line in lines if not line.startswith(CLAIM)), "utf-8")
    assert problems(run, released) == {(CLAIMS, 0, "released-row-gone")}


def test_new_row_needs_no_line(released: Path, run: Run) -> None:
    table = read(released).tables["claims"]
    rows = canonical_csv.rows(released / CLAIMS)
    [row] = [row for row in rows if row[0] == CLAIM]
    added = ["united24-media-202602-9", *row[1:4], "losses", *row[5:]]
    (released / CLAIMS).write_text(canonical_csv.text(table, [*rows, added]), "utf-8")
    assert problems(run, released) == set()
    assert release(run, released, "0.2.0", "2026-11-24") == 0
    assert [(line.key, line.change) for line in lines_of(released, "0.2.0")] == [(added[0], "added")]


def test_ledger_of_a_release_cannot_be_rewritten(released: Path, run: Run) -> None:
    file = released / "data/changes.csv"
    text = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join([*text[:5], *text[6:]]), "utf-8")
    assert ("data/changes.csv", 0, "released-record") in problems(run, released)


def test_release_takes_the_step_that_the_changes_ask_for(released: Path, run: Run) -> None:
    correct(run, released, "claims", CLAIM, "note", "a note", "--reason", "editorial")
    assert release(run, released, "0.1.1", "2026-11-24") == 0
    correct(run, released, "claims", CLAIM, "place_id", "kursk-oblast", "--reason", "coder_error")
    ran = run("release", "0.1.2", "--date", "2026-11-24", "--summary", "x", "--dir", released)
    assert ran.code == 2
    assert "ask for a MINOR step" in ran.err
    assert release(run, released, "1.0.0", "2026-11-24") == 0
    schema = released / "schemas/tables/claims.json"
    schema.write_text(schema.read_text("utf-8").replace('"maxLength": 60', '"maxLength": 59'), "utf-8")
    assert release(run, released, "1.1.0", "2026-11-24") == 2
    assert release(run, released, "2.0.0", "2026-11-24") == 0


def test_release_refuses_what_is_not_newer_not_later_or_nothing_new(released: Path, run: Run) -> None:
    before = tree(released)
    assert release(run, released, "0.2.0", "2026-11-24") == 2  # nothing has changed
    assert tree(released) == before
    correct(run, released, "claims", CLAIM, "place_id", "kursk-oblast", "--reason", "coder_error")
    before = tree(released)
    for number, day in [
        ("0.1.0", "2026-11-24"),
        ("0.0.9", "2026-11-24"),
        ("0.2", "2026-11-24"),
        ("0.2.0", "2026-10-31"),
        ("0.2.0", "24.11.2026"),
    ]:
        assert release(run, released, number, day) == 2
    assert tree(released) == before


def test_release_refuses_what_does_not_hold(released: Path, run: Run) -> None:
    change_silently(released)
    before = tree(released)
    assert release(run, released, "0.2.0", "2026-11-24") == 1
    assert tree(released) == before


def test_pending_line_that_explains_nothing_is_a_problem(released: Path, run: Run) -> None:
    table = read(released).tables["changes"]
    lines = ledger.changes(read(released))
    stray = Change("unreleased", "claims", "nobody-1", "value", "corrected", "1", "2", "coder_error")
    (released / table.path).write_bytes(ledger.rewrite(table, [*lines, stray]))
    assert {rule for _, _, rule in problems(run, released)} == {"pending-line"}


def test_undo_takes_back_what_net_says() -> None:
    before = {"t": Content(["id", "a", "b"], {"1": ["1", "x", "y"], "2": ["2", "x", "y"]})}
    after = {"t": Content(["id", "b", "c"], {"1": ["1", "z", ""], "3": ["3", "n", "m"]})}
    lines = list(net.net("1.0.0", before, after, {}))
    undone = {"t": Content(list(after["t"].header), {key: list(row) for key, row in after["t"].rows.items()})}
    ledger.undo(undone, lines)
    assert undone == before


def test_versions_are_numbers() -> None:
    assert semver.numbers("0.10.0") > semver.numbers("0.9.0")
    assert [semver.step("1.9.0", number) for number in ("1.9.1", "1.10.0", "2.0.0")] == ["PATCH", "MINOR", "MAJOR"]
    for text in ("1.0", "01.0.0", "1.0.0-rc1", "v1.0.0", "1.0.٠"):
        with pytest.raises(ValueError, match="is no version"):
            semver.numbers(text)


def test_changelog_keeps_what_was_written_for_tools() -> None:
    text = "# Changes\n\n## Unreleased\n\n### For tools\n\n- a verb\n\n## 0.1.0 (2026-11-23)\n\nBriefly: one.\n"
    line = Change("0.2.0", "claims", "x-1", "*", "added", new="0" * 16)
    assert changelog.released(text, "0.2.0", "2026-11-24", "Two.", [line]) == (
        "# Changes\n\n## Unreleased\n\n## 0.2.0 (2026-11-24)\n\nBriefly: Two.\n\n### Added\n\n- 1 claims\n\n"
        "### For tools\n\n- a verb\n\n## 0.1.0 (2026-11-23)\n\nBriefly: one.\n"
    )


def test_release_brings_what_the_documentation_derives_up_to_date(released: Path, run: Run) -> None:
    """In the same step, and only what is there: a package without a dictionary gets none."""
    query = "select version, released_on from releases order by version desc limit 1;"
    (released / "README.md").write_text(f"# A package\n\n```sql\n{query}\n```\n\n```text\nas before\n```\n", "utf-8")
    correct(run, released, "claims", CLAIM, "place_id", "kursk-oblast", "--reason", "coder_error")
    assert release(run, released, "0.2.0", "2026-11-24") == 0
    assert "0.2.0      2026-11-24" in (released / "README.md").read_text("utf-8")
    assert not (released / "DICTIONARY.md").exists()
