"""Records: the tables as JSON, one record a row of a vocabulary or a document with its figures, and back."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from scripts import canonical
from scripts.package import Json, Package

VOCABULARY = ("aliases", "hedges", "metrics", "places", "populations", "sources")
CODED = (*VOCABULARY, "documents", "statements", "relays", "claims")  # the tables that records fill
Row = dict[str, str]


@dataclass
class Rows:
    """The rows of the tables that records fill: by table, then by key; cells are text, blank is ''."""

    tables: dict[str, dict[str, Row]] = field(default_factory=lambda: {name: {} for name in CODED})

    def add(self, table: str, key: str, row: Row) -> Row | None:
        """Add a row; return the one that has its key already and is another, if there is one."""
        there = self.tables[table].setdefault(key, row)
        return there if there != row else None


def present(package: Package) -> Rows:
    """Return the rows of a package."""
    rows = Rows()
    for name in CODED:
        table = package.tables[name]
        for cells in canonical.rows(package.root / table.path):
            rows.tables[name][table.key(cells)] = dict(zip(table.header, cells, strict=True))
    return rows


def files(package: Package, rows: Rows) -> dict[str, bytes]:
    """Return the tables of rows in canonical form, by path."""
    tables = [package.tables[name] for name in CODED]
    return {
        table.path: canonical.text(
            table, [[row[column] for column in table.header] for row in rows.tables[table.name].values()]
        ).encode()
        for table in tables
    }


def export(package: Package) -> Iterator[Json]:
    """Yield a package as records, every cell in them, so that `add` needs no decision to restore the tables."""
    rows = present(package)
    for name in VOCABULARY:
        for row in rows.tables[name].values():
            yield {"resource": name, "row": _values(package, name, row)}
    claims = _grouped(rows.tables["claims"].values(), "document_id")
    relays = _grouped(rows.tables["relays"].values(), "document_id")
    for document_id, document in rows.tables["documents"].items():
        figures = [_figure(package, rows, claim, relays.get(document_id, [])) for claim in claims.get(document_id, [])]
        yield {**_values(package, "documents", document), "figures": figures}


def _figure(package: Package, rows: Rows, claim: Row, relays: Iterable[Row]) -> Json:
    statement = rows.tables["statements"][claim["statement_id"]]
    chain = sorted(
        (int(relay["position"]), relay["source_id"])
        for relay in relays
        if relay["statement_id"] == claim["statement_id"]
    )
    cells = _values(package, "claims", claim)
    del cells["document_id"], cells["statement_id"]
    return {**cells, "statement": _values(package, "statements", statement), "relays": [source for _, source in chain]}


def _grouped(rows: Iterable[Row], column: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[column], []).append(row)
    return groups


def _values(package: Package, table: str, row: Row) -> Json:
    """Return cells as JSON values: whole numbers as numbers, blanks as null."""
    types = {column.name: column.type for column in package.tables[table].fields}
    return {name: None if cell == "" else int(cell) if types[name] == "integer" else cell for name, cell in row.items()}


def row_of(package: Package, table: str, values: Json) -> Row:
    """Return the cells of a row of a table from JSON values; what is not there is blank."""
    return {name: text(values.get(name)) for name in package.tables[table].header}


def text(value: object) -> str:
    """Return a JSON value as the text of a cell."""
    cell = canonical.cell(value)
    return format(Decimal(cell), "f") if isinstance(value, float) else cell
