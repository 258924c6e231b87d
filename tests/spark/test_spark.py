"""Spark finds the same problems and makes the same views as DuckDB, of the shipped package and of a broken one."""

import os
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pytest

from scripts.commands import spark as verb
from scripts.database import connection, views
from scripts.datapackage import canonical_csv
from scripts.datapackage.package import ROOT, read
from scripts.datapackage.problems import FORM
from scripts.history import claims_history
from scripts.spark import translate
from scripts.validation import table_checks
from tests.breaks import BREAKS, SEED, add, both, change
from tests.conftest import Run, once
from tests.few_documents import copy_of

PYTHON = ROOT / ".venv-spark/bin/python"
Problem = tuple[str, str, str, str]  # resource, key, field, rule

# A cell of another form than its type is blank to Spark; DuckDB reads some of them still (`2025-1-5`), so none is here.
# Each goes into a row of its own that no other fault touches; the rule is among those that it breaks.
CELLS: list[tuple[str, str, str, str]] = [
    ("claims", "value", "6k", "type"),
    ("claims", "about_to", "2025-02-30", "type"),
    ("claims", "modality", "assertde", "enum"),
    ("claims", "extent", "", "required"),
    ("claims", "value", "-6000", "bounds"),
    ("claims", "wording", "approximately 6,000" + " and more" * 9, "length"),
    ("claims", "wording", "=6000", "formula"),
    ("claims", "wording", "NA", "missing-word"),
    ("claims", "wording", "about 6000\u2003", "blank-ends"),
    ("claims", "wording", "about 6000\u200b troops", "unseen-sign"),
    ("claims", "note", "at a cafe\u0301 in Kursk", "not-nfc"),
    ("claims", "metric_id", "kiled", "foreign-key"),
    ("documents", "published_on", "2101-01-01", "published-on-has-come"),
    ("claims", "hedge_id", "no-such-hedge", "foreign-key"),
    ("claims", "value", "4711", "value-in-wording"),
    ("claims", "qualifier", "nearly", "numbers-fit-qualifier"),
    ("claims", "about_from", "2031-01-01", "about-from-not-after-about-to"),
    ("documents", "url", "ftp://example.org", "pattern"),
    ("documents", "published_on_precision", "", "published-on-has-precision"),
    ("statements", "said_on", "2025-13-05", "type"),
    ("statements", "source_id", "nobody-knows", "foreign-key"),
    ("sources", "country", "korea", "pattern"),
    ("metrics", "accumulates", "maybe", "type"),
    ("hedges", "probability_high", "1.7", "bounds"),
    ("hedges", "probability_low", "much", "type"),
    ("relays", "position", "0", "bounds"),
]
# Those of test_checks, but where one would cover another's row.
TABLES = BREAKS | {
    "claim-only-once": add(
        *("claims", "anews-20250219-9", "anews-20250219", "pentagon-20241028", "", "sent", "troops", "far-east"),
        *("asserted", "total", "", "", "10000", "", "", "about", "around 10,000"),
    ),
    "population-where-persons": change("claims", "anews-20250219-1", population_id=""),
    "relay-is-not-the-source": add("relays", SEED, "hur-united24-media-202602", "hur", "1"),
    "total-does-not-fall": both(
        add("statements", "nis-20260211", "nis", "2026-02-11", "day"),
        add(
            *("claims", f"{SEED}-9", SEED, "nis-20260211", "", "killed-wounded", "troops", "", "asserted", "total"),
            *("", "", "7000", "", "", "unspecified", "7,000"),
        ),
    ),
}
USED = f"{SEED}|anews-2025|nis|yonhap|hur|pentagon"  # rows that those need whole
LOST = "aliases"  # a table of which some lines are no row, so that no rule is asked that needs all of them
OF_LINES = {"primary-key", "unique-key", "extra-cell", "missing-cell"}
SCRIPT = """
import sys
from scripts.spark import frames, run
from scripts.__main__ import main
from scripts.datapackage.package import read
from pathlib import Path
shipped, broken, parquet, out = sys.argv[1:]
quick = {"spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:ReservedCodeCacheSize=256m",
         "spark.sql.codegen.wholeStage": "false", "spark.sql.codegen.factoryMode": "NO_CODEGEN"}
with run.session("local[2]", quick) as session:
    codes = [main(["spark", folder, "--master", "local[2]", "--out", f"{out}/{name}"])
             for name, folder in (("shipped", shipped), ("broken", broken))]
    for name in ("claims", "hedges", "metrics"):
        table = read(Path(shipped)).tables[name]
        of_csv, of_parquet = (frames.text(session, table, path).drop("_line").collect()
                              for path in (f"{shipped}/{table.path}", f"{parquet}/{name}.parquet"))
        assert of_csv and of_csv == of_parquet, name
print("codes", *codes)
"""


def spoil(root: Path) -> None:
    """Plant a fault of every rule between tables, then `CELLS`, then rows that stand twice and lines of no row."""
    for break_ in TABLES.values():
        break_(root)
    tables = read(root).tables
    for table in {table for table, *_ in CELLS}:
        rows = canonical_csv.rows(root / tables[table].path)
        faults = [fault for fault in CELLS if fault[0] == table]
        whole = [row for row in rows if not re.search(USED, row[0])]
        for place, (_, column, cell, _) in enumerate(faults, 1):
            row = whole[place * len(whole) // (len(faults) + 2)]
            row[tables[table].header.index(column)] = cell
            if column == "about_from":
                row[tables[table].header.index("about_to")] = "2030-01-01"
        (root / tables[table].path).write_text("".join(map(canonical_csv.line, [tables[table].header, *rows])), "utf-8")
    claims, documents = root / "data/claims.csv", root / "data/documents.csv"
    lines = claims.read_text("utf-8").splitlines()
    claims.write_text("\n".join([*lines[:3], lines[2], *lines[3:], ""]), "utf-8")
    aliases = root / f"data/{LOST}.csv"
    lines = aliases.read_text("utf-8").splitlines()
    aliases.write_text("\n".join([*lines[:-2], lines[-2] + ",x", lines[-1].rpartition(",")[0], ""]), "utf-8")
    rows = canonical_csv.rows(documents)
    rows[1][3] = rows[0][3]  # the same address
    documents.write_text("".join(map(canonical_csv.line, [tables["documents"].header, *rows])), "utf-8")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The broken package, and what Spark wrote of both packages."""
    if not PYTHON.exists():
        pytest.skip("there is no .venv-spark: `make .venv-spark/lock` makes it")
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.skip("there is no Java: Spark needs it, on Debian and Ubuntu openjdk-17-jre-headless")
    folder = once(tmp_path_factory, "spark", ask_spark)
    return folder / "package", folder / "out"


def ask_spark(folder: Path) -> None:
    """Let Spark write the problems and views of the shipped package and of one that is broken here."""
    broken = copy_of(ROOT, folder / "package")
    spoil(broken)
    (folder / "parquet").mkdir()
    con = loaded(ROOT)
    for name in ("claims", "hedges", "metrics"):
        con.execute(f"copy (from {name} order by 1) to '{folder}/parquet/{name}.parquet'")
    ran = subprocess.run(
        [PYTHON, "-c", SCRIPT, ROOT, broken, folder / "parquet", folder / "out"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.stdout.splitlines()[-1:] == ["codes 0 1"], ran.stdout + ran.stderr[-5000:]


def loaded(root: Path) -> duckdb.DuckDBPyConnection:
    con = connection.connect()
    package = read(root)
    connection.load(con, package)
    connection.typed(con, package, lines=False)
    claims_history.create(con, package)
    return con


def of_spark(out: Path, name: str) -> duckdb.DuckDBPyRelation:
    return duckdb.read_parquet(f"{out}/{name}/*.parquet")


def problems(out: Path) -> Counter[Problem]:
    return Counter(of_spark(out, "problems").fetchall())


@pytest.mark.outside
def test_shipped_package_holds(made: tuple[Path, Path]) -> None:
    assert problems(made[1] / "shipped") == Counter()


@pytest.mark.outside
def test_problems_are_the_same(made: tuple[Path, Path], run: Run) -> None:
    broken, out = made
    names = {table.path: table.name for table in read(broken).tables.values()}
    names["schemas/exceptions.csv"] = "exceptions"
    found = run("validate", broken, "--format", "json").problems
    wanted: list[Problem] = [
        (names[one["path"]], one["key"], one["field"], one["rule"]) for one in found if one["rule"] not in FORM
    ]
    assert problems(out / "broken") == Counter(wanted)
    unasked = {check.name for check in table_checks.checks() if LOST in translate.tables(check.sql)}
    planted = {rule for *_, rule in CELLS} | (set(BREAKS) - unasked) | OF_LINES
    assert planted - {rule for *_, rule in wanted} == set()


@pytest.mark.outside
@pytest.mark.parametrize("package", ["shipped", "broken"])
def test_views_are_the_same(package: str, made: tuple[Path, Path]) -> None:
    con = loaded(ROOT if package == "shipped" else made[0])
    for view in views.views():
        theirs, ours = of_spark(made[1] / package, view.name), con.sql(f"from {view.name}")
        assert theirs.columns == ours.columns, view.name
        assert list(map(str, theirs.types)) == list(map(str, ours.types)), view.name
        rows = Counter(ours.fetchall())
        assert Counter(theirs.fetchall()) == rows, view.name
        assert rows, view.name


@pytest.mark.parametrize(
    "sql",
    [
        "select format('{} publishes {}', source_id, name) as line from sources",
        "select regexp_matches(name, 'X', 'i') as found from sources",
        "select list(source_id order by name desc) as ids from sources",
        "select arg_max(value, (about_to, claim_id)) as latest from claims",
        "select try_cast('2025' as date) as day",
        "select strlen(name) as bytes from sources",
        "select quantile_cont(value, 0.5) as middle from claims",
        "select name[1:2] as start from sources",
        "select list_transform([1], lambda x: x + 1) as more",
        "select 1 as one from claims asof join statements on claims.about_to >= statements.said_on",
        "with recursive walk as (select 1 as n union select n + 1 from walk where n < 3) select n from walk",
    ],
)
def test_what_spark_reads_otherwise_is_refused(sql: str) -> None:
    with pytest.raises(translate.NotPortable):
        translate.spark(sql)


@pytest.mark.parametrize("condition", ["regexp_matches(a, 'X', 'i')", "regexp_full_match(a, 'X')", "isfinite(a)"])
def test_condition_that_spark_reads_otherwise_is_refused(condition: str) -> None:
    with pytest.raises(translate.NotPortable):
        translate.condition(condition)


def test_call_says_what_to_install(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def found(_: str) -> Any:  # noqa: ANN401  (a spec, of which only its being there counts)
        return True

    for there, said in ((None, "make .venv-spark/lock"), (found, "openjdk-17-jre-headless")):
        monkeypatch.setattr(verb, "find_spec", there or (lambda _: None))
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.delenv("JAVA_HOME", raising=False)
        ran = run("spark", ROOT, "--out", tmp_path / "out")
        assert ran.code == 2
        assert said in ran.err
