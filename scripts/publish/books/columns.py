"""What each column of dist/ means: its type, unit and constraints, what blank means, an example."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, replace

import duckdb

from scripts.database.quoting import name as quoted
from scripts.datapackage import canonical_csv
from scripts.datapackage.package import Field, Json, Package, Table
from scripts.publish import dictionary

HEADER = ("table", "kind", "column", "type", "unit", "meaning", "constraints", "blank", "example", "values")
NEVER = "never blank"
OF_THE_METRIC = "unit of the metric"
FIGURES = {
    *("value", "low", "high", "point", "lowest", "highest", "median", "step"),
    *("newest", "newest_lowest", "newest_highest"),
}
BLANK = re.compile(r"\bblank ((?:when|where|for|while|as|means) [^.;]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Column:
    """A column of a table or view, each part as text; `values` are those that a cell can have, if they are few.

    Backticks in the meaning, constraints and blank are marks of names.
    """

    table: str
    kind: str
    column: str
    type: str
    unit: str
    meaning: str
    constraints: str
    blank: str
    example: str
    values: str

    @property
    def cells(self) -> tuple[str, ...]:
        """The parts in the order of `HEADER`, without marks."""
        plain = {name: getattr(self, name).replace("`", "") for name in ("meaning", "constraints", "blank")}
        return astuple(replace(self, **plain))


@dataclass(frozen=True)
class Relation:
    """A table or view, how many rows it has, where its CSV is, and its columns."""

    name: str
    kind: str
    description: str
    rows: int
    path: str
    columns: Sequence[Column]


def relations(con: duckdb.DuckDBPyConnection, package: Package, descriptor: Json) -> list[Relation]:
    """Return tables as the package has them, then views by name; `con` holds both, `descriptor` is that of dist/."""
    found = [_relation(con, package, resource) for resource in descriptor["resources"]]
    return sorted(found, key=lambda relation: (relation.kind, "" if relation.kind == "table" else relation.name))


def _relation(con: duckdb.DuckDBPyConnection, package: Package, resource: Json) -> Relation:
    table = package.tables.get(resource["name"])
    columns = list(_columns(con, table, resource))
    kind = "table" if table else "view"
    return Relation(resource["name"], kind, resource["description"], resource["rows"], resource["path"], columns)


def _columns(con: duckdb.DuckDBPyConnection, table: Table | None, resource: Json) -> Iterator[Column]:
    fields = resource["schema"]["fields"]
    middles = ", ".join(f"{_middle(field)}, count({quoted(field['name'])})" for field in fields)
    [found] = con.execute(f"select {middles} from {quoted(resource['name'])}").fetchall()
    declared: dict[str, Field] = {field.name: field for field in table.fields} if table else {}
    for place, field in enumerate(fields):
        held = dictionary.constraints(table, declared[field["name"]]) if table else {}
        example = field.get("example", found[2 * place])
        yield Column(
            table=resource["name"],
            kind="table" if table else "view",
            column=field["name"],
            type=field["type"],
            unit=_unit(field),
            meaning=field["description"],
            constraints=" · ".join(text for rule, text in held.items() if rule != "enum"),
            blank=_blank(field, "required" in held, bool(table) or found[2 * place + 1] < resource["rows"]),
            example=example if isinstance(example, str) else canonical_csv.cell(example),
            values=", ".join(map(str, field.get("constraints", {}).get("enum", []))),
        )


def _middle(field: Json) -> str:
    """Return the SQL for an example of a column: the middle one of its cells, as the same rows give the same."""
    column = quoted(field["name"])
    return f"max({column})" if field["type"] == "boolean" else f"quantile_disc({column}, 0.5)"


def _unit(field: Json) -> str:
    """Return in what the numbers of a column are: a count is named after what it counts."""
    if field["type"] not in ("integer", "number"):
        return {"date": "day", "boolean": "true or false"}.get(field["type"], "")
    if field["name"] in FIGURES:
        return OF_THE_METRIC
    first, _, rest = str(field["name"]).partition("_")
    return "days" if rest.endswith("days") else first


def _blank(field: Json, required: bool, can_be: bool) -> str:
    """Return what a blank cell means, from the sentence of the description that says so."""
    if required:
        return NEVER
    if "blank" not in field["description"].lower():
        return "not stated" if can_be else "none in this version"
    said = BLANK.search(field["description"])
    return said[1].removeprefix("means ") if said else str(field["description"])
