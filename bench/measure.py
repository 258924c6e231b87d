"""Run an engine in a process of its own: wall and CPU seconds, peak memory, and what it said."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.engines.places import Place
from scripts.datapackage.package import ROOT

OURS = "validate"
LAUNCH = str(Path(__file__).with_name("launch.py"))
ENGINES = ("scan", OURS, "frictionless", "pandera_pandas", "pandera_polars", "dataframely")


@dataclass(frozen=True)
class Run:
    """One run of a process: seconds, peak resident memory in MiB, and the places that it refuses, a list a folder."""

    wall: float
    cpu: float
    memory: float
    code: int
    places: list[list[Place]]


def run(engine: str, folders: Sequence[Path]) -> Run:
    """Run an engine over packages; `validate` takes one."""
    wall, cpu, memory, code, out = _process(_command(engine, folders))
    return Run(wall, cpu, memory, code, _places(engine, out))


def _command(engine: str, folders: Sequence[Path]) -> list[str]:
    paths = [str(folder) for folder in folders]
    if engine == OURS:
        return [str(ROOT / ".venv/bin/python"), "-m", "scripts", "validate", *paths, "--format", "json"]
    return [sys.executable, "-W", "ignore", "-m", f"bench.engines.{engine}", *paths]


def _process(command: Sequence[str]) -> tuple[float, float, float, int, bytes]:
    done = subprocess.run(  # noqa: S603  (a command made here)
        [sys.executable, "-S", LAUNCH, *command], capture_output=True, check=False
    )
    *said, measured = done.stdout.splitlines(keepends=True)
    wall, cpu, memory, code = json.loads(measured)
    if code not in (0, 1) or not said:
        raise RuntimeError(f"{' '.join(command)} ended with {code}: {done.stderr[-2000:].decode('utf-8', 'replace')}")
    return wall, cpu, memory, code, b"".join(said)


def _places(engine: str, out: bytes) -> list[list[Place]]:
    if engine == OURS:
        return [sorted({(problem["path"], problem["line"]) for problem in json.loads(out)["problems"]})]
    return [[(path, line) for path, line in json.loads(line)] for line in out.decode().splitlines()]
