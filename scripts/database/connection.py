"""DuckDB connections, and the tables of a package in them: as text with line numbers, then typed."""

import atexit
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import duckdb

from scripts.database import canonical_check, line_reader, whole_table
from scripts.database.quoting import file as file
from scripts.database.quoting import literal as literal  # from here on, as from where they stand
from scripts.database.quoting import name as name
from scripts.database.scan import Hopeless, Scan
from scripts.datapackage.errors import UsageError
from scripts.datapackage.package import Package, Table
from scripts.datapackage.problems import REWRITE, Problem

# duckdb 2.0.0 pushes a cast into an all-text read_csv and drops the rows that do not hold;
# it guesses the size of text tables wrongly, so that joins in another order, and IN lists as joins, take longer.
OPTIMIZERS_OFF = "type_pushdown,join_order,in_clause"
MEMORY = "900MiB"  # of DuckDB; what does not fit is written to a folder for temporary files
ROOM = "2GiB"  # the same, for views: they join and sort whole tables
LINES = f"max_line_size = {canonical_check.LONGEST}, buffer_size = {32 << 20}"  # as where lines may be longer
LARGE = 4 << 20  # bytes of a file from which on it is read in blocks
IN_MEMORY = 500 << 20  # bytes of CSV that fit, twice as large, into that memory
TYPES: Mapping[str, str] = {
    "string": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
}


def connect(size: int = 0) -> duckdb.DuckDBPyConnection:
    """Return a connection to a new database that keeps the order of rows, for tables of so many bytes as CSV.

    It lies in memory; where those would not fit, in a folder that goes when the process ends.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "memory_limit": memory(MEMORY),
        "temp_directory": str(Path(tempfile.gettempdir()) / f"figures-{os.getpid()}"),
    }
    file = ":memory:"
    if size > IN_MEMORY:
        config["temp_directory"] = aside = tempfile.mkdtemp(prefix="figures-")
        atexit.register(shutil.rmtree, aside, ignore_errors=True)
        file = f"{aside}/figures.duckdb"
    con = duckdb.connect(file, config=config)
    con.execute(f"set disabled_optimizers = '{OPTIMIZERS_OFF}'")
    con.execute("set timezone = 'UTC'")  # so that an answer is the same on every machine
    con.execute("set enable_progress_bar = false")  # duckdb draws it on stdout
    con.execute("create schema text")
    con.execute("create table text._broken (resource varchar, _line bigint)")  # see `problem_limit.BROKEN`
    return con


def memory(default: str) -> str:
    """Return how much memory DuckDB may take: what FIGURES_MEMORY says, if it says anything. Raises `UsageError`."""
    given = os.environ.get("FIGURES_MEMORY", default)
    match = re.fullmatch(r"([1-9][0-9]{0,6}) ?([KMGT]i?B)", given)
    if not match:
        raise UsageError(f"FIGURES_MEMORY is `{given}`, which is no amount of memory; write it as 900MiB or 4GiB")
    return given


def folder(con: duckdb.DuckDBPyConnection) -> Path | None:
    """Return the folder of a database that does not lie in memory."""
    [(file,)] = con.execute("select path from duckdb_databases() where database_name = current_database()").fetchall()
    return Path(file).parent if file else None


def make_room(con: duckdb.DuckDBPyConnection) -> None:
    """Let views have more memory than validation needs."""
    con.execute(f"set memory_limit = {literal(memory(ROOM))}")


def load(con: duckdb.DuckDBPyConnection, package: Package) -> list[Problem]:
    """Read every table into `text.TABLE` (all cells text, blank = NULL, `_line`); return what is wrong."""
    aside = folder(con)
    return [one for table in package.tables.values() for one in _load(con, table, package.root / table.path, aside)]


def _load(con: duckdb.DuckDBPyConnection, table: Table, path: Path, aside: Path | None) -> list[Problem]:
    lines = canonical_check.lines_of(path, table)
    if lines is not None and read(con, table, path, aside):
        if canonical_check.in_order(con, table, lines):
            return []
        con.execute(f"drop view text.{name(table.name)}; drop {_kind(aside)} text.{name(KEPT + table.name)}")
    if fault := whole_table.fault(path, table):
        _register(con, Scan(table))
        return [fault, *_besides(path, table, fault)]
    if path.stat().st_size > LARGE:
        from scripts.database import block_reader  # polars, which small files do without

        try:
            with tempfile.NamedTemporaryFile(suffix=".csv") as file:
                found = block_reader.mend(table, path, file)
                if read(con, table, Path(file.name), aside):
                    return [*found, *block_reader.order(con, table)]
        except Hopeless as end:
            _register(con, Scan(table))
            return [end.problem]
    scan = line_reader.scan(path, table)
    _register(con, scan)
    return scan.problems


def _besides(path: Path, table: Table, fault: Problem) -> list[Problem]:
    """Return what a person must mend before `--fix` can cure a fault."""
    if not fault.fix.startswith(REWRITE) or path.stat().st_size > LARGE:
        return []
    return [problem for problem in line_reader.scan(path, table).problems if not problem.fix.startswith(REWRITE)]


KEPT = "_"  # before the name of a table: its rows as read; a row's place in it is its line


def _kind(aside: Path | None) -> str:
    return "view" if aside else "table"


def read(con: duckdb.DuckDBPyConnection, table: Table, path: Path, aside: Path | None = None) -> bool:
    """Read a file whose rows are one a line; whether that is so (cells too many or few, or not UTF-8).

    What is read lies in memory, or as Parquet in the folder `aside`.
    """
    columns = ", ".join(f"{literal(column)}: 'VARCHAR'" for column in table.header)
    rows = (
        f"read_csv({file(path)}, auto_detect = false, header = true, delim = ',', quote = '\"', "
        f"escape = '\"', new_line = '\\n', {LINES}, columns = {{{columns}}})"
    )
    kept, first = f"text.{name(KEPT + table.name)}", name(table.header[0])
    try:
        if aside:
            parquet = aside / f"{table.name}.parquet"
            con.execute(f"copy (from {rows}) to {literal(str(parquet))} (format parquet)")
            con.execute(f"create view {kept} as from read_parquet({file(parquet)}, file_row_number = true)")
        else:
            con.execute(f"create table {kept} as from {rows}")
    except duckdb.Error:  # the scan says where
        return False
    place = "file_row_number" if aside else "rowid"
    con.execute(
        f"create view text.{name(table.name)} as select {place} + 2 as _line, {', '.join(map(name, table.header))} "
        f"from {kept} where {first} is distinct from chr(0)"
    )
    return True


def _register(con: duckdb.DuckDBPyConnection, scan: Scan) -> None:
    """Make a text table of the rows that a scan could read."""
    import polars as pl

    header = scan.table.header
    columns: dict[str, list[int] | list[str | None]] = {"_line": scan.lines}
    for place, column in enumerate(header):
        columns[column] = [row[place] or None for row in scan.rows]
    schema = {"_line": pl.Int64} | dict.fromkeys(header, pl.String)
    frame = pl.DataFrame(columns, schema=schema)  # noqa: F841  (read by name in the query)
    con.execute(f"create table text.{name(scan.table.name)} as select * from frame")


def typed(con: duckdb.DuckDBPyConnection, package: Package, *, lines: bool) -> None:
    """Make `TABLE` of every `text.TABLE`: cells in their types, what cannot be cast NULL.

    With lines it is a view with `_line`, so that a large table is not kept twice.
    """
    kind = "view" if lines else "table"
    for table in package.tables.values():
        columns = ["_line"] if lines else []
        columns += [cast(field.name, field.type) for field in table.fields]
        con.execute(
            f"create {kind} main.{name(table.name)} as select {', '.join(columns)} "
            f"from text.{name(table.name)}{'' if lines else ' order by _line'}"
        )


def cast(column: str, type_: str) -> str:
    """Return the select item that gives a text column its type."""
    if type_ == "string":
        return name(column)
    return f"try_cast({name(column)} as {TYPES[type_]}) as {name(column)}"
