"""What tables and views were in every version: each row with the versions from which and until which it reads so."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from scripts.database import views
from scripts.database.connection import literal, name
from scripts.datapackage.package import Package, Table
from scripts.history import as_of, claims_history, ledger
from scripts.history.as_of import Place

VIEWS = ("claims_wide",)  # whose history is kept as well; they stand on tables alone
NOW = "now_"  # before the name of a table: its present rows, where the history of a table is computed
KEPT = "history_"  # before the name of a table or view: its history


@dataclass(frozen=True)
class History:
    """The history of a table or view: its name, the relation with its rows, and the columns that sort these."""

    name: str
    relation: str
    order: tuple[str, ...]


@contextmanager
def histories(con: duckdb.DuckDBPyConnection, package: Package) -> Iterator[list[History]]:
    """Have the histories of tables and of `VIEWS` in relations of `con`, which holds typed tables, for a while."""
    [(catalog,)] = con.execute("select current_database()").fetchall()
    con.execute("attach ':memory:' as past")
    con.execute("create schema past.of_then")
    try:
        tables = [_of_table(con, package, table) for table in ledger.recorded(package)]
        con.execute("use past.of_then")
        yield [*tables, *(_of_view(con, package, view) for view in views.views() if view.name in VIEWS)]
    finally:
        con.execute(f"use {catalog}.main")
        con.execute("detach past")


def _of_table(con: duckdb.DuckDBPyConnection, package: Package, table: Table) -> History:
    con.execute(f"create temp view {name(NOW + table.name)} as from {name(table.name)}")
    sql = claims_history.sql(con, package, table.name, name(NOW + table.name))
    relation = f"past.main.{name(KEPT + table.name)}"
    con.execute(f"create table {relation} as {sql}")
    con.execute(f"drop view temp.{name(NOW + table.name)}")
    key = (f"cast({name(column)} as varchar)" for column in table.primary_key)
    return History(table.name, relation, (*key, "since"))


def _of_view(con: duckdb.DuckDBPyConnection, package: Package, view: views.View) -> History:
    """Compute a view over the tables of each version; a row that reads the same in the next is the same row."""
    places = as_of.places(package, package.tables[claims_history.OF])
    each, relation = f"past.main.{name(view.name)}", f"past.main.{name(KEPT + view.name)}"
    for place in places:
        _tables_of(con, package, places, place)
        rows = f"select {place.number} as _place, * from ({view.sql})"
        con.execute(f"create table {each} as {rows}" if place is places[0] else f"insert into {each} {rows}")
    columns = ", ".join(map(name, view.columns))
    versions = ", ".join(f"({place.number}, {literal(place.version)})" for place in places)
    con.execute(
        f"create table {relation} as with\n"
        f"runs as (select *, _place - row_number() over (partition by {columns} order by _place) as _run\n"
        f"  from {each}),\n"
        f"spans as (select {columns}, min(_place) as _first, max(_place) as _last\n"
        f"  from runs group by {columns}, _run),\n"
        f"versions as (from (values {versions}) as given (_place, _version))\n"
        f"select {columns}, came._version as since, went._version as until from spans\n"
        "join versions as came on came._place = _first left join versions as went on went._place = _last + 1"
    )
    return History(view.name, relation, (columns, "since"))


def _tables_of(con: duckdb.DuckDBPyConnection, package: Package, places: list[Place], place: Place) -> None:
    """Let the names of tables mean what these were at a version."""
    past = ", ".join(literal(one.version) for one in places if one.number <= place.number)
    held = f"since in ({past}) and (until is null or until not in ({past}))"
    for table in ledger.recorded(package):
        con.execute(
            f"create or replace view past.of_then.{name(table.name)} as\n"
            f"select * exclude (since, until) from past.main.{name(KEPT + table.name)} where {held}"
        )
