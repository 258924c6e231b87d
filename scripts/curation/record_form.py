"""What a record may say: each property with meaning and example, as its profile and the Table Schemas have it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from scripts.datapackage import profiles
from scripts.datapackage.package import ROOT, Field, Json, read

PROFILE = "record.json"
TABLES = {"document": "documents", "figure": "claims"}  # where a property that is a column is described
HIDDEN = ("originator",)  # former names


@dataclass(frozen=True)
class Property:
    """A property of a document or figure; its kinds are types of JSON, its choices the values of its column."""

    name: str
    of: str
    description: str
    kinds: tuple[str, ...]
    example: Any = None
    choices: tuple[str, ...] = field(default=())
    is_column: bool = False


@cache
def properties() -> Mapping[tuple[str, str], Property]:
    """Return the properties of a record, by what they belong to (`document` or `figure`) and name."""
    profile, package = profiles.profile(PROFILE), read(ROOT)
    of_document, of_figure = profile["properties"], profile["$defs"]["figure"]["properties"]
    found = {}
    for of, listed in (("document", of_document), ("figure", of_figure)):
        columns = {one.name: one for one in package.tables[TABLES[of]].fields}
        for name, told in listed.items():
            if name not in HIDDEN:
                found[of, name] = _property(profile, of, name, told, columns.get(name))
    return found


def _property(profile: Json, of: str, name: str, told: Json, column: Field | None) -> Property:
    if "$ref" in told:
        told = {**profile["$defs"][told["$ref"].removeprefix("#/$defs/")], **told}
    kinds = told.get("type") or [kind["type"] for kind in told.get("anyOf", [])] or "string"
    return Property(
        name,
        of,
        told.get("description") or (column.description if column else ""),
        (kinds,) if isinstance(kinds, str) else tuple(kinds),
        told.get("examples", [column.example if column else None])[0],
        tuple(column.constraints.get("enum", ())) if column else (),
        column is not None,
    )


def examples() -> list[Json]:
    """Return the records that the profile gives as examples."""
    return list(json.loads(json.dumps(profiles.profile(PROFILE)["examples"])))
