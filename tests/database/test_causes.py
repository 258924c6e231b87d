"""One cause, one problem: a table that is something else as a whole is told once, first, and no rule is asked of it."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from scripts.database import block_reader, connection, problem_limit
from scripts.database.canonical_check import LONGEST
from scripts.validation import row_rules
from tests.conftest import Run, edit, tree

Make = Callable[[bytes], bytes]
HEADER = "town_id,name,mayor,people"
NAMES = ("Kursk", "Orenburg", "Łódź", "Пермь", "평양")
TOWNS = [[f"t-{number:03}", NAMES[number % 5], "", str(1000 + number)] for number in range(60)]
VISITS = [[f"v-{number:03}", TOWNS[number][0]] for number in range(60)]
WINDOWS = "“Curly” – quotes"
RUSSIAN = "Пермь и Оренбург"
KOREAN = "평양과 개성"


def field(name: str, kind: str = "string", **rules: object) -> dict[str, object]:
    return {"name": name, "type": kind, "description": f"The {name}.", "constraints": rules}


def resource(name: str, fields: list[dict[str, object]], foreign: str = "") -> dict[str, object]:
    keys = [{"fields": [foreign], "reference": {"resource": "towns", "fields": [foreign]}}] if foreign else []
    profile = "https://datapackage.org/profiles/2.0/tableschema.json"
    schema = {"$schema": profile, "fields": fields, "primaryKey": [fields[0]["name"]], "missingValues": [""]}
    schema |= {"foreignKeys": keys} if keys else {}
    path = {"name": name, "path": f"{name}.csv", "type": "table", "format": "csv", "encoding": "utf-8"}
    return {**path, "schema": schema}


DESCRIPTOR = {
    "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
    "name": "towns",
    "title": "Towns",
    "version": "0.0.0",
    "contributors": [{"title": "A", "roles": ["author"]}],
    "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/", "title": "CC BY"}],
    "resources": [
        resource(
            "towns",
            [
                field("town_id", pattern="t-[0-9]+"),
                field("name", required=True),
                field("mayor"),
                field("people", "integer", required=True, minimum=1000),
            ],
        ),
        resource("visits", [field("visit_id"), field("town_id", required=True)], "town_id"),
    ],
}


def lines(cells: list[list[str]], sign: str = ",") -> bytes:
    return "".join(sign.join(row) + "\n" for row in cells).encode()


GOOD = lines([HEADER.split(","), *TOWNS])


@pytest.fixture
def towns(tmp_path: Path) -> Path:
    """Return a package of sixty towns and a visit to each."""
    root = tmp_path / "towns"
    root.mkdir()
    (root / "datapackage.json").write_text(json.dumps(DESCRIPTOR, indent=1), "utf-8")
    (root / "towns.csv").write_bytes(GOOD)
    (root / "visits.csv").write_bytes(lines([["visit_id", "town_id"], *VISITS]))
    return root


def cells(change: Callable[[list[str], int], list[str]]) -> Make:
    """Change every row, the header (number 0) included."""
    return lambda _: lines([change(list(row), number) for number, row in enumerate([HEADER.split(","), *TOWNS])])


def named(text: str, encoding: str) -> Make:
    """Give every town one name, in another encoding."""
    rows = [[row[0], text, *row[2:]] for row in TOWNS]
    return lambda _: lines([HEADER.split(","), *rows]).decode().encode(encoding)


def upside_down(data: bytes) -> bytes:
    head, *others = data.splitlines(keepends=True)
    return head + b"".join(reversed(others))


@dataclass(frozen=True)
class Cause:
    """How a table is broken; where it is told, by what rule, in what words; whether `--fix` cures it."""

    make: Make
    line: int
    rule: str
    says: str
    fixed: bool = False


CAUSES = {
    "Windows-1252": Cause(named(WINDOWS, "cp1252"), 2, "encoding", "looks like CP1252"),
    "Windows-1251": Cause(named(RUSSIAN, "cp1251"), 2, "encoding", "looks like CP1251"),
    "Korean Windows": Cause(named(KOREAN, "cp949"), 2, "encoding", "looks like CP949"),
    "an encoding that is not sure": Cause(named("Łódź", "cp852"), 2, "encoding", "likewise in 59 more lines"),
    "UTF-16": Cause(lambda data: data.decode().encode("utf-16"), 1, "unreadable", "UTF-16, not UTF-8"),
    "UTF-16 without mark": Cause(lambda data: data.decode().encode("utf-16-be"), 1, "unreadable", "UTF-16BE"),
    "UTF-16 of a program on Windows": Cause(
        lambda data: data.decode().encode("utf-16-le"), 1, "unreadable", "UTF-16LE"
    ),
    "UTF-32": Cause(lambda data: data.decode().encode("utf-32"), 1, "unreadable", "UTF-32"),
    "nothing": Cause(lambda _: b"", 1, "unreadable", "the file is empty"),
    "only a mark": Cause(lambda _: b"\xef\xbb\xbf", 1, "unreadable", "the file is empty"),
    "only blank lines": Cause(lambda _: b"\n" * 5, 1, "unreadable", "the first 5 lines are blank"),
    "a workbook": Cause(lambda data: b"PK\x03\x04" + data, 1, "unreadable", "ZIP archive, as of a workbook"),
    "other bytes": Cause(lambda _: bytes(range(256)) * 9, 1, "unreadable", "binary"),
    "a long line": Cause(lambda data: data + b"x" * LONGEST + b"x\n", 62, "unreadable", "more than 131,072 bytes"),
    "one line": Cause(lambda _: b"," * LONGEST * 3, 1, "unreadable", "more than 131,072 bytes"),
    "many columns": Cause(lambda _: b"a," * LONGEST + b"a\n", 1, "unreadable", "more than 131,072 bytes"),
    "semicolons": Cause(lambda data: data.replace(b",", b";"), 1, "separator", "separated by `;`", fixed=True),
    "tabs": Cause(lambda data: data.replace(b",", b"\t"), 1, "separator", "separated by tabs", fixed=True),
    "semicolons, as a spreadsheet writes": Cause(
        lambda data: b"\xef\xbb\xbf" + data.replace(b",", b";").replace(b"\n", b"\r\n"), 1, "separator", "`;`", True
    ),
    "semicolons, in a row too many": Cause(
        lambda data: data.replace(b",", b";") + b";;;;x\n", 1, "separator", "separated by `;`"
    ),
    "old Macintosh": Cause(lambda data: data.replace(b"\n", b"\r"), 1, "line-feed", "CR alone", fixed=True),
    "CR LF": Cause(lambda data: data.replace(b"\n", b"\r\n"), 1, "line-ending", "61 lines from here on", fixed=True),
    "NUL": Cause(lambda data: data.replace(b"\nt", b"\n\0t"), 2, "control-character", "likewise in 59 more lines"),
    "a blank row": Cause(lambda data: data + b",,,\n", 62, "blank-row", "without a single cell filled", fixed=True),
    "a blank row below the header": Cause(
        lambda data: data.replace(b"\n", b"\n,,,\n", 1), 2, "blank-row", "without a single cell filled", fixed=True
    ),
    "blank rows": Cause(lambda data: data + b",,,\n" * 30, 62, "blank-row", "likewise in 29 more lines", fixed=True),
    "a row of blanks": Cause(lambda data: data + b" ,, ,\n", 62, "blank-row", "without a single cell", fixed=True),
    "blank lines": Cause(lambda data: data + b"\n" * 30, 62, "blank-line", "likewise in 29 more lines", fixed=True),
    "a blank line above the header": Cause(
        lambda data: b"\n" + data, 1, "blank-line", "a line without a row", fixed=True
    ),
    "no header": Cause(lambda data: data.partition(b"\n")[2], 1, "header", "names no column of the schema"),
    "the header twice": Cause(
        lambda data: HEADER.encode() + b"\n" + data, 2, "header-again", "the header stands here again", fixed=True
    ),
    "a renamed column": Cause(
        lambda data: data.replace(b"mayor", b"major", 1), 1, "header", "`mayor` is not there, and `major` is not in"
    ),
    "every name in other letters": Cause(
        lambda data: data.replace(HEADER.encode(), HEADER.upper().encode()), 1, "header", "names no column"
    ),
    "a column that may be blank is gone": Cause(
        cells(lambda row, _: [*row[:2], row[3]]), 1, "header", "the column `mayor` is not there", fixed=True
    ),
    "a column that may not be blank is gone": Cause(
        cells(lambda row, _: row[:3]), 1, "header", "the column `people` is not there"
    ),
    "a column more": Cause(
        cells(lambda row, number: [*row, "x" if number else "mine"]), 1, "header", "the column `mine` is not in the"
    ),
    "columns more without a name": Cause(
        cells(lambda row, _: [*row, "", ""]), 1, "header", "ends in 2 cells more, without a name", fixed=True
    ),
    "a column twice": Cause(cells(lambda row, _: [*row, row[1]]), 1, "header", "the column `name` is there twice"),
    "columns in another order": Cause(cells(lambda row, _: row[::-1]), 1, "header", "in another order", fixed=True),
    "a cell too many in each row": Cause(
        cells(lambda row, number: [*row, "x"] if number else row), 2, "extra-cell", "likewise in 59 more lines"
    ),
    "a cell too few in each row": Cause(
        cells(lambda row, number: row[:3] if number else row), 2, "missing-cell", "likewise in 59 more lines"
    ),
    "a comma without quotes in many rows": Cause(
        cells(lambda row, number: [*row, "x"] if number > 30 else row), 32, "extra-cell", "likewise in 29 more lines"
    ),
    "quotes everywhere": Cause(
        cells(lambda row, _: [f'"{cell}"' for cell in row]), 1, "quoting", "likewise in 60 more lines", fixed=True
    ),
    "rows out of order": Cause(upside_down, 3, "order", "likewise in 58 more lines", fixed=True),
    "a quote that is not closed above many rows": Cause(
        lambda data: data.replace(b"Kursk", b'"Kursk', 1) + lines(TOWNS).replace(b"t-", b"t-1"),
        2,
        "quoting",
        "a quote stands where CSV has none, or is not closed",
    ),
    "cut in a character": Cause(
        lambda data: data[: data.rindex("평".encode()) + 1], 61, "cut", "in the middle of a row: byte 7 of the line"
    ),
    "cut in a row": Cause(lambda data: data[:-7], 61, "cut", "in the middle of a row: 2 cells where the header has 4"),
    "a column of another kind": Cause(
        cells(lambda row, number: [*row[:3], f"{row[3]} people" if number else row[3]]),
        2,
        "type",
        "`1000 people` is not an integer; likewise in 59 more lines",
    ),
    "cells under other columns": Cause(
        cells(lambda row, number: [row[1], "", row[3], row[2] and "x"] if number else row),
        2,
        "shifted",
        "`name`, `people`, `town_id` hold throughout what is not theirs",
    ),
}


@pytest.mark.parametrize("large", [False, True], ids=["", "in blocks"])
@pytest.mark.parametrize("name", CAUSES)
def test_one_cause_is_one_problem(
    name: str, large: bool, towns: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    if large:
        monkeypatch.setattr(connection, "LARGE", 0)
    cause = CAUSES[name]
    (towns / "towns.csv").write_bytes(cause.make(GOOD))
    before = tree(towns)
    found = run("validate", towns, "--format", "json")
    assert found.code == 1
    first = found.problems[0]
    assert (first["path"], first["line"], first["rule"]) == ("towns.csv", cause.line, cause.rule)
    assert cause.says in first["message"]
    assert len(found.problems) == 1, found.out
    assert tree(towns) == before
    if large:
        return  # `--fix` reads a table of any size line by line
    fixed = run("validate", towns, "--fix")
    assert (fixed.code == 0) == cause.fixed, fixed.out
    assert tree(towns) == ({**before, "towns.csv": tree(towns)["towns.csv"]} if cause.fixed else before)
    assert not cause.fixed or (towns / "towns.csv").read_bytes() == GOOD


def test_what_was_not_looked_at_is_said(towns: Path, run: Run) -> None:
    said = "the rest is looked at when this is mended"
    (towns / "towns.csv").write_bytes(b"")
    assert run("validate", towns).out.splitlines()[-1] == said
    assert json.loads(run("validate", towns, "--format", "json").out)["unasked"] == said
    assert run("validate", towns, "--format", "github").out.splitlines()[-1] == f"::notice::{said}"
    (towns / "towns.csv").write_bytes(GOOD + b"t-100\n")
    last = run("validate", towns).out.splitlines()[-1]
    assert last == "keys and rules that lead to towns.csv are asked when every row there can be read"


def test_causes_stand_above_what_follows_from_them(towns: Path, run: Run) -> None:
    (towns / "towns.csv").write_bytes(GOOD.replace(b",1003\n", b",3\n"))
    edit(towns / "visits.csv", "v-059,t-059", "v-059")
    assert [one["rule"] for one in run("validate", towns, "--format", "json").problems] == ["missing-cell", "bounds"]


def test_few_rows_are_told_one_by_one(towns: Path, run: Run) -> None:
    (towns / "towns.csv").write_bytes(GOOD.replace("Łódź".encode(), b"x,y", 5))
    found = run("validate", towns, "--format", "json").problems
    assert [(one["line"], one["rule"]) for one in found] == [(4 + 5 * n, "extra-cell") for n in range(5)]


def test_bytes_in_few_lines_of_a_utf8_table_are_told_where_they_stand(towns: Path, run: Run) -> None:
    (towns / "towns.csv").write_bytes(GOOD.replace(b"Kursk", b"K\xfcrsk", 2))
    found = run("validate", towns, "--format", "json").problems
    assert [(one["line"], one["message"]) for one in found] == [
        (line, "byte 8 of the line is not UTF-8") for line in (2, 7)
    ]


@pytest.mark.parametrize("line", [b"x\n", b'"\n', b'"""\n', b"\xff,\n", b"\0" + b"x" * 40 + b"\n", b"x\ry,,,\n"])
def test_table_of_which_little_is_rows_is_not_read_to_its_end(
    line: bytes, towns: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "LARGE", 0)
    monkeypatch.setattr(problem_limit, "MOST", 50)
    (towns / "towns.csv").write_bytes(GOOD + line * 5000)
    [found] = run("validate", towns, "--format", "json").problems
    assert (found["line"], found["rule"]) == (62, "unreadable")
    assert found["message"].startswith("51 of the first 1")


@pytest.mark.parametrize("line", [b"\n", b",,,\n", HEADER.encode() + b"\n", b"\r\n"])
def test_lines_without_a_row_are_counted_past_the_first(
    line: bytes, towns: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "LARGE", 0)
    monkeypatch.setattr(block_reader, "BLOCK", 2000)
    monkeypatch.setattr(problem_limit, "MOST", 50)
    (towns / "towns.csv").write_bytes(GOOD + line * 5000)
    found = run("validate", towns, "--format", "json").problems
    assert found[0]["line"] == 62
    assert found[0]["message"].endswith("; likewise in 4,999 more lines")
    assert [one["rule"] for one in found[1:]] == (["line-ending"] if b"\r" in line else [])


@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
def test_table_that_is_no_plain_file_is_a_problem_and_nothing_waits(kind: str, towns: Path, run: Run) -> None:
    path = towns / "towns.csv"
    path.unlink()
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    else:
        path.mkdir()
    ran = run("validate", towns, "--format", "json")
    assert ran.code == 1
    assert "towns.csv" in ran.problems[0]["message"]


@pytest.mark.parametrize("name", ["a [b] c", "t*?", "it's", "ü 한", "a;b", "#x", "%20"])
def test_table_with_an_odd_name_is_read(name: str, towns: Path, run: Run) -> None:
    edit(towns / "datapackage.json", '"path": "towns.csv"', f'"path": {json.dumps(name + ".csv")}')
    (towns / "towns.csv").rename(towns / f"{name}.csv")
    assert run("validate", towns).out == "120 rows in 2 tables: valid\n"


@pytest.mark.parametrize("content", [b"rule;resource;key;reason\n", b"", "rule,resource,key,reason\n".encode("utf-16")])
def test_exceptions_that_cannot_be_read_are_the_one_problem(content: bytes, copy: Path, run: Run) -> None:
    (copy / "schemas/exceptions.csv").write_bytes(content)
    [found] = run("validate", copy, "--format", "json").problems
    assert (found["path"], found["line"]) == ("schemas/exceptions.csv", 1)


def test_row_that_cannot_be_read_makes_no_exception_needless(copy: Path, run: Run) -> None:
    edit(copy / "data/metrics.csv", "\nkilled,", "\nkilled,,")
    [found] = run("validate", copy, "--format", "json").problems
    assert (found["path"], found["rule"]) == ("data/metrics.csv", "extra-cell")


def test_column_that_rules_read_and_the_schema_lacks_is_told_at_the_rules(
    copy: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "scripts.datapackage.needed_fields.ROOT", copy
    )  # the package is the repository whose schema is changed
    edit(copy / "schemas/tables/places.json", '"name": "iso_3166_2"', '"name": "iso"')
    edit(copy / "data/places.csv", "iso_3166_2", "iso")
    found = run("validate", copy, "--format", "json").problems
    assert {(one["path"], one["rule"]) for one in found} == {("schemas/rows/places.py", "rule-column")}
    assert all(rule.name in found[0]["message"] for rule in row_rules.rules()["places"] if rule.field == "iso_3166_2")
