"""What tests ask of a folder that `build` wrote."""

import json
from pathlib import Path
from typing import Any


def descriptor(dist: Path) -> dict[str, Any]:
    stated: dict[str, Any] = json.loads((dist / "datapackage.json").read_text("utf-8"))
    return stated


def archive_of(dist: Path) -> Path:
    [found] = (dist / "archive").glob("*.zip")
    return found
