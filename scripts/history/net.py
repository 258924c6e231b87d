"""The net difference of two states of the tables, as lines of the ledger: at most one a cell."""

from collections.abc import Iterator, Mapping

from scripts.datapackage.package import Package
from scripts.history.ledger import (
    UNRELEASED,
    WHOLE,
    Change,
    Content,
    State,
    as_list,
    at,
    changes,
    present,
    row_hash,
    versions,
)


def net(version: str, before: State, after: State, reasons: Mapping[tuple[str, str, str], Change]) -> Iterator[Change]:
    """Yield the lines that lead from one version to the next, at most one a cell.

    `reasons` gives, by resource, key and field, the pending line that explains a change.
    """
    for name in {**after, **before}:
        now = after.get(name, Content([], {}))
        then = before.get(name, Content(now.header, {}))
        if then.header != now.header:
            yield Change(
                version, name, WHOLE, WHOLE, "header", as_list(then.header), as_list(now.header), "schema_changed"
            )
        for key in then.rows.keys() | now.rows.keys():
            yield from _net_row(version, name, key, then, now, reasons)


def _net_row(
    version: str, name: str, key: str, then: Content, now: Content, reasons: Mapping[tuple[str, str, str], Change]
) -> Iterator[Change]:
    if key not in then.rows:
        yield Change(version, name, key, WHOLE, "added", new=row_hash(now.rows[key]))
    elif key not in now.rows:
        why = reasons.get((name, key, WHOLE), Change("", "", "", "", ""))
        yield Change(
            version, name, key, WHOLE, "withdrawn", old=as_list(then.rows[key]), reason=why.reason, note=why.note
        )
    else:
        old = dict(zip(then.header, then.rows[key], strict=True))
        new = dict(zip(now.header, now.rows[key], strict=True))
        for field in [*now.header, *(field for field in then.header if field not in new)]:
            if old.get(field, "") != new.get(field, ""):
                moved = old.keys() ^ new.keys() >= {field}
                why = reasons.get(
                    (name, key, field), Change("", "", "", "", "", reason="schema_changed" if moved else "")
                )
                yield Change(
                    version, name, key, field, "corrected", old.get(field, ""), new.get(field, ""), why.reason, why.note
                )


def between(package: Package, older: str, newer: str | None) -> Iterator[Change]:
    """Yield the net difference of two versions, or of one and the present; reasons are those of the last change."""
    order = [*versions(package), UNRELEASED]
    passed = order[order.index(older) + 1 : order.index(newer or UNRELEASED) + 1]
    lines = changes(package)
    reasons = {
        (line.resource, line.key, line.field): line for version in passed for line in lines if line.version == version
    }
    after = at(package, newer) if newer else present(package)
    return net(newer or UNRELEASED, at(package, older), after, reasons)
