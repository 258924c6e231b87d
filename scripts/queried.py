"""One SELECT over the tables and views of a version: read-only, out of reach of files and network, within limits."""

import hashlib
import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Any

import duckdb

from scripts import canonical, database, rebuilt, released, views
from scripts.call import CallOff
from scripts.package import Package, read

LOCK = ("enable_external_access = false", "python_enable_replacements = false", "lock_configuration = true")
NO_FILES = "max_temp_directory_size = '0B'"
ROWS, SECONDS = 1_000_000, 60  # limits of one query
SINGLE = re.compile(
    r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|BOOLEAN|DATE|DECIMAL\([0-9,]+\)|DOUBLE|ENUM\(.*\)|FLOAT|TIME|TIMESTAMP|UUID|VARCHAR"
)


@dataclass(frozen=True)
class Result:
    """The columns of a result (name, type of DuckDB) and its rows, as they came."""

    columns: tuple[tuple[str, str], ...]
    rows: list[tuple[Any, ...]]

    @property
    def names(self) -> list[str]:
        """The names of the columns."""
        return [name for name, _ in self.columns]

    @property
    def lines(self) -> list[str]:
        """Each row as a JSON list of texts, null where there is nothing, sorted as bytes (RDA R5)."""
        texts = [[None if cell is None else canonical.cell(cell) for cell in row] for row in self.rows]
        return sorted((json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in texts), key=str.encode)

    @property
    def digest(self) -> str:
        """The SHA-256 of the lines, each with its LF, as 64 hex digits (RDA R6)."""
        return hashlib.sha256("".join(f"{line}\n" for line in self.lines).encode()).hexdigest()


def connect(package: Package) -> duckdb.DuckDBPyConnection:
    """Return a connection that has room for the tables of a package, twice: as text and typed."""
    con = database.connect(2 * package.size)
    database.make_room(con)
    return con


def tables(con: duckdb.DuckDBPyConnection, package: Package, version: str | None) -> Package:
    """Make the typed tables of a version, or of the present; return the package as it was then.

    The package holds; a version is one that was released (see `ledger.versions`).
    """
    if version is None or (version == package.version and released.unchanged(package)):
        return _load(con, package)
    with tempfile.TemporaryDirectory() as folder, database.connect(package.size) as present:
        database.load(present, package)
        rebuilt.write(present, package, version, Path(folder))
        return _load(con, read(Path(folder)))


def _load(con: duckdb.DuckDBPyConnection, package: Package) -> Package:
    if found := database.load(con, package):
        raise CallOff(f"{found[0].path} cannot be read; `python -m scripts validate` says why")
    database.typed(con, package, lines=False)
    con.execute("drop schema text cascade")
    return package


def define(con: duckdb.DuckDBPyConnection, texts: Mapping[str, str], *, partial: bool = False) -> None:
    """Create views and table macros: name, with its parameters for a macro → SELECT, each behind what it stands on.

    With `partial`, one that cannot be had over the tables there, as of a version without its columns, is left out.
    Raises `CallOff` where there is one and nothing may be left out.
    """
    for name, sql in texts.items():
        kind = f"macro {name} as table" if "(" in name else f"view {name} as"
        try:
            con.execute(f"create or replace {kind}\n{sql}")
        except (duckdb.BinderException, duckdb.CatalogException) as error:
            if not partial:
                raise CallOff(f"the view {name} cannot be had over these tables: {error}") from None


def views_of_today() -> dict[str, str]:
    """Return the views and macros of this repository as `define` takes them."""
    return {f"{view.name}{view.parameters}": view.sql for view in [*views.views(), *views.macros()]}


def lock(con: duckdb.DuckDBPyConnection, *, threads: int | None = None) -> None:
    """Shut a connection off from files, network and settings, for good.

    What does not fit into memory is written to a file only where the tables lie in one themselves.
    Raises `CallOff` where the tables did not fit.
    """
    no_files = [] if database.folder(con) else [NO_FILES]
    try:
        for setting in [*([f"threads = {threads}"] if threads else []), *no_files, *LOCK]:
            con.execute(f"set {setting}")
    except duckdb.OutOfMemoryException:
        raise CallOff("the tables do not fit into memory; give DuckDB more, as in FIGURES_MEMORY=4GiB") from None


def turn(con: duckdb.DuckDBPyConnection, package: Package) -> None:
    """Put the rows of every table in the opposite order."""
    for table in map(database.name, package.tables):
        con.execute(f"create or replace table {table} as select * from {table} order by rowid desc")


def select(con: duckdb.DuckDBPyConnection, sql: str, *, rows: int = ROWS, seconds: float = SECONDS) -> Result:
    """Return the result of one SELECT, run in a transaction that can only read.

    Raises `CallOff` where the SQL is another statement, several, or not understood, or a limit is passed.
    """
    try:
        statements = con.extract_statements(sql)
        if [statement.type for statement in statements] != [duckdb.StatementType.SELECT]:
            raise CallOff("one SELECT is run, and nothing that changes or reaches anything else")
        with _reading(con), _within(con, seconds):
            con.execute(statements[0])
            described = tuple((str(column[0]), str(column[1])) for column in con.description or [])
            found = con.fetchmany(rows + 1)
    except duckdb.InterruptException:
        raise CallOff(f"the query took more than {seconds:g} seconds and was stopped; ask for less") from None
    except duckdb.Error as error:
        raise CallOff(str(error)) from None
    if len(found) > rows:
        raise CallOff(f"the result has more than {rows:,} rows; ask for less, or read dist/ with a DuckDB of your own")
    return Result(described, found)


@contextmanager
def _reading(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    con.execute("begin transaction read only")
    try:
        yield
    finally:
        con.execute("rollback")


@contextmanager
def _within(con: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    timer = Timer(seconds, con.interrupt)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


def nested(result: Result) -> list[str]:
    """Return the columns whose cells are no single value that has one text: lists, structs, maps, intervals."""
    return [name for name, type_ in result.columns if not SINGLE.fullmatch(type_)]
