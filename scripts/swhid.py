"""Identifiers that need no registry: SWHID of content and directory (ISO/IEC 18670), computed offline.

They are the object names of git, so that an archive of the repository resolves them.
"""

import hashlib
from collections.abc import Mapping


def content(data: bytes) -> str:
    """Return the SWHID of a file, `swh:1:cnt:` and 40 hex digits: the same as `git hash-object`."""
    return f"swh:1:cnt:{_object('blob', data).hex()}"


def directory(files: Mapping[str, bytes]) -> str:
    """Return the SWHID of a folder of plain files, by path: as `git write-tree` and `git rev-parse V:FOLDER`."""
    return f"swh:1:dir:{_tree(files).hex()}"


def _tree(files: Mapping[str, bytes]) -> bytes:
    folders: dict[str, dict[str, bytes]] = {}
    entries: list[tuple[bytes, bytes]] = []
    for path, data in files.items():
        first, slash, rest = path.partition("/")
        if slash:
            folders.setdefault(first, {})[rest] = data
        else:
            entries.append((first.encode(), b"100644 " + first.encode() + b"\0" + _object("blob", data)))
    for name, inner in folders.items():  # git sorts a folder as if its name ended in a slash
        entries.append((name.encode() + b"/", b"40000 " + name.encode() + b"\0" + _tree(inner)))
    return _object("tree", b"".join(entry for _, entry in sorted(entries)))


def _object(kind: str, data: bytes) -> bytes:
    return hashlib.sha1(f"{kind} {len(data)}\0".encode() + data, usedforsecurity=False).digest()
