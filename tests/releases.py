"""Releases, corrections and silent changes that tests make of a copy."""

from pathlib import Path

from scripts.datapackage.package import read
from scripts.history import ledger
from scripts.history.ledger import Change
from tests.conftest import Run, edit

CLAIM = "united24-media-202602-1"
CLAIMS = "data/claims.csv"


def release(run: Run, root: Path, number: str, day: str) -> int:
    ran = run("release", number, "--date", day, "--summary", "A summary.", "--dir", root)
    assert "Traceback" not in ran.err
    return ran.code


def correct(run: Run, root: Path, *call: str) -> int:
    return run("correct", *call, "--dir", root).code


def change_silently(root: Path) -> None:
    edit(
        root / CLAIMS,
        f"{CLAIM},united24-media-202602,nis-20260212,,",
        f"{CLAIM},united24-media-202602,nis-20260212,yonhap,",
    )


def lines_of(root: Path, number: str) -> list[Change]:
    return [line for line in ledger.changes(read(root)) if line.version == number]


def problems(run: Run, root: Path) -> set[tuple[str, int, str]]:
    found = run("validate", root, "--format", "json").problems
    return {(problem["path"], problem["line"], problem["rule"]) for problem in found}
