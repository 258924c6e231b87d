"""reported-figures.xlsx: the views cell by cell, typed, whatever words they hold; the same bytes everywhere."""

import csv
import json
import shutil
import subprocess
import time
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from openpyxl.utils.escape import unescape
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from scripts.datapackage.package import ROOT, Json, read
from scripts.publish.books import columns, facts, sheet, workbook
from scripts.publish.books.columns import Relation

ODD = [
    "=1+1",
    "+1",
    "-cmd|' /C calc'!A0",
    "@SUM(1)",
    "<r>words</r>",
    "<r><t>a</t></r>",
    "_x0041_",
    "a\x01b",
    "line\nline",
    " blank ",
    "https://example.org/?a=1&b=2",
    "internal:About!A1",
    "약 2천명",
    "أكثر من ألف",
    "понад 3000",
    "0012",
    "1e5",
    "2025-01-13",
    "true",
    "👥" * 3,
]


def opened(path: Path) -> Workbook:
    return openpyxl.load_workbook(path)


def descriptor(dist: Path) -> Json:
    read: Json = json.loads((dist / "datapackage.json").read_text("utf-8"))
    return read


def relations(dist: Path) -> tuple[duckdb.DuckDBPyConnection, list[Relation]]:
    con = duckdb.connect()
    for resource in descriptor(dist)["resources"]:
        con.execute(f"create view {resource['name']} as from '{dist}/parquet/{resource['name']}.parquet'")
    return con, columns.relations(con, read(ROOT), descriptor(dist))


def cells(found: Worksheet) -> list[list[Any]]:
    """Return the cells below the header, a day as a date."""
    rows = [[cell.value for cell in row] for row in found.iter_rows(min_row=2)]
    return [[cell.date() if isinstance(cell, datetime) else cell for cell in row] for row in rows]


def written(tmp_path: Path, dist: Path, select: str, name: str = "claims_wide") -> Workbook:
    """Return a workbook whose one view has the rows of a query."""
    con = duckdb.connect()
    con.execute(f"create view {name} as {select}")
    [(rows,)] = con.execute(f"select count(*) from {name}").fetchall()
    known = [columns.Column(name, "view", column, "string", *6 * [""]) for column in con.table(name).columns]
    shown = [Relation(name, "view", "What is odd.", rows, f"views/{name}.csv", known)]
    workbook.write(con, shown, descriptor(dist), tmp_path / "odd.xlsx")
    return opened(tmp_path / "odd.xlsx")


def test_sheets_have_the_cells_of_the_views_in_their_types(dist: Path) -> None:
    book = opened(dist / workbook.PATH)
    assert book.sheetnames == ["About", *workbook.SHOWN, "Codebook"]
    for name in workbook.SHOWN:
        view = duckdb.read_parquet(str(dist / f"parquet/{name}.parquet"))
        found = cells(book[name])
        assert [cell.value for cell in book[name][1]] == view.columns
        wanted = [list(row) for row in view.fetchall()]
        assert found == wanted, name
        kinds = {
            (type(ours), type(theirs))
            for row in zip(found, wanted, strict=True)
            for ours, theirs in zip(*row, strict=True)
        }
        assert {ours for ours, theirs in kinds if theirs is bool} <= {bool}


def test_no_cell_is_a_formula_or_a_link(dist: Path) -> None:
    for found in opened(dist / workbook.PATH):
        assert {cell.data_type for row in found.iter_rows() for cell in row} <= {"s", "n", "d", "b", "inlineStr"}
        assert not found._hyperlinks  # type: ignore[attr-defined]
    with zipfile.ZipFile(dist / workbook.PATH) as packed:
        assert not [name for name in packed.namelist() if b"<f>" in packed.read(name) or b"<f " in packed.read(name)]


def test_header_stays_and_filters_and_says_what_its_columns_mean(dist: Path) -> None:
    book = opened(dist / workbook.PATH)
    meanings = {resource["name"]: resource["schema"]["fields"] for resource in descriptor(dist)["resources"]}
    for name in workbook.SHOWN:
        notes = [cell.comment.text for cell in book[name][1] if cell.comment]
        assert notes == [field["description"].replace("`", "") for field in meanings[name]]
        assert book[name].freeze_panes == "B2"
        assert book[name].auto_filter.ref == book[name].dimensions
        assert all(dimension.width <= sheet.WIDEST + 2 for dimension in book[name].column_dimensions.values())


def test_about_says_what_to_know_before_a_number_is_used(dist: Path) -> None:
    said = [str(cell.value) for row in opened(dist / workbook.PATH)["About"].iter_rows() for cell in row if cell.value]
    stated = descriptor(dist)
    assert stated["title"] == said[0]
    assert {stated["description"], stated["bibliographicCitation"], *facts.before_use()} <= set(said)
    assert any("CC-BY-4.0" in text for text in said)
    assert len(facts.before_use()) > 3
    assert not [text for text in facts.before_use() if any(mark in text for mark in ("**", "`", "]("))]


def test_words_stay_words_whatever_they_look_like(dist: Path, tmp_path: Path) -> None:
    listed = ", ".join("'" + text.replace("'", "''") + "'" for text in ODD)
    found = written(tmp_path, dist, f"select unnest([{listed}]) as words")["claims_wide"]
    assert [unescape(row[0]) for row in cells(found)] == ODD  # Excel's own escapes
    assert {cell.data_type for row in found.iter_rows() for cell in row} == {"s"}


def test_what_a_cell_cannot_hold_is_text_or_says_that_it_is_cut(dist: Path, tmp_path: Path) -> None:
    select = """select * from (values
        (date '1899-12-31', 9007199254740993, repeat('語', 40000)), (date '1900-03-01', 12, repeat('👥', 20000)),
        (null, null, repeat('a', 32767))) as given (day, number, words)"""
    book = written(tmp_path, dist, select)
    first, second, third = cells(book["claims_wide"])
    assert first[:2] == ["1899-12-31", "9007199254740993"]
    assert second[:2] == [date(1900, 3, 1), 12]
    assert third == [None, None, "a" * 32767]
    assert all(row[2].endswith(sheet.CUT) and len(row[2].encode("utf-16-le")) <= 2 * 32767 for row in (first, second))
    assert any("ends in “[…]”" in str(cell.value) for row in book["About"].iter_rows() for cell in row)


def test_rows_that_a_sheet_cannot_hold_are_told_in_about(
    dist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    book = written(tmp_path, dist, "select unnest(range(5)) as number")
    assert cells(book["claims_wide"]) == [[0], [1], [2]]
    said = [str(cell.value) for row in book["About"].iter_rows() for cell in row]
    assert [text for text in said if "5 rows. Here are the first 3" in text and "views/claims_wide.csv" in text]


@pytest.mark.parametrize("zone", ["Asia/Seoul", "America/New_York"])
def test_bytes_are_the_same_in_every_time_zone(
    zone: str, dist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    con, shown = relations(dist)
    try:
        workbook.write(con, shown, descriptor(dist), tmp_path / "again.xlsx")
    finally:
        monkeypatch.undo()
        time.tzset()
    found = opened(tmp_path / "again.xlsx").properties
    assert found.created == found.modified
    with zipfile.ZipFile(tmp_path / "again.xlsx") as ours, zipfile.ZipFile(dist / workbook.PATH) as theirs:
        assert [(one.filename, one.date_time) for one in ours.infolist()] == [
            (one.filename, one.date_time) for one in theirs.infolist()
        ]
    assert (tmp_path / "again.xlsx").read_bytes() == (dist / workbook.PATH).read_bytes()


@pytest.mark.outside
@pytest.mark.skipif(not shutil.which("libreoffice"), reason="there is no LibreOffice: install it (libreoffice-calc)")
def test_libreoffice_reads_the_same(dist: Path, tmp_path: Path) -> None:
    """Every sheet as CSV in UTF-8, cells as they are and not as they look."""
    form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["libreoffice", profile, "--headless", "--convert-to", form, "--outdir"]
    subprocess.run([*command, tmp_path, dist / workbook.PATH], check=True, capture_output=True)
    kinds = {resource["name"]: resource for resource in descriptor(dist)["resources"]}
    for name in workbook.SHOWN:
        fields = kinds[name]["schema"]["fields"]
        with (tmp_path / f"reported-figures-{name}.csv").open(encoding="utf-8", newline="") as file:
            header, *found = csv.reader(file)
        with (dist / kinds[name]["path"]).open(encoding="utf-8", newline="") as file:
            wanted = list(csv.reader(file))
        truths = [place for place, field in enumerate(fields) if field["type"] == "boolean"]
        for row in found:
            for place in truths:
                row[place] = row[place].lower()
        assert [header, *found] == wanted, name
