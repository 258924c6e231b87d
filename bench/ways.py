"""Which ways to be broken each engine finds, and whether it names the line."""

from collections.abc import Sequence
from pathlib import Path

from bench import packages, plant
from bench.measure import OURS, run
from bench.plant import Planted

PLACED, SOME, FOUND, MISSED = "line", "some lines", "found", "no"


def found(work: Path, engines: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return for each way what each engine does with a package that is broken in this way alone.

    `line`: every fault at its physical line; `some lines`; `found`: the package is refused, the
    line not named; `no`: the package passes.
    """
    folders = packages.make_ways(work)
    verdicts: dict[str, dict[str, str]] = {f"{way.table}: {way.name}": {} for way in folders}
    for engine in (one for one in engines if one != "scan"):
        for way, said in zip(folders, _said(engine, list(folders.values())), strict=True):
            verdicts[f"{way.table}: {way.name}"][engine] = _verdict(plant.planted(folders[way]), set(said))
        print(f"ways {engine}", flush=True)
    return verdicts


def _said(engine: str, folders: Sequence[Path]) -> list[list[tuple[str, int]]]:
    if engine == OURS:
        return [run(engine, [folder]).places[0] for folder in folders]
    return run(engine, folders).places


def _verdict(planted: Sequence[Planted], said: set[tuple[str, int]]) -> str:
    lines = {(one.path, one.line) for one in planted}
    if not lines:
        raise ValueError("nothing was planted; make the packages larger")
    if lines <= said:
        return PLACED
    return SOME if lines & said else FOUND if said else MISSED
