"""Releases, corrections and silent changes that tests make of a copy."""

from pathlib import Path

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
