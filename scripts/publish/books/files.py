"""The files of dist/ that people open without code."""

from pathlib import Path

import duckdb

from scripts.datapackage.package import Json, Package
from scripts.publish.books import codebook, columns, stata, workbook


def write(con: duckdb.DuckDBPyConnection, package: Package, descriptor: Json, out: Path) -> None:
    """Write codebook, workbook and Stata file; `con` holds tables and views, `descriptor` is that of dist/."""
    relations = columns.relations(con, package, descriptor)
    for path, text in {
        codebook.HTML: codebook.html(relations, descriptor),
        codebook.CSV: codebook.csv(relations),
    }.items():
        (out / path).write_text(text, "utf-8", newline="\n")
    workbook.write(con, relations, descriptor, out / workbook.PATH)
    stata.write(con, descriptor, out / stata.PATH)
