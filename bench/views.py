"""Each view over Parquet against a scan of the columns that it reads."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import duckdb

from bench.engines.scan import typed
from bench.packages import CLEAN, DONE
from scripts.database import views
from scripts.database.connection import file, literal, name
from scripts.datapackage.package import Package, read
from scripts.history import claims_history


def measured(work: Path, size: str, rounds: int) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield each view with its median seconds, those of the scan of what it reads, and their ratio."""
    package = read(work / size / CLEAN)
    folder = work / size / "parquet"
    _copies(package, folder)
    con, few = duckdb.connect(), duckdb.connect()  # as a user's, with all that speeds it up
    for table in package.tables:
        rows = f"read_parquet({file(folder / f'{table}.parquet')})"
        con.execute(f"create view {name(table)} as from {rows}")
        few.execute(f"create table {name(table)} as from {rows} limit 1000")
    for one in (con, few):
        one.execute(f"create view {claims_history.NAME} as {claims_history.sql(con, package)}")
        views.create_static(one)
    for view in views.views():
        counts = ", ".join(f"count({name(column)})" for column in view.columns)
        wall = median(_seconds(con, f"select {counts} from {name(view.name)}") for _ in range(rounds))
        scans = _scans(few, package, view.name)
        bare = sum(median(_seconds(con, scan) for _ in range(rounds)) for scan in scans)
        print(f"{size} {view.name}: {wall:.2f} s, scan {bare:.2f} s", flush=True)
        yield view.name, {"wall": round(wall, 3), "scan": round(bare, 3), "ratio": round(wall / bare, 1)}


def _copies(package: Package, folder: Path) -> None:
    """Write the tables, typed, as Parquet, if they are not there."""
    if (folder / DONE).is_file():
        return
    folder.mkdir(exist_ok=True)
    con = duckdb.connect()
    for table in package.tables.values():
        file = literal(str(folder / f"{table.name}.parquet"))
        con.execute(f"copy (from {typed(package.root, table)}) to {file} (format parquet)")
    (folder / DONE).touch()


def _scans(con: duckdb.DuckDBPyConnection, package: Package, view: str) -> list[str]:
    """Return the queries that read every column that a view reads, one a table; `con` holds tables, of few rows."""
    [(_, plan)] = con.execute(f"explain (format json) from {name(view)}").fetchall()
    found: dict[str, set[str]] = {}
    for node in _nodes(json.loads(plan)):
        said = node["extra_info"]
        if (table := str(said.get("Table", "")).rpartition(".")[2].strip('"')) in package.tables:
            words = set(re.findall(r"\w+", f"{said.get('Projections')} {said.get('Filters')}"))
            found.setdefault(table, set()).update(words & set(package.tables[table].header))
    digests = {table: [f"bit_xor(hash({name(column)}))" for column in sorted(of)] for table, of in found.items()}
    return [f"select {', '.join(listed) or 'count(*)'} from {name(table)}" for table, listed in digests.items()]


def _nodes(nodes: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for node in nodes:
        yield node
        yield from _nodes(node["children"])


def _seconds(con: duckdb.DuckDBPyConnection, query: str) -> float:
    start = time.perf_counter()
    con.execute(query).fetchall()
    return time.perf_counter() - start
