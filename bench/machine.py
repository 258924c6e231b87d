"""What the figures were measured on: processors, memory and versions."""

import os
import platform
from importlib.metadata import version

PACKAGES = ("duckdb", "polars", "pandera", "pandas", "frictionless", "dataframely", "pyarrow")


def machine() -> dict[str, str]:
    """Return the size of the machine and the versions of what ran on it."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return {
        "cores": str(os.cpu_count()),
        "memory": f"{memory:.0f} GiB",
        "python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
    }
