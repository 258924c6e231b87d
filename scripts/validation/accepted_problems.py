"""schemas/exceptions.csv: problems that are accepted, each with its reason, until they are none."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from scripts.database import line_reader
from scripts.database.scan import Scan
from scripts.datapackage import canonical_csv
from scripts.datapackage.package import EXCEPTIONS, Table, table
from scripts.datapackage.problems import FORM, Problem
from scripts.history import ledger
from scripts.validation import table_checks
from scripts.validation.row_rules import rules

PATH = EXCEPTIONS
COLUMNS = ("rule", "resource", "key", "reason")


def sift(root: Path, tables: Iterable[Table], found: list[Problem], *, asked: bool) -> list[Problem]:
    """Return the problems that no exception accepts and, where every rule was `asked`, exceptions that accept none."""
    file = root / PATH
    if not file.exists():
        return found
    scan = line_reader.scan(file, _table())
    if scan.fault or not scan.readable:  # then nobody knows what is accepted
        return [*scan.problems, *(one for one in found if one.rule in FORM or one.loses)]
    paths = {one.name: one.path for one in tables}
    refused = list(_refused(scan))
    lines = {problem.line for problem in refused}
    rows = [(line, row) for line, row in zip(scan.lines, scan.rows, strict=True) if line not in lines]
    accepted = {(rule, paths.get(resource, resource), key) for _, (rule, resource, key, _) in rows}
    used = {(p.rule, p.path, p.key) for p in found}
    kept = refused + [p for p in found if (p.rule, p.path, p.key) not in accepted] + scan.problems
    for line, (rule, resource, key, reason) in rows:
        place = (PATH, line)
        if asked and (rule, paths.get(resource, resource), key) not in used:
            kept.append(
                Problem(
                    *place,
                    "key",
                    key,
                    "exception-not-needed",
                    f"nothing breaks {rule} in {resource} at this key",
                    "take the line out",
                )
            )
        if not reason:
            kept.append(
                Problem(
                    *place,
                    "reason",
                    key,
                    "exception-without-reason",
                    "the cell is blank",
                    "say why the problem is accepted",
                )
            )
    return kept


def _refused(scan: Scan) -> Iterator[Problem]:
    """Yield the exceptions from what holds without exception: form, cells, keys, and what was released."""
    known = {rule.name for listed in rules().values() for rule in listed} | {one.name for one in table_checks.checks()}
    for line, (rule, resource, key, _) in zip(scan.lines, scan.rows, strict=True):
        if rule not in known or resource in ledger.UNRECORDED or not key:
            message = (
                f"there is no exception from {rule or 'nothing'} in {resource or 'no table'}"
                if key
                else "the cell is blank"
            )
            fix = "take the line out, and mend what it is about; a row rule or a check may have exceptions, by key"
            yield Problem(PATH, line, "rule" if key else "key", key, "exception-refused", message, fix)


def _table() -> Table:
    fields = [{"name": name, "type": "string"} for name in COLUMNS]
    return table(
        {"name": "exceptions", "path": PATH, "schema": {}}, {"fields": fields, "primaryKey": list(COLUMNS[:3])}
    )


def without(root: Path, gone: set[tuple[str, str]]) -> str | None:
    """Return the exceptions without those of rows that are gone, by table and key; None where there are none."""
    if not (root / PATH).exists():
        return None
    rows = line_reader.scan(root / PATH, _table()).rows
    return canonical_csv.text(_table(), [row for row in rows if (row[1], row[2]) not in gone])


def rewritten(root: Path) -> str | None:
    """Return the exceptions in canonical form, or None where only a person can mend them."""
    if not (root / PATH).exists():
        return None
    scan = line_reader.scan(root / PATH, _table())
    return canonical_csv.text(_table(), scan.rows) if scan.fixable else None
