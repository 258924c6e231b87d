"""Code documents from records, one JSON object a line: rows for all tables in one step, all or nothing.

python -m scripts add intake.jsonl --dry-run
python -m scripts add intake.jsonl

Figures may be rough, as noted: rules make cells of them, labels resolve through data/aliases.csv. What needs a reader
comes back with file, line and choices; name the column in the figure (`"metric_id": "sent"`) and add the file again.
A document that is there already, by its address, gets the figures that it does not have yet.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

from rich.console import Console
from rich.progress import track

from scripts import given, records, stage, withdrawn
from scripts.call import BREAKS, HOLDS, add_folder, dataset, folder
from scripts.coder import Coder
from scripts.given import Record
from scripts.ladder import climb, opened
from scripts.package import Package
from scripts.problems import Problem, as_text

LONG = 2000  # records from which on progress is shown on a terminal


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="records, one JSON object a line")
    parser.add_argument("--dry-run", action="store_true", help="print the rows that would be added, and write nothing")
    add_folder(parser)


def run(arguments: argparse.Namespace) -> int:
    """Add the records, or print what stands in the way."""
    root = folder(arguments)
    with nullcontext() if arguments.dry_run else stage.locked(root):
        package, con = opened(root, dataset())
        before = records.files(package, records.present(package))
        coder = Coder(package, records.present(package), withdrawn.keys(con))
        listed = [record for path in arguments.files for record in given.records(path, coder.problems)]
        for path, line, record in _watched(listed):
            coder.add(path, line, record)
        after = records.files(package, coder.rows)
        changed = {path: content for path, content in after.items() if content != before[path]}
        found = coder.problems or _checked(package, changed)
        sys.stdout.write(as_text(found))
        if found:
            return BREAKS
        print("".join(f"{said}\n" for said in coder.said), end="")
        for path, content in changed.items():
            _tell(path, before[path], content, rows=arguments.dry_run)
        if not arguments.dry_run and changed:
            stage.write(root, changed)
    return HOLDS


def _watched(listed: list[Record]) -> Iterator[Record]:
    console = Console(stderr=True)
    yield from track(listed, "adding", console=console, disable=not console.is_terminal or len(listed) < LONG)


def _checked(package: Package, changed: dict[str, bytes]) -> list[Problem]:
    """Return what would not hold in the package with the changed tables, which is written aside."""
    with tempfile.TemporaryDirectory() as name:
        aside = Path(name)
        for part in ("data", "schemas", "releases", "datapackage.json"):
            if (package.root / part).exists():
                (aside / part).symlink_to(package.root / part)
        (aside / "data").unlink()
        for table in package.tables.values():
            (aside / table.path).parent.mkdir(exist_ok=True)
            (aside / table.path).write_bytes(changed.get(table.path) or (package.root / table.path).read_bytes())
        return climb(aside).problems


def _tell(path: str, before: bytes, after: bytes, *, rows: bool) -> None:
    there = set(before.decode().split("\n"))
    new = [line for line in after.decode().split("\n") if line not in there]
    print(f"{path}: {len(new)} added")
    if rows:
        print("\n".join(new))
