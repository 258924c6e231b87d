"""dist/: complete, the same from run to run, and read by the oldest client that it is made for."""

import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import duckdb
import frictionless
import pytest

from scripts.database import connection, views
from scripts.datapackage import canonical_csv
from scripts.datapackage.package import ROOT, read
from scripts.history import checksums, claims_history
from scripts.publish import build as built
from tests.conftest import Run, edit, tree
from tests.killing import restore

RELATIONS = [*read(ROOT).tables, claims_history.NAME, *(view.name for view in views.views())]


def cells(con: duckdb.DuckDBPyConnection) -> list[list[object]]:
    return [[name, sorted(map(str, con.execute(f"select * from {name}").fetchall()))] for name in RELATIONS]


def test_checksums_hold_and_cover_all_but_databases_which_have_their_own(dist: Path) -> None:
    for sums in (dist / "SHA256SUMS", *dist.rglob("*.duckdb.sha256")):
        subprocess.run(["sha256sum", "--check", "--strict", "--quiet", sums.name], cwd=sums.parent, check=True)
    listed = {line.split("  ")[1] for line in (dist / "SHA256SUMS").read_text("utf-8").splitlines()}
    files = {path.relative_to(dist).as_posix() for path in dist.rglob("*") if path.is_file()}
    apart = {name for name in files if name.endswith((".duckdb", ".duckdb.sha256"))}
    assert files - listed - {".lock"} == {"SHA256SUMS", *apart}


def test_csv_are_the_bytes_of_data(dist: Path) -> None:
    for table in read(ROOT).tables.values():
        assert (dist / table.path).read_bytes() == (ROOT / table.path).read_bytes()


def test_parquet_database_and_script_hold_the_same(dist: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = duckdb.connect(str(dist / "figures.duckdb"), read_only=True)
    monkeypatch.chdir(dist)
    script = duckdb.connect()
    script.execute(Path("figures.sql").read_text("utf-8"))
    parquet = duckdb.connect()
    for name in RELATIONS:
        parquet.execute(f"create view {name} as from 'parquet/{name}.parquet'")
    assert cells(database) == cells(script) == cells(parquet)
    assert all(found for _, found in cells(database)[:9])


def test_tables_views_and_columns_are_documented(dist: Path) -> None:
    con = duckdb.connect(str(dist / "figures.duckdb"), read_only=True)
    bare = """
        select table_name, column_name from duckdb_columns() where not internal and comment is null
        union all select table_name, null from duckdb_tables() where comment is null
        union all select view_name, null from duckdb_views() where not internal and comment is null
    """
    assert con.execute(bare).fetchall() == []


def test_views_are_written_in_canonical_form(dist: Path) -> None:
    for path in (dist / "views").glob("*.csv"):
        rows = duckdb.read_parquet(str(dist / "parquet" / f"{path.stem}.parquet"))
        lines = [rows.columns, *([canonical_csv.cell(cell) for cell in row] for row in rows.fetchall())]
        assert path.read_text("utf-8") == "".join(map(canonical_csv.line, lines)), path.name


def test_descriptor_has_size_and_hash_and_frictionless_agrees(dist: Path, tmp_path: Path) -> None:
    descriptor = json.loads((dist / "datapackage.json").read_text("utf-8"))
    assert all(resource["hash"].startswith("sha256:") and resource["bytes"] for resource in descriptor["resources"])
    report = frictionless.Package(str(dist / "datapackage.json")).validate()
    assert report.valid, report.flatten(["title", "type", "message"])
    broken = shutil.copytree(dist, tmp_path / "dist")
    shutil.copyfile(dist / "data/hedges.csv", broken / "data/places.csv")
    assert not frictionless.Package(str(broken / "datapackage.json")).validate().valid


def test_check_tells_what_is_not_current(copy: Path, dist_of_few: Path, run: Run) -> None:
    shutil.copytree(dist_of_few, copy / "dist")
    assert run("build", "--check", "--dir", copy).code == 0
    edit(copy / "data/hedges.csv", "remote chance", "remote chances")
    ran = run("build", "--check", "--dir", copy)
    assert ran.code == 1
    assert "data/hedges.csv" in ran.out


def test_build_refuses_what_does_not_hold(copy: Path, run: Run) -> None:
    edit(copy / "data/hedges.csv", "uk-remote-chance,", "UK,")
    ran = run("build", "--dir", copy)
    assert (ran.code, (copy / "dist").exists()) == (1, False)
    assert "data/hedges.csv:" in ran.out


def test_two_builds_are_the_same_bytes_and_what_is_the_users_stays(
    copy: Path, dist_of_few: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second is made as of tables that memory does not hold, after a build that wrote more."""
    monkeypatch.setattr(connection, "IN_MEMORY", 0)
    out = copy / "dist"
    shutil.copytree(dist_of_few, out)
    (out / "views/old.csv").write_bytes(b"x")
    digest = hashlib.sha256(b"x").hexdigest()
    listed = {**checksums.listed(dist_of_few / "SHA256SUMS"), "views/old.csv": digest}
    (out / "SHA256SUMS").write_text(checksums.as_list(listed), "utf-8")
    users = ("of-the-user.txt", "data/notes.csv", "charts/mine.svg", "views/deep/mine.csv", "old/views.csv")
    for path in users:
        (out / path).parent.mkdir(exist_ok=True)
        (out / path).write_bytes(b"x")
    assert run("build", "--dir", copy).code == 0
    assert (out / "SHA256SUMS").read_bytes() == (dist_of_few / "SHA256SUMS").read_bytes()
    files = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()} - {".lock"}
    built_before = {path.relative_to(dist_of_few).as_posix() for path in dist_of_few.rglob("*") if path.is_file()} - {
        ".lock"
    }
    assert files == built_before | {*users}


def users_file(out: Path) -> None:
    (out / "SHA256SUMS").unlink()


def users_descriptor(out: Path) -> None:
    (out / "datapackage.json").write_text("{}", "utf-8")


def users_link(out: Path) -> None:
    (out / "figures.py").unlink()
    (out / "figures.py").symlink_to(out.parent / "precious")


def users_table(out: Path) -> None:
    with duckdb.connect(str(out / "figures.duckdb")) as con:
        con.execute("create table mine as select 1 as x")


@pytest.mark.parametrize("change", [users_file, users_descriptor, users_link, users_table])
def test_build_takes_the_place_of_nothing_that_is_the_users(
    change: Callable[[Path], None],
    few: Path,
    dist_of_few: Path,
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shutil.copytree(dist_of_few, tmp_path / "out")
    (tmp_path / "precious").write_text("x", "utf-8")
    change(tmp_path / "out")
    monkeypatch.setattr(built, "write", lambda _con, _package, new, **_asked: restore(dist_of_few, new))
    before = tree(tmp_path)
    ran = run("build", "--dir", few, "--out", tmp_path / "out")
    assert (ran.code, ran.out) == (2, "")
    assert "another folder" in ran.err
    assert tree(tmp_path) == before


def test_build_does_not_write_over_the_package(copy: Path, run: Run) -> None:
    assert run("build", "--dir", copy, "--out", copy).code == 2


def view(sql: str, *columns: str) -> views.View:
    return views.View("odd", "", "what is odd", "", "one row", dict.fromkeys(columns, "A column."), sql)


def with_view(monkeypatch: pytest.MonkeyPatch, one: views.View) -> None:
    known = views.views()
    monkeypatch.setattr(views, "views", lambda: [*known, one])


@pytest.mark.parametrize("type_", ["integer", "decimal(9, 2)", "timestamp"])
def test_type_that_not_all_readers_know_is_told_with_its_remedy(
    type_: str, few: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_view(monkeypatch, view(f"select null::{type_} as some", "some"))
    ran = run("build", "--dir", few, "--out", tmp_path / "dist")
    assert ran.code == 2
    assert ran.err.startswith("schemas/views/odd.sql: the column `some` is of type ")
    assert "cast it to VARCHAR, BIGINT, DOUBLE, BOOLEAN, DATE" in ran.err


def test_text_that_only_some_programs_quote_is_canonical_in_a_view(tmp_path: Path) -> None:
    con = connection.connect()
    cells = ["#begins", "", "a,b", 'a"b', " blank ", "'quoted'", "\u2028", "N/A", "-1"]
    con.execute("create table odd as select unnest(?) as one, 2.0::double as two, true as three", [cells])
    (tmp_path / "parquet").mkdir()
    con.execute(f"copy odd to '{tmp_path}/parquet/odd.parquet' (format parquet)")
    (tmp_path / "views").mkdir()
    built._view(con, tmp_path, "odd")
    wanted = [["one", "two", "three"], *([cell, "2", "true"] for cell in cells)]
    assert (tmp_path / "views/odd.csv").read_text("utf-8") == "".join(map(canonical_csv.line, wanted))
