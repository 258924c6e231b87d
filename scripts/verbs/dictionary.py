"""Write DICTIONARY.md from the Table Schemas and the comments of the views.

python -m scripts dictionary
"""

import argparse
import sys

from scripts import descriptor, dictionary, stage
from scripts.call import BREAKS, HOLDS, add_folder, folder
from scripts.package import read
from scripts.problems import as_text


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_folder(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write the file."""
    root = folder(arguments)
    if found := descriptor.problems(root):
        sys.stdout.write(as_text(found))
        return BREAKS
    with stage.locked(root):
        stage.write(root, {dictionary.PATH: dictionary.text(read(root)).encode()})
    return HOLDS
