"""The lines of a JSON text on which its values stand."""

import json
import re
from collections.abc import Mapping
from functools import lru_cache

MOST = 1 << 20  # characters; of a longer text the lines are not known
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},]|[^\s\[\]{},:"]+')
JsonPath = tuple[str | int, ...]


def line_of(text: str, place: JsonPath) -> int:
    """Return the line of a text that is JSON on which the value or property at a place begins; 0 where it is not known.

    Of a property that is missing it is the line of what should hold it.
    """
    if len(text) > MOST:
        return 0
    return _lines(text).get(place, 0)


@lru_cache(maxsize=4)
def _lines(text: str) -> Mapping[JsonPath, int]:
    """Return the line of each value that stands in an array, and of each property."""
    found: dict[JsonPath, int] = {(): 1}
    place: list[str | int | None] = []  # None where the name of a property comes next
    line, last = 1, 0
    for match in TOKEN.finditer(text):
        line, last, sign = line + text.count("\n", last, match.start()), match.start(), match[0]
        if sign in "]}":
            place.pop()
        elif sign == ",":
            here = place[-1]
            place[-1] = here + 1 if isinstance(here, int) else None
        elif place and place[-1] is None:
            place[-1] = json.loads(sign)
            found[tuple(part for part in place if part is not None)] = line
        else:
            if place and isinstance(place[-1], int):
                found[tuple(part for part in place if part is not None)] = line
            if sign in "[{":
                place.append(0 if sign == "[" else None)
    return found
