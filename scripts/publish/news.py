"""What each release brought: rows added by table, rows and cells corrected or withdrawn, each with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from scripts.citation import works
from scripts.datapackage.package import Package
from scripts.history import ledger

ADDED = "select version, resource, count(*) from changes where change = 'added' group by all order by all"
# an errata line a cell, a line a row withdrawn, a line a header: alike in all but their key they are one
CHANGED = """
    select version, change, resource, field, old, new, reason, note, list(key order by key)
    from (
      select version, 'corrected' as change, resource, field, coalesce(old, '') as old, coalesce(new, '') as new,
             reason, coalesce(note, '') as note, key
      from errata
      union all
      select version, 'withdrawn', resource, '*', '', '', reason, coalesce(note, ''), key from withdrawn
      union all
      select version, change, resource, field, old, new, reason, coalesce(note, ''), key
      from changes where change = 'header'
    )
    group by all
    order by all
"""


@dataclass(frozen=True)
class Changed:
    """Rows or cells of one table that a release changed alike, by key; `old` and `new` are blank for rows."""

    change: str
    resource: str
    field: str
    old: str
    new: str
    reason: str
    note: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Release:
    """A released version: its day, its sentence, the SHA-256 of its SHA256SUMS, and what it changed."""

    version: str
    day: str
    summary: str
    digest: str
    added: Mapping[str, int]
    changed: tuple[Changed, ...]

    def count(self, change: str) -> dict[str, int]:
        """Return the number of rows, cells or headers changed in one way, by table."""
        found: dict[str, int] = {}
        for one in self.changed:
            if one.change == change:
                found[one.resource] = found.get(one.resource, 0) + len(one.keys)
        return dict(sorted(found.items()))


def releases(con: duckdb.DuckDBPyConnection, package: Package) -> list[Release]:
    """Return the released versions, oldest first; `con` holds tables and views."""
    added: dict[str, dict[str, int]] = {}
    for version, resource, rows in con.execute(ADDED).fetchall():
        added.setdefault(version, {})[resource] = rows
    changed: dict[str, list[Changed]] = {}
    for version, change, resource, field, old, new, reason, note, keys in con.execute(CHANGED).fetchall():
        one = Changed(change, resource, field, old, new, reason, note, tuple(keys))
        changed.setdefault(version, []).append(one)
    told = {version: (str(day), summary) for version, day, summary in con.execute("from releases").fetchall()}
    return [
        Release(
            version,
            *told[version],
            works.digest(package, version),
            added.get(version, {}),
            tuple(changed.get(version, ())),
        )
        for version in ledger.versions(package)
    ]
