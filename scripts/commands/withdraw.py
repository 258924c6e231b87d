"""Take a row out, with what stands on it alone, and record why where a release holds it; its key is never used again.

python -m scripts withdraw claims kbs-20250114-4 --reason duplicate
python -m scripts withdraw documents kbs-20250114 --reason duplicate --note "kbs-20250113 is the same page" --yes

With a document go its claims and relays, and every statement, source and other row that nothing else uses. They are
listed first; a terminal is asked, elsewhere --yes is needed.
"""

import argparse
import sys

from scripts.cli import USAGE, add_folder, folder, print_problems
from scripts.curation import corrections
from scripts.curation.corrections import Draft
from scripts.datapackage import atomic_write


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("table", metavar="TABLE")
    parser.add_argument("id", metavar="ID", help="key of the row; several key cells are joined by /")
    corrections.add_reason(parser, required=True)
    parser.add_argument("--yes", action="store_true", help="withdraw all that is listed without being asked")
    add_folder(parser)


def run(arguments: argparse.Namespace) -> int:
    """List the rows and take them out, or print what would not be valid without them."""
    root = folder(arguments)
    with atomic_write.locked(root):
        draft = Draft(root)
        draft.withdraw(arguments.table, arguments.id, arguments.reason, arguments.note)
        print("".join(f"{line}\n" for line in draft.made), end="", flush=True)
        if len(draft.made) > 1 and not arguments.yes and not _agreed(len(draft.made)):
            return USAGE
        return print_problems(draft.commit())


def _agreed(count: int) -> bool:
    if not sys.stdin.isatty():
        print(f"nothing is withdrawn: these are {count} rows; add --yes to withdraw them all", file=sys.stderr)
        return False
    try:
        return input(f"Withdraw these {count} rows? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:  # Ctrl-D
        return False
