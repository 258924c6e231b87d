"""Each rule between tables refuses the smallest package that breaks it."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from scripts.datapackage import canonical_csv
from scripts.datapackage.package import read
from scripts.validation import table_checks
from tests.conftest import Run

Break = Callable[[Path], None]


def add(table: str, *cells: str) -> Break:
    """Add a row to a table; cells that are left out are blank."""

    def break_(root: Path) -> None:
        one = read(root).tables[table]
        row = [*cells, *[""] * (len(one.fields) - len(cells))]
        (root / one.path).write_text(canonical_csv.text(one, [*canonical_csv.rows(root / one.path), row]), "utf-8")

    return break_


def change(table: str, key: str, **cells: str) -> Break:
    """Change cells of a row."""

    def break_(root: Path) -> None:
        one = read(root).tables[table]
        rows = canonical_csv.rows(root / one.path)
        [row] = [row for row in rows if one.key(row) == key]
        for column, cell in cells.items():
            row[one.header.index(column)] = cell
        (root / one.path).write_text(canonical_csv.text(one, rows), "utf-8")

    return break_


def both(*breaks: Break) -> Break:
    def break_(root: Path) -> None:
        for one in breaks:
            one(root)

    return break_


SEED = "united24-media-202602"
NIS = "nis-20260212"
BREAKS: dict[str, Break] = {
    "alias-leads-somewhere": add("aliases", "sources", "Budanof", "budanof"),
    "asserted-about-published": change("claims", f"{SEED}-1", about_to="2026-03-01"),
    "change-of-a-release": add("changes", "9.9.9", "claims", "x-1", "*", "added", "", "0123456789abcdef"),
    "claim-only-once": change("claims", f"{SEED}-3", population_id="combat-troops", value="10000"),
    "credited-to-another": change("claims", f"{SEED}-1", credited_to="nis"),
    "parts-within-whole": change(
        "claims", f"{SEED}-3", metric_id="killed", population_id="troops", place_id="", value="6001"
    ),
    "part-of-no-circle": change("sources", "south-korea", part_of="nis"),
    "population-where-persons": change("claims", f"{SEED}-1", population_id=""),
    "relay-is-not-the-publisher": change("documents", SEED, publisher_id="yonhap"),
    "relay-is-not-the-source": change("statements", NIS, source_id="yonhap"),
    "relay-of-a-claim": add("relays", SEED, "nis-20241018", "yonhap", "1"),
    "relays-without-gap": add("relays", SEED, NIS, "kbs", "3"),
    "release-is-newer": both(
        add("releases", "9.10.0", "2030-01-02", "one"), add("releases", "9.9.0", "2030-01-03", "one lower as a number")
    ),
    "said-before-published": change("statements", NIS, said_on="2026-03-01"),
    "total-does-not-fall": both(
        add("statements", "nis-20260211", "nis", "2026-02-11", "day"),
        change("claims", f"{SEED}-6", statement_id="nis-20260211", metric_id="killed-wounded", value="7000"),
    ),
    "unnamed-once": add("sources", "unnamed-usa", "unnamed, United States", "unnamed", "US"),
    "used-or-justified": add("places", "busan", "Busan", "KR"),
}


def test_every_check_has_its_broken_package() -> None:
    assert set(BREAKS) == {check.name for check in table_checks.checks()}


@pytest.mark.parametrize("name", BREAKS)
def test_check_refuses_its_broken_package(name: str, copy: Path, run: Run) -> None:
    assert run("validate", copy).code == 0
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
