"""What was computed once, kept in `.cache/` of this repository by the digest of all that it was computed from.

It saves time and nothing else: whatever is not there is computed, and `git clean` may take it.
"""

import contextlib
import functools
import hashlib
import os
import sys
import tempfile
from pathlib import Path

from scripts.datapackage.package import ROOT

FOLDER, LOCK = ROOT / ".cache", str(ROOT / "locks/run.txt")
MOST = 4000  # files of a kind; then the oldest half goes


def key(*parts: bytes) -> str:
    """Return the digest of what something is computed from."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


@functools.cache
def of_code(*files: str) -> bytes:
    """Return what names the code that computed something: its files, the lock of this environment, its Python."""
    return key(sys.version.encode(), *(Path(file).read_bytes() for file in (*files, LOCK))).encode()


def get(kind: str, name: str) -> bytes | None:
    """Return what is kept under a key, if anything is."""
    try:
        return (FOLDER / kind / name).read_bytes()
    except OSError:
        return None


def put(kind: str, name: str, content: bytes) -> None:
    """Keep something under a key; where nothing can be written, it is computed again the next time."""
    with contextlib.suppress(OSError):
        folder = FOLDER / kind
        folder.mkdir(parents=True, exist_ok=True)
        handle, begun = tempfile.mkstemp(dir=folder)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(begun).replace(folder / name)
        _prune(folder)


def _prune(folder: Path) -> None:
    files = [*folder.iterdir()]
    if len(files) > MOST:
        for old in sorted(files, key=lambda path: path.stat().st_mtime)[: MOST // 2]:
            old.unlink()
