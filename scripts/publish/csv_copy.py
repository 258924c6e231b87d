"""A relation of DuckDB as CSV in canonical form."""

from pathlib import Path

import duckdb

from scripts.database.connection import TYPES
from scripts.database.quoting import canonical_line, name
from scripts.datapackage import canonical_csv

BATCH = 10_000  # rows


def write(con: duckdb.DuckDBPyConnection, rows: str, path: Path) -> None:
    """Write what stands behind `from` in a query as CSV, in the order of its rows."""
    columns = {column: type_ for column, type_, *_ in con.execute(f"describe from {rows}").fetchall()}
    cells = ", ".join(_cell(column, type_) for column, type_ in columns.items())
    con.execute(f"select {canonical_line(columns)} from (select {cells} from {rows})")
    with path.open("wb") as written:
        written.write(canonical_csv.line(columns).encode())
        while batch := con.fetchmany(BATCH):
            written.write("".join(f"{line}\n" for (line,) in batch).encode())


def _cell(column: str, type_: str) -> str:
    """Return the select item that writes a column as `canonical_csv.cell` does: a whole number has no point."""
    if type_ != TYPES["number"]:
        return f"{name(column)}::varchar as {name(column)}"
    whole = f"{name(column)} = trunc({name(column)}) and abs({name(column)}) < 1e38"
    return f"case when {whole} then {name(column)}::hugeint::varchar else {name(column)}::varchar end as {name(column)}"
