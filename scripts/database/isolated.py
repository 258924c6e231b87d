"""Run one of our functions in a process of its own, whose memory is bounded: what foreign SQL does ends there.

A process of its own, not a fork: whoever calls may have run DuckDB, whose threads a fork would lose.
"""

import json
import os
import subprocess
import sys
from importlib import import_module
from typing import Any

from scripts.datapackage.errors import CallOff
from scripts.datapackage.package import ROOT

ADDRESSES = 8 << 30  # bytes of addresses that the process may take; DuckDB keeps to a limit of its own below that
TIMED_OUT = 75  # exit code of a process that ended itself, as a query did not let itself be interrupted


def call(target: str, **arguments: Any) -> Any:  # noqa: ANN401  (JSON)
    """Return what a function of ours (`module:function`) returns for arguments, both of which are JSON.

    Raises `CallOff` where the function does, or where the process did not come to an end by itself.
    """
    request = json.dumps({"target": target, "arguments": arguments}).encode()
    command = [sys.executable, "-m", "scripts.database.isolated"]
    ran = subprocess.run(command, cwd=ROOT, input=request, capture_output=True, check=False)  # noqa: S603  (ours)
    if ran.returncode == TIMED_OUT:
        raise CallOff("the query took too long and was stopped; ask for less")
    if ran.returncode < 0:
        raise CallOff("the query took more memory than it may and was stopped; ask for less")
    if ran.returncode:
        raise RuntimeError(ran.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2])
    answer = json.loads(ran.stdout)
    if "off" in answer:
        raise CallOff(answer["off"])
    return answer["result"]


def _bound() -> None:
    if os.name == "posix":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _main() -> None:
    _bound()
    request = json.load(sys.stdin)
    module, _, function = request["target"].partition(":")
    try:
        answer = {"result": getattr(import_module(module), function)(**request["arguments"])}
    except CallOff as off:
        answer = {"off": str(off)}
    except MemoryError:
        answer = {"off": "the query took more memory than it may and was stopped; ask for less"}
    except Exception as error:
        if type(error).__name__ not in ("OutOfMemoryException", "IOException"):  # of DuckDB, of what it may have
            raise
        answer = {"off": " ".join(str(error).partition("\n")[0].split())}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    _main()
