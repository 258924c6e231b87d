"""Large tables: read in blocks, listed up to a number, kept in a file; the same is found as in small ones."""

import tempfile
from pathlib import Path
from unittest.mock import patch

import duckdb
import pytest

from bench import plant, scale
from bench.corpus import corpus
from bench.faults import WAYS, Way
from scripts.database import block_reader, connection, line_reader, problem_limit
from scripts.datapackage.package import ROOT, Table, read
from scripts.datapackage.problems import LOSES, Problem
from tests.conftest import Run, edit, once

LOSSES = [way for way in WAYS if way.rule in LOSES]
READABLE = [way for way in WAYS if way.rule not in LOSES]


@pytest.fixture(scope="session")
def scaled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a scaled package: `clean`, `broken` in every way, or so that each row can be `read`."""
    return once(tmp_path_factory, "scaled", make_scaled)


def make_scaled(folder: Path) -> None:
    con, package = corpus(ROOT)
    scale.prepare(con, 2)
    with patch.object(plant, "EVERY", 40):
        plant.write(con, package, 2, {folder / "clean": (), folder / "broken": WAYS, folder / "read": READABLE})


def test_scaled_corpus_is_valid(scaled: Path, run: Run) -> None:
    ran = run("validate", scaled / "clean")
    assert ran.code == 0, ran.out


@pytest.mark.parametrize(("kind", "ways"), [("broken", LOSSES), ("read", READABLE)])
def test_planted_faults_are_found_where_they_stand(kind: str, ways: list[Way], scaled: Path, run: Run) -> None:
    """What leads to rows that cannot be read is not followed: those faults are planted where all can be."""
    ran = run("validate", scaled / kind, "--format", "json")
    found = {(one["path"], one["line"], one["field"], one["rule"]) for one in ran.problems}
    rules = {way.rule for way in ways}
    planted = {(one.path, one.line, one.field, one.rule) for one in plant.planted(scaled / kind) if one.rule in rules}
    assert planted <= found
    assert rules == {rule for *_, rule in planted}


def mended(con: duckdb.DuckDBPyConnection, table: Table, path: Path) -> list[Problem]:
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        found = block_reader.mend(table, path, file)
        assert connection.read(con, table, Path(file.name))
    return [*found, *block_reader.order(con, table)]


@pytest.mark.parametrize("block", [2000, 8 << 20])
def test_blocks_find_and_read_what_a_scan_does(block: int, scaled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(block_reader, "BLOCK", block)
    table = read(scaled / "broken").tables["claims"]
    path = scaled / "broken" / table.path
    scan = line_reader.scan(path, table)
    con = connection.connect()
    found = mended(con, table, path)
    assert sorted(found) == sorted(scan.problems)
    rows = [(line, *(cell or None for cell in row)) for line, row in zip(scan.lines, scan.rows, strict=True)]
    assert con.execute("select * from text.claims").fetchall() == rows


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"\n", b"\r\n"),
        (b"claim_id,", b"\xef\xbb\xbfclaim_id,"),
        (b"claim_id,", b'\n\n"claim_id",'),
        (b"1\n", b"1"),
        (b"\nkbs-", b"\n\n,,,\nkbs-"),
        (b",asserted,", b",,asserted,"),
    ],
    ids=["CRLF", "BOM", "blank lines above the header", "glued", "blank lines", "a cell too many"],
)
@pytest.mark.parametrize("block", [2000, 8 << 20])
def test_blocks_find_what_a_scan_does_of_the_whole_file(
    old: bytes, new: bytes, block: int, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(block_reader, "BLOCK", block)
    table = read(copy).tables["claims"]
    path = copy / table.path
    path.write_bytes(path.read_bytes().replace(old, new).removesuffix(b"\n" if block == 2000 else b""))
    con = connection.connect()
    found = mended(con, table, path)
    scan = line_reader.scan(path, table)
    assert sorted(found) == sorted(scan.problems)
    rows = [(line, *(cell or None for cell in row)) for line, row in zip(scan.lines, scan.rows, strict=True)]
    assert con.execute("select * from text.claims").fetchall() == rows


def test_what_is_not_listed_is_counted(copy: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(problem_limit, "MOST", 3)
    file = copy / "data/claims.csv"
    file.write_text(file.read_text("utf-8").replace(",asserted,", ",assertde,"), "utf-8")
    rows = file.read_text("utf-8").count(",assertde,")
    ran = run("validate", copy, "--format", "json")
    enums = [problem for problem in ran.problems if problem["rule"] == "enum"]
    assert [problem["line"] for problem in enums[:-1]] == sorted(problem["line"] for problem in enums[:-1])
    assert len(enums) == 4
    assert enums[-1]["message"] == f"{rows - 3:,} rows more that are not listed"


def test_table_in_a_file_is_checked_like_one_in_memory(copy: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(copy / "data/claims.csv", "united24-media-202602-1,united24-media-202602,", "united24-media-202602-1,x,")
    in_memory = run("validate", copy, "--format", "json").out
    monkeypatch.setattr(connection, "IN_MEMORY", 0)
    assert run("validate", copy, "--format", "json").out == in_memory
