"""What is shipped holds, is current, and says what it should."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bench import report, results
from scripts.citation import reference
from scripts.database.opened import open_package
from scripts.datapackage import canonical_csv
from scripts.datapackage.package import ROOT, read
from scripts.history import ledger
from scripts.publish import cookbook, documentation, record_page
from scripts.query import stored as stored_queries
from scripts.query import verify as verify_query
from scripts.validation import accepted_problems
from scripts.validation.validate import validate
from tests.conftest import Run

PACKAGE = read(ROOT)


def test_ladder_finds_nothing() -> None:
    assert validate(ROOT).problems == []


def test_frictionless_accepts_the_package() -> None:
    command = [sys.executable, "-m", "frictionless", "validate", "datapackage.json"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert said.returncode == 0, said.stdout


def test_reference_finds_nothing(run: Run) -> None:
    assert run("validate", "--reference").code == 0


def test_what_is_derived_in_the_documentation_is_current() -> None:
    lowest = open_package(ROOT)
    assert lowest.package
    assert lowest.con
    for path, content in documentation.files(lowest.package, lowest.con).items():
        assert (ROOT / path).read_bytes() == content, f"{path}: run `python -m scripts docs`"


def test_form_of_a_record_is_documented_as_its_profile_has_it() -> None:
    assert (ROOT / record_page.PATH).read_text("utf-8") == record_page.text()


@pytest.mark.parametrize(
    "page", [path for path in cookbook.pages(ROOT) if cookbook.RECIPE.search(path.read_text("utf-8"))]
)
def test_queries_of_the_documentation_find_something(page: Path, run: Run) -> None:
    for recipe in cookbook.RECIPE.finditer(page.read_text("utf-8")):
        ran = run("query", recipe["sql"], "--format", "csv")
        assert ran.code == 0, ran.err
        assert len(ran.out.splitlines()) > 1, recipe["sql"]


def test_cookbook_answers_ten_questions() -> None:
    assert len(cookbook.RECIPE.findall((ROOT / "docs/cookbook.md").read_text("utf-8"))) >= 10


def test_a_query_that_does_not_run_is_named_with_its_page(copy: Path, run: Run) -> None:
    (copy / "README.md").write_text("```sql\nfrom nothing\n```\n\n```text\n```\n", "utf-8")
    ran = run("docs", "--dir", copy)
    assert ran.code == 2
    assert ran.err.startswith("README.md has a query that does not run: ")


def test_benchmarks_are_those_of_the_last_run() -> None:
    page = report.PAGE.read_text("utf-8")
    assert report.renewed(page, results.read(results.PATH)) == page, "write it anew with `make bench`"


def test_citation_and_changelog_are_of_the_last_release() -> None:
    [*_, (version, day, _)] = canonical_csv.rows(ROOT / PACKAGE.tables["releases"].path)
    assert PACKAGE.version == version
    assert (ROOT / "CITATION.cff").read_text("utf-8") == reference.cff({**PACKAGE.descriptor, "created": day})
    assert f"## {version} ({day})" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_each_release_has_its_checksums_and_its_lines() -> None:
    versions = ledger.versions(PACKAGE)
    assert versions
    assert {line.version for line in ledger.changes(PACKAGE)} - {ledger.UNRELEASED} <= set(versions)
    assert sorted(path.name for path in (ROOT / "releases").iterdir()) == sorted(versions)


@pytest.mark.parametrize("name", PACKAGE.tables)
def test_each_field_has_a_description_an_example_and_constraints_last(name: str) -> None:
    schema = json.loads((ROOT / PACKAGE.tables[name].schema_path).read_text("utf-8"))
    order = ["name", "type", "description", "example", "prose", "constraints"]
    for field in schema["fields"]:
        assert list(field) == [key for key in order if key in field]
        assert field["description"].endswith(".")
        example, rules = field["example"], field.get("constraints", {})
        assert example in rules.get("enum", [example])
        assert re.fullmatch(rules.get("pattern", ".*"), example)


@pytest.mark.parametrize("name", PACKAGE.tables)
def test_each_example_of_a_schema_is_a_value_of_the_data(name: str) -> None:
    table = PACKAGE.tables[name]
    rows = canonical_csv.rows(ROOT / table.path)
    for column, field in enumerate(json.loads((ROOT / table.schema_path).read_text("utf-8"))["fields"]):
        assert field["example"] in {row[column] for row in rows}, field["name"]


@pytest.mark.parametrize("name", PACKAGE.tables)
def test_r_can_read_the_resource(name: str) -> None:
    """R's frictionless wants the v1 profile beside the v2 type, plain missing values and the order of the schema."""
    [resource] = [resource for resource in PACKAGE.descriptor["resources"] if resource["name"] == name]
    schema = json.loads((ROOT / resource["schema"]).read_text("utf-8"))
    assert (resource["type"], resource["profile"]) == ("table", "tabular-data-resource")
    assert schema["missingValues"] == [""]


def test_exceptions_have_their_reasons() -> None:
    for line in (ROOT / accepted_problems.PATH).read_text("utf-8").splitlines()[1:]:
        assert line.split(",", 3)[3].strip()


def test_conflicts_that_made_the_dataset_worthwhile_are_told(run: Run) -> None:
    sql = "select statement_id, readings from relay_drift where drift in ('number', 'category', 'sum')"
    told: dict[str, str] = {}
    for line in run("query", f"{sql} order by 1, 2", "--format", "csv").out.splitlines():
        statement, readings = line.split(",", 1)
        told[statement] = f"{told.get(statement, '')} {readings}"
    for statement, words in {
        "uk-defence-intelligence-20250615": ("killed-wounded", "killed ("),
        "zelensky-20250109": ("killed-wounded", "losses"),
        "zelensky-20250214": ("killed-wounded", "killed ("),
        "north-korea-kyiv-independent-20250902": ("killed-wounded", "killed ("),
        "shoigu-20250617": ("5000 + 1000", "6000 ("),
    }.items():
        assert all(word in told[statement] for word in words), (statement, told[statement])
    numbers = run("query", f"{sql} and statement_id = 'nis-20250430' and drift = 'number'", "--format", "csv").out
    assert "15000 (" in numbers
    assert "18000 (" in numbers


def test_revisions_of_the_dead_as_nis_tells_them(run: Run) -> None:
    sql = (
        "select day, point from revisions where source_id = 'nis' and metric_id = 'killed' and population_id = 'troops'"
    )
    assert run("query", f"{sql} order by day", "--format", "csv").out.splitlines()[1:] == [
        "2024-12-19,100",
        "2025-01-13,300",
        "2025-04-30,600",
        "2025-09-02,2000",
    ]


def test_three_hundred_killed_are_one_origin(run: Run) -> None:
    where = "metric_id = 'killed' and lowest = 300 and highest = 300"
    sql = f"select documents > 10, statements, origins, sources from origins where {where}"
    assert run("query", sql, "--format", "csv").out.splitlines()[1:] == ['true,1,1,"nis, south-korean-intelligence"']
    joined = "select count(*) as n from claims where statement_id = 'nis-20250113' and metric_id = 'killed'"
    assert int(run("query", joined, "--format", "csv").out.splitlines()[1]) >= 16


def test_december_2024_has_two_origins(run: Run) -> None:
    where = "metric_id = 'killed-wounded' and lowest = highest and lowest in (1100, 3000)"
    sql = f"select distinct speakers from origins where {where}"
    told = run("query", sql, "--format", "csv").out
    assert "rok-jcs" in told
    assert "zelensky" in told


def test_known_rows_are_there(run: Run) -> None:
    sql = (
        "select wording, qualifier, modality, relays from claims_wide where statement_id = 'nis-20260212' "
        "and document_id = 'united24-media-202602' order by claim_id"
    )
    assert run("query", sql, "--format", "csv").out.splitlines()[1:] == [
        '"Approximately 6,000",about,asserted,yonhap',
        '"around 10,000",about,asserted,yonhap',
        '"1,000",about,asserted,yonhap',
        '"about 1,100",about,possible,yonhap',
        '"about 1,100",about,asserted,yonhap',
    ]


def test_stored_queries_hold_and_the_older_one_is_superseded(run: Run) -> None:
    """A citation made at 0.3.0 is the same when asked of 0.3.0, and superseded by the last version, row by row."""
    stored = stored_queries.stored(ROOT)
    assert {kept.version for kept in stored.values()} >= {"0.3.0", "1.0.0"}
    for name, kept in stored.items():
        ran = run("verify", ROOT / stored_queries.path_of(name))
        assert ran.code in (0, 1), ran.out
        [answer] = verify_query.ask(PACKAGE, [(kept, kept.version)])
        assert not isinstance(answer, str)
        assert f"sha256:{answer.digest}" == kept.result
        if kept.version == "0.3.0":
            assert ran.out.startswith(f"superseded: query {name} of version 0.3.0")
            assert {line[:4] for line in ran.out.splitlines()[1:]} == {"  - ", "  + "}
