"""Rung 3: the queries of schemas/checks, each of which returns the rows that break a rule between tables.

A file is called as its rule. Its comment says what must hold and, behind `fix`, what to do.
Its columns are resource, line, field and message.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from scripts.database import name
from scripts.package import ROOT, Package
from scripts.problems import Problem

CHECKS = ROOT / "schemas" / "checks"
TABLES = ROOT / "schemas" / "tables"


@dataclass(frozen=True)
class Check:
    """A rule between tables: its name, what must hold, what to do, and the query for its offenders."""

    name: str
    holds: str
    fix: str
    sql: str


def checks() -> list[Check]:
    """Return the checks of this repository, by name."""
    return [read(path) for path in sorted(CHECKS.glob("*.sql"))]


def read(path: Path) -> Check:
    """Return the check in a file. Raises `ValueError` when its comment lacks a part."""
    text = path.read_text("utf-8")
    head = " ".join(line.removeprefix("--").strip() for line in text.splitlines() if line.startswith("--"))
    match = re.fullmatch(r"([a-z-]+): (.+?)\s+fix\s+(.+)", head)
    if not match or match[1] != path.stem:
        raise ValueError(f"{path.name} does not begin with its name, what must hold, and fix")
    return Check(match[1], match[2], match[3], text)


def problems(con: duckdb.DuckDBPyConnection, package: Package, broken: set[tuple[str, int]]) -> list[Problem]:
    """Return the rows that break a rule between tables, but for rows whose cells do not hold (path, line).

    A check between tables that the package does not have is not asked.
    """
    return [
        problem
        for check in checks()
        if _tables(check.sql) <= package.tables.keys()
        for problem in _check(con, package, check)
        if (problem.path, problem.line) not in broken
    ]


def _tables(sql: str) -> set[str]:
    """Return the tables of this repository that a query names."""
    return set(re.findall(r"\b(?:from|join) (\w+)", sql)) & {path.stem for path in TABLES.glob("*.json")}


def _check(con: duckdb.DuckDBPyConnection, package: Package, check: Check) -> Iterator[Problem]:
    for resource, line, field, message in con.execute(check.sql).fetchall():
        table = package.tables[resource]
        yield Problem(table.path, line, field, _key(con, package, resource, line), check.name, message, check.fix)


def _key(con: duckdb.DuckDBPyConnection, package: Package, resource: str, line: int) -> str:
    columns = ", ".join(name(column) for column in package.tables[resource].primary_key)
    rows = con.execute(f"select {columns} from text.{name(resource)} where _line = ?", [line]).fetchall()
    return "/".join(str(cell) for row in rows for cell in row)
