"""What a Table Schema says beyond its profile: keys name its fields, limits are cells that a field can hold."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from scripts.datapackage import canonical_csv
from scripts.datapackage.cell_forms import BOUNDS, FORMS, LENGTHS
from scripts.datapackage.json_lines import JsonPath
from scripts.datapackage.package import Json
from scripts.datapackage.problems import Problem
from scripts.datapackage.profiles import Document

OF_ENGINE = ("rowid", "file_row_number")  # columns that DuckDB has beside those of a table
ORDERED = ("integer", "number", "date")
LARGEST = (1 << 63) - 1  # of BIGINT


def problems(schema: Document) -> Iterator[Problem]:
    """Yield the fields and keys of a Table Schema, which holds under its profile, that cannot be."""
    columns = [field["name"] for field in schema.content["fields"]]
    for name, number in Counter(columns).items():
        if number > 1:
            yield schema.at(
                ("fields",), "property", f"the field `{name}` stands there {number} times", "name each field once"
            )
    for place, field in enumerate(schema.content["fields"]):
        if field["name"] in OF_ENGINE:
            message = f"DuckDB has a column `{field['name']}` of its own"
            yield schema.at(("fields", place, "name"), "property", message, "give the column another name")
        yield from _limits(schema, ("fields", place, "constraints"), field)
    yield from _own_keys(schema, set(columns))


def _own_keys(schema: Document, columns: set[str]) -> Iterator[Problem]:
    """Yield the keys that name a column that is not there."""
    content = schema.content
    keys: list[tuple[JsonPath, list[str]]] = [(("primaryKey",), content["primaryKey"])]
    keys += [(("uniqueKeys", place), key) for place, key in enumerate(content.get("uniqueKeys", []))]
    keys += [(("foreignKeys", place), key["fields"]) for place, key in enumerate(content.get("foreignKeys", []))]
    for place, key in keys:
        for name in key:
            if name not in columns:
                yield schema.at(place[:1], "property", f"`{name}` is no field of this table", "name a field")


def leads(schema: Document, table: str, tables: Mapping[str, list[str]]) -> Iterator[Problem]:
    """Yield the foreign keys of a table that lead to no columns; `tables` gives those of each table."""
    for place, key in enumerate(schema.content.get("foreignKeys", [])):
        here: JsonPath = ("foreignKeys", place)
        target = key["reference"].get("resource") or table
        if target not in tables:
            yield schema.at(here[:1], "property", f"`{target}` is no table of the package", "name a table")
            continue
        for name in key["reference"]["fields"]:
            if name not in tables[target]:
                yield schema.at(here, "property", f"`{name}` is no field of {target}", "name a field of that table")
        if len(key["fields"]) != len(key["reference"]["fields"]):
            message = f"{len(key['fields'])} fields refer to {len(key['reference']['fields'])}"
            yield schema.at(here, "property", message, "name as many fields here as there")


def _limits(schema: Document, place: JsonPath, field: Json) -> Iterator[Problem]:
    """Yield the constraints that a field of its type cannot have."""
    type_, rules = field["type"], field.get("constraints", {})
    for rule, limit in rules.items():
        here = (*place, rule)
        if (rule in BOUNDS and type_ not in ORDERED) or (rule in (*LENGTHS, "pattern") and type_ != "string"):
            message = f"`{rule}` says nothing of a field of type {type_}"
            yield schema.at(here, "property", message, "take it out, or correct the type")
        elif rule in BOUNDS or rule == "enum":
            for one in limit if isinstance(limit, list) else [limit]:
                if not _fits(type_, one):
                    message = f"`{str(one)[:100]}` is no cell of a field of type {type_}"
                    yield schema.at(here, "property", message, "write the limit as a cell of the column is written")


def _fits(type_: str, limit: Any) -> bool:  # noqa: ANN401  (JSON)
    """Whether a cell of a type can be what a limit names."""
    text = canonical_csv.cell(limit)
    if type_ == "string":
        return isinstance(limit, str)
    if isinstance(limit, bool) != (type_ == "boolean") and not isinstance(limit, str):
        return False
    if not re.fullmatch(FORMS[type_], text):
        return False
    if type_ == "date":
        return text >= "0001" and _is_day(text)
    return type_ == "boolean" or (abs(int(text)) <= LARGEST if type_ == "integer" else math.isfinite(float(text)))


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
