"""Write a released version into an empty folder, byte for byte, from the present and the ledger.

python -m scripts rebuild 0.3.0 --to figures-0.3.0
"""

import argparse
from pathlib import Path

from scripts.cli import PROBLEMS, VALID, add_folder, folder, released_version
from scripts.database.opened import opened
from scripts.datapackage import atomic_write
from scripts.datapackage.errors import UsageError
from scripts.datapackage.package import is_stray
from scripts.history import rebuild


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("version", metavar="VERSION", help="a released version, as 0.3.0")
    parser.add_argument("--to", metavar="DIR", required=True, help="an empty folder, or one that is not there yet")
    add_folder(parser)


class Different(Exception):
    """Files of the version that are not as its checksums say."""

    def __init__(self, paths: list[str]) -> None:
        """Take the paths of the files."""
        super().__init__(*paths)
        self.paths = paths


def run(arguments: argparse.Namespace) -> int:
    """Write the files; nothing is written where one is not as its checksum says."""
    package, con = opened(folder(arguments))
    version = released_version(package, arguments.version)
    target = Path(arguments.to).resolve()
    if target.exists() and (not target.is_dir() or not all(map(is_stray, target.iterdir()))):
        raise UsageError(f"{target} is not an empty folder; name another")
    made = not target.exists()
    target.mkdir(parents=True, exist_ok=True)
    try:
        with atomic_write.staged(target) as pending:
            if different := rebuild.write(con, package, version, pending):
                raise Different(different)
    except Different as found:
        if made:
            target.rmdir()
        for path in found.paths:
            print(f"{path}: not what releases/{version}/SHA256SUMS says; `python -m scripts validate` finds the row")
        return PROBLEMS
    print(f"version {version} in {target}")
    return VALID
