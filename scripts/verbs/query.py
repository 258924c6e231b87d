"""Run one SELECT over the tables and views, read-only, out of reach of files and network.

python -m scripts query "select source_id, metric_id, value from claims_wide where metric_id = 'killed'"
python -m scripts query "from claims_by_source" --format csv
"""

import argparse
import csv
import json
import sys
from collections.abc import Sequence
from typing import Any

import duckdb

from scripts import canonical, cookbook, database, views
from scripts.call import BREAKS, HOLDS, CallOff, add_folder, folder
from scripts.ladder import readable
from scripts.problems import as_text

LOCK = ("enable_external_access = false", "python_enable_replacements = false", "lock_configuration = true")


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_folder(parser)
    parser.add_argument("sql", metavar="SQL", help="one SELECT; DICTIONARY.md lists tables, views and columns")
    parser.add_argument("--format", choices=("table", "csv", "json"), default="table")


def run(arguments: argparse.Namespace) -> int:
    """Print the result."""
    root = folder(arguments)
    lowest = readable(root)
    if lowest.problems or not (lowest.package and lowest.con):
        sys.stdout.write(as_text(lowest.problems))
        return BREAKS
    con = lowest.con
    database.typed(con, lowest.package, lines=False)
    views.create(con, lowest.package)
    con.execute("drop schema text cascade")
    for setting in LOCK:
        con.execute(f"set {setting}")
    header, rows = select(con, arguments.sql)
    {"table": _table, "csv": _csv, "json": _json}[arguments.format](header, rows)
    return HOLDS


def select(con: duckdb.DuckDBPyConnection, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return the column names and rows of one SELECT.

    Raises `CallOff` where the SQL is another statement, several, or not understood.
    """
    try:
        statements = con.extract_statements(sql)
        if [statement.type for statement in statements] != [duckdb.StatementType.SELECT]:
            raise CallOff("one SELECT is run, and nothing that changes or reaches anything else")
        con.execute(statements[0])
        return [column[0] for column in con.description or []], con.fetchall()
    except duckdb.Error as error:
        raise CallOff(str(error)) from None


def _table(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    print(cookbook.table(header, rows))


def _csv(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([canonical.cell(cell) for cell in row] for row in rows)


def _json(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    records = [dict(zip(header, row, strict=True)) for row in rows]
    print(json.dumps(records, indent=2, ensure_ascii=False, default=canonical.cell))
