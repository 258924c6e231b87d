"""Say what changed between two versions, or since one: rows added, cells corrected with the reason, rows withdrawn.

python -m scripts diff 0.3.0 0.4.0
python -m scripts diff 0.4.0 --format json
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict

from scripts.cli import VALID, add_folder, folder, released_version
from scripts.database.opened import opened
from scripts.datapackage.errors import UsageError
from scripts.history import diff, ledger
from scripts.history.ledger import Change

SIGNS = {"header": "*", "added": "+", "corrected": "~", "withdrawn": "-"}


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("older", metavar="FROM", help="a released version")
    parser.add_argument("newer", metavar="TO", nargs="?", help="a later one (default: the present)")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    add_folder(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the difference; what differs is no fault, so the exit code is 0."""
    package, con = opened(folder(arguments))
    older = released_version(package, arguments.older)
    newer = released_version(package, arguments.newer) if arguments.newer else None
    known = ledger.versions(package)
    if newer and known.index(newer) < known.index(older):
        raise UsageError(f"{newer} came before {older}; name the older version first")
    found = diff.between(con, package, older, newer)
    lines = sorted(found, key=lambda line: (line.resource, line.key, line.field))
    if arguments.format == "json":
        told = [{name: text for name, text in asdict(line).items() if name != "version"} for line in lines]
        print(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        print("\n".join(_text(lines)) or f"nothing differs from {older}")
    return VALID


def _text(lines: list[Change]) -> Iterator[str]:
    for name in dict.fromkeys(line.resource for line in lines):
        of_table = [line for line in lines if line.resource == name]
        counts = {change: sum(line.change == change for line in of_table) for change in SIGNS}
        yield f"{name}: {', '.join(f'{count:,} {change}' for change, count in counts.items() if count)}"
        yield from (f"  {SIGNS[line.change]} {_line(line)}" for line in of_table)


def _line(line: Change) -> str:
    why = f" ({'; '.join(filter(None, [line.reason, line.note]))})" if line.reason or line.note else ""
    if line.change == "corrected":
        return f"{line.key}: {line.field} “{line.old}” → “{line.new}”{why}"
    return f"columns {line.old} → {line.new}" if line.change == "header" else f"{line.key}{why}"
