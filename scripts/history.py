"""`claims_history`: what each claim said from which version until which, out of the tables and the ledger.

The present is walked backwards: what a cell was at some version is the `old` of the first later line about it, and
where no line follows, the present cell. Versions are ordered by their line in `data/releases.csv`.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from scripts import ledger
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


@dataclass(frozen=True)
class Place:
    """A version, its place in the order of releases, and the columns of the rows that it withdrew."""

    number: int
    version: str
    withdrawn: tuple[str, ...]


def fields(package: Package) -> tuple[Field, ...]:
    """Return the columns of `claims_history`: those of the table as it is now, and the span of versions."""
    return (*package.tables[OF].fields, SINCE, UNTIL)


def places(package: Package) -> list[Place]:
    """Return the versions, oldest first, and what waits for the next as the last of them."""
    order = ledger.versions(package)
    now = tuple(package.tables[OF].header)
    header = _released_header(package, order) or now
    # `withdraw` writes a row by the header of now; a column that the release did not have was blank in it
    found = [Place(len(order) + 1, UNRELEASED, tuple(column if column in header else "" for column in now))]
    headers = {
        line.version: line.old
        for line in ledger.changes(package)
        if (line.resource, line.change) == (OF, "header") and line.version in order
    }
    for number, version in reversed(list(enumerate(order, 1))):
        header = tuple(json.loads(headers[version])) if version in headers else header
        found.append(Place(number, version, header))
    return found[::-1]


def _released_header(package: Package, order: list[str]) -> tuple[str, ...]:
    """Return the columns of the last release; () where there is none, or it keeps no schema of the table."""
    schema = ledger.folder(package.root, order[-1]) / package.tables[OF].schema_path if order else None
    if not (schema and schema.is_file()):
        return ()
    return tuple(field["name"] for field in json.loads(schema.read_text("utf-8"))["fields"])


def sql(package: Package) -> str:
    """Return the SELECT of `claims_history`."""
    return "\n".join(_lines(package))


def _lines(package: Package) -> Iterator[str]:
    table, order = package.tables[OF], places(package)
    columns = [name(column) for column in table.header]
    key = " || '/' || ".join(f"{OF}.{name(column)}" for column in table.primary_key)
    rows = ", ".join(f"({literal(place.version)}, {place.number})" for place in order)
    yield f"with places as (select * from (values {rows}) as given (version, place)),"
    yield "ledger as (select key, place, field, change, coalesce(old, '') as old from changes"
    yield f"  join places on places.version = changes.version where resource = {literal(OF)} and change <> 'header'),"
    yield f"waiting as (select {key} as key, {order[-1].number} as place from {OF} where {key} not in ("
    yield "  select key from ledger where change in ('added', 'withdrawn')"
    yield "  group by key having arg_max(change, place) = 'added')),"
    yield "lines as (from ledger"
    yield "  union all select key, place, '*' as field, 'added' as change, '' as old from waiting"
    for column in _new_columns(package, order):
        yield f"  union all select {key}, {order[-1].number}, {literal(column)}, 'corrected', ''"
        yield f"  from {OF} where {name(column)} is not null"
    yield "),"
    yield "events as (select key, place, min(change) as change,"
    yield ",\n".join(f"  {_old(column, order)} as {name(column)}" for column in table.header)
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


def _new_columns(package: Package, order: list[Place]) -> list[str]:
    """Return the columns that the table has had only since the last release."""
    released = _released_header(package, [place.version for place in order[:-1]])
    return [column for column in package.tables[OF].header if released and column not in released]


def _old(column: str, order: list[Place]) -> str:
    """Return the SQL for the cell of a column before an event; NULL where the event says nothing of it."""
    stood: dict[int, list[int]] = {}
    for place in order:
        if column in place.withdrawn:
            stood.setdefault(place.withdrawn.index(column), []).append(place.number)
    cases = (
        f"when place in ({', '.join(map(str, numbers))}) then json_extract_string(old, '$[{at}]')"
        for at, numbers in stood.items()
    )
    whole = f"coalesce(case {' '.join(cases)} end, '')" if stood else "''"
    return f"max(case when change = 'withdrawn' then {whole} when field = {literal(column)} then old end)"


def _cell(field: Field) -> str:
    old, now = f"spans.{name(field.name)}", f"{OF}.{name(field.name)}"
    then = f"nullif({old}, '')"
    then = then if field.type == "string" else f"try_cast({then} as {TYPES[field.type]})"
    return f"case when {old} is null then {now} else {then} end"
