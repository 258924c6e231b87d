"""What a folder that `build` wrote is worth today, whoever hands it over."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb

from scripts.citation import verify
from scripts.citation.verify import TAMPERED, UNKNOWN, Verdict
from scripts.database import isolated
from scripts.database.quoting import file, literal, name
from scripts.datapackage import canonical_csv, untrusted
from scripts.datapackage.errors import UsageError
from scripts.datapackage.package import DESCRIPTOR, Json, Package, Table
from scripts.history import checksums, ledger, rebuild
from scripts.history.checksums import SUMS

SECONDS = 60  # in which a table of a copy is to be read
OPEN_ELSEWHERE = re.compile(r"could not set lock|being used by another process", re.IGNORECASE)


def judge(here: Package, folder: Path) -> Verdict:
    """Judge a folder that `build` wrote: tables as CSV, Parquet and in the DuckDB file, and all other checksums.

    Raises `Unreadable` where its descriptor or its list of checksums cannot be read.
    """
    stated = untrusted.parse_json(untrusted.read_text(folder / DESCRIPTOR))
    number = str(stated.get("version")) if isinstance(stated, dict) else ""
    if number not in ledger.versions(here):
        return Verdict(UNKNOWN, f"version {number} in {folder}", ("no released version",))
    wanted = checksums.of_version(here.root, number)
    lines = [*_sums(folder)]
    tables = rebuild.tables_of(here, number)
    copies = {(path, copy): table for path, table in tables.items() for copy in _copies(folder, table)}
    asked = [
        {"copy": str((folder / copy).resolve()), "table": table.name, "header": table.header}
        for (_, copy), table in copies.items()
    ]
    digests = (
        isolated.call("scripts.citation.verify_dist:digests_of_copies", asked=asked, keys=_keys(tables))
        if asked
        else []
    )
    for path, table in tables.items():
        lines += (
            [] if checksums.of_file(folder / path) == wanted[path] else [f"{path}: not the table of version {number}"]
        )
        for (of, copy), digest in zip(copies, digests, strict=True):
            if of == path and digest != wanted[path]:
                lines.append(f"{copy}: {table.name} is not that of version {number}")
    if lines:
        return Verdict(TAMPERED, f"version {number} in {folder}", tuple(dict.fromkeys(lines)))
    judged = verify.version(here, number)
    return Verdict(judged.word, f"{judged.of} in {folder}", judged.lines)


def _copies(folder: Path, table: Table) -> list[str]:
    return [copy for copy in (f"parquet/{table.name}.parquet", "figures.duckdb") if (folder / copy).is_file()]


def _keys(tables: Mapping[str, Table]) -> dict[str, list[str]]:
    return {table.name: list(table.primary_key) if table.sorted else [] for table in tables.values()}


def _sums(folder: Path) -> Iterator[str]:
    """Yield the files of a folder that are not what its own SHA256SUMS says."""
    try:
        listed = checksums.listed(folder / SUMS)
    except checksums.NoSums as error:
        yield f"{SUMS}: line {error.line}: {error}" if error.line else f"{SUMS}: {error}"
        return
    for path, digest in listed.items():
        if checksums.of_file(folder / path) != digest:
            yield f"{path}: not what {SUMS} says"


def digests_of_copies(asked: list[Json], keys: Mapping[str, list[str]]) -> list[str]:
    """Return the digest of each table in a Parquet or DuckDB file, by way of its canonical form; '' where it lacks it.

    It runs in a process of its own, on connections that are shut off: a table of a stranger may be a view that reads.
    """
    return [_reduced(Path(each["copy"]), each["table"], each["header"], keys[each["table"]]) for each in asked]


def _reduced(copy: Path, table: str, header: list[str], key: list[str]) -> str:
    columns = ", ".join(map(name, header))
    try:
        with duckdb.connect() as con, isolated.within(con, SECONDS):
            found = _rows(con, copy, table, columns)
    except duckdb.IOException as error:
        if OPEN_ELSEWHERE.search(str(error)):
            raise UsageError(f"{copy} is open in another program; close it there, then verify again") from None
        return ""
    except duckdb.InterruptException:
        raise UsageError(f"{copy}: reading {table} took more than {SECONDS} seconds and was stopped") from None
    except duckdb.Error:
        return ""
    cells = [list(map(canonical_csv.cell, row)) for row in found]
    places = [header.index(column) for column in key]
    cells.sort(key=lambda row: [row[place].encode() for place in places])
    return checksums.of_parts(map(str.encode, map(canonical_csv.line, [header, *cells])))


def _rows(con: duckdb.DuckDBPyConnection, copy: Path, table: str, columns: str) -> list[tuple[Any, ...]]:
    """Return the rows of a table in a copy, on a connection of ours that reaches nothing but that file."""
    if copy.suffix == ".parquet":
        con.execute(f"set allowed_paths = [{literal(str(copy))}]")
        relation = f"read_parquet({file(copy)})"
    else:
        con.execute(f"attach {literal(str(copy))} as given (read_only)")
        kept = "select 1 from duckdb_tables() where (database_name, schema_name, table_name) = ('given', 'main', ?)"
        if not con.execute(kept, [table]).fetchall():  # a view, which may read what it likes
            return []
        relation = f"given.main.{name(table)}"
    for setting in isolated.SHUT:
        con.execute(f"set {setting}")
    return con.execute(f"select {columns} from {relation}").fetchall()
