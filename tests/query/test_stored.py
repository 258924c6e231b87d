"""The life of a citation of a query, and what cannot be cited.

R1 to R14 are the recommendations of the Research Data Alliance on citing dynamic data (DOI 10.15497/RDA00016).
"""

import hashlib
import json
import re
import shutil
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from scripts.database import connection, isolated
from scripts.datapackage import canonical_csv
from scripts.datapackage.package import read
from scripts.history import ledger
from scripts.query import normalized, sandbox
from scripts.query import stored as stored_queries
from tests.conftest import Run, tree

SQL = "select source_id, point from claims_wide where metric_id = 'killed' and population_id = 'troops' and point > 0"
SPELT = """SELECT Source_ID, Point -- the same
FROM main.claims_wide WHERE ((metric_id='killed') AND population_id = 'troops') AND point > 0"""
OTHER = "select count(*) as places from places"
CORRECTED = ("claims", "united24-media-202602-1", "metric_id", "killed", "--reason", "source_revised")


def cite(run: Run, root: Path, sql: str = SQL, *more: object) -> str:
    ran = run("cite", "--sql", sql, *more, "--dir", root)
    assert (ran.code, ran.err) == (0, "")
    return ran.out


def identifier(text: str) -> str:
    return str(re.findall(r"query (sha256:[0-9a-f]{64})", text)[0])


def release(run: Run, root: Path, number: str) -> None:
    ran = run("release", number, "--summary", "A summary.", "--dir", root)
    assert ran.code == 0, (ran.out, ran.err)


def number(root: Path, *, minor: int = 0, major: int = 0) -> str:
    """Return the number of a version that comes some steps after the last."""
    first, second, _ = ledger.versions(read(root))[-1].split(".")
    return f"{int(first) + major}.{0 if major else int(second) + minor}.0"


def in_this_process(target: str, **arguments: object) -> Any:  # noqa: ANN401  (JSON)
    """Do what `isolated.call` does where a test changes what is called."""
    module, _, function = target.partition(":")
    return getattr(import_module(module), function)(**arguments)


def test_life_of_a_citation(few: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Query, cite, correct, release, verify, migrate."""
    root = tmp_path / "package"
    shutil.copytree(few, root)
    last = ledger.versions(read(root))[-1]

    text = cite(run, root)
    name = identifier(text)
    kept = root / stored_queries.path_of(name)  # R3: the store keeps the query
    citation = json.loads(kept.read_text("utf-8"))
    assert set(citation["views"]) == {"claims_wide"}  # R9: and all that it rests on
    assert f"Version {last}." in text  # R1: a version of the data
    assert text.strip() == citation["citation"]  # R10: the text to print
    assert (
        citation["released_on"] == canonical_csv.rows(root / "data/releases.csv")[-1][1]
    )  # R2, R7: the day of that state
    assert identifier(cite(run, root, SPELT)) == name  # R4, R8: one identifier however it is written
    rows = json.loads(run("query", SQL, "--version", last, "--format", "json", "--dir", root).out)
    lines = sorted(json.dumps([row["source_id"], f"{row['point']:g}"], separators=(",", ":")) for row in rows)
    assert len(lines) == citation["rows"] > 1
    digest = hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()
    assert citation["result"] == f"sha256:{digest}"  # R5, R6: sorted rows have one digest, which anybody can compute
    page = cite(run, root, SQL, "--format", "html")
    assert all(part in page for part in (name, citation["result"], "Version", "licence"))  # R11: for people
    machine = json.loads(cite(run, root, SQL, "--format", "json-ld"))
    assert (machine["identifier"], machine["creditText"]) == (name, text.strip())  # R12: for machines

    assert run("verify", kept, "--dir", root).out == f"same: query {name} of version {last}\n"
    assert run("correct", *CORRECTED, "--dir", root).code == 0
    assert (
        run("correct", "claims", "united24-media-202602-1", "metric_id", "killed", *CORRECTED[-2:], "--dir", root).code
        == 0
    )
    other = identifier(cite(run, root, OTHER))
    later = number(root, minor=1)
    release(run, root, later)
    assert identifier(cite(run, root, OTHER)) == other  # R8: the same result keeps its identifier
    assert identifier(cite(run, root)) != name  # R8: another has its own
    ran = run("verify", text, "--dir", root)
    assert (ran.code, ran.out.splitlines()[0]) == (1, f"superseded: query {name} of version {last}, by version {later}")
    assert {line[:3] for line in ran.out.splitlines()[1:]} == {"  +"}  # the row that is new
    assert identifier(cite(run, root, SQL, "--version", last)) == name  # R1: the old version still answers

    monkeypatch.setattr(isolated, "call", in_this_process)
    form = normalized.form
    monkeypatch.setattr(normalized, "form", lambda con, tree: form(con, tree).replace("SELECT ", "SELECT ALL "))
    monkeypatch.setattr(stored_queries, "engine", lambda: "DuckDB 9.0.0")  # R13: another engine writes another form
    assert identifier(cite(run, root, SQL + " and point >= 0", "--version", last)) != name
    assert run("migrate", "--dir", root).code == 0  # R14: every stored query holds under it
    assert identifier(cite(run, root, SPELT, "--version", last)) == name  # R13: and keeps its identifier
    before = (root / stored_queries.FORMS).read_bytes()
    assert run("migrate", "--dir", root).code == 0
    assert (root / stored_queries.FORMS).read_bytes() == before


def test_tables_that_memory_does_not_hold_are_cited_the_same(
    few: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = Path(shutil.copytree(few, tmp_path / "package"))
    name = identifier(cite(run, root))
    (root / stored_queries.path_of(name)).unlink()
    monkeypatch.setattr(connection, "IN_MEMORY", 0)
    assert identifier(cite(run, root)) == name


def test_a_citation_outlives_a_change_of_the_schema(few: Path, tmp_path: Path, run: Run) -> None:
    """A column comes with a MAJOR; what was cited before is still verified, by its own version and the new one."""
    root = tmp_path / "package"
    shutil.copytree(few, root)
    schema, table = root / "schemas/tables/hedges.json", root / "data/hedges.csv"
    before = {path: path.read_bytes() for path in (schema, table)}
    old = cite(run, root, "select hedge_id, probability_low from hedges")
    fields = json.loads(before[schema])
    column = {"name": "seen_on", "type": "date", "description": "Day on which it was read.", "example": "2026-01-01"}
    schema.write_text(json.dumps({**fields, "fields": [*fields["fields"], column]}, indent=2), "utf-8")
    header, *rows = before[table].decode().splitlines()
    table.write_text("\n".join([f"{header},seen_on", *(f"{row},2026-01-01" for row in rows), ""]), "utf-8")
    release(run, root, middle := number(root, major=1))
    assert run("verify", old, "--dir", root).out.endswith(f"; version {middle} gives the same\n")
    assert identifier(cite(run, root, "select hedge_id, seen_on from hedges"))


@pytest.mark.parametrize(
    ("sql", "said"),
    {
        "select random()": "`random` gives another result",
        "select current_date": "`current_date` gives another result",
        "select ago(interval 1 day)": "`ago` gives another result",
        "from claims limit 1": "depends on the order",
        "select any_value(claim_id) from claims": "depends on the order",
        "select row_number() over () as n, claim_id from claims": "depends on the order",
        "select * from claims using sample 2": "a sample is drawn anew",
        "describe claims": "are of the engine",
        "select [1, 2] as both": "more than one value",
        "select list(claim_id order by claim_id) as ids from claims": "more than one value",
        "from information_schema.tables": "is no table, view or macro of a version",
        "from duckdb_tables()": "is no table, view or macro of a version",
        "from read_csv('/etc/passwd')": "is no table, view or macro of a version",
        "from '/etc/passwd'": "is no table, view or macro of a version",
        "select nothing from claims": "nothing",
        "from claims_at('0.1.0')": "--version takes the place",
        "select 1; select 2": "several statements",
        "pivot claims on metric_id": "write one plain SELECT",
        "delete from claims": "write one plain SELECT",
        "selec 1": "syntax error",
        "": "one",
    }.items(),
)
def test_what_cannot_be_cited_is_refused(sql: str, said: str, copy: Path, run: Run) -> None:
    before = tree(copy)
    ran = run("cite", "--sql", sql, "--dir", copy)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert tree(copy) == before


@pytest.mark.parametrize(
    "sql",
    [
        "with c as (select claim_id from claims) select count(*) as n from c",
        "from claims_as_known_on('2025-01-31') where metric_id = 'sent'",
        "select claim_id from claims order by claim_id limit 3",
        "select unnest(range(3)) as n",
        "select coalesce(nullif(note, ''), 'x') as note, said_on + 1 as next from claims_wide",
    ],
)
def test_what_can_be_cited(sql: str, copy: Path, run: Run) -> None:
    assert identifier(cite(run, copy, sql))


def changed(path: Path, **properties: Any) -> Path:  # noqa: ANN401
    citation = json.loads(path.read_text("utf-8"))
    other = path.with_name("changed.json")
    other.write_text(json.dumps({**citation, **properties}), "utf-8")
    return other


def test_a_citation_that_was_changed_is_tampered(copy: Path, run: Run) -> None:
    path = copy / stored_queries.path_of(identifier(cite(run, copy)))
    zeros = f"sha256:{'0' * 64}"
    for properties, said in {
        (("result", zeros),): "result: version",
        (("identifier", zeros),): "identifier: not that of normal_form and result",
        (("rows", 99),): "rows or columns",
        (("columns", ()),): "rows or columns",
        (("sql", SQL + " and point > 1e9"),): "result: version",
        (("normal_form", "SELECT 1"),): "normal_form: not that of sql",
        (("digest", zeros),): "digest, data or released_on",
        (("citation", "Somebody said so."),): "citation: not the text",
        (("released_on", "soon"),): "released_on",
        (("more", 1),): "`more` is no property that is known here",
    }.items():
        ran = run("verify", changed(path, **dict(properties)), "--dir", copy)
        assert (ran.code, ran.out.split(":")[0]) == (3, "tampered"), ran.out
        assert said in ran.out
    ran = run("verify", changed(path, version="0.0.9"), "--dir", copy)
    assert (ran.code, ran.out.split(":")[0]) == (4, "unknown")


def test_a_query_has_its_limits(run: Run) -> None:
    endless = "with recursive n as (select 1 as x union all select x + 1 from n) select count(*) from n"
    ran = run("query", endless, "--seconds", "0.3")
    assert (ran.code, ran.out) == (2, "")
    assert "took more than 0.3 seconds" in ran.err
    ran = run("query", "from claims", "--rows", "10")
    assert (ran.code, ran.out) == (2, "")
    assert "more than 10 rows" in ran.err


def test_a_query_asks_any_version(run: Run) -> None:
    def count(*more: str) -> str:
        return run("query", "select count(*) as n from claims", "--format", "csv", *more).out

    assert count("--version", "0.1.0").splitlines()[1] == "155"
    assert count("--version", "0.2.0") != count()
    assert run("query", "from claims", "--version", "0.0.9").code == 2


def test_a_select_reads_in_a_transaction_that_cannot_write() -> None:
    con = connection.connect()
    with sandbox._reading(con), pytest.raises(Exception, match="read-only"):
        con.execute("create table main.stolen as select 1")


@pytest.mark.parametrize(
    ("content", "place"),
    [(b"x\n", "1"), (b"form,engine,identifier\na,b\n", "2"), (b"form,engine,identifier\n\n\n", "2"), (b"\xff", "1")],
)
def test_forms_that_are_broken_are_told_with_their_line(content: bytes, place: str, copy: Path, run: Run) -> None:
    (copy / "queries/forms.csv").write_bytes(content)
    ran = run("cite", "--sql", "select count(*) as n from claims", "--version", "0.1.0", "--dir", copy)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"queries/forms.csv:{place}: ")
    assert "delete the file and run `migrate`" in ran.err
