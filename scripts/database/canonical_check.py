"""Stage package, one table: whether the bytes of a file are the canonical form of its rows.

A line without a quote is canonical as soon as it has as many cells as the header: too few DuckDB refuses as it reads,
too many are found by their commas, counted together. So only lines with a quote are looked at one by one.
"""

import re
from pathlib import Path

import duckdb

from scripts.database.quoting import name
from scripts.datapackage.package import Table

LONGEST = 1 << 17  # bytes of a line; no cell that Python's csv reads is longer
NAMES = 3  # columns of a table in which a row of their names is the header again
BLOCK = 8 << 20
CELL = rb'(?:"[^",]*+(?:,|"")(?:[^"]|"")*+"|[^",]*+)'  # in quotes where it holds a comma or a quote, and only there
UNFILLED = re.compile(rb"[ ,]*+")


def lines_of(path: Path, table: Table) -> int | None:
    """Return the number of lines of a file whose rows are in canonical form, whatever their order; else None.

    That no row has too few cells is left to the reader.
    """
    header = ",".join(table.header).encode() + b"\n"
    quoted = re.compile(rb"%b(?:,%b){%d}" % (CELL, CELL, len(table.header) - 1))
    with path.open("rb") as file:
        if file.read(len(header)) != header:
            return None
        lines, rest = 1, b""
        while chunk := file.read(BLOCK):
            block, feed, rest = (rest + chunk).rpartition(b"\n")
            block += feed
            if b"\r" in chunk or b"\0" in chunk or len(rest) > LONGEST or not _canonical(block, header, quoted):
                return None
            lines += block.count(b"\n")
    return None if rest else lines


def _canonical(block: bytes, header: bytes, quoted: re.Pattern[bytes]) -> bool:
    """Whether lines are filled, are not the header, and have as many cells, in quotes where these need them."""
    if _has_stray(block, header):
        return False
    lines, commas = block.count(b"\n"), block.count(b",")
    place = block.find(b'"')
    while place >= 0:
        start, stop = block.rfind(b"\n", 0, place) + 1, block.find(b"\n", place)
        if not quoted.fullmatch(block, start, stop):
            return False
        lines, commas = lines - 1, commas - block.count(b",", start, stop)
        place = block.find(b'"', stop)
    return commas == lines * header.count(b",")


def _has_stray(block: bytes, header: bytes) -> bool:
    """Whether a line has no cell filled, or is the header."""
    if header.count(b",") >= NAMES - 1 and b"\n" + header in b"\n" + block:
        return True
    for start in (b"\n", b",", b" "):
        place = 0 if block.startswith(start) else block.find(b"\n" + start) + 1 or -1
        while place >= 0:
            stop = block.find(b"\n", place)
            if UNFILLED.fullmatch(block, place, stop):
                return True
            place = block.find(b"\n" + start, stop) + 1 or -1
    return False


def in_order(con: duckdb.DuckDBPyConnection, table: Table, lines: int) -> bool:
    """Whether a file of so many lines was read as a row a line, and no row stands below one with a higher key."""
    [(rows,)] = con.execute(f"select count(*) from text.{name('_' + table.name)}").fetchall()
    return bool(rows == lines - 1 and not (table.sorted and table.primary_key and _falls(con, table)))


def _falls(con: duckdb.DuckDBPyConnection, table: Table) -> bool:
    """Whether a row stands below one with a higher key; a query of its own, as it runs on one core."""
    keys = [f"coalesce({name(column)}, '')" for column in table.primary_key]
    key = keys[0] if len(keys) == 1 else f"row({', '.join(keys)})"
    rows = f"select {key} as _key, lag({key}) over () as _before from text.{name('_' + table.name)}"
    return bool(con.execute(f"select 1 from ({rows}) where _key < _before limit 1").fetchall())
