"""reported-figures.xlsx: what people use, a sheet a table or view, for spreadsheets; no cell is a formula or a link."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from xlsxwriter import Workbook

from scripts.database.quoting import name as quoted
from scripts.datapackage.package import Json
from scripts.datapackage.problems import count
from scripts.publish import dictionary
from scripts.publish.books import columns, facts
from scripts.publish.books.columns import Relation
from scripts.publish.books.sheet import CUT, LONGEST, MOST_ROWS, Formats, Sheet

PATH = "reported-figures.xlsx"
MEANING = columns.HEADER.index("meaning")
SHOWN = (  # what people use, in this order
    *("claims_wide", "current_figures", "latest_by_source", "timeline", "origins", "relay_drift"),
    *("documents", "sources"),
)
CODEBOOK = "Codebook"
CODEBOOK_WIDTHS = (26, 8, 28, 10, 18, 48, 36, 36, 36, 40)  # one a part of a column
BATCH = 10_000  # rows
UNDATED = "1980-01-01"  # the first day that a zip file knows
KEPT = (
    f"A text that a sheet cannot hold whole (more than {LONGEST:,} characters) ends in “{CUT}” and is whole in the "
    "CSV; a day before March 1900 and a number of more than 15 digits are text.",
    "No cell is a formula and no address a link: words of pages stay words.",
    f"Point at the name of a column to read what it means; the sheet {CODEBOOK} has all of it.",
)


def write(con: duckdb.DuckDBPyConnection, relations: Sequence[Relation], descriptor: Json, path: Path) -> None:
    """Write the workbook; `con` holds tables and views, `relations` are those of dist/, `descriptor` is its own."""
    named = {relation.name: relation for relation in relations}
    shown = [named[name] for name in SHOWN if name in named]
    with Workbook(str(path), {"constant_memory": True}) as book:
        book.set_properties(_properties(descriptor))
        formats = Formats.of(book)
        _about(Sheet(book.add_worksheet("About"), formats), descriptor, shown)
        for relation in shown:
            _relation(Sheet(book.add_worksheet(relation.name), formats), con, relation)
        _codebook(Sheet(book.add_worksheet(CODEBOOK), formats), relations)


def _properties(descriptor: Json) -> Json:
    day = datetime.fromisoformat(descriptor.get("created", UNDATED)[:10]).replace(tzinfo=UTC)
    return {
        "title": f"{descriptor['title']}, version {descriptor['version']}",
        "author": "; ".join(person["title"] for person in descriptor["contributors"]),
        "comments": descriptor["bibliographicCitation"],
        "created": day.replace(tzinfo=None),
    }


def _about(sheet: Sheet, descriptor: Json, shown: Iterable[Relation]) -> None:
    sheet.head_line(descriptor["title"])
    for label, text in _stated(descriptor):
        sheet.told(label, text)
    sheet.part("Before you use a number")
    for fact in facts.before_use():
        sheet.told("", fact)
    sheet.part("Sheets")
    for relation in shown:
        sheet.told(relation.name, _extent(relation))
    sheet.told(CODEBOOK, "Every column of every table and view of this version; one row per column.")
    sheet.part("Cells")
    for text in (dictionary.BLANK, *KEPT):
        sheet.told("", text)
    sheet.end_page()


def _stated(descriptor: Json) -> Iterator[tuple[str, str]]:
    licence = descriptor["licenses"][0]
    yield "", descriptor["description"]
    yield "Version", " of ".join(filter(None, [descriptor["version"], descriptor.get("created", "")[:10]]))
    yield "Cite as", descriptor["bibliographicCitation"]
    yield "Licence", f"{licence['title']} ({licence['name']}), {licence['path']}"


def _extent(relation: Relation) -> str:
    """Return what a sheet has, and what it lacks for want of room."""
    whole = f"{relation.description} {count(relation.rows, 'row')}."
    if relation.rows <= MOST_ROWS:
        return whole
    return f"{whole} Here are the first {MOST_ROWS:,}, as a sheet holds no more; all are in {relation.path}."


def _relation(sheet: Sheet, con: duckdb.DuckDBPyConnection, relation: Relation) -> None:
    sheet.header([(column.column, column.cells[MEANING]) for column in relation.columns])
    found = con.execute(f"from {quoted(relation.name)} limit {MOST_ROWS}")
    while batch := found.fetchmany(BATCH):
        for row in batch:
            sheet.row(row)
    sheet.end_table()


def _codebook(sheet: Sheet, relations: Iterable[Relation]) -> None:
    sheet.header([(name, "") for name in columns.HEADER])
    for relation in relations:
        for column in relation.columns:
            sheet.texts(column.cells, CODEBOOK_WIDTHS)
    sheet.end_table()
