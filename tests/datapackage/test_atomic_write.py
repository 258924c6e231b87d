"""Whatever stops a write, the folder is as before or as after, and the next verb succeeds."""

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from scripts.datapackage import atomic_write
from scripts.datapackage.errors import NotWritten
from scripts.datapackage.package import ROOT
from tests.conftest import Run, settle, tree
from tests.few_documents import copy_of
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
    files = (path for path in root.rglob("*") if path.is_file() and path.name != atomic_write.LOCK)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def change(root: Path) -> None:
    """What a verb does: three files are written, one goes."""
    with atomic_write.locked(root), atomic_write.staged(root) as pending:
        for path, content in FILES.items():
            (pending / path).parent.mkdir(parents=True, exist_ok=True)
            (pending / path).write_bytes(content)
        atomic_write.take_out(pending, ["deep/gone.txt"])


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
        settle(tmp_path / "root")
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
                    settle(tmp_path)
            except Killed:
                second += 1
            else:
                break
            settle(tmp_path)
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
        except NotWritten as stop:
            said = str(stop)
            assert os.strerror(code) in said
        settle(tmp_path)
        assert contents(tmp_path) == (OLD if said.endswith("nothing is changed") else NEW), (number, said)


def test_pending_is_thrown_away_and_commit_is_finished(tmp_path: Path) -> None:
    lay(tmp_path)
    (tmp_path / atomic_write.PENDING).mkdir()
    (tmp_path / atomic_write.PENDING / atomic_write.GONE).touch()
    (tmp_path / atomic_write.PENDING / "a.txt").write_bytes(b"half")
    settle(tmp_path)
    assert contents(tmp_path) == OLD
    (tmp_path / atomic_write.COMMIT).mkdir()
    (tmp_path / atomic_write.COMMIT / atomic_write.GONE).touch()
    (tmp_path / atomic_write.COMMIT / "a.txt").write_bytes(b"whole")
    settle(tmp_path)
    assert contents(tmp_path) == {**OLD, "a.txt": b"whole"}


def test_one_verb_at_a_time(copy: Path, run: Run) -> None:
    lock = f"with FileLock({str(copy / atomic_write.LOCK)!r}): print('held', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", f"import sys; from filelock import FileLock\n{lock}"]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout
    assert holder.stdout.readline() == b"held\n"
    before = tree(copy)
    ran = run(*CALL, "--dir", copy)
    assert (ran.code, tree(copy)) == (2, before)
    assert "another command is at work" in ran.err
    holder.communicate()


@pytest.mark.parametrize("error", ["EACCES", "EROFS", "ENOSPC"])
def test_folder_that_cannot_be_written_is_told_in_one_line(
    error: str, copy: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tree(copy)
    code = getattr(errno, error)

    made = os.mkdir

    def refused(path: str | Path, *rest: Any, **named: Any) -> None:  # noqa: ANN401
        if Path(path).is_relative_to(copy):
            raise OSError(code, os.strerror(code), str(path))
        made(path, *rest, **named)

    monkeypatch.setattr(os, "mkdir", refused)
    ran = run(*CALL, "--dir", copy)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"{copy / atomic_write.PENDING}: {os.strerror(code)}; nothing is changed\n"
    assert tree(copy) == before


def test_output_that_cannot_be_written_is_told_in_one_line(copy: Path) -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "scripts", "cite", "--dir", str(copy)]
        ran = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True)
    assert (ran.returncode, ran.stderr.partition(",")[0]) == (2, "the output")
    assert ran.stderr.endswith("No space left on device\n")


def test_lock_is_free_after_a_verb(copy: Path, run: Run) -> None:
    run(*CALL, "--dir", copy)
    with FileLock(copy / atomic_write.LOCK, timeout=0):
        assert copy_of(ROOT, copy.parent / "again").is_dir()


@pytest.mark.parametrize("name", [atomic_write.LOCK, atomic_write.PENDING, atomic_write.COMMIT])
def test_what_is_no_file_of_ours_under_our_names_is_refused(name: str, copy: Path, run: Run, tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("x", "utf-8")
    (tmp_path / "folder").mkdir()
    for is_link in (True, False):
        if is_link:
            (copy / name).symlink_to(tmp_path / ("precious" if name == atomic_write.LOCK else "folder"))
        else:
            os.mkfifo(copy / name)
        ran = run(*CALL, "--dir", copy)
        assert (ran.code, ran.out) == (2, "")
        assert f"{copy / name} is " in ran.err
        (copy / name).unlink()
    assert (tmp_path / "precious").read_text("utf-8") == "x"


@pytest.mark.parametrize("gone", ["../precious", "/etc/hostname", "way/precious"])
def test_commit_that_leads_out_of_the_folder_is_refused(gone: str, copy: Path, run: Run, tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("x", "utf-8")
    (copy / "way").symlink_to(tmp_path)
    (copy / atomic_write.COMMIT).mkdir()
    (copy / atomic_write.COMMIT / atomic_write.GONE).write_text(f"{gone}\n", "utf-8")
    ran = run(*CALL, "--dir", copy)
    assert ran.code == 2
    assert "leads out of the folder" in ran.err
    (copy / atomic_write.COMMIT / atomic_write.GONE).unlink()
    (copy / atomic_write.COMMIT / "way").mkdir()
    (copy / atomic_write.COMMIT / "way" / "precious").write_text("y", "utf-8")
    assert run(*CALL, "--dir", copy).code == 2
    (copy / atomic_write.COMMIT / "way" / "precious").unlink()
    (copy / atomic_write.COMMIT / "data").symlink_to(tmp_path)
    assert run(*CALL, "--dir", copy).code == 2
    assert (tmp_path / "precious").read_text("utf-8") == "x"


def test_commit_without_files_is_finished(copy: Path) -> None:
    (copy / atomic_write.COMMIT / "a" / "b").mkdir(parents=True)
    settle(copy)
    assert not (copy / atomic_write.COMMIT).exists()
    with atomic_write.locked(copy), atomic_write.staged(copy):
        pass
    assert not (copy / atomic_write.COMMIT).exists()


def test_folder_of_the_users_under_our_names_stays(copy: Path, run: Run) -> None:
    for name in (atomic_write.PENDING, atomic_write.COMMIT):
        (copy / name).mkdir()
        (copy / name / "thesis.txt").write_text("x", "utf-8")
        ran = run(*CALL, "--dir", copy)
        assert (ran.code, ran.out) == (2, "")
        assert "is none that a command of ours wrote" in ran.err
        assert (copy / name / "thesis.txt").read_text("utf-8") == "x"
        shutil.rmtree(copy / name)
