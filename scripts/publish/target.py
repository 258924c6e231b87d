"""The folder that `build` writes: what there is its own, and what is the user's and stays."""

from collections.abc import Iterator
from pathlib import Path

from scripts.datapackage import atomic_write
from scripts.datapackage.errors import UsageError
from scripts.datapackage.package import DESCRIPTOR, is_stray
from scripts.history import checksums
from scripts.history.checksums import SUMS
from scripts.publish import archive, build


def check(out: Path) -> None:
    """Raise `UsageError` where a folder is neither new, nor empty, nor an earlier build."""
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} is a file; name a folder with --out")
    there = [path.name for path in out.iterdir() if not is_stray(path)] if out.exists() else []
    if there and _listed(out) is None:
        raise UsageError(f"{out} is not empty and no earlier build (it has no {SUMS} of one); name another folder")


def left_over(out: Path, pending: Path) -> list[str]:
    """Return the files of an earlier build that a new one, written to `pending`, does not have.

    Raises `UsageError` where a file that the new one would take the place of is not as an earlier build wrote it.
    """
    listed = _listed(out) or {}
    new = atomic_write.files(pending)
    for path in sorted(new):
        there = out / path
        if path == SUMS or not (there.exists() or there.is_symlink()):
            continue
        if not _as_written(there, listed.get(path, "")) and not _as_written(there, checksums.of_file(new[path])):
            raise UsageError(
                f"{there} is not as a build wrote it, and would be lost; move it away, or name another folder"
            )
    return sorted(path for path, digest in listed.items() if path not in new and _as_written(out / path, digest))


def _as_written(path: Path, digest: str) -> bool:
    """Whether a file is as a build wrote it; a DuckDB file that is in use has a log beside it."""
    in_use = path.with_name(f"{path.name}.wal").exists()
    return path.is_file() and not path.is_symlink() and not in_use and checksums.of_file(path) == digest


def _listed(out: Path) -> dict[str, str] | None:
    """Return the digests of the files of an earlier build, by path; None where there is no list of one."""
    try:
        found = checksums.listed(out / SUMS)
    except checksums.NoSums:
        return None
    if not {DESCRIPTOR, build.SCRIPT} <= found.keys():
        return None
    return found | dict(_databases(out))


def _databases(out: Path) -> Iterator[tuple[str, str]]:
    """Yield the path and digest of each DuckDB file of an earlier build, and of the list that states it."""
    for sums in (out / build.DATABASE_SUM, *out.glob(archive.DATABASE_SUMS)):
        try:
            stated = checksums.listed(sums)
        except checksums.NoSums:
            continue
        path = sums.relative_to(out).as_posix()
        yield path, checksums.of_file(sums)
        yield path.removesuffix(".sha256"), stated.get(sums.stem, "")
