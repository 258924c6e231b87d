"""Each rule between tables refuses the smallest package that breaks it."""

from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from scripts.datapackage import canonical_csv
from scripts.datapackage.package import read
from scripts.validation import table_checks
from tests.breaks import BREAKS, SEED, add, change
from tests.conftest import Run


def test_every_check_has_its_broken_package() -> None:
    assert set(BREAKS) == {check.name for check in table_checks.checks()}


@pytest.mark.parametrize("name", BREAKS)
def test_check_refuses_its_broken_package(name: str, copy: Path, run: Run) -> None:
    """The package that is not broken is valid (test_package)."""
    BREAKS[name](copy)
    found = [problem for problem in run("validate", copy, "--format", "json").problems if problem["rule"] == name]
    assert found
    for problem in found:
        line = (copy / problem["path"]).read_text("utf-8").splitlines()[problem["line"] - 1]
        assert line.startswith(problem["key"].split("/")[0])


def test_total_that_falls_is_a_problem_of_the_later_statement(copy: Path, run: Run) -> None:
    BREAKS["total-does-not-fall"](copy)
    found = [p for p in run("validate", copy, "--format", "json").problems if p["rule"] == "total-does-not-fall"]
    assert f"{SEED}-1" in [problem["key"] for problem in found]
    assert f"{SEED}-6" not in [problem["key"] for problem in found]


def test_releases_of_10_come_after_9(copy: Path, run: Run) -> None:
    add("releases", "9.9.0", "2030-01-02", "one")(copy)
    add("releases", "9.10.0", "2030-01-03", "one that is higher as a number, lower as text")(copy)
    rules = {problem["rule"] for problem in run("validate", copy, "--format", "json").problems}
    assert "release-is-newer" not in rules


@pytest.mark.parametrize("version", ["", "x", "1.0.x", "1.0", "../../x", "NA", "99999999999999999999.0.0", "1.0.0-rc"])
def test_version_that_is_none_is_a_problem_of_its_line(version: str, copy: Path, run: Run) -> None:
    file = copy / "data/releases.csv"
    lines = file.read_text("utf-8").splitlines(keepends=True)
    lines[2] = f"{version},{lines[2].partition(',')[2]}"
    file.write_text("".join(lines), "utf-8", newline="")
    ran = run("validate", copy, "--format", "json")
    assert ran.code == 1
    assert {problem["path"] for problem in ran.problems} == {"data/releases.csv"}  # the ledger is not blamed for it
    assert {problem["line"] for problem in ran.problems} <= {3, 4}


LISTS = ["", "[", "[]]", "x", '["a" ]', "[1]", '["\\ud800"]', "[" * 100_000]  # none as the ledger writes one


@pytest.mark.parametrize("old", LISTS, ids=range(len(LISTS)))
def test_row_that_the_ledger_cannot_give_back_is_a_problem(old: str, copy: Path, run: Run) -> None:
    add("changes", "unreleased", "claims", f"{SEED}-1", "*", "withdrawn", old, "", "duplicate")(copy)
    ran = run("validate", copy, "--format", "json")
    assert ran.code == 1
    assert "change-has-its-cells" in {problem["rule"] for problem in ran.problems}


def test_row_whose_cells_do_not_hold_has_no_other_problem(copy: Path, run: Run) -> None:
    change("claims", f"{SEED}-1", value="-6000", about_to="2026-13-01")(copy)
    rules = {problem["rule"] for problem in run("validate", copy, "--format", "json").problems}
    assert rules == {"bounds", "type"}


@pytest.mark.parametrize("check", table_checks.checks(), ids=lambda check: check.name)
def test_check_casts_nothing_that_a_cell_could_hold_otherwise(check: table_checks.Check) -> None:
    """A check sees rows whose cells do not hold as well: a cast of their text would end the run."""
    casts = sqlglot.parse_one(check.sql, read="duckdb").find_all(exp.Cast)
    assert all(isinstance(cast, exp.TryCast) or cast.is_type("text", "varchar") for cast in casts)


@pytest.mark.parametrize(("steps", "rules"), [(90, set()), (120, {"part-of-no-circle"}), (3000, {"part-of-no-circle"})])
def test_long_way_up_ends(steps: int, rules: set[str], copy: Path, run: Run) -> None:
    one = read(copy).tables["sources"]
    chain = [[f"zz-{place:04}", f"Body {place}", "organisation", "", f"zz-{place + 1:04}"] for place in range(steps)]
    chain[-1][-1] = ""
    (copy / one.path).write_text(canonical_csv.text(one, [*canonical_csv.rows(copy / one.path), *chain]), "utf-8")
    found = {problem["rule"] for problem in run("validate", copy, "--format", "json").problems}
    assert found - {"used-or-justified"} == rules
