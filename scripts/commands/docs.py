"""Bring what is derived in the documentation up to date: DICTIONARY.md, docs/records.md, results, the picture.

python -m scripts docs
"""

import argparse

import duckdb

from scripts.cli import VALID, add_folder, folder
from scripts.database import connection
from scripts.database.opened import opened
from scripts.datapackage import atomic_write
from scripts.datapackage.errors import UsageError
from scripts.datapackage.package import Package, dataset
from scripts.history import claims_history
from scripts.publish import cookbook, dictionary, record_page


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_folder(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write the files."""
    root = folder(arguments)
    with atomic_write.locked(root):
        atomic_write.write(root, files(*opened(root, dataset())))
    return VALID


def files(package: Package, con: duckdb.DuckDBPyConnection) -> dict[str, bytes]:
    """Return every derived file by its path; `con` holds the text of the tables."""
    from scripts.publish.charts import gallery  # Altair: 0.4 s

    connection.typed(con, package, lines=False)
    claims_history.create(con, package)
    found = {dictionary.PATH: dictionary.text(package).encode(), record_page.PATH: record_page.text().encode()}
    for page in cookbook.pages(package.root):
        path = page.relative_to(package.root).as_posix()
        try:
            found[path] = cookbook.renewed(con, page.read_text("utf-8")).encode()
        except duckdb.Error as error:
            raise UsageError(f"{path} has a query that does not run: {error}; change the query there") from None
    if (picture := gallery.of_readme(con)) is not None:
        found[gallery.README] = picture.encode()
    return found
