"""`dist/archive/`, what is attached to a release: one zip of what dist/ has to read, and the DuckDB file beside it."""

import os
import shutil
from fnmatch import fnmatchcase
from pathlib import Path

from scripts.datapackage import atomic_write
from scripts.datapackage.package import ROOT, Json, Package
from scripts.history import checksums
from scripts.history.checksums import SUMS
from scripts.publish import latest, readme, release_text
from scripts.publish.packages import compressed

NAME = "reported-figures"
FOLDER = "archive"
DATABASE_SUMS = f"{FOLDER}/{NAME}-*.duckdb.sha256"
OF_BROWSERS = ("index.html", "charts/*", "queries/*", "records/*")  # they link to each other, and are most of dist/
OF_A_SITE = ("feed.xml", "latest.json", "sitemap*")  # looked for in one place time and again, not in a copy
OF_THEIR_OWN = ("*.whl", "*.tar.gz", "*.xlsx", "*.dta")  # attached as they are
LEFT_OUT = (*OF_BROWSERS, *OF_A_SITE, *OF_THEIR_OWN, "*.duckdb", "*.duckdb.sha256", f"{FOLDER}/*")


def write(package: Package, descriptor: Json, out: Path, database: str) -> None:
    """Complete a folder that has all but latest.json: texts for people, the archives, and the text of the release.

    `descriptor` is that of dist/, `database` the name of the DuckDB file in it.
    """
    texts = {"LICENSE": ROOT, "LICENSE-DATA": package.root, "CHANGELOG.md": package.root}
    for name, folder in texts.items():
        if (folder / name).is_file():
            shutil.copyfile(folder / name, out / name)
    stem = f"{NAME}-{descriptor['version']}"
    (out / FOLDER).mkdir()
    _pack(descriptor, out, stem)
    _share(out / database, out / FOLDER / f"{stem}.duckdb")
    written = atomic_write.files(out)
    attached = {name: path for name, path in written.items() if _is(name, (*OF_THEIR_OWN, f"{FOLDER}/*.zip"))}
    _write(out / release_text.PATH, release_text.text(package, descriptor, attached, f"{stem}.duckdb"))
    _write(out / readme.PATH, readme.text(descriptor, [*written, release_text.PATH, readme.PATH, latest.PATH, SUMS]))


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8", newline="\n")


def _is(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _pack(descriptor: Json, out: Path, stem: str) -> None:
    """Write the zip: one folder, with a README.txt and a SHA256SUMS for what is in it."""
    kept = {name: path for name, path in atomic_write.files(out).items() if not _is(name, LEFT_OUT)}
    made = {readme.PATH: readme.text(descriptor, [*kept, readme.PATH, SUMS]).encode()}
    digests = {name: checksums.of_file(path) for name, path in kept.items()}
    digests |= {name: checksums.of_text(content) for name, content in made.items()}
    made[SUMS] = checksums.as_list(digests).encode()
    contents = {**{name: path.read_bytes() for name, path in kept.items()}, **made}
    inside = {f"{stem}/{name}": content for name, content in sorted(contents.items())}
    packed = compressed.stored_zip(inside, descriptor.get("created", "")[:10])
    (out / FOLDER / f"{stem}.zip").write_bytes(packed)


def _share(database: Path, copy: Path) -> None:
    """Give the DuckDB file its second name, without a second copy where the file system can, and its checksum."""
    try:
        os.link(database, copy)
    except OSError:
        shutil.copyfile(database, copy)
    _write(copy.with_name(f"{copy.name}.sha256"), checksums.as_list({copy.name: checksums.of_file(copy)}))
