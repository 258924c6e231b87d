"""The yardstick: one bare typed scan of claims.csv, every column read and nothing checked."""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from bench.engines.places import Place, main
from scripts.database.connection import TYPES, file, literal, name
from scripts.datapackage.package import Table, read


def scan(folder: Path) -> Iterator[Place]:
    """Read every cell of claims.csv in its type; yield nothing."""
    table = read(folder).tables["claims"]
    counts = ", ".join(f"count({name(column)})" for column in table.header)
    duckdb.connect().execute(f"select {counts} from {typed(folder, table)}").fetchall()
    yield from ()


def typed(folder: Path, table: Table) -> str:
    """Return the SQL that reads a table of a package, every column in its type."""
    columns = ", ".join(f"{literal(field.name)}: {literal(TYPES[field.type])}" for field in table.fields)
    return f"""read_csv({file(folder / table.path)}, auto_detect = false, header = true, delim = ',',
                        quote = '"', escape = '"', columns = {{{columns}}}, ignore_errors = true)"""


if __name__ == "__main__":
    main(scan)
