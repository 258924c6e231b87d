"""Take a row out and, where a release holds it, record why; its key is never used again.

python -m scripts withdraw claims kbs-20250114-4 --reason duplicate
"""

import argparse

from scripts.cli import add_folder, folder, print_problems
from scripts.curation import corrections
from scripts.datapackage import atomic_write
from scripts.datapackage.errors import CallOff
from scripts.history.ledger import UNRELEASED, WHOLE, Change, as_list


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    corrections.add_arguments(parser)
    add_folder(parser)


def run(arguments: argparse.Namespace) -> int:
    """Take the row out; print what does not hold afterwards, such as rows that name it."""
    root = folder(arguments)
    if arguments.reason == "editorial":
        raise CallOff("a row that goes changes the figures; name the reason why it was not right")
    with atomic_write.locked(root):
        row = corrections.find(root, arguments.table, arguments.key)
        old = as_list(corrections.released_cells(row))
        line = Change(
            UNRELEASED, row.table.name, row.key, WHOLE, "withdrawn", old, "", arguments.reason, arguments.note
        )
        found = corrections.write(row, [*row.rows[: row.place], *row.rows[row.place + 1 :]], line)
    return print_problems(found)
