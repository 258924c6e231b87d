"""Corrections and withdrawals: recorded with their reason, made whole or not at all."""

import json
from pathlib import Path

import pytest

from scripts.datapackage import canonical_csv
from tests.conftest import Run, tree
from tests.releases import CLAIM, CLAIMS, correct, lines_of, problems, release

CHANGES = "resource,key,field,change,new,reason,note\n"


def changes(root: Path, *lines: str) -> Path:
    path = root.with_name("changes.csv")
    path.write_text(CHANGES + "".join(f"{line}\n" for line in lines), "utf-8")
    return path


def test_correction_is_recorded_and_released(released: Path, run: Run) -> None:
    assert (
        correct(
            run, released, "claims", CLAIM, "place_id", "kursk-oblast", "--reason", "coder_error", "--note", "misread"
        )
        == 0
    )
    [pending] = lines_of(released, "unreleased")
    assert (pending.field, pending.old, pending.new, pending.reason) == ("place_id", "", "kursk-oblast", "coder_error")
    assert release(run, released, "0.2.0", "2026-11-24") == 0
    [line] = lines_of(released, "0.2.0")
    assert (line.change, line.old, line.new, line.reason, line.note) == (
        "corrected",
        "",
        "kursk-oblast",
        "coder_error",
        "misread",
    )
    assert "place_id “” → “kursk-oblast” (coder_error; misread)" in (released / "CHANGELOG.md").read_text("utf-8")
    assert problems(run, released) == set()


def test_correction_taken_back_leaves_no_line(released: Path, run: Run) -> None:
    before = tree(released)
    correct(run, released, "claims", CLAIM, "place_id", "kursk-oblast", "--reason", "coder_error")
    correct(run, released, "claims", CLAIM, "place_id", "russia", "--reason", "coder_error")
    assert [(line.old, line.new) for line in lines_of(released, "unreleased")] == [("", "russia")]
    correct(run, released, "claims", CLAIM, "place_id", "", "--reason", "coder_error")
    assert tree(released) == before


def test_withdrawal_keeps_the_row_as_it_was_released(released: Path, run: Run) -> None:
    [row] = [row for row in canonical_csv.rows(released / CLAIMS) if row[0] == CLAIM]
    correct(run, released, "claims", CLAIM, "place_id", "kursk-oblast", "--reason", "coder_error")
    assert run("withdraw", "claims", CLAIM, "--reason", "duplicate", "--dir", released).code in (0, 1)
    [line] = lines_of(released, "unreleased")
    assert (line.change, json.loads(line.old), line.reason) == ("withdrawn", row, "duplicate")
    left = {rule for _, _, rule in problems(run, released)}
    assert left <= {"used-or-justified"}


def test_change_that_leaves_something_broken_says_so(released: Path, run: Run) -> None:
    ran = run("correct", "claims", CLAIM, "metric_id", "kiled", "--reason", "coder_error", "--dir", released)
    assert ran.code == 1
    assert "did you mean `killed`?" in ran.out


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (("claim", CLAIM, "value", "1"), "there is no table `claim`"),
        (("changes", "x", "old", "1"), "there is no table `changes`"),
        (("claims", "nobody-1", "value", "1"), "there is no row `nobody-1`"),
        (("claims", CLAIM, "worth", "1"), "has no column `worth`"),
        (("claims", CLAIM, "claim_id", "x-1"), "a key is never changed"),
        (("claims", CLAIM, "wording", "two\nlines"), "line break"),
    ],
)
def test_correction_that_cannot_be_is_refused(call: tuple[str, ...], said: str, released: Path, run: Run) -> None:
    before = tree(released)
    ran = run("correct", *call, "--reason", "coder_error", "--dir", released)
    assert ran.code == 2
    assert said in ran.err
    assert tree(released) == before


def test_editorial_is_a_reason_for_prose_alone(released: Path, run: Run) -> None:
    assert correct(run, released, "claims", CLAIM, "place_id", "kursk-oblast", "--reason", "editorial") == 2
    assert correct(run, released, "claims", CLAIM, "note", "a note", "--reason", "editorial") == 0


def test_a_file_of_changes_is_made_whole_or_not_at_all(released: Path, run: Run) -> None:
    """A claim moves to a statement of its own, which no single correction could do."""
    key = f"nis-{CLAIM.rpartition('-')[0]}b"
    row = json.dumps({"statement_id": key, "source_id": "nis"}).replace('"', '""')
    lines = [f'statements,{key},*,added,"{row}",,', f"claims,{CLAIM},statement_id,corrected,{key},coder_error,its own"]
    before = tree(released)
    for broken, said in (
        ("claims,nobody-1,note,corrected,x,editorial,", "changes.csv:4: there is no row `nobody-1`"),
        ("claims,x", "changes.csv:4: 2 cells, not 7"),
        (f"claims,{CLAIM},note,changed,x,editorial,", "changes.csv:4: `changed` is no change"),
        (f"claims,{CLAIM},note,corrected,x,because,", "changes.csv:4: `because` is no reason"),
        ("statements,x,*,added,[],,", "changes.csv:4: a row to be added is a JSON object"),
    ):
        ran = run("correct", "--file", changes(released, *lines, broken), "--dir", released)
        assert (ran.code, said in ran.err, tree(released)) == (2, True, before), ran
    assert run("correct", "--file", changes(released, lines[0]), "--dir", released).code == 1
    assert tree(released) == before
    ran = run("correct", "--file", changes(released, *lines), "--dir", released)
    assert (ran.code, ran.out.splitlines()[0]) == (0, f"statements {key}: added")
    told = run("diff", "0.1.0", "--dir", released).out
    assert f"{CLAIM}: statement_id" in told


def test_withdrawn_document_takes_along_what_stands_on_it_alone(released: Path, run: Run) -> None:
    call = ("withdraw", "documents", CLAIM.rpartition("-")[0], "--reason", "duplicate", "--dir", released)
    before = tree(released)
    ran = run(*call)
    assert (ran.code, tree(released)) == (2, before)
    assert f"claims {CLAIM}: withdrawn (duplicate)" in ran.out
    assert "add --yes to withdraw them all" in ran.err
    assert run(*call, "--yes").code == 0
    assert run("validate", released).code == 0
    assert CLAIM not in (released / "data/claims.csv").read_text("utf-8")


def test_device_in_a_kept_release_is_not_waited_for(released: Path, run: Run) -> None:
    kept = released / "releases/0.1.0/schemas/tables/metrics.json"
    kept.unlink()
    kept.symlink_to("/dev/zero")
    for call in (("withdraw", "claims", CLAIM), ("correct", "claims", CLAIM, "note", "x")):
        ran = run(*call, "--reason", "duplicate", "--dir", released)
        assert ran.code in (1, 2)
        assert "metrics.json" in ran.out + ran.err
