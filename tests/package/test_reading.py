"""Commands that read change nothing, wherever; commands that a package is not made for say what they need."""

import errno
import json
import os
import shutil
from pathlib import Path

import pytest

from scripts.datapackage import atomic_write
from scripts.datapackage.package import ROOT
from tests.conftest import Run

READING = [
    ("validate",),
    ("validate", "--format", "json", "--reference"),
    ("verify",),
    ("verify", "1.0.0"),
    ("diff", "1.0.0"),
    ("query", "select count(*) from claims"),
    ("query", "select count(*) from claims", "--version", "0.1.0"),
    ("cite",),
    ("cite", "--claim", "united24-media-202602-1"),
    ("add", "records.jsonl", "--dry-run"),
    ("rebuild", "0.1.0", "--to", "rebuilt"),
    ("spark", "--help"),
]


def snapshot(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Return mode, time and bytes of everything in a folder."""
    found = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        found[path.relative_to(folder).as_posix()] = (status.st_mode, status.st_mtime_ns, content)
    return found


def test_who_reads_changes_nothing(copy: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even where a verb was stopped while it wrote, in the package or beside it."""
    (copy / atomic_write.PENDING / "data").mkdir(parents=True)
    (copy / atomic_write.PENDING / "data/claims.csv").write_text("x", "utf-8")
    (copy / atomic_write.COMMIT / "data").mkdir(parents=True)
    (copy / atomic_write.COMMIT / "notes.txt").write_text("x", "utf-8")
    (copy / "records.jsonl").write_text("", "utf-8")
    monkeypatch.chdir(tmp_path)
    before = snapshot(copy)
    for asked in READING:
        arguments = [str(copy / part) if part == "records.jsonl" else part for part in asked]
        where = (copy,) if asked[0] == "validate" else () if asked[0] == "spark" else ("--dir", copy)
        ran = run(*arguments, *where)
        assert ran.code in (0, 1), (asked, ran)
        assert snapshot(copy) == before, asked
        assert {path.name for path in tmp_path.iterdir()} <= {"package", "rebuilt"}, asked


def test_query_is_cited_where_nothing_can_be_kept(
    as_released: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "package"
    shutil.copytree(as_released, root)
    before = snapshot(root)

    def read_only(*_: object, **__: object) -> int:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(root / atomic_write.LOCK))

    monkeypatch.setattr("filelock.FileLock.acquire", read_only)
    ran = run("cite", "--sql", "select count(*) as n from hedges", "--dir", root)
    assert ran.code == 0
    assert "query sha256:" in ran.out
    assert "is not kept" in ran.err
    assert snapshot(root) == before


FOREIGN = [
    ("add", "x.jsonl"),
    ("build",),
    ("cite",),
    ("correct", "towns", "a", "name", "b", "--reason", "coder_error"),
    ("diff", "1.0.0"),
    ("docs",),
    ("migrate",),
    ("rebuild", "1.0.0", "--to", "there"),
    ("release", "1.0.0", "--date", "2026-01-01", "--summary", "x"),
    ("verify",),
    ("withdraw", "towns", "a", "--reason", "duplicate"),
    ("query", "from towns", "--version", "1.0.0"),
]


def test_package_of_other_tables_is_none_of_these(run: Run, tmp_path: Path) -> None:
    root = foreign(tmp_path / "towns")
    assert run("validate", root).code == 0
    assert run("query", "select name from towns", "--format", "csv", "--dir", root).out == "name\nA\n"
    for asked in FOREIGN:
        ran = run(*asked, "--dir", root)
        assert (ran.code, ran.out) == (2, ""), (asked, ran)
        assert "is no package of this kind: it has no table" in ran.err, asked


def foreign(root: Path) -> Path:
    """Write a package with one table, which is none of this dataset."""
    (root / "data").mkdir(parents=True)
    (root / "data/towns.csv").write_text("town_id,name\na,A\n", "utf-8")
    fields = [{"name": name, "type": "string", "description": "x"} for name in ("town_id", "name")]
    schema = {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fields": fields,
        "primaryKey": ["town_id"],
        "missingValues": [""],
    }
    descriptor = json.loads((ROOT / "datapackage.json").read_text("utf-8"))
    resource = {**descriptor["resources"][0], "name": "towns", "path": "data/towns.csv", "schema": schema}
    text = json.dumps({**descriptor, "resources": [resource]}, indent=2)
    (root / "datapackage.json").write_text(text, "utf-8")
    return root
