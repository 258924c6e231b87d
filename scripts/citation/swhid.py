"""Identifiers that need no registry: SWHID of content and directory (ISO/IEC 18670), computed offline.

They are the object names of git, so that an archive of the repository resolves them.
"""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

CHUNK = 1 << 20  # bytes


def content(data: bytes) -> str:
    """Return the SWHID of a file, `swh:1:cnt:` and 40 hex digits: the same as `git hash-object`."""
    return f"swh:1:cnt:{blob(data).hex()}"


def directory(blobs: Mapping[str, bytes]) -> str:
    """Return the SWHID of a folder of plain files, given each by path as a `blob`: as `git rev-parse V:FOLDER`."""
    return f"swh:1:dir:{_tree(blobs).hex()}"


def blob(data: bytes) -> bytes:
    """Return the object name of a file's content, 20 bytes."""
    return _object("blob", len(data), [data])


def of_file(path: Path) -> bytes:
    """Return the object name of the content of a file of any size, 20 bytes."""
    with path.open("rb") as file:
        return _object("blob", path.stat().st_size, iter(lambda: file.read(CHUNK), b""))


def _tree(blobs: Mapping[str, bytes]) -> bytes:
    folders: dict[str, dict[str, bytes]] = {}
    entries: list[tuple[bytes, bytes]] = []
    for path, name in blobs.items():
        first, slash, rest = path.partition("/")
        if slash:
            folders.setdefault(first, {})[rest] = name
        else:
            entries.append((first.encode(), b"100644 " + first.encode() + b"\0" + name))
    for first, inner in folders.items():  # git sorts a folder as if its name ended in a slash
        entries.append((first.encode() + b"/", b"40000 " + first.encode() + b"\0" + _tree(inner)))
    tree = b"".join(entry for _, entry in sorted(entries))
    return _object("tree", len(tree), [tree])


def _object(kind: str, size: int, parts: Iterable[bytes]) -> bytes:
    digest = hashlib.sha1(f"{kind} {size}\0".encode(), usedforsecurity=False)
    for part in parts:
        digest.update(part)
    return digest.digest()
