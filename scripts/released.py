"""Hold the present against the last release: a released row may not differ without a line in the ledger."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from scripts import canonical, ledger
from scripts.ledger import UNRELEASED, Change
from scripts.package import Package, Table
from scripts.problems import Problem

SUMS = "SHA256SUMS"
EXPLAIN = "take the change back, or make it with `python -m scripts correct` or `withdraw`, which record the reason"


def sums(root: Path, version: str) -> dict[str, str]:
    """Return the SHA-256 of each file of a version, by path. Raises `ValueError` where the list has another form."""
    text = (ledger.folder(root, version) / SUMS).read_bytes().decode("utf-8")
    listed = {path: digest for digest, path in re.findall(r"([0-9a-f]{64})  ([!-~]+)\n", text)}
    if text != "".join(f"{listed[path]}  {path}\n" for path in sorted(listed)):
        raise ValueError(f"releases/{version}/{SUMS} is no list of checksums, sorted by path")
    return listed


def unchanged(package: Package) -> bool:
    """Return whether every file of the last release has still the bytes that it was released with."""
    last = ledger.versions(package)[-1:]
    listed = [pair for version in last for pair in sums(package.root, version).items()]
    return bool(listed) and all(_same(package.root / path, digest) for path, digest in listed)


def _same(path: Path, digest: str) -> bool:
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == digest


def problems(package: Package) -> list[Problem]:
    """Return where the present, its pending lines undone, is not the last release."""
    versions = ledger.versions(package)
    if not versions:
        return []
    if not (ledger.folder(package.root, versions[-1]) / SUMS).is_file():
        path = f"releases/{versions[-1]}/{SUMS}"
        return [
            Problem(
                path,
                0,
                "",
                "",
                "missing-file",
                "the checksums of the last release are not there",
                "take the file back from the archive",
            )
        ]
    return list(_records(package, versions)) or list(_pending(package, versions)) or list(_rows(package, versions))


def _rows(package: Package, versions: list[str]) -> Iterator[Problem]:
    wanted = sums(package.root, versions[-1])
    state = ledger.last_released(package)
    texts = {table.path: ledger.content_text(table, state[table.name]) for table in ledger.recorded(package)}
    different = {path for path, text in texts.items() if wanted.get(path) not in (None, _digest(text))}
    if different:
        found = [problem for problem in _located(package, versions) if problem.path in different]
        blamed = {problem.path for problem in found}
        yield from found
        for path in sorted(different - blamed):
            yield Problem(
                path, 1, "", "", "released-table", f"the table is not that of version {versions[-1]}", EXPLAIN
            )


def _located(package: Package, versions: list[str]) -> Iterator[Problem]:
    """Yield the released rows that are gone, or whose line is not the one that was added."""
    lines = ledger.changes(package)
    keys = ledger.released_keys(lines, versions)
    state = ledger.last_released(package)
    now = {table.name: _lines(package, table) for table in ledger.recorded(package)}
    for name, released in keys.items():
        table = package.tables[name]
        for key in sorted(released - state[name].rows.keys()):
            yield Problem(
                table.path, 0, "", key, "released-row-gone", f"the row of version {versions[-1]} is gone", EXPLAIN
            )
    for version in reversed(versions):
        of_version = [line for line in lines if line.version == version]
        for line in (line for line in of_version if line.change == "added"):
            row = state[line.resource].rows.get(line.key)
            if row is not None and ledger.row_hash(row) != line.new:
                table = package.tables[line.resource]
                message = f"the row is not that of version {versions[-1]}, and the ledger does not say why"
                yield Problem(
                    table.path,
                    now[line.resource].get(line.key, 0),
                    "",
                    line.key,
                    "released-row-changed",
                    message,
                    EXPLAIN,
                )
        ledger.undo(state, of_version)


def _lines(package: Package, table: Table) -> dict[str, int]:
    rows = canonical.rows(package.root / table.path)
    return {table.key(row): number for number, row in enumerate(rows, 2)}


def _records(package: Package, versions: list[str]) -> Iterator[Problem]:
    """Yield a problem where the ledger or the list of releases, cut at the last version, is not as released."""
    wanted = sums(package.root, versions[-1])
    for name in ledger.UNRECORDED:
        table = package.tables[name]
        rows = [row for row in canonical.rows(package.root / table.path) if row[0] != UNRELEASED]
        if wanted.get(table.path) not in (None, _digest(canonical.text(table, rows))):
            yield Problem(
                table.path,
                0,
                "",
                "",
                "released-record",
                f"a line of version {versions[-1]} or before was changed",
                "take the change back",
            )


def _pending(package: Package, versions: list[str]) -> Iterator[Problem]:
    """Yield the pending lines of the ledger that explain nothing."""
    changes = package.tables["changes"]
    lines = ledger.changes(package)
    keys = ledger.released_keys(lines, versions)
    for number, line in enumerate(lines, 2):
        if line.version != UNRELEASED:
            continue
        message = _fault(package, line, keys.get(line.resource, set()))
        if message:
            key = "/".join((line.version, line.resource, line.key, line.field))
            yield Problem(
                changes.path,
                number,
                "",
                key,
                "pending-line",
                message,
                "take the line out; `correct` and `withdraw` write such lines",
            )


def _fault(package: Package, line: Change, keys: set[str]) -> str:
    table = package.tables.get(line.resource)
    fields = {field.name: field for field in table.fields} if table else {}
    if table is None or table.name in ledger.UNRECORDED:
        return f"`{line.resource}` is no table that the ledger describes"
    if line.change not in ("corrected", "withdrawn"):
        return f"`{line.change}` is written by a release alone"
    if line.key not in keys:
        return f"no release holds the row `{line.key}`"
    if line.change == "corrected" and line.field not in fields:
        return f"`{line.field}` is no column of {table.path}"
    if line.reason == "editorial" and not (line.field in fields and fields[line.field].prose):
        return "`editorial` is a reason for prose alone"
    return ""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
