"""Bring what is derived in the documentation up to date: DICTIONARY.md, docs/records.md, results, the picture.

python -m scripts docs
"""

import argparse

from scripts.cli import VALID, add_folder, folder
from scripts.database.opened import opened
from scripts.datapackage import atomic_write
from scripts.datapackage.package import dataset
from scripts.publish import documentation


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_folder(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write the files."""
    root = folder(arguments)
    with atomic_write.locked(root):
        atomic_write.write(root, documentation.files(*opened(root, dataset())))
    return VALID
