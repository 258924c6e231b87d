"""The descriptor of dist/: tables and views with their schemas, sizes and hashes, and how to cite them."""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from scripts.citation import reference, works
from scripts.database import views
from scripts.database.connection import TYPES, file, name
from scripts.datapackage.errors import UsageError
from scripts.datapackage.package import Json, Package
from scripts.datapackage.untrusted import read_json
from scripts.history import checksums, claims_history, ledger

OF_DUCKDB = {duckdb_type: type_ for type_, duckdb_type in TYPES.items()}


def stated(package: Package) -> Json:
    """Return the descriptor with the version that the data are of, its day and its citation, without resources.

    Data that differ from the last release are of version `1.0.0+unreleased` (SemVer 2.0.0, build metadata).
    """
    known: Json = package.descriptor
    if checksums.unchanged(package):
        known = works.version(package, package.version).descriptor
    elif package.version in ledger.versions(package):
        known = {**known, "version": f"{package.version}+{ledger.UNRELEASED}"}
    return {**known, "bibliographicCitation": reference.text(known)}


def descriptor(con: duckdb.DuckDBPyConnection, package: Package, stated: Json, out: Path) -> Json:
    """Return what is stated and the resources of the files in `out`; `con` holds tables and views."""
    resources = []
    for resource in package.descriptor["resources"]:
        schema = read_json(package.root / package.tables[resource["name"]].schema_path)
        resources.append(
            {
                **resource,
                **_sized(con, name(resource["name"]), out / resource["path"]),
                "schema": schema,
            }
        )
    for view in [claims_history.of_history(package), *views.views()]:
        path = f"views/{view.name}.csv"
        like = {**package.descriptor["resources"][0], "name": view.name, "path": path, "title": view.name}
        like["description"] = f"{view.answers[0].upper()}{view.answers[1:]}; {view.grain}."
        copy = f"read_parquet({file(out / 'parquet' / f'{view.name}.parquet')})"
        fields = list(_fields(con, package, view, copy))
        resources.append({**like, **_sized(con, copy, out / path), "schema": {"fields": fields}})
    return {**stated, "resources": resources}


def _sized(con: duckdb.DuckDBPyConnection, relation: str, path: Path) -> Json:
    [(rows,)] = con.execute(f"select count(*) from {relation}").fetchall()
    return {"bytes": path.stat().st_size, "rows": rows, "hash": f"sha256:{checksums.of_file(path)}"}


def _fields(con: duckdb.DuckDBPyConnection, package: Package, view: views.View, copy: str) -> Iterator[Json]:
    """Yield the fields of a view, which has a copy.

    A column has the categories that all columns of tables have that share its name.
    """
    alike: dict[str, list[list[str]]] = {}
    for field in (field for table in package.tables.values() for field in table.fields):
        alike.setdefault(field.name, []).append(field.constraints.get("enum", []))
    enums = {column: lists[0] for column, lists in alike.items() if lists[0] and lists.count(lists[0]) == len(lists)}
    for column, type_, *_ in con.execute(f"describe from {copy}").fetchall():
        if type_ not in OF_DUCKDB:
            said = f"schemas/views/{view.name}.sql: the column `{column}` is of type {type_}"
            raise UsageError(f"{said}, which not all readers know; cast it to {', '.join(OF_DUCKDB)}")
        stated = {"name": column, "type": OF_DUCKDB[type_], "description": view.columns[column]}
        yield {**stated, "constraints": {"enum": enums[column]}} if column in enums else stated
