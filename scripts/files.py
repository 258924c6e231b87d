"""Rung 0 of a table: one row a line, cells as the header counts them, bytes in canonical form.

A table that holds is read once by DuckDB; only one that does not is read line by line, to say where.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from scripts import canonical
from scripts.package import Table
from scripts.problems import Problem, count

REWRITE = "run `python -m scripts validate --fix`, which rewrites the table"

JOINED = 100  # lines among which the quote that closes a cell is sought


@dataclass
class Scan:
    """What reading a table line by line found: rows that can be read, with their lines."""

    table: Table
    lines: list[int] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    readable: bool = True

    @property
    def fixable(self) -> bool:
        """Whether the canonical form cures all that was found."""
        return self.readable and all(problem.fix == REWRITE for problem in self.problems)

    def say(self, line: int, rule: str, message: str, fix: str, column: str = "") -> None:
        """Record a problem of this table."""
        self.problems.append(Problem(self.table.path, line, column, "", rule, message, fix))


def scan(path: Path, table: Table) -> Scan:
    """Read a table line by line and say what is wrong with its bytes, lines and header."""
    found = Scan(table)
    data = path.read_bytes()
    if data.startswith(b"\xef\xbb\xbf"):
        found.say(1, "encoding", "the file begins with a byte order mark", REWRITE)
        data = data[3:]
    if ends := data.count(b"\r\n"):
        first = data[: data.index(b"\r\n")].count(b"\n") + 1
        found.say(first, "line-ending", f"{count(ends, 'line')} from here on end in CR LF, not LF", REWRITE)
        data = data.replace(b"\r\n", b"\n")
    if not data.endswith(b"\n"):
        found.say(data.count(b"\n") + 1, "line-ending", "the last line has no line feed", REWRITE)
    records = _records(found, data.removesuffix(b"\n").split(b"\n"))
    _, header = next(records, (1, []))
    columns = _header(found, header)
    for number, cells in records:
        row(found, number, cells, columns)
    _order(found)
    return found


def _records(found: Scan, lines: list[bytes]) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the number of its first line; what is no record is a problem."""
    index = 0
    while index < len(lines):
        first = index + 1
        cells, index = record(found, lines, index)
        if cells is not None:
            yield first, cells


def record(found: Scan, lines: list[bytes], index: int, above: int = 0) -> tuple[list[str] | None, int]:
    """Return the cells of the record that begins at a line, if it is one, and the index of the next line.

    `above` is the number of lines of the file above the first of `lines`.
    """
    first = index + 1 + above
    text, after = _join(found, lines, index, above)
    if text is None:
        return None, after
    if text == "":
        found.say(first, "blank-line", "a line without a row", REWRITE)
        return None, after
    try:
        cells = next(csv.reader([text], strict=True))
    except csv.Error:
        found.say(
            first,
            "quoting",
            "a quote stands where CSV has none, or is not closed",
            "write a quote inside a cell twice and the cell in quotes",
        )
        return None, after
    if first > 1 and canonical.line(cells) != text + "\n" and "\n" not in text:
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
        found.say(number, "encoding", f"byte {error.start + 1} of the line is not UTF-8", "save the file as UTF-8")
        return None
    if "\r" in text or "\0" in text:
        found.say(number, "control-character", "the line holds a carriage return or a NUL", "take it out")
        return None
    return text


def _header(found: Scan, header: list[str]) -> list[int]:
    """Return where each column of the schema stands, or say what the header lacks."""
    wanted = found.table.header
    if header != wanted:
        found.readable = sorted(header) == sorted(wanted)
        if found.readable:
            found.say(1, "header", f"the columns are in another order than in {found.table.schema_path}", REWRITE)
        for name in [n for n in wanted if n not in header]:
            found.say(
                1,
                "header",
                f"the column `{name}` is not there",
                f"add it, or correct a name that is misspelt; the header is `{','.join(wanted)}`",
                name,
            )
        for name in [n for n in header if n not in wanted or header.count(n) > 1]:
            found.say(
                1,
                "header",
                f"the column `{name}` is {'there twice' if name in wanted else 'not in the schema'}",
                f"take it out; the header is `{','.join(wanted)}`",
                name,
            )
    return [header.index(name) for name in wanted] if found.readable else []


def row(found: Scan, number: int, cells: list[str], columns: list[int]) -> None:
    """Keep the cells of a record in the order of the schema, or say that they are too many or too few."""
    wanted = len(found.table.fields)
    if len(cells) != wanted:
        rule = "extra-cell" if len(cells) > wanted else "missing-cell"
        found.say(
            number,
            rule,
            f"{len(cells)} cells where the header has {wanted}",
            "count the commas; a cell that holds a comma stands in quotes",
        )
    elif columns:
        found.lines.append(number)
        found.rows.append([cells[column] for column in columns])


def _order(found: Scan) -> None:
    if not (found.table.sorted and found.table.primary_key):
        return
    keys = [canonical.key_bytes(found.table, row) for row in found.rows]
    for number, before, key in zip(found.lines[1:], keys, keys[1:], strict=False):
        if key < before:
            found.say(
                number, "order", f"`{b'/'.join(key).decode()}` stands below `{b'/'.join(before).decode()}`", REWRITE
            )
