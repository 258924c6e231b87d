"""What the rules of this repository need of a table that has the name of one of its own."""

from collections.abc import Iterator

from scripts.datapackage.package import LEDGER, ROOT, Field, Json, table
from scripts.datapackage.problems import Problem
from scripts.datapackage.profiles import Document
from scripts.datapackage.untrusted import read_json


def problems(resource: Json, schema: Document) -> Iterator[Problem]:
    """Yield what the rules of this repository need of a table of the same name and its schema lacks."""
    ours = ROOT / "schemas" / "tables" / f"{resource['name']}.json"
    if not ours.is_file():
        return
    wanted = read_json(ours)
    there = {field.name: field for field in table(resource, schema.content).fields}
    lacking = [field for field in table(resource, wanted).fields if not _serves(there.get(field.name), field)]
    for field in lacking:
        filled = ", required" if field.constraints.get("required") else ""
        message = f"the rules for this table need a field `{field.name}` of type {field.type}{filled}"
        yield schema.at(("fields",), "property", message, "add it, or give the table another name")
    if resource["name"] in LEDGER and not lacking and _core(wanted) != _core(schema.content):
        message = "the ledger needs the fields, constraints, order and key of this table as this repository has them"
        fix = (
            f"take them from schemas/tables/{resource['name']}.json of this repository, or give the table another name"
        )
        yield schema.at((), "property", message, fix)


def _serves(there: Field | None, wanted: Field) -> bool:
    """Whether a field has the type that rules read, and no blank cell where they look for none."""
    filled = there and (there.constraints.get("required") or not wanted.constraints.get("required"))
    return bool(there and filled and there.type == wanted.type)


def _core(schema: Json) -> Json:
    """Return what programs rely on in the Table Schema of the ledger or of the list of releases."""
    fields = [(field["name"], field["type"], field.get("constraints", {})) for field in schema["fields"]]
    return {"fields": fields, "order": schema.get("order"), "primaryKey": schema["primaryKey"]}
