"""One SELECT over the tables and views of a version: read-only, out of reach of files and network, within limits.

Whatever SQL is not of this repository is parsed as one SELECT and run on a connection that was shut off before.
"""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from scripts.database import connection, isolated, views
from scripts.database.quoting import name as quoted  # an identifier
from scripts.datapackage.errors import UsageError
from scripts.datapackage.package import Package, dataset, read
from scripts.history import checksums, claims_history, rebuild
from scripts.query import result
from scripts.query.result import PLAIN, Result

NO_FILES = "max_temp_directory_size = '0B'"
ROWS, SECONDS = 1_000_000, 60  # limits of one query
INSTANT = "TIMESTAMP"


def ask(package: Package, version: str | None, sql: str, *, rows: int = ROWS, seconds: float = SECONDS) -> Result:
    """Return the result of one SELECT over a version, or the present, run in its own process. Raises `UsageError`."""
    asked = {"root": str(package.root), "version": version, "sql": sql, "rows": rows, "seconds": seconds}
    return result.from_json(isolated.call("scripts.query.sandbox:answer", **asked))


def answer(root: str, version: str | None, sql: str, rows: int, seconds: float) -> dict[str, Any]:
    """Return the result of `ask`, in the process that runs it."""
    package = read(Path(root))
    con = connect(package)
    tables(con, package, version)
    whole = set(dataset()) <= package.tables.keys()
    past = {claims_history.NAME: claims_history.sql(con, package)} if whole and not version else {}
    define(con, {**past, **views_of_today()}, partial=bool(version) or not whole)
    lock(con)
    return select(con, sql, rows=rows, seconds=seconds).json


def connect(package: Package) -> duckdb.DuckDBPyConnection:
    """Return a connection that has room for the tables of a package, twice: as text and typed."""
    con = connection.connect(2 * package.size)
    connection.make_room(con)
    return con


def tables(con: duckdb.DuckDBPyConnection, package: Package, version: str | None) -> Package:
    """Make the typed tables of a version, or of the present; return the package as it was then.

    The package holds; a version is one that was released (see `ledger.versions`).
    """
    if version is None or (version == package.version and checksums.unchanged(package)):
        return _load(con, package)
    with tempfile.TemporaryDirectory() as folder, connection.connect(package.size) as present:
        connection.load(present, package)
        rebuild.write(present, package, version, Path(folder))
        return _load(con, read(Path(folder)))


def _load(con: duckdb.DuckDBPyConnection, package: Package) -> Package:
    if found := connection.load(con, package):
        raise UsageError(f"{found[0].path} cannot be read; `python -m scripts validate` says why")
    connection.typed(con, package, lines=False)
    con.execute("drop schema text cascade")
    con.execute("set python_enable_replacements = false")  # or a view of no table is one of a variable of that name
    return package


def define(con: duckdb.DuckDBPyConnection, texts: Mapping[str, str], *, partial: bool = False) -> None:
    """Create views and table macros of ours: name, with its parameters for a macro → SELECT, in the order of need.

    With `partial`, one that cannot be had over the tables there, as of a version without its columns, is left out.
    Raises `UsageError` where there is one and nothing may be left out.
    """
    for name, sql in texts.items():
        try:
            con.execute(definition(name, sql))
        except (duckdb.BinderException, duckdb.CatalogException) as error:
            if not partial:
                raise UsageError(f"the view {name} cannot be had over these tables: {error}") from None


def definition(name: str, sql: str) -> str:
    """Return the statement that creates a view or, with parameters behind its name, a table macro."""
    word, bracket, parameters = name.partition("(")
    kind = f"macro {quoted(word)}{bracket}{parameters} as table" if bracket else f"view {quoted(word)} as"
    return f"create or replace {kind}\n{sql}\n"


def views_of_today() -> dict[str, str]:
    """Return the views and macros of this repository as `define` takes them."""
    return {f"{view.name}{view.parameters}": view.sql for view in [*views.views(), *views.macros()]}


def lock(con: duckdb.DuckDBPyConnection, *, threads: int | None = None) -> None:
    """Shut a connection off from files, network and settings, for good.

    What does not fit into memory is written to a file only where the tables lie in one themselves.
    Raises `UsageError` where the tables did not fit.
    """
    no_files = [] if connection.folder(con) else [NO_FILES]
    try:
        for setting in [*([f"threads = {threads}"] if threads else []), *no_files, *isolated.SHUT]:
            con.execute(f"set {setting}")
    except duckdb.OutOfMemoryException:
        raise UsageError("the tables do not fit into memory; give DuckDB more, as in FIGURES_MEMORY=4GiB") from None


def turn(con: duckdb.DuckDBPyConnection, package: Package) -> None:
    """Put the rows of every table in the opposite order."""
    for table in map(connection.name, package.tables):
        con.execute(f"create or replace table {table} as select * from {table} order by rowid desc")


def select(con: duckdb.DuckDBPyConnection, sql: str, *, rows: int = ROWS, seconds: float = SECONDS) -> Result:
    """Return the result of one SELECT, run in a transaction that can only read.

    Raises `UsageError` where the SQL is another statement, several, or not understood, or a limit is passed.
    """
    try:
        query = _one_select(con, sql)
        with _reading(con), isolated.within(con, seconds):
            columns = [(str(row[0]), str(row[1])) for row in con.execute(f"describe {query}\n").fetchall()]
            names = ", ".join(f"c{place}" for place in range(len(columns)))
            cells = ", ".join(_cell(f"c{place}", type_) for place, (_, type_) in enumerate(columns))
            con.execute(f"select {cells} from (\n{query}\n) as result ({names})")
            found = con.fetchmany(rows + 1)
    except duckdb.InterruptException:
        raise UsageError(f"the query took more than {seconds:g} seconds and was stopped; ask for less") from None
    except duckdb.Error as error:
        raise UsageError(str(error)) from None
    if len(found) > rows:
        raise UsageError(
            f"the result has more than {rows:,} rows; ask for less, or read dist/ with a DuckDB of your own"
        )
    return Result(columns, found)


def _one_select(con: duckdb.DuckDBPyConnection, sql: str) -> str:
    """Return the text of a SELECT alone, without what may stand behind it. Raises `UsageError`."""
    if not sql.isascii() and any("\ud800" <= sign <= "\udfff" for sign in sql):
        raise UsageError("the SQL holds half a character, which no text can; write it as UTF-8")
    statements = con.extract_statements(sql)
    if [statement.type for statement in statements] != [duckdb.StatementType.SELECT]:
        raise UsageError("one SELECT is run, and nothing that changes or reaches anything else")
    text = sql.encode()  # where its tokens are counted
    ends = (at for at, kind in duckdb.tokenize(sql) if kind == duckdb.token_type.operator and text[at : at + 1] == b";")
    return text[: next(ends, len(text))].decode()


def _cell(column: str, type_: str) -> str:
    """Return the SQL for a cell that Python and JSON can hold, whatever its type."""
    if PLAIN.fullmatch(type_):
        return column
    if type_ == INSTANT:
        whole = f"strftime({column}, '%Y-%m-%dT%H:%M:%S')"
        return (
            f"case when microsecond({column}) % 1000000 = 0 then {whole} else {whole} || strftime({column}, '.%f') end"
        )
    nested = type_.endswith("]") or type_.startswith(("STRUCT", "MAP", "UNION"))
    return f"cast({f'to_json({column})' if nested else column} as varchar)"


@contextmanager
def _reading(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    con.execute("begin transaction read only")
    try:
        yield
    finally:
        con.execute("rollback")
