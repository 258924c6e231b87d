"""A round: something is mutated, and verbs are called on it. All that it leaves to chance comes of its number.

Four kinds: packages (packages.py), records, citations, and folders that `build` wrote (strangers.py).
"""

from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.fuzz.trees import Kept


@dataclass(frozen=True)
class Place:
    """The folders of a round below one that is watched: `package` and `dist` to mutate, the others to be left alone."""

    work: Path

    @property
    def package(self) -> Path:
        """A package as released."""
        return self.work / "deep/er/package"

    @property
    def dist(self) -> Path:
        """A build of it, if rounds of that kind are played."""
        return self.work / "deep/er/dist"

    @property
    def new(self) -> Path:
        """What is not there yet, and a verb may be told to write."""
        return self.work / "deep/er/new"

    @property
    def beside(self) -> Path:
        """Files of the user, `secret.csv` among them; home and the working directory, too."""
        return self.work / "beside"


@dataclass
class Round:
    """A round: what was mutated (`told`), the calls that come of it, and what must be so afterwards.

    The first `noticed` calls may not say that all is valid, as what is released has changed. `closed`: what is outside
    of the package may not be read.
    """

    number: int
    chance: Random
    place: Place
    kept: Kept
    told: list[str] = field(default_factory=list)
    calls: list[list[str]] = field(default_factory=list)
    noticed: int = 0
    closed: bool = True

    def call(self, *arguments: object) -> None:
        """Have a verb called on the package."""
        of = [] if arguments[0] == "validate" else ["--dir"]
        self.calls.append([*map(str, arguments), *of, str(self.place.package)])

    def handed(self, name: str, data: bytes) -> Path:
        """Write a file that is handed over; return where."""
        path = self.place.work / "input" / name
        path.write_bytes(data)
        return path

    def kept_file(self, path: str) -> bytes:
        """Return a file of the package as it was before anything was mutated."""
        return self.kept.files[(self.place.package / path).relative_to(self.place.work).as_posix()]

    def files(self, start: str) -> list[str]:
        """Return the files of the package that begin so, by path, as they were before anything was mutated."""
        base = self.place.package.relative_to(self.place.work).as_posix()
        return [path.removeprefix(f"{base}/") for path in self.kept.files if path.startswith(f"{base}/{start}")]

    @property
    def versions(self) -> list[str]:
        """The released versions, the last one last."""
        return [line.partition(",")[0] for line in self.kept_file("data/releases.csv").decode().splitlines()[1:]]

    @property
    def claim(self) -> str:
        """The key of a claim."""
        return self.kept_file("data/claims.csv").decode().splitlines()[1].partition(",")[0]


def writes(call: list[str], place: Place) -> list[Path]:
    """Return the folders that a call may write."""
    verb, *more = call
    if verb == "rebuild" or (verb == "build" and "--check" not in more):
        return [place.new]
    reads = verb in ("verify", "diff", "query", "validate", "build") or (verb == "cite" and "--sql" not in more)
    return [] if (reads and "--fix" not in more) or "--dry-run" in more else [place.package]


def released_lines_stand(kept: Kept, root: Path) -> bool:
    """Return whether every line that a table has been kept with stands there still, in the same order."""
    for path, data in kept.files.items():
        file = kept.root / path
        if file.is_relative_to(root) and file.suffix == ".csv" and file.parent.name == "data":
            there = iter(file.read_bytes().splitlines(keepends=True) if file.is_file() else [])
            if not all(line in there for line in data.splitlines(keepends=True)):
                return False
    return True
