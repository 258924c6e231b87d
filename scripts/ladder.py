"""The ladder: package, cells, rows, tables; each rung on every row before the next is climbed."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from scripts import cells, checks, contract, database, descriptor, exceptions, kept, ledger, progress, released, rows
from scripts.call import LEDGER, Found, check_needs
from scripts.package import Package, read
from scripts.problems import FORM, STOPS, Problem, count, ordered


@dataclass(frozen=True)
class Climb:
    """What the ladder found; the package and its tables in DuckDB, where it came so far."""

    problems: list[Problem]
    package: Package | None = None
    con: duckdb.DuckDBPyConnection | None = None

    @property
    def sum(self) -> str:
        """How many rows in how many tables were looked at, for a package that holds."""
        return total(self.package, self.con) if self.package and self.con else ""


def total(package: Package, con: duckdb.DuckDBPyConnection) -> str:
    """Return how many rows in how many tables were looked at, for a package that holds."""
    tables = [database.name(table) for table in package.tables]
    rows = sum(con.execute(f"select count(*) from {table}").fetchall()[0][0] for table in tables)
    return f"{count(rows, 'row')} in {count(len(tables), 'table')}: all holds"


def readable(root: Path) -> Climb:
    """Climb the lowest rung: the descriptor holds and every table can be read, as text, in canonical form."""
    if found := descriptor.problems(root):
        return Climb(ordered(found))
    package = read(root)
    con = database.connect(package.size)
    with progress.shown(package) as say:
        say("reading tables")
        return Climb(ordered(database.load(con, package)), package, con)


def opened(root: Path, needs: Iterable[str] = LEDGER) -> tuple[Package, duckdb.DuckDBPyConnection]:
    """Return a package whose tables can be read, and a connection with their text.

    Raises `Found` with the problems, `CallOff` where it lacks a table that the verb needs.
    """
    return _without_problems(readable(root), needs)


def sound(root: Path, needs: Iterable[str] = LEDGER) -> tuple[Package, duckdb.DuckDBPyConnection]:
    """Return a package in which all holds, and a connection with its typed tables. Raises as `opened`."""
    return _without_problems(climb(root), needs)


def _without_problems(result: Climb, needs: Iterable[str]) -> tuple[Package, duckdb.DuckDBPyConnection]:
    if result.problems or not (result.package and result.con):
        raise Found(result.problems)
    return check_needs(result.package, needs), result.con


def climb(root: Path) -> Climb:
    """Climb the ladder over the package in a folder; nothing on disk is changed.

    Rules and checks are those of this repository: no code or SQL of the folder is run.
    """
    lowest = readable(root)
    found, package, con = lowest.problems, lowest.package, lowest.con
    if not package or not con or any(problem.rule in STOPS for problem in found):
        return lowest
    whole, lost = not found, _lost(package, found)
    with progress.shown(package) as say:
        say("cells")
        found += cells.problems(con, package, lost)
        if shifted := {problem.path for problem in found if problem.rule in STOPS}:
            return Climb(ordered(p for p in found if p.path not in shifted or p.rule != "order"), package, con)
        broken = {(problem.path, problem.line) for problem in found if problem.rule not in FORM}
        database.typed(con, package, lines=True)
        say("rows")
        found += rows.problems(con, package, broken)
        say("tables")
        found += checks.problems(con, package, broken, lost)
    asked = not any(problem.rule in STOPS for problem in found) and not broken
    if whole and asked:
        found += _held(con, package, {problem.path for problem in found})
    found = _causes(package, found)
    found = exceptions.sift(root, package.tables.values(), found, asked=asked and not lost)
    return Climb(ordered(found), package, con)


def _lost(package: Package, found: list[Problem]) -> set[str]:
    """Return the tables of which a row could not be read."""
    paths = {problem.path for problem in found if problem.loses}
    return {table.name for table in package.tables.values() if table.path in paths}


def _held(con: duckdb.DuckDBPyConnection, package: Package, odd: set[str]) -> list[Problem]:
    """Hold the package against its last release, if the tables that tell of releases hold; those at `odd` do not."""
    if not set(ledger.UNRECORDED) <= package.tables.keys():
        return []
    changes, releases = (package.tables[name].path for name in ledger.UNRECORDED)
    if releases not in odd and (apart := kept.apart(package)):
        return apart
    if {changes, releases} & odd:
        return []
    return kept.problems(package) or released.problems(package, con) or contract.problems(package)


def _causes(package: Package, found: list[Problem]) -> list[Problem]:
    """Leave out the lines of the ledger whose release has a folder, and no line that holds: that is told."""
    path = package.tables["releases"].path if "releases" in package.tables else ""
    if not any(problem.path == path or problem.rule == "released-unheld" for problem in found):
        return found
    there = set(kept.folders(package.root))
    return [one for one in found if one.rule != "change-of-a-release" or one.key.partition("/")[0] not in there]
