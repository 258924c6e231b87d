"""Reported figures on North Korean forces in Russia's war against Ukraine: the data, in every version.

    import reported_figures as rf

    claims = rf.read("claims_wide")                # a frame of pandas, or of polars where pandas is not installed
    rf.read("claims_wide", engine="polars")
    rf.read("claims", version="0.3.0")             # as that version had them
    rf.read("claims", released_by="2026-11-24")    # as the last version had them that was released by that day
    rf.read("claims", known_on="2025-01-31")       # those that were in print by that day
    rf.tables()                                    # what there is
    rf.codebook("claims_wide")                     # what its columns mean
    rf.releases()                                  # the versions, and how each is cited
    rf.connect().sql("from origins where metric_id = 'killed'")   # where DuckDB is installed
    print(rf.citation("bibtex"))

These modules are what the Python package is made of; `figures` stands on its own in dist/ as well.
"""

from .database import connect
from .installed import Column, Release, Table, citation, codebook, releases, tables
from .reading import read

__all__ = ["Column", "Release", "Table", "citation", "codebook", "connect", "read", "releases", "tables"]
__version__: str


def __getattr__(name: str) -> str:
    if name == "__version__":
        return releases()[-1].version
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
