"""Hold the present against the last release: a released row may not differ without a line in the ledger."""

from collections.abc import Iterator
from dataclasses import fields

import duckdb

from scripts.database import connection
from scripts.database.connection import literal, name
from scripts.datapackage.package import DESCRIPTOR, Package, Table
from scripts.datapackage.problems import Problem
from scripts.datapackage.untrusted import read_json
from scripts.history import as_of, checksums, ledger
from scripts.history.as_of import Place
from scripts.history.ledger import UNRELEASED, Change
from scripts.validation import withdrawn_keys

TOUCHED = "substr(sha256(line || chr(10)), 1, 16) <> new"  # of `as_of.as_added`, as `ledger.row_hash`
EXPLAIN = "take the change back, or make it with `python -m scripts correct` or `withdraw`, which record the reason"


def problems(package: Package, con: duckdb.DuckDBPyConnection | None = None) -> list[Problem]:
    """Return where the present, its pending lines undone, is not the last release; `con` holds the text of the tables.

    Tables whose files are as released are not looked into, so that what costs is what has changed.
    """
    versions = ledger.versions(package)
    if not versions:
        return []
    if con is None:
        con = connection.connect(package.size)
        connection.load(con, package)
    pending = _pending(con)
    found = [*_records(package, versions)] or [*_unexplained(con, package, pending)]
    return found or [*_rows(con, package, versions, {line.resource for line in pending.values()})]


def _pending(con: duckdb.DuckDBPyConnection) -> dict[int, Change]:
    """Return the lines of the ledger that wait for a release, by their line in the file."""
    columns = ", ".join(f"coalesce({name(field.name)}, '')" for field in fields(Change))
    sql = f"select _line, {columns} from text.changes where version = {literal(UNRELEASED)} order by _line"
    return {number: Change(*cells) for number, *cells in con.execute(sql).fetchall()}


def _digests(package: Package, version: str) -> dict[str, str]:
    """Return the SHA-256 that each table had at a version, by name: where its file lay then, be it elsewhere now."""
    descriptor = read_json(ledger.folder(package.root, version) / DESCRIPTOR)
    listed = checksums.of_version(package.root, version)
    return {resource["name"]: listed[resource["path"]] for resource in descriptor["resources"]}


def _rows(
    con: duckdb.DuckDBPyConnection, package: Package, versions: list[str], pending: set[str]
) -> Iterator[Problem]:
    wanted = _digests(package, versions[-1])
    for table in ledger.recorded(package):
        digest = wanted.get(table.name)
        if (
            digest is None
            and checksums.of_file(package.root / table.path) != wanted.get(table.formerly, "")
            and table.formerly in wanted
        ):
            message = f"the table was {table.formerly}, and its rows are not those of version {versions[-1]}"
            yield Problem(table.path, 1, "", "", "released-table", message, "release the new name first, then the rows")
        if digest is None or (table.name not in pending and checksums.of_file(package.root / table.path) == digest):
            continue
        order = as_of.places(package, table)
        yield from withdrawn_keys.problems(con, table, order)
        if checksums.of_parts(as_of.text(con, table, order, order[-2], table.primary_key)) != digest:
            message = f"the table is not that of version {versions[-1]}"
            found = [*_gone(con, table, order), *_changed(con, table, order)]
            yield from found or [Problem(table.path, 1, "", "", "released-table", message, EXPLAIN)]


def _gone(con: duckdb.DuckDBPyConnection, table: Table, order: list[Place]) -> Iterator[Problem]:
    """Yield the released rows that are gone without a line that says so."""
    withdrawn = f"version = {literal(UNRELEASED)} and resource = {literal(table.name)} and change = 'withdrawn'"
    there = f"select {as_of.key(table, 'given')} as key from text.{name(table.name)} as given"
    sql = f"from ({as_of.alive(table, order)}) anti join ({there}) using (key) " + (
        f"anti join (select key from text.changes where {withdrawn}) using (key) order by key"
    )
    for (key,) in con.execute(sql).fetchall():
        message = f"the row of version {order[-2].version} is gone"
        yield Problem(table.path, 0, "", key, "released-row-gone", message, EXPLAIN)


def _changed(con: duckdb.DuckDBPyConnection, table: Table, order: list[Place]) -> Iterator[Problem]:
    """Yield the released rows whose line is not the one that was added, all that the ledger tells of them undone."""
    added = as_of.as_added(table, order, as_of.told(con, table, order))
    sql = f"select distinct coalesce(_line, 0), key from ({added}) where {TOUCHED} order by all"
    for number, key in con.execute(sql).fetchall():
        message = f"the row is not that of version {order[-2].version}, and the ledger does not say why"
        yield Problem(table.path, number, "", key, "released-row-changed", message, EXPLAIN)


def _records(package: Package, versions: list[str]) -> Iterator[Problem]:
    """Yield a problem where the ledger or the list of releases, cut at the last version, is not as released."""
    wanted = _digests(package, versions[-1])
    for table in map(package.tables.__getitem__, ledger.UNRECORDED):
        if wanted.get(table.name) not in (None, checksums.of_parts(ledger.cut(package.root / table.path, versions))):
            message = f"a line of version {versions[-1]} or before was changed"
            yield Problem(table.path, 0, "", "", "released-record", message, "take the change back")


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
