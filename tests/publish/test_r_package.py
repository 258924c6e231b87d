"""The R package: made without R, installed by it without a network, equal to pandas cell by cell in every version."""

import csv
import gzip
import os
import re
import shutil
import subprocess
import tarfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest

from scripts.publish.packages import compressed, templates
from scripts.publish.readers import figures
from tests.publish.test_readers import R_CELLS, Rows, descriptor, r_kind
from tests.publish.test_wheel import DAY, cells, without_network

NAME = "reportedfigures"
NEEDS_R = pytest.mark.skipif(not shutil.which("Rscript"), reason="there is no Rscript: install R (r-base-core)")
CELLS = R_CELLS.replace('source(file.path(arguments[[1]], "figures.R"))', f"library({NAME}, lib.loc = arguments[[1]])")
OF_TODAY = CELLS.replace("read_figures(arguments[[2]])", "read_figures()")
DOUBLE = {"integer": "numeric"}
WANTED = {  # the call in R, and in pandas the table, version and day
    'read_figures("claims", version = "0.3.0")': ("claims", "0.3.0", None),
    'read_figures("claims_wide", version = "1.0.0")': ("claims_wide", "1.0.0", None),
    'read_figures("statements", version = "2.1.0")': ("statements", "2.1.0", None),
    f'read_figures("claims", known_on = "{DAY}")': ("claims", None, DAY),
    f'read_figures("claims_wide", known_on = as.Date("{DAY}"))': ("claims_wide", None, DAY),
    'read_figures("claims_wide", version = "1.0.0", known_on = "2024-12-31")': ("claims_wide", "1.0.0", "2024-12-31"),
}
REFUSED = {
    'read_figures("claim")': "there is no table or view claim; there are sources",
    'read_figures("claims", version = "9.9.9")': "there is no version 9.9.9; there are 0.1.0, 0.2.0",
    'read_figures("claims", version = 1)': "there is no version 1; there are 0.1.0",
    f'read_figures("claims", released_by = "{DAY}")': "nothing was released by 2025-01-31; there are 0.1.0 (20",
    f'read_figures("claims", "1.0.0", "{DAY}")': "name a version or the day by which it was released, not both",
    'read_figures("origins", version = "1.0.0")': "claims_wide as of every version, from which it can be computed",
    f'read_figures("sources", known_on = "{DAY}")': "goes with claims and claims_wide, not with sources",
    'read_figures("claims", known_on = "January")': 'write a day, as in known_on = "2025-01-31"',
    'read_figures(version = "1.0.0")': "name a table or view to be read as it was",
}


@pytest.fixture(scope="module")
def source(dist_as_released: Path) -> Path:
    [path] = (dist_as_released / "r").iterdir()
    return path


@pytest.fixture(scope="module")
def library(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library in which the package is installed, with the network cut where that can be done."""
    folder = tmp_path_factory.mktemp("library")
    subprocess.run(
        [*without_network(), "R", "CMD", "INSTALL", f"--library={folder}", source], check=True, capture_output=True
    )
    return folder


def files(source: Path) -> dict[str, bytes]:
    """The files of the package by path."""
    with tarfile.open(source) as archive:
        found = {entry.name: archive.extractfile(entry) for entry in archive}
        return {name.removeprefix(f"{NAME}/"): file.read() for name, file in found.items() if file}


def in_r(library: Path, code: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    call = ["Rscript", "--vanilla", "-e", f'library({NAME}, lib.loc = "{library}")\n{code}', *arguments]
    return subprocess.run(call, capture_output=True, text=True)


def written(path: Path) -> tuple[list[str], list[str], Rows]:
    """The header, the classes and the rows of a table that `R_CELLS` wrote."""
    with path.open(encoding="utf-8", newline="") as file:
        header, kinds, *found = csv.reader(file)
    return header, kinds, found


def as_r_has_it(frame: pd.DataFrame, name: str, stated: dict[str, Any]) -> tuple[list[str], list[str], Rows]:
    """What `written` is to be for a frame of pandas; numbers have 15 digits."""
    [resource] = [one for one in stated["resources"] if one["name"] == name]
    fields, found = resource["schema"]["fields"], cells(frame)
    kinds = [r_kind(field, *(row[place] for row in found)) for place, field in enumerate(fields)]
    for place in (place for place, field in enumerate(fields) if field["type"] == "number"):
        for row in found:
            row[place] = row[place] and f"{float(row[place]):.15g}"
    return [field["name"] for field in fields], kinds, found


def test_the_archive_depends_on_nothing_of_the_machine(source: Path, dist_as_released: Path) -> None:
    assert source.name == f"{NAME}_{descriptor(dist_as_released)['version']}.tar.gz"
    assert source.read_bytes()[:10] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
    with tarfile.open(source) as archive:
        entries = archive.getmembers()
    assert [entry.name for entry in entries] == sorted(entry.name for entry in entries)
    day = pd.Timestamp(descriptor(dist_as_released)["created"][:10]).timestamp()
    assert {(entry.mtime, entry.uid, entry.gid, entry.uname, entry.gname, entry.mode) for entry in entries} == {
        (day, 0, 0, "", "", 0o644)
    }


def test_what_is_packed_is_the_same_each_time_and_gzip_reads_it() -> None:
    content = b"words, " * 1000
    assert gzip.decompress(compressed.gzip(content)) == content
    assert compressed.tar_gz({"b": content, "a": b""}, "") == compressed.tar_gz({"a": b"", "b": content}, "")


def test_each_table_and_view_has_its_help_page(source: Path, dist_as_released: Path) -> None:
    found = files(source)
    for resource in descriptor(dist_as_released)["resources"]:
        page = found[f"man/{resource['name']}.Rd"].decode()
        for field in resource["schema"]["fields"]:
            assert f"\\item{{\\code{{{field['name']}}}}}{{" in page
    assert {path for path in found if path.startswith("man/")} == {
        "man/read_figures.Rd",
        f"man/{NAME}-package.Rd",
        *(f"man/{resource['name']}.Rd" for resource in descriptor(dist_as_released)["resources"]),
    }


def test_its_code_is_that_of_figures_r_and_is_ascii(source: Path, dist_as_released: Path) -> None:
    found, whole = files(source), (dist_as_released / "figures.R").read_text("utf-8")
    assert found["R/figures.R"].decode().partition("\n\n")[2].rstrip() in whole
    for path in (path for path in found if path.startswith("R/")):
        assert found[path].isascii()


def test_words_of_pages_are_escaped_for_r() -> None:
    assert templates.rd("100% of {`a_b`} \\sent") == "100\\% of \\{\\code{a_b}\\} \\\\sent"
    assert templates.r({"a": ['say "no" \\ Київ 😀', "\n"], "b": None, "c": True}) == (
        'list("a" = c("say \\"no\\" \\\\ \\u041a\\u0438\\u0457\\u0432 \\U0001f600", "\\u000a"), "b" = NULL, "c" = TRUE)'
    )
    assert templates.dcf("one\n\ntwo: three ") == "one two: three"


@pytest.mark.outside
@NEEDS_R
def test_tables_and_views_are_those_of_pandas(library: Path, dist_as_released: Path, tmp_path: Path) -> None:
    script, stated = tmp_path / "cells.R", descriptor(dist_as_released)
    script.write_text(OF_TODAY, "utf-8")
    call: list[str | Path] = ["Rscript", "--vanilla", script, library, "", tmp_path]
    said = subprocess.run(call, check=True, capture_output=True, text=True)
    assert said.stdout.splitlines() == [stated["version"], stated["bibliographicCitation"], "CC-BY-4.0"]
    for resource in stated["resources"]:
        name = resource["name"]
        frame = figures.read(name, dist_as_released)
        assert written(tmp_path / f"{name}.csv") == as_r_has_it(frame, name, stated), name


@pytest.mark.outside
@NEEDS_R
def test_versions_and_days_are_those_of_pandas(
    library: Path, rf: ModuleType, dist_as_released: Path, tmp_path: Path
) -> None:
    script, stated = tmp_path / "cells.R", descriptor(dist_as_released)
    calls = ", ".join(f'"{place}" = {call}' for place, call in enumerate(WANTED))
    script.write_text(CELLS.replace("read_figures(arguments[[2]])", f"list({calls})"), "utf-8")
    subprocess.run(["Rscript", "--vanilla", script, library, "", tmp_path], check=True, capture_output=True)
    for place, (name, version, day) in enumerate(WANTED.values()):
        frame = rf.read(name, version=version, known_on=day)
        assert len(frame)
        header, kinds, found = written(tmp_path / f"{place}.csv")
        wanted = as_r_has_it(frame, name, stated)
        assert (header, found) == (wanted[0], wanted[2]), (name, version, day)
        # a column has one class in all versions: double where a number of any of them is beyond 31 bits
        assert [DOUBLE.get(kind, kind) for kind in kinds] == [DOUBLE.get(kind, kind) for kind in wanted[1]]
    said = in_r(library, 'cat(attr(read_figures("claims", version = "1.0.0"), "citation"))')
    assert said.stdout == next(release.citation for release in rf.releases() if release.version == "1.0.0")


@pytest.mark.outside
@NEEDS_R
def test_columns_have_labels_today_and_as_they_were(library: Path, dist_as_released: Path) -> None:
    [claims] = [one for one in descriptor(dist_as_released)["resources"] if one["name"] == "claims"]
    for call in ("", ', version = "0.3.0"', f', known_on = "{DAY}"'):
        code = f'for (column in read_figures("claims"{call})) cat(attr(column, "label"), "\\n", sep = "")'
        said = in_r(library, code)
        assert said.stdout.splitlines() == [field["description"] for field in claims["schema"]["fields"]], said.stderr


@pytest.mark.outside
@NEEDS_R
@pytest.mark.parametrize("call", REFUSED)
def test_what_is_not_there_is_answered_with_what_is(call: str, library: Path) -> None:
    said = in_r(library, call)
    assert said.returncode == 1
    assert REFUSED[call] in " ".join(said.stderr.split())


@pytest.mark.outside
@NEEDS_R
def test_r_cites_it_and_shows_its_help(library: Path, dist_as_released: Path) -> None:
    stated = descriptor(dist_as_released)
    code = f'said <- citation("{NAME}"); cat(said$textVersion, "\\n", format(said, style = "text"), sep = "")'
    said = in_r(library, code)
    cited, *formatted = said.stdout.splitlines()
    assert cited == stated["bibliographicCitation"], said.stderr
    assert stated["title"] in " ".join(formatted)
    shown = in_r(library, f'tools::Rd2txt(utils:::.getHelpFile(help("origins", package = "{NAME}")))')
    text = re.sub("_\b", "", shown.stdout)
    assert "origin_id" in text or "metric_id" in text, shown.stderr


@pytest.mark.outside
@NEEDS_R
def test_r_finds_nothing_to_object_to(source: Path, tmp_path: Path) -> None:
    """R CMD check, which also runs the examples of all help pages and the test in the package."""
    environment = {**os.environ, "_R_CHECK_FORCE_SUGGESTS_": "false", "R_REPOSITORIES": "NULL"}
    call: list[str | Path] = [*without_network(), "R", "CMD", "check", "--no-manual", source]
    said = subprocess.run(call, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert said.stdout.rstrip().endswith("Status: OK"), said.stdout
