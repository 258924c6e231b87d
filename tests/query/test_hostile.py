"""SQL and citations of strangers: nothing is written, nothing beside the tables is read, a sentence says why."""

import json
import os
import shutil
from pathlib import Path

import duckdb
import pytest

from scripts.database import connection
from scripts.datapackage.errors import UsageError
from scripts.datapackage.package import ROOT
from scripts.query import normalized, sandbox
from scripts.query import stored as stored_queries
from scripts.query import verify as verify_query
from tests.conftest import Ran, Run

STORED = next(iter(sorted((ROOT / stored_queries.STORE).glob("*.json"))))
SECOND = [  # statements behind, before and inside of a SELECT
    "select 1; copy (select 'x') to '{out}' (format csv)",
    "select 1 /* */; /* */ copy (select 'x') to '{out}' (format csv) -- ",
    "select 1 -- ;\n; copy (select 'x') to '{out}'",
    "select ';' as x; create table main.t as select 1",
    "copy (select 'x') to '{out}'",
    "attach '{out}' as other",
    "install httpfs",
    "load httpfs",
    "pragma database_list",
    "set enable_external_access = true",
    "reset lock_configuration",
    "export database '{out}'",
    "call pragma_version()",
    "create or replace view claims as select 1 as claim_id",
    "insert into claims (claim_id) values ('x')",
    "vacuum",
    "checkpoint",
    "select 1) as result; copy (select 'x') to '{out}'; from (select 1",
    "",
    "select",
    "select \ud800",
    "(" * 5000,
]
READING = [  # one SELECT that reaches for something else
    "from read_csv('/etc/passwd')",
    "from read_text('/etc/passwd')",
    "from read_blob('/etc/passwd')",
    "from read_parquet('/etc/passwd')",
    "from read_json('/etc/passwd')",
    "from '/etc/passwd'",
    "from 'data/claims.csv'",
    "from glob('/etc/*')",
    "from query('select 1; select 2')",
    "from query_table('duckdb_secrets')",
    "from duckdb_secrets()",
    "select getenv('HOME')",
    "from sniff_csv('/etc/passwd')",
    "from parquet_metadata('/etc/passwd')",
    "select * from (select 1) as t where exists (from read_text('/etc/passwd'))",
]
VIEWS = [  # names and texts of views
    {"z": "select 1; copy (select 'x') to '{out}' (format csv)"},
    {"z": "select 1 as x\n; attach '{out}' as other --"},
    {"z as select 1; copy (select 'x') to '{out}' --": "select 1"},
    {"z\" as select 1; copy (select 1) to '{out}'; --": "select 1"},
    {"z": "select * from read_text('/etc/passwd')"},
    {"z": "from 'data/claims.csv'"},
    {"z": "select * from z"},
    {"z(x)": "select * from z(x)"},
    {"z(x, y) as table select 1; drop table claims; --": "select 1"},
    {"z": "with recursive n as (select * from z) select * from n"},
    {"z": "select getenv('HOME') as x"},
    {"claims": "select 1 as claim_id; select 2"},
    {"z": "from query('select 1')"},
]


def refused(ran: Ran, code: int) -> None:
    assert ran.code == code, ran
    said = ran.out + ran.err
    assert said.strip()
    assert "Traceback" not in said
    assert "root:" not in said


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    """A connection that is shut off, with a table."""
    shut = connection.connect()
    shut.execute("create table main.claims as select 'a' as claim_id")
    sandbox.lock(shut, threads=1)
    return shut


@pytest.mark.parametrize("sql", [*SECOND, *READING])
def test_one_select_runs_that_reaches_nothing_else(sql: str, con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    text = sql.replace("{out}", str(tmp_path / "out"))
    with pytest.raises(UsageError):
        sandbox.select(con, text)
    with pytest.raises((UsageError, normalized.Refused)):
        verify_query.answer(con, {"claims"}, text, {})
    assert list(tmp_path.iterdir()) == []
    assert sandbox.select(con, "from claims").rows == [("a",)]


def test_macro_that_is_called_as_one_of_the_engine_is_not_taken_for_it(con: duckdb.DuckDBPyConnection) -> None:
    views = {"duckdb_functions(x)": "select 1 as y", "duckdb_columns": "select 2 as z"}
    assert verify_query.answer(con, {"claims"}, "from claims", views).rows == [("a",)]


@pytest.mark.parametrize("views", VIEWS, ids=lambda views: str(views)[:40])
def test_views_run_nothing(views: dict[str, str], con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    texts = {name: text.replace("{out}", str(tmp_path / "out")) for name, text in views.items()}
    with pytest.raises((UsageError, normalized.Refused)):
        verify_query.answer(con, {"claims"}, "select * from claims", texts)
    assert list(tmp_path.iterdir()) == []
    assert sandbox.select(con, "from claims").rows == [("a",)]


@pytest.mark.parametrize("sql", [SECOND[0], SECOND[20], READING[0], READING[5]])
def test_query_and_citation_of_such_a_text_are_refused(sql: str, run: Run, few: Path, tmp_path: Path) -> None:
    text = sql.replace("{out}", str(tmp_path / "out"))
    refused(run("query", text), 2)
    refused(run("cite", "--sql", text, "--dir", few), 2)
    assert list(tmp_path.iterdir()) == []


def citation(tmp_path: Path, **changed: object) -> Path:
    """Write a stored citation with some properties changed; `{out}` in them is a file that must not come to be."""
    text = json.dumps(json.loads(STORED.read_text("utf-8")) | changed).replace("{out}", str(tmp_path / "out"))
    file = tmp_path / "citation.json"
    file.write_text(text, "utf-8")
    return file


@pytest.mark.parametrize(
    "changed", [{"views": VIEWS[0]}, {"views": VIEWS[3]}, {"views": VIEWS[7]}, {"sql": SECOND[1]}, {"sql": READING[7]}]
)
def test_citation_runs_nothing(changed: dict[str, object], run: Run, tmp_path: Path) -> None:
    refused(run("verify", citation(tmp_path, **changed)), 3)
    assert [file.name for file in tmp_path.iterdir()] == ["citation.json"]


@pytest.mark.parametrize(
    "changed",
    [
        {"views": {f"v{number}": "select 1" for number in range(101)}},
        {"views": 5},
        {"views": {"z": 5}},
        {"sql": "x" * 100_001},
        {"rows": -1},
        {"columns": [{"name": 1, "type": "VARCHAR"}]},
        {"version": "1.0"},
        {"more": 1},
    ],
)
def test_citation_that_its_profile_refuses_is_told_with_its_place(
    changed: dict[str, object], run: Run, tmp_path: Path
) -> None:
    ran = run("verify", citation(tmp_path, **changed))
    refused(ran, 3)
    assert f"citation.json:1:{next(iter(changed))}" in ran.out
    assert "fix:" in ran.out


def test_query_that_is_too_long_to_be_kept_is_refused(run: Run, copy: Path) -> None:
    ran = run(
        "cite", "--sql", f"select count(*) as n from claims {'-- x' * 25_000}", "--version", "0.1.0", "--dir", copy
    )
    refused(ran, 2)
    assert "such a query cannot be kept: the citation:" in ran.err


def test_hostile_citation_in_the_store_stops_what_reads_it(run: Run, copy: Path, tmp_path: Path) -> None:
    stored = json.loads(STORED.read_text("utf-8"))
    hostile = {**stored, "views": {"z": f"select 1; copy (select 'x') to '{tmp_path / 'out'}' (format csv)"}}
    (copy / "queries" / STORED.name).write_text(json.dumps(hostile), "utf-8")
    for asked in (("build", "--out", tmp_path / "dist"), ("migrate",)):
        ran = run(*asked, "--dir", copy)
        assert ran.code in (1, 2)
        assert "its query cannot be run" in ran.out + ran.err
        assert "SELECT" in ran.out + ran.err
    (copy / "queries" / STORED.name).write_text("{", "utf-8")
    ran = run("migrate", "--dir", copy)
    assert ran.code == 2
    assert f"queries/{STORED.name}:1" in ran.err
    assert not (tmp_path / "out").exists()


def test_query_that_does_not_let_itself_be_interrupted_ends_with_its_process(run: Run) -> None:
    ran = run(
        "query", "select max(length(repeat('x', 900000000 + cast(range as int)))) from range(30)", "--seconds", "1"
    )
    refused(ran, 2)
    assert "stopped" in ran.err or "emory" in ran.err


def test_table_of_a_dist_that_is_a_view_is_not_asked(run: Run, dist_of_few: Path, few: Path, tmp_path: Path) -> None:
    shutil.copytree(dist_of_few, tmp_path / "dist")
    with duckdb.connect(str(tmp_path / "dist/figures.duckdb")) as con:
        con.execute("alter table places rename to other")
        con.execute(
            f"create view places as select * from other where '{tmp_path}' <> (select max(content) from "
            "read_text('/etc/hostname'))"
        )
    ran = run("verify", tmp_path / "dist", "--dir", few)
    assert ran.code == 3
    assert "figures.duckdb: places is not that of version" in ran.out


def test_checksums_of_a_dist_that_leave_it_are_told(run: Run, dist_of_few: Path, few: Path, tmp_path: Path) -> None:
    shutil.copytree(dist_of_few, tmp_path / "dist")
    sums = tmp_path / "dist/SHA256SUMS"
    kept = sums.read_text("utf-8")
    for line in ("0" * 64 + "  ../outside", "0" * 64 + "  /etc/passwd", "nothing", "0" * 64 + " *data/claims.csv"):
        sums.write_text(f"{line}\n{kept}", "utf-8")
        ran = run("verify", tmp_path / "dist", "--dir", few)
        assert ran.code == 3
        assert "SHA256SUMS: line 1: the file is no list of checksums" in ran.out


def test_file_that_is_none_is_answered_at_once(run: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for place in (tmp_path / "pipe", Path("/dev/zero"), Path("/dev/full")):
        refused(run("verify", place), 2)
    (tmp_path / "noise").write_bytes(bytes(range(128, 256)) * 100)
    refused(run("verify", tmp_path / "noise"), 2)


ODD_TYPES = """
    'nan'::double as a, '-inf'::double as b, 1e300 as c, '1'::blob as d, '101'::bit as e, interval 1000000000 days as f,
    '00000000-0000-0000-0000-000000000001'::uuid as g, timetz '10:00:00+01' as h,
    timestamp_ns '2025-01-01 00:00:00' as i,
    170141183460469231731687303715884105727::hugeint as j, 1.50::decimal(9, 2) as k, map {'a': 1} as l, [1, null] as m,
    {'x': date '10000-01-01', 'y': 'nan'::double} as n, union_value(x := 1) as o, '10000-01-01'::date as p,
    'infinity'::date as q, 'infinity'::timestamp as r, current_timestamp as s, time '10:00:00.5' as t,
    255::utinyint as u,
    'ü\t"''' as v, null as w, timestamp '2025-01-01 10:00:00.5' as x, '{"a": [1]}'::json as y, chr(0) as z
"""


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_every_type_of_duckdb_has_a_text(form: str, run: Run) -> None:
    ran = run("query", f"select {ODD_TYPES}", "--format", form)
    assert (ran.code, ran.err) == (0, "")
    assert "2025-01-01T10:00:00.500000" in ran.out
    if form == "json":
        [row] = json.loads(ran.out, parse_constant=pytest.fail)
        assert (row["a"], row["b"], row["j"]) == ("NaN", "-Infinity", 2**127 - 1)
        assert (row["m"], row["n"]["x"], row["p"]) == ([1, None], "10000-01-01", "10000-01-01")


@pytest.mark.parametrize(
    "asked",
    [
        ("select 1 as x, 2 as x", "--format", "json"),
        *(("select 1", f"--rows={rows}") for rows in ("-5", "0", "x", "9" * 30, "1e3", "٣")),
        *(("select 1", f"--seconds={seconds}") for seconds in ("inf", "nan", "-1", "0", "x", "1e300")),
    ],
)
def test_what_cannot_be_asked_is_said(asked: tuple[str, ...], run: Run) -> None:
    refused(run("query", *asked), 2)


@pytest.mark.parametrize("memory", ["x", "-1GB", "1", "1 parsec"])
def test_memory_that_is_none_is_said(memory: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIGURES_MEMORY", memory)
    ran = run("query", "select 1")
    refused(ran, 2)
    assert "FIGURES_MEMORY" in ran.err


@pytest.fixture
def said(run: Run) -> str:
    return run("cite").out.strip()


def pasted(said: str) -> dict[str, str]:
    digest = said.partition("sha256:")[2][:64]
    return {
        "broken at the end of a line": said.replace(digest, f"{digest[:30]}\n{digest[30:]}"),
        "broken with a hyphen": said.replace(digest, f"{digest[:30]}-\r\n{digest[30:]}"),
        "quoted in a mail": said.replace(digest, f"{digest[:30]}\n> {digest[30:]}"),
        "soft hyphens": said.replace(digest, "\u00ad".join([digest[:20], digest[20:40], digest[40:]])),
        "signs without width": said.replace(digest, "\u200b".join(digest)),
        "upper case": said.upper().replace("VERSION", "Version"),
        "Markdown": said.replace(digest, f"`**{digest}**`").replace("sha256:", "sha256: "),
        "Markdown, escaped": said.replace("_", "\\_"),
        "in groups of eight": said.replace(digest, " ".join(digest[at : at + 8] for at in range(0, 64, 8))),
        "the digest alone": f"sha256:{digest}",
        "the identifier of its tables alone": "swh:1:dir:" + said.partition("swh:1:dir:")[2][:40],
        "blanks that do not break": said.replace(" ", "\u00a0"),
    }


def test_citation_is_recognised_as_people_paste_it(said: str, run: Run, tmp_path: Path) -> None:
    wanted = run("verify", said)
    assert wanted.code in (0, 1)
    for how, text in pasted(said).items():
        assert run("verify", text) == wanted, how
    for encoding in ("utf-16", "utf-8-sig"):
        (tmp_path / "citation.txt").write_text(said, encoding)
        assert run("verify", tmp_path / "citation.txt") == wanted, encoding


def test_digest_that_is_cut_is_said_to_be(said: str, run: Run) -> None:
    digest = said.partition("sha256:")[2][:64]
    for text in (said.partition("; swh:")[0].replace(digest, f"{digest[:20]}…"), f"sha256:{digest[:20]}"):
        ran = run("verify", text)
        assert ran.code == 4
        assert "its digest is cut: 20 of 64 digits; it begins as that of version" in ran.out


@pytest.mark.parametrize("name", ["nosuchfile.bib", "v1.0", "dist/nothing", "1.0.1.bib"])
def test_file_that_is_not_there_is_no_text(name: str, run: Run) -> None:
    ran = run("verify", name)
    assert (ran.code, ran.out) == (2, "")
    assert f"there is no file or folder `{name}`" in ran.err


def test_version_may_have_a_v(run: Run) -> None:
    assert run("verify", "v1.0.1") == run("verify", "1.0.1")
