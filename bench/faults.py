"""The ways in which a row can break validation, each as a small change to a line of a table."""

import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scripts.datapackage import canonical_csv
from scripts.datapackage.package import Table

CHOSEN = {"modality": "possible", "extent": "part", "about_from": "", "about_to": ""}  # no rule between tables asks


@dataclass(frozen=True)
class Row:
    """A row to break: its table and cells by column, its line, and the line below."""

    table: Table
    cells: dict[str, str]
    line: str
    below: str

    def written(self, **changed: str) -> str:
        """Return the line with other cells."""
        return canonical_csv.line({**self.cells, **changed}.values()).removesuffix("\n")


@dataclass(frozen=True)
class Broken:
    """The lines that take the place of a row (and of the one below, where `both`), and which of them is at fault."""

    lines: Sequence[str]
    at: int = 0
    both: bool = False


@dataclass(frozen=True)
class Way:
    """A way to break a row of a table: the rule and field that validation names; None where the row does not suit."""

    table: str
    name: str
    rule: str
    field: str
    breaks: Callable[[Row], Broken | None]


def cells(**changed: str) -> Callable[[Row], Broken | None]:
    """Break a row by other cells."""
    return lambda row: Broken([row.written(**changed)])


def numbers(qualifier: str, wording: str, value: str = "", low: str = "", high: str = "") -> Callable[[Row], Broken]:
    """Break a row by numbers and words that no rule between tables asks about."""
    figure = {"qualifier": qualifier, "wording": wording, "value": value, "low": low, "high": high}
    return lambda row: Broken([row.written(**CHOSEN, **figure)])


def _after_publication(row: Row) -> Broken | None:
    if not re.search(r"-\d{8}[a-z]?$", row.cells["document_id"]):
        return None  # a document without a day
    return Broken([row.written(modality="asserted", extent="part", about_from="", about_to="2099-01-01")])


def _again(row: Row, key: str, behind: str) -> Broken | None:
    """Write the row a second time under a longer key that stands next in order."""
    if row.below.startswith(row.cells[key]):
        return None
    return Broken([row.line, row.written(**{key: row.cells[key] + behind})], at=1)


def _claim_again(row: Row) -> Broken | None:
    return None if row.cells["qualifier"] == "vague" else _again(row, "claim_id", "0")


def _in_bytes(column: str, new: str) -> Callable[[Row], Broken | None]:
    """Put bytes in the place of a cell, as they stand."""

    def breaks(row: Row) -> Broken | None:
        line = canonical_csv.line({**row.cells, column: "\0"}.values()).removesuffix("\n")
        return Broken([line.replace("\0", new)])

    return breaks


def _swapped(row: Row) -> Broken | None:
    return Broken([row.below, row.line], at=1, both=True) if row.below else None


def _without_last_cell(row: Row) -> Broken:
    return Broken([canonical_csv.line(list(row.cells.values())[:-1]).removesuffix("\n")])


def _dated(**changed: str) -> Callable[[Row], Broken | None]:
    return lambda row: Broken([row.written(**changed)]) if row.cells["published_on"] else None


CLAIMS = (
    Way("claims", "wrong type", "type", "value", cells(value="6k")),
    Way("claims", "no day of the calendar", "type", "about_to", cells(about_to="2025-02-30")),
    Way("claims", "out of enum", "enum", "modality", cells(modality="assertde")),
    Way("claims", "out of bounds", "bounds", "value", cells(value="-5")),
    Way("claims", "too long", "length", "wording", cells(wording="about six thousand" + " and more" * 9)),
    Way("claims", "blank where required", "required", "extent", cells(extent="")),
    Way("claims", "key twice", "primary-key", "claim_id", lambda row: Broken([row.line, row.line], at=1)),
    Way("claims", "dangling foreign key", "foreign-key", "metric_id", cells(metric_id="kiled")),
    Way("claims", "formula", "formula", "wording", cells(wording="=6000")),
    Way("claims", "word for missing", "missing-word", "wording", cells(wording="NA")),
    Way("claims", "blank at the end", "blank-ends", "wording", cells(wording="about 6000 ")),
    Way("claims", "low above high", "low-below-high", "low", numbers("range", "10 to 12", low="12", high="10")),
    Way("claims", "number not in words", "value-in-wording", "value", numbers("about", "about 6001", "6000")),
    Way("claims", "other qualifier", "qualifier-in-wording", "qualifier", numbers("about", "at least 60", "60")),
    Way("claims", "wrong bound filled", "numbers-fit-qualifier", "qualifier", numbers("about", "about 60", low="60")),
    Way("claims", "about a day after publication", "asserted-about-published", "about_to", _after_publication),
    Way("claims", "figure twice", "claim-only-once", "claim_id", _claim_again),
    Way("claims", "extra cell", "extra-cell", "", lambda row: Broken([row.line + ","])),
    Way("claims", "missing cell", "missing-cell", "", _without_last_cell),
    Way("claims", "blank line", "blank-line", "", lambda row: Broken(["", row.line])),
    Way("claims", "not UTF-8", "encoding", "", _in_bytes("wording", "about\udcff 6000")),
    Way("claims", "carriage return", "control-character", "", _in_bytes("wording", "about\r6000")),
    Way("claims", "line break in a cell", "line-break", "", _in_bytes("wording", '"about\n6000"')),
    Way("claims", "quote not closed", "quoting", "", _in_bytes("wording", '"about 6000')),
    Way("claims", "quotes without need", "quoting", "", _in_bytes("modality", '"possible"')),
    Way("claims", "out of order", "order", "", _swapped),
)
OTHERS = (
    Way("documents", "address of another form", "pattern", "url",
        lambda row: Broken([row.written(url=f"htp:/{row.cells['document_id']}")])),
    Way("documents", "no such language", "language-exists", "language", cells(language="xx")),
    Way("documents", "date without precision", "published-on-has-precision", "published_on_precision",
        _dated(published_on_precision="")),
    Way("statements", "unused row", "used-or-justified", "statement_id",
        lambda row: _again(row, "statement_id", "-unused")),
    Way("statements", "precision without day", "said-on-has-precision", "said_on_precision",
        cells(said_on="", said_on_precision="day")),
    Way("relays", "gap among relays", "relays-without-gap", "position", cells(position="9")),
    Way("relays", "relay number 0", "bounds", "position", cells(position="0")),
    Way("sources", "no such country", "country-exists", "country", cells(country="UK")),
)  # fmt: skip
WAYS = (*CLAIMS, *OTHERS)


def row(table: Table, line: str, below: str) -> Row:
    """Return a line of a table as a row to break."""
    return Row(table, dict(zip(table.header, next(csv.reader([line], strict=True)), strict=True)), line, below)
