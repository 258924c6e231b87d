"""The same answers in every folder, time zone, locale and encoding, and after systems and other programs were there."""

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.database import quoting, views
from scripts.datapackage.package import ROOT
from tests.conftest import Ran, Run, tree
from tests.few_documents import copy_of

SIGNS = st.sampled_from(list("ab[]*?{}!%'\"#&;,~^ü한 "))
STRAY = (".DS_Store", "._claims.csv", "Thumbs.db", "desktop.ini", "claims.csv~", ".claims.csv.swp", "#claims.csv#")


@settings(max_examples=25, deadline=None)
@given(st.text(SIGNS, min_size=1, max_size=12).map(str.strip).filter(lambda name: name not in ("", ".", "..")))
def test_path_is_of_one_file_whatever_signs_it_has(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    base = tmp_path_factory.mktemp("odd")
    for other in ("a", "b", "ab", "ba", "aa", "a b", name):
        (base / other).mkdir(exist_ok=True)
        (base / other / "t.csv").write_text(f"v\n{'right' if other == name else 'wrong'}\n", "utf-8")
    options = "auto_detect = false, header = true, delim = ',', columns = {'v': 'VARCHAR'}"
    with duckdb.connect() as con:
        assert con.execute(f"from read_csv({quoting.file(base / name / 't.csv')}, {options})").fetchall() == [
            ("right",)
        ]
        path = base / name / "t.parquet"
        con.execute(f"copy (select 1 as x) to {quoting.literal(str(path))} (format parquet)")
        assert con.execute(f"from read_parquet({quoting.file(path)})").fetchall() == [(1,)]


def test_broken_package_does_not_hold_beside_a_sound_one(run: Run, tmp_path: Path) -> None:
    copy_of(ROOT, tmp_path / "a")
    broken = copy_of(ROOT, tmp_path / "[a]")
    file = broken / "data/hedges.csv"
    file.write_text(file.read_text("utf-8").replace("0.95", "9.95", 1), "utf-8")
    assert run("validate", broken).code == 1
    ran = run("query", "select max(probability_low) from hedges", "--format", "csv", "--dir", broken)
    assert ran.out.splitlines()[1] == "9.95"


def test_figures_sql_reads_its_own_folder(dist: Path, tmp_path: Path) -> None:
    (tmp_path / "[a]").symlink_to(dist)
    script = (dist / "figures.sql").read_text("utf-8")
    code = "import duckdb, sys; con = duckdb.connect(); con.execute(sys.stdin.read()); "
    code += "print(con.execute('select count(*) from claims').fetchall())"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path / "[a]", input=script, capture_output=True, text=True, check=True
    )
    assert int(ran.stdout.strip("[](),\n")) > 0


def test_files_that_systems_leave_are_no_part_of_a_package(run: Run, few: Path, tmp_path: Path) -> None:
    root = copy_of(few, tmp_path / "package")
    for folder in ("releases", "releases/1.0.0", "data", "schemas/tables", "queries", "."):
        for name in STRAY:
            (root / folder / name).write_bytes(b"\0\xff")
    assert run("validate", root).code == 0
    assert run("verify", "--dir", root).out == run("verify", "--dir", few).out
    assert run("rebuild", "1.0.0", "--to", tmp_path / "was", "--dir", root).code == 0
    assert not {path for path in tree(tmp_path / "was") if Path(path).name in STRAY}


def test_views_are_called_as_their_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [view.name for view in views.views()]
    for path in views.VIEWS.glob("*.sql"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    for name in (".#x.sql", "._claims_wide.sql", "claims_wide (copy).sql"):
        (tmp_path / name).write_bytes(b"\0\xff")
    monkeypatch.setattr(views, "VIEWS", tmp_path)
    assert [view.name for view in views.views()] == names


def in_a_process(*arguments: str, **environment: str) -> Ran:
    command = [sys.executable, "-m", "scripts", *arguments]
    ran = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True)
    return Ran(ran.returncode, ran.stdout.decode("utf-8"), ran.stderr.decode("utf-8"))


@pytest.mark.parametrize("environment", [{"PYTHONIOENCODING": "cp1252"}, {"LC_ALL": "C"}], ids=str)
def test_what_is_written_to_a_file_is_utf8(environment: dict[str, str]) -> None:
    ran = in_a_process("query", "select '약 2천명' as words", "--format", "json", **environment)
    assert (ran.code, ran.err) == (0, "")
    assert "약 2천명" in ran.out


PICTURE = """
import hashlib
from scripts.publish.charts import gallery, render, specs
rows = [{"kind": "step", "source": "a", "day": f"2025-0{month}-01", "lowest": 1, "point": month, "highest": 9,
         "label": "9", "days": None, "segment": "a", "mark": True} for month in range(1, 9)]
chart = specs.timeline(rows, specs.Heading("a", "b"), specs.PRINT)
print(hashlib.sha256(render.svg(chart, gallery.version()).encode()).hexdigest())
"""


def test_pictures_are_the_same_in_every_time_zone() -> None:
    found = set()
    for zone, locale in (("UTC", "C.UTF-8"), ("Asia/Seoul", "tr_TR.UTF-8"), ("America/New_York", "de_DE.UTF-8")):
        environment = {**os.environ, "TZ": zone, "LC_ALL": locale}
        command = [sys.executable, "-c", PICTURE]
        found.add(subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True).stdout)
    assert len(found) == 1
