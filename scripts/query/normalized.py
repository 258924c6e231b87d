"""The normal form of a SELECT, and what it rests on: one form for all ways to write the same query (RDA R4).

It is what DuckDB writes of its own parse tree, the identifiers in lower case. That text differs between versions of
DuckDB; whoever keeps it keeps the version beside it.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import duckdb

from scripts.datapackage.package import Json

IDENTIFIERS = (
    *("alias", "catalog", "catalog_name", "column_name_alias", "column_names", "function_name", "key", "name"),
    *("path", "relation_name", "schema", "schema_name", "table_name", "using_columns"),
)
UNNEST = frozenset({"generate_series", "range", "unnest"})  # table functions that read nothing
CLOCKS = {  # written without brackets, so the tree has them as columns
    *("current_date", "current_time", "current_timestamp", "localtime", "localtimestamp"),
    *("current_catalog", "current_role", "current_schema", "current_user", "session_user", "user"),
}


class Refused(Exception):
    """The query cannot be cited; the message says what stands in it and what to write instead."""


def tree(con: duckdb.DuckDBPyConnection, sql: str) -> Json:
    """Return the parse tree of one SELECT, identifiers folded. Raises `Refused`."""
    try:
        [(text,)] = con.execute("select json_serialize_sql(?::varchar)", [sql]).fetchall()
        parsed: Json = json.loads(text)
    except (duckdb.Error, RecursionError, TypeError, UnicodeEncodeError) as error:
        raise Refused(f"the SQL cannot be read: {error}") from None
    if parsed["error"]:
        raise Refused(f"{parsed['error_message'].rstrip('!')}; write one plain SELECT")
    if len(parsed["statements"]) != 1:
        raise Refused("there are several statements; one SELECT is cited")
    folded: Json = _folded(parsed)
    return folded


def _folded(node: Any, key: str = "") -> Any:  # noqa: ANN401  (JSON)
    if isinstance(node, dict):
        folded = {name: _folded(value, name) for name, value in node.items()}
        if folded.get("schema_name") == "main" and not folded.get("catalog_name"):
            folded["schema_name"] = ""
            folded["qualified_name"] = {"path": [folded["table_name"]]}
        return folded
    if isinstance(node, list):
        items = [_folded(item, key) for item in node]
        return items[1:] if key == "column_names" and len(items) > 2 and items[0] == "main" else items
    return node.lower() if isinstance(node, str) and key in IDENTIFIERS else node


def form(con: duckdb.DuckDBPyConnection, parsed: Json) -> str:
    """Return the normal form of a tree: `json_deserialize_sql` of it."""
    [(text,)] = con.execute("select json_deserialize_sql(?::json)", [json.dumps(parsed)]).fetchall()
    return str(text)


def check(con: duckdb.DuckDBPyConnection, parsed: Json, known: set[str], macros: set[str]) -> set[str]:
    """Return the tables, views and table macros that a tree names.

    Raises `Refused` where it reads another relation, samples, or asks what changes by itself: a clock, a dice.
    """
    nodes = list(_nodes(parsed))
    named, called = relations(parsed)
    if foreign := sorted((named - known) | (called - macros - UNNEST)):
        raise Refused(
            f"`{foreign[0]}` is no table, view or macro of a version; DICTIONARY.md lists them, and --version takes "
            "the place of claims_history"
        )
    if any(node.get("sample") for node in nodes):
        raise Refused("a sample is drawn anew each time; take rows by a condition, or by order and limit")
    if any(node.get("type") == "SHOW_REF" for node in nodes):
        raise Refused("describe, show and summarize are of the engine, not of the data; select what they show")
    functions = {str(node["function_name"]) for node in nodes if node.get("function_name")} - called
    functions |= CLOCKS & {node["column_names"][0] for node in nodes if len(node.get("column_names", [])) == 1}
    if changing := sorted(filter(_changing(con), functions)):
        raise Refused(f"`{changing[0]}` gives another result another time; write the value that is meant")
    return named | (called & macros)


def relations(parsed: Json) -> tuple[set[str], set[str]]:
    """Return the tables and views, and the table functions, that a tree names beside those that it makes itself.

    One of another schema than `main` stands there with the name of that.
    """
    nodes = list(_nodes(parsed))
    own = {entry["key"] for node in nodes for entry in node.get("cte_map", {}).get("map", [])}
    own |= {node["cte_name"] for node in nodes if "cte_name" in node}
    tables = [node for node in nodes if node.get("type") == "BASE_TABLE"]
    named = {".".join(filter(None, [node["catalog_name"], node["schema_name"], node["table_name"]])) for node in tables}
    called = {node["function"]["function_name"] for node in nodes if node.get("type") == "TABLE_FUNCTION"}
    return named - own, called


def _nodes(node: Any) -> Iterator[Json]:  # noqa: ANN401  (JSON)
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _nodes(child)


def _changing(con: duckdb.DuckDBPyConnection) -> Callable[[str], bool]:
    """Return a test of whether a function is other than CONSISTENT, or a macro that calls one."""
    rows = con.execute(
        "select function_name, stability, macro_definition from system.main.duckdb_functions()"
    ).fetchall()
    loose = {name for name, stability, _ in rows if stability not in (None, "CONSISTENT")} | CLOCKS
    texts = {name: text for name, _, text in rows if text}

    def changes(function: str) -> bool:
        return function in loose or not loose.isdisjoint(re.findall(r"\w+", texts.get(function, "")))

    return changes
