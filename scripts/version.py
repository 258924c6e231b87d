"""Version numbers: MAJOR.MINOR.PATCH, compared as numbers, and which of the three a change asks for."""

import re
from collections.abc import Iterable

from scripts.ledger import Change
from scripts.package import Json, Package

KINDS = ("PATCH", "MINOR", "MAJOR")
PROSE = ("title", "description", "example")  # properties of a Table Schema or field that change no meaning


def numbers(version: str) -> tuple[int, int, int]:
    """Return the three numbers. Raises `ValueError` where the text has another form."""
    match = re.fullmatch(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)", version, re.ASCII)
    if not match:
        raise ValueError(f"`{version}` is no version; write MAJOR.MINOR.PATCH, as 1.0.0")
    return int(match[1]), int(match[2]), int(match[3])


def step(before: str, after: str) -> str:
    """Return which of the three numbers a version raises over another: MAJOR, MINOR or PATCH."""
    old, new = numbers(before), numbers(after)
    return "MAJOR" if new[0] > old[0] else "MINOR" if new[1] > old[1] else "PATCH"


def asked(lines: Iterable[Change], package: Package, last: str, schemas: tuple[Json, Json]) -> str:
    """Return the least step that the changes between two versions ask for.

    MAJOR: a column, key, type or constraint changes; MINOR: rows do; PATCH: prose alone. Before
    1.0.0 a MINOR is enough for all (Semantic Versioning 2.0.0, clause 4).
    """
    if bare(schemas[0]) != bare(schemas[1]):
        return "MAJOR" if numbers(last)[0] else "MINOR"
    prose = {(table.name, field.name) for table in package.tables.values() for field in table.fields if field.prose}
    if any(line.change != "corrected" or (line.resource, line.field) not in prose for line in lines):
        return "MINOR"
    return "PATCH"


def bare(schema: Json) -> Json:
    """Return a Table Schema, or several by name, without its prose."""
    return {
        key: bare(value)
        if isinstance(value, dict)
        else [bare(item) if isinstance(item, dict) else item for item in value]
        if isinstance(value, list)
        else value
        for key, value in schema.items()
        if key not in PROSE
    }
