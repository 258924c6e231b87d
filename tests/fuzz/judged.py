"""Call verbs as a terminal does, in this process, and say what is not as promised."""

import contextlib
import json
import os
import re
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from scripts.__main__ import main
from scripts.cli import FAULT
from tests.fuzz.rounds import Place, Round, writes
from tests.fuzz.trees import Sight, sight

TOKEN = "r3ad-fr0m-0uts1de"  # noqa: S105  (stands in a file of the user, and in the environment)
CODES = {"verify": (0, 1, 2, 3, 4)}
ELSE = (0, 1, 2)
PLACE = re.compile(r'File "[^"]*?/((?:scripts|schemas)/[^"]+)", line (\d+)')

ERROR = re.compile(r"^(?:\w+[.])*[A-Z]\w+(?:: .*)?$", re.MULTILINE)
OF_ROUND = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`|/\S+|[0-9]+")  # what differs where the same fault shows again


@dataclass(frozen=True)
class Said:
    """What a call printed, and its exit code."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Finding:
    """What is not as promised: its kind, its cause (the same for the same fault), and all that helps to find it."""

    kind: str
    cause: str
    number: int = 0
    told: str = ""
    call: str = ""
    detail: str = ""


def judged(played: Round) -> list[Finding]:
    """Make the calls of a round and return what is not as promised."""
    found: list[Finding] = []
    for place, call in enumerate(played.calls):
        before, began = sight(played.place.work), time.monotonic()
        said = _called(call)
        lasted = time.monotonic() - began
        here = [*_spoken(call, said, played.closed), *_written(call, played.place, before)]
        if place < played.noticed and said.code == 0:
            here.append(Finding("not noticed", call[0], detail=said.out[-1000:]))
        shown = " ".join(part if len(part) < 200 else f"{part[:200]}…" for part in call)
        told, timed = "; ".join(played.told), f"{shown} ({lasted:.1f} s)"
        found += [replace(one, number=played.number, told=told, call=timed) for one in here]
    return found


LONGEST = 1 << 24  # bytes of what is printed that are looked at


def _called(call: list[str]) -> Said:
    with (
        tempfile.TemporaryFile(dir=os.environ["FUZZ_ASIDE"]) as out,
        tempfile.TemporaryFile(dir=os.environ["FUZZ_ASIDE"]) as err,
    ):
        with _as_standard(out, err):
            try:
                code = main(call)
            except SystemExit as stop:  # argparse
                code = int(stop.code or 0)
            except BaseException as error:
                traceback.print_exc()
                code = -1 if isinstance(error, Exception) else -2
        return Said(code, *map(_text, (out, err)))


@contextlib.contextmanager
def _as_standard(out: IO[bytes], err: IO[bytes]) -> Iterator[None]:
    """Let what this process and its children print go to two files, as UTF-8."""
    kept = [(stream, os.dup(number)) for number, stream in ((1, sys.stdout), (2, sys.stderr))]
    for number, file in ((1, out), (2, err)):
        os.dup2(file.fileno(), number)
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False, newline="\n")  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, errors="backslashreplace")  # noqa: SIM115
    try:
        yield
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
        for number, (_, copy) in enumerate(kept, 1):
            os.dup2(copy, number)
            os.close(copy)
        (sys.stdout, _), (sys.stderr, _) = kept


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read(LONGEST).decode("utf-8", "backslashreplace")


def _spoken(call: list[str], said: Said, closed: bool) -> Iterator[Finding]:
    """Yield what a call may not say."""
    trace = said.err if "Traceback" in said.err else said.out
    if said.code < 0 or said.code == FAULT or "Traceback (most recent call last)" in trace:
        places = [":".join(match) for match in PLACE.findall(trace)]
        error = OF_ROUND.sub("…", (["no trace", *ERROR.findall(trace)])[-1])[:100]
        yield Finding("traceback", f"{error} at {places[-1] if places else '?'}", detail=trace[-3000:])
    elif said.code not in CODES.get(call[0], ELSE):
        yield Finding("exit code", f"{call[0]}: {said.code}", detail=said.err[-1000:])
    if closed and TOKEN in said.out + said.err:
        yield Finding("read outside", call[0], detail=(said.out + said.err)[-1000:])
    whole = len(said.out.encode()) < LONGEST
    if whole and {"json", "--format=json"} & {*call} and (said.code == 0 or (call[0] == "validate" and said.code == 1)):
        yield from _json(call[0], said.out)


def _json(verb: str, text: str) -> Iterator[Finding]:
    try:
        json.loads(text, parse_constant=lambda word: json.loads("not"))
    except ValueError as error:
        yield Finding("no JSON", verb, detail=f"{error}: {text[-1000:]}")


def _written(call: list[str], place: Place, before: Sight) -> Iterator[Finding]:
    """Yield what was written outside of what the call may write, or left behind."""
    now, allowed = sight(place.work), [folder.relative_to(place.work) for folder in writes(call, place)]
    aside = {"temporary"}  # what comes there is to go
    for path in sorted(before.keys() | now.keys()):
        inside = any(Path(path).is_relative_to(folder) or folder.parent == Path(path) for folder in allowed)
        if not inside and path not in aside and before.get(path) != now.get(path):
            what = "left behind" if path.startswith("temporary/") else "written outside"
            yield Finding(what, f"{call[0]}: {path if len(allowed) < 1 else Path(path).parts[0]}", detail=path)
