"""What the peers are asked to hold: the cells, keys and foreign keys of the Table Schemas, and comparisons in a row."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scripts.datapackage.cell_forms import FORMS
from scripts.datapackage.package import Field, Table

# the rules of schemas/rows that compare two cells: which is the lower, and whether they may be equal
COMPARED: Mapping[str, tuple[tuple[str, str, bool], ...]] = {
    "claims": (("low", "high", False), ("about_from", "about_to", True)),
    "hedges": (("probability_low", "probability_high", False),),
}


@dataclass(frozen=True)
class Column:
    """What a peer is asked about a column of text: None and empty where nothing is asked."""

    name: str
    type: str
    required: bool
    pattern: str
    words: tuple[str, ...]
    minimum: float | None
    longest: int | None
    unique: bool
    reference: tuple[str, str] | None


def columns(table: Table) -> Iterator[Column]:
    """Yield the columns of a table with what its Table Schema asks of them."""
    references = {key.fields[0]: (key.resource, key.reference[0]) for key in table.foreign_keys}
    alone = {key[0] for key in (table.primary_key, *table.unique_keys) if len(key) == 1}
    for field in table.fields:
        yield _column(field, field.constraints, table, alone, references)


def _column(
    field: Field, asked: Mapping[str, Any], table: Table, alone: set[str], references: Mapping[str, tuple[str, str]]
) -> Column:
    return Column(
        name=field.name,
        type=field.type,
        required=bool(asked.get("required")) or field.name in table.primary_key,
        pattern=f"^(?:{asked.get('pattern') or FORMS[field.type]})$"
        if asked.get("pattern") or field.type in FORMS
        else "",
        words=tuple(map(str, asked.get("enum", ()))),
        minimum=asked.get("minimum"),
        longest=asked.get("maxLength"),
        unique=field.name in alone,
        reference=references.get(field.name),
    )
