"""Release a version: its ledger lines, checksums, changelog and citation, all or nothing.

python -m scripts release 9.0.0 --summary "All documents of 2026 are coded."
"""

import argparse
import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from schemas import dates
from scripts.citation import reference
from scripts.cli import VALID, add_folder, folder
from scripts.curation import changelog, required_bump
from scripts.datapackage import atomic_write, canonical_csv, semver
from scripts.datapackage.errors import Found, UsageError
from scripts.datapackage.package import DESCRIPTOR, Json, Package, dataset
from scripts.datapackage.untrusted import read_json
from scripts.history import checksums, claims_history, diff, ledger, net
from scripts.history.checksums import SUMS
from scripts.history.ledger import UNRELEASED, Change
from scripts.publish import release_text
from scripts.validation import compatibility
from scripts.validation.accepted_problems import PATH as EXCEPTIONS
from scripts.validation.compatibility import Names
from scripts.validation.validate import sound

FIRST = "0.0.0"  # what the descriptor states before the first release


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("version", metavar="VERSION", help="MAJOR.MINOR.PATCH, higher than the last")
    parser.add_argument("--date", metavar="YYYY-MM-DD", help="the day on which it is cut (default: today)")
    parser.add_argument("--summary", required=True, metavar="TEXT", help="what it brings, in one sentence for readers")
    parser.add_argument("--same-meaning", action="store_true", help="tables and columns described anew mean the same")
    add_folder(parser)


@dataclass(frozen=True)
class Release:
    """A version that is being cut, and the ledger lines that lead to it."""

    package: Package
    version: str
    day: str
    summary: str
    lines: list[Change]
    views: Names


def run(arguments: argparse.Namespace) -> int:
    """Write the release, or say why there can be none; print its digest and the git commands."""
    root = folder(arguments)
    with atomic_write.locked(root):
        package, con = sound(root, dataset(), remembered=False)
        if found := compatibility.problems(package, with_views=True):
            raise Found(found)
        new, day = arguments.version, arguments.date or datetime.now(UTC).date().isoformat()
        _check_call(package, new, day, arguments.summary)
        lines = _lines(con, package, new)
        claims_history.create(con, package)
        kept = compatibility.of_views(con, package)
        release = Release(package, new, day, arguments.summary, lines, kept)
        asked = _check_step(release, same_meaning=arguments.same_meaning)
        files = _files(release)
        atomic_write.write(root, files)
    digest = checksums.of_text(files[f"releases/{release.version}/{SUMS}"])
    print(f"version {release.version}, digest {digest}")
    print(asked)
    print(f"git add --all && git commit -m 'Release {release.version}' && python -m scripts build")
    print(f"git tag --annotate --cleanup verbatim --file dist/{release_text.PATH} v{release.version}")
    return VALID


def _check_call(package: Package, new: str, day: str, summary: str) -> None:
    try:
        numbers = semver.numbers(new)
        date.fromisoformat(day)
    except ValueError as error:
        raise UsageError(f"{error}; write the version as 1.0.0 and the date as 2026-12-01") from None
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", day):
        raise UsageError(f"`{day}` is no day; write it as 2026-12-01")
    if day > dates.today().isoformat():
        raise UsageError(f"{day} is still to come; a version is released on its day")
    if not summary.strip() or not summary.isprintable():
        raise UsageError("the summary is one sentence on one line")
    rows = canonical_csv.rows(package.root / package.tables["releases"].path)
    if rows and numbers <= semver.numbers(rows[-1][0]):
        raise UsageError(f"{new} is not higher than {rows[-1][0]}, the last version")
    if rows and day < rows[-1][1]:
        raise UsageError(f"{day} is before {rows[-1][1]}, the day of the last version")


def _lines(con: duckdb.DuckDBPyConnection, package: Package, new: str) -> list[Change]:
    """Return the lines that lead from the last version to the present."""
    known = ledger.versions(package)
    if not known:
        return sorted(net.net(new, {}, ledger.present(package), {}))
    return sorted(replace(line, version=new) for line in diff.between(con, package, known[-1], None))


def _check_step(release: Release, *, same_meaning: bool) -> str:
    """Return which step the changes ask for and why; refuse a number that promises less."""
    package, versions = release.package, ledger.versions(release.package)
    if not versions:
        return "the first version"
    last = versions[-1]
    before, now = compatibility.of_version(package, last), compatibility.of_tables(package)
    found = list(required_bump.of_rows(release.lines, package))
    if any(relation["kind"] != "table" for relation in before.values()):
        now |= release.views
    else:
        found.append((required_bump.PATCH, f"what views were was not kept up to {last}"))
    found += required_bump.of_names(before, now, same_meaning=same_meaning)
    asked, taken = semver.highest((kind for kind, _ in found), last), semver.step(last, release.version)
    told = _told(asked, last, found)
    if semver.KINDS.index(taken) < semver.KINDS.index(asked):
        raise UsageError(f"{told}\n{release.version} is a {taken} step{_way_out(found, asked)}")
    was = ledger.folder(package.root, last) / DESCRIPTOR
    if not found and before == now and _stated(was) == _stated(package.root / DESCRIPTOR):
        raise UsageError(f"nothing has changed since {last}")
    return told


def _told(asked: str, last: str, found: list[required_bump.Step]) -> str:
    """Return the step that is asked for, and each reason on a line, the gravest first."""
    reasons = sorted(found, key=lambda step: -semver.KINDS.index(step[0]))
    return "\n".join(
        [f"the changes since {last} ask for a {asked} step", *(f"  {kind}  {why}" for kind, why in reasons)]
    )


def _way_out(found: list[required_bump.Step], asked: str) -> str:
    if asked == "MAJOR" and any(why.endswith(required_bump.ANEW) for _, why in found):
        return "; where what is described in other words means the same, add --same-meaning"
    return ""


def _stated(path: Path) -> Json:
    return {**read_json(path), "version": ""}


def _files(release: Release) -> dict[str, bytes]:
    """Return every file that the release writes, by path."""
    package, root = release.package, release.package.root
    changes, releases = package.tables["changes"], package.tables["releases"]
    kept = [line for line in ledger.changes(package) if line.version != UNRELEASED]
    rows = [*canonical_csv.rows(root / releases.path), [release.version, release.day, release.summary]]
    descriptor = re.sub(
        r'(?m)^(  "version": )"[^"]*"', rf'\g<1>"{release.version}"', (root / DESCRIPTOR).read_text("utf-8"), count=1
    )
    files = {
        DESCRIPTOR: descriptor.encode(),
        changes.path: ledger.rewrite(changes, [*kept, *release.lines]),
        releases.path: canonical_csv.text(releases, rows).encode(),
    }
    files |= _kept(release, files)
    text = (root / "CHANGELOG.md").read_text("utf-8")
    files["CHANGELOG.md"] = changelog.released(
        text, release.version, release.day, release.summary, release.lines
    ).encode()
    files[reference.PATH] = reference.cff({**json.loads(descriptor), "created": release.day}).encode()
    return files


def _kept(release: Release, written: dict[str, bytes]) -> dict[str, bytes]:
    """Return what `releases/VERSION/` keeps: checksums, descriptor, Table Schemas, views and exceptions of its day."""
    root, tables = release.package.root, release.package.tables.values()
    of_its_time = [DESCRIPTOR, EXCEPTIONS, *(table.schema_path for table in tables)]
    covered = [*of_its_time, *(table.path for table in tables)]
    covered += [f"releases/{last}/{SUMS}" for last in ledger.versions(release.package)[-1:]]
    contents = {path: written.get(path) or (root / path).read_bytes() for path in covered}
    of_views = {f"releases/{release.version}/{compatibility.KEPT}": _json(release.views)}
    contents |= of_views
    sums = checksums.as_list({path: checksums.of_text(content) for path, content in contents.items()})
    kept = {f"releases/{release.version}/{path}": contents[path] for path in of_its_time}
    return {**kept, **of_views, f"releases/{release.version}/{SUMS}": sums.encode()}


def _json(content: Json) -> bytes:
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()
