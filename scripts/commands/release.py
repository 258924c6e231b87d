"""Release a version: its ledger lines, checksums, changelog, citation and documentation, all or nothing.

python -m scripts release 9.0.0 --summary "All documents of 2026 are coded."
"""

import argparse
from datetime import UTC, datetime

from scripts.cli import VALID, add_folder, folder
from scripts.curation import release
from scripts.datapackage import atomic_write
from scripts.datapackage.package import dataset
from scripts.history import checksums
from scripts.history.checksums import SUMS
from scripts.publish import documentation, release_text
from scripts.validation.validate import sound


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("version", metavar="VERSION", help="MAJOR.MINOR.PATCH, higher than the last")
    parser.add_argument("--date", metavar="YYYY-MM-DD", help="the day on which it is released (default: today)")
    parser.add_argument("--summary", required=True, metavar="TEXT", help="what it brings, in one sentence for readers")
    parser.add_argument("--same-meaning", action="store_true", help="tables and columns described anew mean the same")
    add_folder(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write the release, or say why there can be none; print its digest and the git commands."""
    root, new = folder(arguments), arguments.version
    with atomic_write.locked(root):
        package, con = sound(root, dataset(), remembered=False)
        day = arguments.date or datetime.now(UTC).date().isoformat()
        prepared = release.prepare(con, package, new, day, arguments.summary)
        asked = release.check_step(prepared, same_meaning=arguments.same_meaning)
        files = release.files(prepared)
        atomic_write.write(root, {**files, **documentation.with_files(package, files)})
    print(f"version {new}, digest {checksums.of_text(files[f'releases/{new}/{SUMS}'])}")
    print(asked)
    print(f"git add --all && git commit -m 'Release {new}' && python -m scripts build")
    print(f"git tag --annotate --cleanup verbatim --file dist/{release_text.PATH} v{new}")
    return VALID
