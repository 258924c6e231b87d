"""stata/claims_wide.dta: for Stata 14 and newer, its columns labelled; categories are numbers with labels."""

import io
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from readstat_arrow import Metadata, write_dta

from scripts.database.quoting import name as quoted
from scripts.datapackage.package import Json

VIEW = "claims_wide"
PATH = f"stata/{VIEW}.dta"
LABEL = 80  # characters of a label
LONGEST = 2045  # bytes of a text. Source: Stata, help limits
CUT = "[…]"
SHOWN = {"date": "%tdCCYY-NN-DD", "integer": "%15.0gc"}
STAMP = re.compile(rb"(?<=<timestamp>\x11).{17}(?=</timestamp>)")  # dd Mon yyyy hh:mm. Source: Stata, help dta
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def write(con: duckdb.DuckDBPyConnection, descriptor: Json, path: Path) -> None:
    """Write the view, which `con` holds; `descriptor` is that of dist/."""
    [resource] = [one for one in descriptor["resources"] if one["name"] == VIEW]
    fields = resource["schema"]["fields"]
    notes = [*_stated(descriptor), *_long_labels(fields)]
    columns = {}
    table = con.sql(f"from {quoted(VIEW)}").to_arrow_table()
    for field in fields:
        column, cut = _column(table.column(field["name"]), field)
        columns[field["name"]] = column
        if cut:
            notes.append(f"{field['name']}: {cut} of its texts end in {CUT}, as Stata holds {LONGEST} bytes of each.")
    written = io.BytesIO()
    write_dta(written, pa.table(columns), _metadata(descriptor, fields, notes))
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


def _column(column: pa.ChunkedArray, field: Json) -> tuple[pa.ChunkedArray, int]:
    """Return a column as Stata holds it, and how many of its texts are cut. A category becomes its number, from 1."""
    if categories := _categories(field):
        places = pc.index_in(column, value_set=pa.array(categories, pa.string()))
        return pc.add(places, 1).cast(pa.int16()), 0
    if field["type"] != "string":
        return column, 0
    long = pc.greater(pc.binary_length(column), LONGEST)
    cut = pc.sum(long).as_py() or 0
    if not cut:
        return column, 0
    return pa.chunked_array([[text and whole_or_cut(text) for text in column.to_pylist()]], pa.string()), cut


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
