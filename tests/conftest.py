"""Copies of the package to break, and commands run in process."""

import atexit
import csv
import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from scripts.__main__ import main
from scripts.datapackage import atomic_write
from scripts.datapackage.package import ROOT, read
from scripts.history import checksums, ledger
from tests import few_documents
from tests.dists import archive_of
from tests.few_documents import copy_of
from tests.lent import Lent

if "PYTEST_XDIST_WORKER" in os.environ:
    atexit.register(os._exit, 0)  # last of all: DuckDB's module reports as leaked what Python frees after that
SOAK = os.environ.get("SOAK") == "1"  # `make soak`: more of what is left to chance


@dataclass(frozen=True)
class Ran:
    """What a verb said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def problems(self) -> list[dict[str, Any]]:
        """The problems of `validate --format json`."""
        found: list[dict[str, Any]] = json.loads(self.out)["problems"]
        return found


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a verb in this process."""

    def run_verb(*arguments: str | Path) -> Ran:
        capsys.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as stop:
            code = int(stop.code or 0)
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return run_verb


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a build of the shipped package; nothing writes there."""
    return once(tmp_path_factory, "dist", lambda out: build(ROOT, out))


@pytest.fixture(scope="session")
def as_released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the shipped package as its last release has it; rows that wait for a release are released."""
    return once(tmp_path_factory, "released", release_what_waits)


@pytest.fixture(scope="session")
def dist_as_released(as_released: Path, dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a build of the package as its last release has it; nothing writes there."""
    if checksums.unchanged(read(ROOT)):
        return dist
    return once(tmp_path_factory, "dist-as-released", lambda out: build(as_released, out))


@pytest.fixture(scope="session")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return what rebuilds a version of the shipped package, once; nothing writes there."""

    def rebuild(version: str) -> Path:
        call = ["rebuild", version, "--to"]
        return once(tmp_path_factory, f"version-{version}", lambda out: main([*call, str(out)]))

    return rebuild


@pytest.fixture(scope="session")
def lent_shipped(as_released: Path, tmp_path_factory: pytest.TempPathFactory) -> Lent:
    """Return a copy of the shipped package as released for the tests of this process."""
    return Lent(as_released, tmp_path_factory.mktemp("lent-shipped"))


@pytest.fixture
def unzipped(dist_as_released: Path, tmp_path: Path) -> Path:
    """Return the folder that a reader finds in the archive, with nothing of this repository beside it."""
    with zipfile.ZipFile(archive_of(dist_as_released)) as opened:
        opened.extractall(tmp_path / "unzipped")
    [folder] = (tmp_path / "unzipped").iterdir()
    return folder


@pytest.fixture(scope="session")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a package of a few documents of the shipped one, with releases of its own; nothing writes there."""
    return once(tmp_path_factory, "few", few_documents.write)


@pytest.fixture(scope="session")
def dist_of_few(few: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a build of it; nothing writes there."""
    return once(tmp_path_factory, "dist-of-few", lambda out: build(few, out))


@pytest.fixture(scope="session")
def first_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the package of a few documents when 0.1.0 was its only release."""
    return once(tmp_path_factory, "first", few_documents.write_first_release)


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder that the first test process to ask for it makes for all of them."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            make(folder.with_name(f"{name}-begun"))
            folder.with_name(f"{name}-begun").rename(folder)
    return folder


def build(root: Path, out: Path, *options: str) -> None:
    assert main(["build", "--out", str(out), "--dir", str(root), *options]) == 0


def release_what_waits(kept: Path) -> None:
    package = read(copy_of(ROOT, kept))
    if not checksums.unchanged(package):
        day = str(
            list(csv.DictReader((kept / "data/releases.csv").open(encoding="utf-8", newline="")))[-1]["released_on"]
        )
        major = int(ledger.versions(package)[-1].split(".")[0]) + 1
        assert main(["release", f"{major}.0.0", "--date", day, "--summary", "What waits.", "--dir", str(kept)]) == 0


@pytest.fixture(scope="session")
def lent_copy(few: Path, tmp_path_factory: pytest.TempPathFactory) -> Lent:
    """Return a copy of the package of a few documents for the tests of this process."""
    return Lent(few, tmp_path_factory.mktemp("lent"))


@pytest.fixture
def copy(lent_copy: Lent) -> Iterator[Path]:
    """Return the folder of a copy of the package of a few documents."""
    yield lent_copy.root
    lent_copy.put_back()


@pytest.fixture(scope="session")
def lent_release(first_release: Path, tmp_path_factory: pytest.TempPathFactory) -> Lent:
    """Return a copy of the package of a few documents with one release for the tests of this process."""
    return Lent(first_release, tmp_path_factory.mktemp("lent-release"))


@pytest.fixture
def released(lent_release: Lent) -> Iterator[Path]:
    """Return the folder of a copy of the package of which 0.1.0 is the only release."""
    yield lent_release.root
    lent_release.put_back()


def settle(root: Path) -> None:
    """Do what every verb that writes does first: put right what an earlier one left."""
    with atomic_write.locked(root):
        pass


def tree(root: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below a folder, by path."""
    files = (path for path in root.rglob("*") if path.is_file() and path.name != ".lock")
    return {path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def edit(path: Path, old: str, new: str) -> int:
    """Replace the one place where a text stands in a file; return its line."""
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
    path.write_text(text.replace(old, new), "utf-8", newline="")
    start = text.index(old) + len(old) - len(old.lstrip("\n"))
    return text[:start].count("\n") + 1


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """With CI=true a skip is a failure: what a test needs is to be installed there."""
    outcome: Any = yield
    report = outcome.get_result()
    if os.environ.get("CI") == "true" and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped where CI=true: {report.longrepr}"
