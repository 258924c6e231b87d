"""Measure speed and size: validation and its peers side by side over the corpus scaled up.

make bench
make bench BENCH="--size 1m --engine scan --engine validate"
make bench BENCH=--ways
make bench BENCH="--views --size 1m"
"""

import argparse
import sys
from pathlib import Path

from bench import machine, packages, report, results, sides, views, ways
from bench.measure import ENGINES
from scripts.datapackage.package import ROOT

SIZES = {"10k": 10_000, "100k": 100_000, "1m": 1_000_000, "10m": 10_000_000}
DEFAULT = ("10k", "1m", "10m")


def main(arguments: list[str]) -> int:
    """Make the packages that are not there, run what the call names, and write the results."""
    asked = _parser().parse_args(arguments)
    whole = not (asked.size or asked.engine or asked.ways or asked.views)
    sizes = asked.size or (DEFAULT if whole or asked.engine or asked.views else ())
    for size in sizes:
        packages.make(asked.work, size, SIZES[size])
    found = results.read(asked.results)
    found["machine"] = machine.machine()
    engines = asked.engine or (() if asked.views else ENGINES)
    for size in sizes:
        for engine, state, row in sides.measured(asked.work, size, engines, asked.rounds):
            found["runs"][f"{size} {state} {engine}"] = row
            results.write(asked.results, found)
    for size in sizes if asked.views or whole else ():
        for view, row in views.measured(asked.work, size, asked.rounds):
            found["views"][f"{size} {view}"] = row
            results.write(asked.results, found)
    if asked.ways or whole:
        found["ways"] = ways.found(asked.work, asked.engine or ENGINES)
        results.write(asked.results, found)
    report.write(found)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", action="append", choices=SIZES, help="claims (default: 10k, 1m and 10m)")
    parser.add_argument("--engine", action="append", choices=ENGINES, help="run these alone")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each, interleaved; the median counts")
    parser.add_argument("--ways", action="store_true", help="ask which faults each engine finds")
    parser.add_argument("--views", action="store_true", help="ask each view, and scan the columns that it reads")
    parser.add_argument("--work", type=Path, default=ROOT / ".bench", help="folder for the packages")
    parser.add_argument("--results", type=Path, default=results.PATH, help="file for the results")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
