"""What a folder that `build` wrote is worth today, whoever hands it over."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb

from scripts.citation import verify
from scripts.citation.verify import TAMPERED, UNKNOWN, Verdict
from scripts.database import isolated
from scripts.database.connection import file, name
from scripts.datapackage import canonical_csv, untrusted
from scripts.datapackage.errors import CallOff
from scripts.datapackage.package import DESCRIPTOR, Json, Package, Table
from scripts.history import checksums, ledger, rebuild
from scripts.history.checksums import SUMS

SHUT: dict[str, str | bool | int | float | list[str]] = {"enable_external_access": False, "lock_configuration": True}


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
        if copy.suffix == ".duckdb":
            with duckdb.connect(str(copy), read_only=True, config=SHUT) as con:
                kinds = (
                    "select table_type from information_schema.tables where table_schema = 'main' and table_name = ?"
                )
                if con.execute(kinds, [table]).fetchall() != [("BASE TABLE",)]:
                    return ""
                rows = con.execute(f"select {columns} from main.{name(table)}").fetchall()
        else:
            with duckdb.connect() as con:
                rows = con.execute(f"select {columns} from read_parquet({file(copy)})").fetchall()
    except duckdb.IOException as error:
        if "lock" in str(error):
            raise CallOff(f"{copy} is open in another program; close it there, then verify again") from None
        return ""
    except duckdb.Error:
        return ""
    cells = [list(map(canonical_csv.cell, row)) for row in rows]
    places = [header.index(column) for column in key]
    cells.sort(key=lambda row: [row[place].encode() for place in places])
    return checksums.of_parts(map(str.encode, map(canonical_csv.line, [header, *cells])))
