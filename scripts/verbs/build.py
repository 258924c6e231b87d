"""Validate the package and write dist/: CSV, Parquet, a DuckDB file, an SQL script, checksums.

python -m scripts build
python -m scripts build --out /tmp/figures
python -m scripts build --check
"""

import argparse
import sys
import tempfile
from pathlib import Path

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
        with tempfile.TemporaryDirectory() as fresh:
            dist.write(result.con, result.package, Path(fresh))
            return _compare(Path(fresh), out)
    if out in (root, *root.parents):
        raise CallOff(f"{out} holds the package itself; name another folder with --out")
    out.mkdir(parents=True, exist_ok=True)
    with stage.locked(out), stage.staged(out) as pending:
        dist.write(result.con, result.package, pending)
    _tidy(out)
    print(f"version {result.package.version} in {out}")
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


def _tidy(out: Path) -> None:
    """Take out what an earlier build wrote and this one did not."""
    lines = (out / dist.SUMS).read_text("utf-8").splitlines()
    kept = {line.split("  ", 1)[1] for line in lines} | {dist.SUMS, dist.DATABASE}
    for folder_ in ("data", "parquet", "views"):
        for path in (out / folder_).iterdir():
            if path.relative_to(out).as_posix() not in kept:
                path.unlink()
