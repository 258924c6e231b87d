"""Cite a version of the dataset, one claim of it with the page that it came from, or the result of a query.

python -m scripts cite
python -m scripts cite --claim kbs-20250114-2 --format csl-json
python -m scripts cite --sql "select source_id, point from latest_by_source where metric_id = 'killed'"
python -m scripts cite --version 0.3.0 --format bibtex > citation.bib

The citation of a query is kept in queries/; the same question with the same answer keeps its identifier. Of a query
there are also its file (json), its landing page (html) and what machines read of it (json-ld).
"""

import argparse
import sys

from scripts.citation import works
from scripts.citation.formats import FORMS
from scripts.citation.works import Work
from scripts.cli import VALID, add_folder, folder, released_version
from scripts.datapackage import atomic_write
from scripts.datapackage.descriptor import package_of
from scripts.datapackage.errors import Locked, NotWritten, UsageError
from scripts.datapackage.package import Package
from scripts.history import ledger

OF_A_QUERY = ("json", "html", "json-ld")


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--version", metavar="V", help="a released version (default: the last)")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--claim", metavar="ID", help="one claim of that version")
    what.add_argument("--sql", metavar="SQL", help="one SELECT over the tables and views of that version")
    parser.add_argument("--format", choices=(*FORMS, *OF_A_QUERY), default="text")
    add_folder(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the citation; keep that of a query."""
    package = package_of(folder(arguments))
    known = ledger.versions(package)
    if not known:
        raise UsageError("nothing is released yet, so nothing can be cited; cut a version with `release`")
    version = released_version(package, arguments.version or known[-1])
    if arguments.sql is not None:
        sys.stdout.write(_query(package, version, arguments.sql, arguments.format))
        return VALID
    if arguments.format in OF_A_QUERY:
        raise UsageError(f"{arguments.format} is a form of the citation of a query; name the query with --sql")
    sys.stdout.write(FORMS[arguments.format](_work(package, version, arguments.claim)))
    return VALID


def _work(package: Package, version: str, claim: str | None) -> Work:
    of = works.version(package, version)
    if not claim:
        return works.of_version(of)
    try:
        return works.of_claim(of, works.claim(package, version, claim))
    except KeyError:
        raise UsageError(f"{works.no_claim(package, version, claim)}; look keys up in claims and withdrawn") from None


def _query(package: Package, version: str, sql: str, form: str) -> str:
    """Return the citation of a query, which is kept from now on; say on stderr where it cannot be kept."""
    from scripts.query import stored as stored_queries  # DuckDB, which the citation of a version does without

    citation = stored_queries.make(package, version, sql)
    path = stored_queries.path_of(citation.identifier)
    if not (package.root / path).is_file():
        try:
            with atomic_write.locked(package.root):
                atomic_write.write(package.root, {path: citation.file.encode()})
        except (OSError, Locked, NotWritten) as off:
            print(f"the citation is not kept in {package.root / stored_queries.STORE}: {off}", file=sys.stderr)
    if form == "json":
        return citation.file
    if form in FORMS:
        return FORMS[form](stored_queries.work(package, citation))
    from scripts.publish import query_page

    return query_page.html(package, citation) if form == "html" else query_page.json_ld(package, citation)
