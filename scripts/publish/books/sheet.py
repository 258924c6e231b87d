"""One sheet of the workbook, written row by row: typed cells, widths that fit, a header that stays."""

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from wcwidth import wcswidth
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

LONGEST = 32_767  # UTF-16 units of a cell. Source: Excel specifications and limits
MOST_ROWS = 1_048_575  # below the header. Source: the same
MOST_DIGITS = 10**15  # a number below keeps all its digits
FIRST_DAY = date(1900, 3, 1)  # before it Excel counts a day that never was, and other programs do not
CUT = "[…]"
NARROWEST, WIDEST = 8, 48  # characters
FILTER = 3  # characters that the button of the filter takes
LABELS, TEXTS = 18, 115  # widths of a page of text
LINE = 15  # points
LETTER = 1.05  # letters in the room of a digit, at least, in the fonts of spreadsheets
INK, PALE = "#12355b", "#cbd5e1"


@dataclass(frozen=True)
class Formats:
    """How cells look."""

    header: Format
    day: Format
    truth: Format
    whole: Format
    number: Format
    title: Format
    part: Format
    label: Format
    text: Format

    @classmethod
    def of(cls, book: Workbook) -> "Formats":
        """Return the formats of a workbook."""
        top = {"valign": "top"}
        return cls(
            header=book.add_format({"bold": True, "font_color": "white", "bg_color": INK, "valign": "vcenter"}),
            day=book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
            # LibreOffice 7.4 shows some without a format as 0 and 1; Excel shows words whatever the format
            truth=book.add_format({"num_format": '"TRUE";"TRUE";"FALSE"', "align": "left"}),
            # `_0` leaves the room of a digit, or the words of the next column touch the number
            whole=book.add_format({"num_format": "#,##0_0"}),
            number=book.add_format({"num_format": "#,##0.0##_0"}),
            title=book.add_format({"bold": True, "font_size": 16, "font_color": INK}),
            part=book.add_format({"bold": True, "font_size": 12, "font_color": INK, "bottom": 1, "bottom_color": PALE}),
            label=book.add_format({"bold": True, **top}),
            text=book.add_format({"text_wrap": True, **top}),
        )


class Sheet:
    """A sheet that is filled from above; what was written before is not in memory."""

    def __init__(self, sheet: Worksheet, formats: Formats) -> None:
        """Begin a sheet."""
        self._sheet, self._formats = sheet, formats
        self._next = 0
        self._widths: list[int] = []

    def header(self, columns: Sequence[tuple[str, str]]) -> None:
        """Write the names of columns, each with a note that says what it means."""
        for place, (name, meaning) in enumerate(columns):
            self._sheet.write_string(0, place, name, self._formats.header)
            if meaning:
                self._sheet.write_comment(0, place, meaning, {"x_scale": 2, "y_scale": 1 + len(meaning) // 120})
        self._widths = [max(NARROWEST, width(name) + FILTER) for name, _ in columns]
        self._sheet.set_row(0, 20)
        self._next = 1

    def row(self, cells: Sequence[Any]) -> None:
        """Write typed cells; none is a blank cell."""
        for place, cell in enumerate(cells):
            if cell is not None:
                self._widths[place] = max(self._widths[place], self._cell(place, cell))
        self._next += 1

    def texts(self, cells: Sequence[str], widths: Sequence[int]) -> None:
        """Write texts that are wrapped in columns of fixed widths; an empty one is a blank cell."""
        for place, text in enumerate(cells):
            if text:
                self._sheet.write_string(self._next, place, whole_or_cut(text), self._formats.text)
        self._widths = list(widths)
        self._sheet.set_row(self._next, LINE * max(map(lines, cells, widths)))
        self._next += 1

    def end_table(self) -> None:
        """Fit the widths, keep the header and the first column in sight, and put filters on the header."""
        for place, needed in enumerate(self._widths):
            self._sheet.set_column(place, place, min(needed, WIDEST) + 1)
        self._sheet.freeze_panes(1, 1)
        self._sheet.autofilter(0, 0, max(1, self._next - 1), len(self._widths) - 1)
        self._sheet.set_landscape()
        self._sheet.set_paper(9)  # A4
        self._sheet.repeat_rows(0)

    def head_line(self, title: str) -> None:
        """Write the title of a page of text."""
        self._sheet.write_string(0, 0, title, self._formats.title)
        self._sheet.set_row(0, 28)
        self._next = 1

    def part(self, heading: str) -> None:
        """Begin a part of a page of text, a line below what was before."""
        for place, text in enumerate((heading, "")):
            self._sheet.write(self._next + 1, place, text, self._formats.part)
        self._next += 2

    def told(self, label: str, text: str) -> None:
        """Write a line of a page of text."""
        self._sheet.write_string(self._next, 0, label, self._formats.label)
        self._sheet.write_string(self._next, 1, text, self._formats.text)
        self._sheet.set_row(self._next, LINE * lines(text, TEXTS))
        self._next += 1

    def end_page(self) -> None:
        """Fit a page of text to a sheet of paper."""
        self._sheet.set_column(0, 0, LABELS)
        self._sheet.set_column(1, 1, TEXTS)
        self._sheet.hide_gridlines(2)
        self._sheet.set_landscape()
        self._sheet.set_paper(9)
        self._sheet.fit_to_pages(1, 0)

    def _cell(self, place: int, cell: Any) -> int:  # noqa: ANN401  (a cell of any type)
        """Write a cell that is not blank; return the width that it needs."""
        if isinstance(cell, bool):
            self._sheet.write_boolean(self._next, place, cell, self._formats.truth)
            return NARROWEST
        if isinstance(cell, date) and cell >= FIRST_DAY:
            self._sheet.write_datetime(self._next, place, cell, self._formats.day)
            return len("2025-01-13")
        if isinstance(cell, int | float) and math.isfinite(cell) and abs(cell) < MOST_DIGITS:
            looks = self._formats.whole if cell == int(cell) else self._formats.number
            self._sheet.write_number(self._next, place, cell, looks)
            return len(f"{cell:,}")
        return self._text(place, whole_or_cut(str(cell)))

    def _text(self, place: int, text: str) -> int:
        if text.startswith("<r>") and text.endswith("</r>"):
            # XlsxWriter 3.3.1 takes it for XML of its own, and writes it as it is; in parts it is escaped
            self._sheet.write_rich_string(self._next, place, text[:1], text[1:2], text[2:])
        else:
            self._sheet.write_string(self._next, place, text)
        return width(text)


def whole_or_cut(text: str) -> str:
    """Return a text, or as much of it as a cell holds, which then ends in `CUT`."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * LONGEST:
        return text
    return units[: 2 * (LONGEST - len(CUT))].decode("utf-16-le", "ignore") + CUT


def width(text: str) -> int:
    """Return how many narrow characters a text is wide."""
    return len(text) if text.isascii() else max(wcswidth(text), len(text))


def lines(text: str, room: int) -> int:
    """Return how many lines a text takes in a column, whose width is in digits: letters are narrower."""
    return max(1, len(textwrap.wrap(text, int(room * LETTER))))
