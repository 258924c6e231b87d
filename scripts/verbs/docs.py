"""Bring what is derived in the documentation up to date: DICTIONARY.md, results in README.md and docs/, the picture.

python -m scripts docs
"""

import argparse

import duckdb

from scripts import cookbook, database, dictionary, history, stage
from scripts.call import HOLDS, add_folder, folder
from scripts.errors import CallOff
from scripts.opened import opened
from scripts.package import Package, dataset


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_folder(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write the files."""
    root = folder(arguments)
    with stage.locked(root):
        stage.write(root, files(*opened(root, dataset())))
    return HOLDS


def files(package: Package, con: duckdb.DuckDBPyConnection) -> dict[str, bytes]:
    """Return every derived file by its path; `con` holds the text of the tables."""
    from scripts import pictures  # Altair: 0.4 s

    database.typed(con, package, lines=False)
    history.create(con, package)
    found = {dictionary.PATH: dictionary.text(package).encode()}
    for page in cookbook.pages(package.root):
        path = page.relative_to(package.root).as_posix()
        try:
            found[path] = cookbook.renewed(con, page.read_text("utf-8")).encode()
        except duckdb.Error as error:
            raise CallOff(f"{path} has a query that does not run: {error}; change the query there") from None
    if (picture := pictures.of_readme(con)) is not None:
        found[pictures.README] = picture.encode()
    return found
