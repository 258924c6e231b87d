"""Hold the present against the last release: a released row may not differ without a line in the ledger."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path

import duckdb

from scripts import database, ledger, past, withdrawn
from scripts.database import literal, name
from scripts.ledger import UNRELEASED, Change
from scripts.package import Package, Table
from scripts.past import Place
from scripts.problems import Problem

SUMS = "SHA256SUMS"
TOUCHED = "substr(sha256(line || chr(10)), 1, 16) <> new"  # of `past.as_added`, as `ledger.row_hash`
EXPLAIN = "take the change back, or make it with `python -m scripts correct` or `withdraw`, which record the reason"


def sums(root: Path, version: str) -> dict[str, str]:
    """Return the SHA-256 of each file of a version, by path. Raises `ValueError` where the list has another form."""
    text = (ledger.folder(root, version) / SUMS).read_bytes().decode("utf-8")
    listed = {path: digest for digest, path in re.findall(r"([0-9a-f]{64})  ([!-~]+)\n", text)}
    if text != "".join(f"{listed[path]}  {path}\n" for path in sorted(listed)):
        raise ValueError(f"releases/{version}/{SUMS} is no list of checksums, sorted by path")
    return listed


def unchanged(package: Package) -> bool:
    """Return whether every file of the last release has still the bytes that it was released with."""
    last = ledger.versions(package)[-1:]
    listed = [pair for version in last for pair in sums(package.root, version).items()]
    return bool(listed) and all(_same(package.root / path, digest) for path, digest in listed)


def _same(path: Path, digest: str) -> bool:
    return path.is_file() and file_digest(path) == digest


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file as 64 hex digits (FIPS 180-4)."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def problems(package: Package, con: duckdb.DuckDBPyConnection | None = None) -> list[Problem]:
    """Return where the present, its pending lines undone, is not the last release; `con` holds the text of the tables.

    Tables whose files are as released are not looked into, so that what costs is what has changed.
    """
    versions = ledger.versions(package)
    if not versions:
        return []
    if not (ledger.folder(package.root, versions[-1]) / SUMS).is_file():
        path = f"releases/{versions[-1]}/{SUMS}"
        message = "the checksums of the last release are not there"
        return [Problem(path, 0, "", "", "missing-file", message, "take the file back from the archive")]
    if con is None:
        con = database.connect(package.size)
        database.load(con, package)
    pending = _pending(con)
    found = [*_records(package, versions)] or [*_unexplained(con, package, pending)]
    return found or [*_rows(con, package, versions, {line.resource for line in pending.values()})]


def _pending(con: duckdb.DuckDBPyConnection) -> dict[int, Change]:
    """Return the lines of the ledger that wait for a release, by their line in the file."""
    columns = ", ".join(f"coalesce({name(field.name)}, '')" for field in fields(Change))
    sql = f"select _line, {columns} from text.changes where version = {literal(UNRELEASED)} order by _line"
    return {number: Change(*cells) for number, *cells in con.execute(sql).fetchall()}


def _rows(
    con: duckdb.DuckDBPyConnection, package: Package, versions: list[str], pending: set[str]
) -> Iterator[Problem]:
    wanted = sums(package.root, versions[-1])
    for table in ledger.recorded(package):
        digest = wanted.get(table.path)
        if digest is None or (table.name not in pending and _same(package.root / table.path, digest)):
            continue
        order = past.places(package, table)
        yield from withdrawn.problems(con, table, order)
        if _digest(past.text(con, table, order, order[-2], table.primary_key)) != digest:
            message = f"the table is not that of version {versions[-1]}"
            found = [*_gone(con, table, order), *_changed(con, table, order)]
            yield from found or [Problem(table.path, 1, "", "", "released-table", message, EXPLAIN)]


def _gone(con: duckdb.DuckDBPyConnection, table: Table, order: list[Place]) -> Iterator[Problem]:
    """Yield the released rows that are gone without a line that says so."""
    withdrawn = f"version = {literal(UNRELEASED)} and resource = {literal(table.name)} and change = 'withdrawn'"
    there = f"select {past.key(table, 'given')} as key from text.{name(table.name)} as given"
    sql = f"from ({past.alive(table, order)}) anti join ({there}) using (key) " + (
        f"anti join (select key from text.changes where {withdrawn}) using (key) order by key"
    )
    for (key,) in con.execute(sql).fetchall():
        message = f"the row of version {order[-2].version} is gone"
        yield Problem(table.path, 0, "", key, "released-row-gone", message, EXPLAIN)


def _changed(con: duckdb.DuckDBPyConnection, table: Table, order: list[Place]) -> Iterator[Problem]:
    """Yield the released rows whose line is not the one that was added, all that the ledger tells of them undone."""
    added = past.as_added(table, order, past.told(con, table, order))
    sql = f"select distinct coalesce(_line, 0), key from ({added}) where {TOUCHED} order by all"
    for number, key in con.execute(sql).fetchall():
        message = f"the row is not that of version {order[-2].version}, and the ledger does not say why"
        yield Problem(table.path, number, "", key, "released-row-changed", message, EXPLAIN)


def _records(package: Package, versions: list[str]) -> Iterator[Problem]:
    """Yield a problem where the ledger or the list of releases, cut at the last version, is not as released."""
    wanted = sums(package.root, versions[-1])
    for table in map(package.tables.__getitem__, ledger.UNRECORDED):
        if wanted.get(table.path) not in (None, _digest(cut(package.root / table.path, versions))):
            message = f"a line of version {versions[-1]} or before was changed"
            yield Problem(table.path, 0, "", "", "released-record", message, "take the change back")


def cut(path: Path, versions: Iterable[str]) -> Iterator[bytes]:
    """Yield the lines of `changes` or `releases`, in canonical form, that are of some versions; the header first."""
    kept = {version.encode() for version in versions}
    with path.open("rb") as file:
        yield file.readline()
        yield from (line for line in file if line.partition(b",")[0] in kept)


def _unexplained(con: duckdb.DuckDBPyConnection, package: Package, pending: dict[int, Change]) -> Iterator[Problem]:
    """Yield the pending lines of the ledger that explain nothing."""
    held = _held(con) if pending else set()
    for number, line in pending.items():
        message = _fault(package, line, {key for resource, key in held if resource == line.resource})
        if message:
            key = "/".join((line.version, line.resource, line.key, line.field))
            fix = "take the line out; `correct` and `withdraw` write such lines"
            yield Problem(package.tables["changes"].path, number, "", key, "pending-line", message, fix)


def _held(con: duckdb.DuckDBPyConnection) -> set[tuple[str, str]]:
    """Return table and key of the rows that a pending line names and the last version holds."""
    named = f"select resource, key from text.changes where version = {literal(UNRELEASED)}"
    sql = (
        f"select resource, key from text.changes join text.releases using (version) semi join ({named}) "
        "using (resource, key) where change in ('added', 'withdrawn') "
        "group by all having arg_max(change, releases._line) = 'added'"
    )
    return set(con.execute(sql).fetchall())


def _fault(package: Package, line: Change, keys: set[str]) -> str:
    table = package.tables.get(line.resource)
    fields = {field.name: field for field in table.fields} if table else {}
    if table is None or table.name in ledger.UNRECORDED:
        return f"`{line.resource}` is no table that the ledger describes"
    if line.change not in ("corrected", "withdrawn"):
        return f"`{line.change}` is written by a release alone"
    if line.key not in keys:
        return f"no release holds the row `{line.key}`"
    if line.change == "corrected" and line.field not in fields:
        return f"`{line.field}` is no column of {table.path}"
    if line.reason == "editorial" and not (line.field in fields and fields[line.field].prose):
        return "`editorial` is a reason for prose alone"
    return ""


def _digest(parts: Iterable[bytes]) -> str:
    found = hashlib.sha256()
    for part in parts:
        found.update(part)
    return found.hexdigest()
