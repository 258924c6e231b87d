"""`claims_history`: what each claim said from which version until which, out of the tables and the ledger.

It is the walk of `as_of` through all versions at once, and serves any table that the ledger describes.
"""

from collections.abc import Iterator

import duckdb

from scripts.database import views
from scripts.database.connection import TYPES, literal, name
from scripts.datapackage.package import Field, Package, Table
from scripts.history import as_of
from scripts.history.as_of import Place
from scripts.history.ledger import UNRELEASED

OF = "claims"
NAME = "claims_history"
SINCE = Field("since", "string", f"The version from which the claim reads so; `{UNRELEASED}` for the next.", {}, False)
UNTIL = Field(
    "until",
    "string",
    f"The version from which it no longer does; `{UNRELEASED}` for the next, blank while it does.",
    {},
    False,
)


def fields(package: Package) -> tuple[Field, ...]:
    """Return the columns of `claims_history`: those of the table as it is now, and the span of versions."""
    return (*package.tables[OF].fields, SINCE, UNTIL)


def sql(con: duckdb.DuckDBPyConnection, package: Package, of: str = OF, rows: str = OF) -> str:
    """Return the SELECT of `claims_history`, or of the history of another table; `con` holds the typed tables.

    `rows` is the relation with the present rows of the table `of`; it is not called as something in the query is.
    Only columns that some line corrects are walked; all others are those of the present row, or of the row withdrawn.
    """
    table = package.tables[of]
    order = as_of.places(package, table)
    named = con.execute(
        "select distinct field from changes where resource = ? and change = 'corrected'", [of]
    ).fetchall()
    new = [column for column in table.header if len(order) > 1 and column not in order[-2].header]
    moved = [column for column in table.header if (column,) in named or column in new]
    return "\n".join([*_events(table, rows, order, moved, new), *_spans(table, rows, order, moved)])


def _events(table: Table, rows: str, order: list[Place], moved: list[str], new: list[str]) -> Iterator[str]:
    """Yield the SQL for the versions at which a row changes, each with the cells before it that it changes."""
    numbered = ", ".join(f"({literal(place.version)}, {place.number})" for place in order)
    key, now = as_of.key(table, rows), order[-1].number
    yield f"with places as (select * from (values {numbered}) as given (version, place)),"
    yield f"lines as (select key, place, field, change, old from ({as_of.lines(table, order, 'changes')}) as released"
    yield f"  union all select {key}, {now}, '*', 'added', '' from {rows}"
    yield f"  where not exists (from ({as_of.alive(table, order, 'changes')}) as held where held.key = {key})"
    for column in new:
        yield f"  union all select {key}, {now}, {literal(column)}, 'corrected', ''"
        yield f"  from {rows} where {name(column)} is not null"
    yield "),"
    yield "events as (select key, place, min(change) as change"
    yield from (f"  , max({as_of.old(column, order)}) as {name(column)}" for column in moved)
    yield f"from lines where field in ({', '.join(map(literal, ['*', *moved]))}) group by key, place),"


def _spans(table: Table, rows: str, order: list[Place], moved: list[str]) -> Iterator[str]:
    """Yield the SQL that gives each span of a row the first `old` of later lines, else the cell of its last row."""
    key = as_of.key(table, rows)
    yield "spans as (select key, place, change, lead(place) over (partition by key order by place) as until,"
    yield "  min(case change when 'withdrawn' then place end) over later as gone"
    yield from (f"  , first_value({name(column)} ignore nulls) over later as {name(column)}" for column in moved)
    yield "from events window later as"
    yield "  (partition by key order by place rows between 1 following and unbounded following)),"
    yield "last_rows as (select key, place"
    yield from (f"  , {as_of.old(field.name, order)} as {name(field.name)}" for field in table.fields)
    yield "from lines where change = 'withdrawn')"
    yield "select"
    yield ",\n".join(f"  {_cell(field, rows, field.name in moved)} as {name(field.name)}" for field in table.fields)
    yield "  , since.version as since, until.version as until"
    yield f"from {rows} right join spans on {key} = spans.key join places as since on since.place = spans.place"
    yield "left join places as until on until.place = spans.until"
    yield "left join last_rows on last_rows.key = spans.key and last_rows.place = spans.gone"
    yield "where spans.change <> 'withdrawn' order by spans.key, spans.place"


def _cell(field: Field, rows: str, moved: bool) -> str:
    column = name(field.name)
    last = f"case when spans.gone is null then {rows}.{column} else {_typed(f'last_rows.{column}', field)} end"
    if not moved:
        return last
    return f"case when spans.{column} is null then {rows}.{column} else {_typed(f'spans.{column}', field)} end"


def _typed(text: str, field: Field) -> str:
    cell = f"nullif({text}, '')"
    return cell if field.type == "string" else f"try_cast({cell} as {TYPES[field.type]})"


def of_history(package: Package, query: str = "") -> views.View:
    """Return `claims_history`, whose SELECT is made of the schema and the ledger of a package (`sql`)."""
    return views.View(
        name=NAME,
        parameters="",
        answers="what each claim said, from which version until which",
        remarks="A column that a version did not have is blank in it; one that is no more is left out.",
        grain="one row per claim_id and since",
        columns={field.name: field.description for field in fields(package)},
        sql=query,
    )


def create(con: duckdb.DuckDBPyConnection, package: Package) -> None:
    """Create `claims_history`, all views and all macros over the typed tables of a package, with their comments."""
    for statement in views.statements(of_history(package, sql(con, package))):
        con.execute(statement)
    views.create_static(con)
