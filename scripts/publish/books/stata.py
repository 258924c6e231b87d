"""stata/claims_wide.dta: for Stata 14 and newer, its columns labelled; categories are numbers with labels."""

import io
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
from readstat_arrow import Metadata, write_dta

from scripts.database.quoting import literal
from scripts.database.quoting import name as quoted
from scripts.datapackage.package import Json

VIEW = "claims_wide"
PATH = f"stata/{VIEW}.dta"
LABEL = 80  # characters of a label
LONGEST = 2045  # bytes of a text. Source: Stata, help limits
CUT = "[…]"
SHOWN = {"date": "%tdCCYY-NN-DD", "integer": "%15.0gc"}
STAMP = re.compile(rb"(?<=<timestamp>\x11).{17}(?=</timestamp>)")  # dd Mon yyyy hh:mm. Source: Stata, help dta
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def write(con: duckdb.DuckDBPyConnection, descriptor: Json, path: Path) -> None:
    """Write the view, which `con` holds; `descriptor` is that of dist/."""
    [resource] = [one for one in descriptor["resources"] if one["name"] == VIEW]
    fields = resource["schema"]["fields"]
    query = f"select {', '.join(map(_coded, fields))} from {quoted(VIEW)}"
    table, cuts = _shortened(con.sql(query).to_arrow_table())
    notes = [*_stated(descriptor), *_long_labels(fields), *cuts]
    written = io.BytesIO()
    write_dta(written, table, _metadata(descriptor, fields, notes))
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(STAMP.sub(_stamp(descriptor), written.getvalue(), count=1))


def _metadata(descriptor: Json, fields: list[Json], notes: list[str]) -> Metadata:
    return Metadata(
        file_label=_label(descriptor["title"]),
        notes=notes,
        variable_labels={field["name"]: _label(field["description"]) for field in fields},
        formats={field["name"]: SHOWN[field["type"]] for field in fields if field["type"] in SHOWN},
        value_labels={
            field["name"]: [{"value": code, "label": word} for code, word in enumerate(_categories(field), 1)]
            for field in fields
            if _categories(field)
        },
    )


def _categories(field: Json) -> list[str]:
    return list(field.get("constraints", {}).get("enum", []))


def _coded(field: Json) -> str:
    """Return the SQL for a column as Stata holds it: a category becomes its number, from 1."""
    listed = ", ".join(map(literal, _categories(field)))
    column = quoted(field["name"])
    return f"list_position([{listed}], {column})::smallint as {column}" if listed else column


def _shortened(table: pa.Table) -> tuple[pa.Table, list[str]]:
    """Return a table in which Stata can hold every text, and a note for each column where some had to be cut."""
    notes = []
    for place, name in enumerate(table.column_names):
        texts = table.column(name).to_pylist() if table.schema.field(name).type == pa.string() else []
        long = [text for text in texts if text and len(text.encode()) > LONGEST]
        if long:
            notes.append(f"{name}: {len(long)} of its texts end in {CUT}, as Stata holds {LONGEST} bytes of each.")
            whole = [text and whole_or_cut(text) for text in texts]
            table = table.set_column(place, name, pa.chunked_array([whole], pa.string()))
    return table, notes


def whole_or_cut(text: str) -> str:
    """Return a text, or as much of it as Stata holds, which then ends in `CUT`."""
    held = text.encode()
    if len(held) <= LONGEST:
        return text
    return held[: LONGEST - len(CUT.encode())].decode("utf-8", "ignore") + CUT


def _label(text: str) -> str:
    """Return a text as a label, cut behind a word where it is too long for one."""
    return text if len(text) <= LABEL else text[: LABEL - 1].rsplit(" ", 1)[0].rstrip(" ,;:·") + "…"


def _stated(descriptor: Json) -> Iterator[str]:
    licence = descriptor["licenses"][0]
    yield f"Version {descriptor['version']}. {descriptor['bibliographicCitation']}"
    yield f"{licence['title']} ({licence['name']}), {licence['path']}"


def _long_labels(fields: list[Json]) -> Iterator[str]:
    for field in fields:
        if len(field["description"]) > LABEL:
            yield f"{field['name']}: {field['description']}"


def _stamp(descriptor: Json) -> bytes:
    """Return the day of the version as the header of a file has it; that of another day would change its bytes."""
    day = datetime.fromisoformat(descriptor.get("created", "1980-01-01")[:10])
    return f"{day.day:02} {MONTHS[day.month - 1]} {day.year} 00:00".encode()
