"""Version numbers: MAJOR.MINOR.PATCH, compared as numbers."""

import re
from collections.abc import Iterable

KINDS = ("PATCH", "MINOR", "MAJOR")
PART = r"(0|[1-9]\d{0,8})"


def numbers(version: str) -> tuple[int, int, int]:
    """Return the three numbers. Raises `ValueError` where the text has another form."""
    match = re.fullmatch(rf"{PART}\.{PART}\.{PART}", version, re.ASCII)
    if not match:
        raise ValueError(f"`{version}` is no version; write MAJOR.MINOR.PATCH, as 1.0.0")
    return int(match[1]), int(match[2]), int(match[3])


def is_one(text: str) -> bool:
    """Return whether a text is a version number."""
    try:
        return bool(numbers(text))
    except ValueError:
        return False


def step(before: str, after: str) -> str:
    """Return which of the three numbers a version raises over another: MAJOR, MINOR or PATCH."""
    old, new = numbers(before), numbers(after)
    return "MAJOR" if new[0] > old[0] else "MINOR" if new[1] > old[1] else "PATCH"


def highest(kinds: Iterable[str], last: str) -> str:
    """Return the greatest of the steps that changes ask for.

    Before 1.0.0 a MINOR is enough for all (Semantic Versioning 2.0.0, clause 4).
    """
    most = max(map(KINDS.index, kinds), default=0)
    return KINDS[most if numbers(last)[0] else min(most, KINDS.index("MINOR"))]
