"""The archive of dist/: whole, the same from run to run, and read as it is."""

import os
import shutil
import stat
import subprocess
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from scripts.datapackage.package import read
from scripts.history import checksums
from scripts.publish import archive
from scripts.publish.readers import figures
from tests.conftest import Run, edit, tree
from tests.dists import archive_of, descriptor


def test_archive_is_whole_sorted_and_of_the_day_of_its_release(dist_as_released: Path) -> None:
    stated = descriptor(dist_as_released)
    top = f"reported-figures-{stated['version']}"
    day = tuple(int(part) for part in stated["created"][:10].split("-"))
    assert archive_of(dist_as_released).name == f"{top}.zip"
    with zipfile.ZipFile(archive_of(dist_as_released)) as opened:
        assert opened.testzip() is None
        entries = opened.infolist()
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {entry.filename.split("/")[0] for entry in entries} == {top}
    assert {(*entry.date_time, entry.create_system, entry.external_attr) for entry in entries} == {
        (*day, 0, 0, 0, 3, (stat.S_IFREG | 0o644) << 16)
    }


def test_archive_holds_the_bytes_of_dist_but_what_needs_a_browser_or_is_attached_itself(
    dist_as_released: Path, unzipped: Path
) -> None:
    left_out = set(tree(dist_as_released)) - set(tree(unzipped))
    folders = {name.split("/")[0] for name in left_out if "/" in name}
    assert folders <= {"archive", "charts", "python", "queries", "r", "records", "stata"}
    assert {"index.html", "figures.duckdb", "release.md"} <= left_out
    for name in set(tree(unzipped)) - {"README.txt", "SHA256SUMS"}:
        assert (unzipped / name).read_bytes() == (dist_as_released / name).read_bytes(), name
    wanted = {"data/claims.csv", "views/claims_wide.csv", "parquet/claims.parquet", "datapackage.json", "CITATION.cff"}
    assert wanted | {"README.txt", "LICENSE", "LICENSE-DATA", "CHANGELOG.md", "SHA256SUMS"} <= set(tree(unzipped))


def test_checksums_in_the_archive_cover_all_of_it_and_verify_accepts_it(unzipped: Path, run: Run) -> None:
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=unzipped, check=True)
    assert set(checksums.listed(unzipped / "SHA256SUMS")) == set(tree(unzipped)) - {"SHA256SUMS"}
    assert "tampered" not in run("verify", unzipped).out
    edit(unzipped / "data/places.csv", "Alabuga (Yelabuga)", "Alabuga")
    assert run("verify", unzipped).code == 3


def test_archive_and_texts_are_the_same_from_another_folder_at_another_time(
    as_released: Path, dist_as_released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = ("README.txt", "release.md", "LICENSE", "LICENSE-DATA", "CHANGELOG.md")
    again = Path(shutil.copytree(dist_as_released, tmp_path / "again", copy_function=shutil.copyfile))
    shutil.rmtree(again / "archive")
    for name in (*made, "SHA256SUMS", ".lock"):
        (again / name).unlink(missing_ok=True)
    for path in again.rglob("*"):
        os.utime(path, (0, 0))
        path.chmod(0o700)
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    archive.write(read(as_released), descriptor(dist_as_released), again, "figures.duckdb")
    for name in (*made, f"archive/{archive_of(dist_as_released).name}"):
        assert (again / name).read_bytes() == (dist_as_released / name).read_bytes(), name


def test_readers_read_the_archive_as_it_is(dist_as_released: Path, unzipped: Path) -> None:
    for resource in descriptor(dist_as_released)["resources"]:
        wanted = figures.read(resource["name"], dist_as_released)
        pd.testing.assert_frame_equal(figures.read(resource["name"], archive_of(dist_as_released)), wanted)
        pd.testing.assert_frame_equal(figures.read(resource["name"], unzipped, "csv"), wanted)


@pytest.mark.outside
@pytest.mark.skipif(not shutil.which("Rscript"), reason="there is no Rscript: install R (r-base-core)")
def test_r_reads_the_archive_as_it_is(dist_as_released: Path, tmp_path: Path) -> None:
    shutil.copyfile(dist_as_released / "figures.R", tmp_path / "figures.R")
    shutil.copyfile(archive_of(dist_as_released), tmp_path / "figures.zip")
    said = """
        source("figures.R")
        for (name in names(all <- read_figures("figures.zip"))) cat(name, nrow(all[[name]]), "\\n")
    """
    ran = subprocess.run(["Rscript", "--vanilla", "-e", said], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert dict(line.split() for line in ran.stdout.splitlines()) == {
        resource["name"]: str(resource["rows"]) for resource in descriptor(dist_as_released)["resources"]
    }


def test_duckdb_file_beside_the_archive_is_that_of_dist_and_takes_no_second_place(dist: Path) -> None:
    [database] = (dist / "archive").glob("*.duckdb")
    assert database.read_bytes() == (dist / "figures.duckdb").read_bytes()
    assert database.samefile(dist / "figures.duckdb")


def test_duckdb_file_is_copied_where_the_file_system_has_no_second_names(
    as_released: Path, dist_as_released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_old: Path, _new: Path) -> None:
        raise OSError

    monkeypatch.setattr(os, "link", refuse)
    shutil.copyfile(dist_as_released / "figures.duckdb", tmp_path / "figures.duckdb")
    archive.write(read(as_released), descriptor(dist_as_released), tmp_path, "figures.duckdb")
    [database] = (tmp_path / "archive").glob("*.duckdb")
    assert database.read_bytes() == (dist_as_released / "figures.duckdb").read_bytes()


def test_archives_of_an_earlier_version_go_with_it_and_those_of_the_user_stay(
    copy: Path, dist_as_released: Path, run: Run
) -> None:
    out = copy / "dist"
    shutil.copytree(dist_as_released, out)
    (out / "archive/reported-figures-0.0.9.duckdb").write_bytes(b"x")
    stated = {"reported-figures-0.0.9.duckdb": checksums.of_text(b"x")}
    (out / "archive/reported-figures-0.0.9.duckdb.sha256").write_text(checksums.as_list(stated), "utf-8")
    (out / "archive/mine.duckdb").write_bytes(b"x")
    (out / "archive/reported-figures-0.0.8.duckdb").write_bytes(b"x")
    assert run("build", "--dir", copy).code == 0
    kept = {path.name for path in (out / "archive").iterdir()}
    assert {"mine.duckdb", "reported-figures-0.0.8.duckdb"} <= kept
    assert not any("0.0.9" in name for name in kept)
