"""A version to be released: whether it may be, which step its changes ask for, and every file that it writes."""

import json
import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb

from schemas import dates
from scripts.citation import reference
from scripts.curation import changelog, required_bump
from scripts.datapackage import canonical_csv, semver
from scripts.datapackage.errors import Found, UsageError
from scripts.datapackage.package import DESCRIPTOR, EXCEPTIONS, Json, Package
from scripts.datapackage.untrusted import read_json
from scripts.history import checksums, claims_history, diff, ledger, net
from scripts.history.checksums import SUMS
from scripts.history.ledger import UNRELEASED, Change
from scripts.validation import compatibility
from scripts.validation.compatibility import Names


@dataclass(frozen=True)
class Release:
    """A version that is being released, and the ledger lines that lead to it."""

    package: Package
    version: str
    day: str
    summary: str
    lines: list[Change]
    views: Names


def prepare(con: duckdb.DuckDBPyConnection, package: Package, version: str, day: str, summary: str) -> Release:
    """Return a release of a valid package; `con` holds its tables. Raises `UsageError` or `Found` where none may be."""
    if found := compatibility.problems(package, with_views=True):
        raise Found(found)
    _check_call(package, version, day, summary)
    lines = _lines(con, package, version)
    claims_history.create(con, package)
    return Release(package, version, day, summary, lines, compatibility.of_views(con, package))


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


def check_step(release: Release, *, same_meaning: bool) -> str:
    """Return which step the changes ask for and why. Raises `UsageError` for a number that promises less."""
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
    if _accepted(package.root) != _accepted(ledger.folder(package.root, last)):
        found.append((required_bump.PATCH, "other problems are accepted"))
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


def _accepted(folder: Path) -> bytes:
    path = folder / EXCEPTIONS
    return path.read_bytes() if path.is_file() else b""


def _stated(path: Path) -> Json:
    return {**read_json(path), "version": ""}


def files(release: Release) -> dict[str, bytes]:
    """Return every file that the release writes, by path."""
    package, root = release.package, release.package.root
    changes, releases = package.tables["changes"], package.tables["releases"]
    kept = [line for line in ledger.changes(package) if line.version != UNRELEASED]
    rows = [*canonical_csv.rows(root / releases.path), [release.version, release.day, release.summary]]
    descriptor = re.sub(
        r'(?m)^(  "version": )"[^"]*"', rf'\g<1>"{release.version}"', (root / DESCRIPTOR).read_text("utf-8"), count=1
    )
    found = {
        DESCRIPTOR: descriptor.encode(),
        changes.path: ledger.rewrite(changes, [*kept, *release.lines]),
        releases.path: canonical_csv.text(releases, rows).encode(),
    }
    found |= _kept(release, found)
    text = (root / "CHANGELOG.md").read_text("utf-8")
    found["CHANGELOG.md"] = changelog.released(
        text, release.version, release.day, release.summary, release.lines
    ).encode()
    found[reference.PATH] = reference.cff({**json.loads(descriptor), "created": release.day}).encode()
    return found


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
