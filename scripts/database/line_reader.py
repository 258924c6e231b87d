"""Stage package, one table: one row a line, cells as the header counts them, bytes in canonical form.

A table that holds is read once by DuckDB; only one that does not is read line by line, to say where.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from scripts.database import header, whole_table
from scripts.database.canonical_check import NAMES
from scripts.database.scan import Hopeless, Said, Scan
from scripts.datapackage import canonical_csv
from scripts.datapackage.package import Table
from scripts.datapackage.problems import REWRITE, count

JOINED = 100  # lines among which the quote that closes a cell is sought
WITHOUT = f"{REWRITE} without it"
BLANK_LINE = ("blank-line", "a line without a row", WITHOUT)
BLANK_ROW = ("blank-row", "a row without a single cell filled", WITHOUT)
HEADER = ("header-again", "the header stands here again", WITHOUT)


def scan(path: Path, table: Table) -> Scan:
    """Read a table line by line and say what is wrong with its bytes, lines and header."""
    found = Scan(table)
    if fault := whole_table.fault(path, table):
        found.fault, found.readable = fault, fault.fix.startswith(REWRITE)
    if found.readable:
        lines = _lines(found, path.read_bytes())
        try:
            for number, cells in _records(found, lines):
                row(found, number, cells)
            _order(found)
            found.end(len(lines))
        except Hopeless as end:
            found.readable, found.problems = False, [end.problem]
    if found.fault:
        found.problems.insert(0, found.fault)
    return found


def _lines(found: Scan, data: bytes) -> list[bytes]:
    """Return the lines of a file, without their ends; one that is separated otherwise with commas."""
    rule = found.fault.rule if found.fault else ""
    if data.startswith(whole_table.MARK):
        found.say(1, "encoding", "the file begins with a byte order mark", REWRITE)
        data = data.removeprefix(whole_table.MARK)
    if rule == "line-feed":
        data = data.replace(b"\r", b"\n")
    if rule == "separator":
        sign = header.separator(found.table, whole_table.first(data)[1])
        data = whole_table.recast(data, sign)
    if ends := data.count(b"\r\n"):
        first = data[: data.index(b"\r\n")].count(b"\n") + 1
        found.say(first, "line-ending", f"{count(ends, 'line')} from here on end in CR LF, not LF", REWRITE)
        data = data.replace(b"\r\n", b"\n")
    if not data.endswith(b"\n"):
        found.open_end = data.count(b"\n") + 1
    return data.removesuffix(b"\n").split(b"\n")


def _records(found: Scan, lines: list[bytes]) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the number of its first line; what is no record is a problem."""
    index = 0
    while index < len(lines):
        first = index + 1
        if said := stray(found, lines[index]):
            found.say(first, *said)
            index += 1
            continue
        cells, index = record(found, lines, index)
        if found.header and cells is not None:
            yield first, cells
        elif cells is not None:
            found.take_header(cells)


def stray(found: Scan, line: bytes) -> Said | None:
    """Return the problem of a line that holds no row and loses none: rule, message, fix."""
    if not line.strip(b","):
        return BLANK_ROW if line else BLANK_LINE
    return HEADER if len(found.header) >= NAMES and line == found.again else None


def record(found: Scan, lines: list[bytes], index: int, above: int = 0) -> tuple[list[str] | None, int]:
    """Return the cells of the record that begins at a line, if it is one, and the index of the next line.

    `above` is the number of lines of the file above the first of `lines`. Raises `Hopeless`.
    """
    first = index + 1 + above
    text, after = _join(found, lines, index, above)
    if text is None:
        return None, after
    try:
        cells = next(csv.reader([text], strict=True))
    except csv.Error:
        message = "a quote stands where CSV has none, or is not closed"
        found.lose(first, "quoting", message, "write a quote inside a cell twice and the cell in quotes")
        return None, after
    if "\n" not in text and not any(map(str.strip, cells)):
        found.say(first, *BLANK_ROW)
        return None, after
    if canonical_csv.line(cells) != text + "\n" and "\n" not in text:
        found.say(first, "quoting", "a cell has quotes that it does not need", REWRITE)
    return cells, after


def _join(found: Scan, lines: list[bytes], index: int, above: int) -> tuple[str | None, int]:
    """Return the text of the record that begins at a line, and the index of the next one."""
    texts = [_text(found, lines[index], index + 1 + above)]
    if texts[0] is None or texts[0].count('"') % 2 == 0:
        return texts[0], index + 1
    for more in range(index + 1, min(index + JOINED, len(lines))):
        texts.append(lines[more].decode("utf-8", "replace"))
        if texts[-1] is not None and texts[-1].count('"') % 2:
            found.say(index + 1 + above, "line-break", "a cell holds a line break", "put the cell on one line")
            return "\n".join(filter(None, texts)), more + 1
    return texts[0], index + 1


def _text(found: Scan, line: bytes, number: int) -> str | None:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        found.lose_bytes(number, line, error)
        return None
    found.utf8 = found.utf8 or not text.isascii()
    if "\r" in text or "\0" in text:
        found.lose(number, "control-character", "the line holds a carriage return or a NUL", "take it out")
        return None
    return text


def row(found: Scan, number: int, cells: list[str]) -> None:
    """Keep the cells of a record in the order of the schema, or say that they are too many or too few."""
    wanted = len(found.header)
    if len(found.header) >= NAMES and cells == found.header:
        found.say(number, *HEADER)
    elif len(cells) != wanted or any(cells[place] for place in found.spare):
        rule = "missing-cell" if len(cells) < wanted else "extra-cell"
        named = wanted - len(found.spare)
        message = f"{count(len(cells), 'cell')} where the header has {named}"
        found.lose(number, rule, message, "count the commas; a cell that holds a comma stands in quotes")
    else:
        found.lines.append(number)
        found.rows.append(["" if place == header.BLANK else cells[place] for place in found.places])


def _order(found: Scan) -> None:
    if not (found.table.sorted and found.table.primary_key):
        return
    keys = [canonical_csv.key_bytes(found.table, row) for row in found.rows]
    for number, before, key in zip(found.lines[1:], keys, keys[1:], strict=False):
        if key < before:
            message = f"`{b'/'.join(key).decode()}` stands below `{b'/'.join(before).decode()}`"
            found.say(number, "order", message, REWRITE)
