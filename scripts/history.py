"""`claims_history`: what each claim said from which version until which, out of the tables and the ledger.

It is the walk of `past` through all versions at once.
"""

from collections.abc import Iterator

from scripts import past
from scripts.database import TYPES, literal, name
from scripts.ledger import UNRELEASED
from scripts.package import Field, Package

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


def sql(package: Package) -> str:
    """Return the SELECT of `claims_history`."""
    return "\n".join(_lines(package))


def _lines(package: Package) -> Iterator[str]:
    table = package.tables[OF]
    order = past.places(package, table)
    columns, key = [name(column) for column in table.header], past.key(table, OF)
    rows = ", ".join(f"({literal(place.version)}, {place.number})" for place in order)
    yield f"with places as (select * from (values {rows}) as given (version, place)),"
    yield f"ledger as ({past.lines(table, order, 'changes')}),"
    yield f"waiting as (select {key} as key, {order[-1].number} as place from {OF} where {key} not in ("
    yield "  select key from ledger where change in ('added', 'withdrawn')"
    yield "  group by key having arg_max(change, place) = 'added')),"
    yield "lines as (select key, place, field, change, old from ledger"
    yield "  union all select key, place, '*' as field, 'added' as change, '' as old from waiting"
    for column in (column for column in table.header if len(order) > 1 and column not in order[-2].header):
        yield f"  union all select {key}, {order[-1].number}, {literal(column)}, 'corrected', ''"
        yield f"  from {OF} where {name(column)} is not null"
    yield "),"
    yield "events as (select key, place, min(change) as change,"
    yield ",\n".join(f"  max({past.old(column, order)}) as {name(column)}" for column in table.header)
    yield f"from lines where field in ('*', {', '.join(map(literal, table.header))}) group by key, place),"
    yield "spans as (select key, place, change, lead(place) over (partition by key order by place) as until,"
    yield ",\n".join(f"  first_value({column} ignore nulls) over later as {column}" for column in columns)
    yield "from events window later as"
    yield "  (partition by key order by place rows between 1 following and unbounded following))"
    yield "select"
    yield ",\n".join(f"  {_cell(field)} as {name(field.name)}" for field in table.fields)
    yield "  , since.version as since, until.version as until"
    yield "from spans join places as since on since.place = spans.place"
    yield f"left join places as until on until.place = spans.until left join {OF} on {key} = spans.key"
    yield "where spans.change <> 'withdrawn' order by spans.key, spans.place"


def _cell(field: Field) -> str:
    old, now = f"spans.{name(field.name)}", f"{OF}.{name(field.name)}"
    then = f"nullif({old}, '')"
    then = then if field.type == "string" else f"try_cast({then} as {TYPES[field.type]})"
    return f"case when {old} is null then {now} else {then} end"
