"""Names stay, or stay as former names for a MINOR release; what goes or means something else asks for a MAJOR step."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts.curation import required_bump
from scripts.curation.required_bump import MAJOR, MINOR, PATCH
from scripts.database import connection, views
from scripts.datapackage import semver
from scripts.datapackage.package import ROOT, Package, read, table
from scripts.history import ledger
from scripts.history.ledger import Change
from scripts.validation import compatibility
from tests.conftest import Run, edit

Json = dict[str, Any]
COLUMNS = [
    {"name": "claim_id", "type": "string", "description": "Its key.", "constraints": {"required": True}},
    {"name": "value", "type": "integer", "description": "The number.", "constraints": {"minimum": 0, "maximum": 9}},
    {"name": "kind", "type": "string", "description": "Which.", "constraints": {"enum": ["a", "b"], "maxLength": 5}},
]
CLAIMS: Json = {
    "kind": "table",
    "description": "One row per claim.",
    "fields": COLUMNS,
    "primaryKey": ["claim_id"],
    "missingValues": [""],
    "foreignKeys": [{"fields": ["kind"], "reference": {"resource": "kinds", "fields": ["kind_id"]}}],
}
VIEW: Json = {
    "kind": "view",
    "description": "what there is; one row per kind",
    "parameters": "",
    "query": "0" * 16,
    "fields": [{"name": "kind", "type": "VARCHAR", "description": "which"}],
}


@pytest.fixture
def copy(few: Path, tmp_path: Path) -> Path:
    """Return the folder of a copy of the package of which nothing waits for a release."""
    return Path(shutil.copytree(few, tmp_path / "package"))


def last(root: Path) -> tuple[int, int, int]:
    """Return the numbers of the last version."""
    return semver.numbers(ledger.versions(read(root))[-1])


def changed(change: Callable[[Json], object], relation: Json = CLAIMS) -> Json:
    again: Json = json.loads(json.dumps(relation))
    change(again)
    return again


def field(place: int, **properties: object) -> Callable[[Json], object]:
    return lambda relation: relation["fields"][place].update(properties)


def limit(place: int, **constraints: object) -> Callable[[Json], object]:
    return lambda relation: relation["fields"][place]["constraints"].update(constraints)


@pytest.mark.parametrize(
    ("change", "step", "why"),
    [
        (lambda one: one["fields"].pop(1), MAJOR, "claims.value is gone"),
        (lambda one: one["fields"].append({**COLUMNS[1], "name": "low"}), MINOR, "claims.low is new"),
        (lambda one: one["fields"].reverse(), MAJOR, "the columns of claims are in another order"),
        (field(1, type="number"), MAJOR, "claims.value was of type integer and is of type number"),
        (field(1, description="Thousands."), MAJOR, "claims.value is described in other words"),
        (field(1, description="Deprecated: use low."), MINOR, "the end of claims.value is announced"),
        (field(1, prose=True), MINOR, "claims.value: prose is another"),
        (field(1, example=3, title="Value"), None, ""),
        (lambda one: one.update(description="One row per document."), MAJOR, "claims is described in other words"),
        (lambda one: one.update(primaryKey=["claim_id", "kind"]), MAJOR, "claims: primaryKey is another"),
        (lambda one: one.update(uniqueKeys=[["kind"]]), MAJOR, "claims: uniqueKeys hold more"),
        (lambda one: one.update(foreignKeys=[]), MINOR, "claims: foreignKeys hold less"),
        (limit(1, required=True), MAJOR, "claims.value: required is tighter"),
        (limit(0, required=False), MINOR, "claims.claim_id: required is looser"),
        (limit(1, minimum=1), MAJOR, "claims.value: minimum is tighter"),
        (limit(1, minimum=-1), MINOR, "claims.value: minimum is looser"),
        (limit(1, maximum=8), MAJOR, "claims.value: maximum is tighter"),
        (limit(1, maximum=None), MINOR, "claims.value: maximum is looser"),
        (limit(2, enum=["a", "c"]), MAJOR, "claims.kind: enum is tighter"),
        (limit(2, enum=["a", "b", "c"]), MINOR, "claims.kind: enum is looser"),
        (limit(2, maxLength=4), MAJOR, "claims.kind: maxLength is tighter"),
        (limit(2, pattern="[ab]"), MAJOR, "claims.kind: pattern is tighter"),
    ],
)
def test_change_of_a_table_asks_for_its_step(change: Callable[[Json], object], step: str | None, why: str) -> None:
    found = list(required_bump.of_names({"claims": CLAIMS}, {"claims": changed(change)}, same_meaning=False))
    assert found == ([(step, why)] if step else [])


@pytest.mark.parametrize(
    ("change", "step", "why"),
    [
        (lambda one: one.update(query="1" * 16), MINOR, "the query of kinds is another"),
        (lambda one: one.update(parameters="(day)"), MAJOR, "kinds: parameters is another"),
        (
            lambda one: one.update(description="what there is; one row per day"),
            MAJOR,
            "kinds is described in other words",
        ),
        (lambda one: one.update(kind="table"), MAJOR, "kinds was a view and is a table"),
        (field(0, type="BIGINT"), MAJOR, "kinds.kind was of type VARCHAR and is of type BIGINT"),
    ],
)
def test_change_of_a_view_asks_for_its_step(change: Callable[[Json], object], step: str, why: str) -> None:
    found = list(required_bump.of_names({"kinds": VIEW}, {"kinds": changed(change, VIEW)}, same_meaning=False))
    assert found == [(step, why)]


def test_relations_that_come_and_go_ask_for_their_step() -> None:
    found = list(required_bump.of_names({"claims": CLAIMS}, {"kinds": VIEW}, same_meaning=False))
    assert found == [(MAJOR, "claims is gone"), (MINOR, "kinds is new")]


def test_other_words_that_mean_the_same_are_prose() -> None:
    again = changed(field(1, description="The number as coded."))
    found = list(required_bump.of_names({"claims": CLAIMS}, {"claims": again}, same_meaning=True))
    assert found == [(PATCH, "claims.value is described in other words")]


def test_rows_ask_for_their_step() -> None:
    lines = [
        Change("2.0.0", "claims", "x-1", "note", "corrected", "a", "b", "editorial"),
        Change("2.0.0", "claims", "x-1", "value", "corrected", "1", "2", "coder_error"),
        Change("2.0.0", "claims", "x-2", "value", "corrected", "1", "2", "coder_error"),
        Change("2.0.0", "claims", "x-3", "*", "added", new="0" * 16),
        Change("2.0.0", "metrics", "killed", "unit", "corrected", "persons", "bodies", "coder_error"),
        Change("2.0.0", "claims", "*", "*", "header", "[]", "[]", "schema_changed"),
    ]
    assert list(required_bump.of_rows(lines, read(ROOT))) == [
        (MAJOR, "the unit of the metric killed is another"),
        (MINOR, "claims: 1 row added"),
        (MINOR, "claims: 2 cells corrected"),
        (PATCH, "claims: 1 cell prose corrected"),
    ]


OLD = {"claims": CLAIMS}
AMOUNT = changed(lambda one: one["fields"][1].update(name="amount"))
ALIAS = {**VIEW, "description": "former names of columns of claims; one row per claim_id", "fields": COLUMNS}
BOTH = {"claims": AMOUNT, "claims_formerly": ALIAS}
DROPPED = {"claims": {"claim_id", "amount", "kind"}}
DEPRECATED = {"claims": changed(field(1, description="Deprecated: nobody counts so any more."))}


@pytest.mark.parametrize(
    ("history", "present", "lost"),
    [
        ([("1.0.0", OLD)], {"claims": {"claim_id", "value", "kind"}}, []),
        ([("1.0.0", OLD)], {}, [("claims", "", False)]),
        ([("1.0.0", OLD)], DROPPED, [("claims", "value", False)]),
        ([("1.0.0", OLD), ("2.0.0", BOTH)], DROPPED, [("claims_formerly", "", True)]),
        ([("1.0.0", OLD), ("2.0.0", BOTH), ("2.0.1", BOTH)], DROPPED, [("claims_formerly", "", True)]),
        ([("1.0.0", OLD), ("2.0.0", BOTH), ("2.1.0", BOTH)], DROPPED, []),
        ([("1.0.0", OLD), ("1.1.0", DEPRECATED)], DROPPED, [("claims", "value", True)]),
        ([("1.0.0", OLD), ("1.1.0", DEPRECATED), ("1.2.0", DEPRECATED)], DROPPED, []),
        ([("1.1.0", DEPRECATED), ("1.2.0", OLD), ("1.2.1", DEPRECATED)], DROPPED, [("claims", "value", True)]),
    ],
)
def test_name_goes_once_a_minor_release_has_announced_it(
    history: list[tuple[str, compatibility.Names]], present: dict[str, set[str]], lost: list[compatibility.Lost]
) -> None:
    assert list(compatibility.lost(history, present)) == lost


def renamed() -> Package:
    """A package in which the table `figures` became `hedges`, and its column `term` became `words`."""
    package = read(ROOT)
    schema = json.loads((ROOT / "schemas/tables/hedges.json").read_text("utf-8"))
    next(column for column in schema["fields"] if column["name"] == "words")["formerly"] = "term"
    [resource] = [each for each in package.descriptor["resources"] if each["name"] == "hedges"]
    hedges = table({**resource, "formerly": "figures"}, schema)
    return Package(ROOT, package.descriptor, {**package.tables, "hedges": hedges})


def test_former_names_are_views_that_hold_the_same() -> None:
    package = renamed()
    con = connection.connect()
    assert connection.load(con, package) == []
    connection.typed(con, package, lines=False)
    hidden = views.View("h", "", "hedges", "", "one row per hedge_id", {"hedge_id": "key"}, "", formerly="was_h")
    con.execute("create view h as select hedge_id from hedges")
    aliases = list(views.of_former_names(package, [hidden]))
    assert [(alias.name, alias.answers) for alias in aliases] == [
        ("figures", "former name of hedges"),
        ("hedges_formerly", "former names of columns of hedges"),
        ("was_h", "former name of h"),
    ]
    for alias in aliases:
        for statement in views.statements(alias):
            con.execute(statement)
        assert [row[0] for row in con.execute(f"describe {alias.name}").fetchall()] == list(alias.columns)
    for former in ("figures", "hedges_formerly"):
        rows = con.execute(f"select hedge_id, term from {former} order by all").fetchall()
        assert rows == con.execute("select hedge_id, words from hedges order by all").fetchall()
        assert len(rows) > 10
    assert con.execute("select count(*) from was_h").fetchall() == con.execute("select count(*) from hedges").fetchall()


def test_view_states_its_former_name(tmp_path: Path) -> None:
    text = (views.VIEWS / "origins.sql").read_text("utf-8")
    (tmp_path / "origins.sql").write_text(text.replace("-- grain ", "-- formerly sources_of\n-- grain ", 1), "utf-8")
    again, now = views.read(tmp_path / "origins.sql"), views.read(views.VIEWS / "origins.sql")
    assert (again.formerly, now.formerly) == ("sources_of", "")
    assert (again.grain, again.columns, again.sql) == (now.grain, now.columns, now.sql)


def rules(run: Run, root: Path) -> set[tuple[str, str]]:
    found = run("validate", root, "--format", "json").problems
    return {(problem["path"], problem["rule"]) for problem in found}


def with_column(root: Path, few: Path, name: str, **properties: str) -> None:
    """Give `places` one column more than it has here, blank throughout."""
    path = root / "schemas/tables/places.json"
    schema = json.loads(path.read_text("utf-8"))
    column = {"name": name, "type": "string", "description": "A second name.", "example": "Kursk", **properties}
    schema["fields"] = [*schema["fields"][: len(read(ROOT).tables["places"].fields)], column]
    path.write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", "utf-8")
    lines = (few / "data/places.csv").read_text("utf-8").splitlines()
    text = "".join(f"{line},{name if number == 0 else ''}\n" for number, line in enumerate(lines))
    (root / "data/places.csv").write_text(text, "utf-8")


def test_silent_rename_of_a_column_is_refused_and_one_with_its_former_name_is_major(
    copy: Path, few: Path, run: Run
) -> None:
    major, _, _ = last(copy)
    with_column(copy, few, "label")
    assert rules(run, copy) == set()
    ran = run("release", f"{major}.900.0", "--summary", "A column.", "--dir", copy)
    assert (ran.code, ran.err) == (0, "")
    assert "ask for a MINOR step" in ran.out
    assert "  MINOR  places.label is new" in ran.out
    with_column(copy, few, "caption")
    assert rules(run, copy) == {("schemas/tables/places.json", "name-gone")}
    with_column(copy, few, "caption", formerly="label")
    assert rules(run, copy) == set()
    ran = run("release", f"{major}.901.0", "--summary", "Another name.", "--dir", copy)
    assert ran.code == 2
    assert "ask for a MAJOR step\n  MAJOR  places.label is gone\n" in ran.err
    ran = run("release", f"{major + 1}.0.0", "--summary", "Another name.", "--dir", copy)
    assert ran.code == 0


def test_table_that_takes_a_former_name_is_refused(copy: Path, run: Run) -> None:
    edit(copy / "datapackage.json", '"name": "hedges",', '"name": "hedges",\n      "formerly": "claims",')
    edit(
        copy / "schemas/tables/places.json",
        '"name": "place_id",\n      "type"',
        '"name": "place_id",\n      "formerly": "name",\n      "type"',
    )
    assert rules(run, copy) == {("datapackage.json", "former-name"), ("schemas/tables/places.json", "former-name")}


def test_release_keeps_what_its_views_were_and_refuses_one_that_went_without_a_word(
    copy: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _, _ = last(copy)
    middle, patch, major, next_major = f"{first}.900.0", f"{first}.900.1", f"{first + 1}.0.0", f"{first + 2}.0.0"
    edited = ("documents", "united24-media-202602", "note", "read again", "--reason", "editorial")
    assert run("correct", *edited, "--dir", copy).code == 0
    ran = run("release", middle, "--summary", "Views are kept.", "--dir", copy)
    assert (ran.code, ran.err) == (0, "")
    kept = json.loads((copy / f"releases/{middle}/views.json").read_text("utf-8"))
    assert {"claims_history", *(view.name for view in [*views.views(), *views.macros()])} == kept.keys()
    assert kept["coverage"]["fields"][0]["type"] == "VARCHAR"
    assert f"releases/{middle}/views.json" in (copy / f"releases/{middle}/SHA256SUMS").read_text("utf-8")
    assert run("verify", "--dir", copy).code == 0
    assert run("rebuild", middle, "--to", tmp_path / "then", "--dir", copy).code == 0
    assert (tmp_path / f"then/releases/{middle}/views.json").is_file()
    shutil.copytree(views.VIEWS, tmp_path / "views")
    text = (tmp_path / "views/coverage.sql").read_text("utf-8")
    (tmp_path / "views/coverage.sql").unlink()
    (tmp_path / "views/covered.sql").write_text(text.replace("-- coverage:", "-- covered:"), "utf-8")
    monkeypatch.setattr(views, "VIEWS", tmp_path / "views")
    call = ("--summary", "A view is called otherwise.", "--dir", copy)
    ran = run("release", major, *call)
    assert ran.code == 1
    assert f"version {middle} had the table or view `coverage` [name-gone]" in ran.out
    edit(tmp_path / "views/covered.sql", "-- grain ", "-- formerly coverage\n-- grain ")
    ran = run("release", patch, *call)
    assert (ran.code, "MINOR  covered is new" in ran.err) == (2, True)
    assert run("release", major, *call).code == 0
    edit(tmp_path / "views/covered.sql", "-- formerly coverage\n", "")
    ran = run("release", next_major, *call)
    assert ran.code == 1
    assert f"goes before a MINOR release has passed since version {major} announced it" in ran.out


def test_other_words_ask_for_an_answer(copy: Path, run: Run) -> None:
    path = copy / "schemas/tables/places.json"
    schema = json.loads(path.read_text("utf-8"))
    schema["fields"][0]["description"] += " It never changes."
    path.write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", "utf-8")
    first, second, _ = last(copy)
    call = ("release", f"{first}.{second + 1}.0", "--summary", "Words.", "--dir", copy)
    ran = run(*call)
    assert ran.code == 2
    assert "MAJOR  places.place_id is described in other words" in ran.err
    assert ran.err.endswith("where what is described in other words means the same, add --same-meaning\n")
    assert run(*call, "--same-meaning").code == 0
