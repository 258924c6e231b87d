"""Change one released row and record why: what `correct` and `withdraw` share."""

import argparse
from dataclasses import dataclass
from pathlib import Path

from scripts.database.opened import opened
from scripts.datapackage import atomic_write, canonical_csv
from scripts.datapackage.errors import CallOff
from scripts.datapackage.package import Package, Table
from scripts.datapackage.problems import Problem
from scripts.history import ledger
from scripts.history.ledger import UNRELEASED, Change
from scripts.validation.validate import climb

REASONS = ("coder_error", "source_revised", "source_retracted", "duplicate", "scope_changed", "editorial")


@dataclass(frozen=True)
class Row:
    """A row that is to change: its table, its place in the table, all rows, and whether a release holds it."""

    package: Package
    table: Table
    key: str
    rows: list[list[str]]
    place: int
    released: bool

    @property
    def cells(self) -> list[str]:
        """The cells of the row as they stand."""
        return self.rows[self.place]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which row changes, and why."""
    parser.add_argument("table", metavar="TABLE")
    parser.add_argument("key", metavar="ID", help="key of the row; several key cells are joined by /")
    parser.add_argument("--reason", choices=REASONS, required=True, help="why a released row changes")
    parser.add_argument("--note", default="", help="what a user must know of the change")


def find(root: Path, table_name: str, key: str) -> Row:
    """Return a row by table and key. Raises `CallOff` where there is none, `Found` where the tables cannot be read."""
    package, _ = opened(root)
    names = [table.name for table in ledger.recorded(package)]
    if table_name not in names:
        raise CallOff(f"there is no table `{table_name}`; the tables are {', '.join(names)}")
    table = package.tables[table_name]
    rows = canonical_csv.rows(root / table.path)
    places = [place for place, row in enumerate(rows) if table.key(row) == key]
    if not places:
        raise CallOff(f"there is no row `{key}` in {table.path}; look the key up in its first column")
    keys = ledger.released_keys(ledger.changes(package), ledger.versions(package))
    return Row(package, table, key, rows, places[0], key in keys.get(table_name, set()))


def write(row: Row, rows: list[list[str]], line: Change | None) -> list[Problem]:
    """Put the changed table in place, with a line of the ledger where a release holds the row.

    Returns what does not hold after the change.
    """
    root, changes = row.package.root, row.package.tables["changes"]
    files = {row.table.path: canonical_csv.text(row.table, rows).encode()}
    if row.released and line:
        files[changes.path] = ledger.rewrite(changes, _pending(ledger.changes(row.package), line))
    atomic_write.write(root, files)
    return climb(root).problems


def _pending(lines: list[Change], line: Change) -> list[Change]:
    """Return the ledger with a pending line, in one with an earlier one of the same cell or row."""
    before = [old for old in lines if (old.version, old.resource, old.key) == (UNRELEASED, line.resource, line.key)]
    same = [old for old in before if old.field == line.field or line.change == "withdrawn"]
    kept = [old for old in lines if old not in same]
    original = next((old.old for old in same if old.field == line.field), line.old)
    if line.change == "withdrawn":
        return [*kept, line]
    merged = Change(
        UNRELEASED, line.resource, line.key, line.field, "corrected", original, line.new, line.reason, line.note
    )
    return kept if merged.old == merged.new else [*kept, merged]


def released_cells(row: Row) -> list[str]:
    """Return the cells of the row as the last release holds them: its pending lines undone."""
    cells = dict(zip(row.table.header, row.cells, strict=True))
    for line in ledger.changes(row.package):
        if (line.version, line.resource, line.key, line.change) == (UNRELEASED, row.table.name, row.key, "corrected"):
            cells[line.field] = line.old
    return list(cells.values())
