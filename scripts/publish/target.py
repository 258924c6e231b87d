"""The folder that `build` writes: what there is its own, and what is the user's and stays."""

from pathlib import Path

from scripts.datapackage import atomic_write
from scripts.datapackage.errors import UsageError
from scripts.datapackage.package import DESCRIPTOR, is_stray
from scripts.history import checksums
from scripts.history.checksums import SUMS
from scripts.publish import build


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
    new = {path.relative_to(pending).as_posix() for path in pending.rglob("*") if path.is_file()} - {atomic_write.GONE}
    for path in sorted(new):
        there = out / path
        if not there.exists() and not there.is_symlink():
            continue
        if path in (SUMS, build.DATABASE_SUM) or (path == build.DATABASE and _is_built(out)):
            continue
        if not _as_written(there, listed.get(path, "")) and not _as_written(there, checksums.of_file(pending / path)):
            raise UsageError(
                f"{there} is not as a build wrote it, and would be lost; move it away, or name another folder"
            )
    return sorted(path for path, digest in listed.items() if path not in new and _as_written(out / path, digest))


def _as_written(path: Path, digest: str) -> bool:
    return path.is_file() and not path.is_symlink() and checksums.of_file(path) == digest


def _listed(out: Path) -> dict[str, str] | None:
    """Return the digests of the files of an earlier build, by path; None where there is no list of one."""
    try:
        found = checksums.listed(out / SUMS)
    except checksums.NoSums:
        return None
    return found if {DESCRIPTOR, build.SCRIPT} <= found.keys() else None


def _is_built(out: Path) -> bool:
    """Whether the DuckDB file of a folder is as a build wrote it; one that is in use has a log beside it."""
    try:
        digest = checksums.listed(out / build.DATABASE_SUM).get(build.DATABASE, "")
    except checksums.NoSums:
        return False
    return _as_written(out / build.DATABASE, digest) and not (out / f"{build.DATABASE}.wal").exists()
