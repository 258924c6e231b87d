"""Play rounds in a process of its own, which says in a line of JSON what each has found, so that a parent can end it.

python -m tests.fuzz.play '{"base": …, "work": …, "first": 0, "rounds": 50, "seed": 1}'
"""

import faulthandler
import json
import multiprocessing.util
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from random import Random

from scripts.datapackage.atomic_write import LOCK
from tests.fuzz.judged import TOKEN, Finding, judged
from tests.fuzz.packages import package
from tests.fuzz.rounds import Place, Round
from tests.fuzz.strangers import citation, dist, query, query_citation, record
from tests.fuzz.trees import Kept

KINDS: dict[Callable[[Round], None], int] = {package: 66, record: 12, citation: 6, query_citation: 5, query: 6, dist: 5}
WHOLE = 100  # rounds after which every byte is looked at


def begun(seed: int, number: int) -> tuple[Callable[[Round], None], Random]:
    """Return the kind of a round, and what it leaves to chance."""
    chance = Random(f"{seed}/{number}")  # noqa: S311
    return chance.choices([*KINDS], [*KINDS.values()])[0], chance


def placed(base: Path, work: Path) -> Kept:
    """Make the folders of the rounds from a `base` that holds package/ and may hold dist/."""
    place = Place(work)
    shutil.copytree(base / "package", place.package, ignore=shutil.ignore_patterns(LOCK))
    if (base / "dist").exists():
        shutil.copytree(base / "dist", place.dist, ignore=shutil.ignore_patterns(LOCK))
    shutil.copytree(base / "package/data", place.beside / "data")
    for name in ("secret.csv", "claims.csv", ".profile"):
        (place.beside / name).write_text(f"{TOKEN},1\n", "utf-8")
    for name in ("input", "temporary"):
        (work / name).mkdir()
    return Kept(work).keep()


def play(number: int, seed: int, kept: Kept) -> list[Finding]:
    """Play one round and put its folders back; return what it has found."""
    kind, chance = begun(seed, number)
    played = Round(number, chance, Place(kept.root), kept)
    kind(played)
    print(f"round {number}: {'; '.join(played.told)}: {played.calls}", file=sys.stderr, flush=True)  # should it not end
    try:
        return judged(played)
    finally:
        kept.put_back()
        if number % WHOLE == 0 and not kept.whole():
            raise AssertionError("the folders are not what they were")


def at_home(work: Path) -> None:
    """Have all that a program finds by way of its surroundings lie in the folder that is watched."""
    multiprocessing.util.get_temp_dir()  # which this process keeps to its end: not in the folder that is watched
    home, temporary, aside = Place(work).beside, str(work / "temporary"), work.with_name("aside")
    aside.mkdir()
    os.environ.update({"HOME": str(home), "TMPDIR": temporary, "FUZZ_TOKEN": TOKEN, "FUZZ_ASIDE": str(aside)})
    os.environ["FIGURES_TRACE"] = "1"
    tempfile.tempdir = temporary
    os.chdir(home)


def _main() -> None:
    given = json.loads(sys.argv[1])
    faulthandler.register(signal.SIGUSR1)
    work = Path(given["work"])
    kept = placed(Path(given["base"]), work)
    at_home(work)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    for number in range(given["first"], given["first"] + given["rounds"]):
        found = play(number, given["seed"], kept)
        print(json.dumps([asdict(one) for one in found]), file=answers, flush=True)


if __name__ == "__main__":
    _main()
