"""What `dist/` holds: tables and views as CSV, Parquet, DuckDB file and SQL script; readers; descriptor; checksums."""

import json
import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path

import duckdb

from scripts.citation import reference
from scripts.database import connection, views
from scripts.database.connection import TYPES
from scripts.database.quoting import file, literal, name
from scripts.datapackage import atomic_write
from scripts.datapackage.package import DESCRIPTOR, Field, Json, Package, Table
from scripts.history import checksums, claims_history
from scripts.history.checksums import SUMS
from scripts.publish import archive, csv_copy, dist_descriptor, feed, latest, page, query_page, records
from scripts.publish.books import files as books
from scripts.publish.charts import gallery, render
from scripts.publish.metadata import catalogue
from scripts.publish.packages import files as packages

DATABASE = "figures.duckdb"
DATABASE_SUM = f"{DATABASE}.sha256"
UNLIKE = (".duckdb", ".duckdb.sha256")  # the bytes of a DuckDB file differ from run to run: it has a list of its own
SCRIPT = "figures.sql"
OLDEST_CLIENT = "v1.2.0"  # of DuckDB, that opens the file
READERS = Path(__file__).resolve().parent / "readers"


def write(
    con: duckdb.DuckDBPyConnection, package: Package, out: Path, *, with_records: bool = False, base_url: str = ""
) -> None:
    """Write everything into an empty folder; `con` holds the typed tables.

    All but DuckDB files, whose bytes differ from run to run, is listed in SHA256SUMS. A page and a JSON for each claim
    and source are made where they are asked for, and a sitemap of them where `base_url` tells their address.
    """
    for table in package.tables.values():
        (out / table.path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(package.root / table.path, out / table.path)
    stated = dist_descriptor.stated(package)
    with ThreadPoolExecutor(2) as beside:  # what runs in processes of its own
        answered = beside.submit(query_page.files, package)
        _database(con, package, out / DATABASE)
        _parquet(con, package, stated, out / "parquet")
        shown = gallery.sized(con)
        drawn = beside.submit(render.apart, shown.charts, gallery.version())
        descriptor = _described(con, package, stated, out)
        books.write(con, package, descriptor, out)
        packages.write(con, package, descriptor, out)
        for path, text in answered.result().items():
            (out / path).parent.mkdir(exist_ok=True)
            (out / path).write_text(text, "utf-8", newline="\n")
        (out / "index.html").write_text(page.html(con, package, descriptor, shown, with_records), "utf-8", newline="\n")
    (out / "charts").mkdir()
    for path, picture in drawn.result().items():
        (out / "charts" / path).write_bytes(picture)
    (out / DATABASE_SUM).write_text(
        checksums.as_list({DATABASE: checksums.of_file(out / DATABASE)}), "utf-8", newline="\n"
    )
    if with_records:
        records.write(con, package, descriptor, out)
    if base_url:
        records.write_sitemaps(out, base_url)
    feed.write(con, package, descriptor, out)
    archive.write(package, descriptor, out, DATABASE)
    latest.write(con, package, descriptor, out, digests(out))
    (out / SUMS).write_text(checksums.as_list(digests(out)), "utf-8", newline="\n")


def _described(con: duckdb.DuckDBPyConnection, package: Package, stated: Json, out: Path) -> Json:
    """Write views as CSV, SQL script, readers and metadata; return the descriptor of it all."""
    _views(con, out)
    (out / SCRIPT).write_text("\n".join(script(package)), "utf-8", newline="\n")
    for reader in ("figures.py", "figures.R"):
        shutil.copyfile(READERS / reader, out / reader)
    descriptor = dist_descriptor.descriptor(con, package, stated, out)
    for path, content in {DESCRIPTOR: descriptor, **catalogue.files(descriptor)}.items():
        (out / path).write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8", newline="\n")
    (out / reference.PATH).write_text(reference.cff(descriptor), "utf-8", newline="\n")
    return descriptor


def _database(con: duckdb.DuckDBPyConnection, package: Package, path: Path) -> None:
    con.execute(f"attach {literal(str(path))} as dist (storage_version {literal(OLDEST_CLIENT)})")
    for table in map(name, package.tables):
        con.execute(f"create table dist.main.{table} as select * exclude (_line) from main.{table}")
    con.execute(f"create table dist.main.{claims_history.NAME} as {claims_history.sql(con, package)}")
    con.execute("use dist.main")
    con.execute("reset disabled_optimizers")  # from here on no row's place counts
    for comment in [
        *chain(*map(comments, package.tables.values())),
        *views.comments(claims_history.of_history(package)),
    ]:
        con.execute(comment)
    views.create_static(con)
    con.execute("checkpoint dist")


def comments(table: Table) -> Iterator[str]:
    """Yield the SQL that documents a table and its columns."""
    yield f"comment on table {name(table.name)} is {literal(table.description)}"
    for field in table.fields:
        yield f"comment on column {name(table.name)}.{name(field.name)} is {literal(field.description)}"


def _views(con: duckdb.DuckDBPyConnection, out: Path) -> None:
    (out / "views").mkdir()
    for view in [claims_history.NAME, *(view.name for view in views.views())]:
        _view(con, out, view)


def _view(con: duckdb.DuckDBPyConnection, out: Path, view: str) -> None:
    """Write a view as CSV in canonical form, as its Parquet copy has it."""
    csv_copy.write(con, f"read_parquet({file(out / 'parquet' / f'{view}.parquet')})", out / "views" / f"{view}.csv")


def _parquet(con: duckdb.DuckDBPyConnection, package: Package, stated: Json, folder: Path) -> None:
    """Write tables and views, these ordered by all columns, so that bytes depend on rows alone.

    From then on `con` reads what is written here, as do views that stand on others: each is asked once.
    """
    folder.mkdir()
    known = {key: stated[key] for key in ("name", "title", "version")}
    known |= {"citation": stated["bibliographicCitation"], "license": stated["licenses"][0]["name"]}
    # pandas makes `DataFrame.attrs` of PANDAS_ATTRS (2.1 and newer)
    entries = {**known, "PANDAS_ATTRS": json.dumps(known, ensure_ascii=False)}
    metadata = f"{{{', '.join(f'{key}: {literal(text)}' for key, text in entries.items())}}}"

    def copy(relation: str, query: str) -> None:
        path = folder / f"{relation}.parquet"
        options = f"format parquet, compression zstd, kv_metadata {metadata}"
        con.execute(f"copy ({query}) to {literal(str(path))} ({options})")
        con.execute(f"create or replace view {name(relation)} as from read_parquet({file(path)})")

    con.execute("attach ':memory:' as copies")
    con.execute("use copies.main")
    connection.make_room(con)
    for table in [*package.tables, claims_history.NAME]:
        copy(table, f"from dist.main.{name(table)}")
    for view in views.views():
        con.execute(f"create view {name(view.name)} as\n{view.sql}")
        copy(view.name, f"from {name(view.name)} order by all")
    con.execute("detach dist")  # whose file is whole from here on


def script(package: Package) -> Iterator[str]:
    """Yield the lines of an SQL script that recreates tables and views in a bare DuckDB, from 1.2 on."""
    yield f"-- {package.descriptor['title']}, version {package.version}: all tables and views."
    yield "-- Paths are relative to the working directory. Read this script in the folder where it lies:"
    yield f"--     cd dist && duckdb -init {SCRIPT}     or, at the prompt of DuckDB,     .read {SCRIPT}"
    yield "-- “No files found that match the pattern data/…” means that it was read from another folder.\n"
    for table in package.tables.values():
        yield from _from_csv(table.name, table.path, table.fields)
        yield from (f"{comment};" for comment in comments(table))
        yield ""
    yield from _from_csv(claims_history.NAME, f"views/{claims_history.NAME}.csv", claims_history.fields(package))
    yield from (f"{comment};" for comment in views.comments(claims_history.of_history(package)))
    yield ""
    for view in [*views.views(), *views.macros()]:
        yield from (f"{statement};" for statement in views.statements(view))
        yield ""


def _from_csv(relation: str, path: str, fields: Iterable[Field]) -> Iterator[str]:
    columns = ", ".join(f"{literal(field.name)}: {literal(TYPES[field.type])}" for field in fields)
    yield f"create or replace table {name(relation)} as from read_csv({literal(path)}, auto_detect = false,"
    yield f"  header = true, delim = ',', quote = '\"', escape = '\"', columns = {{{columns}}});"


def digests(folder: Path) -> dict[str, str]:
    """Return the digest of each file of a folder that SHA256SUMS lists, by path."""
    files = atomic_write.files(folder)
    listed = {name: path for name, path in files.items() if name != SUMS and not name.endswith(UNLIKE)}
    return {name: checksums.of_file(path) for name, path in listed.items()}
