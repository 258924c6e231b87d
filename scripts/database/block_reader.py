"""Stage package, a large table that is not in canonical form: most lines in blocks, the others one by one.

The table is written anew with the rows that can be read, each in its line; a line that holds none is filled with
`NOWHERE`. What is found is what `line_reader.scan` finds, in memory that does not grow with the file.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import duckdb
import polars as pl

from scripts.database import line_reader, problem_limit
from scripts.database.canonical_check import NAMES
from scripts.database.quoting import name
from scripts.database.scan import Said, Scan
from scripts.database.whole_table import MARK
from scripts.datapackage import canonical_csv
from scripts.datapackage.package import Table
from scripts.datapackage.problems import REWRITE, Problem, count

BLOCK = 8 << 20
CELL = r'(?:[^",\r\x00\ufffd]*|"(?:[^",\r\x00\ufffd]|"")*(?:,|"")(?:[^"\r\x00\ufffd]|"")*")'  # in canonical form
FILLED = r"[^,\s\p{Z}]"
NOWHERE = "\0"  # in the first cell of a line without a row, where no other holds it: a NUL is a problem


@dataclass
class Salvage(Scan):
    """A scan that keeps the rows of one block alone."""

    above: int = 0  # lines of the file that are done with
    ends: int = 0  # lines that end in CR LF
    first_end: int = 0

    @property
    def nowhere(self) -> bytes:
        """A line of the mended file for one without a row."""
        return ",".join([NOWHERE, *[""] * (len(self.table.header) - 1)]).encode()


def mend(table: Table, path: Path, kept: IO[bytes]) -> list[Problem]:
    """Write the rows that can be read in canonical form, each in its line; return what is wrong with the others.

    The header is that of the schema (see `whole_table.fault`). Raises `Hopeless`.
    """
    found = Salvage(table)
    with path.open("rb") as file:
        _header(found, file)
        kept.write(b"".join([canonical_csv.line(table.header).encode(), *[found.nowhere + b"\n"] * (found.above - 1)]))
        for lines, last in _blocks(found, file):
            kept.write(_block(found, lines, last=last))
    kept.flush()
    if found.ends:
        message = f"{count(found.ends, 'line')} from here on end in CR LF, not LF"
        found.say(found.first_end, "line-ending", message, REWRITE)
    found.end(found.above)
    return found.problems


def _header(found: Salvage, file: IO[bytes]) -> None:
    """Read the header and the blank lines above it."""
    if file.read(len(MARK)) == MARK:
        found.say(1, "encoding", "the file begins with a byte order mark", REWRITE)
    else:
        file.seek(0)
    while not found.header and (line := file.readline()):
        [text] = _unix(found, line)
        found.above += 1
        if said := line_reader.stray(found, text):
            found.say(found.above, *said)
        else:
            cells, _ = line_reader.record(found, [text], 0, found.above - 1)
            found.take_header(cells or [])


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
        found.open_end = found.above + rest.count(b"\n") + 1
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
    found.utf8 = found.utf8 or any(not line.isascii() and line == same for line, same in zip(lines, valid, strict=True))
    texts = pl.Series(valid, dtype=pl.Binary).cast(pl.String)
    again = found.again.decode() if len(found.header) >= NAMES else NOWHERE
    stray = (texts.str.strip_chars(",") == "") | (texts == again)
    cells = texts.str.contains(f"^{CELL}(?:,{CELL}){{{len(found.table.header) - 1}}}$")
    odd = (~(stray | (cells & texts.str.contains(FILLED)))).arg_true()
    inside: set[int] = set()
    end = _odd(found, lines, odd.to_list(), inside, last=last)
    where = stray.arg_true()
    if inside:
        where = where.filter(~where.is_in(pl.Series(sorted(inside), dtype=where.dtype).implode()))
    _strays(found, lines, where.filter(where < end))
    kept, lines[:] = lines[:end], lines[end:]
    found.above += end
    return b"\n".join([*kept, b""])


def _strays(found: Salvage, lines: list[bytes], where: pl.Series) -> None:
    """Say of lines, by index, that they hold no row and lose none; fill them."""
    seen: dict[Said, int] = {}
    nowhere = found.nowhere
    for index in where:
        if said := line_reader.stray(found, lines[index]):
            seen[said] = times = seen.get(said, 0) + 1
            if times <= problem_limit.MOST:
                found.say(found.above + index + 1, *said)
        lines[index] = nowhere
    for said, times in seen.items():
        if times > problem_limit.MOST:
            found.count(said, times - problem_limit.MOST)


def _odd(found: Salvage, lines: list[bytes], odd: list[int], inside: set[int], *, last: bool) -> int:
    """Read odd lines one by one and mend them in place; return how many lines of the block are done with.

    Those that lie inside a cell are added to `inside`.
    """
    nowhere, after = found.nowhere, 0
    for index in odd:
        if index < after:
            continue
        if not last and _open(lines, index):
            return index
        cells, after = line_reader.record(found, lines, index, found.above)
        if cells is not None:
            line_reader.row(found, found.above + index + 1, cells)
        inside.update(range(index + 1, after))
        mended = [text.removesuffix("\n").encode() for text in map(canonical_csv.line, found.rows)]
        lines[index:after] = [*mended, *[nowhere] * (after - index)][: after - index]
        found.rows.clear()
        found.lines.clear()
    return len(lines)


def _open(lines: list[bytes], index: int) -> bool:
    """Whether a quote is open at the end of a line, and the line that closes it may stand in the next block."""
    more = lines[index + 1 : index + line_reader.JOINED]
    return (
        lines[index].count(b'"') % 2 == 1
        and len(more) < line_reader.JOINED - 1
        and all(line.count(b'"') % 2 == 0 for line in more)
    )


def order(con: duckdb.DuckDBPyConnection, table: Table) -> list[Problem]:
    """Return the rows that stand below a row with a higher key; as one problem where they are many."""
    if not (table.sorted and table.primary_key):
        return []
    cells = [f"coalesce({name(column)}, '')" for column in table.primary_key]
    key, shown = f"row({', '.join(cells)})", " || '/' || ".join(cells)
    con.execute(
        f"create or replace temp table _found as select _line, _shown, _shown_before from (select _line, "
        f"{shown} as _shown, lag({shown}) over () as _shown_before, {key} as _key, lag({key}) over () as _before "
        f"from text.{name(table.name)}) where _key < _before"
    )
    found = [
        Problem(table.path, int(line), "", "", "order", f"`{below}` stands below `{above}`", REWRITE)
        for line, below, above in problem_limit.rows(con, "temp.main._found")
    ]
    number, rows = problem_limit.number(con, "temp.main._found"), problem_limit.number(con, f"text.{name(table.name)}")
    return problem_limit.gathered(table, found, {("order", REWRITE): number} if number else {}, rows)
