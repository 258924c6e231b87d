"""Open a package: its descriptor holds and its tables can be read, as text. That is not yet validating it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from scripts.database import connection, progress
from scripts.datapackage import descriptor
from scripts.datapackage.errors import Found
from scripts.datapackage.package import LEDGER, Package, check_needs, read
from scripts.datapackage.problems import Problem, count, ordered


@dataclass(frozen=True)
class Opened:
    """What validation found; the package and its tables in DuckDB, where it came so far."""

    problems: list[Problem]
    package: Package | None = None
    con: duckdb.DuckDBPyConnection | None = None

    @property
    def sum(self) -> str:
        """How many rows in how many tables were looked at, for a package that holds."""
        return total(self.package, self.con) if self.package and self.con else ""


def total(package: Package, con: duckdb.DuckDBPyConnection) -> str:
    """Return how many rows in how many tables were looked at, for a package that holds."""
    tables = [connection.name(table) for table in package.tables]
    rows = sum(con.execute(f"select count(*) from {table}").fetchall()[0][0] for table in tables)
    return f"{count(rows, 'row')} in {count(len(tables), 'table')}: valid"


def open_package(root: Path, *, remembered: bool = True) -> Opened:
    """Open a package: its descriptor is valid and every table can be read, as text, in canonical form.

    `remembered` is that of `descriptor.problems`.
    """
    if found := descriptor.problems(root, remembered=remembered):
        return Opened(ordered(found))
    package = read(root)
    con = connection.connect(package.size)
    with progress.shown(package) as say:
        say("reading tables")
        return Opened(ordered(connection.load(con, package)), package, con)


def opened(root: Path, needs: Iterable[str] = LEDGER) -> tuple[Package, duckdb.DuckDBPyConnection]:
    """Return a package whose tables can be read, and a connection with their text.

    Raises `Found` with the problems, `UsageError` where it lacks a table that the command needs.
    """
    return without_problems(open_package(root), needs)


def without_problems(result: Opened, needs: Iterable[str]) -> tuple[Package, duckdb.DuckDBPyConnection]:
    """Return package and connection of a result without problems. Raises as `opened`."""
    if result.problems or not (result.package and result.con):
        raise Found(result.problems)
    return check_needs(result.package, needs), result.con
