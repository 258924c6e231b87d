"""Whatever stops a write, the folder is as before or as after, and the next verb succeeds."""

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from scripts import stage
from scripts.package import ROOT
from tests.conftest import Run, copy_of, tree
from tests.killing import Killed, apart, at_write, kill

FILES = {"a.txt": b"new a", "deep/er/b.txt": b"new b", "c.txt": b"new c"}
NEW = {**FILES, "kept.txt": b"kept"}
OLD = {"a.txt": b"old a", "kept.txt": b"kept", "deep/gone.txt": b"goes"}
CALL = ("correct", "claims", "united24-media-202602-1", "note", "x", "--reason", "editorial")


def lay(root: Path) -> None:
    shutil.rmtree(root, ignore_errors=True)
    for path, content in OLD.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)


def contents(root: Path) -> dict[str, bytes]:
    files = (path for path in root.rglob("*") if path.is_file() and path.name != stage.LOCK)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def change(root: Path) -> None:
    """What a verb does: three files are written, one goes."""
    with stage.locked(root), stage.staged(root) as pending:
        for path, content in FILES.items():
            (pending / path).parent.mkdir(parents=True, exist_ok=True)
            (pending / path).write_bytes(content)
        stage.take_out(pending, ["deep/gone.txt"])


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The writes of a change, in order."""
    root = tmp_path_factory.mktemp("steps") / "root"
    lay(root)
    with at_write(-1, kill) as seen:
        change(root)
    assert contents(root) == NEW
    assert {"mkdir", "create", "write", "fsync", "rename", "replace", "unlink", "rmdir"} == set(seen)
    return seen


@pytest.mark.filterwarnings("ignore:.*use of fork.*:DeprecationWarning")
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_at_any_write_it_is_the_old_or_the_new(after: bool, steps: list[str], tmp_path: Path) -> None:
    found = []
    for number in range(len(steps)):
        lay(tmp_path / "root")

        def dies(number: int = number) -> None:
            with at_write(number, kill, after=after):
                change(tmp_path / "root")

        assert apart(dies) == -9
        stage.settle(tmp_path / "root")
        found.append(contents(tmp_path / "root"))
        change(tmp_path / "root")
        assert contents(tmp_path / "root") == NEW
    turn = steps.index("rename") + (not after)
    assert found == [OLD] * turn + [NEW] * (len(steps) - turn)


def test_killed_while_it_puts_right_what_was_killed(steps: list[str], tmp_path: Path) -> None:
    """Every pair of moments: the first verb dies, the next one dies putting it right, the third finds it right."""
    for first in range(0, len(steps), 3):
        second = 0
        while True:
            lay(tmp_path)
            with pytest.raises(Killed), at_write(first, die, ever_after=True):
                change(tmp_path)
            try:
                with at_write(second, die, ever_after=True):
                    stage.settle(tmp_path)
            except Killed:
                second += 1
            else:
                break
            stage.settle(tmp_path)
            assert contents(tmp_path) == (OLD if first <= steps.index("rename") else NEW), (first, second)


def die() -> None:
    raise Killed


def refuse(number: int) -> None:
    raise OSError(number, os.strerror(number))


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "from-then-on"])
@pytest.mark.parametrize("error", ["ENOSPC", "EACCES", "EROFS", "EIO", "EDQUOT"])
def test_refused_a_write_it_says_what_stands(error: str, lasting: bool, steps: list[str], tmp_path: Path) -> None:
    code = getattr(errno, error)
    for number in range(len(steps)):
        lay(tmp_path)
        said = "in place"
        try:
            with at_write(number, lambda: refuse(code), ever_after=lasting):
                change(tmp_path)
        except stage.Unwritten as stop:
            said = str(stop)
            assert os.strerror(code) in said
        stage.settle(tmp_path)
        assert contents(tmp_path) == (OLD if said.endswith("nothing is changed") else NEW), (number, said)


def test_pending_is_thrown_away_and_commit_is_finished(tmp_path: Path) -> None:
    lay(tmp_path)
    (tmp_path / stage.PENDING).mkdir()
    (tmp_path / stage.PENDING / "a.txt").write_bytes(b"half")
    stage.settle(tmp_path)
    assert contents(tmp_path) == OLD
    (tmp_path / stage.COMMIT).mkdir()
    (tmp_path / stage.COMMIT / "a.txt").write_bytes(b"whole")
    stage.settle(tmp_path)
    assert contents(tmp_path) == {**OLD, "a.txt": b"whole"}


def test_one_verb_at_a_time(copy: Path, run: Run) -> None:
    lock = f"with FileLock({str(copy / stage.LOCK)!r}): print('held', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", f"import sys; from filelock import FileLock\n{lock}"]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout
    assert holder.stdout.readline() == b"held\n"
    before = tree(copy)
    ran = run(*CALL, "--dir", copy)
    assert (ran.code, tree(copy)) == (2, before)
    assert "another verb is at work" in ran.err
    holder.communicate()


@pytest.mark.parametrize("error", ["EACCES", "EROFS", "ENOSPC"])
def test_folder_that_cannot_be_written_is_told_in_one_line(
    error: str, copy: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tree(copy)
    code = getattr(errno, error)

    def refused(path: str | Path, *_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code), str(path))

    monkeypatch.setattr(os, "mkdir", refused)
    ran = run(*CALL, "--dir", copy)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"{copy / stage.PENDING}: {os.strerror(code)}; nothing is changed\n"
    assert tree(copy) == before


def test_output_that_cannot_be_written_is_told_in_one_line(copy: Path) -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "scripts", "cite", "--dir", str(copy)]
        ran = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True)
    assert (ran.returncode, ran.stderr) == (2, "the output: No space left on device\n")


def test_lock_is_free_after_a_verb(copy: Path, run: Run) -> None:
    run(*CALL, "--dir", copy)
    with FileLock(copy / stage.LOCK, timeout=0):
        assert copy_of(ROOT, copy.parent / "again").is_dir()
