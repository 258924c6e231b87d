"""Write many files or none: staged in `.pending/`, made certain as `.commit/`, then moved into place.

Whatever stops a verb, the folder is as before or as after: the next verb finishes a
`.commit/` and throws a `.pending/` away. One verb at a time holds `.lock`.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

PENDING, COMMIT, LOCK = ".pending", ".commit", ".lock"


class Busy(Exception):
    """Another verb is writing in this folder."""


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Hold the folder for one verb and first put right what an earlier one left.

    Raises `Busy` when another verb holds it.
    """
    try:
        with FileLock(root / LOCK, timeout=0):
            recover(root)
            yield
    except Timeout:
        raise Busy(f"another verb is at work in {root}; wait until it is done") from None


def settle(root: Path) -> None:
    """Put right what a stopped verb left, if it left anything. Raises `Busy`."""
    if (root / COMMIT).exists() or (root / PENDING).exists():
        with locked(root):
            pass


def recover(root: Path) -> None:
    """Finish a `.commit/` and throw a `.pending/` away; the caller holds the lock."""
    if (root / COMMIT).exists():
        _move(root)
    shutil.rmtree(root / PENDING, ignore_errors=True)


def write(root: Path, files: Mapping[str, bytes]) -> None:
    """Put files (path relative to `root` → bytes) in place, all or none; the caller holds the lock."""
    with staged(root) as pending:
        for path, content in files.items():
            (pending / path).parent.mkdir(parents=True, exist_ok=True)
            (pending / path).write_bytes(content)


@contextmanager
def staged(root: Path) -> Iterator[Path]:
    """Give a folder to write in; when all is written, put its files in place; the caller holds the lock."""
    pending = root / PENDING
    pending.mkdir(parents=True)
    try:
        yield pending
        for path in pending.rglob("*"):
            _sync(path)
        _sync(pending)
        pending.rename(root / COMMIT)
    except BaseException:
        shutil.rmtree(pending, ignore_errors=True)
        raise
    _sync(root)
    _move(root)


def _move(root: Path) -> None:
    commit = root / COMMIT
    for source in sorted(path for path in commit.rglob("*") if path.is_file()):
        target = root / source.relative_to(commit)
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)
        _sync(target.parent)
    shutil.rmtree(commit)
    _sync(root)


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():  # Windows opens no folder
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
