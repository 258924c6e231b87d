"""Change cells of rows and, where a release holds a row, record why; nothing is written that would not be valid.

python -m scripts correct claims kbs-20250114-2 modality possible --reason coder_error
python -m scripts correct documents kbs-20250114 note "a broadcast of two minutes" --reason editorial --note "was blank"
python -m scripts correct --file changes.csv

A file has many changes, all or none: a CSV with the columns resource, key, field, change, new, reason and note, as in
data/changes.csv. A change is corrected (`new` is the cell), withdrawn, or added (`new` is the row as a JSON object).
"""

import argparse
import csv
import io
from pathlib import Path

from scripts.cli import add_folder, folder, print_problems
from scripts.curation import corrections
from scripts.curation.corrections import REASONS, Draft
from scripts.datapackage import atomic_write, untrusted
from scripts.datapackage.errors import UsageError
from scripts.datapackage.untrusted import Unreadable

COLUMNS = ["resource", "key", "field", "change", "new", "reason", "note"]


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    for name, said in (
        ("table", None),
        ("id", "key of the row; several key cells are joined by /"),
        ("column", None),
        ("value", "the cell as it should be; '' for blank"),
    ):
        parser.add_argument(name, metavar=name.upper(), nargs="?", help=said)
    corrections.add_reason(parser, required=False)
    parser.add_argument("--file", metavar="FILE", help="changes, a line each, instead of one")
    add_folder(parser)


def run(arguments: argparse.Namespace) -> int:
    """Make the changes, or print what would not be valid with them."""
    root = folder(arguments)
    one = (arguments.table, arguments.id, arguments.column, arguments.value)
    if (arguments.file is None) == (None in one):
        raise UsageError("name TABLE ID COLUMN VALUE, or a file of changes with --file")
    if arguments.file is None and arguments.reason is None:
        raise UsageError(f"say why with --reason: {', '.join(REASONS)}")
    with atomic_write.locked(root):
        draft = Draft(root)
        if arguments.file is None:
            draft.correct(*one, arguments.reason, arguments.note)
        else:
            _make(draft, Path(arguments.file))
        found = draft.commit()
    if not found:
        print("".join(f"{line}\n" for line in draft.made), end="")
    return print_problems(found)


def _make(draft: Draft, path: Path) -> None:
    """Make the changes of a file. Raises `UsageError` with the line of one that cannot be made."""
    try:
        rows = csv.reader(io.StringIO(untrusted.read_text(path)), strict=True)
        if (header := next(rows, [])) != COLUMNS:
            raise UsageError(f"{path}:1: the columns are {','.join(header)}; write {','.join(COLUMNS)}")
        for row in rows:
            try:
                if len(row) != len(COLUMNS):
                    raise UsageError(f"{len(row)} cells, not {len(COLUMNS)}")
                _change(draft, *row)
            except UsageError as off:
                raise UsageError(f"{path}:{rows.line_num}: {off}") from None
    except csv.Error as error:
        raise UsageError(f"{path}:{rows.line_num}: {error}") from None
    except Unreadable as found:
        raise UsageError(f"{path}:{found.line}: {found.message}; {found.fix}") from None


def _change(draft: Draft, resource: str, key: str, field: str, change: str, new: str, reason: str, note: str) -> None:
    if change == "added":
        draft.add(resource, corrections.from_json(new))
    elif reason not in REASONS:
        raise UsageError(f"`{reason}` is no reason; it is one of {', '.join(REASONS)}")
    elif change == "corrected":
        draft.correct(resource, key, field, new, reason, note)
    elif change == "withdrawn":
        draft.withdraw(resource, key, reason, note)
    else:
        raise UsageError(f"`{change}` is no change; write corrected, withdrawn or added")
