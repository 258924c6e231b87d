"""Keys that were withdrawn: none is given again to another row, so that what was said of it stays said of it.

The same row may come back. Rows that a release holds were looked at when it was cut.
"""

from collections.abc import Iterator

import duckdb

from scripts import past
from scripts.ledger import UNRELEASED
from scripts.package import Table
from scripts.past import Place
from scripts.problems import Problem
from scripts.sql import literal, name

RULE = "withdrawn-key"
FIX = "give the row a key that no other has had; a row that was withdrawn by mistake comes back with the cells it had"
Key = tuple[str, str]  # table, key


def keys(con: duckdb.DuckDBPyConnection) -> dict[Key, str]:
    """Return when and why each key was withdrawn that is no row's now; `con` holds the text of the ledger."""
    sql = (
        "select resource, key, change, version, reason, note from text.changes "
        "left join (select version, _line as place from text.releases) using (version) "
        "semi join (select resource, key from text.changes where change = 'withdrawn') using (resource, key) "
        "where change in ('added', 'withdrawn') "
        "qualify row_number() over (partition by resource, key order by coalesce(place, 9e9) desc) = 1"
    )
    return {
        (resource, key): ", ".join(filter(None, [version, reason, note]))
        for resource, key, change, version, reason, note in con.execute(sql).fetchall()
        if change == "withdrawn"
    }


def problems(con: duckdb.DuckDBPyConnection, table: Table, order: list[Place]) -> Iterator[Problem]:
    """Yield the rows that wait for a release under a key that was withdrawn from another."""
    if not con.execute(
        f"select 1 from text.changes where change = 'withdrawn' and resource = {literal(table.name)} limit 1"
    ).fetchall():
        return
    for line, key, place in con.execute(_again(table, order)).fetchall():
        version = order[place - 1].version
        waits = version == UNRELEASED
        when = "by a line of the ledger that waits for a release" if waits else f"in {version}"
        message = f"the key was withdrawn {when}, and this is another row"
        fix = f"{FIX}; if this one is right, take that line out" if waits else FIX
        yield Problem(table.path, line, table.primary_key[0], key, RULE, message, fix)


def _again(table: Table, order: list[Place]) -> str:
    """Return the SQL for line and key of such rows, and the place of the version that withdrew the key."""
    gone = (
        f"with said as materialized ({past.lines(table, order)}),\n"
        "gone as (select key, place, change, old, field from said semi join "
        "(select key from said where change = 'withdrawn') using (key) where change in ('added', 'withdrawn') "
        "qualify row_number() over (partition by key order by place desc) = 1)\n"
    )
    stood: dict[str, list[int]] = {}
    for place in order:
        for column in filter(None, place.withdrawn):
            stood.setdefault(column, []).append(place.number)
    differs = " or ".join(
        f"(place in ({', '.join(map(str, stood[column]))}) and coalesce(given.{name(column)}, '') <> "
        f"{past.old(column, order)})"
        for column in table.header
        if column in stood
    )
    return (
        f"{gone}select _line, key, place from text.{name(table.name)} as given "
        f"join gone on key = {past.key(table, 'given')} where change = 'withdrawn' and ({differs or 'false'}) "
        "order by _line"
    )
