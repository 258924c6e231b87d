"""A copy of the package with one fault of each kind: found at its line, with a fix, and nothing changed on disk."""

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from scripts.datapackage import canonical_csv
from tests.conftest import Run, edit, tree

Make = Callable[[Path], int]  # breaks a copy and returns the line of the fault; 0 where it has none
CLAIMS, RELAYS, PLACES, SOURCES = (f"data/{name}.csv" for name in ("claims", "relays", "places", "sources"))
DESCRIPTOR, EXCEPTIONS = "datapackage.json", "schemas/exceptions.csv"
KEY = "united24-media-202602-1,"  # the first claim of the seed …
NUMBERS = f"{KEY}united24-media-202602,nis-20260212,,killed-wounded,troops,,asserted,total,,,6000,,,about,"  # … up to …
WORDS = '"Approximately 6,000"'  # … the wording


@dataclass(frozen=True)
class Fault:
    """The file and rule of a fault, and how to make it."""

    path: str
    rule: str
    make: Make


def change(old: str, new: str, path: str = CLAIMS) -> Make:
    return lambda root: edit(root / path, old, new)


def numbers(old: str, new: str) -> Make:
    return change(NUMBERS, NUMBERS.replace(old, new))


def insert(before: str, line: str) -> Make:
    return change(before, line + before)


def in_bytes(path: str, old: bytes, new: bytes) -> Make:
    def make(root: Path) -> int:
        data = (root / path).read_bytes()
        (root / path).write_bytes(data.replace(old, new))
        return data[: data.index(old)].count(b"\n") + 1

    return make


def repeat_row(root: Path) -> int:
    lines = (root / CLAIMS).read_text("utf-8").splitlines(keepends=True)
    (root / CLAIMS).write_text("".join([*lines[:5], lines[4], *lines[5:]]), "utf-8")
    return 6


def repeat_address(root: Path) -> int:
    file = root / "data/documents.csv"
    lines = file.read_text("utf-8").splitlines()
    cells, other = lines[1].split("https://"), lines[2].split("https://")
    same = cells[1].split(",")[0]
    lines[2] = lines[2].replace(other[1].split(",")[0], same)
    file.write_text("\n".join([*lines, ""]), "utf-8")
    return 3


def swap_rows(root: Path) -> int:
    lines = (root / CLAIMS).read_text("utf-8").splitlines(keepends=True)
    (root / CLAIMS).write_text("".join([*lines[:4], lines[5], lines[4], *lines[6:]]), "utf-8")
    return 6


def cut_last_line_feed(root: Path) -> int:
    data = (root / PLACES).read_bytes()
    (root / PLACES).write_bytes(data[:-1])
    return data.count(b"\n")


def remove(path: str) -> Make:
    def make(root: Path) -> int:
        (root / path).unlink()
        lines = (root / DESCRIPTOR).read_text("utf-8").splitlines()
        return next(number for number, line in enumerate(lines, 1) if f'": "{path}"' in line)

    return make


FAULTS = {
    "wrong type": Fault(CLAIMS, "type", numbers("6000", "6k")),
    "a number in another form": Fault(CLAIMS, "type", numbers("6000", "6_000")),
    "a day that is not in the calendar": Fault(CLAIMS, "type", numbers("total,,", "total,,2025-02-30")),
    "out of enum": Fault(CLAIMS, "enum", numbers("asserted", "assertde")),
    "pattern": Fault(SOURCES, "pattern", change("\nnis,National", "\nNIS!,National", SOURCES)),
    "bounds": Fault(CLAIMS, "bounds", numbers("6000", "-6000")),
    "too long": Fault(CLAIMS, "length", change(WORDS, '"Approximately 6,000' + " and more" * 9 + '"')),
    "missing required": Fault(CLAIMS, "required", numbers("asserted", "")),
    "duplicate key": Fault(CLAIMS, "primary-key", repeat_row),
    "the same address twice": Fault("data/documents.csv", "unique-key", repeat_address),
    "dangling foreign key": Fault(CLAIMS, "foreign-key", numbers("killed-wounded", "kiled-wounded")),
    "low above high": Fault(CLAIMS, "low-below-high", numbers("6000,,,about", ",12000,10000,range")),
    "wrong number for a qualifier": Fault(CLAIMS, "numbers-fit-qualifier", numbers("6000,,", ",6000,")),
    "date after publication": Fault(CLAIMS, "asserted-about-published", numbers("total,,", "total,,2026-03-01")),
    "relay out of order": Fault(
        RELAYS,
        "relays-without-gap",
        change("united24-media-202602,nis-20260212,yonhap,1", "united24-media-202602,nis-20260212,yonhap,2", RELAYS),
    ),
    "extra cell": Fault(CLAIMS, "extra-cell", numbers("6000", "6000,")),
    "missing cell": Fault(CLAIMS, "missing-cell", numbers("6000,", "6000")),
    "blank line": Fault(CLAIMS, "blank-line", insert(KEY, "\n")),
    "wrong header": Fault(CLAIMS, "header", change("claim_id,document_id", "claim_id,documentid")),
    "reordered columns": Fault(CLAIMS, "header", change("value,low,high", "low,value,high")),
    "not UTF-8": Fault("data/documents.csv", "encoding", in_bytes("data/documents.csv", b"Reveals", b"Reve\xffals")),
    "CRLF": Fault(CLAIMS, "line-ending", in_bytes(CLAIMS, b"\n", b"\r\n")),
    "no line feed at the end": Fault(PLACES, "line-ending", cut_last_line_feed),
    "BOM": Fault(CLAIMS, "encoding", in_bytes(CLAIMS, b"claim_id,", b"\xef\xbb\xbfclaim_id,")),
    "a line break in a cell": Fault(CLAIMS, "line-break", change(WORDS, '"Approximately\n6,000"')),
    "a quote that is not closed": Fault(CLAIMS, "quoting", change(WORDS, WORDS[:-1])),
    "quotes that are not needed": Fault(CLAIMS, "quoting", change(WORDS, '"about 6000"')),
    "rows out of order": Fault(CLAIMS, "order", swap_rows),
    "a formula cell": Fault(CLAIMS, "formula", change(WORDS, "=6000")),
    "a word for missing": Fault(CLAIMS, "missing-word", change(WORDS, "NA")),
    "a blank at the end": Fault(CLAIMS, "blank-ends", change(WORDS, "about 6000 ")),
    "a sign that no one sees": Fault(CLAIMS, "unseen-sign", change(WORDS, "about 6\u200b000")),
    "a control": Fault(CLAIMS, "unseen-sign", change(WORDS, "about 6\x07000")),
    "a letter in parts": Fault(CLAIMS, "not-nfc", change(WORDS, "environ 6000 tue\u0301s")),
    "a day still to come": Fault(
        "data/documents.csv",
        "published-on-has-come",
        change('Reveals",,en,2026-02-01', 'Reveals",,en,2101-02-01', "data/documents.csv"),
    ),
    "a missing file": Fault(DESCRIPTOR, "missing-file", remove(PLACES)),
    "a missing schema": Fault(DESCRIPTOR, "missing-file", remove("schemas/tables/places.json")),
    "a path that leaves the package": Fault(DESCRIPTOR, "path", change("data/places.csv", "../places.csv", DESCRIPTOR)),
    "a misspelt property": Fault(DESCRIPTOR, "property", change('"licenses"', '"licences"', DESCRIPTOR)),
    "a bad licence id": Fault(DESCRIPTOR, "licence", change('"CC-BY-4.0"', '"CC BY 4"', DESCRIPTOR)),
    "a role that is none": Fault(DESCRIPTOR, "property", change('"rightsHolder"', '"holder"', DESCRIPTOR)),
    "a descriptor that is no JSON": Fault(DESCRIPTOR, "json", change('"keywords": [', '"keywords" [', DESCRIPTOR)),
    "a property twice": Fault(DESCRIPTOR, "json", change('"keywords": [', '"title": "", "keywords": [', DESCRIPTOR)),
    "a pattern that is not portable": Fault(
        "schemas/tables/documents.json",
        "pattern",
        change("https?://[^ ]+", "https?://\\\\S+", "schemas/tables/documents.json"),
    ),
    "a key on a column that is not there": Fault(
        "schemas/tables/places.json", "property", change('["place_id"],', '["placeid"],', "schemas/tables/places.json")
    ),
    "a column that the rules need and the schema lacks": Fault(
        "schemas/tables/places.json",
        "property",
        change('"name": "iso_3166_2"', '"name": "iso"', "schemas/tables/places.json"),
    ),
    "an exception that is not needed": Fault(
        EXCEPTIONS,
        "exception-not-needed",
        change("ukrainska-pravda-20250214-1", "ukrainska-pravda-20250214-2", EXCEPTIONS),
    ),
    "an exception without a reason": Fault(
        EXCEPTIONS,
        "exception-without-reason",
        change("the word for thousand stands before the numbers two or three", "", EXCEPTIONS),
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault_is_found_where_it_stands(name: str, copy: Path, run: Run) -> None:
    fault = FAULTS[name]
    line = fault.make(copy)
    before = tree(copy)
    ran = run("validate", copy, "--format", "json")
    assert ran.code == 1
    assert ran.err == ""
    found = [problem for problem in ran.problems if problem["rule"] == fault.rule]
    places = [(problem["path"], problem["line"]) for problem in found]
    if name == "a property twice":
        line = 0
    if name == "a column that the rules need and the schema lacks":
        line = 6
    assert (fault.path, line) in places, ran.out
    assert all(problem["fix"] and problem["message"] for problem in ran.problems)
    assert tree(copy) == before


def test_text_says_place_key_rule_and_fix(copy: Path, run: Run) -> None:
    line = FAULTS["dangling foreign key"].make(copy)
    ran = run("validate", copy)
    first, fix, total = ran.out.splitlines()
    place, said = f"data/claims.csv:{line}:metric_id", "`kiled-wounded` is not in data/metrics.csv [foreign-key]"
    assert first == f"{place}: united24-media-202602-1: {said}"
    assert fix == "    fix: did you mean `killed-wounded`? otherwise first add the row to data/metrics.csv"
    assert total == "1 problem in 1 row of 1 file"


def test_github_says_file_line_and_fix(copy: Path, run: Run) -> None:
    line = FAULTS["wrong type"].make(copy)
    ran = run("validate", copy, "--format", "github")
    assert ran.out.startswith(f"::error file=data/claims.csv,line={line},title=type::value: united24-media-202602-1: ")
    assert ran.out.count("\n") == 1


def test_all_faults_of_many_rows_are_found(copy: Path, run: Run) -> None:
    file = copy / CLAIMS
    head, *rows = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text(head + "".join(row.replace(",asserted,", ",assertde,") for row in rows), "utf-8")
    wrong = {number for number, row in enumerate(rows, 2) if ",asserted," in row}
    ran = run("validate", copy, "--format", "json")
    assert {problem["line"] for problem in ran.problems if problem["rule"] == "enum"} == wrong


@pytest.mark.parametrize(
    "name",
    [
        "CRLF",
        "BOM",
        "blank line",
        "no line feed at the end",
        "rows out of order",
        "reordered columns",
        "quotes that are not needed",
    ],
)
def test_fix_rewrites_what_is_only_a_matter_of_form(name: str, copy: Path, run: Run) -> None:
    good = tree(copy)
    make = FAULTS[name].make
    if name == "reordered columns":
        make = reverse_columns
    if name == "quotes that are not needed":
        make = change("united24-media-202602-2,", '"united24-media-202602-2",')
    make(copy)
    ran = run("validate", copy, "--fix")
    assert ran.code == 0, ran.out
    assert ran.err.startswith("rewrote data/")
    assert tree(copy) == good


def reverse_columns(root: Path) -> int:
    with (root / PLACES).open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    (root / PLACES).write_text("".join(canonical_csv.line(reversed(row)) for row in rows), "utf-8")
    return 1


def test_fix_touches_nothing_that_a_person_must_decide(copy: Path, run: Run) -> None:
    FAULTS["missing cell"].make(copy)
    before = tree(copy)
    assert run("validate", copy, "--fix").code == 1
    assert tree(copy) == before


def test_folder_without_descriptor_is_a_call_that_is_off(tmp_path: Path, run: Run) -> None:
    ran = run("validate", tmp_path)
    assert ran.code == 2
    assert "there is no datapackage.json" in ran.err


def test_json_of_a_package_that_holds(copy: Path, run: Run) -> None:
    ran = run("validate", copy, "--format", "json")
    assert json.loads(ran.out) == {"holds": True, "problems": []}
