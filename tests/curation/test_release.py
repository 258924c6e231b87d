"""The life of a version: released, corrected, released again; nothing released changes without a word."""

import hashlib
import json
import subprocess
from pathlib import Path

import pytest

from scripts.curation import changelog
from scripts.datapackage import canonical_csv, semver
from scripts.datapackage.package import read
from scripts.history import ledger, net
from scripts.history.ledger import Change, Content
from tests.conftest import Run, tree
from tests.releases import CLAIM, CLAIMS, change_silently, correct, release


def lines_of(root: Path, number: str) -> list[Change]:
    return [line for line in ledger.changes(read(root)) if line.version == number]


def problems(run: Run, root: Path) -> set[tuple[str, int, str]]:
    found = run("validate", root, "--format", "json").problems
    return {(problem["path"], problem["line"], problem["rule"]) for problem in found}


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
        ("0.2.0", "2026-11-22"),
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


CHANGES = "resource,key,field,change,new,reason,note\n"


def changes(root: Path, *lines: str) -> Path:
    path = root.with_name("changes.csv")
    path.write_text(CHANGES + "".join(f"{line}\n" for line in lines), "utf-8")
    return path


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
