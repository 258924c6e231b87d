"""What a long run is at, on a terminal; nothing where there is none, or where it takes but moments."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from scripts.datapackage.package import Package

LONG = 50 << 20  # bytes of tables from which on a run is watched


@contextmanager
def shown(package: Package) -> Iterator[Callable[[str], None]]:
    """Yield a function that says what the run is at."""
    size = package.size
    if size < LONG or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # 0.1 s, and only asked for where there is something to watch

    with Console(stderr=True).status(f"{size >> 20:,} MiB") as status:
        yield lambda stage: status.update(f"{size >> 20:,} MiB: {stage}")
