"""A released version from the present and the ledger: every file that it lists, byte for byte, without git."""

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.database.quoting import name
from scripts.datapackage import canonical_csv
from scripts.datapackage.package import DESCRIPTOR, Json, Package, Table, is_stray, table
from scripts.datapackage.untrusted import check_file, read_json
from scripts.history import as_of, checksums, ledger
from scripts.history.checksums import SUMS

if TYPE_CHECKING:
    import duckdb


def files(package: Package, version: str, state: ledger.State | None = None) -> dict[str, bytes]:
    """Return the files of a version by path: those that its SHA256SUMS lists, itself, and its `releases/`.

    SHA256SUMS stands at the top as well, so that `sha256sum -c SHA256SUMS` holds in the folder. `state` is what the
    tables were, for those who know it already.
    """
    kept = ledger.folder(package.root, version)
    state, tables = state or ledger.at(package, version), tables_of(package, version)
    found: dict[str, bytes] = {}
    for path in checksums.of_version(package.root, version):
        if path in tables:
            found[path] = _table(package, version, tables[path], state)
        elif path.startswith("releases/"):
            found[path] = _bytes(package.root / path)
        else:
            found[path] = _bytes(kept / path)
    known = ledger.versions(package)
    for earlier in known[: known.index(version) + 1]:
        found |= _folder(package.root, ledger.folder(package.root, earlier))
    return {**found, SUMS: _bytes(kept / SUMS)}


def write(con: "duckdb.DuckDBPyConnection", package: Package, version: str, folder: Path) -> list[str]:
    """Write the files of a version into a folder: those of `files`, of any size; `con` holds the text of the tables.

    Returns the paths that are not what the checksums of the version say, sorted.
    """
    kept, known = ledger.folder(package.root, version), ledger.versions(package)
    wanted, tables = checksums.of_version(package.root, version), tables_of(package, version)
    for path in wanted:
        if path in tables:
            _put(folder / path, _parts(con, package, version, tables[path]))
        else:
            _copy(package.root / path if path.startswith("releases/") else kept / path, folder / path)
    for earlier in known[: known.index(version) + 1]:
        for source in _files(ledger.folder(package.root, earlier)):
            _copy(source, folder / source.relative_to(package.root))
    _copy(kept / SUMS, folder / SUMS)
    return sorted(path for path, digest in wanted.items() if checksums.of_file(folder / path) != digest)


def _parts(con: "duckdb.DuckDBPyConnection", package: Package, version: str, of_then: Table) -> Iterator[bytes]:
    """Yield the bytes of a table of a version."""
    known = ledger.versions(package)
    if of_then.name in ledger.UNRECORDED:
        now = package.root / package.tables[of_then.name].path
        yield from ledger.cut(now, known[: known.index(version) + 1])
        return
    table = package.tables.get(of_then.name, of_then)
    if table is of_then:  # a table that is no more
        columns = ", ".join(f"{name(column)} varchar" for column in table.header)
        con.execute(f"create table if not exists text.{name(table.name)} (_line bigint, {columns})")
    order = as_of.places(package, table)
    yield from as_of.text(con, table, order, order[known.index(version)], of_then.primary_key)


def _put(path: Path, parts: Iterable[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.writelines(parts)


def _copy(source: Path, target: Path) -> None:
    check_file(source)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _bytes(path: Path) -> bytes:
    check_file(path)
    return path.read_bytes()


def tables_of(package: Package, version: str) -> dict[str, Table]:
    """Return the tables of a version by path, as the descriptor and Table Schemas of its time describe them."""
    kept = ledger.folder(package.root, version)
    descriptor: Json = read_json(kept / DESCRIPTOR)
    resources = descriptor["resources"]
    return {resource["path"]: table(resource, read_json(kept / resource["schema"])) for resource in resources}


def _table(package: Package, version: str, of_then: Table, state: ledger.State) -> bytes:
    if of_then.name not in ledger.UNRECORDED:
        return ledger.content_text(of_then, state[of_then.name]).encode()
    known = ledger.versions(package)
    kept = set(known[: known.index(version) + 1])
    rows = [row for row in canonical_csv.rows(package.root / package.tables[of_then.name].path) if row[0] in kept]
    return canonical_csv.text(of_then, rows).encode()


def _folder(root: Path, folder: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in _files(folder)}


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and not is_stray(path)]


def different(package: Package, version: str, found: dict[str, bytes]) -> list[str]:
    """Return the paths of files that are not what the checksums of their version say, sorted."""
    wanted = checksums.of_version(package.root, version)
    return sorted(path for path, digest in wanted.items() if checksums.of_text(found[path]) != digest)
