"""`query`: one SELECT, read-only, out of reach of files and network."""

import json

import pytest

from scripts.database import connection
from tests.conftest import Run

SEED = (
    "select source_id, metric_id, value from claims_wide where document_id = 'united24-media-202602' order by claim_id"
)


def test_seed_is_there(run: Run) -> None:
    ran = run("query", SEED, "--format", "json")
    assert [tuple(row.values()) for row in json.loads(ran.out)] == [
        ("nis", "killed-wounded", 6000),
        ("nis", "present", 10000),
        ("nis", "present", 1000),
        ("nis", "sent-again", 1100),
        ("nis", "returned", 1100),
        ("hur", "returned", 3000),
        ("unattributed", "transfer-requested", None),
        ("unnamed", "trainings-per-week", 2),
    ]


def test_formats(run: Run) -> None:
    sql = "select date '2025-01-13' as day, null as nothing, true as truth, 2.0::double as two, 0.5::double as half"
    assert run("query", sql, "--format", "csv").out == "day,nothing,truth,two,half\n2025-01-13,,true,2,0.5\n"
    assert json.loads(run("query", sql, "--format", "json").out)[0]["day"] == "2025-01-13"
    assert run("query", sql).out.splitlines()[0].split() == ["day", "nothing", "truth", "two", "half"]


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_csv('/etc/passwd')",
        "select * from '/etc/passwd'",
        "copy claims to '/tmp/stolen.csv'",
        "attach '/tmp/other.duckdb'",
        "select 1; select 2",
        "delete from claims",
        "create table t as select 1",
        "install httpfs",
        "set enable_external_access = true",
        "select * from ROOT",
        "selec 1",
        "select nothing from claims",
        "",
    ],
)
def test_what_is_no_select_over_the_tables_is_refused(sql: str, run: Run) -> None:
    ran = run("query", sql)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("version", [[], ["--version", "0.3.0"]])
def test_tables_that_memory_does_not_hold_answer_the_same(
    version: list[str], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("query", "from latest_by_source order by all", "--format", "csv", *version)
    wanted = run(*asked)
    monkeypatch.setattr(connection, "IN_MEMORY", 0)
    assert run(*asked) == wanted
    assert wanted.code == 0
    assert "disabled" in run("query", "select * from read_csv('/etc/passwd')", *version).err
