"""`claims_history` and `claims_at`: every version as `rebuild` writes it, whatever was corrected or withdrawn."""

import json
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scripts.database import connection, views
from scripts.datapackage import canonical_csv
from scripts.datapackage.package import ROOT, Package, read
from scripts.history import as_of, claims_history, diff, ledger, net
from scripts.history.ledger import UNRELEASED, Change, Content
from scripts.validation.last_release import TOUCHED
from tests.conftest import SOAK, Run
from tests.database.test_views import loaded
from tests.publish.test_readers import OLD
from tests.releases import CLAIM, CLAIMS, correct, release

Con = duckdb.DuckDBPyConnection
Rows = list[list[str]]
OTHER = "kbs-20250114-2"


def at(con: Con, version: str) -> dict[str, dict[str, str]]:
    """The claims that a version had, as text, by key; blank cells left out."""
    found = con.execute(f"from claims_at('{version}')")
    header = [column[0] for column in found.description or []]
    return by_key(header, [[canonical_csv.cell(cell) for cell in row] for row in found.fetchall()])


def by_key(header: list[str], rows: Rows) -> dict[str, dict[str, str]]:
    cells = [{column: cell for column, cell in zip(header, row, strict=True) if cell} for row in rows]
    found = {row["claim_id"]: row for row in cells}
    assert len(found) == len(rows)
    return found


def as_rebuilt(run: Run, root: Path, version: str, to: Path) -> dict[str, dict[str, str]]:
    assert run("rebuild", version, "--to", to / version, "--dir", root).code == 0
    return claims_in(to / version)


def claims_in(folder: Path) -> dict[str, dict[str, str]]:
    header = (folder / CLAIMS).read_text("utf-8").partition("\n")[0].split(",")
    return by_key(header, canonical_csv.rows(folder / CLAIMS))


def spans(con: Con, key: str, columns: str = "place_id") -> list[tuple[Any, ...]]:
    return con.execute(f"select {columns}, since, until from claims_history where claim_id = '{key}'").fetchall()


def test_each_version_is_as_rebuild_writes_it(rebuilt: Callable[[str], Path]) -> None:
    con = loaded(ROOT)
    for version in ledger.versions(read(ROOT)):
        assert at(con, version) == claims_in(rebuilt(version))
    assert at(con, UNRELEASED) == by_key(read(ROOT).tables["claims"].header, canonical_csv.rows(ROOT / CLAIMS))


def test_columns_and_types_are_those_of_claims(few: Path) -> None:
    con = loaded(few)
    of_claims = con.execute("describe claims").fetchall()
    assert con.execute("describe from claims_at('1.0.0')").fetchall() == of_claims
    assert [row[:2] for row in con.execute("describe claims_history").fetchall()] == [
        *(row[:2] for row in of_claims), ("since", "VARCHAR"), ("until", "VARCHAR"),
    ]  # fmt: skip


@pytest.mark.parametrize("version", ["9.9.9", "v0.3.0", ""])
def test_a_version_that_is_not_there_is_refused_with_those_that_are(version: str, few: Path) -> None:
    with pytest.raises(duckdb.Error, match=f"there is no version {version}; released are 0.1.0, 1.0.0, 1.1.0"):
        at(loaded(few), version)


@pytest.mark.parametrize("day", ["null", "'infinity'", "'x'"])
def test_day_that_is_none_is_refused(day: str, few: Path) -> None:
    with pytest.raises(duckdb.Error):
        loaded(few).execute(f"select count(*) from claims_as_known_on({day})").fetchall()


def test_corrected_withdrawn_and_waiting_rows_have_their_spans(released: Path, run: Run, tmp_path: Path) -> None:
    assert correct(run, released, "claims", CLAIM, "place_id", "kursk-oblast", "--reason", "coder_error") == 0
    assert spans(loaded(released), CLAIM) == [(None, "0.1.0", UNRELEASED), ("kursk-oblast", UNRELEASED, None)]
    assert release(run, released, "0.9.0", "2026-11-24") == 0
    assert correct(run, released, "claims", CLAIM, "place_id", "", "--reason", "coder_error") == 0
    assert run("withdraw", "claims", OTHER, "--reason", "duplicate", "--dir", released).code == 0
    assert spans(loaded(released), OTHER) == [("kursk-oblast", "0.1.0", UNRELEASED)]
    assert release(run, released, "0.10.0", "2026-11-25") == 0
    rows = canonical_csv.rows(released / CLAIMS)
    added = ["united24-media-202602-9", *next(row for row in rows if row[0] == CLAIM)[1:]]
    added[read(released).tables["claims"].header.index("metric_id")] = "losses"
    (released / CLAIMS).write_text(canonical_csv.text(read(released).tables["claims"], [*rows, added]), "utf-8")
    con = loaded(released)
    assert spans(con, CLAIM) == [(None, "0.1.0", "0.9.0"), ("kursk-oblast", "0.9.0", "0.10.0"), (None, "0.10.0", None)]
    assert spans(con, OTHER) == [("kursk-oblast", "0.1.0", "0.10.0")]
    assert spans(con, added[0]) == [(None, UNRELEASED, None)]
    for version in ("0.1.0", "0.9.0", "0.10.0"):
        assert at(con, version) == as_rebuilt(run, released, version, tmp_path)


def test_columns_added_and_moved_are_carried(released: Path, run: Run, tmp_path: Path) -> None:
    """A column that a version did not have is blank in it."""
    assert run("withdraw", "claims", OTHER, "--reason", "duplicate", "--dir", released).code == 0
    assert release(run, released, "0.2.0", "2026-11-24") == 0
    second(released, "seen", lambda row: f"as {row['claim_id']}")
    waiting = history_alone(read(released))
    assert release(run, released, "0.3.0", "2026-11-25") == 0
    for con in (waiting, history_alone(read(released))):
        for version in ("0.1.0", "0.2.0"):
            assert at(con, version) == as_rebuilt(run, released, version, tmp_path / f"{id(con)}")
    assert at(con, "0.3.0") == as_rebuilt(run, released, "0.3.0", tmp_path)
    assert all(row["seen"] == f"as {key}" for key, row in at(con, "0.3.0").items())


def second(root: Path, column: str, cell: Callable[[dict[str, str]], str]) -> None:
    """Add a column to claims, as the second."""
    path = root / "schemas/tables/claims.json"
    header = read(root).tables["claims"].header
    rows = [dict(zip(header, row, strict=True)) for row in canonical_csv.rows(root / CLAIMS)]
    cells = [cell(row) for row in rows]
    schema = json.loads(path.read_text("utf-8"))
    kept = schema["fields"]
    new = {"name": column, "type": "string", "description": "As seen.", "example": "seen"}
    path.write_text(json.dumps({**schema, "fields": [kept[0], new, *kept[1:]]}, ensure_ascii=False), "utf-8")
    moved = [[first, found, *others] for found, (first, *others) in zip(cells, map(dict.values, rows), strict=True)]
    (root / CLAIMS).write_text(canonical_csv.text(read(root).tables["claims"], moved), "utf-8")


SQL = "from claims_at('1.0.0') order by claim_id"


def test_the_built_file_and_script_answer_the_same(
    few: Path, dist_of_few: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(dist_of_few)
    wanted = loaded(few).execute(SQL).fetchall()
    with duckdb.connect("figures.duckdb", read_only=True) as con:
        assert con.execute(SQL).fetchall() == wanted
    with duckdb.connect() as con:
        con.execute(Path("figures.sql").read_text("utf-8"))
        assert con.execute(SQL).fetchall() == wanted


@pytest.mark.outside
@pytest.mark.skipif(not OLD.exists(), reason="there is no .venv-client: `make test-all` sets it up")
def test_an_old_client_answers_the_same(dist: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(dist)
    code = (
        "import duckdb; con = duckdb.connect(); con.execute(open('figures.sql').read());"
        f"print([con.execute({SQL!r}).fetchall(), duckdb.connect('figures.duckdb', True).execute({SQL!r}).fetchall()])"
    )
    said = subprocess.run([OLD / "python", "-c", code], check=True, capture_output=True, text=True)
    wanted = loaded(ROOT).execute(SQL).fetchall()
    assert said.stdout.strip() == str([wanted, wanted])


def test_query_asks_for_a_version(run: Run) -> None:
    ran = run("query", "select extent from claims_at('0.1.0') where claim_id = 'unknown-202411-2'", "--format", "csv")
    assert ran.out == "extent\ntotal\n"


COLUMNS = ("claim_id", "one", "two", "three")
CELLS = st.sampled_from(["", "a", 'b"c, d', "7"])
STATES = st.lists(
    st.tuples(
        st.permutations(COLUMNS[1:]).flatmap(lambda names: st.integers(0, 3).map(lambda size: names[:size])),
        st.dictionaries(st.sampled_from(["k1", "k2", "k3"]), st.fixed_dictionaries(dict.fromkeys(COLUMNS[1:], CELLS))),
    ),
    min_size=2,
    max_size=6,
)


@pytest.mark.soak
@given(STATES)
@settings(max_examples=600 if SOAK else 10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_random_histories_come_back(states: list[tuple[list[str], dict[str, dict[str, str]]]]) -> None:
    """The last state waits for a release: its withdrawn and corrected lines are in the ledger, the rest is not."""
    contents = [
        Content(["claim_id", *names], {key: [key, *(cells[name] for name in names)] for key, cells in rows.items()})
        for names, rows in states
    ]
    versions = [f"0.{number}.0" for number in range(8, 8 + len(states) - 1)]
    with tempfile.TemporaryDirectory() as folder:
        package = written(Path(folder), contents, versions)
        con = history_alone(package)
        present = contents[-1].header
        for version, content in zip([*versions, UNRELEASED], contents, strict=True):
            cells = [[row[content.header.index(name)] if name in content.header else "" for name in present]
                     for row in content.rows.values()]  # fmt: skip
            assert at(con, version) == by_key(present, cells)
        if set(contents[-2].header) <= set(present):  # a column that is gone before a release has recorded it is lost
            versions_come_back(con, package, contents)
        broken = "select claim_id from claims_history where until is null group by all having count(*) > 1"
        assert con.execute(broken).fetchall() == []


def versions_come_back(con: Con, package: Package, contents: list[Content]) -> None:
    table = package.tables["claims"]
    order = as_of.places(package, table)
    for place, content in zip(order[:-1], contents, strict=False):
        text = b"".join(as_of.text(con, table, order, place, table.primary_key))
        assert text.decode() == ledger.content_text(table, content)
    for older, newer in combinations([place.version for place in order[:-1]] + [None], 2):
        assert older
        found = sorted(diff.between(con, package, older, newer))
        assert found == sorted(net.between(package, older, newer))
    as_added = as_of.as_added(table, order, as_of.told(con, table, order))
    assert con.execute(f"from ({as_added}) where {TOUCHED}").fetchall() == []


def test_difference_in_duckdb_is_that_of_the_walk() -> None:
    """From each version to the next, and from the first to the present; all pairs of random histories are above."""
    package, con = read(ROOT), history_alone(read(ROOT))
    order = [*ledger.versions(package), None]
    for older, newer in [*pairwise(order), (order[0], None)]:
        assert older
        found = sorted(diff.between(con, package, older, newer))
        assert found == sorted(net.between(package, older, newer))


def history_alone(package: Package) -> Con:
    con = connection.connect()
    assert connection.load(con, package) == []
    connection.typed(con, package, lines=False)
    told = claims_history.of_history(package, claims_history.sql(con, package))
    for view in [told, *(macro for macro in views.macros() if macro.name == "claims_at")]:
        for statement in views.statements(view):
            con.execute(statement)
    return con


def written(root: Path, contents: list[Content], versions: list[str]) -> Package:
    """Write a package of claims, changes and releases in which the contents are the versions and the present."""
    lines: list[Change] = []
    before: ledger.State = {}
    for version, content in zip([*versions, UNRELEASED], contents, strict=True):
        found = list(net.net(version, before, {"claims": content}, {}))
        lines += sorted(found if version != UNRELEASED else waiting(found, before["claims"].header, content.header))
        before = {"claims": content}
    schemas = {
        name: json.loads((ROOT / f"schemas/tables/{name}.json").read_text("utf-8")) for name in ledger.UNRECORDED
    }
    schemas["claims"] = fields(contents[-1].header)
    resources = [{"name": name, "path": f"{name}.csv", "schema": f"schemas/tables/{name}.json"} for name in schemas]
    put(root / "datapackage.json", {"version": versions[-1], "resources": resources})
    for name, schema in schemas.items():
        put(root / f"schemas/tables/{name}.json", schema)
    for version, content in zip(versions, contents, strict=False):
        put(root / f"releases/{version}/schemas/tables/claims.json", fields(content.header))
    package = read(root)
    tables = package.tables
    (root / "claims.csv").write_text(ledger.content_text(tables["claims"], contents[-1]), "utf-8")
    (root / "changes.csv").write_bytes(ledger.rewrite(tables["changes"], lines))
    rows = [[version, "2026-11-23", "A summary."] for version in versions]
    (root / "releases.csv").write_text(canonical_csv.text(tables["releases"], rows), "utf-8")
    return package


def waiting(found: list[Change], then: list[str], now: list[str]) -> Iterator[Change]:
    """Yield the lines that `correct` and `withdraw` write before a release: of columns and by the header of now."""
    for line in found:
        if line.change == "corrected" and {line.field} <= set(then) & set(now):
            yield line
        elif line.change == "withdrawn":
            cells = dict(zip(then, json.loads(line.old), strict=True))
            yield replace(line, old=ledger.as_list([cells.get(name, "new") for name in now]))


def fields(names: list[str]) -> dict[str, Any]:
    return {"fields": [{"name": name, "type": "string"} for name in names], "primaryKey": ["claim_id"]}


def put(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), "utf-8")
