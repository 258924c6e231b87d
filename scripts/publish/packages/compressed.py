"""gzip, tar and zip: the same bytes from the same content, whichever zlib a Python has."""

import io
import stat
import tarfile
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime

import pyarrow as pa

LEVEL = 9
NO_SYSTEM = b"\xff"  # in the tenth byte of a gzip file, which else tells the operating system (RFC 1952, OS)
EARLIEST = "1980-01-01"  # the first day that a zip can state
MODE = stat.S_IFREG | 0o644


def gzip(content: bytes) -> bytes:
    """Return a content as a gzip file (RFC 1952) without name and time, by the zlib that pyarrow brings along."""
    packed: bytes = pa.Codec("gzip", compression_level=LEVEL).compress(content, asbytes=True)
    return packed[:9] + NO_SYSTEM + packed[10:]


def tar_gz(files: Mapping[str, bytes], day: str) -> bytes:
    """Return a `.tar.gz` of files by path, sorted, all of one day (YYYY-MM-DD or '') and of nobody."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in sorted(files.items()):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), stat.S_IMODE(MODE)
            entry.mtime = int(datetime.fromisoformat(day or EARLIEST).replace(tzinfo=UTC).timestamp())
            archive.addfile(entry, io.BytesIO(content))
    return gzip(packed.getvalue())


def stored_zip(files: Mapping[str, bytes], day: str) -> bytes:
    """Return a zip of files by path, in their order, all of one day (YYYY-MM-DD or '').

    They are stored, not deflated: what zlib makes of the same bytes differs from one implementation to the next.
    """
    packed = io.BytesIO()
    year, month, of_month = map(int, (day or EARLIEST).split("-"))
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, (year, month, of_month, 0, 0, 0))
            entry.create_system = 3  # Unix, on every system, so that the permissions hold
            entry.external_attr = MODE << 16
            archive.writestr(entry, content)
    return packed.getvalue()
