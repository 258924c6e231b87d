"""Cut a version: its ledger lines, checksums, changelog and citation, all or nothing.

python -m scripts release 0.2.0 --date 2026-12-01 --summary "All documents of 2024 are coded."
"""

import argparse
import hashlib
import json
import re
import sys
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb

from scripts import canonical, changelog, citation, difference, ledger, stage, version
from scripts.call import BREAKS, HOLDS, CallOff, add_folder, folder
from scripts.exceptions import PATH as EXCEPTIONS
from scripts.ladder import climb
from scripts.ledger import UNRELEASED, Change
from scripts.package import DESCRIPTOR, Json, Package
from scripts.problems import as_text
from scripts.released import SUMS

FIRST = "0.0.0"  # what the descriptor states before the first release


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("version", metavar="VERSION", help="MAJOR.MINOR.PATCH, higher than the last")
    parser.add_argument("--date", required=True, metavar="YYYY-MM-DD", help="the day on which it is cut")
    parser.add_argument("--summary", required=True, metavar="TEXT", help="what it brings, in one sentence for readers")
    add_folder(parser)


@dataclass(frozen=True)
class Release:
    """A version that is being cut, and the ledger lines that lead to it."""

    package: Package
    version: str
    day: str
    summary: str
    lines: list[Change]


def run(arguments: argparse.Namespace) -> int:
    """Write the release, or say why there can be none; print its digest and the git commands."""
    root = folder(arguments)
    with stage.locked(root):
        result = climb(root)
        if result.problems or not (result.package and result.con):
            sys.stdout.write(as_text(result.problems))
            return BREAKS
        package = result.package
        _check_call(package, arguments.version, arguments.date, arguments.summary)
        lines = _lines(result.con, package, arguments.version)
        release = Release(package, arguments.version, arguments.date, arguments.summary, lines)
        _check_step(release)
        files = _files(release)
        stage.write(root, files)
    digest = hashlib.sha256(files[f"releases/{release.version}/{SUMS}"]).hexdigest()
    print(f"version {release.version}, digest {digest}")
    print(f"git add --all && git commit -m 'Release {release.version}' && git tag v{release.version}")
    return HOLDS


def _check_call(package: Package, new: str, day: str, summary: str) -> None:
    try:
        numbers = version.numbers(new)
        date.fromisoformat(day)
    except ValueError as error:
        raise CallOff(f"{error}; write the version as 1.0.0 and the date as 2026-12-01") from None
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", day):
        raise CallOff(f"`{day}` is no day; write it as 2026-12-01")
    if not summary.strip() or not summary.isprintable():
        raise CallOff("the summary is one sentence on one line")
    rows = canonical.rows(package.root / package.tables["releases"].path)
    if rows and numbers <= version.numbers(rows[-1][0]):
        raise CallOff(f"{new} is not higher than {rows[-1][0]}, the last version")
    if rows and day < rows[-1][1]:
        raise CallOff(f"{day} is before {rows[-1][1]}, the day of the last version")


def _lines(con: duckdb.DuckDBPyConnection, package: Package, new: str) -> list[Change]:
    """Return the lines that lead from the last version to the present."""
    known = ledger.versions(package)
    if not known:
        return sorted(ledger.net(new, {}, ledger.present(package), {}))
    return sorted(replace(line, version=new) for line in difference.between(con, package, known[-1], None))


def _check_step(release: Release) -> None:
    """Refuse a number that promises less than the changes do."""
    versions = ledger.versions(release.package)
    if not versions:
        return
    last = ledger.folder(release.package.root, versions[-1])
    before: Json = {path.stem: json.loads(path.read_text("utf-8")) for path in (last / "schemas/tables").glob("*.json")}
    tables = release.package.tables.values()
    now: Json = {
        table.name: json.loads((release.package.root / table.schema_path).read_text("utf-8")) for table in tables
    }
    asked = version.asked(release.lines, release.package, versions[-1], (before, now))
    taken = version.step(versions[-1], release.version)
    if version.KINDS.index(taken) < version.KINDS.index(asked):
        raise CallOff(f"the changes since {versions[-1]} ask for a {asked} step; {release.version} is a {taken} step")
    same = not release.lines and before == now
    if same and _stated(last / DESCRIPTOR) == _stated(release.package.root / DESCRIPTOR):
        raise CallOff(f"nothing has changed since {versions[-1]}")


def _stated(path: Path) -> Json:
    return {**json.loads(path.read_text("utf-8")), "version": ""}


def _files(release: Release) -> dict[str, bytes]:
    """Return every file that the release writes, by path."""
    package, root = release.package, release.package.root
    changes, releases = package.tables["changes"], package.tables["releases"]
    kept = [line for line in ledger.changes(package) if line.version != UNRELEASED]
    rows = [*canonical.rows(root / releases.path), [release.version, release.day, release.summary]]
    descriptor = re.sub(
        r'(?m)^(  "version": )"[^"]*"', rf'\g<1>"{release.version}"', (root / DESCRIPTOR).read_text("utf-8"), count=1
    )
    files = {
        DESCRIPTOR: descriptor.encode(),
        changes.path: ledger.rewrite(changes, [*kept, *release.lines]),
        releases.path: canonical.text(releases, rows).encode(),
    }
    files |= _kept(release, files)
    text = (root / "CHANGELOG.md").read_text("utf-8")
    files["CHANGELOG.md"] = changelog.released(
        text, release.version, release.day, release.summary, release.lines
    ).encode()
    files[citation.PATH] = citation.cff({**json.loads(descriptor), "created": release.day}).encode()
    return files


def _kept(release: Release, written: dict[str, bytes]) -> dict[str, bytes]:
    """Return what `releases/VERSION/` keeps: checksums, descriptor, Table Schemas and exceptions of the day."""
    root, tables = release.package.root, release.package.tables.values()
    of_its_time = [DESCRIPTOR, EXCEPTIONS, *(table.schema_path for table in tables)]
    covered = [*of_its_time, *(table.path for table in tables)]
    covered += [f"releases/{last}/{SUMS}" for last in ledger.versions(release.package)[-1:]]
    contents = {path: written.get(path) or (root / path).read_bytes() for path in covered}
    sums = "".join(f"{hashlib.sha256(contents[path]).hexdigest()}  {path}\n" for path in sorted(covered))
    kept = {f"releases/{release.version}/{path}": contents[path] for path in of_its_time}
    return {**kept, f"releases/{release.version}/{SUMS}": sums.encode()}
