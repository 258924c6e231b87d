"""Keys of a Table Schema compiled to queries: rows that repeat one, and rows whose foreign key leads nowhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

import duckdb

from scripts.database import problem_limit
from scripts.database.quoting import name
from scripts.datapackage.package import ForeignKey, Package, Table
from scripts.datapackage.problems import Problem

FEW = 20_000  # keys among which one is sought that is written much like another
ASKED = 100  # cells for which that is done
FOUND = "temp.main._found"
Row = tuple[int, list[str]]  # the line of a row and its cells as text


@dataclass(frozen=True)
class Dangling:
    """The rows whose foreign key leads nowhere; `whole` where all of them are listed."""

    problems: list[Problem]
    whole: bool

    @property
    def lines(self) -> list[int]:
        """The lines of the rows that are listed."""
        return [problem.line for problem in self.problems]


def columns(table: Table) -> str:
    """Return the line and the columns of a table as SQL lists them."""
    return ", ".join(["_line", *map(name, table.header)])


def row(cells: tuple[int | str | None, ...]) -> Row:
    """Return the line and the cells of a row that a query returned; NULL is blank."""
    line, *texts = cells
    return int(line or 0), ["" if cell is None else str(cell) for cell in texts]


def repeated(con: duckdb.DuckDBPyConnection, table: Table) -> Iterator[Problem]:
    """Yield each row that repeats a key of an earlier one; a key with a blank cell repeats nothing."""
    single = [(field.name,) for field in table.fields if field.constraints.get("unique")]
    keys = [("primary-key", table.primary_key)] if table.primary_key else []
    for rule, key in [*keys, *(("unique-key", key) for key in [*table.unique_keys, *single])]:
        if rule == "primary-key" and table.sorted and _rising(con, table):
            continue
        yield from _repeated(con, table, rule, key)


def _rising(con: duckdb.DuckDBPyConnection, table: Table) -> bool:
    """Whether each row has a higher key than the one above it, so that none stands there twice."""
    key = f"row({', '.join(f'coalesce({name(column)}, {chr(39) * 2})' for column in table.primary_key)})"
    before = f"select {key} as _key, lag({key}) over () as _before from text.{name(table.name)}"
    return not con.execute(f"select 1 from ({before}) where _key <= _before limit 1").fetchall()


def _repeated(con: duckdb.DuckDBPyConnection, table: Table, rule: str, key: tuple[str, ...]) -> Iterator[Problem]:
    listed = ", ".join(map(name, key))
    rows = f"text.{name(table.name)} where {' and '.join(f'{name(column)} is not null' for column in key)}"
    # numbers instead of texts take a tenth of the memory; rows that share one are then compared
    con.execute(
        f"create or replace temp table _twice as select hash({listed}) as _hash from {rows} group by 1 "
        f"having count(*) > 1"
    )
    if not problem_limit.number(con, "temp.main._twice"):
        return
    first = f"min(_line) over (partition by {listed})"
    con.execute(
        f"create or replace temp table _found as select {columns(table)}, _first from (select *, {first} as _first "
        f"from {rows} and hash({listed}) in (select _hash from _twice)) where _line > _first"
    )
    fix = "give the row a key of its own, or take it out" if rule == "primary-key" else "keep one of the two rows"
    for *cells, first_line in problem_limit.rows(con, FOUND):
        line, texts = row(tuple(cells))
        shown = "/".join(texts[table.header.index(column)] for column in key)
        message = f"`{shown}` stands in line {first_line} already"
        yield Problem(table.path, line, key[0], table.key(texts), rule, message, fix)
    yield from _rest(con, table, key[0], rule)


def _rest(con: duckdb.DuckDBPyConnection, table: Table, field: str, rule: str) -> Iterator[Problem]:
    found = problem_limit.number(con, FOUND)
    if found > problem_limit.MOST:
        problem_limit.keep_lines(con, table, FOUND)
    yield from problem_limit.rest(table, field, rule, found)


def dangling(con: duckdb.DuckDBPyConnection, package: Package, table: Table, key: ForeignKey) -> Dangling:
    """Return the rows whose foreign key leads nowhere; one whose cells are all blank leads on purpose nowhere."""
    pairs = list(zip(key.fields, key.reference, strict=True))
    # a key of one column has no blank cell here, so that the plain comparison does, which is the quicker
    equal = "=" if len(pairs) == 1 else "is not distinct from"
    same = " and ".join(f"there.{name(there)} {equal} here.{name(here)}" for here, there in pairs)
    filled = " or ".join(f"{name(column)} is not null" for column in key.fields)
    cells = ", ".join(map(name, key.fields))
    # the lines alone first: a join would carry every column of every row
    con.execute(
        f"create or replace temp table _lines as select _line from (select _line, {cells} from text.{name(table.name)} "
        f"where {filled}) as here anti join text.{name(key.resource)} as there on {same}"
    )
    if not problem_limit.number(con, "temp.main._lines"):
        return Dangling([], whole=True)
    con.execute(
        f"create or replace temp table _found as select {columns(table)} from text.{name(table.name)} "
        f"where _line in (select _line from _lines)"
    )
    return _told(con, table, key, list(_foreign(con, package, table, key)), filled)


def _told(
    con: duckdb.DuckDBPyConnection, table: Table, key: ForeignKey, listed: list[Problem], filled: str
) -> Dangling:
    """Return the rows that are listed, and how many are not; where every key leads nowhere, the first."""
    number, of = problem_limit.number(con, FOUND), problem_limit.number(con, f"text.{name(table.name)} where {filled}")
    if number == of > problem_limit.FEW:
        problem_limit.keep_lines(con, table, FOUND)
        return Dangling([problem_limit.once(listed[0], number)], whole=False)
    listed += _rest(con, table, key.fields[0], "foreign-key")
    return Dangling(listed, len(listed) <= problem_limit.MOST)


def _foreign(con: duckdb.DuckDBPyConnection, package: Package, table: Table, key: ForeignKey) -> Iterator[Problem]:
    target = package.tables[key.resource].path
    rows = problem_limit.rows(con, FOUND)
    known = _known(con, key) if rows else []

    @cache
    def near(shown: str) -> list[str]:
        return get_close_matches(shown, known, 1) if near.cache_info().misses <= ASKED else []

    for line, cells in map(row, rows):
        shown = "/".join(cells[table.header.index(column)] for column in key.fields)
        fix = f"did you mean `{near(shown)[0]}`? otherwise first add" if near(shown) else "first add"
        message = f"`{shown}` is not in {target}"
        fix = f"{fix} the row to {target}"
        yield Problem(table.path, line, key.fields[0], table.key(cells), "foreign-key", message, fix)


def _known(con: duckdb.DuckDBPyConnection, key: ForeignKey) -> list[str]:
    """Return the keys of a table, or none of a table so long that a search would take minutes."""
    if problem_limit.number(con, f"text.{name(key.resource)}") > FEW:
        return []
    cells = ", ".join(f"coalesce({name(column)}, '')" for column in key.reference)
    rows = con.execute(f"select distinct concat_ws('/', {cells}) from text.{name(key.resource)}").fetchall()
    return [row[0] for row in rows]
