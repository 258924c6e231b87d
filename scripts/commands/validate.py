"""Validate a package in four stages and print its problems.

python -m scripts validate
python -m scripts validate . --format json
python -m scripts validate --fix
"""

import argparse
import sys
from collections.abc import Collection
from pathlib import Path

from scripts.cli import PROBLEMS, VALID, add_folder, folder
from scripts.database import line_reader
from scripts.datapackage import atomic_write, canonical_csv
from scripts.datapackage.package import read
from scripts.datapackage.problems import FORMATS, REWRITE, STOPS, Problem
from scripts.validation import accepted_problems
from scripts.validation.validate import validate


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_folder(parser, positional=True)
    parser.add_argument("--format", choices=FORMATS, default="text", help="for a person, a program, or GitHub")
    parser.add_argument("--fix", action="store_true", help="rewrite tables in canonical form first")
    parser.add_argument("--reference", action="store_true", help="let frictionless validate the package as well")


def run(arguments: argparse.Namespace) -> int:
    """Print the problems and return whether the package is valid."""
    root = folder(arguments)
    if arguments.fix:
        with atomic_write.locked(root):  # which puts right what an earlier command left
            pass
    result = validate(root)
    if arguments.fix and result.package and (rewritten := fix(root, _fixable(result.problems))):
        print(f"rewrote {', '.join(rewritten)}", file=sys.stderr)
        result = validate(root)
    found = result.problems + (reference(root) if arguments.reference else [])
    sys.stdout.write(FORMATS[arguments.format](found))
    if not found and arguments.format == "text":
        print(result.sum)
    return PROBLEMS if found else VALID


def _fixable(problems: list[Problem]) -> set[str]:
    """Return the paths of what has a problem, but for tables that a person must mend first."""
    first = {one.path for one in problems if one.rule in STOPS and not one.fix.startswith(REWRITE)}
    return {problem.path for problem in problems} - first


def fix(root: Path, paths: Collection[str]) -> list[str]:
    """Rewrite in canonical form those of the tables with problems that this cures; return their paths."""
    rewritten: dict[str, bytes] = {}
    with atomic_write.locked(root):
        for table in (table for table in read(root).tables.values() if table.path in paths):
            scan = line_reader.scan(root / table.path, table)
            if scan.problems and scan.fixable:
                rewritten[table.path] = canonical_csv.text(table, scan.rows).encode()
        text = accepted_problems.rewritten(root)
        if text is not None and text.encode() != (root / accepted_problems.PATH).read_bytes():
            rewritten[accepted_problems.PATH] = text.encode()
        if rewritten:
            atomic_write.write(root, rewritten)
    return sorted(rewritten)


def reference(root: Path) -> list[Problem]:
    """Return what frictionless' own validation of the package finds, its row numbers as lines."""
    from frictionless import Checklist, Package, system  # 0.2 s, and only asked for with --reference

    with system.use_context(trusted=True):
        report = Package(str(root / "datapackage.json")).validate(Checklist(), limit_errors=1_000_000)
    return [
        Problem(task.place, getattr(error, "row_number", 0) or 0, getattr(error, "field_name", ""), "",
                f"frictionless/{error.type}", error.message, "see the documentation of frictionless for this error")
        for task in report.tasks
        for error in task.errors
    ]  # fmt: skip
