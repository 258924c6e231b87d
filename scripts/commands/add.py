"""Code documents from records, one JSON object a line: rows for all tables in one step, all or nothing.

python -m scripts add intake.jsonl --dry-run
python -m scripts add intake.jsonl

Figures may be rough, as noted: rules make cells of them, labels resolve through data/aliases.csv. What needs a reader
comes back with file, line and choices; name the column in the figure (`"metric_id": "sent"`) and add the file again.
A document that is there already, by its address, gets the figures that it does not have yet.
"""

import argparse
import sys
from collections.abc import Iterator
from contextlib import nullcontext

from rich.console import Console
from rich.progress import track

from scripts.cli import PROBLEMS, VALID, add_folder, folder
from scripts.curation import given, records
from scripts.curation.coder import Coder
from scripts.curation.commit import problems
from scripts.curation.given import Record
from scripts.database.opened import opened
from scripts.datapackage import atomic_write
from scripts.datapackage.package import dataset
from scripts.datapackage.problems import as_text
from scripts.validation import withdrawn_keys

LONG = 2000  # records from which on progress is shown on a terminal


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="records, one JSON object a line")
    parser.add_argument("--dry-run", action="store_true", help="print the rows that would be added, and write nothing")
    add_folder(parser)


def run(arguments: argparse.Namespace) -> int:
    """Add the records, or print what stands in the way."""
    root = folder(arguments)
    with nullcontext() if arguments.dry_run else atomic_write.locked(root):
        package, con = opened(root, dataset())
        before = records.files(package, records.present(package))
        coder = Coder(package, records.present(package), withdrawn_keys.keys(con))
        listed = [record for path in arguments.files for record in given.records(path, coder.problems)]
        for path, line, record in _watched(listed):
            coder.add(path, line, record)
        after = records.files(package, coder.rows)
        changed = {path: content for path, content in after.items() if content != before[path]}
        found = coder.problems or problems(package, changed)
        sys.stdout.write(as_text(found))
        if found:
            return PROBLEMS
        print("".join(f"{said}\n" for said in coder.said), end="")
        for path, content in changed.items():
            _tell(path, before[path], content, rows=arguments.dry_run)
        if not arguments.dry_run and changed:
            atomic_write.write(root, changed)
    return VALID


def _watched(listed: list[Record]) -> Iterator[Record]:
    console = Console(stderr=True)
    yield from track(listed, "adding", console=console, disable=not console.is_terminal or len(listed) < LONG)


def _tell(path: str, before: bytes, after: bytes, *, rows: bool) -> None:
    there = set(before.decode().split("\n"))
    new = [line for line in after.decode().split("\n") if line not in there]
    print(f"{path}: {len(new)} added")
    if rows:
        print("\n".join(new))
