"""The result of a query that is to be cited: over which views it stands, and the same whatever the order of rows."""

from collections.abc import Mapping
from pathlib import Path

import duckdb

from scripts.database import views
from scripts.datapackage.errors import UsageError
from scripts.datapackage.package import Json, Package
from scripts.datapackage.package import read as read_package
from scripts.history import claims_history
from scripts.query import normalized, sandbox
from scripts.query.result import Result, nested


def answer(root: str, version: str, sql: str) -> Json:
    """Return columns, rows, normal form and views of a query to be cited, in the process that runs it."""
    package = read_package(Path(root))
    con = sandbox.connect(package)
    then = sandbox.tables(con, package, version)
    texts = {
        name: text for name, text in sandbox.views_of_today().items() if claims_history.NAME not in views.words(text)
    }
    sandbox.define(con, texts, partial=True)
    sandbox.lock(con, threads=1)
    parsed, rests_on = _checked(con, set(then.tables), sql, texts)
    return {**asked(con, then, sql).json, "form": normalized.form(con, parsed), "views": rests_on}


def _checked(
    con: duckdb.DuckDBPyConnection, tables: set[str], sql: str, texts: Mapping[str, str]
) -> tuple[Json, dict[str, str]]:
    """Return the parse tree of a query and the views and macros that it rests on."""
    macros = {name.partition("(")[0] for name in texts if "(" in name}
    try:
        parsed = normalized.tree(con, sql)
        named = normalized.check(con, parsed, tables | (texts.keys() - macros), macros)
        rests_on: dict[str, str] = {}
        for name, sql_of in reversed(list(texts.items())):  # each stands behind those that it names
            if name.partition("(")[0] in named:
                rests_on[name] = sql_of
                named = named.union(*normalized.relations(normalized.tree(con, sql_of)))
    except normalized.Refused as refused:
        raise UsageError(str(refused)) from None
    return parsed, dict(reversed(list(rests_on.items())))


def asked(con: duckdb.DuckDBPyConnection, package: Package, sql: str) -> Result:
    """Return the result of a query on a connection that is shut off, the same over the tables in two orders of rows.

    Raises `UsageError` where it is not, or where a cell is no single value.
    """
    first = sandbox.select(con, sql)
    if columns := nested(first):
        raise UsageError(
            f"the column `{columns[0]}` holds more than one value in a cell; unnest it, or cast it to text"
        )
    sandbox.turn(con, package)
    if sandbox.select(con, sql).digest != first.digest:
        raise UsageError(
            "the result depends on the order in which rows happen to lie; order by a key before a limit, "
            "take no first() or any_value(), break ties, and round what is computed with a point"
        )
    return first
