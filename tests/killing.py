"""Stop a process at any of its writes, or at any time: by SIGKILL, or by what the disk answers.

python -m tests.killing '{"call": ["correct", …], "root": …, "kept": …, "kills": 20, "seed": 1}'
"""

import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, redirect_stdout
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import patch

from scripts.__main__ import main
from scripts.datapackage import atomic_write
from tests.conftest import settle, tree

CALLS = ("mkdir", "rename", "replace", "unlink", "rmdir", "fsync")  # of `os`, by which a folder changes
Act = Callable[[], object]


class Killed(BaseException):
    """Stands for SIGKILL within this process: nothing that runs afterwards may be relied on."""


@contextmanager
def at_write(number: int, act: Act, *, after: bool = False, ever_after: bool = False) -> Iterator[list[str]]:
    """Do `act` before (or after) the write that has this number, or also before all later ones.

    Gives the names of the writes as they come. A file is written in two steps, half and half.
    """
    seen: list[str] = []

    def step(name: str, real: Callable[..., Any], *arguments: object, **options: object) -> object:
        here = len(seen) == number or (ever_after and len(seen) > number)
        seen.append(name)
        if here and not after:
            act()
        try:
            return real(*arguments, **options)
        finally:
            if here and after:
                act()

    def write_bytes(self: Path, content: bytes) -> int:
        with step("create", self.open, "wb", buffering=0) as file:  # type: ignore[attr-defined]
            half = len(content) // 2
            step("write", file.write, content[:half])
            step("write", file.write, content[half:])
        return len(content)

    def counted(name: str) -> Callable[..., Any]:
        real = getattr(os, name)
        return lambda *arguments, **options: step(name, real, *arguments, **options)

    with ExitStack() as stack:
        stack.enter_context(patch.object(Path, "write_bytes", write_bytes))
        for name in CALLS:
            stack.enter_context(patch.object(os, name, counted(name)))
        yield seen


def apart(work: Act) -> int:
    """Do something in a child process; return its exit code, or less than 0: the signal that ended it."""
    child = start(work)
    return ended(child)


def start(work: Act) -> int:
    """Begin something in a child process and return its id."""
    child = os.fork()
    if child:
        return child
    try:
        code = work()
        os._exit(code if isinstance(code, int) else 0)
    except BaseException as error:  # nothing may return into the parent's code
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        os._exit(70)


def ended(child: int) -> int:
    """Wait for a child process; return its exit code, or less than 0: the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def kill() -> None:
    """Kill this very process."""
    os.kill(os.getpid(), signal.SIGKILL)


def restore(kept: Path, root: Path) -> None:
    """Make a folder as another one is."""
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(kept, root)


def same_every_time(found: dict[str, str]) -> dict[str, str]:
    """Return checksums without DuckDB files, whose bytes differ from run to run."""
    return {path: digest for path, digest in found.items() if not path.endswith((".duckdb", ".duckdb.sha256"))}


def by_chance(call: list[str], kept: Path, root: Path, kills: int, seed: int) -> dict[str, int]:
    """Kill a verb so many times, most of them while `stage` writes; return how often the old and the new was found.

    What it writes is worked out once, and those three kills of four begin there. `build` writes all the time: each
    begins with the verb. Raises `AssertionError` where the next verb finds anything else.
    """
    import_module(f"scripts.commands.{call[0]}")
    chance = random.Random(seed)  # noqa: S311
    restore(kept, root)
    before, began = same_every_time(tree(root)), time.monotonic()
    assert ended(start(lambda: _quiet(call))) == 0
    lasts = time.monotonic() - began
    after = same_every_time(tree(root))
    assert before != after, "the verb changes nothing"
    found = {"old": 0, "new": 0}

    def killed(work: Act, within: float) -> None:
        restore(kept, root)
        moment, child = chance.uniform(0, within), start(work)
        time.sleep(moment)
        os.kill(child, signal.SIGKILL)
        assert ended(child) in (0, -signal.SIGKILL)
        for folder in (root, root / "dist"):
            settle(folder)
        now = same_every_time(tree(root))
        assert now in (before, after), f"killed after {moment:.4f} s it is neither the old nor the new"
        found["new" if now == after else "old"] += 1

    def write(folder: Path, files: Mapping[str, bytes]) -> None:
        restore(kept, root)
        began = time.monotonic()
        assert apart(lambda: real(folder, files)) == 0
        within = time.monotonic() - began
        for _ in range(kills - sum(found.values())):
            killed(lambda: real(folder, files), within)

    real = atomic_write.write
    for _ in range(kills if call[0] == "build" else kills // 4):
        killed(lambda: _quiet(call), lasts)
    if call[0] != "build":
        restore(kept, root)
        with patch.object(atomic_write, "write", write):
            _quiet(call)
    return found


def _quiet(call: list[str]) -> int:
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        return main(call)


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    print(json.dumps(by_chance(given["call"], Path(given["kept"]), Path(given["root"]), given["kills"], given["seed"])))
