"""Run one of our functions in a process of its own, whose memory is bounded: what foreign SQL does ends there."""

import json
import multiprocessing
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Timer
from typing import Any

import duckdb

from scripts.datapackage.errors import UsageError

ADDRESSES = 8 << 30  # bytes of addresses that the process may take; DuckDB keeps to a limit of its own below that
GRACE = 4  # seconds in which a query that is interrupted must end, before its process does
TIMED_OUT = 75  # exit code of a process that ended itself, as a query did not let itself be interrupted
SHUT = ("enable_external_access = false", "python_enable_replacements = false", "lock_configuration = true")  # settings
THREADS = Path("/proc/self/task")  # of this process, on Linux
TOO_LONG = "the query took too long and was stopped; ask for less"
TOO_MUCH = "the query took more memory than it may and was stopped; ask for less"


def call(target: str, **arguments: Any) -> Any:  # noqa: ANN401  (JSON)
    """Return what a function of ours (`module:function`) returns for arguments, both of which are JSON.

    Raises `UsageError` where the function does, or where the process did not come to an end by itself.
    """
    with tempfile.TemporaryDirectory(prefix="figures-") as aside:  # which goes, however the process ends
        answer = _answer(target, json.dumps(arguments), {**os.environ, "TMPDIR": aside})
    if "off" in answer:
        raise UsageError(answer["off"])
    if "fault" in answer:
        raise RuntimeError(answer["fault"])
    return answer["result"]


def _answer(target: str, arguments: str, environment: dict[str, str]) -> dict[str, Any]:
    context = _context(target.partition(":")[0])
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(there, target, arguments, environment), daemon=True)
    process.start()
    there.close()
    try:
        answer: dict[str, Any] = json.loads(here.recv_bytes())
    except EOFError:  # it was ended, by itself or from outside
        answer = {}
    process.join()
    return answer or {"off": TOO_LONG if process.exitcode in (TIMED_OUT, -signal.SIGTERM) else TOO_MUCH}


def _context(module: str) -> Any:  # noqa: ANN401  (a context of multiprocessing)
    """Return how a process is started: forked where this one has no other threads, which a fork would lose."""
    if THREADS.is_dir() and len(list(THREADS.iterdir())) == 1:
        return multiprocessing.get_context("fork")
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([module])
    return context


def _run(there: Connection, target: str, arguments: str, environment: dict[str, str]) -> None:
    """Send what the function returns for the arguments, or why it returns nothing."""
    os.environ.update(environment)  # a server that forks keeps that of its start
    tempfile.tempdir = environment["TMPDIR"]
    _bound()
    module, _, function = target.partition(":")
    try:
        answer = {"result": getattr(import_module(module), function)(**json.loads(arguments))}
    except UsageError as off:
        answer = {"off": str(off)}
    except MemoryError:
        answer = {"off": TOO_MUCH}
    except (duckdb.OutOfMemoryException, duckdb.IOException) as error:  # of DuckDB, of what it may have
        answer = {"off": " ".join(str(error).partition("\n")[0].split())}
    except Exception as error:
        answer = {"fault": f"{type(error).__name__}: {error}"}
    there.send_bytes(json.dumps(answer).encode())
    sys.stdout.flush()


def _bound() -> None:
    if os.name == "posix":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@contextmanager
def within(con: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    """Interrupt a query after some seconds, and end the process where it does not let itself be interrupted."""
    timers = [Timer(seconds, con.interrupt), Timer(seconds + GRACE, os._exit, [TIMED_OUT])]
    for timer in timers:
        timer.start()
    try:
        yield
    finally:
        for timer in timers:
            timer.cancel()
            timer.join()
