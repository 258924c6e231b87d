"""Cite a version of the dataset, or one claim of it with the page that it came from.

python -m scripts cite
python -m scripts cite --version 0.3.0 --format bibtex
python -m scripts cite --claim kbs-20250113-1 --format csl-json
"""

import argparse
import sys

from scripts import cited, forms, ledger
from scripts.call import HOLDS, CallOff, add_folder, folder, released_version
from scripts.package import read

FORMS = {
    "text": forms.text,
    "bibtex": forms.bibtex,
    "ris": forms.ris,
    "csl-json": forms.csl,
    "datacite": forms.datacite,
    "cff": forms.cff,
}


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--version", metavar="V", help="a released version (default: the last)")
    parser.add_argument("--claim", metavar="ID", help="one claim of that version")
    parser.add_argument("--format", choices=FORMS, default="text")
    add_folder(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the citation."""
    package = read(folder(arguments))
    known = ledger.versions(package)
    if not known:
        raise CallOff("nothing is released yet, so nothing can be cited; cut a version with `release`")
    version = released_version(package, arguments.version or known[-1])
    claim = None
    if arguments.claim:
        try:
            claim = cited.claim(package, version, arguments.claim)
        except KeyError:
            raise CallOff(f"version {version} has no claim `{arguments.claim}`; look its key up in claims") from None
    sys.stdout.write(FORMS[arguments.format](cited.version(package, version), claim))
    return HOLDS
