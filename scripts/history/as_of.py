"""A table as an earlier version had it, as SQL over the present and the ledger; for tables of any size.

What a cell was at a version is the `old` of the first later line about it, and where no line follows, the present cell.
Versions are ordered by their line in `data/releases.csv`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scripts.database.quoting import canonical_line, literal, name
from scripts.datapackage import canonical_csv
from scripts.datapackage.package import Package, Table
from scripts.datapackage.untrusted import read_json
from scripts.history import ledger
from scripts.history.ledger import UNRELEASED

if TYPE_CHECKING:
    import duckdb

BATCH = 10_000  # rows


@dataclass(frozen=True)
class Place:
    """A version, its place in the order of releases, its columns, and those of the rows that it withdrew."""

    number: int
    version: str
    header: tuple[str, ...]
    withdrawn: tuple[str, ...]


def places(package: Package, table: Table) -> list[Place]:
    """Return the versions, oldest first, and what waits for the next as the last of them; columns are of `table`."""
    found: list[Place] = []
    before: tuple[str, ...] = ()
    for number, version in enumerate(ledger.versions(package), 1):
        header = _header(package, table, version) or tuple(table.header)
        found.append(Place(number, version, header, before))
        before = header
    now = tuple(table.header)
    # `withdraw` writes a row by the header of now; a column that the release did not have was blank in it
    withdrawn = tuple(column if column in before or not found else "" for column in now)
    return [*found, Place(len(found) + 1, UNRELEASED, now, withdrawn)]


def _header(package: Package, table: Table, version: str) -> tuple[str, ...]:
    schema = ledger.folder(package.root, version) / table.schema_path
    if not schema.is_file():
        return ()
    return tuple(field["name"] for field in read_json(schema)["fields"])


def lines(table: Table, order: list[Place], changes: str = "text.changes") -> str:
    """Return the SQL for the lines of the ledger about the rows of a table: key, place, field, change, old, new."""
    rows = ", ".join(f"({literal(place.version)}, {place.number})" for place in order)
    return (
        f"select key, place, field, change, coalesce(old, '') as old, new from {changes} as said\n"
        # `said.`, since a bare `version` would be taken for the parameter of the macro `claims_at`
        f"  join (values {rows}) as places (of_version, place) on of_version = said.version\n"
        f"  where resource = {literal(table.name)} and change <> 'header'"
    )


def key(table: Table, relation: str) -> str:
    """Return the SQL for the key of a row, as the ledger writes it."""
    return " || '/' || ".join(f"{relation}.{name(column)}" for column in table.primary_key)


def old(column: str, order: list[Place]) -> str:
    """Return the SQL for the cell of a column before a line; NULL where the line says nothing of it."""
    stood: dict[int, list[int]] = {}
    for place in order:
        if column in place.withdrawn:
            stood.setdefault(place.withdrawn.index(column), []).append(place.number)
    cases = (
        f"when place in ({', '.join(map(str, numbers))}) then json_extract_string(old, '$[{at}]')"
        for at, numbers in stood.items()
    )
    whole = f"coalesce(case {' '.join(cases)} end, '')" if stood else "''"
    return f"case when change = 'withdrawn' then {whole} when field = {literal(column)} then old end"


def alive(table: Table, order: list[Place], changes: str = "text.changes") -> str:
    """Return the SQL for the keys of the rows that the last version holds."""
    return (
        f"with lines as (select * from ({lines(table, order, changes)}) where place < {order[-1].number})\n"
        "select key from (select key, place from lines where change = 'added') as came\n"
        "left join (select key as gone, max(place) as left_at from lines where change = 'withdrawn' group by key)\n"
        "  on gone = key where gone is null or place > left_at"
    )


def told(con: "duckdb.DuckDBPyConnection", table: Table, order: list[Place], at: int = 0) -> set[str]:
    """Return the columns that some line after a place tells of: those corrected, and all where a row was withdrawn."""
    sql = f"select distinct change, field from ({lines(table, order)}) where place > {at} and change <> 'added'"
    found = con.execute(sql).fetchall()
    if any(change == "withdrawn" for change, _ in found):
        return {column for place in order for column in place.header}
    return {field for _, field in found}


def rows(table: Table, order: list[Place], at: Place, told_of: set[str]) -> str:
    """Return the SQL for the rows of `text.TABLE` as they were at a version, in its columns; a blank cell is ''.

    `told_of` are the columns that a later line tells of. A row that waits for its first release is left out.
    """
    later = _first(order, [column for column in at.header if column in told_of])
    cells = ", ".join(f"{_cell(table, column, told_of, order)} as {name(column)}" for column in at.header)
    return (
        f"with back as (select key, arg_min(change, place) filter (change in ('added', 'withdrawn')) as came{later}\n"
        f"  from ({lines(table, order)}) where place > {at.number} group by key),\n"
        f"present as (select *, {key(table, 'given')} as _key from text.{name(table.name)} as given)\n"
        f"select coalesce(_key, back.key) as _key, {cells} from present full join back on back.key = _key\n"
        f"where came = 'withdrawn' or (came is null and _key in ({alive(table, order)}))"
    )


def as_added(table: Table, order: list[Place], told_of: set[str]) -> str:
    """Return the SQL for each row as it was when it was added: `_line` now, key, its line then, and the hash of that.

    `told_of` are the columns that some line tells of. A row that is gone without a line that says so is left out.
    """
    headers: dict[tuple[str, ...], list[int]] = {}
    for place in order[:-1]:
        headers.setdefault(place.header, []).append(place.number)
    columns = list(dict.fromkeys(column for header in headers for column in header))
    back = _first(order, [column for column in columns if column in told_of])
    cells = ", ".join(f"{_cell(table, column, told_of, order)} as {name(column)}" for column in columns)
    texts = " ".join(
        f"when since in ({', '.join(map(str, numbers))}) then {canonical_line(header)}"
        for header, numbers in headers.items()
    )
    return (
        f"with lines as ({lines(table, order)}), born as (select key, place as since, new from lines where "
        "change = 'added'),\n"
        f"back as (select key, since, count(*) filter (change = 'withdrawn') as withdrawn{back}\n"
        "  from (select lines.*, since from lines join born on lines.key = born.key and place > since)\n"
        "  group by key, since),\n"
        f"present as (select *, {key(table, 'given')} as _key from text.{name(table.name)} as given),\n"
        f"was as (select _line, born.key, born.since, born.new, {cells} from present\n"
        "  right join (born left join back on back.key = born.key and back.since = born.since) on _key = born.key\n"
        "  where _key is not null or withdrawn > 0)\n"
        f"select _line, key, new, case {texts} end as line from was"
    )


def _first(order: list[Place], columns: list[str]) -> str:
    return "".join(f",\n  arg_min({old(column, order)}, place) as {name(column)}" for column in columns)


def _cell(table: Table, column: str, told_of: set[str], order: list[Place]) -> str:
    now = table.now(column, order[-2].header)  # a new name that waits for its release
    present = f"present.{name(now)}" if now else "null"
    return f"coalesce({f'back.{name(column)}, ' if column in told_of else ''}{present}, '')"


def text(
    con: "duckdb.DuckDBPyConnection", table: Table, order: list[Place], at: Place, by: Sequence[str]
) -> Iterator[bytes]:
    """Yield the bytes of a table as a version had it, sorted by the columns `by`."""
    found = rows(table, order, at, told(con, table, order, at.number))
    con.execute(f"select {canonical_line(at.header)} from ({found}) order by {', '.join(map(name, by))}")
    yield canonical_csv.line(at.header).encode()
    while batch := con.fetchmany(BATCH):
        yield "".join(f"{line}\n" for (line,) in batch).encode()
