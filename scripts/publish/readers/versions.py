"""Which version is meant, which rows it had, and which claims were in print by a day."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Sequence

from .installed import HISTORY, releases, resources

SPAN = ("since", "until")  # columns of a history: the versions from which and until which a row reads so
DATED = "claims_wide"  # which says of each claim when it was published
PUBLISHED = ("claim_id", "published_on", "published_on_precision")  # its columns that say so
OF_CLAIMS = ("claims", DATED)
Day = str | datetime.date
Texts = Sequence[str | None]


def find(version: str | None, released_by: Day | None) -> str | None:
    """Return the version that is meant; none for the one that the package holds.

    Raises `ValueError` with the versions that there are, where there is no such one.
    """
    if version is not None and released_by is not None:
        raise ValueError("name a version or the day by which it was released, not both")
    if version is None and released_by is None:
        return None
    number = version if released_by is None else _last_by(parse_day(released_by, "released_by"))
    known = [release.version for release in releases()]
    if number not in known:
        raise ValueError(f"there is no version {number}; there are {', '.join(known)}")
    return None if number == known[-1] else number


def _last_by(day: str) -> str:
    """Return the last version that was released by a day."""
    dated = [release for release in releases() if release.released_on]
    found = [release.version for release in dated if release.released_on <= day]
    if not found:
        days = ", ".join(f"{release.version} ({release.released_on})" for release in dated)
        raise ValueError(f"nothing was released by {day}; there are {days}; `known_on` is the day of publication")
    return found[-1]


def check_history(name: str, number: str) -> None:
    """Raise `ValueError` where a table or view is there as of the present alone."""
    if name not in resources(HISTORY):
        raise ValueError(
            f"{name} can be read as of version {releases()[-1].version} alone, {', '.join(resources(HISTORY))} as of "
            f'every version; DuckDB computes it: connect(version="{number}").sql("from {name}")'
        )


def past(number: str) -> list[str]:
    """Return a version and those before it."""
    known = [release.version for release in releases()]
    return known[: known.index(number) + 1]


def rows_of(number: str, since: Texts, until: Texts) -> list[bool]:
    """Return for each row of a history whether a version had it."""
    come = set(past(number))
    return [first in come and last not in come for first, last in zip(since, until, strict=True)]


def check_claims(name: str) -> None:
    """Raise `ValueError` where a table does not hold claims, each of which is in print from some day on."""
    if name not in OF_CLAIMS:
        raise ValueError(
            f"`known_on` picks claims by the day on which they were in print; it goes with {' and '.join(OF_CLAIMS)}, "
            f"not with {name}"
        )


def claims_in_print(claims: Texts, published: Texts, precision: Texts, by: str) -> set[str | None]:
    """Return the claims that were surely in print by a day (YYYY-MM-DD); an undated one never was."""
    rows = zip(claims, published, precision, strict=True)
    return {claim for claim, first, how in rows if first and how and _last_day(first, how) <= by}


def _last_day(first: str, precision: str) -> str:
    """Return the last day that a day of publication can be, of which the first is known."""
    if precision == "year":
        return f"{first[:4]}-12-31"
    if precision == "month":
        return f"{first[:7]}-{calendar.monthrange(int(first[:4]), int(first[5:7]))[1]}"
    return first[:10]


def parse_day(given: Day | None, argument: str) -> str:
    """Return a day as YYYY-MM-DD. Raises `ValueError` where it is none."""
    text = given.isoformat()[:10] if isinstance(given, datetime.date) else str(given)
    try:
        return datetime.datetime.strptime(text, "%Y-%m-%d").date().isoformat()
    except ValueError:
        raise ValueError(f'{argument} is {given!r}; write a day, as in {argument}="2025-01-31"') from None
