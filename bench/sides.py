"""The engines side by side over one size: interleaved rounds, medians, and how many planted faults each one places."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from bench import plant
from bench.measure import Run, run
from bench.packages import BROKEN, CLEAN

# the largest size at which a slow engine runs, and in how many rounds
SLOW = {"frictionless": ("1m", 1), "pandera_pandas": ("1m", 3)}
ORDER = ("10k", "100k", "1m", "10m")
Row = dict[str, Any]


def measured(work: Path, size: str, engines: Sequence[str], rounds: int) -> Iterator[tuple[str, str, Row]]:
    """Yield engine, state of the package (clean or broken) and medians: seconds, MiB, and the ratio to the scan."""
    kept: dict[tuple[str, str], list[Run]] = {}
    for turn in range(rounds):
        for engine in engines:
            for state in (CLEAN,) if engine == "scan" else (CLEAN, BROKEN):
                if turn < _rounds(engine, size, rounds):
                    done = run(engine, [work / size / state])
                    kept.setdefault((engine, state), []).append(done)
                    print(f"{size} {state} {engine}: {done.wall:.2f} s, {done.memory:.0f} MiB", flush=True)
    scan = _median(kept.get(("scan", CLEAN), []))
    for (engine, state), runs in kept.items():
        yield engine, state, _row(runs, scan) | _placed(work / size / state, runs[0])


def _rounds(engine: str, size: str, rounds: int) -> int:
    if engine not in SLOW:
        return rounds
    largest, most = SLOW[engine]
    if ORDER.index(size) > ORDER.index(largest):
        return 0
    return most if size == largest else rounds


def _median(runs: Sequence[Run]) -> float | None:
    return median(one.wall for one in runs) if runs else None


def _row(runs: Sequence[Run], scan: float | None) -> Row:
    wall = median(one.wall for one in runs)
    return {
        "rounds": len(runs),
        "wall": round(wall, 3),
        "cpu": round(median(one.cpu for one in runs), 3),
        "memory": round(median(one.memory for one in runs)),
        "ratio": round(wall / scan, 2) if scan else None,
    }


def _placed(folder: Path, done: Run) -> Row:
    """Return how many faults are planted, how many the engine puts in their line, and what it refuses besides."""
    lines = {(one.path, one.line) for one in plant.planted(folder)}
    said = set(done.places[0])
    return {"planted": len(lines), "placed": len(lines & said), "besides": len(said - lines)}
