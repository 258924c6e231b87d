"""What `dist/` holds: the tables as CSV, Parquet, DuckDB file and SQL script, a descriptor and checksums."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb

from scripts import views
from scripts.database import TYPES, literal, name
from scripts.package import DESCRIPTOR, Json, Package, Table

SUMS = "SHA256SUMS"
DATABASE = "figures.duckdb"
SCRIPT = "figures.sql"
OLDEST_CLIENT = "v1.2.0"  # of DuckDB, that opens the file


def write(con: duckdb.DuckDBPyConnection, package: Package, out: Path) -> None:
    """Write everything into an empty folder; `con` holds the typed tables.

    All but the DuckDB file, whose bytes differ from run to run, is listed in SHA256SUMS.
    """
    for table in package.tables.values():
        (out / table.path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(package.root / table.path, out / table.path)
    _database(con, package, out / DATABASE)
    _parquet(con, package, out / "parquet")
    (out / SCRIPT).write_text("\n".join(script(package)), "utf-8")
    (out / DESCRIPTOR).write_text(json.dumps(descriptor(con, package), indent=2, ensure_ascii=False) + "\n", "utf-8")
    (out / SUMS).write_text(sums(out), "utf-8")


def _database(con: duckdb.DuckDBPyConnection, package: Package, path: Path) -> None:
    con.execute(f"attach {literal(str(path))} as dist (storage_version {literal(OLDEST_CLIENT)})")
    for table in package.tables.values():
        con.execute(
            f"create table dist.main.{name(table.name)} as select * exclude (_line) from memory.main.{name(table.name)}"
        )
    con.execute("use dist.main")
    for table in package.tables.values():
        for comment in comments(table):
            con.execute(comment)
    views.create(con)
    con.execute("checkpoint dist")


def comments(table: Table) -> Iterator[str]:
    """Yield the SQL that documents a table and its columns."""
    yield f"comment on table {name(table.name)} is {literal(table.description)}"
    for field in table.fields:
        yield f"comment on column {name(table.name)}.{name(field.name)} is {literal(field.description)}"


def _parquet(con: duckdb.DuckDBPyConnection, package: Package, folder: Path) -> None:
    folder.mkdir()
    metadata = f"{{name: {literal(package.descriptor['name'])}, version: {literal(package.version)}}}"
    queries = {table: f"select * from {name(table)}" for table in package.tables}
    queries |= {view.name: f"select * from {view.name} order by all" for view in views.views()}
    for target, query in queries.items():
        path = literal(str(folder / f"{target}.parquet"))
        con.execute(f"copy ({query}) to {path} (format parquet, compression zstd, kv_metadata {metadata})")


def script(package: Package) -> Iterator[str]:
    """Yield the lines of an SQL script that recreates tables and views in a bare DuckDB, from 1.2 on."""
    yield f"-- {package.descriptor['title']}, version {package.version}: all tables and views."
    yield "-- Paths are relative to the working directory. Read this script in the folder where it lies:"
    yield f"--     cd dist && duckdb -init {SCRIPT}     or, at the prompt of DuckDB,     .read {SCRIPT}"
    yield "-- “No files found that match the pattern data/…” means that it was read from another folder.\n"
    for table in package.tables.values():
        columns = ", ".join(f"{literal(field.name)}: {literal(TYPES[field.type])}" for field in table.fields)
        yield f"create or replace table {name(table.name)} as from read_csv({literal(table.path)}, auto_detect = false,"
        yield f"  header = true, delim = ',', quote = '\"', escape = '\"', columns = {{{columns}}});"
        yield from (f"{comment};" for comment in comments(table))
        yield ""
    for view in [*views.views(), *views.macros()]:
        yield from (f"{statement};" for statement in views.statements(view))
        yield ""


def descriptor(con: duckdb.DuckDBPyConnection, package: Package) -> Json:
    """Return the descriptor with the Table Schemas in it and the size and hash of each table."""
    resources = []
    for resource in package.descriptor["resources"]:
        table = package.tables[resource["name"]]
        content = package.root / table.path
        [(rows,)] = con.execute(f"select count(*) from memory.main.{name(table.name)}").fetchall()
        sized = {"bytes": content.stat().st_size, "rows": rows, "hash": f"sha256:{digest(content)}"}
        schema = json.loads((package.root / table.schema_path).read_text("utf-8"))
        resources.append({**resource, **sized, "schema": schema})
    return {**package.descriptor, "resources": resources}


def sums(folder: Path) -> str:
    """Return the lines of SHA256SUMS for a folder, sorted by path, as `sha256sum -c` reads them."""
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return "".join(f"{digest(folder / path)}  {path}\n" for path in files if path not in (SUMS, DATABASE))


def digest(path: Path) -> str:
    """Return the SHA-256 of a file as 64 hex digits (FIPS 180-4)."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
