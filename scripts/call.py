"""What every verb shares: the folder it works on, and the word that the call itself is off."""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from scripts import ledger, stage
from scripts.package import DESCRIPTOR, ROOT, Package, read
from scripts.problems import Problem

LEDGER = ("changes", "releases")  # the tables that tell what a version was
HOLDS, BREAKS, OFF = 0, 1, 2  # exit codes
SHORT = ("-h",)  # the options with one dash
FAULT = 70  # of this program (EX_SOFTWARE of sysexits.h)
INTERRUPTED = 130  # by Ctrl-C, as shells have it


class CallOff(Exception):
    """The call asks for what cannot be done; the message says what to do instead."""


class Parser(argparse.ArgumentParser):
    """A parser for which `-3,000` and `-x` are values, as all is that begins with one dash and is no option."""

    def _parse_optional(self, arg_string: str) -> Any:  # noqa: ANN401  (private to argparse, another type by version)
        """Return the option that an argument is, None for a value."""
        if arg_string.startswith("-") and not arg_string.startswith("--") and arg_string not in SHORT:
            return None
        return super()._parse_optional(arg_string)


class Found(Exception):
    """The package cannot be opened; `problems` say why."""

    def __init__(self, problems: list[Problem]) -> None:
        """Take the problems."""
        super().__init__(problems)
        self.problems = problems


def folder(arguments: argparse.Namespace) -> Path:
    """Return the package folder of a call, as it is; say on stderr where a verb was stopped while it wrote there."""
    root = Path(arguments.dir).resolve()
    if not (root / DESCRIPTOR).exists():
        raise CallOff(f"there is no {DESCRIPTOR} in {arguments.dir}; name the folder that holds it")
    if said := stage.unsettled(root):
        print(said, file=sys.stderr)
    return root


def package_of(root: Path, needs: Iterable[str] = LEDGER) -> Package:
    """Return the package in a folder, none of its tables read.

    Raises `Found` where its descriptor does not hold, `CallOff` where it lacks a table that the verb needs.
    """
    try:
        package = read(root)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        from scripts import descriptor  # frictionless: 0.2 s, and only asked where something is wrong

        if found := descriptor.problems(root):
            raise Found(found) from None
        raise
    return check_needs(package, needs)


def dataset() -> tuple[str, ...]:
    """Return the names of the tables of this dataset."""
    return tuple(sorted(path.stem for path in (ROOT / "schemas" / "tables").glob("[a-z]*.json")))


def check_needs(package: Package, needs: Iterable[str]) -> Package:
    """Return a package that has the tables that a verb needs. Raises `CallOff` with those that it lacks."""
    if missing := [name for name in needs if name not in package.tables]:
        raise CallOff(
            f"{package.root} is no package of this kind: it has no table {', '.join(missing)}, which this verb needs; "
            "`validate` and `query` take any package"
        )
    return package


def released_version(package: Package, version: str) -> str:
    """Return a version that a call names. Raises `CallOff` with those that there are, when it was never released."""
    known = ledger.versions(package)
    if version not in known:
        raise CallOff(f"there is no version `{version}`; released are {', '.join(known) or 'none'}")
    return version


def add_folder(parser: argparse.ArgumentParser, *, positional: bool = False) -> None:
    """Declare which package a verb works on: this one if none is named."""
    said = "folder of the package (default: this one)"
    if positional:
        parser.add_argument("dir", nargs="?", default=ROOT, metavar="DIR", help=said)
    else:
        parser.add_argument("--dir", default=ROOT, metavar="DIR", help=said)
