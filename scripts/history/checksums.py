"""SHA-256 of files and texts, and the lists of them that `sha256sum -c` reads (FIPS 180-4)."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from scripts.datapackage import untrusted
from scripts.datapackage.formats import inside
from scripts.datapackage.package import Package
from scripts.datapackage.untrusted import Unreadable
from scripts.history import ledger

SUMS = "SHA256SUMS"
FORM = "the file is no list of checksums, sorted by path, a line each"
SUM = re.compile(r"([0-9a-f]{64})  ([!-~]+)")


class NoSums(ValueError):
    """A SHA256SUMS has another form than it was written in; `line` counts from 1, 0 where none is known."""

    def __init__(self, message: str, line: int = 0) -> None:
        """Take what is there, and the line."""
        super().__init__(message)
        self.line = line


def of_file(path: Path) -> str:
    """Return the SHA-256 of a file as 64 hex digits; '' where there is no plain file."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def of_text(text: str | bytes) -> str:
    """Return the SHA-256 of a text in UTF-8, or of bytes, as 64 hex digits."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def of_parts(parts: Iterable[bytes]) -> str:
    """Return the SHA-256 of bytes that come in parts, as 64 hex digits."""
    found = hashlib.sha256()
    for part in parts:
        found.update(part)
    return found.hexdigest()


def listed(file: Path) -> dict[str, str]:
    """Return the digests of a list by path. Raises `NoSums` where it cannot be read or has another form."""
    try:
        text = untrusted.read_bytes(file).decode("ascii")
    except Unreadable as error:
        raise NoSums(error.message) from None
    except UnicodeDecodeError:
        raise NoSums(FORM) from None
    lines, before = text.split("\n"), ""
    for number, line in enumerate(lines[:-1], 1):
        match = SUM.fullmatch(line)
        if not match or match[2] <= before or not inside(match[2]):
            raise NoSums(FORM, number)
        before = match[2]
    if lines[-1]:
        raise NoSums(FORM, len(lines))
    return {line[66:]: line[:64] for line in lines[:-1]}


def as_list(digests: Mapping[str, str]) -> str:
    """Return digests by path as such a list."""
    return "".join(f"{digests[path]}  {path}\n" for path in sorted(digests))


def of_version(root: Path, version: str) -> dict[str, str]:
    """Return the digest of each file of a released version, by path. Raises `NoSums`."""
    return listed(ledger.folder(root, version) / SUMS)


def unchanged(package: Package) -> bool:
    """Return whether every file of the last release has still the bytes that it was released with."""
    last = ledger.versions(package)[-1:]
    wanted = [pair for version in last for pair in of_version(package.root, version).items()]
    return bool(wanted) and all(of_file(package.root / path) == digest for path, digest in wanted)
