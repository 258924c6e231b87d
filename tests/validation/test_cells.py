"""The compiled cells against frictionless: nothing that it refuses passes; what only we refuse is on a list.

Findings that this rests on, with frictionless 5.21: its row numbers count records from the
header on; a cell that has not its type is read as blank by the tests that follow.
"""

import datetime as dt
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import frictionless
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scripts.database import connection
from scripts.datapackage import canonical_csv
from scripts.datapackage.package import Json, Package, read, table
from scripts.datapackage.problems import Problem
from scripts.validation import cells
from tests.conftest import SOAK

Cell = tuple[int, str]  # row (1 = the first below the header) and field


@dataclass(frozen=True)
class Stricter:
    """What we refuse and frictionless takes, why, and the smallest cell that shows it."""

    types: str
    example: str
    reason: str
    holds: Callable[[str], bool]


STRICTER = [
    Stricter("integer number", "1_000", "a separator that only Python reads", lambda cell: "_" in cell),
    Stricter("integer number", "+5", "two ways to write 5", lambda cell: cell.startswith("+")),
    Stricter("integer number", "05", "two ways to write 5", lambda cell: bool(re.match(r"-?0[0-9_]", cell))),
    Stricter("integer number", "-0", "two ways to write 0", lambda cell: bool(re.match(r"-0+([.]0*)?$", cell))),
    Stricter("integer number", " 5", "blanks around a number", lambda cell: cell != cell.strip()),
    Stricter("integer number", "٥", "digits of another script", lambda cell: not cell.isascii()),
    Stricter("integer", "9223372036854775808", "more than 64 bits hold", lambda cell: len(cell) > 18),
    Stricter("number", "5.0", "two ways to write 5", lambda cell: "." in cell and cell[-1] in "0."),
    Stricter("number", ".5", "two ways to write 0.5", lambda cell: cell.lstrip("-").startswith(".")),
    Stricter("number", "1e3", "two ways to write 1000", lambda cell: "e" in cell.lower()),
    Stricter(
        "number", "NaN", "no number", lambda cell: cell.lower().lstrip("+-") in ("nan", "inf", "infinity", "snan")
    ),
    Stricter(
        "boolean", "True", "two ways to write true", lambda cell: cell in ("True", "TRUE", "1", "False", "FALSE", "0")
    ),
    Stricter(
        "date", "2024-1-5", "two ways to write a day", lambda cell: not re.fullmatch(r"\d{4}-\d\d-\d\d", cell, re.ASCII)
    ),
    Stricter(
        "string",
        "NA",
        "read as missing by some programs",
        lambda cell: cell in ("NA", "N/A", "None", "null", "NaN", "nan"),
    ),
    Stricter("string", "=1+1", "computed by spreadsheets", lambda cell: cell.startswith(("=", "+", "-", "@", "\t"))),
    Stricter("string", "x ", "a blank that no one sees", lambda cell: cell != cell.strip()),
    Stricter("string", "axx", "a pattern with an alternative binds as a whole", lambda cell: True),
]

ODD = {
    "integer": [
        "5",
        "-3",
        "0",
        "12000",
        "1_000",
        "+5",
        "05",
        "-0",
        " 5",
        "٥",
        "9223372036854775808",
        "5.6",
        "0x1F",
        "1e3",
        "x",
    ],
    "number": ["0.8", "-1.25", "3", "5.0", ".5", "1e3", "NaN", "inf", "1_0.5", "+0.5", " 1", "x", "0x1", "--1"],
    "boolean": ["true", "false", "True", "1", "0", "yes", "TRUE", " true"],
    "date": [
        "2024-01-05",
        "2024-02-29",
        "2023-02-29",
        "2024-1-5",
        "2024/01/05",
        "infinity",
        "0000-01-01",
        "0001-01-01",
        "x",
    ],
    "string": ["a", "bc", "axx", "ab", "abc", "NA", "nan", "=1+1", "x ", "é", "한국", "a,b", 'a"b', "zz-9"],
}
BOUND = {
    "integer": st.integers(-5, 10),
    "number": st.sampled_from([-1.5, 0.8, 3]),
    "date": st.sampled_from(["2024-01-05", "2023-12-31"]),
}


@st.composite
def fields(draw: st.DrawFn, name: str) -> Json:
    """A field with constraints that its type may have."""
    kind = draw(st.sampled_from(sorted(ODD)))
    rules: Json = {}
    if draw(st.booleans()):
        rules["required"] = True
    if draw(st.booleans()):
        rules["unique"] = True
    if kind == "string":
        rules |= draw(
            st.fixed_dictionaries({}, optional={"minLength": st.integers(0, 3), "maxLength": st.integers(0, 3)})
        )
        if draw(st.booleans()):
            rules["pattern"] = draw(st.sampled_from(["a|bc", "[a-z]+", "[a-z]{1,2}", "(a|b).*", "[^ ]+"]))
        if draw(st.booleans()):
            rules["enum"] = draw(st.lists(st.sampled_from(["a", "bc", "한국"]), min_size=1, unique=True))
    if kind in BOUND:
        names = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]
        rules |= draw(st.fixed_dictionaries({}, optional=dict.fromkeys(names, BOUND[kind])))
    if kind == "integer" and draw(st.booleans()):
        rules["enum"] = draw(st.lists(st.sampled_from([5, 0, 12000]), min_size=1, unique=True))
    return {"name": name, "type": kind, "constraints": rules}


@st.composite
def packages(draw: st.DrawFn) -> tuple[Json, list[list[str]], list[list[str]]]:
    """A schema of one to three fields with keys, rows for it, and rows of a table that it leads to."""
    columns = [draw(fields(name)) for name in draw(st.sampled_from([["a"], ["a", "b"], ["a", "b", "c"]]))]
    cell = [st.sampled_from(["", *ODD[column["type"]]]) for column in columns]
    rows = draw(st.lists(st.tuples(*cell).map(list), min_size=1, max_size=6))
    schema: Json = {"fields": columns}
    if draw(st.booleans()):
        schema["primaryKey"] = ["a"]
    there: list[list[str]] = []
    if columns[-1]["type"] == "string" and draw(st.booleans()):
        there = [[word] for word in draw(st.lists(st.sampled_from(["a", "bc", "zz-9"]), min_size=1, unique=True))]
        schema["foreignKeys"] = [
            {"fields": [columns[-1]["name"]], "reference": {"resource": "there", "fields": ["id"]}}
        ]
    return schema, [row for row in rows if any(row)] or [["x"] * len(columns)], there


def write(folder: Path, schema: Json, rows: list[list[str]], there: list[list[str]]) -> Json:
    """Write a package of one or two tables and return its descriptor."""
    resources = [("here", schema, rows)]
    if "foreignKeys" in schema:
        resources.append(("there", {"fields": [{"name": "id", "type": "string"}], "primaryKey": ["id"]}, there))
    descriptor: Json = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "x",
        "resources": [],
    }
    for name, its_schema, its_rows in resources:
        header = [field["name"] for field in its_schema["fields"]]
        (folder / f"{name}.csv").write_text("".join(map(canonical_csv.line, [header, *its_rows])), "utf-8")
        its_schema = {**its_schema, "missingValues": [""]}
        descriptor["resources"].append(
            {"name": name, "path": f"{name}.csv", "type": "table", "encoding": "utf-8", "schema": its_schema}
        )
    (folder / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")
    return descriptor


def refused_by_frictionless(folder: Path) -> dict[Cell, str]:
    """Return the rows and fields that frictionless refuses in the table `here`, with the kind of its error."""
    with frictionless.system.use_context(trusted=True):
        report = frictionless.Package(str(folder / "datapackage.json")).validate()
    found: dict[Cell, str] = {}
    for error in (error for task in report.tasks if task.name == "here" for error in task.errors):
        assert hasattr(error, "row_number"), error
        found[error.row_number - 1, getattr(error, "field_name", "")] = error.type
    return found


def refused_by_us(folder: Path, descriptor: Json) -> list[Problem]:
    """Return the problems that the compiled cells find in the table `here`."""
    tables = [table(resource, resource["schema"]) for resource in descriptor["resources"]]
    package = Package(folder, descriptor, {one.name: one for one in tables})
    con = connection.connect()
    order = [problem for problem in connection.load(con, package) if problem.rule != "order"]
    assert order == []
    return [problem for problem in cells.problems(con, package) if problem.path == "here.csv"]


@pytest.mark.soak
@settings(
    max_examples=1500 if SOAK else 50,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(made=packages())
def test_nothing_that_frictionless_refuses_passes(
    made: tuple[Json, list[list[str]], list[list[str]]], tmp_path: Path
) -> None:
    schema, rows, there = made
    descriptor = write(tmp_path, schema, rows, there)
    theirs = refused_by_frictionless(tmp_path)
    problems = refused_by_us(tmp_path, descriptor)
    ours = {(problem.line - 1, problem.field) for problem in problems}
    our_rows = {row for row, _ in ours}
    for (row, field), kind in theirs.items():
        if kind in ("unique-error", "primary-key") and any(before < row for before in our_rows):
            continue  # it may repeat a cell, read as Python reads it, that we refuse already: `True`, then `true`
        assert (row, field) in ours if field else row in our_rows, (row, field, rows, schema)
    kinds = {field["name"]: field["type"] for field in schema["fields"]}
    names = list(kinds)
    for problem in problems:
        row, field = problem.line - 1, problem.field
        if (row, field) in theirs or (row, "") in theirs:
            continue
        cell = rows[row - 1][names.index(field)]
        reasons = [one for one in STRICTER if kinds[field] in one.types.split() and one.holds(cell)]
        keyed = problem.rule == "required" and schema.get("primaryKey") == [field]
        assert reasons or keyed, (problem, rows, schema)


@pytest.mark.parametrize("stricter", STRICTER, ids=[one.example for one in STRICTER])
def test_what_only_we_refuse_is_as_the_list_says(stricter: Stricter, tmp_path: Path) -> None:
    for kind in stricter.types.split():
        rules = {"pattern": "a|bc"} if stricter.example == "axx" else {}
        schema = {"fields": [{"name": "a", "type": kind, "constraints": rules}, {"name": "b", "type": "string"}]}
        descriptor = write(tmp_path, schema, [[stricter.example, "x"]], [])
        assert stricter.holds(stricter.example)
        assert refused_by_frictionless(tmp_path) == {}, kind
        assert [(problem.line, problem.field) for problem in refused_by_us(tmp_path, descriptor)] == [(2, "a")]


def bad_cell(kind: str, rule: str, limit: Any) -> str:  # noqa: ANN401  (JSON)
    """Return a cell that breaks one constraint."""
    if kind == "date" and rule in ("minimum", "maximum"):
        one = dt.timedelta(days=1 if rule == "maximum" else -1)
        return (dt.date.fromisoformat(limit) + one).isoformat()
    bounds = {"minimum": -1, "maximum": 1}
    if rule in bounds:
        return str(limit + bounds[rule])
    return {"required": "", "enum": "not-a-word-of-it", "pattern": "Ω Ω", "maxLength": "x" * 99}[rule]


def shipped_constraints() -> list[tuple[str, str, str, Any]]:
    package = read(Path(__file__).parents[2])
    return [
        (one.name, field.name, rule, limit)
        for one in package.tables.values()
        for field in one.fields
        for rule, limit in field.constraints.items()
    ]


@pytest.mark.parametrize(("name", "field", "rule", "limit"), shipped_constraints())
def test_each_constraint_of_each_schema_refuses_a_cell(name: str, field: str, rule: str, limit: object) -> None:
    package = read(Path(__file__).parents[2])
    one = package.tables[name]
    con = connection.connect()
    columns = ", ".join(f"null::varchar as {column}" for column in one.header)
    con.execute(f"create table text.{name} as select 2 as _line, {columns}")
    kind = next(column.type for column in one.fields if column.name == field)
    con.execute(f"update text.{name} set {field} = nullif(?, '')", [bad_cell(kind, rule, limit)])
    alone = Package(package.root, {}, {name: one})
    words = {"minimum": "bounds", "maximum": "bounds", "maxLength": "length"}
    found = [(problem.field, problem.rule) for problem in cells._cells(con, alone.tables[name])]
    assert (field, words.get(rule, rule)) in found


def test_no_row_is_lost_where_every_cell_of_a_column_is_broken(tmp_path: Path) -> None:
    """Duckdb 2.0.0 drops rows whose pushed-down cast does not hold; see `connection.OPTIMIZERS_OFF`."""
    schema = {"fields": [{"name": "k", "type": "string"}, {"name": "v", "type": "integer"}]}
    rows = [[f"k{number}", f"x{number}"] for number in range(5000)]
    descriptor = write(tmp_path, schema, rows, [])
    tables = [table(resource, resource["schema"]) for resource in descriptor["resources"]]
    package = Package(tmp_path, descriptor, {one.name: one for one in tables})
    con = connection.connect()
    assert connection.load(con, package) == []
    connection.typed(con, package, lines=True)
    assert con.execute("select count(*), count(v), max(_line) from here").fetchall() == [(5000, 0, 5001)]
    [once] = cells.problems(con, package)
    assert (once.line, once.message) == (2, "`x0` is not an integer; likewise in 4,999 more lines")


def test_line_of_a_row_is_the_line_of_the_file(tmp_path: Path) -> None:
    schema = {"fields": [{"name": "k", "type": "string", "constraints": {"enum": [f"k{n}" for n in range(40)]}}]}
    rows = [[f"k{number % 41}"] for number in range(200_000)]
    descriptor = write(tmp_path, schema, rows, [])
    found = refused_by_us(tmp_path, descriptor)
    lines = (tmp_path / "here.csv").read_text("utf-8").splitlines()
    assert [problem.line for problem in found] == [number for number, line in enumerate(lines, 1) if line == "k40"]
