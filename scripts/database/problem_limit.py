"""Problems by the million: the first of each rule and table are kept, the rest are counted."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import duckdb

from scripts.database.quoting import literal
from scripts.datapackage.package import Table
from scripts.datapackage.problems import NOT_LISTED, Problem, count

MOST = 10_000  # problems of a rule in a table that are kept
FEW = 20  # problems of a rule that are listed even where they are most of a table
SHARE = 100  # one line in so many, from which on what is wrong has one cause
LIKEWISE = "; likewise in "
ALL = 3  # lines from which on what is wrong with every one has one cause
BROKEN = "text._broken"  # resource and _line of rows past that number, whose cells do not hold


def rows(con: duckdb.DuckDBPyConnection, found: str, where: str = "true") -> list[tuple[str | int, ...]]:
    """Return the first rows of a table of offenders, by line."""
    return con.execute(f"select * from {found} where {where} order by _line limit {MOST}").fetchall()


def number(con: duckdb.DuckDBPyConnection, found: str) -> int:
    """Return how many offenders a table holds."""
    return int(con.execute(f"select count(*) from {found}").fetchall()[0][0])


def keep_lines(con: duckdb.DuckDBPyConnection, table: Table, found: str) -> None:
    """Keep the lines of a table of offenders too long to be listed: no rule is asked of them."""
    con.execute(f"insert into {BROKEN} select {literal(table.name)}, _line from {found}")


def rest(table: Table, field: str, rule: str, found: int) -> Iterator[Problem]:
    """Yield the count of the offenders that are not listed, if any."""
    if found > MOST:
        message = f"{count(found - MOST, 'row')} {NOT_LISTED}"
        yield Problem(table.path, 0, field, "", rule, message, "mend those that are listed, then validate again")


def throughout(found: int, of: int) -> bool:
    """Whether so many offenders among so many lines have one cause, so that they are told once."""
    return found > (ALL if found == of else max(FEW, of // SHARE))


def gathered(table: Table, problems: list[Problem], counts: Mapping[tuple[str, str], int], lines: int) -> list[Problem]:
    """Return the problems of the lines of a table, those of one cause as one; `counts` is by rule and fix."""
    kept: list[Problem] = []
    for (rule, fix), number in counts.items():
        listed = [problem for problem in problems if (problem.rule, problem.fix) == (rule, fix)]
        if throughout(number, lines):
            kept.append(once(min(listed), number))
        else:
            kept += [*listed, *rest(table, "", rule, number)]
    return kept


def once(first: Problem, number: int) -> Problem:
    """Return the first problem of those that have one cause, with their number."""
    if number == 1:
        return first
    return replace(first, message=f"{first.message}{LIKEWISE}{count(number - 1, 'more line')}")
