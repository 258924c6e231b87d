"""schemas/exceptions.csv: problems that are accepted, each with its reason, until they are none."""

from collections.abc import Iterable
from pathlib import Path

from scripts import canonical, files
from scripts.package import Table, table
from scripts.problems import FORM, Problem

PATH = "schemas/exceptions.csv"
COLUMNS = ("rule", "resource", "key", "reason")


def sift(root: Path, tables: Iterable[Table], found: list[Problem], *, asked: bool) -> list[Problem]:
    """Return the problems that no exception accepts and, where every rule was `asked`, exceptions that accept none."""
    file = root / PATH
    if not file.exists():
        return found
    scan = files.scan(file, _table())
    if scan.fault or not scan.readable:  # then nobody knows what is accepted
        return [*scan.problems, *(one for one in found if one.rule in FORM or one.loses)]
    paths = {one.name: one.path for one in tables}
    accepted = {(rule, paths.get(resource, resource), key) for rule, resource, key, _ in scan.rows}
    used = {(p.rule, p.path, p.key) for p in found}
    kept = [p for p in found if (p.rule, p.path, p.key) not in accepted] + scan.problems
    for line, (rule, resource, key, reason) in zip(scan.lines, scan.rows, strict=True):
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


def _table() -> Table:
    fields = [{"name": name, "type": "string"} for name in COLUMNS]
    return table(
        {"name": "exceptions", "path": PATH, "schema": {}}, {"fields": fields, "primaryKey": list(COLUMNS[:3])}
    )


def rewritten(root: Path) -> str | None:
    """Return the exceptions in canonical form, or None where only a person can mend them."""
    if not (root / PATH).exists():
        return None
    scan = files.scan(root / PATH, _table())
    return canonical.text(_table(), scan.rows) if scan.fixable else None
