"""Code documents from records, one JSON object a line: rows for all tables in one step, all or nothing.

python -m scripts add intake.jsonl --dry-run
python -m scripts add intake.jsonl

Figures may be rough, as noted: rules make cells of them, labels resolve through data/aliases.csv. What needs a reader
comes back with file, line and choices; name the column in the figure (`"metric_id": "sent"`) and add the file again.
Documents that are there already, by their address, are passed over.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

from rich.console import Console
from rich.progress import track

from scripts import profiles, records, stage
from scripts.call import BREAKS, HOLDS, CallOff, add_folder, dataset, folder
from scripts.coder import Coder
from scripts.ladder import climb, opened
from scripts.package import Json, Package
from scripts.problems import Problem, as_text

LONG = 2000  # records from which on progress is shown on a terminal
Record = tuple[str, int, Json]


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="records, one JSON object a line")
    parser.add_argument("--dry-run", action="store_true", help="print the rows that would be added, and write nothing")
    add_folder(parser)


def run(arguments: argparse.Namespace) -> int:
    """Add the records, or print what stands in the way."""
    root = folder(arguments)
    with nullcontext() if arguments.dry_run else stage.locked(root):
        package, _ = opened(root, dataset())
        before = records.files(package, records.present(package))
        coder = Coder(package, records.present(package))
        given = list(_records(arguments.files, coder.problems))
        for path, line, record in _watched(given):
            coder.add(path, line, record)
        after = records.files(package, coder.rows)
        changed = {path: content for path, content in after.items() if content != before[path]}
        found = coder.problems or _checked(package, changed)
        sys.stdout.write(as_text(found))
        if found:
            return BREAKS
        for path, content in changed.items():
            _tell(path, before[path], content, rows=arguments.dry_run)
        if not arguments.dry_run and changed:
            stage.write(root, changed)
    return HOLDS


def _records(paths: list[str], problems: list[Problem]) -> Iterator[Record]:
    """Yield each record with its file and line; what is no record is a problem."""
    for path in paths:
        try:
            lines = Path(path).read_text("utf-8").splitlines()
        except UnicodeDecodeError:
            raise CallOff(f"{path} is not UTF-8; save it as UTF-8") from None
        for number, line in enumerate(lines, 1):
            if line.strip():
                found, record = profiles.line(path, number, line, "record.json")
                problems += found
                if not found:
                    yield path, number, record


def _watched(given: list[Record]) -> Iterator[Record]:
    console = Console(stderr=True)
    yield from track(given, "adding", console=console, disable=not console.is_terminal or len(given) < LONG)


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
    there = set(before.decode().splitlines())
    new = [line for line in after.decode().splitlines() if line not in there]
    print(f"{path}: {len(new)} added")
    if rows:
        print("\n".join(new))
