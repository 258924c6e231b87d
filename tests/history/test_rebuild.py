"""Any released version comes back byte for byte from the present and the ledger, and two versions are told apart."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import frictionless
import pytest

from scripts.datapackage import canonical_csv, needed_fields
from scripts.datapackage.package import ROOT, read
from scripts.history import ledger
from tests.conftest import Run, edit, tree
from tests.releases import CLAIM, CLAIMS, change_silently, correct, release

VERSIONS = ledger.versions(read(ROOT))


@pytest.mark.parametrize("version", VERSIONS)
def test_each_version_is_rebuilt_and_sha256sum_agrees(version: str, rebuilt: Callable[[str], Path]) -> None:
    then = rebuilt(version)
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=then, check=True)
    assert read(then).version == version
    if version in (VERSIONS[0], VERSIONS[-1]):
        report = frictionless.Package(str(then / "datapackage.json")).validate()
        assert report.valid, report.flatten(["title", "type", "message"])


@pytest.mark.parametrize("version", VERSIONS)
def test_data_is_that_of_the_commit_of_the_release(
    version: str, rebuilt: Callable[[str], Path], tmp_path: Path
) -> None:
    git = ["git", "-C", str(ROOT), "-c", "core.autocrlf=false"]
    log = subprocess.run(
        [*git, "log", "--format=%H", f"--grep=^Release {version}\\b"], capture_output=True, text=True
    ).stdout.split()
    if not log:
        pytest.skip("the history of the releases is not in this clone")
    archive = subprocess.run([*git, "archive", log[-1], "data"], check=True, capture_output=True).stdout
    (tmp_path / "commit").mkdir()
    subprocess.run(["tar", "--extract"], cwd=tmp_path / "commit", input=archive, check=True)
    there = [tmp_path / "commit/data", rebuilt(version) / "data"]
    subprocess.run(["git", "diff", "--no-index", "--exit-code", *there], check=True)


def test_a_renamed_column_comes_back(
    released: Path,
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A new name with its former one is released, and each version has the name of its time."""
    monkeypatch.setattr(needed_fields, "ROOT", released)  # the rules of this repository need columns by their names
    before = (released / "data/hedges.csv").read_bytes()
    edit(released / "data/hedges.csv", ",reference\n", ",stated_in\n")
    named = '"name": "stated_in", "formerly": "reference"'
    edit(released / "schemas/tables/hedges.json", '"name": "reference"', named)
    after = (released / "data/hedges.csv").read_bytes()
    assert run("validate", released).code == 0
    assert release(run, released, "0.2.0", "2026-11-24") == 0
    assert (
        run(
            "correct",
            "hedges",
            "icd203-almost-certain",
            "stated_in",
            "ICD 203",
            "--reason",
            "coder_error",
            "--dir",
            released,
        ).code
        == 0
    )
    assert release(run, released, "0.3.0", "2026-11-25") == 0
    for number, wanted in (("0.1.0", before), ("0.2.0", after)):
        assert run("rebuild", number, "--to", tmp_path / number, "--dir", released).code == 0
        assert (tmp_path / number / "data/hedges.csv").read_bytes() == wanted
    assert run("verify", "--dir", released).out == "same: version 0.3.0\n"


def test_a_column_added_and_one_moved_come_back(released: Path, run: Run, tmp_path: Path) -> None:
    """Schema changes between versions rebuild too."""
    before = tree(released)
    schema = released / "schemas/tables/hedges.json"
    fields = json.loads(schema.read_text("utf-8"))
    header = [field["name"] for field in fields["fields"]]
    fields["fields"].append(
        {
            "name": "seen_on",
            "type": "date",
            "description": "Day on which the yardstick was read.",
            "example": "2026-01-01",
        }
    )
    fields["fields"].insert(1, fields["fields"].pop(header.index("reference")))
    schema.write_text(json.dumps(fields, indent=2, ensure_ascii=False) + "\n", "utf-8")
    rows = canonical_csv.rows(released / "data/hedges.csv")
    place = header.index("reference")
    moved = [[row[0], row[place], *row[1:place], *row[place + 1 :], "2026-01-01"] for row in rows]
    table = read(released).tables["hedges"]
    (released / "data/hedges.csv").write_text(canonical_csv.text(table, moved), "utf-8")
    assert release(run, released, "0.2.0", "2026-11-24") == 0
    assert run("rebuild", "0.1.0", "--to", tmp_path / "then", "--dir", released).code == 0
    then = tree(tmp_path / "then")
    assert {path: then[path] for path in before if path in then} == {
        path: digest for path, digest in before.items() if path in then
    }
    assert CLAIMS in then
    told = run("diff", "0.1.0", "0.2.0", "--dir", released).out
    assert told.startswith("hedges: 1 header, 14 corrected\n")


def test_corrected_withdrawn_and_added_rows_come_back(released: Path, run: Run, tmp_path: Path) -> None:
    before = tree(released)
    other = "kbs-20250114-2"
    assert correct(run, released, "claims", CLAIM, "place_id", "kursk-oblast", "--reason", "coder_error") == 0
    assert release(run, released, "0.2.0", "2026-11-24") == 0
    middle = tree(released)
    assert (
        correct(run, released, "claims", CLAIM, "place_id", "", "--reason", "coder_error", "--note", "right before")
        == 0
    )
    assert run("withdraw", "claims", other, "--reason", "duplicate", "--dir", released).code == 0
    assert release(run, released, "0.3.0", "2026-11-25") == 0
    for version, state in {"0.1.0": before, "0.2.0": middle}.items():
        assert run("rebuild", version, "--to", tmp_path / version, "--dir", released).code == 0
        then = tree(tmp_path / version)
        of_package = {path for path in state if path.startswith(("data/", "schemas/", "releases/", "datapackage"))}
        assert {path: then.get(path) for path in of_package} == {path: state[path] for path in of_package}
    told = run("diff", "0.1.0", "0.3.0", "--dir", released).out
    assert told == f"claims: 1 withdrawn\n  - {other} (duplicate)\n"
    told = run("diff", "0.1.0", "0.2.0", "--format", "json", "--dir", released).out
    [line] = json.loads(told)
    assert (line["key"], line["field"], line["old"], line["new"], line["reason"]) == (
        CLAIM, "place_id", "", "kursk-oblast", "coder_error",
    )  # fmt: skip


def test_a_version_whose_rows_were_touched_is_not_rebuilt(released: Path, run: Run, tmp_path: Path) -> None:
    change_silently(released)
    ran = run("rebuild", "0.1.0", "--to", tmp_path / "then", "--dir", released)
    assert ran.code == 1
    assert ran.out.startswith("data/claims.csv: not what releases/0.1.0/SHA256SUMS says")
    assert not (tmp_path / "then").exists()


def test_calls_that_are_off_say_what_there_is(run: Run, tmp_path: Path) -> None:
    assert "released are 0.1.0, " in run("rebuild", "9.9.9", "--to", tmp_path / "x").err
    (tmp_path / "full").mkdir()
    (tmp_path / "full/file").write_text("x", "utf-8")
    ran = run("rebuild", "0.1.0", "--to", tmp_path / "full")
    assert (ran.code, "is not an empty folder" in ran.err) == (2, True)
    assert "name the older version first" in run("diff", "0.3.0", "0.2.0").err


def test_diff_to_the_present_tells_what_is_pending(released: Path, run: Run) -> None:
    assert run("diff", "0.1.0", "--dir", released).out == "nothing differs from 0.1.0\n"
    correct(run, released, "documents", "united24-media-202602", "note", "read again", "--reason", "editorial")
    assert "→ “read again” (editorial)" in run("diff", "0.1.0", "--dir", released).out
