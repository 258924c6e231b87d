"""`connect`: DuckDB with all tables, views and macros, today or as they were."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from . import versions
from .installed import DATA, HISTORY, resources
from .versions import Day

if TYPE_CHECKING:
    import duckdb

LEDGER = ("changes", "releases")  # whose rows name their version


def connect(*, version: str | None = None, released_by: Day | None = None) -> duckdb.DuckDBPyConnection:
    """Return a connection to a new DuckDB in memory with all tables, views and macros, and their comments.

    `version` and `released_by` are those of `read`, for all tables: views are today's, of the tables of then.
    Raises `ValueError` where there is no such version or day, `ImportError` where DuckDB is not installed.
    """
    number = versions.find(version, released_by)
    try:
        import duckdb
    except ImportError:
        raise ImportError("`connect` needs duckdb, which is not installed; `read` does without") from None
    con = duckdb.connect()
    con.execute("set enable_progress_bar = false")  # it is drawn on stdout
    script = (DATA / "figures.sql").read_text("utf-8")
    con.execute(script.replace("read_csv('", f"read_csv('{_pattern(DATA)}/"))
    if number is not None:
        _put_back(con, number)
    con.execute("reset enable_progress_bar")
    return con


def _put_back(con: duckdb.DuckDBPyConnection, number: str) -> None:
    """Give the tables the rows that they had at a version."""
    come = ", ".join(f"'{one}'" for one in versions.past(number))
    for table in resources(HISTORY).keys() - {versions.DATED}:
        path = f"{_pattern(HISTORY)}/parquet/{table}.parquet"
        con.execute(f"delete from {table}")
        con.execute(
            f"insert into {table} select * exclude (since, until) from read_parquet('{path}')\n"
            f"where since in ({come}) and (until is null or until not in ({come}))"
        )
    for table in LEDGER:
        con.execute(f"delete from {table} where version not in ({come})")
    con.execute(f"delete from claims_history where since not in ({come})")
    con.execute(f"update claims_history set until = null where until not in ({come})")


def _pattern(folder: object) -> str:
    """Return a folder as DuckDB reads it between single quotes, where `*`, `?` and `[` make a pattern."""
    return re.sub(r"[\[*?]", r"[\g<0>]", str(folder)).replace("'", "''")
