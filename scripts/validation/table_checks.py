"""Stage tables: the queries of schemas/checks, each of which returns the rows that break a rule between tables.

A file is called as its rule. Its comment says what must hold and, behind `fix`, what to do.
Its columns are resource, line, field and message.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from scripts.database import problem_limit
from scripts.database.quoting import literal, name
from scripts.datapackage.package import ROOT, Package, Table
from scripts.datapackage.problems import Problem

CHECKS = ROOT / "schemas" / "checks"
OFFENDERS = "temp.main._offenders"
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
    return [read(path) for path in sorted(CHECKS.glob("*.sql")) if re.fullmatch(r"[a-z-]+", path.stem)]


def read(path: Path) -> Check:
    """Return the check in a file. Raises `ValueError` when its comment lacks a part."""
    text = path.read_text("utf-8")
    head = " ".join(line.removeprefix("--").strip() for line in text.splitlines() if line.startswith("--"))
    match = re.fullmatch(r"([a-z-]+): (.+?)\s+fix\s+(.+)", head)
    if not match or match[1] != path.stem:
        raise ValueError(f"{path.name} does not begin with its name, what must hold, and fix")
    return Check(match[1], match[2], match[3], text)


def problems(
    con: duckdb.DuckDBPyConnection,
    package: Package,
    broken: set[tuple[str, int]],
    lost: Collection[str] = (),
) -> list[Problem]:
    """Return the rows that break a rule between tables, but for rows whose cells do not hold (path, line).

    A check between tables that the package does not have, or that `lost` rows, is not asked.
    """
    there = package.tables.keys() - lost
    return [
        problem
        for check in checks()
        if _tables(check.sql) <= there
        for problem in _asked(con, package, check)
        if (problem.path, problem.line) not in broken
    ]


def _tables(sql: str) -> set[str]:
    """Return the tables of this repository that a query names."""
    return set(re.findall(r"\b(?:from|join) (\w+)", sql)) & {path.stem for path in TABLES.glob("[a-z]*.json")}


def _asked(con: duckdb.DuckDBPyConnection, package: Package, check: Check) -> list[Problem]:
    """Return the offenders of a check; of one that names a column that no table has, that it does."""
    try:
        return list(_check(con, package, check))
    except duckdb.BinderException as error:
        message = str(error).partition("\n")[0].removeprefix("Binder Error: ")
        fix = "name the columns that the tables have"
        return [Problem(f"schemas/checks/{check.name}.sql", 0, "", "", "rule-column", message, fix)]


def _check(con: duckdb.DuckDBPyConnection, package: Package, check: Check) -> Iterator[Problem]:
    con.execute(
        f"create or replace temp table _offenders as select resource, line::bigint as _line, field, message "
        f"from ({check.sql.rstrip()}\n) as offenders "
        f"where (resource, _line) not in (select (resource, _line) from {problem_limit.BROKEN})"
    )
    resources = con.execute(f"select resource, count(*) from {OFFENDERS} group by all order by all").fetchall()
    for resource, number in resources:
        table, where = package.tables[resource], f"resource = {literal(resource)}"
        rows = problem_limit.rows(con, OFFENDERS, where)
        keys = _keys(con, table, where)
        for _, line, field, message in rows:
            yield Problem(table.path, int(line), str(field), keys[int(line)], check.name, str(message), check.fix)
        yield from problem_limit.rest(table, "", check.name, number)


def _keys(con: duckdb.DuckDBPyConnection, table: Table, where: str) -> dict[int, str]:
    """Return the keys of the rows of a table that are offenders, by line."""
    columns = ", ".join(f"coalesce({name(column)}, '')" for column in table.primary_key)
    lines = f"select _line from {OFFENDERS} where {where} order by _line limit {problem_limit.MOST}"
    rows = f"select _line, concat_ws('/', {columns}) from text.{name(table.name)} where _line in ({lines})"
    return dict(con.execute(rows).fetchall())
