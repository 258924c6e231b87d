"""A released version from the present and the ledger: every file that it lists, byte for byte, without git."""

import hashlib
import json
from pathlib import Path

from scripts import canonical, ledger, released
from scripts.package import DESCRIPTOR, Json, Package, Table, table
from scripts.released import SUMS


def files(package: Package, version: str, state: ledger.State | None = None) -> dict[str, bytes]:
    """Return the files of a version by path: those that its SHA256SUMS lists, itself, and its `releases/`.

    SHA256SUMS stands at the top as well, so that `sha256sum -c SHA256SUMS` holds in the folder. `state` is what the
    tables were, for those who know it already.
    """
    kept = ledger.folder(package.root, version)
    state, tables = state or ledger.at(package, version), tables_of(package, version)
    found: dict[str, bytes] = {}
    for path in released.sums(package.root, version):
        if path in tables:
            found[path] = _table(package, version, tables[path], state)
        elif path.startswith("releases/"):
            found[path] = (package.root / path).read_bytes()
        else:
            found[path] = (kept / path).read_bytes()
    known = ledger.versions(package)
    for earlier in known[: known.index(version) + 1]:
        found |= _folder(package.root, ledger.folder(package.root, earlier))
    return {**found, SUMS: (kept / SUMS).read_bytes()}


def tables_of(package: Package, version: str) -> dict[str, Table]:
    """Return the tables of a version by path, as the descriptor and Table Schemas of its time describe them."""
    kept = ledger.folder(package.root, version)
    descriptor: Json = json.loads((kept / DESCRIPTOR).read_text("utf-8"))
    resources = descriptor["resources"]
    return {
        resource["path"]: table(resource, json.loads((kept / resource["schema"]).read_text("utf-8")))
        for resource in resources
    }


def _table(package: Package, version: str, of_then: Table, state: ledger.State) -> bytes:
    if of_then.name not in ledger.UNRECORDED:
        return ledger.content_text(of_then, state[of_then.name]).encode()
    known = ledger.versions(package)
    kept = set(known[: known.index(version) + 1])
    rows = [row for row in canonical.rows(package.root / package.tables[of_then.name].path) if row[0] in kept]
    return canonical.text(of_then, rows).encode()


def _folder(root: Path, folder: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def different(package: Package, version: str, found: dict[str, bytes]) -> list[str]:
    """Return the paths of files that are not what the checksums of their version say, sorted."""
    wanted = released.sums(package.root, version)
    return sorted(path for path, digest in wanted.items() if hashlib.sha256(found[path]).hexdigest() != digest)
