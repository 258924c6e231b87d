"""The one form in which a table is written: UTF-8, LF, the fewest quotes (RFC 4180), sorted by key.

Two tables with the same rows have the same bytes, so `sha256sum` compares them.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from scripts.datapackage.package import Table

QUOTED = re.compile(r'[,"\r\n]')
MARKS = re.compile(r'["\r\n]')


def line(cells: Iterable[str]) -> str:
    """Return one row as a line of CSV, its LF included."""
    listed = list(cells)
    plain = ",".join(listed)
    if plain.count(",") < len(listed) and not MARKS.search(plain):  # as most rows are
        return plain + "\n"
    return ",".join([_quoted(cell) if QUOTED.search(cell) else cell for cell in listed]) + "\n"


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def cell(value: object) -> str:
    """Return a typed value as the text of its cell: NULL is blank, a whole number has no point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, date) else str(value)


def key_bytes(table: Table, row: Sequence[str]) -> tuple[bytes, ...]:
    """Return what a row is sorted by: the cells of its key as bytes of UTF-8."""
    return tuple([row[place].encode() for place in table.key_places])


def text(table: Table, rows: Iterable[Sequence[str]]) -> str:
    """Return a whole table in canonical form, its header first."""
    if table.sorted and table.primary_key:
        rows = sorted(rows, key=lambda row: key_bytes(table, row))
    return line(table.header) + "".join(line(row) for row in rows)


def rows(path: Path) -> list[list[str]]:
    """Return the rows of a canonical table without its header; blank cells are ''.

    Raises `csv.Error` or `ValueError` where the file has another form.
    """
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, strict=True)
        header = next(reader, [])
        found = list(reader)
    for place, row in enumerate(found, start=1):
        if len(row) != len(header):
            raise ValueError(f"row {place} of {path.name} has {len(row)} cells, not {len(header)}")
    return found
