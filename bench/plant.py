"""Write a scaled package, clean or with one row in a thousand broken, and the list of what was broken."""

import csv
import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import duckdb

from bench import faults, scale
from bench.faults import Way
from scripts.datapackage import canonical_csv
from scripts.datapackage.package import Package, Table

EVERY = 1000  # rows, of which one is broken
PLANTED = "planted.csv"


@dataclass(frozen=True)
class Planted:
    """A row that was broken: where, in which way, and what validation must say of it."""

    way: str
    path: str
    line: int
    field: str
    rule: str


@dataclass
class Planter:
    """Breaks one row in a thousand of a table, in each way in turn; keeps the list of what was broken."""

    table: Table
    ways: list[Way]
    chance: random.Random
    line: int = 1
    row: int = 0
    next: int = 0
    turn: int = 0

    def __post_init__(self) -> None:
        """Draw the first row to break."""
        self.next = self.chance.randrange(EVERY)

    def broken(self, lines: list[str]) -> tuple[list[str], list[Planted]]:
        """Return the lines of a batch with rows broken, and what was planted."""
        out: list[str] = []
        found: list[Planted] = []
        place = 0
        while place < len(lines):
            stop = min(len(lines), place + self.next - self.row) if self.ways else len(lines)
            self._take(lines[place:stop], out)
            place = stop
            if place < len(lines):
                place += self._break(lines, place, out, found)
        return out, found

    def _take(self, lines: list[str], out: list[str]) -> None:
        out += lines
        self.line += len(lines)
        self.row += len(lines)

    def _break(self, lines: list[str], place: int, out: list[str], found: list[Planted]) -> int:
        """Break the row at a place if it suits the way whose turn it is; return how many rows that took."""
        way = self.ways[self.turn % len(self.ways)]
        below = lines[place + 1] if place + 1 < len(lines) else ""
        change = way.breaks(faults.row(self.table, lines[place], below)) if below else None
        if change is None:
            self.next += 1
            self._take([lines[place]], out)
            return 1
        before = "\n".join(change.lines[: change.at])
        at = self.line + 1 + (before.count("\n") + 1 if change.at else 0)
        found.append(Planted(way.name, self.table.path, at, way.field, way.rule))
        out += change.lines
        self.line += sum(line.count("\n") + 1 for line in change.lines)
        taken = 2 if change.both else 1
        self.row += taken
        self.turn += 1
        self.next = (self.row // EVERY + 1) * EVERY + self.chance.randrange(EVERY // 2)
        return taken


def write(con: duckdb.DuckDBPyConnection, package: Package, copies: int, targets: Mapping[Path, Sequence[Way]]) -> None:
    """Write a package of copies into each folder, broken in the ways that stand beside it, with `planted.csv`."""
    planted: dict[Path, list[Planted]] = {folder: [] for folder in targets}
    for folder in targets:
        scale.package_at(folder)
    for table in package.tables.values():
        planters = {folder: _planter(table, listed) for folder, listed in targets.items()}
        with ExitStack() as stack:
            files = {folder: stack.enter_context((folder / table.path).open("wb")) for folder in targets}
            for file in files.values():
                file.write(canonical_csv.line(table.header).encode())
            for lines in scale.batches(con, table, copies):
                for folder, file in files.items():
                    changed, found = planters[folder].broken(lines)
                    file.write("".join(f"{line}\n" for line in changed).encode("utf-8", "surrogateescape"))
                    planted[folder] += found
    for folder, found in planted.items():
        _list(folder / PLANTED, found)


def _planter(table: Table, listed: Sequence[Way]) -> Planter:
    chance = random.Random(f"{scale.SEED} {table.name}")  # noqa: S311  (the same faults on each run)
    return Planter(table, [way for way in listed if way.table == table.name], chance)


def _list(path: Path, planted: list[Planted]) -> None:
    names = [field.name for field in fields(Planted)]
    rows = [[str(cell) for cell in astuple(one)] for one in planted]
    path.write_text("".join(map(canonical_csv.line, [names, *rows])), "utf-8")


def planted(folder: Path) -> list[Planted]:
    """Return the list of what was planted in a package."""
    with (folder / PLANTED).open(encoding="utf-8", newline="") as file:
        rows: Iterator[dict[str, str]] = csv.DictReader(file)
        return [Planted(one["way"], one["path"], int(one["line"]), one["field"], one["rule"]) for one in rows]
