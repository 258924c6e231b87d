"""Run one SELECT over the tables and views, read-only, out of reach of files and network, within limits.

python -m scripts query "select source_id, metric_id, value from claims_wide where metric_id = 'killed'"
python -m scripts query "from claims_by_source" --format csv
python -m scripts query "from latest_by_source" --version 0.3.0

In JSON a number that is none of JSON's is the text NaN, Infinity or -Infinity, and a day or any other value that JSON
lacks is its text.
"""

import argparse
import csv
import json
import math
import sys
from typing import Any

from scripts.cli import VALID, add_folder, folder, released_version, seconds
from scripts.datapackage import canonical_csv
from scripts.datapackage.descriptor import package_of
from scripts.datapackage.errors import UsageError
from scripts.datapackage.package import LEDGER
from scripts.publish import cookbook
from scripts.query import sandbox
from scripts.query.result import Result
from scripts.query.sandbox import ROWS, SECONDS

MOST_ROWS = 1_000_000_000


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_folder(parser)
    parser.add_argument("sql", metavar="SQL", help="one SELECT; DICTIONARY.md lists tables, views and columns")
    parser.add_argument("--version", metavar="V", help="a released version (default: the present)")
    parser.add_argument("--format", choices=("table", "csv", "json"), default="table")
    parser.add_argument("--rows", type=_rows, default=ROWS, metavar="N", help=f"at most so many (default: {ROWS:,})")
    parser.add_argument("--seconds", type=seconds, default=SECONDS, metavar="S", help=f"at most (default: {SECONDS})")


def _rows(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0
    if not 1 <= number <= MOST_ROWS:
        raise argparse.ArgumentTypeError(f"`{text}` is no number of rows; write 1 to {MOST_ROWS:,}, in digits alone")
    return number


def run(arguments: argparse.Namespace) -> int:
    """Print the result."""
    package = package_of(folder(arguments), LEDGER if arguments.version else ())
    version = released_version(package, arguments.version) if arguments.version else None
    result = sandbox.ask(package, version, arguments.sql, rows=arguments.rows, seconds=arguments.seconds)
    {"table": _table, "csv": _csv, "json": _json}[arguments.format](result)
    return VALID


def _table(result: Result) -> None:
    print(cookbook.table(result.names, result.rows))


def _csv(result: Result) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(result.names)
    writer.writerows([canonical_csv.cell(cell) for cell in row] for row in result.rows)


def _json(result: Result) -> None:
    if twice := [name for place, name in enumerate(result.names) if name in result.names[:place]]:
        raise UsageError(f"two columns are called `{twice[0]}`, which JSON cannot hold; name one otherwise with `as`")
    records = [dict(zip(result.names, map(_value, result.columns, row), strict=True)) for row in result.rows]
    print(json.dumps(records, indent=2, ensure_ascii=False, allow_nan=False))


def _value(column: tuple[str, str], cell: Any) -> Any:  # noqa: ANN401  (JSON)
    if isinstance(cell, float) and not math.isfinite(cell):
        return "NaN" if math.isnan(cell) else "Infinity" if cell > 0 else "-Infinity"
    if isinstance(cell, str) and (column[1].endswith("]") or column[1].startswith(("STRUCT", "MAP", "UNION"))):
        return json.loads(cell, parse_constant=str)
    return cell
