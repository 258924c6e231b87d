"""The scaled packages on disk, made once: `WORK/SIZE/clean` and `broken`, and one package a way to be broken."""

import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench import plant, scale
from bench.corpus import corpus
from bench.faults import WAYS, Way
from scripts.datapackage.package import ROOT

CLEAN, BROKEN = "clean", "broken"
COPIES_FOR_WAYS = 6  # some 7,000 claims: a handful of faults of each way
DONE = "made"  # a file that says that a folder is whole


def make(work: Path, size: str, claims: int) -> None:
    """Write the clean and the broken package of a size, if they are not there."""
    folder = work / size
    _make(folder, claims, {folder / CLEAN: (), folder / BROKEN: WAYS})


def make_ways(work: Path) -> dict[Way, Path]:
    """Write a package for each way to be broken, if they are not there; return where they lie."""
    folder = work / "ways"
    folders = {way: folder / f"{way.table} {way.name}".replace(" ", "-").lower() for way in WAYS}
    _make(folder, 0, {path: (way,) for way, path in folders.items()})
    return folders


def _make(folder: Path, claims: int, targets: Mapping[Path, Sequence[Way]]) -> None:
    if (folder / DONE).is_file():
        return
    shutil.rmtree(folder, ignore_errors=True)
    start = time.perf_counter()
    con, package = corpus(ROOT)
    copies = scale.copies(con, claims) if claims else COPIES_FOR_WAYS
    scale.prepare(con, copies)
    plant.write(con, package, copies, targets)
    (folder / DONE).write_text(f"{copies} copies in {time.perf_counter() - start:.0f} s\n", "utf-8")
    print(f"{folder.name}: {copies} copies in {time.perf_counter() - start:.0f} s", flush=True)
