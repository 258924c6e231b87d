"""DuckDB connections, and the tables of a package in them: as text with line numbers, then typed."""

from collections.abc import Mapping
from pathlib import Path

import duckdb
import polars as pl

from scripts import files
from scripts.package import Package, Table
from scripts.problems import Problem

# duckdb 2.0.0 pushes a cast into an all-text read_csv and drops the rows that do not hold;
# joins and rewritten IN lists lose the order of rows, which is their line number.
OPTIMIZERS_OFF = "type_pushdown,join_order,build_side_probe_side,in_clause"
TYPES: Mapping[str, str] = {
    "string": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
}


def connect() -> duckdb.DuckDBPyConnection:
    """Return a connection to a new database in memory that keeps rows and their order."""
    con = duckdb.connect(config={"autoinstall_known_extensions": False, "autoload_known_extensions": False})
    con.execute(f"set disabled_optimizers = '{OPTIMIZERS_OFF}'")
    con.execute("set enable_progress_bar = false")  # duckdb draws it on stdout
    con.execute("create schema text")
    return con


def name(identifier: str) -> str:
    """Return an identifier in double quotes, as SQL writes it."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text in single quotes, as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def load(con: duckdb.DuckDBPyConnection, package: Package) -> list[Problem]:
    """Read every table into `text.TABLE` (all cells text, blank = NULL, `_line`); return what is wrong."""
    return [problem for table in package.tables.values() for problem in _load(con, table, package.root / table.path)]


def _load(con: duckdb.DuckDBPyConnection, table: Table, path: Path) -> list[Problem]:
    if _plain(path, table):
        try:
            con.execute(f"create table text.{name(table.name)} as {_read(table, path)}")
        except duckdb.Error:  # cells too many or too few, or not UTF-8: the scan says where
            pass
        else:
            if _canonical(con, table, path):
                return []
            con.execute(f"drop table text.{name(table.name)}")
    scan = files.scan(path, table)
    _register(con, scan)
    return scan.problems


def _plain(path: Path, table: Table) -> bool:
    """Whether the bytes begin with the header and end with LF, without CR or NUL."""
    header = ",".join(table.header).encode() + b"\n"
    with path.open("rb") as file:
        if file.read(len(header)) != header:
            return False
        last = b"\n"
        while chunk := file.read(1 << 20):
            if b"\r" in chunk or b"\0" in chunk:
                return False
            last = chunk[-1:]
    return last == b"\n"


def _read(table: Table, path: Path) -> str:
    columns = ", ".join(f"{literal(column)}: 'VARCHAR'" for column in table.header)
    return (
        f"select row_number() over () + 1 as _line, * from read_csv({literal(str(path))}, auto_detect = false, "
        f"header = true, delim = ',', quote = '\"', escape = '\"', new_line = '\\n', columns = {{{columns}}})"
    )


def _canonical(con: duckdb.DuckDBPyConnection, table: Table, path: Path) -> bool:
    """Whether rows in canonical form have just as many bytes and lines as the file, and stand in order.

    Of all ways to write a row the canonical one is the shortest, and no other has its length.
    """
    size = " + ".join([*(_size(name(column)) for column in table.header), str(len(table.header))])
    keys = [f"encode(coalesce({name(column)}, ''))" for column in table.primary_key]
    key = f"row({', '.join(keys)})" if table.sorted and keys else "null"
    before = f"lag({key}) over (order by _line)"
    rows = f"select {size} as _size, {key} as _key, {before} as _before from text.{name(table.name)}"
    [(bytes_, count, unsorted)] = con.execute(
        f"select coalesce(sum(_size), 0), count(*), count(*) filter (where _key < _before) from ({rows})"
    ).fetchall()
    header = len(",".join(table.header)) + 1
    return int(bytes_) + header == path.stat().st_size and _lines(path) == count + 1 and unsorted == 0


def _size(column: str) -> str:
    """Return the SQL for the bytes of a cell in canonical form, without its comma or line feed."""
    quotes = f"2 + strlen({column}) - strlen(replace({column}, '\"', ''))"
    return f"coalesce(strlen({column}) + case when regexp_matches({column}, '[,\"\\n\\r]') then {quotes} else 0 end, 0)"


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))


def _register(con: duckdb.DuckDBPyConnection, scan: files.Scan) -> None:
    """Make a text table of the rows that a scan could read."""
    header = scan.table.header
    columns: dict[str, list[int] | list[str | None]] = {"_line": scan.lines}
    for place, column in enumerate(header):
        columns[column] = [row[place] or None for row in scan.rows]
    schema = {"_line": pl.Int64} | dict.fromkeys(header, pl.String)
    frame = pl.DataFrame(columns, schema=schema)  # noqa: F841  (read by name in the query)
    con.execute(f"create table text.{name(scan.table.name)} as select * from frame")


def typed(con: duckdb.DuckDBPyConnection, package: Package, *, lines: bool) -> None:
    """Make `TABLE` of every `text.TABLE`: cells in their types, what cannot be cast NULL, `_line` if asked."""
    for table in package.tables.values():
        columns = ["_line"] if lines else []
        columns += [cast(field.name, field.type) for field in table.fields]
        con.execute(
            f"create table main.{name(table.name)} as select {', '.join(columns)} "
            f"from text.{name(table.name)} order by _line"
        )


def cast(column: str, type_: str) -> str:
    """Return the select item that gives a text column its type."""
    if type_ == "string":
        return name(column)
    return f"try_cast({name(column)} as {TYPES[type_]}) as {name(column)}"
