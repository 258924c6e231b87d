"""What every command shares: the folder it works on, exit codes, the problems that it prints."""

import argparse
import math
import sys
from pathlib import Path
from typing import Any

from scripts.datapackage import atomic_write
from scripts.datapackage.errors import UsageError
from scripts.datapackage.package import DESCRIPTOR, ROOT, Package
from scripts.datapackage.problems import Problem, as_text
from scripts.history import ledger

VALID, PROBLEMS, USAGE = 0, 1, 2  # exit codes
SHORT = ("-h",)  # the options with one dash
TAMPERED = 3  # of `verify`, for which 1 is superseded
FAULT = 70  # of this program (EX_SOFTWARE of sysexits.h)
MOST_SECONDS = 86_400  # a day
INTERRUPTED = 130  # by Ctrl-C, as shells have it


class Parser(argparse.ArgumentParser):
    """A parser for which `-3,000` and `-x` are values, as all is that begins with one dash and is no option."""

    def _parse_optional(self, arg_string: str) -> Any:  # noqa: ANN401  (private to argparse, another type by version)
        """Return the option that an argument is, None for a value."""
        if arg_string.startswith("-") and not arg_string.startswith("--") and arg_string not in SHORT:
            return None
        return super()._parse_optional(arg_string)


def folder(arguments: argparse.Namespace) -> Path:
    """Return the package folder of a call, as it is; say on stderr where a command was stopped while it wrote there."""
    root = Path(arguments.dir).resolve()
    if not (root / DESCRIPTOR).exists():
        raise UsageError(f"there is no {DESCRIPTOR} in {arguments.dir}; name the folder that holds it")
    if said := atomic_write.unsettled(root):
        print(said, file=sys.stderr)
    return root


def released_version(package: Package, version: str) -> str:
    """Return a version that a call names. Raises `UsageError` with those that there are, when it was never released."""
    known = ledger.versions(package)
    if version not in known:
        raise UsageError(f"there is no version `{version}`; released are {', '.join(known) or 'none'}")
    return version


def print_problems(found: list[Problem]) -> int:
    """Print problems, if any, and return the exit code that they ask for."""
    sys.stdout.write(as_text(found))
    return PROBLEMS if found else VALID


def add_folder(parser: argparse.ArgumentParser, *, positional: bool = False) -> None:
    """Declare which package a command works on: this one if none is named."""
    said = "folder of the package (default: this one)"
    if positional:
        parser.add_argument("dir", nargs="?", default=ROOT, metavar="DIR", help=said)
    else:
        parser.add_argument("--dir", default=ROOT, metavar="DIR", help=said)


def seconds(text: str) -> float:
    """Return the seconds that an option names. Raises `ArgumentTypeError` where it names none."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number <= MOST_SECONDS:
        raise argparse.ArgumentTypeError(f"`{text}` is no time; write seconds above 0, {MOST_SECONDS:,} at most")
    return number
