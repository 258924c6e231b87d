"""Rung 0 of a package: its descriptor and Table Schemas hold, and the files that they name are there."""

import json
from collections.abc import Iterator
from pathlib import Path

from scripts.package import DESCRIPTOR, ROOT, Json, table
from scripts.problems import Problem
from scripts.profiles import FAULTS, JsonPath, at, document


def problems(root: Path) -> list[Problem]:
    """Return what is wrong with the descriptor, the Table Schemas and the list of files."""
    found, descriptor = document(root, DESCRIPTOR, "datapackage.json")
    if found:
        return found
    found = list(_names(root, descriptor))
    for place, resource in enumerate(descriptor["resources"]):
        found += _resource(root, descriptor, resource, ("resources", place))
    return found or list(_frictionless(root, descriptor))


def _names(root: Path, descriptor: Json) -> Iterator[Problem]:
    text = (root / DESCRIPTOR).read_text("utf-8")
    names = [resource["name"] for resource in descriptor["resources"]]
    for place, name in enumerate(names):
        if name in names[:place]:
            yield at(
                DESCRIPTOR,
                text,
                ("resources", place, "name"),
                "property",
                f"two resources are called `{name}`",
                "give each its own name",
            )


def _resource(root: Path, descriptor: Json, resource: Json, place: JsonPath) -> Iterator[Problem]:
    text = (root / DESCRIPTOR).read_text("utf-8")
    named = [part for part in ("path", "schema") if isinstance(resource[part], str)]
    if missing := [part for part in named if not (root / resource[part]).is_file()]:
        for part in missing:
            message, fix = f"there is no file {resource[part]}", "add the file, or correct the path"
            yield at(DESCRIPTOR, text, (*place, part), "missing-file", message, fix)
        return
    if not (root / resource["path"]).resolve().is_relative_to(root.resolve()):
        rule, message, fix = FAULTS["inside"]
        yield at(DESCRIPTOR, text, (*place, "path"), rule, f"`{resource['path']}` {message} through a link", fix)
    if isinstance(resource["schema"], str):
        found, schema = document(root, resource["schema"], "tableschema.json")
        yield from found
        if not found:
            yield from _keys(root, descriptor, resource, schema)
            yield from _columns(root, resource, schema)


def _keys(root: Path, descriptor: Json, resource: Json, schema: Json) -> Iterator[Problem]:
    """Yield the keys of a Table Schema that name a column or table that is not there."""
    text = (root / resource["schema"]).read_text("utf-8")
    columns = [field["name"] for field in schema["fields"]]
    tables = {other["name"] for other in descriptor["resources"]}
    for name in {name for name in columns if columns.count(name) > 1}:
        yield at(
            resource["schema"],
            text,
            ("fields",),
            "property",
            f"the field `{name}` stands there twice",
            "name each field once",
        )
    for part in ("primaryKey", "uniqueKeys", "foreignKeys"):
        keys = [schema.get(part, [])] if part == "primaryKey" else schema.get(part, [])
        for key in keys:
            for name in key["fields"] if part == "foreignKeys" else key:
                if name not in columns:
                    yield at(
                        resource["schema"],
                        text,
                        (part,),
                        "property",
                        f"`{name}` is no field of this table",
                        "name a field",
                    )
            target = key["reference"].get("resource") if part == "foreignKeys" else None
            if target and target not in tables:
                yield at(
                    resource["schema"],
                    text,
                    (part,),
                    "property",
                    f"`{target}` is no table of the package",
                    "name a table",
                )


def _columns(root: Path, resource: Json, schema: Json) -> Iterator[Problem]:
    """Yield the columns that the rules of this repository need and a table of the same name lacks."""
    ours = ROOT / "schemas" / "tables" / f"{resource['name']}.json"
    if not ours.is_file():
        return
    text = (root / resource["schema"]).read_text("utf-8")
    there = {field.name: field.type for field in table(resource, schema).fields}
    for field in table(resource, json.loads(ours.read_text("utf-8"))).fields:
        if there.get(field.name) != field.type:
            message = f"the rules for this table need a field `{field.name}` of type {field.type}"
            yield at(
                resource["schema"], text, ("fields",), "property", message, "add it, or give the table another name"
            )


def _frictionless(root: Path, descriptor: Json) -> Iterator[Problem]:
    """Yield what frictionless has against the descriptor itself."""
    from frictionless import Package  # 0.2 s, so not before the plainer faults are out of the way

    for error in Package.metadata_validate(descriptor):
        yield Problem(
            DESCRIPTOR, 0, "", "", f"frictionless/{error.type}", error.note, "write it as Data Package v2 asks"
        )
