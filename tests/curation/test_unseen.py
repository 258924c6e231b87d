"""Sixty records in five languages, written from docs/records.md alone: what goes in at once is right, or is asked.

unseen.jsonl has a record a line with what the codebook wants of each figure, and what a tool should ask (`trap`).
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from scripts.datapackage.package import EXCEPTIONS
from tests.conftest import Run
from tests.records import rows

PAIRS = [json.loads(line) for line in Path(__file__).with_name("unseen.jsonl").read_text("utf-8").splitlines()]
VERSION = "2.3.1"  # of the data that the records were written beside
CELLS = ("metric_id", "population_id", "place_id", "modality", "extent", "value", "low", "high", "qualifier")
PLACE = re.compile(r"^\S+\.jsonl:(\d+):(?:figures\[(\d+)\])?", re.MULTILINE)
NEEDLESS = re.compile(rf"^{EXCEPTIONS}:(\d+):.*exception-not-needed", re.MULTILINE)
Asked = set[tuple[int, int]]  # line of the record and number of the figure, from 1


@pytest.fixture
def package(run: Run, tmp_path: Path) -> Path:
    assert run("rebuild", VERSION, "--to", tmp_path / "package").code == 0
    return tmp_path / "package"


def write_without(asked: Asked, file: Path) -> Path:
    """Write the records without the figures that were asked about, each on its line."""
    lines = []
    for line, pair in enumerate(PAIRS, 1):
        figures = [one for number, one in enumerate(pair["record"]["figures"], 1) if (line, number) not in asked]
        lines.append(json.dumps({**pair["record"], "figures": figures}, ensure_ascii=False) if figures else "")
    file.write_text("\n".join(lines), "utf-8")
    return file


def added(run: Run, package: Path, file: Path) -> Asked:
    """Add all that goes in without a question; return the figures that were asked about."""
    asked: Asked = set()
    while (ran := run("add", write_without(asked, file), "--dir", package)).code:
        now: Asked = set()
        for line, number in PLACE.findall(ran.out):
            figures = range(1, len(PAIRS[int(line) - 1]["record"]["figures"]) + 1)
            kept = [each for each in figures if (int(line), each) not in asked]
            now |= {(int(line), each) for each in (kept[int(number) - 1 : int(number)] if number else kept)}
        needless = [int(line) for line in NEEDLESS.findall(ran.out)]
        assert now or needless, ran.out + ran.err
        asked |= now
        take_out(package / EXCEPTIONS, needless if not now else [])
    return asked


def take_out(path: Path, numbers: list[int]) -> None:
    """Take lines out of a file, as the fix says of exceptions that are no longer needed."""
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for number, line in enumerate(lines, 1) if number not in numbers), "utf-8")


def wrong(
    claim: dict[str, str], statements: dict[str, dict[str, str]], expected: dict[str, Any], known: set[str]
) -> dict[str, Any]:
    """Return the cells of a claim that are not those that the codebook wants."""
    cells = {name: claim[name] for name in CELLS}
    wanted = {name: "" if expected[name] is None else str(expected[name]) for name in CELLS}
    statement = claim["statement_id"]
    cells |= {"source_id": statements[statement]["source_id"], "joins": statement if statement in known else ""}
    wanted |= {"source_id": expected["source_id"], "joins": expected["statement_id"]}
    return {name: (cells[name], wanted[name]) for name in wanted if cells[name] != wanted[name]}


def test_what_goes_in_at_once_is_right_and_the_rest_is_asked(package: Path, run: Run, tmp_path: Path) -> None:
    known = {row["statement_id"] for row in rows(package, "statements")}
    asked = added(run, package, tmp_path / "unseen.jsonl")
    documents = {row["url"]: row["document_id"] for row in rows(package, "documents")}
    statements = {row["statement_id"]: row for row in rows(package, "statements")}
    claims: dict[str, list[dict[str, str]]] = {}
    for claim in rows(package, "claims"):
        claims.setdefault(claim["document_id"], []).append(claim)
    plain = at_once = 0
    for line, pair in enumerate(PAIRS, 1):
        in_order = iter(claims.get(documents.get(pair["record"]["url"], ""), []))
        for number, expected in enumerate(pair["expected"], 1):
            plain += not expected["trap"]
            if (line, number) not in asked:
                assert wrong(next(in_order), statements, expected, known) == {}, (line, number)
                at_once += not expected["trap"]
    assert at_once > 0.8 * plain, f"{at_once} of {plain} figures at once"
