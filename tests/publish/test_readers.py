"""Every table and view of dist/ is the same, cell by cell, to pandas, to R, and to old and new versions of DuckDB."""

import csv
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pytest

from scripts.datapackage import canonical_csv
from scripts.datapackage.package import ROOT
from scripts.publish.readers import figures

Rows = list[list[str]]
OLD = ROOT / ".venv-client/bin"
NEW = Path(sys.executable).parent
READ = """
import duckdb, json
con = duckdb.connect({database!r}, read_only={database!r} != ':memory:')
con.execute('set enable_progress_bar = false')  # it is drawn on stdout
for statement in {script!r} and open({script!r}).read().split(';\\n'):
    if statement.strip():
        con.execute(statement)
print(json.dumps({{name: con.execute('from ' + name).fetchall() for name in {names!r}}}, default=str))
"""
R_CELLS = """
options(warn = 2)
arguments <- commandArgs(TRUE)
source(file.path(arguments[[1]], "figures.R"))
for (name in names(all <- read_figures(arguments[[2]]))) {
  frame <- all[[name]]
  text <- lapply(frame, function(column) {
    if (is.logical(column)) ifelse(column, "true", "false")
    else if (is.double(column) && !inherits(column, "Date")) ifelse(is.na(column), NA, sprintf("%.15g", column))
    else as.character(column)
  })
  kinds <- vapply(frame, function(column) class(column)[[1]], "")
  text <- rbind(as.data.frame(as.list(kinds), col.names = names(frame)), as.data.frame(text, col.names = names(frame)))
  path <- file.path(arguments[[3]], paste0(name, ".csv"))
  utils::write.csv(text, path, na = "", row.names = FALSE, fileEncoding = "UTF-8")
}
cat(attr(frame, "version"), attr(frame, "citation"), attr(frame, "license"), sep = "\\n")
"""
READR = """
options(warn = 2)
folder <- commandArgs(TRUE)[[1]]
for (resource in jsonlite::fromJSON(file.path(folder, "datapackage.json"), simplifyVector = FALSE)$resources) {
  fields <- resource$schema$fields
  types <- lapply(fields, function(field) {
    if (!is.null(field$constraints$enum)) return(readr::col_factor(levels = unlist(field$constraints$enum)))
    switch(field$type, integer = readr::col_double(), number = readr::col_double(), boolean = readr::col_logical(),
      date = readr::col_date("%Y-%m-%d"), readr::col_character())
  })
  names(types) <- vapply(fields, function(field) field$name, "")
  path <- file.path(folder, resource$path)
  types <- do.call(readr::cols, types)
  table <- readr::read_delim(path, ",", escape_double = TRUE, na = "", col_types = types, progress = FALSE)
  stopifnot(nrow(readr::problems(table)) == 0, ncol(table) == length(fields))
  cat(resource$name, nrow(table), "\\n")
}
"""
R_KINDS = {"string": "character", "integer": "integer", "number": "numeric", "boolean": "logical", "date": "Date"}


def rows(found: Any) -> Rows:  # noqa: ANN401  (rows of any library)
    return sorted([canonical_csv.cell(cell) for cell in row] for row in found)


def r_kind(field: dict[str, Any], *cells: str) -> str:
    """The class of a column in R: a whole number beyond 31 bits makes it double."""
    if "enum" in field.get("constraints", {}):
        return "factor"
    wide = field["type"] == "integer" and any(int(cell) >= 2**31 for cell in cells if cell)
    return "numeric" if wide else R_KINDS[field["type"]]


def descriptor(dist: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((dist / "datapackage.json").read_text("utf-8"))
    return read


@pytest.fixture(scope="module")
def names(dist: Path) -> list[str]:
    return [resource["name"] for resource in descriptor(dist)["resources"]]


@pytest.fixture(scope="module")
def wanted(dist: Path, names: list[str]) -> dict[str, Rows]:
    """Every table and view of the DuckDB file, as this DuckDB reads it."""
    con = duckdb.connect(str(dist / "figures.duckdb"), read_only=True)
    found = {name: rows(con.execute(f"from {name}").fetchall()) for name in names}
    assert len(found) > 20
    assert all(found.values())
    return found


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_pandas_reads_the_same(form: str, dist: Path, wanted: dict[str, Rows]) -> None:
    for name in wanted:
        frame = figures.read(name, dist, form)
        typed = (pd.Series(frame[column]).astype(object).where(frame[column].notna(), None) for column in frame)
        days = [[cell.date() if isinstance(cell, pd.Timestamp) else cell for cell in column] for column in typed]
        assert rows(zip(*days, strict=True)) == wanted[name], name


def test_pandas_frames_of_parquet_and_csv_are_equal(dist: Path, names: list[str]) -> None:
    for name in names:
        of_parquet, of_csv = figures.read(name, dist), figures.read(name, dist, "csv")
        pd.testing.assert_frame_equal(of_parquet, of_csv)
        assert of_parquet.attrs == of_csv.attrs


def test_pandas_frames_have_types_and_say_what_they_are(dist: Path, tmp_path: Path) -> None:
    shutil.make_archive(str(tmp_path / "figures"), "zip", dist.parent, dist.name)
    claims = figures.read("claims", tmp_path / "figures.zip")
    kinds = {name: str(claims[name].dtype) for name in ("claim_id", "value", "about_to", "extent")}
    assert kinds == {"claim_id": "string", "value": "Int64", "about_to": "datetime64[s]", "extent": "category"}
    assert list(claims["extent"].cat.categories) == ["total", "addition", "part"]
    assert str(figures.read("populations", dist)["mixed"].dtype) == "boolean"
    stated = descriptor(dist)
    assert claims.attrs["version"] == stated["version"]
    assert stated["version"] in claims.attrs["citation"]
    assert claims.attrs["license"] == "CC-BY-4.0"
    bare = pd.read_parquet(dist / "parquet/claims.parquet").attrs
    assert {key: bare[key] for key in ("version", "citation", "license")} == {
        key: claims.attrs[key] for key in ("version", "citation", "license")
    }


@pytest.mark.parametrize("reader", ["pd.read_parquet", "pd.read_csv", "pl.read_parquet", "pl.read_csv"])
def test_the_options_that_the_documentation_names_are_right(
    reader: str, dist: Path, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A whole number stays one beside blanks, a blank stays blank, a word that reads like a blank stays a word."""
    monkeypatch.chdir(dist.parent)
    said = (ROOT / "docs/reading.md").read_text("utf-8").replace("\n", " ")
    [options] = re.findall(rf"`{reader}(?:\(\"[^\"]*\",? ?|` wants `)([^`)]*)\)?`", said)
    for name in names:
        path = f"dist/parquet/{name}.parquet" if "parquet" in reader else descriptor_path(dist, name)
        frame = eval(f"{reader}({path!r}, {options})", {"pd": pd, "pl": pl})  # noqa: S307  (our page)
        ours = figures.read(name, dist)
        for column in ours.columns:
            theirs = list(frame[column].astype(object) if reader.startswith("pd") else frame[column])
            real = str(ours[column].dtype) == "Float64"  # which CSV shows without a point where it is whole
            assert [plain(cell, real) for cell in theirs] == [plain(cell, real) for cell in ours[column].astype(object)]


def descriptor_path(dist: Path, name: str) -> str:
    [path] = [resource["path"] for resource in descriptor(dist)["resources"] if resource["name"] == name]
    return f"dist/{path}"


def plain(cell: Any, real: bool) -> str | float | None:  # noqa: ANN401  (a cell of any library)
    """Return a cell as a number or text, a day without its hour; none for a blank."""
    if cell is None or pd.isna(cell):
        return None
    return float(cell) if real else str(cell).removesuffix(" 00:00:00")


def test_an_unknown_name_is_answered_with_those_that_there_are(dist: Path) -> None:
    with pytest.raises(KeyError, match=r"there is no table or view 'claim'; there are sources, .*claims_wide"):
        figures.read("claim", dist)


@pytest.mark.outside
@pytest.mark.skipif(not shutil.which("Rscript"), reason="there is no Rscript: install R (r-base-core)")
@pytest.mark.parametrize(("packed", "json_package"), [(False, True), (True, False)])
def test_r_reads_the_same(
    packed: bool, json_package: bool, dist: Path, wanted: dict[str, Rows], tmp_path: Path
) -> None:
    """From a folder with jsonlite, from a zip without: as wide apart as they come."""
    script, folder = tmp_path / "cells.R", str(dist)
    script.write_text(("" if json_package else "requireNamespace <- function(...) FALSE\n") + R_CELLS, "utf-8")
    if packed:
        folder = shutil.make_archive(str(tmp_path / "figures"), "zip", dist.parent, dist.name)
    said = subprocess.run(
        ["Rscript", "--vanilla", script, dist, folder, tmp_path], check=True, capture_output=True, text=True
    )
    stated = descriptor(dist)
    assert said.stdout.splitlines() == [stated["version"], stated["bibliographicCitation"], "CC-BY-4.0"]
    for resource in stated["resources"]:
        with (tmp_path / f"{resource['name']}.csv").open(encoding="utf-8", newline="") as file:
            header, kinds, *found = csv.reader(file)
        fields = resource["schema"]["fields"]
        assert header == [field["name"] for field in fields]
        assert kinds == [r_kind(*column) for column in zip(fields, *wanted[resource["name"]], strict=True)]
        numbers = [place for place, field in enumerate(fields) if field["type"] == "number"]
        for row in (ours := [list(row) for row in wanted[resource["name"]]]):
            for place in numbers:
                row[place] = row[place] and f"{float(row[place]):.15g}"
        assert sorted(found) == sorted(ours), resource["name"]


@pytest.mark.outside
@pytest.mark.skipif(not shutil.which("Rscript"), reason="there is no Rscript: install R (r-base-core)")
def test_readr_reads_each_resource_as_frictionless_of_r_asks_it(dist: Path, wanted: dict[str, Rows]) -> None:
    """R's frictionless makes readr's column types of the schema; none of them may meet a cell that does not fit."""
    said = subprocess.run(["Rscript", "--vanilla", "-e", READR, dist], capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    assert dict(line.split() for line in said.stdout.splitlines()) == {
        name: str(len(cells)) for name, cells in wanted.items()
    }


@pytest.mark.outside
@pytest.mark.skipif(not shutil.which("Rscript"), reason="there is no Rscript: install R (r-base-core)")
def test_r_says_which_tables_there_are(dist: Path) -> None:
    asked = f'source("{dist}/figures.R"); read_figures("{dist}", "claim")'
    said = subprocess.run(["Rscript", "--vanilla", "-e", asked], capture_output=True, text=True)
    assert said.returncode == 1
    assert "there is no table or view claim; there are sources" in said.stderr


@pytest.mark.outside
@pytest.mark.skipif(not OLD.exists(), reason="there is no .venv-client: `make test-all` sets it up")
@pytest.mark.parametrize(("database", "script"), [("figures.duckdb", ""), (":memory:", "figures.sql")])
def test_the_module_of_duckdb_1_2_reads_the_same(
    database: str, script: str, dist: Path, names: list[str], wanted: dict[str, Rows]
) -> None:
    code = READ.format(database=database, script=script, names=names)
    said = subprocess.run([OLD / "python", "-c", code], cwd=dist, check=True, capture_output=True, text=True)
    assert {name: rows(found) for name, found in json.loads(said.stdout).items()} == wanted


@pytest.mark.outside
@pytest.mark.parametrize("client", [OLD / "duckdb", NEW / "duckdb"], ids=["1.4", "1.5"])
@pytest.mark.parametrize("how", [["-readonly", "figures.duckdb"], ["-init", "figures.sql"]], ids=["file", "script"])
def test_the_command_line_of_duckdb_reads_the_same(
    client: Path, how: list[str], dist: Path, wanted: dict[str, Rows]
) -> None:
    if not client.exists():
        pytest.skip(f"there is no {client}: `make test-all` sets it up")
    client.chmod(0o755)  # the wheel of 1.4.4 forgets it
    for name, cells in wanted.items():
        said = subprocess.run(
            [client, *how, "-json", "-c", f"from {name}"], cwd=dist, check=True, capture_output=True, text=True
        )
        assert rows(row.values() for row in json.loads(said.stdout)) == cells, name


def test_the_script_says_where_it_is_to_be_read(dist: Path, tmp_path: Path) -> None:
    said = subprocess.run(
        [NEW / "duckdb", "-bail", "-c", f".read {dist}/figures.sql"], cwd=tmp_path, capture_output=True, text=True
    )
    assert "data/sources.csv" in said.stderr + said.stdout
    first = (dist / "figures.sql").read_text("utf-8").split("\n\n")[0]
    assert "No files found that match the pattern" in first
    assert "cd dist" in first
