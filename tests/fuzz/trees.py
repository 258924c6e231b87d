"""Folders: what lies in them, how they are put back, and mutations of the files in them."""

import os
import shutil
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.fuzz import content

Sight = dict[str, tuple[int | str, ...]]  # path → kind and mode, size, time, number, where a link leads


def sight(root: Path, *, folders: bool = True) -> Sight:
    """Return what lies below a folder, links not followed; what came and went shows by the time of its folder."""
    found: Sight = {}
    for here, below, files in os.walk(root):
        for name in [*below, *files]:
            path = os.path.join(here, name)  # noqa: PTH118  (a third of the time)
            seen = os.lstat(path)
            is_folder = stat.S_ISDIR(seen.st_mode)
            size, time = (0 if is_folder else seen.st_size), (0 if is_folder and not folders else seen.st_mtime_ns)
            leads = os.readlink(path) if stat.S_ISLNK(seen.st_mode) else ""  # noqa: PTH115
            found[os.path.relpath(path, root)] = (seen.st_mode, size, time, seen.st_ino, leads)
    return found


@dataclass
class Kept:
    """A folder with the bytes that it is put back to."""

    root: Path
    files: dict[str, bytes] = field(default_factory=dict)
    seen: Sight = field(default_factory=dict)

    def keep(self) -> "Kept":
        """Take the folder as it is for what it is to be."""
        paths = sorted(path for path in self.root.rglob("*") if path.is_file())
        self.files = {path.relative_to(self.root).as_posix(): path.read_bytes() for path in paths}
        self.seen = sight(self.root, folders=False)
        return self

    def changed(self) -> list[str]:
        """Return the paths at which there is something else than there was."""
        now = sight(self.root, folders=False)
        return sorted(path for path in self.seen.keys() | now.keys() if self.seen.get(path) != now.get(path))

    def put_back(self) -> None:
        """Make the folder what it was."""
        for path in self.changed():
            remove(self.root / path)
        for path in [path for path in self.seen if not os.path.lexists(self.root / path)]:  # those above come first
            if path in self.files:
                (self.root / path).write_bytes(self.files[path])
            else:
                (self.root / path).mkdir()
        self.seen = sight(self.root, folders=False)

    def whole(self) -> bool:
        """Return whether each file has the bytes that it had."""
        return all((self.root / path).read_bytes() == data for path, data in self.files.items())


def remove(path: Path) -> None:
    """Take out whatever lies there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def gone(path: Path, _: Path) -> None:
    pass


def link_inside(path: Path, _: Path) -> None:
    path.symlink_to("claims.csv")


def link_outside(path: Path, beside: Path) -> None:
    path.symlink_to(beside / path.name)


def link_to_itself(path: Path, _: Path) -> None:
    path.symlink_to(path.name)


def link_to_a_device(path: Path, _: Path) -> None:
    path.symlink_to("/dev/zero")


def folder(path: Path, _: Path) -> None:
    path.mkdir()


def pipe(path: Path, _: Path) -> None:
    os.mkfifo(path)


KINDS: tuple[Callable[[Path, Path], None], ...] = (
    *(gone, link_inside, link_outside, link_to_itself, link_to_a_device, folder, pipe),
)
LEFT = (
    "data/.DS_Store",
    "data/claims.csv~",
    "releases/Thumbs.db",
    "releases/.DS_Store",
    "schemas/tables/._claims.json",
)
STAGE = (".lock", ".commit", ".pending")


def mutate(chance: Random, root: Path, path: str, beside: Path) -> str:
    """Mutate the content or the kind of a file, or of a folder, below `root`; return what was done."""
    file = root / path
    if file.is_file() and not file.is_symlink() and chance.random() < 0.85:
        done, data = content.mutated(chance, path, file.read_bytes())
        file.write_bytes(data)
        return f"{path}: {done}"
    kind = chance.choice(KINDS)
    if os.path.lexists(file):
        remove(file)
    if file.parent.is_dir():
        kind(file, beside)
    return f"{path}: {kind.__name__}"


def stage(chance: Random, root: Path, beside: Path) -> str:
    """Put there what a stopped verb leaves, or what only looks like it; return what was done."""
    name = chance.choice(STAGE)
    kind = chance.choice((*KINDS, None))
    remove(root / name)
    if kind in (None, gone):
        (root / name / "data").mkdir(parents=True)
        (root / name / "data/claims.csv").write_bytes(b"of a stranger\n")
        (root / name / ".gone").write_bytes(f"../../../beside/claims.csv\n{beside}/secret.csv\n".encode())
        return f"{name}: a change to finish"
    kind(root / name, beside)
    return f"{name}: {kind.__name__}"
