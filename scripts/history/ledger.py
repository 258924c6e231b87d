"""The ledger `data/changes.csv`: what each release changed, and a walk back through it.

A version is the present with the lines of every later version undone: the header first,
then cells, then rows. Lines are the net difference to the version before.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from pathlib import Path

from scripts.datapackage import canonical_csv
from scripts.datapackage.package import LEDGER, Package, Table
from scripts.datapackage.untrusted import read_json

UNRELEASED = "unreleased"
WHOLE = "*"  # in `field`: the whole row; in `key`: the header
UNRECORDED = LEDGER  # tables that the ledger does not describe: they are cut


@dataclass(frozen=True, order=True)
class Change:
    """A line of the ledger; the columns are those of schemas/tables/changes.json."""

    version: str
    resource: str
    key: str
    field: str
    change: str
    old: str = ""
    new: str = ""
    reason: str = ""
    note: str = ""

    def __str__(self) -> str:
        """Return the change in words: the row, what became of it, and why."""
        why = f" ({'; '.join(filter(None, [self.reason, self.note]))})" if self.reason or self.note else ""
        if self.change == "corrected":
            return f"{self.resource} {self.key}: {self.field} “{self.old}” → “{self.new}”{why}"
        return f"{self.resource} {self.key}: {self.change}{why}"


@dataclass
class Content:
    """The header and rows of a table at some version, by key."""

    header: list[str]
    rows: dict[str, list[str]]


State = dict[str, Content]


def folder(root: Path, version: str) -> Path:
    """Return where the descriptor, Table Schemas and checksums of a version lie."""
    return root / "releases" / version


def changes(package: Package) -> list[Change]:
    """Return the lines of the ledger, in its order."""
    table = package.tables["changes"]
    return [Change(*row) for row in canonical_csv.rows(package.root / table.path)]


def versions(package: Package) -> list[str]:
    """Return the released versions, oldest first: the order of their lines, not of their text."""
    return [row[0] for row in canonical_csv.rows(package.root / package.tables["releases"].path)]


def recorded(package: Package) -> list[Table]:
    """Return the tables that the ledger describes."""
    return [table for table in package.tables.values() if table.name not in UNRECORDED]


def present(package: Package) -> State:
    """Return the tables as they stand in `data/`."""
    return {
        table.name: Content(
            table.header, {table.key(row): row for row in canonical_csv.rows(package.root / table.path)}
        )
        for table in recorded(package)
    }


def row_hash(cells: Iterable[str]) -> str:
    """Return the first 16 hex digits of the SHA-256 of a row's line, LF included (as `sed -n 5p | sha256sum`)."""
    return hashlib.sha256(canonical_csv.line(cells).encode()).hexdigest()[:16]


def released_keys(lines: Iterable[Change], order: list[str]) -> dict[str, set[str]]:
    """Return the keys of the rows of each table that the last version holds."""
    keys: dict[str, set[str]] = {}
    for version in order:
        for line in (line for line in lines if line.version == version):
            if line.change == "added":
                keys.setdefault(line.resource, set()).add(line.key)
            elif line.change == "withdrawn":
                keys.setdefault(line.resource, set()).discard(line.key)
    return keys


def withdrawal(package: Package, resource: str, key: str) -> Change | None:
    """Return the line that withdrew a row, with its version and reason; none where the row is there, or never was."""
    order = [*versions(package), UNRELEASED]
    named = [line for line in changes(package) if (line.resource, line.key) == (resource, key)]
    last = max(
        (line for line in named if line.change in ("added", "withdrawn")),
        key=lambda line: order.index(line.version),
        default=None,
    )
    return last if last and last.change == "withdrawn" else None


def last_released(package: Package, lines: list[Change] | None = None) -> State:
    """Return the tables as they were at the last release: pending lines (of the ledger) undone, later rows left out."""
    lines = changes(package) if lines is None else lines
    state = present(package)
    undo(state, [line for line in lines if line.version == UNRELEASED])
    order = versions(package)
    keys = released_keys(lines, order)
    for name, content in state.items():
        schema = folder(package.root, order[-1]) / package.tables[name].schema_path if order else None
        if schema and schema.is_file():
            header = [field["name"] for field in read_json(schema)["fields"]]
            content.header = [package.tables[name].former(column, header) for column in content.header]
            _undo_header(content, header)
        content.rows = {key: row for key, row in content.rows.items() if key in keys.get(name, ())}
    return state


def at(package: Package, version: str) -> State:
    """Return the tables as they were at a released version. Raises `KeyError` where there is no such version."""
    for number, state in back(package):
        if number == version:
            return state
    raise KeyError(version)


def back(package: Package) -> Iterator[tuple[str, State]]:
    """Yield each version, the latest first, with the tables as they were: the lines of every later one undone.

    A state holds until the next one is asked for.
    """
    lines = changes(package)
    state = last_released(package, lines)
    for version in reversed(versions(package)):
        yield version, state
        undo(state, [line for line in lines if line.version == version])


def undo(state: State, lines: Iterable[Change]) -> None:
    """Take the lines of one version back: headers, then cells, then rows."""
    for line in sorted(lines, key=lambda line: ORDER.index(line.change)):
        content = state.setdefault(line.resource, Content([], {}))  # a table that is no more
        if line.change == "header":
            _undo_header(content, json.loads(line.old))
        elif line.change == "corrected" and line.key in content.rows and line.field in content.header:
            content.rows[line.key][content.header.index(line.field)] = line.old
        elif line.change == "added":
            content.rows.pop(line.key, None)
        elif line.change == "withdrawn":
            content.rows[line.key] = json.loads(line.old)


ORDER = ("header", "corrected", "added", "withdrawn")


def _undo_header(content: Content, old: list[str]) -> None:
    places = [content.header.index(name) if name in content.header else None for name in old]
    content.rows = {key: ["" if place is None else row[place] for place in places] for key, row in content.rows.items()}
    content.header = old


def as_list(cells: list[str]) -> str:
    """Return the cells of a row or header as the ledger keeps them: a JSON list of texts."""
    return json.dumps(cells, ensure_ascii=False, separators=(",", ":"))


def rewrite(table: Table, lines: Iterable[Change]) -> bytes:
    """Return `data/changes.csv` with these lines."""
    return canonical_csv.text(table, [list(astuple(line)) for line in lines]).encode()


def content_text(table: Table, content: Content) -> str:
    """Return a table of some version in canonical form; `table` says how it is sorted."""
    rows = content.rows.values()
    key = [content.header.index(name) for name in table.primary_key]
    ordered = sorted(rows, key=lambda row: tuple(row[place].encode() for place in key))
    return canonical_csv.line(content.header) + "".join(map(canonical_csv.line, ordered))


def cut(path: Path, versions: Iterable[str]) -> Iterator[bytes]:
    """Yield the lines of `changes` or `releases`, in canonical form, that are of some versions; the header first."""
    kept = {version.encode() for version in versions}
    with path.open("rb") as file:
        yield file.readline()
        yield from (line for line in file if line.partition(b",")[0] in kept)
