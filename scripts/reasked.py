"""A cited query asked again: of its own version, and of the last (RDA R6, R14)."""

from collections import Counter
from collections.abc import Iterator

from scripts import cited, database, ledger, normal, queried, queries, verified
from scripts.call import CallOff
from scripts.package import Package
from scripts.queried import Result
from scripts.queries import Citation
from scripts.verified import SAME, SUPERSEDED, TAMPERED, UNKNOWN, Verdict

SHOWN = 100  # rows of a difference


def judge(package: Package, citation: Citation) -> Verdict:
    """Judge a citation of a query: whether it holds for its version, and what the last version answers instead."""
    of = f"query {citation.identifier} of version {citation.version}"
    known = ledger.versions(package)
    if citation.version not in known:
        return Verdict(UNKNOWN, of, (f"released are {', '.join(known)}",))
    there = verified.version(package, citation.version)
    if there.word == TAMPERED:
        return there
    then = ask(package, citation, citation.version)
    if faults := tuple(_faults(package, citation, then)):
        return Verdict(TAMPERED, of, faults)
    if citation.version == known[-1]:
        return Verdict(SAME, of)
    try:
        now = ask(package, citation, known[-1])
    except CallOff as off:
        return Verdict(SUPERSEDED, f"{of}, by version {known[-1]}", (f"which cannot be asked so: {off}",))
    if now.digest == then.digest:
        return Verdict(SAME, f"{of}; version {known[-1]} gives the same")
    return Verdict(SUPERSEDED, f"{of}, by version {known[-1]}", tuple(_difference(then, now)))


def ask(package: Package, citation: Citation, version: str) -> Result:
    """Return the result of the stored SQL over the stored views and the tables of a version. Raises `CallOff`."""
    con = queried.connect(package)
    queried.tables(con, package, version)
    queried.define(con, citation.views)
    queried.lock(con, threads=1)
    return queried.select(con, citation.sql)


def _faults(package: Package, citation: Citation, then: Result) -> Iterator[str]:
    """Yield what in the citation is not so."""
    version = cited.version(package, citation.version)
    if [citation.digest, citation.data] != version.identifiers[-2:] or citation.released_on != version.day:
        yield f"digest, data or released_on: not those of version {citation.version}"
    if citation.result != f"sha256:{then.digest}":
        yield f"result: version {citation.version} gives another, sha256:{then.digest}"
    if citation.rows != len(then.rows) or [column["name"] for column in citation.columns] != then.names:
        yield "rows or columns: not those of the result"
    if citation.identifier != queries.identifier(citation.normal_form, citation.result):
        yield "identifier: not that of normal_form and result"
    if citation.engine == queries.engine() and citation.normal_form != form_now(citation):
        yield "normal_form: not that of sql"
    if citation.citation != queries.text(citation.identifier, len(then.rows), version):
        yield "citation: not the text for this query and version"


def form_now(citation: Citation) -> str:
    """Return the normal form that the engine of today gives the SQL. Raises `CallOff`."""
    con = database.connect()
    try:
        return normal.form(con, normal.tree(con, citation.sql))
    except normal.Refused as refused:
        raise CallOff(str(refused)) from None


def _difference(then: Result, now: Result) -> Iterator[str]:
    """Yield the rows that are no more, and those that are new."""
    before, after = Counter(then.lines), Counter(now.lines)
    lines = [f"- {line}" for line in (before - after).elements()] + [
        f"+ {line}" for line in (after - before).elements()
    ]
    yield from lines[:SHOWN]
    if len(lines) > SHOWN:
        yield f"and {len(lines) - SHOWN:,} rows more"
