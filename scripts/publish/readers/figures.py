"""Read the tables and views of this folder into pandas, in the types that datapackage.json states.

    import figures
    claims = figures.read("claims_wide")

Needs pandas (tried with 2.2 and 3.1), and pyarrow for Parquet. The folder may also be a zip file of it.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd

HERE = Path(__file__).resolve().parent
FORMS = ("parquet", "csv")
WRITTEN = {  # how a cell of a type is written, and what it is called
    "integer": ("-?[0-9]+", "whole number"),
    "number": ("-?[0-9]+([.][0-9]+)?(e[+-]?[0-9]+)?", "number"),
    "boolean": ("true|false", "truth value (true or false)"),
    "date": ("[0-9]{4}-[0-9]{2}-[0-9]{2}", "day (YYYY-MM-DD)"),
}
DTYPES = {
    "string": "string",
    "integer": "Int64",
    "number": "Float64",
    "boolean": "boolean",
    "date": "datetime64[s]",
}


def read(name: str, folder: str | Path = HERE, form: str = "parquet") -> pd.DataFrame:
    """Return a table or view as a frame: blank is missing, whole numbers stay whole, enumerations are categories.

    `form` is "parquet" or "csv"; both give equal frames. Version, citation, licence and what each column means stand
    in `DataFrame.attrs`: `claims.attrs["labels"]["value"]`.
    Raises `KeyError` with the names that there are, when the folder has no such table or view, and `ValueError` with
    file, line and column where a CSV is not as it was written, as after a spreadsheet saved it.
    """
    if form not in FORMS:
        raise ValueError(f"form is {form!r}; it is one of {', '.join(FORMS)}")
    root = _root(Path(folder))
    descriptor = json.loads((root / "datapackage.json").read_text(encoding="utf-8"))
    resources = {resource["name"]: resource for resource in descriptor["resources"]}
    if name not in resources:
        raise KeyError(f"there is no table or view {name!r}; there are {', '.join(resources)}")
    if form == "csv":
        text = _text(_content(root / resources[name]["path"]), resources[name])
        frame = pd.read_csv(io.StringIO(text), dtype="string", keep_default_na=False, na_values=[""])
        _check(frame, resources[name])
    else:
        frame = pd.read_parquet(io.BytesIO((root / f"parquet/{name}.parquet").read_bytes()))
    for field in resources[name]["schema"]["fields"]:
        frame[field["name"]] = _typed(frame[field["name"]], field)
    frame.attrs = {
        "name": name,
        "title": descriptor["title"],
        "version": descriptor["version"],
        "citation": descriptor["bibliographicCitation"],
        "license": descriptor["licenses"][0]["name"],
        "labels": {field["name"]: field["description"] for field in resources[name]["schema"]["fields"]},
    }
    return frame


def _content(path: Any) -> bytes:  # noqa: ANN401  (a file, or one in a zip file)
    data: bytes = path.read_bytes()
    return gzip.decompress(data) if path.name.endswith(".gz") else data


def _text(data: bytes, resource: dict[str, Any]) -> str:
    """Return the text of a CSV. Raises `ValueError` where it is not UTF-8, or a row has a cell too many or too few."""
    path, names = resource["path"], [field["name"] for field in resource["schema"]["fields"]]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ValueError(f"{path}:{line}: the line is not UTF-8: another program wrote it") from None
    rows = csv.reader(io.StringIO(text), strict=True)
    try:
        if (header := next(rows, [])) != names:
            raise ValueError(f"{path}:1: the columns are {header}, not {names}: another program wrote the file")
        for row in rows:
            if len(row) != len(names):
                line = rows.line_num
                raise ValueError(f"{path}:{line}: {len(row)} cells, not {len(names)}: another program wrote the line")
    except csv.Error as error:
        raise ValueError(f"{path}:{rows.line_num}: {error}: another program wrote the line") from None
    return text


def _check(frame: pd.DataFrame, resource: dict[str, Any]) -> None:
    """Raise `ValueError` where the cells of a CSV are not written as its schema says."""
    path = resource["path"]
    for field in resource["schema"]["fields"]:
        column, categories = frame[field["name"]], field.get("constraints", {}).get("enum")
        pattern, what = WRITTEN.get(field["type"], ("", ""))
        good = column.isin(categories) if categories else column.str.fullmatch(pattern) if pattern else column.notna()
        if field["type"] == "date":
            good &= pd.to_datetime(column, format="%Y-%m-%d", errors="coerce").notna()
        bad = (column.notna() & ~good.fillna(True).astype(bool)).to_numpy()
        if bad.any():
            row = int(bad.argmax())
            what = f"one of {', '.join(categories)}" if categories else f"a {what}"
            raise ValueError(
                f"{path}:{row + 2}: {field['name']}: {column.iloc[row]!r} is not {what}: another program wrote it"
            )


def _root(folder: Path) -> Any:  # noqa: ANN401  (a folder, or one in a zip file)
    if folder.suffix != ".zip":
        return folder
    archive = zipfile.ZipFile(folder)
    inside = min((name for name in archive.namelist() if name.endswith("datapackage.json")), key=len)
    return zipfile.Path(archive, inside.removesuffix("datapackage.json"))


def _typed(column: pd.Series[Any], field: dict[str, Any]) -> pd.Series[Any]:
    if categories := field.get("constraints", {}).get("enum"):
        return column.astype("string").astype(pd.CategoricalDtype(categories))
    if field["type"] == "boolean" and not pd.api.types.is_bool_dtype(column):
        column = column.map({"true": True, "false": False, True: True, False: False})
    if field["type"] == "date":
        column = pd.to_datetime(column, format="%Y-%m-%d")
    if field["type"] in ("integer", "number") and not pd.api.types.is_numeric_dtype(column):
        column = pd.to_numeric(column)
    dtype: Any = DTYPES[field["type"]]
    return column.astype(dtype)
