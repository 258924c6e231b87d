"""The ladder: package, cells, rows, tables; each rung on every row before the next is climbed."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from scripts import cells, checks, contract, database, descriptor, exceptions, kept, ledger, progress, released, rows
from scripts.package import Package, read
from scripts.problems import Problem, count


@dataclass(frozen=True)
class Climb:
    """What the ladder found; the package and its tables in DuckDB, where it came so far."""

    problems: list[Problem]
    package: Package | None = None
    con: duckdb.DuckDBPyConnection | None = None

    @property
    def sum(self) -> str:
        """How many rows in how many tables were looked at, for a package that holds."""
        if not (self.package and self.con):
            return ""
        tables = [database.name(table) for table in self.package.tables]
        rows = sum(self.con.execute(f"select count(*) from {table}").fetchall()[0][0] for table in tables)
        return f"{count(rows, 'row')} in {count(len(tables), 'table')}: all holds"


def readable(root: Path) -> Climb:
    """Climb the lowest rung: the descriptor holds and every table can be read, as text, in canonical form."""
    if found := descriptor.problems(root):
        return Climb(sorted(found))
    package = read(root)
    con = database.connect(package.size)
    with progress.shown(package) as say:
        say("reading tables")
        return Climb(sorted(database.load(con, package)), package, con)


def climb(root: Path) -> Climb:
    """Climb the ladder over the package in a folder; nothing on disk is changed.

    Rules and checks are those of this repository: no code or SQL of the folder is run.
    """
    lowest = readable(root)
    found, package, con = lowest.problems, lowest.package, lowest.con
    if not package or not con or any(problem.rule == "header" for problem in found):
        return lowest
    whole = not found
    with progress.shown(package) as say:
        say("cells")
        found += cells.problems(con, package)
        broken = {(problem.path, problem.line) for problem in found if problem.rule not in FORM}
        database.typed(con, package, lines=True)
        say("rows")
        found += rows.problems(con, package, broken)
        say("tables")
        found += checks.problems(con, package, broken)
    if whole and not broken:
        found += _held(con, package, {problem.path for problem in found})
    found = _causes(package, found)
    return Climb(sorted(exceptions.sift(root, package.tables.values(), found)), package, con)


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


FORM = frozenset({"order", "quoting", "line-ending", "encoding", "blank-line"})  # the cells of such a row can be read
