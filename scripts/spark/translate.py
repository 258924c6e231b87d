"""The SQL of this repository, written for DuckDB, as Spark reads it.

SQLGlot carries it over. It is silent where it is wrong (seen with 30.30: `format` prints its braces,
a flag of `regexp_matches` and an order inside `list` are lost, `asof join` stays as it is), so only
what is listed here is carried, and anything else is refused.
"""

from collections.abc import Iterator

import sqlglot
from sqlglot import exp

# Functions whose results are the same in DuckDB 1.2, in DuckDB 2.0 and in Spark 4.
FUNCTIONS: frozenset[type] = frozenset({
    exp.Cast, exp.Coalesce, exp.Count, exp.Sum, exp.Min, exp.Max, exp.Median,
    exp.RowNumber, exp.Lag, exp.Lead, exp.GroupConcat, exp.TimestampTrunc, exp.DateTrunc,
    exp.LastDay, exp.Year, exp.SplitPart, exp.Pad, exp.DateFromParts, exp.DateDiff, exp.Case, exp.If, exp.And, exp.Or,
})  # fmt: skip
# What the compiled cells use besides, in the form in which `scripts.validation.constraints` writes it.
OF_CELLS: frozenset[type] = frozenset({exp.RegexpLike, exp.TryCast, exp.Length, exp.Abs})


class NotPortable(Exception):
    """A query uses what Spark would not read as DuckDB does."""


def spark(sql: str) -> str:
    """Return a query in Spark's SQL. Raises `NotPortable`, naming what cannot be carried over."""
    parsed = sqlglot.parse_one(sql, read="duckdb")
    refuse(parsed, FUNCTIONS)
    return _sql(parsed)


def steps(name: str, sql: str) -> Iterator[tuple[str, str]]:
    """Yield the queries whose results, kept under their names in turn, make a view; the last is called as the view.

    Spark makes a table of `with` anew wherever it is read, so each that is read more than once is a step.
    Raises `NotPortable`.
    """
    parsed = sqlglot.parse_one(sql, read="duckdb")
    refuse(parsed, FUNCTIONS)
    inline: list[exp.CTE] = []
    for made in [] if any(node.recursive for node in parsed.find_all(exp.With)) else list(parsed.find_all(exp.CTE)):
        places = [table for table in parsed.find_all(exp.Table) if table.name == made.alias]
        if len(places) < 2:
            inline.append(made)
            continue
        query = made.this.copy()
        for earlier in inline:
            query = query.with_(earlier.alias, as_=earlier.this.copy())
        yield f"{name}_{made.alias}", _sql(query)
        for place in places:
            place.replace(exp.alias_(exp.to_table(f"{name}_{made.alias}"), place.alias_or_name, table=True))
        made.pop()
    if not parsed.find(exp.CTE) and (emptied := parsed.find(exp.With)):
        emptied.pop()
    yield name, _sql(parsed)


def condition(sql: str) -> str:
    """Return a condition on a cell in Spark's SQL. Raises `NotPortable`."""
    parsed = sqlglot.parse_one(sql, read="duckdb")
    refuse(parsed, FUNCTIONS | OF_CELLS)
    for node in list(parsed.find_all(exp.RegexpLike)):
        pattern = node.expression
        if not isinstance(pattern, exp.Literal) or node.args.get("flag") or node.args.get("full_match"):
            raise NotPortable(node.sql())
        # Java's `.` and `$` know five ends of a line, RE2's one; (?d) leaves Java that one.
        pattern.replace(exp.Literal.string(f"(?d){pattern.this}"))
    return _sql(parsed)


def tables(sql: str) -> set[str]:
    """Return the tables and views that a query reads, but for those that it makes itself."""
    parsed = sqlglot.parse_one(sql, read="duckdb")
    return {table.name for table in parsed.find_all(exp.Table)} - {made.alias for made in parsed.find_all(exp.CTE)}


def refuse(parsed: exp.Expr, allowed: frozenset[type]) -> None:
    """Raise `NotPortable` where a query holds a function, join or order that is not carried over."""
    for node in parsed.find_all(exp.Func, exp.Join, exp.Union, exp.With, exp.Lambda, exp.Slice, exp.Bracket):
        if isinstance(node, exp.Func) and type(node) not in allowed:
            raise NotPortable(f"{node.sql('duckdb')} is no function that Spark has too")
        if isinstance(node, exp.Join) and (node.args.get("method") or "").upper() in {"ASOF", "POSITIONAL"}:
            raise NotPortable(f"{node.sql('duckdb')}: Spark has no such join")
        if isinstance(node, exp.Lambda | exp.Slice | exp.Bracket):
            raise NotPortable(f"{node.sql('duckdb')} is read otherwise by Spark")
        if isinstance(node, exp.With) and node.recursive:
            _refuse_recursion(node)


def _refuse_recursion(with_: exp.With) -> None:
    """Spark repeats only `union all`; of `union` it makes an error at run time, not here."""
    for table in with_.expressions:
        union = table.this
        names = {node.name for node in union.find_all(exp.Table)}
        if table.alias in names and not (isinstance(union, exp.Union) and union.args.get("distinct") is False):
            raise NotPortable(f"{table.alias} repeats itself by another way than `union all`")


def _sql(parsed: exp.Expr) -> str:
    return str(parsed.sql("spark", comments=False, unsupported_level=sqlglot.ErrorLevel.RAISE))
