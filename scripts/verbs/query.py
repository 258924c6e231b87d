"""Run one SELECT over the tables and views, read-only, out of reach of files and network, within limits.

python -m scripts query "select source_id, metric_id, value from claims_wide where metric_id = 'killed'"
python -m scripts query "from claims_by_source" --format csv
python -m scripts query "from latest_by_source" --version 0.3.0
"""

import argparse
import csv
import json
import sys
from collections.abc import Sequence
from typing import Any

from scripts import canonical, cookbook, history, queried
from scripts.call import HOLDS, add_folder, folder, released_version
from scripts.package import read
from scripts.queried import ROWS, SECONDS


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_folder(parser)
    parser.add_argument("sql", metavar="SQL", help="one SELECT; DICTIONARY.md lists tables, views and columns")
    parser.add_argument("--version", metavar="V", help="a released version (default: the present)")
    parser.add_argument("--format", choices=("table", "csv", "json"), default="table")
    parser.add_argument("--rows", type=int, default=ROWS, metavar="N", help=f"at most so many rows (default: {ROWS:,})")
    parser.add_argument("--seconds", type=float, default=SECONDS, metavar="S", help=f"at most (default: {SECONDS})")


def run(arguments: argparse.Namespace) -> int:
    """Print the result."""
    package = read(folder(arguments))
    version = released_version(package, arguments.version) if arguments.version else None
    con = queried.connect(package)
    queried.tables(con, package, version)
    past = {} if version else {history.NAME: history.sql(con, package)}
    queried.define(con, {**past, **queried.views_of_today()}, partial=bool(version))
    queried.lock(con)
    result = queried.select(con, arguments.sql, rows=arguments.rows, seconds=arguments.seconds)
    {"table": _table, "csv": _csv, "json": _json}[arguments.format](result.names, result.rows)
    return HOLDS


def _table(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    print(cookbook.table(header, rows))


def _csv(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([canonical.cell(cell) for cell in row] for row in rows)


def _json(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    records = [dict(zip(header, row, strict=True)) for row in rows]
    print(json.dumps(records, indent=2, ensure_ascii=False, default=canonical.cell))
