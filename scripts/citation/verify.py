"""What a version, a folder dist/ or a citation is worth today: same, superseded, tampered, unknown; what differs."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts.citation import pasted, works
from scripts.datapackage.package import Package
from scripts.datapackage.problems import as_text
from scripts.datapackage.semver import numbers
from scripts.history import checksums, ledger, net, rebuild
from scripts.history.checksums import SUMS

SAME, SUPERSEDED, TAMPERED, UNKNOWN = "same", "superseded", "tampered", "unknown"
UNREADABLE = (OSError, ValueError, KeyError, IndexError, csv.Error)
NUMBER = re.compile(r"\b[0-9]+\.[0-9]+\.[0-9]+\b")
CLAIM = re.compile(r"\bClaim ([a-z0-9-]+) of\b")


@dataclass(frozen=True)
class Verdict:
    """A word, what it is said of, and the differences, a line each."""

    word: str
    of: str
    lines: tuple[str, ...] = ()


def package(here: Package) -> Verdict:
    """Judge the package in place: every released version is rebuilt, and the present is held against the last."""
    known = ledger.versions(here)
    if not known:
        return Verdict(UNKNOWN, "the package", ("nothing is released yet",))
    faults = list(_faults(here, known))
    differing = list(_changed(here.root, known[-1]))
    if any(line.startswith("data/") for line in differing):
        from scripts.database.opened import open_package  # DuckDB, which a package as released does without

        differing += [
            line for line in as_text(open_package(here.root).problems).split("\n") if line.startswith("data/")
        ]
    if faults:
        return Verdict(TAMPERED, "the package", tuple(dict.fromkeys([*faults, *differing])))
    if differing:
        return Verdict(SUPERSEDED, f"version {known[-1]}", tuple(differing))
    return Verdict(SAME, f"version {known[-1]}")


def version(here: Package, number: str, key: str = "") -> Verdict:
    """Judge a version, or one claim of it: whether it is rebuilt as released, and what has changed since."""
    known = ledger.versions(here)
    if number not in known:
        return Verdict(UNKNOWN, f"version {number}", (f"released are {', '.join(known)}",))
    if key and key not in ledger.at(here, number)["claims"].rows:
        return Verdict(UNKNOWN, f"claim {key} of version {number}", (works.no_claim(here, number, key),))
    if faults := list(_faults(here, [number])):
        return Verdict(TAMPERED, f"version {number}", tuple(faults))
    if number == known[-1]:
        return Verdict(SAME, f"version {number}")
    lines = list(net.between(here, number, known[-1]))
    if key:
        lines = [line for line in lines if (line.resource, line.key) == ("claims", key)]
        if not lines:
            return Verdict(SAME, f"claim {key} of version {number}")
    told = [str(line) for line in sorted(lines) if line.change != "added"]
    added = sum(line.change == "added" for line in lines)
    more = [f"{added:,} rows added"] if added else []
    return Verdict(SUPERSEDED, f"version {number}, by version {known[-1]}", (*told, *more))


def _faults(here: Package, versions: list[str]) -> Iterator[str]:
    """Yield what is not as it was released in some versions, where it lies in the package."""
    if set(ledger.versions(here)) != set(_folders(here.root)):
        yield "data/releases.csv: its versions are not those of the folder releases/"
    blamed: set[str] = set()
    for number, different in reversed(list(_different(here, versions))):
        if isinstance(different, Exception):
            yield f"releases/{number}/{SUMS}: the version that it lists is not to be had: {different}"
            continue
        for path in different:
            if path not in blamed:
                yield f"{path}: not what releases/{number}/{SUMS} says"
            blamed.add(path)
    if any(path.startswith("data/") for path in blamed):
        from scripts.validation import last_release  # DuckDB, as above

        yield from (line for line in as_text(last_release.problems(here)).split("\n") if line.startswith("data/"))


def _different(here: Package, versions: list[str]) -> Iterator[tuple[str, list[str] | Exception]]:
    """Yield some versions, the latest first, each with the files that are not as released, or why it is not to be had.

    One walk back through the ledger serves them all.
    """
    past = ledger.back(here)
    for number in reversed(versions):
        try:
            different = list(_kept(here, number))
            if not different:
                state = next((state for version, state in past if version == number), None)
                different = rebuild.different(here, number, rebuild.files(here, number, state))
            yield number, different
        except UNREADABLE as error:
            yield number, error


def _kept(here: Package, number: str) -> Iterator[str]:
    """Yield what `releases/` keeps of a version, and is not as its checksums say."""
    kept = ledger.folder(here.root, number).relative_to(here.root).as_posix()
    for path, digest in checksums.of_version(here.root, number).items():
        place = path if path.startswith("releases/") else f"{kept}/{path}"
        if not path.startswith("data/") and checksums.of_file(here.root / place) != digest:
            yield place


def changed(root: Path) -> list[str]:
    """Return, a line each, the files of a package that are not as the last version has them.

    Which version is the last is told by `releases/` alone, so that it serves a package that cannot be read.
    """
    kept = _folders(root)
    return list(_changed(root, max(kept, key=numbers))) if kept else []


def _folders(root: Path) -> list[str]:
    """Return the names of the folders of `releases/` that are versions; what else lies there is no part of it."""
    return [folder.name for folder in root.glob("releases/*") if NUMBER.fullmatch(folder.name)]


def _changed(root: Path, last: str) -> Iterator[str]:
    try:
        wanted = checksums.of_version(root, last)
    except UNREADABLE:
        return
    for path, digest in wanted.items():
        if checksums.of_file(root / path) != digest:
            yield f"{path}: changed since version {last}"


def text(here: Package, said: str) -> Verdict:
    """Judge the text of a citation, or a citation file in any form: its digest tells which version it means."""
    known = {works.digest(here, number): number for number in ledger.versions(here)}
    claim = CLAIM.search(re.sub(r"[*_`\\\u00ad]+", "", said))
    found, cut = pasted.digests(said)
    for digest in found:
        if digest in known:
            return version(here, known[digest], claim[1] if claim else "")
    if not found and (directories := pasted.directories(said)):
        for number in reversed(known.values()):
            if works.data(here, number) in directories:
                return version(here, number, claim[1] if claim else "")
    named = [number for number in NUMBER.findall(said) if number in known.values()]
    if found and named:
        return Verdict(TAMPERED, "the citation", (f"its digest is not that of version {named[0]}",))
    if cut:
        begun = [number for digest, number in known.items() if digest.startswith(cut[0])]
        meant = f"; it begins as that of version {begun[0]} does" if begun else ""
        return Verdict(UNKNOWN, "the citation", (f"its digest is cut: {len(cut[0])} of 64 digits{meant}",))
    return Verdict(UNKNOWN, "the citation", ("it holds no digest of a version that is known here",))
