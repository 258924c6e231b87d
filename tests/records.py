"""Records for `add`, and the rows that it makes of them."""

import json
from pathlib import Path
from typing import Any

from scripts.datapackage import canonical_csv
from scripts.datapackage.package import read

Record = dict[str, Any]


def write(path: Path, given_records: list[Record]) -> Path:
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in given_records), "utf-8")
    return path


def figure(**cells: object) -> Record:
    noted = {"metric": "killed", "value": 300, "low": None, "high": None, "qualifier": "about", "unit": "persons"}
    who = {
        "wording": "about 300",
        "population": "troops",
        "place": "Kursk",
        "originator": "NIS",
        "said_on": "2026-06-13",
    }
    return {**noted, **who, **cells}


def document(*figures: Record, **cells: object) -> Record:
    noted = {
        "url": "https://example.org/one",
        "title": None,
        "publisher": "KBS World",
        "language": "en",
        "read": "opening",
    }
    return {**noted, "published_on": "2026-06-14", "published_on_basis": "page", "figures": list(figures), **cells}


def rows(root: Path, table: str) -> list[dict[str, str]]:
    one = read(root).tables[table]
    return [dict(zip(one.header, row, strict=True)) for row in canonical_csv.rows(root / one.path)]


def claims_of(root: Path, document_id: str) -> list[dict[str, str]]:
    return [row for row in rows(root, "claims") if row["document_id"] == document_id]
