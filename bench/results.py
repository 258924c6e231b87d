"""The results as JSON, from which the table and the chart are written."""

import json
from pathlib import Path
from typing import Any

from scripts.datapackage.package import ROOT

PATH = ROOT / "docs" / "bench.json"
Results = dict[str, Any]


def read(path: Path) -> Results:
    """Return the results so far; a run adds to them or takes the place of its like."""
    none: Results = {"machine": {}, "runs": {}, "ways": {}, "views": {}}
    return {**none, **json.loads(path.read_text("utf-8"))} if path.is_file() else none


def write(path: Path, results: Results) -> None:
    """Write the results, keys in order."""
    path.write_text(json.dumps(results, indent=1, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")
