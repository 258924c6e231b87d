"""What an engine says of packages, printed for the runner."""

import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

Place = tuple[str, int]  # path and line, the header being line 1; 0 where the engine names no row


def main(check: Callable[[Path], Iterable[Place]]) -> None:
    """Check each folder that the call names and print its places as one line of JSON."""
    for folder in sys.argv[1:]:
        try:
            places = sorted(set(check(Path(folder))))
        except Exception as raised:
            places = [(f"{type(raised).__name__}: {raised}"[:200], 0)]
        print(json.dumps(places), flush=True)
