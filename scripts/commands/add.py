"""Add documents and figures: from files of records, or one figure by options; all or nothing.

python -m scripts add intake.jsonl --dry-run
python -m scripts add --url https://example.org/page --wording "about 500" --metric killed --source NIS # exit code 1
python -m scripts add --document korea-herald-20241103 --wording "at least 28" --metric transport-aircraft --source HUR

A record is JSON; docs/records.md has its form. Names resolve by key, name or data/aliases.csv; what the words of the
quantity say need not be said again. What nothing decides is asked: on a terminal with the choices there are, in a file
with file, line and choices; name the column in the figure (`"extent": "part"`) and add the file again. A document that
is there already, by its address, gets the figures that it does not have yet. `-` reads standard input.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext

import duckdb
from rich.console import Console
from rich.progress import track

from scripts.cli import PROBLEMS, VALID, add_folder, folder
from scripts.curation import asked, given, record_form, records
from scripts.curation.coder import Coder
from scripts.curation.commit import problems
from scripts.curation.given import Record
from scripts.curation.record_form import Property
from scripts.database.opened import opened
from scripts.datapackage import atomic_write, profiles
from scripts.datapackage.errors import UsageError
from scripts.datapackage.package import Json, Package, dataset
from scripts.datapackage.problems import Problem, as_text
from scripts.validation import withdrawn_keys

LONG = 2000  # records from which on progress is shown on a terminal
OPTIONS = "options"  # the file of a record that is given by options, in messages
NO_OPTION = ("resource", "row", "figures")
TITLES = {"document": "the document", "figure": "its figure"}


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments: those of a record are the properties of its profile."""
    parser.add_argument("files", nargs="*", metavar="FILE", help="records as JSON; - is standard input")
    parser.add_argument("--dry-run", action="store_true", help="print the rows that would be added, and write nothing")
    add_folder(parser)
    groups = {of: parser.add_argument_group(title) for of, title in TITLES.items()}
    for told in record_form.properties().values():
        if told.name not in NO_OPTION:
            _declare(groups[told.of], told)


def _declare(group: argparse._ArgumentGroup, told: Property) -> None:
    names = [f"--{_option(told).replace('_', '-')}", *(["--published"] if told.name == "published_on" else [])]
    help_ = told.description.replace("%", "%%")
    if "array" in told.kinds:
        group.add_argument(*names, action="append", metavar="NAME", help=f"{help_} May be given several times.")
    else:
        kind = int if "integer" in told.kinds else str
        group.add_argument(*names, dest=_option(told), metavar=kind.__name__.upper(), type=kind, help=help_)


def _option(told: Property) -> str:
    """Return the name of the option for a property: both a document and a figure have a `note`."""
    return "figure_note" if (told.of, told.name) == ("figure", "note") else told.name


def run(arguments: argparse.Namespace) -> int:
    """Add the records, or print what stands in the way."""
    root, record = folder(arguments), _of_options(arguments)
    if bool(record) == bool(arguments.files):
        raise UsageError("name a file of records, or say one figure by options, as in --url … --wording …")
    with nullcontext() if arguments.dry_run else atomic_write.locked(root):
        package, con = opened(root, dataset())
        if record:
            found, coder = _one(package, con, record)
        else:
            found = []
            listed = [one for path in arguments.files for one in given.records(path, found)]
            coder = _coded(package, con, listed)
        return _finish(package, coder, found, dry_run=arguments.dry_run)


def _of_options(arguments: argparse.Namespace) -> Json:
    """Return the record that options make, empty where there are none."""
    said = {name: value for name, value in vars(arguments).items() if value is not None}
    made: dict[str, Json] = {"document": {}, "figure": {}}
    for told in record_form.properties().values():
        if told.name not in NO_OPTION and _option(told) in said:
            made[told.of][told.name] = said[_option(told)]
    return {**made["document"], "figures": [made["figure"]]} if made["document"] or made["figure"] else {}


def _one(package: Package, con: duckdb.DuckDBPyConnection, record: Json) -> tuple[list[Problem], Coder]:
    """Code a record of options: on a terminal what it lacks is asked, else it is printed to be completed."""

    def code(several: list[Json]) -> Coder:
        return _coded(package, con, [(OPTIONS, 0, one) for one in several])

    console = Console(stderr=True)
    if sys.stdin.isatty():
        several, coder = asked.complete(record, code, console)
        return _under_profile(several), coder
    if lacking := list(asked.lacking(record, asked.NEEDED)):
        print(asked.as_record(record))
        found = [
            Problem(OPTIONS, 0, place, "", "undecided", "it is not said", f"say it: {told.description}")
            for place, told in lacking
        ]
        return found, _coded(package, con, [])
    found = _under_profile([record])
    return found, code([record] if not found else [])


def _under_profile(several: list[Json]) -> list[Problem]:
    return [
        problem
        for record in several
        for problem in profiles.content(OPTIONS, json.dumps(record, ensure_ascii=False), record_form.PROFILE)[0]
    ]


def _coded(package: Package, con: duckdb.DuckDBPyConnection, listed: list[Record]) -> Coder:
    coder = Coder(package, records.present(package), withdrawn_keys.keys(con))
    for path, line, record in _watched(listed):
        coder.add(path, line, record)
    return coder


def _finish(package: Package, coder: Coder, found: list[Problem], *, dry_run: bool) -> int:
    """Write what was coded, if it is valid; print what was added or what stands in the way."""
    before, after = records.files(package, records.present(package)), records.files(package, coder.rows)
    changed = {path: content for path, content in after.items() if content != before[path]}
    found = [*found, *coder.problems]
    found = found or [coder.desk.at_its_record(one) for one in problems(package, changed)]
    sys.stdout.write(as_text(found))
    if found:
        return PROBLEMS
    print("".join(f"{said}\n" for said in coder.said), end="")
    for path, content in changed.items():
        _tell(path, before[path], content, rows=dry_run)
    if not dry_run and changed:
        atomic_write.write(package.root, changed)
    return VALID


def _watched(listed: list[Record]) -> Iterator[Record]:
    console = Console(stderr=True)
    yield from track(listed, "adding", console=console, disable=not console.is_terminal or len(listed) < LONG)


def _tell(path: str, before: bytes, after: bytes, *, rows: bool) -> None:
    there = set(before.decode().split("\n"))
    header, *lines = after.decode().split("\n")
    new = [line for line in lines if line not in there]
    print(f"{path}: {len(new)} added")
    if rows:
        print("\n".join([header, *new]))
