"""Stage package, one table, asked of DuckDB: whether the bytes of a file are the canonical form of its rows."""

from pathlib import Path

import duckdb

from scripts.database.quoting import literal, name
from scripts.datapackage.package import Field, Table

LONGEST = 1 << 17  # bytes of a line; no cell that Python's csv reads is longer
NAMES = 3  # columns of a table in which a row of their names is the header again


def plain(path: Path, table: Table) -> int | None:
    """Return the number of lines if the bytes begin with the header and end with LF, without CR or NUL."""
    header = ",".join(table.header).encode() + b"\n"
    with path.open("rb") as file:
        if file.read(len(header)) != header:
            return None
        last, lines = b"\n", 1
        while chunk := file.read(1 << 20):
            if b"\r" in chunk or b"\0" in chunk:
                return None
            last = chunk[-1:]
            lines += chunk.count(b"\n")
    return lines if last == b"\n" else None


def canonical(con: duckdb.DuckDBPyConnection, table: Table, path: Path, lines: int) -> bool:
    """Return whether rows in canonical form have just as many bytes and lines as the file, and stand in order.

    Of all ways to write a row the canonical one is the shortest, and no other has its length.
    Counted without quotes a row is shorter still, so that columns whose rules leave no place
    for commas and quotes need be counted with them only where the sizes differ.
    """
    wanted = path.stat().st_size - len(",".join(table.header)) - 1
    free = {field.name for field in table.fields if _free(table, field)}
    if _count(con, table, free) != (wanted, lines - 1) and _count(con, table, set(table.header)) != (wanted, lines - 1):
        return False
    return not (_stray(con, table) or (table.sorted and table.primary_key and _falls(con, table)))


def _free(table: Table, field: Field) -> bool:
    refers = any(field.name in key.fields for key in table.foreign_keys)
    return field.type == "string" and not refers and not field.constraints.keys() & {"enum", "pattern"}


def _count(con: duckdb.DuckDBPyConnection, table: Table, quoted: set[str]) -> tuple[int, int]:
    """Return the bytes of all rows and their number."""
    sizes = [_quoted(name(column)) if column in quoted else _bare(name(column)) for column in table.header]
    rows = f"select {' + '.join(sizes)} + {len(sizes)} as _size from text.{name('_' + table.name)}"
    [(size, count)] = con.execute(f"select coalesce(sum(_size), 0)::bigint, count(*) from ({rows})").fetchall()
    return int(size), int(count)


def _stray(con: duckdb.DuckDBPyConnection, table: Table) -> bool:
    """Whether a row has no cell filled, or is the header."""
    blank = " and ".join(f"trim(coalesce({name(column)}, '')) = ''" for column in table.header)
    again = " and ".join(f"{name(column)} = {literal(column)}" for column in table.header)
    where = f"({blank}) or ({again})" if len(table.header) >= NAMES else blank
    return bool(con.execute(f"select 1 from text.{name('_' + table.name)} where {where} limit 1").fetchall())


def _falls(con: duckdb.DuckDBPyConnection, table: Table) -> bool:
    """Whether a row stands below one with a higher key; a query of its own, as it runs on one core."""
    keys = [f"coalesce({name(column)}, '')" for column in table.primary_key]
    key = keys[0] if len(keys) == 1 else f"row({', '.join(keys)})"
    rows = f"select {key} as _key, lag({key}) over () as _before from text.{name('_' + table.name)}"
    return bool(con.execute(f"select 1 from ({rows}) where _key < _before limit 1").fetchall())


def _bare(column: str) -> str:
    return f"coalesce(strlen({column}), 0)"


def _quoted(column: str) -> str:
    """Return the SQL for the bytes of a cell in canonical form, without its comma or line feed."""
    quotes = f"2 + strlen({column}) - strlen(replace({column}, '\"', ''))"
    needs = " or ".join(f"contains({column}, {sign})" for sign in ("','", "'\"'", "chr(10)"))
    return f"coalesce(strlen({column}) + case when {needs} then {quotes} else 0 end, 0)"
