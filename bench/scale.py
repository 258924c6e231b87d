"""The corpus many times over: new documents, statements, speakers, days, numbers and words, in canonical form.

A copy is all documents, statements, relays and claims once more, under a number of its own; its
numbers are multiplied by one factor, so that what held among them holds. Copies of a group share
their speakers and years. Unnamed speakers are one a country, so groups share them: their days are
left blank where years differ, as figures of one speaker must not fall from day to day.
"""

import json
import random
from collections.abc import Iterator
from math import ceil, sqrt
from pathlib import Path

import duckdb
import polars as pl

from bench import figures
from scripts.database.connection import name
from scripts.datapackage.package import DESCRIPTOR, ROOT, Table

SEED = 20241018
COPIES_A_GROUP = 50
YEARS = 30  # groups lie 0 to 29 years back
BATCH = 100  # copies made at a time: memory does not grow with their number
SCALED = ("documents", "statements", "relays", "claims")
KEYS = {"claim_id": "c", "document_id": "c", "statement_id": "c", "derived_from": "c"}
SPEAKERS = ("source_id", "publisher_id", "credited_to", "part_of")
DAYS = ("said_on", "published_on", "about_from", "about_to")


def copies(con: duckdb.DuckDBPyConnection, claims: int) -> int:
    """Return how many copies come nearest to a number of claims, at least one."""
    [(rows,)] = con.execute("select count(*) from claims").fetchall()
    return max(1, round(claims / int(rows)))


def prepare(con: duckdb.DuckDBPyConnection, number: int) -> None:
    """Make the tables `copies` (copy, prefix, grouped, years, factor), `groups`, `figures` and `shared`."""
    chance = random.Random(SEED)  # noqa: S311  (the same corpus on each run is what is wanted)
    distinct = ceil(4 * sqrt(number))  # wordings grow with the square root, as words in a corpus about do
    multiples = figures.factors(distinct)
    rows = []
    for copy in range(number):
        group = copy // COPIES_A_GROUP
        factor = multiples[copy] if copy < distinct else chance.choice(multiples)
        rows.append((copy, f"{copy:05d}-", f"g{group:04d}-" if group else "", group % YEARS, factor))
    frame = pl.DataFrame(rows, schema=["copy", "prefix", "grouped", "years", "factor"], orient="row")  # noqa: F841
    con.execute("create table copies as select * from frame")
    con.execute("create table groups as select grouped, min(years) as years from copies group by grouped")
    numbers = figures.table(con, distinct)  # noqa: F841  (read by name)
    con.execute("create table figures as select * from numbers")
    con.execute("create table shared as select source_id from sources where kind in ('unnamed', 'nobody')")


def batches(con: duckdb.DuckDBPyConnection, table: Table, number: int) -> Iterator[list[str]]:
    """Yield the lines of a scaled table, without its header, in order and batches."""
    if table.name in SCALED:
        for start in range(0, number, BATCH):
            of = f"(select * from copies where copy >= {start} and copy < {start + BATCH})"
            yield _lines(con, table, f"{_base(table)} cross join {of} as c{_figures(table)}")
    elif table.name == "sources":
        grouped = "(select *, grouped as prefix from groups)"
        one = "c.grouped = '' or b.source_id not in (from shared)"
        yield _lines(con, table, f"{_base(table)} cross join {grouped} as c where {one}")
    elif table.name == "aliases":
        one = "c.grouped = '' or (b.resource = 'sources' and b.id not in (from shared))"
        yield _lines(con, table, f"{_base(table)} cross join groups as c where {one}")
    else:
        yield _lines(con, table, _base(table))


def _base(table: Table) -> str:
    rows = "select *, source_id in (from shared) as is_shared" if table.name == "statements" else "select *"
    return f"({rows} from text.{name(table.name)}) as b"


def _figures(table: Table) -> str:
    if table.name != "claims":
        return ""
    return " join figures as f on f.claim_id = b.claim_id and f.factor = c.factor"


def _lines(con: duckdb.DuckDBPyConnection, table: Table, source: str) -> list[str]:
    cells = [_cell(table, column) for column in table.header]
    line = " || ',' || ".join(f"coalesce({_quoted(cell)}, '')" for cell in cells)
    keys = (f"encode({cells[place]})" for place in table.key_places)
    order = f" order by {', '.join(keys)}" if table.sorted else ""
    rows = con.sql(f"select {line} as line from {source}{order}").pl()
    return list(rows["line"])


def _quoted(cell: str) -> str:
    doubled = f"'\"' || replace({cell}, '\"', '\"\"') || '\"'"
    return f"case when regexp_matches({cell}, '[,\"\\r\\n]') then {doubled} else {cell} end"


def _cell(table: Table, column: str) -> str:
    """Return the SQL for a cell of a scaled table; `b` is the row, `c` its copy or group, `f` its figures."""
    cell = f"b.{name(column)}"
    if table.name in SCALED and column in KEYS:
        return f"(c.prefix || {cell})"
    if table.name in (*SCALED, "sources") and column in SPEAKERS:
        return f"(case when {cell} in (from shared) then '' else c.grouped end || {cell})"
    if table.name == "aliases" and column == "id":
        return f"(case when b.resource <> 'sources' or {cell} in (from shared) then '' else c.grouped end || {cell})"
    if table.name == "aliases" and column == "label":
        return f"({cell} || case when c.grouped = '' then '' else ' ' || c.grouped end)"
    if table.name == "documents" and column == "url":
        return f"({cell} || '#' || c.prefix)"
    if table.name == "statements" and column in ("said_on", "said_on_precision"):
        moved = _moved(cell) if column == "said_on" else cell
        return f"case when b.is_shared and c.years > 0 then null else {moved} end"
    if table.name in SCALED and column in DAYS:
        return _moved(cell)
    if table.name == "claims" and column in (*figures.BOUNDS, "wording"):
        return f"f.{column}::varchar"
    return cell


def _moved(day: str) -> str:
    return f"({day}::date - to_years(c.years::integer))::date::varchar"


def package_at(folder: Path) -> None:
    """Write the Table Schemas of the shipped package and its descriptor, as if never released, into a folder."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    descriptor = {**json.loads((ROOT / DESCRIPTOR).read_text("utf-8")), "version": "0.0.0"}
    (folder / DESCRIPTOR).write_text(json.dumps(descriptor, indent=2, ensure_ascii=False), "utf-8")
    for file in sorted((ROOT / "schemas" / "tables").glob("*.json")):
        target = folder / file.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.read_bytes())
