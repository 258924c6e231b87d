"""The Python package: the frames of dist/figures.py, today and in every version, wherever it is installed."""

import base64
import csv
import hashlib
import importlib
import io
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from email import message_from_bytes
from pathlib import Path
from types import ModuleType

import duckdb
import pandas as pd
import polars as pl
import pytest

from scripts.datapackage import canonical_csv
from scripts.datapackage.package import Package, read
from scripts.history import ledger
from scripts.publish.readers import figures
from tests.conftest import Run
from tests.publish.conftest import NAME
from tests.publish.test_readers import OLD, Rows, descriptor, rows

CUT = ["unshare", "--map-root-user", "--net"]  # without a network, where the system lets us
DAY = "2025-01-31"


@pytest.fixture(scope="module")
def package(as_released: Path) -> Package:
    return read(as_released)


def without_network() -> list[str]:
    """What to write before a command, so that it has no network; nothing where that cannot be had."""
    there = shutil.which(CUT[0]) and subprocess.run([*CUT, "true"], capture_output=True).returncode == 0
    return CUT if there else []


def cells(frame: pd.DataFrame | pl.DataFrame) -> Rows:
    """The rows of a frame as text, in their order."""
    if isinstance(frame, pl.DataFrame):
        return [[canonical_csv.cell(cell) for cell in row] for row in frame.rows()]
    typed = (frame[column].astype(object).where(frame[column].notna(), None) for column in frame)
    days = [[cell.date() if isinstance(cell, pd.Timestamp) else cell for cell in column] for column in typed]
    return [[canonical_csv.cell(cell) for cell in row] for row in zip(*days, strict=True)]


def test_it_has_the_bytes_of_figures_py(site: Path, dist_as_released: Path) -> None:
    assert (site / NAME / "figures.py").read_bytes() == (dist_as_released / "figures.py").read_bytes()


def test_frames_of_pandas_are_those_of_figures_py(
    rf: ModuleType, dist_as_released: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From Parquet, and from CSV where there is no pyarrow."""
    with_pandas = importlib.import_module(f"{NAME}.with_pandas")
    for found in (with_pandas.find_spec, lambda _: None):
        monkeypatch.setattr(with_pandas, "find_spec", found)
        for name in rf.tables():
            ours, theirs = rf.read(name), figures.read(name, dist_as_released)
            pd.testing.assert_frame_equal(ours, theirs)
            assert ours.attrs == theirs.attrs


def test_frames_of_polars_hold_the_same(rf: ModuleType, dist_as_released: Path) -> None:
    for name in rf.tables():
        ours, theirs = rf.read(name, engine="polars"), figures.read(name, dist_as_released)
        assert cells(ours) == cells(theirs), name
        enums = {column for column, dtype in ours.schema.items() if isinstance(dtype, pl.Enum)}
        assert enums == {column for column in theirs if isinstance(theirs[column].dtype, pd.CategoricalDtype)}


def test_each_version_is_as_the_ledger_has_it(rf: ModuleType, package: Package) -> None:
    cited = {release.version: release.citation for release in rf.releases()}
    for version, state in ledger.back(package):
        for table in ledger.recorded(package):
            then = state.get(table.name, ledger.Content([], {}))
            places = [then.header.index(column) if column in then.header else None for column in table.header]
            wanted = [["" if place is None else row[place] for place in places] for row in then.rows.values()]
            frame = rf.read(table.name, version=version)
            assert rows(cells(frame)) == rows(wanted), (version, table.name)
            assert frame.attrs["citation"] == cited[version]


def test_a_view_of_a_version_is_as_query_gives_it(rf: ModuleType, as_released: Path, run: Run) -> None:
    for version, view in {"1.0.0": "claims_wide", "2.1.0": "claims_wide", "2.0.0": "origins"}.items():
        asked = run("query", f"from {view}", "--version", version, "--format", "csv", "--dir", as_released)
        header, *wanted = csv.reader(io.StringIO(asked.out))
        con = rf.connect(version=version)
        assert rows(con.execute(f"from {view}").fetchall()) == sorted(wanted)
        if view == "claims_wide":
            for engine in ("pandas", "polars"):
                frame = rf.read(view, version=version, engine=engine)
                assert (list(frame.columns), rows(cells(frame))) == (header, sorted(wanted))


def test_the_last_version_is_the_present(rf: ModuleType) -> None:
    last = rf.releases()[-1]
    assert rf.__version__ == last.version
    for name in ("claims_wide", "origins"):
        pd.testing.assert_frame_equal(rf.read(name, version=last.version), rf.read(name))
    pd.testing.assert_frame_equal(rf.read("claims", released_by="9999-12-31"), rf.read("claims"))
    assert cells(rf.read("claims", released_by=rf.releases()[0].released_on))


def test_known_on_is_what_the_macro_has(rf: ModuleType, dist_as_released: Path) -> None:
    con = duckdb.connect(str(dist_as_released / "figures.duckdb"), read_only=True)
    for day in ("2024-10-31", DAY, "2025-12-31", "1999-01-01"):
        wanted = rows(con.execute(f"from claims_as_known_on('{day}')").fetchall())
        for engine in ("pandas", "polars"):
            assert rows(cells(rf.read("claims_wide", known_on=day, engine=engine))) == wanted
            claims = rf.read("claims", known_on=pd.Timestamp(day).date(), engine=engine)
            assert sorted(claims["claim_id"]) == [row[0] for row in wanted]
    version = rf.releases()[0].version
    then = rf.connect(version=version).execute(f"select claim_id from claims_as_known_on('{DAY}')").fetchall()
    assert rows(then) == rows([claim] for claim in rf.read("claims", version=version, known_on=DAY)["claim_id"])


ASKED: dict[str, tuple[Callable[[ModuleType], object], type[Exception], str]] = {
    "a table that is not there": (lambda rf: rf.read("claim"), KeyError, "no table or view 'claim'; there are sources"),
    "a version that is not there": (
        lambda rf: rf.read("claims", version="9.9.9"),
        ValueError,
        "there is no version 9.9.9; there are 0.1.0, 0.2.0",
    ),
    "a day before the first release": (
        lambda rf: rf.read("claims", released_by=DAY),
        ValueError,
        r"nothing was released by 2025-01-31; there are 0.1.0 \(20",
    ),
    "two versions": (
        lambda rf: rf.read("claims", version="1.0.0", released_by=DAY),
        ValueError,
        "name a version or the day",
    ),
    "a view without a history": (
        lambda rf: rf.read("origins", version="1.0.0"),
        ValueError,
        r'claims_wide as of every version; DuckDB computes it: connect\(version="1.0.0"\)',
    ),
    "sources in print": (lambda rf: rf.read("sources", known_on=DAY), ValueError, "goes with claims and claims_wide"),
    "no day": (
        lambda rf: rf.read("claims", known_on="January"),
        ValueError,
        'write a day, as in known_on="2025-01-31"',
    ),
    "no engine": (lambda rf: rf.read("claims", engine="numpy"), ValueError, "one of pandas, polars"),
    "a form that is not there": (lambda rf: rf.citation("word"), ValueError, "there is one as bibtex, cff"),
    "a codebook of nothing": (lambda rf: rf.codebook("claim"), KeyError, "no table or view 'claim'"),
    "a database of no version": (lambda rf: rf.connect(version="9.9.9"), ValueError, "there is no version 9.9.9"),
}


@pytest.mark.parametrize("asked", ASKED)
def test_what_is_not_there_is_answered_with_what_is(asked: str, rf: ModuleType) -> None:
    call, kind, message = ASKED[asked]
    with pytest.raises(kind, match=message):
        call(rf)


def test_tables_codebook_and_citation_are_those_of_dist(
    rf: ModuleType, dist_as_released: Path, as_released: Path, run: Run
) -> None:
    stated = descriptor(dist_as_released)
    assert {name: table.rows for name, table in rf.tables().items()} == {
        resource["name"]: resource["rows"] for resource in stated["resources"]
    }
    assert rf.tables()["claims"][:2] == ("Claims", "One row per figure, as one document reports it.")
    columns = {(one["name"], field["name"]) for one in stated["resources"] for field in one["schema"]["fields"]}
    assert {(column.table, column.column) for column in rf.codebook()} == columns
    assert pd.DataFrame(rf.codebook("claims")).set_index("column").loc["value", "unit"] == "unit of the metric"
    assert rf.citation().strip() == stated["bibliographicCitation"] == rf.releases()[-1].citation
    assert rf.citation("bibtex") == run("cite", "--format", "bibtex", "--dir", as_released).out
    first = rf.releases()[0]
    assert first.citation == run("cite", "--version", first.version, "--dir", as_released).out.strip()


def test_a_database_has_all_that_the_file_of_dist_has(rf: ModuleType, dist_as_released: Path) -> None:
    listed = """
        select table_name, column_name, data_type, comment from duckdb_columns() where not internal order by all
    """
    macros = (
        "select distinct function_name from duckdb_functions() where function_type = 'table_macro' and not internal"
    )
    ours, theirs = rf.connect(), duckdb.connect(str(dist_as_released / "figures.duckdb"), read_only=True)
    assert ours.execute(listed).fetchall() == theirs.execute(listed).fetchall()
    assert sorted(ours.execute(macros).fetchall()) == sorted(theirs.execute(macros).fetchall())
    for name in rf.tables():
        assert rows(ours.execute(f"from {name}").fetchall()) == rows(theirs.execute(f"from {name}").fetchall())
    old = rf.connect(version="0.1.0")
    assert {version for (version,) in old.execute("from releases select version").fetchall()} == {"0.1.0"}


def test_the_wheel_says_what_it_is(wheel: Path, dist_as_released: Path) -> None:
    stated = descriptor(dist_as_released)
    folder = f"{NAME}-{stated['version']}.dist-info"
    assert wheel.name == f"{NAME}-{stated['version']}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        said = message_from_bytes(archive.read(f"{folder}/METADATA"))
        recorded = list(csv.reader(io.StringIO(archive.read(f"{folder}/RECORD").decode())))
        for path, digest, size in recorded:
            content = archive.read(path)
            hashed = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
            assert (digest, size) in [("", ""), (f"sha256={hashed}", str(len(content)))]
        assert sorted(archive.namelist()) == sorted(path for path, *_ in recorded)
    assert f"{NAME}/py.typed" in [path for path, *_ in recorded]
    assert (said["Version"], said["Summary"]) == (stated["version"], stated["title"])
    assert said["License-Expression"] == "CC-BY-4.0 AND MIT"
    assert stated["bibliographicCitation"] in str(said.get_payload())
    assert all("extra ==" in needed for needed in said.get_all("Requires-Dist", []))


def test_the_wheel_depends_on_nothing_of_the_machine(wheel: Path, dist_as_released: Path) -> None:
    day = tuple(map(int, descriptor(dist_as_released)["created"][:10].split("-")))
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.infolist():
            assert (entry.compress_type, entry.create_system) == (zipfile.ZIP_STORED, 3)
            assert entry.date_time == (*day, 0, 0, 0)
            assert entry.external_attr >> 16 == 0o100644
            if entry.filename.endswith(".gz"):
                assert archive.read(entry)[:10] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"


def test_what_waits_for_a_release_is_a_version_of_its_own(copy: Path, run: Run, tmp_path: Path) -> None:
    released = read(copy).version
    key, *_ = canonical_csv.rows(copy / "data/claims.csv")[0]
    assert run("correct", "claims", key, "note", "Waits.", "--reason", "coder_error", "--dir", copy).code == 0
    assert run("build", "--dir", copy, "--out", tmp_path).code == 0
    [wheel], [of_r] = (tmp_path / "python").iterdir(), (tmp_path / "r").iterdir()
    assert (wheel.name, of_r.name) == (
        f"{NAME}-{released}+unreleased-py3-none-any.whl",
        f"reportedfigures_{released}.9000.tar.gz",
    )
    shutil.unpack_archive(wheel, tmp_path / "site", "zip")
    code = f"""if True:
        import {NAME} as rf
        assert rf.releases()[-2].version == "{released}"
        assert rf.releases()[-1] == (rf.__version__, "", rf.citation().strip())
        for version in (rf.__version__, None, "{released}"):
            claims = rf.read("claims", version=version)
            print(claims["note"][claims["claim_id"] == "{key}"].item() == "Waits.")
    """
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path / "site", check=True, capture_output=True, text=True
    )
    assert said.stdout.split() == ["True", "True", "False"]


BARE = f"""
import {NAME} as rf
assert rf.citation() and rf.codebook("claims") and rf.tables()["claims_wide"].rows
for call in (lambda: rf.read("claims"), lambda: rf.read("claims", engine="polars"), rf.connect):
    try:
        call()
    except ImportError as error:
        print(error)
"""


@pytest.mark.outside
def test_it_installs_in_a_bare_environment_without_a_network(wheel: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "bare"], check=True)
    python = tmp_path / "bare/bin/python"
    install: list[str | Path] = [python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", wheel]
    cut = without_network()
    subprocess.run([*cut, *install], check=True, capture_output=True)
    said = subprocess.run([*cut, python, "-c", BARE], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert said.stdout.splitlines() == [
        "the data are read into frames of pandas or polars, and neither is installed: install one",
        "engine is 'polars', which is not installed",
        "`connect` needs duckdb, which is not installed; `read` does without",
    ]


@pytest.mark.outside
@pytest.mark.skipif(not OLD.exists(), reason="there is no .venv-client: `make test-all` sets it up")
def test_duckdb_1_2_has_the_same_tables_and_views(rf: ModuleType, site: Path) -> None:
    """Today and as they were, in an environment that has DuckDB and nothing else."""
    for version in (None, "1.0.0"):
        code = f"import {NAME} as rf, json; con = rf.connect(version={version!r})\n"
        code += "print(json.dumps({name: con.execute('from ' + name).fetchall() for name in rf.tables()}, default=str))"
        said = subprocess.run([OLD / "python", "-c", code], cwd=site, check=True, capture_output=True, text=True)
        con = rf.connect(version=version)
        assert {name: rows(found) for name, found in json.loads(said.stdout.splitlines()[-1]).items()} == {
            name: rows(con.execute(f"from {name}").fetchall()) for name in rf.tables()
        }


TYPED = f"""
import pandas as pd
import polars as pl

import {NAME} as rf

of_pandas: pd.DataFrame = rf.read("claims_wide", known_on="{DAY}")
of_polars: pl.DataFrame = rf.read("claims", version="0.3.0", engine="polars")
grain: str = rf.tables()["claims"].grain
unit: str = rf.codebook("claims")[0].unit
rf.connect().sql("from claims")
rf.read("claims", engine="numpy")
"""


@pytest.mark.outside
def test_mypy_sees_the_types(site: Path, tmp_path: Path) -> None:
    (tmp_path / "typed.py").write_text(TYPED, "utf-8")
    call: list[str | Path] = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--config-file=",
        "--cache-dir",
        tmp_path / "cache",
        "typed.py",
    ]
    said = subprocess.run(call, cwd=tmp_path, env={"MYPYPATH": str(site)}, capture_output=True, text=True)
    errors = [line for line in said.stdout.splitlines() if "error:" in line]
    assert len(errors) == 1, said.stdout
    assert 'No overload variant of "read"' in errors[0]


def test_data_of_the_package_are_described_as_they_lie(site: Path) -> None:
    data = site / NAME / "data"
    for folder in (data, data / "history"):
        stated = json.loads((folder / "datapackage.json").read_text("utf-8"))
        for resource in stated["resources"]:
            assert (folder / resource["path"]).is_file()
            assert (folder / "parquet" / f"{resource['name']}.parquet").is_file()
            pd.testing.assert_frame_equal(
                figures.read(resource["name"], folder), figures.read(resource["name"], folder, "csv")
            )
