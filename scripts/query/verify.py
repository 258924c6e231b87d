"""A cited query asked again: of its own version, and of the last (RDA R6, R14).

A citation is a stranger's: each of its texts is parsed as one SELECT that reads nothing but tables of the version and
views before it, and is run on a connection that was shut off before, in a process of its own.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import duckdb

from scripts.citation import verify, works
from scripts.citation.verify import SAME, SUPERSEDED, TAMPERED, UNKNOWN, Verdict
from scripts.database import isolated
from scripts.database.quoting import name as quoted
from scripts.datapackage.errors import UsageError
from scripts.datapackage.package import Json, Package, read
from scripts.history import ledger
from scripts.query import normalized, sandbox
from scripts.query import stored as stored_queries
from scripts.query.result import Result, from_json
from scripts.query.stored import Citation

SHOWN = 100  # rows of a difference
NAME = re.compile(r"([a-z][a-z0-9_]*)(\([a-z][a-z0-9_]*(, [a-z][a-z0-9_]*)*\))?")  # of a view, or a macro
Answer = Result | str  # or why there is none


def judge(package: Package, citation: Citation, seconds: float = sandbox.SECONDS) -> Verdict:
    """Judge a citation of a query: whether it holds for its version, and what the last version answers instead.

    Each version is asked for so many seconds at most; the last only where the first had an answer.
    """
    of = f"query {citation.identifier} of version {citation.version}"
    known = ledger.versions(package)
    if citation.version not in known:
        return Verdict(UNKNOWN, of, (f"released are {', '.join(known)}",))
    there = verify.version(package, citation.version)
    if there.word == TAMPERED:
        return there
    [then] = ask(package, [(citation, citation.version)], seconds)
    if isinstance(then, str):
        return Verdict(TAMPERED, of, (f"its query cannot be run: {then}",))
    if faults := tuple(_faults(package, citation, then)):
        return Verdict(TAMPERED, of, faults)
    if citation.version == known[-1]:
        return Verdict(SAME, of)
    [now] = ask(package, [(citation, known[-1])], seconds)
    if isinstance(now, str):
        return Verdict(SUPERSEDED, f"{of}, by version {known[-1]}", (f"which cannot be asked so: {now}",))
    if now.digest == then.digest:
        return Verdict(SAME, f"{of}; version {known[-1]} gives the same")
    return Verdict(SUPERSEDED, f"{of}, by version {known[-1]}", tuple(_difference(then, now)))


def ask(package: Package, asked: Iterable[tuple[Citation, str]], seconds: float = sandbox.SECONDS) -> list[Answer]:
    """Return the results of stored queries, each over its views and the tables of a version, or why there is none."""
    queries_ = [{"sql": each.sql, "views": each.views, "version": version} for each, version in asked]
    found = isolated.call("scripts.query.verify:answers", root=str(package.root), asked=queries_, seconds=seconds)
    return [each["off"] if "off" in each else from_json(each) for each in found]


def answers(root: str, asked: list[Json], seconds: float) -> list[Json]:
    """Return the results of `ask`, in the process that runs them; one connection serves each version."""
    package = read(Path(root))
    opened: dict[str, tuple[duckdb.DuckDBPyConnection, Package]] = {}
    found: list[Json] = []
    for each in asked:
        if each["version"] not in opened:
            con = sandbox.connect(package)
            opened[each["version"]] = (con, sandbox.tables(con, package, each["version"]))
            sandbox.lock(con, threads=1)
        con, then = opened[each["version"]]
        try:
            found.append(answer(con, set(then.tables), each["sql"], each["views"], seconds).json)
        except (UsageError, normalized.Refused) as off:
            found.append({"off": str(off)})
    return found


def answer(
    con: duckdb.DuckDBPyConnection,
    tables: set[str],
    sql: str,
    views: Mapping[str, str],
    seconds: float = sandbox.SECONDS,
) -> Result:
    """Return the result of foreign SQL over foreign views on a connection that is shut off; leave no view there.

    Raises `UsageError` or `normalized.Refused` where a text is not one SELECT over the tables and the views before it.
    """
    with isolated.within(con, seconds):  # reading a view may take as long as running it
        return _answer(con, tables, sql, views, seconds)


def _answer(
    con: duckdb.DuckDBPyConnection, tables: set[str], sql: str, views: Mapping[str, str], seconds: float
) -> Result:
    known, macros, made = set(tables), set[str](), list[str]()
    try:
        for name, text in views.items():
            normalized.check(con, normalized.tree(con, text), known, macros)
            word, of = _create(con, name, text)
            made.append(f"drop {'macro table' if of else 'view'} {quoted(word)}")
            (macros if of else known).add(word)
        normalized.check(con, normalized.tree(con, sql), known, macros)
        return sandbox.select(con, sql, seconds=seconds)
    finally:
        for statement in reversed(made):
            con.execute(statement)


def _create(con: duckdb.DuckDBPyConnection, name: str, text: str) -> tuple[str, str]:
    """Create a view or macro of a text that is one SELECT; return its name and its parameters."""
    match = NAME.fullmatch(name)
    if not match:
        raise UsageError(f"`{name}` is no name of a view")
    try:
        statements = con.extract_statements(sandbox.definition(name, text))
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.CREATE:
            raise UsageError(f"the view {name} is more than one SELECT")
        con.execute(statements[0])
    except duckdb.Error as error:
        raise UsageError(f"the view {name} cannot be had over these tables: {error}") from None
    return match[1], match[2] or ""


def _faults(package: Package, citation: Citation, then: Result) -> Iterator[str]:
    """Yield what in the citation is not so."""
    version = works.version(package, citation.version)
    if [citation.digest, citation.data] != version.identifiers[-2:] or citation.released_on != version.day:
        yield f"digest, data or released_on: not those of version {citation.version}"
    if citation.result != f"sha256:{then.digest}":
        yield f"result: version {citation.version} gives another, sha256:{then.digest}"
    same_engine = citation.engine == stored_queries.engine()  # another may name its types otherwise
    columns = [(column["name"], column["type"] if same_engine else "") for column in citation.columns]
    if citation.rows != len(then.rows) or columns != [
        (name, type_ if same_engine else "") for name, type_ in then.columns
    ]:
        yield "rows or columns: not those of the result"
    if citation.identifier != stored_queries.identifier(citation.normal_form, citation.result):
        yield "identifier: not that of normal_form and result"
    if citation.engine == stored_queries.engine() and [citation.normal_form] != forms_now([citation]):
        yield "normal_form: not that of sql"
    if citation.citation != stored_queries.text(citation.identifier, len(then.rows), version):
        yield "citation: not the text for this query and version"


def forms_now(citations: Iterable[Citation]) -> list[str]:
    """Return the normal form that the engine of today gives each SQL. Raises `UsageError`."""
    found: list[str] = isolated.call("scripts.query.verify:forms", texts=[each.sql for each in citations])
    return found


def forms(texts: list[str]) -> list[str]:
    """Return the normal forms of `forms_now`, in the process that parses them."""
    con = duckdb.connect()
    try:
        return [normalized.form(con, normalized.tree(con, text)) for text in texts]
    except normalized.Refused as refused:
        raise UsageError(str(refused)) from None


def _difference(then: Result, now: Result) -> Iterator[str]:
    """Yield the rows that are no more, and those that are new."""
    before, after = Counter(then.lines), Counter(now.lines)
    lines = [f"- {line}" for line in (before - after).elements()] + [
        f"+ {line}" for line in (after - before).elements()
    ]
    yield from lines[:SHOWN]
    if len(lines) > SHOWN:
        yield f"and {len(lines) - SHOWN:,} rows more"
