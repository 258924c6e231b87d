"""Mutate packages, records, citations and dist folders by chance, call verbs on them, say what is not as promised.

python -m tests.fuzz 10000 --seed 2
python -m tests.fuzz --round 1234

No traceback and no exit code that is not documented; nothing that takes longer than 20 seconds; nothing written outside
of the folder named, or read there; no change of a released cell that goes unnoticed; what says that it is JSON is.
"""

import argparse
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from scripts.datapackage.package import ROOT
from tests.conftest import build, release_what_waits
from tests.fuzz.judged import Finding
from tests.fuzz.play import begun
from tests.fuzz.strangers import dist

ROUNDS, SECONDS = 10_000, 20.0


def run(base: Path, rounds: range, seed: int, seconds: float = SECONDS) -> Iterator[list[Finding]]:
    """Play rounds on a `base` that holds package/ and dist/; yield what each has found.

    They run in a process, which is ended and begun anew when a round takes too long or ends it.
    """
    while rounds:
        with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
            for found in _process(base, Path(folder), rounds, seed, seconds):
                rounds = rounds[1:]
                yield found


def _process(base: Path, folder: Path, rounds: range, seed: int, seconds: float) -> Iterator[list[Finding]]:
    given = {
        "base": str(base),
        "work": str(folder / "work"),
        "first": rounds.start,
        "rounds": len(rounds),
        "seed": seed,
    }
    command = [sys.executable, "-m", "tests.fuzz.play", json.dumps(given)]
    with (
        (folder / "err").open("wb") as err,
        subprocess.Popen(
            command, cwd=ROOT, bufsize=0, stdout=subprocess.PIPE, stderr=err, start_new_session=True
        ) as process,
    ):
        assert process.stdout
        for number in rounds:
            within = seconds if number > rounds.start else seconds + 20  # to begin with: imports, copies
            late = not select.select([process.stdout], [], [], within)[0]
            line = b"" if late else process.stdout.readline()
            if line:
                yield [Finding(**one) for one in json.loads(line)]
                continue
            if late:
                process.send_signal(signal.SIGUSR1)  # it writes where it stands
                time.sleep(1)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            trace = (folder / "err").read_text("utf-8", "replace")[-3000:]
            kind, cause = ("too long", f"{seconds:g} s") if late else ("ended", f"exit code {process.returncode}")
            yield [Finding(kind, cause, number, detail=trace)]
            return


def needs_dist(rounds: range, seed: int) -> bool:
    """Return whether one of the rounds is on a folder dist/."""
    return any(begun(seed, number)[0] is dist for number in rounds)


def told(finding: Finding) -> str:
    """Return a finding as text: its kind and cause, then what was done and what came of it."""
    head = f"## {finding.kind}: {finding.cause} (round {finding.number})"
    return "\n".join(filter(None, ["", head, finding.told, finding.call, finding.detail.rstrip()]))


def _main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.fuzz", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("rounds", nargs="?", type=int, default=ROUNDS, metavar="ROUNDS")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--first", type=int, default=0, metavar="N", help="the number of the first round")
    parser.add_argument("--round", type=int, metavar="N", help="play this round alone")
    parser.add_argument("--seconds", type=float, default=SECONDS, metavar="S", help="what a round may take")
    parser.add_argument(
        "--base", type=Path, metavar="DIR", help="holds package/ as released and dist/ (default: made anew)"
    )
    given = parser.parse_args()
    rounds = (
        range(given.first, given.first + given.rounds) if given.round is None else range(given.round, given.round + 1)
    )
    with tempfile.TemporaryDirectory(prefix="fuzz-base-") as made:
        base = given.base or Path(made)
        if not given.base:
            release_what_waits(base / "package")
            if needs_dist(rounds, given.seed):
                build(base / "package", base / "dist")
        return _report(run(base, rounds, given.seed, given.seconds))


def _report(played: Iterable[list[Finding]]) -> int:
    """Print the first finding of each cause as it comes, then how often each came."""
    causes: Counter[tuple[str, str]] = Counter()
    rounds = 0
    for found in played:
        rounds += 1
        for finding in found:
            if not causes[finding.kind, finding.cause]:
                print(told(finding), flush=True)
            causes[finding.kind, finding.cause] += 1
    print(f"\n{rounds:,} rounds, {len(causes):,} causes")
    print("".join(f"{times:6,} × {kind}: {cause}\n" for (kind, cause), times in causes.most_common()), end="")
    return int(bool(causes))


if __name__ == "__main__":
    sys.exit(_main())
