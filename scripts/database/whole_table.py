"""What is wrong with a table as a whole, so that none of its rows can be read as they stand: one problem, the cause.

A file is read up to its first fault, in pieces: whatever lies there, it takes the memory of a few lines.
"""

import csv
import io
import stat
from pathlib import Path
from typing import IO

from scripts.database import encodings, header
from scripts.database.canonical_check import LONGEST
from scripts.datapackage import canonical_csv, untrusted
from scripts.datapackage.package import Table
from scripts.datapackage.problems import REWRITE, Problem, count

MARK = b"\xef\xbb\xbf"  # the byte order mark
RECAST = 4 << 20  # bytes of a table that is rewritten with commas
PIECE = LONGEST  # bytes; no line that lies in one piece is too long


def fault(path: Path, table: Table) -> Problem | None:
    """Return why no row of a table can be read as it stands, if so. Never waits."""

    def problem(line: int, rule: str, message: str, fix: str, column: str = "") -> Problem:
        return Problem(table.path, line, column, "", rule, message, fix)

    if not stat.S_ISREG(path.stat().st_mode):
        return problem(0, "unreadable", f"there is {untrusted.KIND}", "put the table there as a plain file")
    with path.open("rb") as file:
        head = file.read(PIECE + 1)
        if said := _kind(table, head):
            return problem(1, "unreadable", *said)
        if b"\r" in head and b"\n" not in head:
            return problem(1, "line-feed", "the lines end in CR alone, not LF", REWRITE)
        if line := _longest(head, file):
            message = f"the line has more than {LONGEST:,} bytes"
            return problem(line, "unreadable", message, "close a quote that is left open, or put each row on its line")
    number, text = first(head)
    if sign := header.separator(table, text):
        message = f"the cells are separated by {header.SEPARATORS[sign]}, not by commas"
        return problem(number, "separator", message, _recast_fix(path, table, sign))
    if (cells := _cells(text)) == table.header:
        return None
    column, message, fix = header.fault(table, cells)
    return problem(number, "header", message, fix, column)


def first(head: bytes) -> tuple[int, str]:
    """Return the first line of a file that is not blank, by number, as it can be read."""
    text = head.removeprefix(MARK)
    bare = text.lstrip(b"\r\n")
    above = text[: len(text) - len(bare)].count(b"\n")
    return above + 1, bare.split(b"\n", 1)[0].rstrip(b"\r").decode("utf-8", "replace")


def recast(data: bytes, sign: str) -> bytes:
    """Return a table whose cells a sign separates with commas instead. Raises `ValueError` where a row does not fit."""
    rows = csv.reader(io.StringIO(data.decode("utf-8"), newline=""), delimiter=sign, strict=True)
    width, lines = 0, []
    try:
        for cells in rows:
            width = width or len(cells)
            if cells and len(cells) != width:
                raise ValueError(f"line {rows.line_num} has {count(len(cells), 'cell')} under it, not {width}")
            lines.append(canonical_csv.line(cells))
    except csv.Error as error:
        raise ValueError(f"line {rows.line_num} has a quote where CSV has none") from error
    return "".join(lines).encode()


def _recast_fix(path: Path, table: Table, sign: str) -> str:
    by_hand = "save the table with commas"
    if path.stat().st_size > RECAST:
        return by_hand
    try:
        recast(path.read_bytes().removeprefix(MARK), sign)
    except UnicodeDecodeError:
        return f"{by_hand}, as UTF-8"
    except ValueError as error:
        return f"{by_hand}; {error}"
    return REWRITE


def _kind(table: Table, head: bytes) -> tuple[str, str] | None:
    """Return what a file is that is no table, and what to do; judged by how it begins."""
    text = head.removeprefix(MARK)
    if not text.strip(b"\r\n"):
        what = f"the first {count(text.count(10), 'line')} are blank" if text else "the file is empty"
        return what, f"put the header there: `{','.join(table.header)}`"
    if encoding := encodings.wide(head):
        return f"the file is {encoding}, not UTF-8", f"save it as UTF-8, as by `iconv -f {encoding} -t UTF-8`"
    if kind := encodings.kind(head):
        return f"the file is no text, but {kind}", "put the table there as CSV"
    return None


def _longest(head: bytes, file: IO[bytes]) -> int:
    """Return the number of the first line that is too long, 0 where none is."""
    number, since, piece = 1, 0, head
    while piece:
        feed = piece.find(b"\n")
        if since + (len(piece) if feed < 0 else feed) > LONGEST:
            return number
        number += piece.count(b"\n")
        since = since + len(piece) if feed < 0 else len(piece) - piece.rfind(b"\n") - 1
        piece = file.read(PIECE)
    return 0


def _cells(text: str) -> list[str]:
    try:
        return next(csv.reader([text], strict=True), [])
    except csv.Error:  # then none of these is a name, be it that all are
        return text.split(",")
