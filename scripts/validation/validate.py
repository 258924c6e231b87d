"""Validation in four stages: package, cells, rows, tables; each looks at every row before the next begins."""

from collections.abc import Iterable
from pathlib import Path

import duckdb

from scripts.database import connection, progress
from scripts.database.opened import Opened, open_package, without_problems
from scripts.datapackage import release_folders
from scripts.datapackage.package import LEDGER, Package
from scripts.datapackage.problems import FORM, STOPS, Problem, ordered
from scripts.history import ledger
from scripts.validation import (
    accepted_problems,
    cells,
    compatibility,
    kept_releases,
    last_release,
    row_rules,
    table_checks,
)


def sound(
    root: Path, needs: Iterable[str] = LEDGER, *, remembered: bool = True
) -> tuple[Package, duckdb.DuckDBPyConnection]:
    """Return a valid package, and a connection with its typed tables. Raises as `opened`."""
    return without_problems(validate(root, remembered=remembered), needs)


def validate(root: Path, *, remembered: bool = True) -> Opened:
    """Validate the package in a folder, where nothing is changed, in four stages.

    Rules and checks are those of this repository: no code or SQL of the folder is run. With `remembered` the cache may
    say that nothing is wrong with the cells or rows of a table.
    """
    lowest = open_package(root, remembered=remembered)
    found, package, con = lowest.problems, lowest.package, lowest.con
    if not package or not con or any(problem.rule in STOPS for problem in found):
        return lowest
    whole, lost = not found, _lost(package, found)
    with progress.shown(package) as say:
        say("cells")
        found += cells.problems(con, package, lost, remembered=remembered)
        if shifted := {problem.path for problem in found if problem.rule in STOPS}:
            return Opened(ordered(p for p in found if p.path not in shifted or p.rule != "order"), package, con)
        broken = {(problem.path, problem.line) for problem in found if problem.rule not in FORM}
        connection.typed(con, package, lines=True)
        say("rows")
        found += row_rules.problems(con, package, broken, remembered=remembered)
        say("tables")
        found += table_checks.problems(con, package, broken, lost)
    asked = not any(problem.rule in STOPS for problem in found) and not broken
    if whole and asked:
        found += _held(con, package, {problem.path for problem in found})
    found = _causes(package, found)
    found = accepted_problems.sift(root, package.tables.values(), found, asked=asked and not lost)
    return Opened(ordered(found), package, con)


def _lost(package: Package, found: list[Problem]) -> set[str]:
    """Return the tables of which a row could not be read."""
    paths = {problem.path for problem in found if problem.loses}
    return {table.name for table in package.tables.values() if table.path in paths}


def _held(con: duckdb.DuckDBPyConnection, package: Package, odd: set[str]) -> list[Problem]:
    """Hold the package against its last release, if the tables that tell of releases hold; those at `odd` do not."""
    if not set(ledger.UNRECORDED) <= package.tables.keys():
        return []
    changes, releases = (package.tables[name].path for name in ledger.UNRECORDED)
    if releases not in odd and (apart := kept_releases.apart(package)):
        return apart
    if {changes, releases} & odd:
        return []
    return kept_releases.problems(package) or last_release.problems(package, con) or compatibility.problems(package)


def _causes(package: Package, found: list[Problem]) -> list[Problem]:
    """Leave out the lines of the ledger whose release has a folder, and no line that holds: that is told."""
    path = package.tables["releases"].path if "releases" in package.tables else ""
    if not any(problem.path == path or problem.rule == "released-unheld" for problem in found):
        return found
    there = set(release_folders.folders(package.root))
    return [one for one in found if one.rule != "change-of-a-release" or one.key.partition("/")[0] not in there]
