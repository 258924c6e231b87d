"""Write many files or none: staged in `.pending/`, made certain as `.commit/`, then moved into place.

Whatever stops a verb, the folder is as before or as after: the next verb finishes a
`.commit/` and throws a `.pending/` away. One verb at a time holds `.lock`. What is to be
taken out of the folder in the same step is listed in `.gone`, beside the new files.
"""

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

PENDING, COMMIT, LOCK, GONE = ".pending", ".commit", ".lock", ".gone"


class Busy(Exception):
    """Another verb is writing in this folder."""


class Unwritten(Exception):
    """The disk is full, or the folder may not be written; the message says where, and what stands."""


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
    """Finish a `.commit/` and throw a `.pending/` away; the caller holds the lock. Raises `Unwritten`."""
    if (root / COMMIT).exists():
        _move(root)
    if (root / PENDING).exists():
        shutil.rmtree(root / PENDING)


def write(root: Path, files: Mapping[str, bytes]) -> None:
    """Put files (path relative to `root` → bytes) in place, all or none; the caller holds the lock.

    Raises `Unwritten`.
    """
    with staged(root) as pending:
        for path, content in files.items():
            (pending / path).parent.mkdir(parents=True, exist_ok=True)
            (pending / path).write_bytes(content)


@contextmanager
def staged(root: Path) -> Iterator[Path]:
    """Give a folder to write in; when all is written, put its files in place; the caller holds the lock.

    Raises `Unwritten`.
    """
    pending = root / PENDING
    try:
        pending.mkdir(parents=True)
        yield pending
        for path in [*pending.rglob("*"), pending]:
            _sync(path)
        pending.rename(root / COMMIT)
    except OSError as error:
        shutil.rmtree(pending, ignore_errors=True)
        raise Unwritten(f"{_told(root, error)}; nothing is changed") from None
    except BaseException:
        shutil.rmtree(pending, ignore_errors=True)
        raise
    _move(root)


def take_out(pending: Path, paths: Iterable[str]) -> None:
    """Have files (paths relative to the folder) go when what is pending is put in place."""
    (pending / GONE).write_text("".join(f"{path}\n" for path in paths), "utf-8")


def _move(root: Path) -> None:
    commit, gone = root / COMMIT, root / COMMIT / GONE
    try:
        _sync(root)
        for source in sorted(path for path in commit.rglob("*") if path.is_file() and path != gone):
            target = root / source.relative_to(commit)
            target.parent.mkdir(parents=True, exist_ok=True)
            source.replace(target)
        for path in gone.read_text("utf-8").splitlines() if gone.exists() else ():
            (root / path).unlink(missing_ok=True)
        for folder in [path for path in commit.rglob("*") if path.is_dir()]:
            _sync(root / folder.relative_to(commit))
        _sync(root)
        shutil.rmtree(commit)
        _sync(root)
    except OSError as error:
        stands = f"the change is whole in {commit}, and the next verb puts it in place"
        raise Unwritten(f"{_told(root, error)}; {stands}") from None


def _told(root: Path, error: OSError) -> str:
    return f"{error.filename2 or error.filename or root}: {error.strerror}"


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():  # Windows opens no folder
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
