"""What a version promises to those who wrote queries: a name stays, be it as a former name, or its end is announced.

A release keeps the Table Schemas of its day and, in `views.json`, what its views and macros were. A relation is a Table
Schema, or what is like one for a view. A name may go once a version that was no PATCH had it as a former name, or
described it as deprecated, after the version that began to.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise, takewhile

import duckdb

from scripts.database.connection import name as quoted
from scripts.database.views import FORMER, View, macros, of_former_names, views
from scripts.datapackage import semver
from scripts.datapackage.package import DESCRIPTOR, ROOT, Json, Package
from scripts.datapackage.problems import Problem
from scripts.datapackage.untrusted import read_json
from scripts.history import checksums, ledger
from scripts.history.claims_history import of_history

KEPT = "views.json"
ANNOUNCED = (FORMER, "deprecated")  # so begins the description of a name that is going to go
WHOLE = ""  # the relation itself, where a column may be named
Names = dict[str, Json]  # relation → what is said of it
Lost = tuple[str, str, bool]  # relation, column, whether its end was announced, though too late


def of_views(con: duckdb.DuckDBPyConnection, package: Package) -> Names:
    """Return what is said of `claims_history` and each view and macro of this repository; `con` holds the views."""
    return {view.name: _of_view(con, view) for view in [of_history(package), *views(), *macros()]}


def _of_view(con: duckdb.DuckDBPyConnection, view: View) -> Json:
    described = [] if view.parameters else con.execute(f"describe {quoted(view.name)}").fetchall()
    types = {column: type_ for column, type_, *_ in described}
    fields = [
        {"name": column, "type": types.get(column, ""), "description": meaning}
        for column, meaning in view.columns.items()
    ]
    query = checksums.of_text(" ".join(view.sql.split()))[:16]
    stated = {"description": f"{view.answers}; {view.grain}", "parameters": view.parameters, "query": query}
    return {"kind": "macro" if view.parameters else "view", **stated, "fields": fields}


def of_tables(package: Package) -> Names:
    """Return what is said of each table of a package."""
    schemas = {table.name: package.root / table.schema_path for table in package.tables.values() if table.schema_path}
    return {name: {"kind": "table", **read_json(path)} for name, path in schemas.items()}


def of_version(package: Package, number: str) -> Names:
    """Return what a released version said of its relations; of its views only where it kept that."""
    kept = ledger.folder(package.root, number)
    resources = read_json(kept / DESCRIPTOR)["resources"]
    tables = {each["name"]: read_json(kept / each["schema"]) for each in resources}
    of_its_views = read_json(kept / KEPT) if (kept / KEPT).exists() else {}
    return {**{name: {"kind": "table", **schema} for name, schema in tables.items()}, **of_its_views}


def problems(package: Package, *, with_views: bool | None = None) -> list[Problem]:
    """Return the names that the last version promised and that are gone; nothing is promised before 1.0.0.

    Views are those of this repository, so they are compared for its own package, or where asked.
    """
    known = ledger.versions(package)
    found = list(_taken(package))
    if not known or not semver.numbers(known[-1])[0]:
        return found
    try:
        history = [(number, of_version(package, number)) for number in known]
    except (OSError, ValueError, KeyError) as error:
        message = f"what a version was cannot be read: {error}"
        fix = "take the folder releases/ back from the archive"
        return [*found, Problem(DESCRIPTOR, 0, "", "", "released-record", message, fix)]
    compared = package.root == ROOT if with_views is None else with_views
    for relation, column, announced in lost(history, _present(package)):
        if compared or history[-1][1][relation]["kind"] == "table":
            found.append(_problem(package, known[-1], (relation, column, announced)))
    return found


def _present(package: Package) -> Mapping[str, set[str]]:
    """Return the columns of each relation, former names included."""
    tables = {
        table.name: {*table.header, *(field.formerly for field in table.fields)} for table in package.tables.values()
    }
    return {view.name: set(view.columns) for view in _views(package)} | tables


def _views(package: Package) -> list[View]:
    of_claims = [of_history(package)] if "claims" in package.tables else []
    return [*of_former_names(package, ()), *of_claims, *views(), *macros()]


def lost(history: list[tuple[str, Names]], present: Mapping[str, set[str]]) -> Iterator[Lost]:
    """Yield the names of the last version that are gone and had to stay; `history` has the oldest version first."""
    for relation, stated in history[-1][1].items():
        columns = [field["name"] for field in stated["fields"]]
        there = present.get(relation)
        gone = [WHOLE] if there is None else [column for column in columns if column not in there]
        for name in gone:
            since = list(takewhile(lambda pair: _announces(pair[1], relation, name), reversed(history)))  # noqa: B023
            if not any(semver.step(older, newer) != "PATCH" for (newer, _), (older, _) in pairwise(since)):
                yield relation, name, bool(since)


def _announces(names: Names, relation: str, column: str) -> bool:
    """Whether a version says that a name is going to go: of the relation, or of a column alone."""
    stated = names.get(relation, {"description": "", "fields": []})
    said = [
        stated.get("description", ""),
        *(field["description"] for field in stated["fields"] if field["name"] == column),
    ]
    return any(text.lower().startswith(ANNOUNCED) for text in said)


def _problem(package: Package, last: str, lost_: Lost) -> Problem:
    relation, column, announced = lost_
    table = package.tables.get(relation)
    path = table.schema_path if table and table.schema_path else DESCRIPTOR
    kind = "column" if column else "table or view"
    name = f"{relation}.{column}" if column else relation
    if announced:
        message = f"the {kind} `{name}` goes before a MINOR release has passed since version {last} announced it"
        return Problem(path, 0, column, "", "name-goes-early", message, "keep the former name for one more release")
    holder = "the field" if column else "the resource, or the comment of the view,"
    fix = (
        f"if it was renamed, write `formerly` {column or relation} in {holder} that has another name now; "
        "if it is no more, first describe it as “Deprecated: …” for one MINOR release"
    )
    return Problem(path, 0, column, "", "name-gone", f"version {last} had the {kind} `{name}`", fix)


def _taken(package: Package) -> Iterator[Problem]:
    """Yield the former names that something else has now."""
    for table in package.tables.values():
        if table.formerly in package.tables:
            message = f"`{table.formerly}`, the former name of {table.name}, is the name of a table"
            yield Problem(DESCRIPTOR, 0, "", "", "former-name", message, "a former name belongs to nothing else")
        for field in table.fields:
            if field.formerly in table.header:
                message = f"`{field.formerly}`, the former name of {field.name}, is the name of a column"
                fix = "a former name belongs to nothing else"
                yield Problem(table.schema_path, 0, field.name, "", "former-name", message, fix)
