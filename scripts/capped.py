"""Problems by the million: the first of each rule and table are kept, the rest are counted."""

from collections.abc import Iterator

import duckdb

from scripts.package import Table
from scripts.problems import Problem, count
from scripts.sql import literal

MOST = 10_000  # problems of a rule in a table that are kept
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
        message = f"{count(found - MOST, 'row')} more that are not listed"
        yield Problem(table.path, 0, field, "", rule, message, "mend those that are listed, then validate again")
