"""Rung 0 of a large table that is not in canonical form: most lines in blocks, the others one by one.

The table is written anew with the rows that can be read, each in its line; a line that holds none is filled with
`NOWHERE`. What is found is what `files.scan` finds, in memory that does not grow with the file.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import duckdb
import polars as pl

from scripts import canonical, capped, files
from scripts.package import Table
from scripts.problems import Problem, count
from scripts.sql import name

LARGE = 4 << 20  # bytes of a file from which on it is read in blocks
BLOCK = 8 << 20
CELL = r'(?:[^",\r\x00\ufffd]*|"(?:[^",\r\x00\ufffd]|"")*(?:,|"")(?:[^"\r\x00\ufffd]|"")*")'  # in canonical form
MARK = b"\xef\xbb\xbf"  # the byte order mark
NOWHERE = "\0"  # in the first cell of a line without a row, where no other holds it: a NUL is a problem


@dataclass
class Salvage(files.Scan):
    """A scan that keeps the first problems of a rule and counts the rest, and the rows of one block alone."""

    above: int = 1  # lines of the file that are done with
    counts: dict[str, int] = field(default_factory=dict)
    ends: int = 0  # lines that end in CR LF
    first_end: int = 0

    def say(self, line: int, rule: str, message: str, fix: str, column: str = "") -> None:
        """Record a problem, or count it."""
        self.counts[rule] = self.counts.get(rule, 0) + 1
        if self.counts[rule] <= capped.MOST:
            super().say(line, rule, message, fix, column)


def mend(table: Table, path: Path, kept: IO[bytes]) -> list[Problem] | None:
    """Write the rows that can be read in canonical form, each in its line; return what is wrong with the others.

    None where the header is not that of the schema, so that the columns stand in other places, if at all.
    """
    found = Salvage(table)
    with path.open("rb") as file:
        if not _header(found, file):
            return None
        kept.write(canonical.line(table.header).encode())
        for lines, last in _blocks(found, file):
            kept.write(_block(found, lines, last=last))
    kept.flush()
    if found.ends:
        message = f"{count(found.ends, 'line')} from here on end in CR LF, not LF"
        found.say(found.first_end, "line-ending", message, files.REWRITE)
    rest = [one for rule, number in found.counts.items() for one in capped.rest(table, "", rule, number)]
    return [*found.problems, *rest]


def _header(found: Salvage, file: IO[bytes]) -> bool:
    """Read the first line; return whether it is the header."""
    line = file.readline()
    if line.startswith(MARK):
        found.say(1, "encoding", "the file begins with a byte order mark", files.REWRITE)
        line = line.removeprefix(MARK)
    if line.endswith(b"\r\n"):
        found.ends, found.first_end = 1, 1
    return line.rstrip(b"\r\n") == ",".join(found.table.header).encode()


def _blocks(found: Salvage, file: IO[bytes]) -> Iterator[tuple[list[bytes], bool]]:
    """Yield the lines of a file in blocks, and whether a block is the last; lines left in one begin the next."""
    rest = b""
    while chunk := file.read(BLOCK):
        data, feed, rest = (rest + chunk).rpartition(b"\n")
        if feed:
            lines = _unix(found, data + feed)
            yield lines, False
            rest = b"".join(line + b"\n" for line in lines) + rest
    if rest and not rest.endswith(b"\n"):
        number = found.above + rest.count(b"\n") + 1
        found.say(number, "line-ending", "the last line has no line feed", files.REWRITE)
    if rest:
        yield _unix(found, rest), True


def _unix(found: Salvage, data: bytes) -> list[bytes]:
    """Return the lines of a block without their ends; count those that end in CR LF."""
    if b"\r" in data and (ends := data.count(b"\r\n")):
        found.first_end = found.first_end or found.above + data[: data.index(b"\r\n")].count(b"\n") + 1
        found.ends += ends
        data = data.replace(b"\r\n", b"\n")
    return data.removesuffix(b"\n").split(b"\n")


def _block(found: Salvage, lines: list[bytes], *, last: bool) -> bytes:
    """Return the lines of a block as they are kept; leave in `lines` those that the next one must see."""
    valid = [line if line.isascii() else line.decode("utf-8", "replace").encode() for line in lines]
    texts = pl.Series(valid, dtype=pl.Binary).cast(pl.String)
    good = texts.str.contains(f"^{CELL}(?:,{CELL}){{{len(found.table.header) - 1}}}$") & (texts != "")
    odd = (~good).arg_true().to_list()
    end = _odd(found, lines, odd, last=last) if odd else len(lines)
    kept, lines[:] = lines[:end], lines[end:]
    found.above += end
    return b"\n".join([*kept, b""])


def _odd(found: Salvage, lines: list[bytes], odd: list[int], *, last: bool) -> int:
    """Read odd lines one by one and mend them in place; return how many lines of the block are done with."""
    width = len(found.table.header)
    nowhere = canonical.line([NOWHERE, *[""] * (width - 1)])
    after = 0
    for index in odd:
        if index < after:
            continue
        if not last and _open(lines, index):
            return index
        cells, after = files.record(found, lines, index, found.above)
        if cells is not None:
            files.row(found, found.above + index + 1, cells, list(range(width)))
        mended = [*map(canonical.line, found.rows), *[nowhere] * (after - index)]
        lines[index:after] = [text.removesuffix("\n").encode() for text in mended[: after - index]]
        found.rows.clear()
        found.lines.clear()
    return len(lines)


def _open(lines: list[bytes], index: int) -> bool:
    """Whether a quote is open at the end of a line, and the line that closes it may stand in the next block."""
    more = lines[index + 1 : index + files.JOINED]
    return (
        lines[index].count(b'"') % 2 == 1
        and len(more) < files.JOINED - 1
        and all(line.count(b'"') % 2 == 0 for line in more)
    )


def order(con: duckdb.DuckDBPyConnection, table: Table) -> Iterator[Problem]:
    """Yield the rows that stand below a row with a higher key."""
    if not (table.sorted and table.primary_key):
        return
    cells = [f"coalesce({name(column)}, '')" for column in table.primary_key]
    key, shown = f"row({', '.join(cells)})", " || '/' || ".join(cells)
    con.execute(
        f"create or replace temp table _found as select _line, _shown, _shown_before from (select _line, "
        f"{shown} as _shown, lag({shown}) over () as _shown_before, {key} as _key, lag({key}) over () as _before "
        f"from text.{name(table.name)}) where _key < _before"
    )
    for line, below, above in capped.rows(con, "temp.main._found"):
        yield Problem(table.path, int(line), "", "", "order", f"`{below}` stands below `{above}`", files.REWRITE)
    yield from capped.rest(table, "", "order", capped.number(con, "temp.main._found"))
