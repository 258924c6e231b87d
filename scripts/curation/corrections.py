"""Change rows of the tables and, where a release holds them, record why: what `correct` and `withdraw` share.

Changes are made to a draft in memory; `commit` writes them all, with their lines of the ledger, or none.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from scripts.curation.commit import commit
from scripts.database.opened import opened
from scripts.datapackage import canonical_csv
from scripts.datapackage.errors import UsageError
from scripts.datapackage.package import Table
from scripts.datapackage.problems import Problem
from scripts.history import ledger
from scripts.history.ledger import UNRELEASED, WHOLE, Change
from scripts.validation import accepted_problems

REASONS = ("coder_error", "source_revised", "source_retracted", "duplicate", "scope_changed", "editorial")
ALIASES, RELAYS, CLAIMS = "aliases", "relays", "claims"
PARTS = {"documents": (CLAIMS, RELAYS), "statements": (RELAYS,)}  # whose rows go with the one that they name


def add_reason(parser: argparse.ArgumentParser, *, required: bool) -> None:
    """Declare why a row changes."""
    parser.add_argument("--reason", choices=REASONS, required=required, help="why a released row changes")
    parser.add_argument("--note", default="", help="what a user must know of the change")


class Draft:
    """The tables that the ledger describes, as they would be: by table, then by key. Raises as `opened`."""

    def __init__(self, root: Path) -> None:
        """Read the tables and the ledger of a package."""
        self.package, _ = opened(root)
        self.tables = {table.name: table for table in ledger.recorded(self.package)}
        self.rows = {name: content.rows for name, content in ledger.present(self.package).items()}
        self.lines = ledger.changes(self.package)
        self.released = ledger.released_keys(self.lines, ledger.versions(self.package))
        self.made: list[Change] = []

    def correct(self, table: str, key: str, column: str, value: str, reason: str, note: str = "") -> None:
        """Change a cell. Raises `UsageError` where there is no such cell, or the value or reason cannot be of it."""
        of, cells = self._row(table, key)
        field = next((field for field in of.fields if field.name == column), None)
        if field is None:
            raise UsageError(f"{of.path} has no column `{column}`; it has {', '.join(of.header)}")
        if column in of.primary_key:
            raise UsageError("a key is never changed: withdraw the row and add another")
        if reason == "editorial" and not field.prose:
            raise UsageError(f"`{column}` bears on the figures; name the reason why it was not right")
        if not value.isprintable():
            raise UsageError("the value holds a line break or another character that is not printed; leave it out")
        place = of.header.index(column)
        old, cells[place] = cells[place], value
        if old != value:
            self._record(Change(UNRELEASED, table, key, column, "corrected", old, value, reason, note))

    def withdraw(self, table: str, key: str, reason: str, note: str = "") -> None:
        """Take a row out, with those that are nothing without it and those that nothing else uses.

        Raises `UsageError` where there is no such row, or a reason that cannot be one.
        """
        of, cells = self._row(table, key)
        if reason == "editorial":
            raise UsageError("a row that goes changes the figures; name the reason why it was not right")
        was = ledger.as_list(self._released_cells(of, key, cells))
        del self.rows[table][key]
        self._record(Change(UNRELEASED, table, key, WHOLE, "withdrawn", was, "", reason, note))
        row = dict(zip(of.header, cells, strict=True))
        parts = [(child, one) for child, one in self._naming(table, key) if child in (ALIASES, *PARTS.get(table, ()))]
        unused = self._relays_without_claim(row) if table == CLAIMS else []
        unused += [(each.resource, row[each.fields[0]]) for each in of.foreign_keys if table != ALIASES]
        for other, name in [*parts, *unused]:
            if name in self.rows.get(other, {}) and ((other, name) in parts or not self._used(other, name)):
                self.withdraw(other, name, reason, note)

    def add(self, table: str, values: dict[str, str]) -> None:
        """Add a row. Raises `UsageError` where its key is taken or it has a column that the table has not."""
        of = self._table(table)
        if unknown := [column for column in values if column not in of.header]:
            raise UsageError(f"{of.path} has no column `{unknown[0]}`; it has {', '.join(of.header)}")
        cells = [values.get(column, "") for column in of.header]
        key = of.key(cells)
        if key in self.rows[table]:
            raise UsageError(f"there is a row `{key}` in {of.path} already")
        self.rows[table][key] = cells
        self.made.append(Change(UNRELEASED, table, key, WHOLE, "added"))

    def commit(self) -> list[Problem]:
        """Write what changed, if the package is valid with it; return what would not be."""
        changes, root = self.package.tables["changes"], self.package.root
        files = {changes.path: ledger.rewrite(changes, self.lines)}
        for name, of in self.tables.items():
            files[of.path] = canonical_csv.text(of, list(self.rows[name].values())).encode()
        gone = {(line.resource, line.key) for line in self.made if line.change == "withdrawn"}
        if (kept := accepted_problems.without(root, gone)) is not None:
            files[accepted_problems.PATH] = kept.encode()
        return commit(self.package, {path: text for path, text in files.items() if (root / path).read_bytes() != text})

    def _table(self, name: str) -> Table:
        if name not in self.tables:
            raise UsageError(f"there is no table `{name}`; the tables are {', '.join(self.tables)}")
        return self.tables[name]

    def _row(self, table: str, key: str) -> tuple[Table, list[str]]:
        of = self._table(table)
        if key not in self.rows[table]:
            raise UsageError(f"there is no row `{key}` in {of.path}; look the key up in its first column")
        return of, self.rows[table][key]

    def _record(self, line: Change) -> None:
        """Keep a line of the ledger where a release holds the row, in one with earlier ones of the same cell or row."""
        self.made.append(line)
        if line.key not in self.released.get(line.resource, set()):
            return
        of_row = (UNRELEASED, line.resource, line.key)
        same = [
            old
            for old in self.lines
            if (old.version, old.resource, old.key) == of_row
            and (line.change == "withdrawn" or old.field == line.field)
        ]
        self.lines = [old for old in self.lines if old not in same]
        if line.change == "corrected" and same:
            line = replace(line, old=same[0].old)
        if line.old != line.new:
            self.lines.append(line)

    def _released_cells(self, of: Table, key: str, cells: list[str]) -> list[str]:
        """Return the cells of a row as the last release holds them: its pending lines undone."""
        then = dict(zip(of.header, cells, strict=True))
        for line in self.lines:
            if (line.version, line.resource, line.key, line.change) == (UNRELEASED, of.name, key, "corrected"):
                then[line.field] = line.old
        return list(then.values())

    def _naming(self, table: str, key: str) -> Iterator[tuple[str, str]]:
        """Yield table and key of the rows that name a row."""
        for name, of in self.tables.items():
            columns = [each.fields[0] for each in of.foreign_keys if each.resource == table and len(each.fields) == 1]
            places = [of.header.index(column) for column in (["id"] if name == ALIASES else columns)]
            for other, cells in self.rows[name].items():
                if any(cells[place] == key for place in places) and (name != ALIASES or cells[0] == table):
                    yield name, other

    def _used(self, table: str, key: str) -> bool:
        """Whether a row is named by one that keeps it; labels, and relays of a document or statement, do not."""
        parts = PARTS.get(table, ())
        return any(name == CLAIMS or name not in (ALIASES, *parts) for name, _ in self._naming(table, key))

    def _relays_without_claim(self, claim: dict[str, str]) -> list[tuple[str, str]]:
        """Return the relays between the document and the statement of a claim that is gone, if it was the last."""

        def of_pair(table: str) -> list[tuple[str, str]]:
            named = {
                self.tables[table].header.index(column): claim[column] for column in ("document_id", "statement_id")
            }
            rows = self.rows[table].items()
            return [(table, key) for key, row in rows if all(row[place] == cell for place, cell in named.items())]

        return [] if of_pair(CLAIMS) else of_pair(RELAYS)


def from_json(text: str) -> dict[str, str]:
    """Return the cells of a row to be added, from a JSON object of texts. Raises `UsageError`."""
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(cell, str) for cell in found.values()):
        raise UsageError('a row to be added is a JSON object of texts, as {"source_id": "nis", "name": "…"}')
    return found
