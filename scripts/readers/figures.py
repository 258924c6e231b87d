"""Read the tables and views of this folder into pandas, in the types that datapackage.json states.

    import figures
    claims = figures.read("claims_wide")

Needs pandas (tried with 2.2 and 3.1), and pyarrow for Parquet. The folder may also be a zip file of it.
"""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd

HERE = Path(__file__).resolve().parent
DTYPES = {
    "string": "string",
    "integer": "Int64",
    "number": "Float64",
    "boolean": "boolean",
    "date": "datetime64[s]",
}


def read(name: str, folder: str | Path = HERE, form: str = "parquet") -> pd.DataFrame:
    """Return a table or view as a frame: blank is missing, whole numbers stay whole, enumerations are categories.

    `form` is "parquet" or "csv"; both give equal frames. Version, citation and licence stand in `DataFrame.attrs`.
    Raises `KeyError` with the names that there are, when the folder has no such table or view.
    """
    root = _root(Path(folder))
    descriptor = json.loads((root / "datapackage.json").read_text(encoding="utf-8"))
    resources = {resource["name"]: resource for resource in descriptor["resources"]}
    if name not in resources:
        raise KeyError(f"there is no table or view {name!r}; there are {', '.join(resources)}")
    if form == "csv":
        text = io.BytesIO((root / resources[name]["path"]).read_bytes())
        frame = pd.read_csv(text, dtype="string", keep_default_na=False, na_values=[""], encoding="utf-8")
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
    }
    return frame


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
