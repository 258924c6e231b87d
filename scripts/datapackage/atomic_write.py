"""Write many files or none: staged in `.pending/`, made certain as `.commit/`, then moved into place.

Whatever stops a command, the folder is as before or as after: the next that writes finishes a `.commit/` and discards
a `.pending/`; one that only reads touches neither. One command at a time holds `.lock`. What is to be taken out of
the folder in the same step is listed in `.gone`, beside the new files.
"""

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from filelock import FileLock, Timeout

from scripts.datapackage.errors import Locked, NotWritten

PENDING, COMMIT, LOCK, GONE = ".pending", ".commit", ".lock", ".gone"


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Hold the folder for one command that writes and first put right what an earlier one left.

    Raises `Locked` when another command holds it, `NotWritten` where it cannot be held or put right.
    """
    _check_kinds(root)
    try:
        with FileLock(root / LOCK, timeout=0):
            recover(root)
            yield
    except Timeout:
        raise Locked(f"another command is at work in {root}; wait until it is done") from None


def _check_kinds(root: Path) -> None:
    """Refuse links, and other kinds of file than ours, under the names that are ours: a stranger may have put them."""
    for name, is_ours in ((LOCK, Path.is_file), (PENDING, Path.is_dir), (COMMIT, Path.is_dir)):
        path = root / name
        if path.is_symlink() or (path.exists() and not is_ours(path)):
            kind = "a link" if path.is_symlink() else "of another kind than what is written here"
            raise NotWritten(f"{path} is {kind}; look where it comes from and remove it; nothing is changed")


def unsettled(root: Path) -> str:
    """Return what to say where a command was stopped while it wrote, which one that only reads leaves so; else ''."""
    if not (root / COMMIT / GONE).is_file():
        return ""
    return f"{root / COMMIT}: a command was stopped while it wrote; the next that writes in this folder finishes it"


def recover(root: Path) -> None:
    """Finish a `.commit/` and throw a `.pending/` away; the caller holds the lock. Raises `NotWritten`."""
    for folder in (root / COMMIT, root / PENDING):
        if folder.exists() and not (folder / GONE).is_file() and any(path.is_file() for path in folder.rglob("*")):
            raise NotWritten(f"{folder} is none that a command of ours wrote; move it away; nothing is changed")
    if (root / COMMIT).exists():
        _move(root)
    if (root / PENDING).exists():
        _discard(root / PENDING)


def _discard(folder: Path) -> None:
    """Remove a folder of ours, its mark last."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != GONE:
            path.unlink()
    shutil.rmtree(folder)


def write(root: Path, files: Mapping[str, bytes]) -> None:
    """Put files (path relative to `root` → bytes) in place, all or none; the caller holds the lock.

    Raises `NotWritten`.
    """
    with staged(root) as pending:
        for path, content in files.items():
            (pending / path).parent.mkdir(parents=True, exist_ok=True)
            (pending / path).write_bytes(content)


@contextmanager
def staged(root: Path) -> Iterator[Path]:
    """Give a folder to write in; when all is written, put its files in place; the caller holds the lock.

    Raises `NotWritten`.
    """
    pending = root / PENDING
    try:
        pending.mkdir(parents=True)
        (pending / GONE).touch()  # the mark of a folder of ours, there first and gone last
        yield pending
        _moves(root, PENDING)
        for path in [*pending.rglob("*"), pending]:
            _sync(path)
        pending.rename(root / COMMIT)
    except OSError as error:
        shutil.rmtree(pending, ignore_errors=True)
        raise NotWritten(f"{_told(root, error)}; nothing is changed") from None
    except BaseException:
        shutil.rmtree(pending, ignore_errors=True)
        raise
    _move(root)


def files(folder: Path) -> dict[str, Path]:
    """Return the files of a folder by path, without the mark that it has while it is pending."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    found.pop(GONE, None)
    return found


def take_out(pending: Path, paths: Iterable[str]) -> None:
    """Have files (paths relative to the folder) go when what is pending is put in place."""
    (pending / GONE).write_text("".join(f"{path}\n" for path in paths), "utf-8", newline="\n")


def _move(root: Path) -> None:
    commit = root / COMMIT
    try:
        files, gone = _moves(root, COMMIT)
        _sync(root)
        for path in files:
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            (commit / path).replace(target)
        for path in gone:
            (root / path).unlink(missing_ok=True)
        for folder in {target for path in [*files, *gone] for target in (root / path).parents}:
            if folder.is_relative_to(root) and folder.is_dir():
                _sync(folder)
        _discard(commit)
        _sync(root)
    except OSError as error:
        stands = f"the change is whole in {commit}, and the next command that writes here puts it in place"
        raise NotWritten(f"{_told(root, error)}; {stands}") from None


def _moves(root: Path, folder: str) -> tuple[list[str], list[str]]:
    """Return the files of `.commit/` or `.pending/` and those that are to go, by path.

    Raises `NotWritten` where one is a link or leads out of the folder: no command of ours wrote it.
    """
    commit = root / folder
    files: list[str] = []
    for path in sorted(commit.rglob("*")):
        name = path.relative_to(commit).as_posix()
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise NotWritten(f"{path} is a link or of another kind than what is written here; remove {commit}")
        if path.is_file() and name != GONE:
            files.append(name)
    listed = (commit / GONE).read_bytes().decode("utf-8", "replace") if (commit / GONE).exists() else ""
    gone = listed.split("\n")[:-1]
    for name in [*files, *gone]:
        if not _inside(root, name) or (root / name).is_dir():
            raise NotWritten(f"{commit} holds `{name}`, which leads out of the folder, or is one; remove {commit}")
    return files, gone


def _inside(root: Path, path: str) -> bool:
    """Whether a path leads to a place in a folder, also by way of the links there."""
    parts = PurePosixPath(path).parts
    if not parts or ".." in parts or PurePosixPath(path).is_absolute() or "\0" in path:
        return False
    return (root / path).parent.resolve().is_relative_to(root.resolve())


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
