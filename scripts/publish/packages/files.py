"""dist/python/ and dist/r/: the wheel and the R package."""

import tempfile
from pathlib import Path

import duckdb

from scripts.datapackage.package import Json, Package
from scripts.publish.packages import contents, r_package, wheel


def write(con: duckdb.DuckDBPyConnection, package: Package, descriptor: Json, out: Path) -> None:
    """Write both packages; `con` holds tables and views, `out` is dist/ with all that its `descriptor` tells of."""
    with tempfile.TemporaryDirectory() as aside:
        inside, project = Path(aside, "inside"), Path(aside, "project")
        inside.mkdir()
        project.mkdir()
        contents.write(con, package, descriptor, out, inside)
        for folder in ("python", "r"):
            (out / folder).mkdir()
        wheel.write(descriptor, inside, project, out / "python")
        r_package.write(package, descriptor, inside, out / "r")
