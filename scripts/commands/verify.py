"""Verify the package, a version, a folder dist/, a citation file, or the text of a citation. Needs nothing but this.

python -m scripts verify
python -m scripts verify dist
python -m scripts verify 0.3.0  # exit code 1: superseded
python -m scripts verify citation.bib  # exit code 1: superseded
python -m scripts verify queries/e30367da18ba9659293c2a70011595373cbdca6bd07ee2dead94076fe0d9fcc2.json  # exit code 1
python -m scripts verify sha256:21c46605903c46486ece32ff50fce37398b6af435008793bd8b09ef3147e8792  # exit code 1

Exit codes: 0 same · 1 superseded, or changed since · 2 usage error · 3 tampered · 4 unknown.
"""

import argparse
import re
import sys
from pathlib import Path

from scripts.citation import pasted, verify
from scripts.citation.verify import SAME, SUPERSEDED, TAMPERED, UNKNOWN, Verdict
from scripts.cli import add_folder, folder, seconds
from scripts.datapackage import atomic_write, descriptor, profiles
from scripts.datapackage.errors import UsageError
from scripts.datapackage.package import DESCRIPTOR, LEDGER, Package, check_needs, read
from scripts.datapackage.problems import Problem, as_text
from scripts.datapackage.untrusted import Unreadable

SECONDS = 8  # a stranger's query answers soon, or is stopped
CODES = {SAME: 0, SUPERSEDED: 1, TAMPERED: 3, UNKNOWN: 4}


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("what", metavar="WHAT", nargs="?", help="version, folder, file or text (default: the package)")
    said = f"of the query of a citation at most so many, for each version (default: {SECONDS})"
    parser.add_argument("--seconds", type=seconds, default=SECONDS, metavar="S", help=said)
    add_folder(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the verdict and what differs."""
    root = folder(arguments)
    if said := atomic_write.unsettled(root):
        raise UsageError(said)  # half of the files may be old and half new
    if found := descriptor.problems(root):
        if not _tells_of_releases(root):
            raise UsageError(
                f"{root} is no package of this kind: it has no tables {' and '.join(LEDGER)}; `validate` takes any"
            )
        return _unread(root, found)
    try:
        verdict = _verdict(check_needs(read(root), LEDGER), arguments.what, arguments.seconds)
    except verify.UNREADABLE:
        from scripts.database.opened import open_package

        if found := open_package(root).problems:
            return _unread(root, found)
        raise
    print("\n".join([f"{verdict.word}: {verdict.of}", *(f"  {line}" for line in verdict.lines)]))
    return CODES[verdict.word]


def _tells_of_releases(root: Path) -> bool:
    """Whether a package whose descriptor does not hold has, or had, releases."""
    return (root / "releases").is_dir()


def _unread(root: Path, found: list[Problem]) -> int:
    print("tampered: the package cannot be read")
    sys.stdout.write(as_text(found))
    for line in verify.changed(root):
        print(line)
    return CODES[TAMPERED]


def _verdict(package: Package, what: str | None, seconds: float) -> Verdict:
    if what is None:
        return verify.package(package)
    if match := re.fullmatch(r"v?([0-9]+[.][0-9]+[.][0-9]+)", what):
        return verify.version(package, match[1])
    path = _place(what)
    if path is None:
        return _citation(package, "the citation", what, seconds)
    try:
        if not path.is_dir():
            return _citation(package, what, pasted.text_of(path), seconds)
        if not (path / DESCRIPTOR).is_file():
            raise UsageError(f"there is no {DESCRIPTOR} in {what}; name a folder that `build` wrote")
        from scripts.citation import verify_dist  # DuckDB, which a version does without

        return verify_dist.judge(package, path)
    except Unreadable as found:
        raise UsageError(f"{what}: {found.message}; {found.fix}") from None


def _place(what: str) -> Path | None:
    """Return the file or folder that is named, or nothing where the text of a citation is.

    Raises `UsageError` where there is no such file, though what is named can be nothing else.
    """
    try:
        if Path(what).exists():
            return Path(what)
    except (OSError, ValueError):  # a text is no name of a file
        return None
    if re.fullmatch(r"\S+", what) and not any(pasted.digests(what)) and not pasted.directories(what):
        raise UsageError(f"there is no file or folder `{what}`, nor is it a version; released ones are named as 1.0.0")
    return None


def _citation(package: Package, name: str, said: str, seconds: float) -> Verdict:
    """Judge a citation of any kind; one of a query is asked again."""
    from scripts.query import stored as stored_queries
    from scripts.query import verify as verify_query  # DuckDB's start, which a version does without

    if said.lstrip().startswith("{") and '"normal_form"' in said:
        found, _ = profiles.content(name, said, "query.json")
        if found:
            return Verdict(TAMPERED, "the citation", tuple(as_text(found).split("\n")[:-2]))
        return verify_query.judge(package, stored_queries.read(said), seconds)
    known = stored_queries.stored(package.root)
    named = [f"sha256:{digest}" for digest in pasted.digests(said)[0] if f"sha256:{digest}" in known]
    return verify_query.judge(package, known[named[0]], seconds) if named else verify.text(package, said)
