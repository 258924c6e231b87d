"""A package of a few documents of the shipped one, with every row that they rest on and with releases of its own.

Most promises do not depend on how many rows there are; the whole package costs a test several times as much.
"""

import csv
import shutil
from pathlib import Path

from scripts.__main__ import main
from scripts.datapackage import canonical_csv
from scripts.datapackage.atomic_write import LOCK
from scripts.datapackage.package import DESCRIPTOR, EXCEPTIONS, ROOT, Package, Table, read
from scripts.history import ledger

PARTS = (
    "datapackage.json",
    "data",
    "schemas/tables",
    "schemas/exceptions.csv",
    "releases",
    "queries",
    "CHANGELOG.md",
    "LICENSE-DATA",
)
FIRST = {
    "112-ua-202501",
    "anews-20250219",
    "hoy-nicaragua-20241219",
    "kbs-20250114",
    "kbs-world-20240624",
    "kbs-world-20241023",
    "ukrainska-pravda-20250214",
    "united24-media-202602",
    "unknown-202411",
    "urdupoint-20241223",
}
LATER = {"24-kanal-20260220", "sbs-20260214"}
VERSIONS = ("0.1.0", "1.0.0", "1.1.0")
Rows = list[list[str]]
Kept = dict[str, dict[str, list[str]]]  # rows by key, by table


def copy_of(root: Path, target: Path) -> Path:
    """Copy a package, without the tools around it."""
    for part in PARTS:
        source = root / part
        (target / part).parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target / part)
        elif source.exists():
            shutil.copyfile(source, target / part)
    return target


def write_first_release(root: Path) -> None:
    """Write the package when 0.1.0 was its only release."""
    package = read(copy_of(ROOT, root))
    shutil.rmtree(root / "releases")
    shutil.rmtree(root / "queries")
    for name in ledger.UNRECORDED:
        (root / package.tables[name].path).write_text(canonical_csv.line(package.tables[name].header), "utf-8")
    text = (root / DESCRIPTOR).read_text("utf-8").replace(f'"version": "{package.version}"', '"version": "0.0.0"')
    (root / DESCRIPTOR).write_text(text, "utf-8")
    (root / "CHANGELOG.md").write_text("# Changes\n\n## Unreleased\n", "utf-8")
    write_rows(root, FIRST)
    release(root, VERSIONS[0], "2026-11-01")


def write(root: Path) -> None:
    """Write the package with three releases; the last, which corrects and withdraws, is cited by a query."""
    write_first_release(root)
    write_rows(root, FIRST | LATER)
    release(root, VERSIONS[1], "2026-11-02")
    call("correct", "claims", "anews-20250219-3", "note", "read again", "--reason", "editorial", "--dir", str(root))
    call("withdraw", "claims", "anews-20250219-2", "--reason", "duplicate", "--dir", str(root))
    release(root, VERSIONS[2], "2026-11-03")
    call("cite", "--sql", "select metric_id, point from claims_wide where point > 5000", "--dir", str(root))
    (root / LOCK).unlink()


def release(root: Path, version: str, day: str) -> None:
    call("release", version, "--date", day, "--summary", "A summary.", "--dir", str(root))
    (root / LOCK).unlink()


def call(*arguments: str) -> None:
    assert main([*arguments]) == 0, arguments


def write_rows(root: Path, documents: set[str]) -> None:
    """Write into the tables just what some documents rest on."""
    package = read(ROOT)
    every = {name: canonical_csv.rows(ROOT / table.path) for name, table in package.tables.items()}
    kept = rests_on(package, every, documents)
    for name in kept.keys() - {"aliases", "hedges", *ledger.UNRECORDED}:
        put(root, package.tables[name], list(kept[name].values()))
    labels = [row for row in every["aliases"] if not row[2] or row[2] in kept.get(row[0], {})]
    put(root, package.tables["aliases"], labels)
    header, *lines = csv.reader((ROOT / EXCEPTIONS).open(encoding="utf-8", newline=""))
    of_kept = [line for line in lines if line[2] in kept.get(line[1], {})]
    (root / EXCEPTIONS).write_text("".join(map(canonical_csv.line, [header, *of_kept])), "utf-8", newline="")


def put(root: Path, table: Table, rows: Rows) -> None:
    (root / table.path).write_text(canonical_csv.text(table, rows), "utf-8", newline="")


def rests_on(package: Package, every: dict[str, Rows], documents: set[str]) -> Kept:
    """Return the claims and relays of some documents, and the rows that these refer to, and so on."""
    kept: Kept = {name: {} for name in every}
    waiting = [
        (package.tables[name], row)
        for name in ("claims", "relays")
        for row in every[name]
        if row[package.tables[name].header.index("document_id")] in documents
    ]
    while waiting:
        table, row = waiting.pop()
        if table.key(row) not in kept[table.name]:
            kept[table.name][table.key(row)] = row
            waiting += referred_to(package, every, table, row)
    return kept


def referred_to(
    package: Package, every: dict[str, Rows], table: Table, row: list[str]
) -> list[tuple[Table, list[str]]]:
    """Return the rows that the foreign keys of a row lead to."""
    found = []
    for key in table.foreign_keys:
        cell, other = row[table.header.index(key.fields[0])], package.tables[key.resource]
        place = other.header.index(key.reference[0])
        found += [(other, one) for one in every[key.resource] if cell and one[place] == cell]
    return found
