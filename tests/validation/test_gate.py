"""What holds the present against the last release cannot be taken out of the package without a problem that says so."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run, edit
from tests.few_documents import VERSIONS

Json = dict[str, Any]
Take = Callable[[Path], object]
DESCRIPTOR, SCHEMAS, EXCEPTIONS = "datapackage.json", "schemas/tables", "schemas/exceptions.csv"
LAST, BEFORE, EARLY = (f"releases/{VERSIONS[place]}" for place in (-1, -2, 0))
SUMS, VIEWS = f"{LAST}/SHA256SUMS", f"{LAST}/views.json"
SEED, WORDS = "united24-media-202602-1", "Approximately 6,000"


def in_json(path: str, change: Callable[[Json], object]) -> Take:
    def take(root: Path) -> None:
        content = json.loads((root / path).read_text("utf-8"))
        change(content)
        (root / path).write_text(json.dumps(content, indent=2, ensure_ascii=False), "utf-8")

    return take


def without(*names: str) -> Take:
    def change(content: Json) -> None:
        content["resources"] = [one for one in content["resources"] if one["name"] not in names]

    return in_json(DESCRIPTOR, change)


def without_lines(path: str, part: str) -> Take:
    def take(root: Path) -> None:
        lines = (root / path).read_text("utf-8").splitlines(keepends=True)
        kept = [line for line in lines if part not in line]
        assert kept != lines
        (root / path).write_text("".join(kept), "utf-8", newline="")

    return take


def without_folder(path: str) -> Take:
    return lambda root: shutil.rmtree(root / path)


def elsewhere(root: Path) -> None:
    """Point the list of releases to a file that ends one release earlier."""
    lines = (root / "data/releases.csv").read_text("utf-8").splitlines(keepends=True)
    (root / "data/others.csv").write_text("".join(lines[:-1]), "utf-8", newline="")
    edit(root / DESCRIPTOR, '"data/releases.csv"', '"data/others.csv"')


def never_released(root: Path) -> None:
    shutil.rmtree(root / "releases")
    for name in ("changes", "releases"):
        file = root / f"data/{name}.csv"
        file.write_text(file.read_text("utf-8").splitlines(keepends=True)[0], "utf-8", newline="")


def older(root: Path) -> None:
    edit(root / DESCRIPTOR, f'"version": "{VERSIONS[-1]}"', '"version": "0.0.1"')


TAKEN: dict[str, tuple[Take, str, str]] = {  # what is taken, and the path and rule of the only problem
    "the resource releases": (without("releases"), DESCRIPTOR, "released-unheld"),
    "the resource changes": (without("changes"), DESCRIPTOR, "released-unheld"),
    "both": (without("changes", "releases"), DESCRIPTOR, "released-unheld"),
    "the resource aliases": (without("aliases"), DESCRIPTOR, "name-gone"),
    "the last line": (without_lines("data/releases.csv", f"{VERSIONS[-1]},"), LAST, "released-unheld"),
    "another line": (without_lines("data/releases.csv", f"{VERSIONS[0]},"), EARLY, "released-unheld"),
    "the last folder": (without_folder(LAST), "data/releases.csv", "released-unheld"),
    "another folder": (without_folder(EARLY), "data/releases.csv", "released-unheld"),
    "all that was released": (never_released, DESCRIPTOR, "released-unheld"),
    "the version": (older, DESCRIPTOR, "released-unheld"),
    "the list of releases, for another": (elsewhere, LAST, "released-unheld"),
    "a line of the checksums": (without_lines(SUMS, "data/claims.csv"), SUMS, "released-file"),
    "the line that leads to the release before": (
        without_lines(SUMS, f"{BEFORE}/SHA256SUMS"),
        SUMS,
        "released-file",
    ),
    "the views of the last release": (lambda root: (root / VIEWS).unlink(), VIEWS, "released-file"),
    "a schema of an old release": (
        lambda root: (root / EARLY / "schemas/tables/claims.json").unlink(),
        f"{EARLY}/schemas/tables/claims.json",
        "released-file",
    ),
    "the checksums of an old release": (
        lambda root: edit(root / EARLY / "SHA256SUMS", "data/aliases.csv", "data/aliasos.csv"),
        f"{EARLY}/SHA256SUMS",
        "released-file",
    ),
    "the key of a table": (
        in_json(f"{SCHEMAS}/places.json", lambda content: content.update(primaryKey=["place_id", "name"])),
        f"{SCHEMAS}/places.json",
        "released-key",
    ),
    "a constraint of the ledger": (
        in_json(f"{SCHEMAS}/releases.json", lambda content: content["fields"][0]["constraints"].pop("pattern")),
        f"{SCHEMAS}/releases.json",
        "property",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TAKEN)
def test_gate_cannot_be_taken_out(name: str, copy: Path, run: Run) -> None:
    take, path, rule = TAKEN[name]
    take(copy)
    ran = run("validate", copy, "--format", "json")
    assert ran.code == 1
    found = [(one["path"], one["rule"]) for one in ran.problems]
    assert found == [(path, rule)], ran.out
    assert ran.problems[0]["message"]
    assert ran.problems[0]["fix"]


def test_released_row_is_held_wherever_its_table_lies(copy: Path, run: Run) -> None:
    (copy / "data/claims.csv").rename(copy / "data/figures.csv")
    edit(copy / DESCRIPTOR, '"data/claims.csv"', '"data/figures.csv"')
    assert run("validate", copy).code == 0
    edit(copy / "data/figures.csv", WORDS, "Roughly 6,000")
    [found] = run("validate", copy, "--format", "json").problems
    assert (found["key"], found["rule"]) == (SEED, "released-row-changed")


@pytest.mark.parametrize(
    "line",
    [
        f"released-row-changed,claims,{SEED},we know",
        "change-of-a-release,changes,9.9.9/claims/x/*,we know",
        "type,claims,x,we know",
        "value-in-wording,claims,,all of them",
    ],
)
def test_nothing_but_rules_and_checks_has_exceptions(line: str, copy: Path, run: Run) -> None:
    lines = (copy / EXCEPTIONS).read_text("utf-8").splitlines()
    (copy / EXCEPTIONS).write_text("\n".join([lines[0], *sorted([*lines[1:], line]), ""]), "utf-8", newline="")
    edit(copy / "data/claims.csv", WORDS, "Roughly 6,000")
    found = run("validate", copy, "--format", "json").problems
    assert [one["rule"] for one in found] == ["released-row-changed", "exception-refused"]


def test_what_systems_leave_beside_releases_is_no_release(copy: Path, run: Run) -> None:
    for path in ("releases/.DS_Store", "releases/Thumbs.db", f"{LAST}/._views.json", "data/.DS_Store"):
        (copy / path).write_bytes(b"x")
    (copy / f"{LAST} copy").mkdir()
    assert run("validate", copy).code == 0
