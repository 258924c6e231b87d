"""Whatever stops a verb, the folder is as before or as after, and the next verb succeeds."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from scripts import stage
from scripts.package import ROOT
from tests.conftest import Run, copy_of, tree

FILES = {"a.txt": b"new a", "deep/b.txt": b"new b", "c.txt": b"new c"}


def old(root: Path) -> dict[str, str]:
    root.mkdir(exist_ok=True)
    (root / "a.txt").write_bytes(b"old a")
    return tree(root)


def new(root: Path) -> dict[str, str]:
    shutil.rmtree(root, ignore_errors=True)
    old(root)
    stage.write(root, FILES)
    return tree(root)


class Killed(BaseException):
    """Stands for SIGKILL: nothing that runs afterwards may be relied on."""


@pytest.mark.parametrize("step", range(12))
def test_killed_at_any_step_it_is_the_old_or_the_new(
    step: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every rename, sync and removal is a step; the process ends before the one that is numbered."""
    after = new(tmp_path / "after")
    root = tmp_path / "root"
    before = old(root)
    steps = iter(range(100))
    dead = False

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: object, **options: object) -> object:
            nonlocal dead
            if dead or next(steps) == step:
                dead = True
                raise Killed
            return real(*arguments, **options)

        return call

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", counted(Path.rename))
        patch.setattr(Path, "replace", counted(Path.replace))
        patch.setattr(shutil, "rmtree", counted(shutil.rmtree))
        patch.setattr(stage, "_sync", counted(stage._sync))
        try:
            stage.write(root, FILES)
        except Killed:
            pass
        else:
            assert step > 8, "the write has fewer steps than this test kills it at"
    stage.settle(root)
    assert tree(root) in (before, after)
    stage.write(root, FILES)
    assert tree(root) == after


def test_pending_is_thrown_away_and_commit_is_finished(tmp_path: Path) -> None:
    old(tmp_path)
    (tmp_path / stage.PENDING).mkdir()
    (tmp_path / stage.PENDING / "a.txt").write_bytes(b"half")
    stage.settle(tmp_path)
    assert (tmp_path / "a.txt").read_bytes() == b"old a"
    (tmp_path / stage.COMMIT).mkdir()
    (tmp_path / stage.COMMIT / "a.txt").write_bytes(b"whole")
    stage.settle(tmp_path)
    assert (tmp_path / "a.txt").read_bytes() == b"whole"
    assert not (tmp_path / stage.COMMIT).exists()


def test_one_verb_at_a_time(copy: Path, run: Run) -> None:
    lock = f"with FileLock({str(copy / stage.LOCK)!r}): print('held', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", f"import sys; from filelock import FileLock\n{lock}"]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout
    assert holder.stdout.readline() == b"held\n"
    before = tree(copy)
    ran = run("correct", "claims", "united24-media-202602-1", "note", "x", "--reason", "editorial", "--dir", copy)
    assert (ran.code, tree(copy)) == (2, before)
    assert "another verb is at work" in ran.err
    holder.communicate()


def test_folder_that_cannot_be_written(copy: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tree(copy)

    def refused(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "mkdir", refused)
    ran = run("correct", "claims", "united24-media-202602-1", "note", "x", "--reason", "editorial", "--dir", copy)
    assert ran.code == 2
    assert "Permission denied" in ran.err
    assert tree(copy) == before


def test_full_disk_is_told_and_changes_nothing(copy: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tree(copy)

    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device", str(self))

    monkeypatch.setattr(Path, "write_bytes", full)
    ran = run("correct", "claims", "united24-media-202602-1", "note", "x", "--reason", "editorial", "--dir", copy)
    assert ran.code == 2
    assert "No space left on device" in ran.err
    assert tree(copy) == before


def test_lock_is_free_after_a_verb(copy: Path, run: Run) -> None:
    run("docs", "--dir", copy)
    with FileLock(copy / stage.LOCK, timeout=0):
        assert copy_of(ROOT, copy.parent / "again").is_dir()
