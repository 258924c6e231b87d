"""The corpus that is scaled: the shipped tables without accepted problems and without what these leave unused."""

from pathlib import Path

import duckdb

from scripts.database import connection
from scripts.database.connection import literal, name
from scripts.datapackage import canonical_csv, package
from scripts.datapackage.package import Package
from scripts.validation import table_checks
from scripts.validation.accepted_problems import PATH as EXCEPTIONS

LEFT_OVER = ("used-or-justified", "relay-of-a-claim", "alias-leads-somewhere")  # rules that a row taken out breaks
UNRELEASED = ("changes", "releases")  # blank: no version of the scaled package was released


def corpus(root: Path) -> tuple[duckdb.DuckDBPyConnection, Package]:
    """Return the tables of a package, as text and typed, in which every rule holds without exceptions."""
    source = package.read(root)
    con = connection.connect()
    if found := connection.load(con, source):
        raise ValueError(f"{found[0].place}: {found[0].message}; `python -m scripts validate` says more")
    for table in source.tables:  # in place of a view of the rows as read, from which none can be taken
        con.execute(f"create table text.copy as from text.{name(table)}; drop view text.{name(table)}")
        con.execute(f"create table text.{name(table)} as from text.copy; drop table text.copy")
    connection.typed(con, source, lines=True)
    for table in UNRELEASED:
        con.execute(f"delete from text.{name(table)}")
    for _, resource, key, _ in canonical_csv.rows(root / EXCEPTIONS):
        column = source.tables[resource].primary_key[0]
        con.execute(f"delete from text.{name(resource)} where {name(column)} = {literal(key)}")
    while _take_out(con, source):
        pass
    return con, source


def _take_out(con: duckdb.DuckDBPyConnection, source: Package) -> int:
    """Take out the rows that are left over, and return how many there were."""
    by_path = {table.path: table.name for table in source.tables.values()}
    over = [found for found in table_checks.problems(con, source, set()) if found.rule in LEFT_OVER]
    for found in over:
        con.execute(f"delete from text.{name(by_path[found.path])} where _line = {found.line}")
    return len(over)
