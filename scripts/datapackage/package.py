"""A data package on disk: its descriptor and the Table Schemas that it names."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from scripts.datapackage.errors import UsageError
from scripts.datapackage.untrusted import read_json

ROOT = Path(__file__).resolve().parents[2]
DESCRIPTOR = "datapackage.json"
EXCEPTIONS = "schemas/exceptions.csv"  # problems that are accepted
STRAY = re.compile(r"\..*|.*~|#.*#|Thumbs\.db|desktop\.ini|.*\.(swp|orig|bak|tmp)", re.IGNORECASE)
Json = dict[str, Any]


@dataclass(frozen=True)
class Field:
    """A column, as its Table Schema declares it; `prose` has no bearing on a number, `formerly` was its name."""

    name: str
    type: str
    description: str
    constraints: Mapping[str, Any]
    prose: bool
    formerly: str = ""
    example: Any = None


@dataclass(frozen=True)
class ForeignKey:
    """Columns whose cells must stand in `reference` of the table `resource`."""

    fields: tuple[str, ...]
    resource: str
    reference: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A resource: where it lies (paths relative to the package) and what its schema says."""

    name: str
    title: str
    description: str
    path: str
    schema_path: str
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...]
    unique_keys: tuple[tuple[str, ...], ...]
    foreign_keys: tuple[ForeignKey, ...]
    sorted: bool
    formerly: str = ""

    @cached_property
    def header(self) -> list[str]:
        """The names of the columns, in order."""
        return [field.name for field in self.fields]

    def former(self, column: str, header: Sequence[str]) -> str:
        """Return the name that a column had under a header of before: its former one, where that has it alone."""
        before = next(field.formerly for field in self.fields if field.name == column)
        return before if before in header and column not in header else column

    def now(self, column: str, header: Sequence[str]) -> str:
        """Return the name that a column has now, by a header of before; '' where either lacks it."""
        there = [name for name in self.header if self.former(name, header) == column]
        return there[0] if there and column in header else ""

    @cached_property
    def key_places(self) -> list[int]:
        """Where in a row the cells of the primary key stand."""
        return [self.header.index(name) for name in self.primary_key]

    def key(self, row: list[str]) -> str:
        """Return the key of a row: its cells joined by `/`."""
        return "/".join([row[place] for place in self.key_places])


@dataclass(frozen=True)
class Package:
    """A data package: its folder, its descriptor and its tables by name."""

    root: Path
    descriptor: Json
    tables: Mapping[str, Table]

    @property
    def version(self) -> str:
        """The version that the descriptor states: that of the last release."""
        return str(self.descriptor["version"])

    @property
    def size(self) -> int:
        """The bytes of all tables."""
        return sum((self.root / table.path).stat().st_size for table in self.tables.values())


LEDGER = ("changes", "releases")  # the tables that tell what a version was


def is_stray(path: Path) -> bool:
    """Whether a file is one that a system or an editor leaves in a folder, and no part of a package."""
    return bool(STRAY.fullmatch(path.name))


def read(root: Path) -> Package:
    """Return the package in a folder whose descriptor holds (see `descriptor.problems`)."""
    descriptor = read_json(root / DESCRIPTOR)
    tables = {table.name: table for table in _tables(root, descriptor)}
    return Package(root, descriptor, tables)


def _tables(root: Path, descriptor: Json) -> Iterator[Table]:
    for resource in descriptor["resources"]:
        schema = resource["schema"]
        yield table(resource, schema if isinstance(schema, dict) else read_json(root / schema))


def table(resource: Json, schema: Json) -> Table:
    """Return the table that a resource and its Table Schema (v2) describe."""
    return Table(
        name=resource["name"],
        title=str(resource.get("title", resource["name"])),
        description=resource.get("description", ""),
        path=resource["path"],
        schema_path=resource["schema"] if isinstance(resource["schema"], str) else "",
        fields=tuple(map(_field, schema["fields"])),
        primary_key=_names(schema.get("primaryKey", [])),
        unique_keys=tuple(map(_names, schema.get("uniqueKeys", []))),
        foreign_keys=tuple(_foreign_key(resource["name"], key) for key in schema.get("foreignKeys", [])),
        sorted=schema.get("order") != "as written",
        formerly=resource.get("formerly", ""),
    )


def _field(field: Json) -> Field:
    return Field(
        name=field["name"],
        type=field.get("type", "string"),
        description=field.get("description", ""),
        constraints=field.get("constraints", {}),
        prose=field.get("prose", False),
        formerly=field.get("formerly", ""),
        example=field.get("example"),
    )


def _foreign_key(resource: str, key: Json) -> ForeignKey:
    reference = key["reference"]
    return ForeignKey(_names(key["fields"]), reference.get("resource") or resource, _names(reference["fields"]))


def _names(names: str | list[str]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)


def dataset() -> tuple[str, ...]:
    """Return the names of the tables of this dataset."""
    return tuple(sorted(path.stem for path in (ROOT / "schemas" / "tables").glob("[a-z]*.json")))


def check_needs(package: Package, needs: Iterable[str]) -> Package:
    """Return a package that has the tables that a command needs. Raises `UsageError` with those that it lacks."""
    if missing := [name for name in needs if name not in package.tables]:
        raise UsageError(
            f"{package.root} is no package of this kind: it has no table {', '.join(missing)}, which this command "
            "needs; `validate` and `query` take any package"
        )
    return package
