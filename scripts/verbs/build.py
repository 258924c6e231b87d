"""Validate the package and write dist/: CSV, Parquet, a DuckDB file, an SQL script, checksums.

python -m scripts build
python -m scripts build --out figures
python -m scripts build --check
"""

import argparse
import sys
import tempfile
from pathlib import Path

import duckdb

from scripts import described, dist, stage
from scripts.call import BREAKS, HOLDS, CallOff, add_folder, folder
from scripts.ladder import climb
from scripts.problems import as_text


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_folder(parser)
    parser.add_argument("--out", metavar="DIR", help="where to write (default: dist/ of the package)")
    parser.add_argument("--check", action="store_true", help="only say whether what is there is current")


def run(arguments: argparse.Namespace) -> int:
    """Write or check the folder; print what stands in the way."""
    root = folder(arguments)
    out = Path(arguments.out).resolve() if arguments.out else root / "dist"
    result = climb(root)
    if result.problems or not (result.package and result.con):
        sys.stdout.write(as_text(result.problems))
        return BREAKS
    if arguments.check:
        stage.settle(out)
        with tempfile.TemporaryDirectory() as fresh:
            dist.write(result.con, result.package, Path(fresh))
            return _compare(Path(fresh), out)
    if out in (root, *root.parents):
        raise CallOff(f"{out} holds the package itself; name another folder with --out")
    total = result.sum
    out.mkdir(parents=True, exist_ok=True)
    with stage.locked(out), stage.staged(out) as pending:
        try:
            dist.write(result.con, result.package, pending)
        except duckdb.OperationalError as error:  # DuckDB could not write, and says where
            raise stage.Unwritten(f"{str(error).splitlines()[0]}; nothing is changed") from None
        stage.take_out(pending, _left_over(out, pending))
    print(f"{total}\nversion {result.package.version} in {out}")
    return HOLDS


def _compare(fresh: Path, out: Path) -> int:
    """Print each file of `out` that a build of today would write otherwise."""
    lines = (fresh / dist.SUMS).read_text("utf-8").splitlines()
    wanted = {path: digest for digest, path in (line.split("  ", 1) for line in lines)}
    stale = [
        path for path, digest in wanted.items() if not (out / path).is_file() or described.digest(out / path) != digest
    ]
    for path in stale:
        print(f"{out / path}: not what `python -m scripts build` writes now")
    return BREAKS if stale else HOLDS


def _left_over(out: Path, pending: Path) -> list[str]:
    """Return what lies in the folders of a build and this one has not written."""
    folders = [out / path.name for path in pending.iterdir() if path.is_dir()]
    files = [path.relative_to(out) for folder_ in folders for path in folder_.rglob("*") if path.is_file()]
    return sorted(path.as_posix() for path in files if not (pending / path).exists())
