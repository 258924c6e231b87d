"""Validate the package and write dist/: CSV, Parquet, a DuckDB file, an SQL script, checksums.

python -m scripts build
python -m scripts build --out figures
python -m scripts build --records
python -m scripts build --check
"""

import argparse
import gc
import tempfile
from pathlib import Path

import duckdb

from scripts.cli import PROBLEMS, VALID, add_folder, folder
from scripts.database.opened import total
from scripts.datapackage import atomic_write
from scripts.datapackage.errors import NotWritten, UsageError
from scripts.datapackage.package import dataset
from scripts.history import checksums
from scripts.history.checksums import SUMS
from scripts.publish import build, records, target
from scripts.validation.validate import sound


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_folder(parser)
    parser.add_argument("--out", metavar="DIR", help="where to write (default: dist/ of the package)")
    parser.add_argument("--records", action="store_true", help="also a page and a JSON for each claim and source")
    parser.add_argument("--base-url", metavar="URL", help="where the folder will lie on the web: writes a sitemap")
    parser.add_argument("--check", action="store_true", help="only say whether what is there is current")


def run(arguments: argparse.Namespace) -> int:
    """Write or check the folder; print what stands in the way."""
    gc.disable()  # a tenth of the time: a build makes millions of objects, none of which are kept in circles
    try:
        return _build(arguments)
    finally:
        gc.enable()


def _build(arguments: argparse.Namespace) -> int:
    root = folder(arguments)
    out = Path(arguments.out).resolve() if arguments.out else root / "dist"
    if out in (root, *root.parents):
        raise UsageError(f"{out} holds the package itself; name another folder with --out")
    asked = {
        "with_records": arguments.records,
        "base_url": records.checked(arguments.base_url) if arguments.base_url else "",
    }
    package, con = sound(root, dataset())
    if arguments.check:
        with tempfile.TemporaryDirectory() as fresh:
            build.write(con, package, Path(fresh), **asked)
            return _compare(Path(fresh), out)
    said = total(package, con)
    target.check(out)
    out.mkdir(parents=True, exist_ok=True)
    with atomic_write.locked(out), atomic_write.staged(out) as pending:
        try:
            build.write(con, package, pending, **asked)
        except duckdb.OperationalError as error:  # DuckDB could not write, and says where
            raise NotWritten(f"{str(error).splitlines()[0]}; nothing is changed") from None
        atomic_write.take_out(pending, target.left_over(out, pending))
    print(f"{said}\nversion {package.version} in {out}")
    return VALID


def _compare(fresh: Path, out: Path) -> int:
    """Print each file of `out` that a build of today would write otherwise."""
    wanted = checksums.listed(fresh / SUMS)
    stale = [path for path, digest in wanted.items() if checksums.of_file(out / path) != digest]
    for path in stale:
        print(f"{out / path}: not what `python -m scripts build` writes now")
    return PROBLEMS if stale else VALID
