"""Change one cell of a row and, where a release holds the row, record why.

python -m scripts correct claims kbs-20250114-2 modality possible --reason coder_error
python -m scripts correct documents kbs-20250114 note "a broadcast of two minutes" --reason editorial --note "was blank"
"""

import argparse

from scripts.cli import add_folder, folder, print_problems
from scripts.curation import corrections
from scripts.datapackage import atomic_write
from scripts.datapackage.errors import CallOff
from scripts.history.ledger import UNRELEASED, Change


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    corrections.add_arguments(parser)
    parser.add_argument("column", metavar="COLUMN")
    parser.add_argument("value", metavar="VALUE", help="the cell as it should be; '' for blank")
    add_folder(parser)


def run(arguments: argparse.Namespace) -> int:
    """Change the cell; print what does not hold afterwards."""
    root = folder(arguments)
    if not isinstance(arguments.value, str):
        raise CallOff("`--` is the end of options, not a value; write another cell")
    with atomic_write.locked(root):
        row = corrections.find(root, arguments.table, arguments.key)
        field = next((field for field in row.table.fields if field.name == arguments.column), None)
        if field is None:
            raise CallOff(f"{row.table.path} has no column `{arguments.column}`; it has {', '.join(row.table.header)}")
        if field.name in row.table.primary_key:
            raise CallOff("a key is never changed: withdraw the row and add another")
        if arguments.reason == "editorial" and not field.prose:
            raise CallOff(f"`{field.name}` bears on the figures; name the reason why it was not right")
        if not arguments.value.isprintable():
            raise CallOff("the value holds a line break or another character that is not printed; leave it out")
        place = row.table.header.index(field.name)
        old = row.cells[place]
        changed = [*row.cells[:place], arguments.value, *row.cells[place + 1 :]]
        rows = [*row.rows[: row.place], changed, *row.rows[row.place + 1 :]]
        line = Change(
            UNRELEASED,
            row.table.name,
            row.key,
            field.name,
            "corrected",
            old,
            arguments.value,
            arguments.reason,
            arguments.note,
        )
        return print_problems(corrections.write(row, rows, line))
