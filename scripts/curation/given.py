"""Records as they are handed over: files of JSON lines, each held against its profile."""

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scripts.datapackage import profiles, untrusted
from scripts.datapackage.errors import UsageError
from scripts.datapackage.package import Json
from scripts.datapackage.problems import Problem
from scripts.datapackage.untrusted import Unreadable

MOST = 256 << 20  # bytes of a file
LONGEST = 1 << 20  # characters of a record, which are two thousand figures
PROFILE = "record.json"
ADDRESS = "url"  # its characters are those of the page's server: NFC would make another address of it
Record = tuple[str, int, Json]  # file, line, record


def records(path: str, problems: list[Problem]) -> Iterator[Record]:
    """Yield each record of a file with its line; what is no record is a problem. Raises `UsageError`.

    A record ends with a line feed and with nothing else: U+2028 and its like may stand inside a text.
    """
    try:
        text = untrusted.read_text(Path(path), MOST)
    except Unreadable as found:
        place = f"{path}:{found.line}" if found.line else path
        raise UsageError(f"{place}: {found.message}; {found.fix}") from None
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > LONGEST:
            message = f"the line has {len(line):,} characters, a record has at most {LONGEST:,}"
            problems.append(Problem(path, number, "", "", "record", message, "write one record a line"))
        elif line.strip():
            found_here, record = profiles.content(path, line, PROFILE, number)
            problems += found_here
            if not found_here:
                yield path, number, _composed(record)


def _composed(value: Any, name: str = "") -> Any:  # noqa: ANN401  (JSON)
    """Return a JSON value whose texts are in NFC, but for addresses."""
    if isinstance(value, dict):
        return {key: _composed(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [_composed(each) for each in value]
    return unicodedata.normalize("NFC", value) if isinstance(value, str) and name != ADDRESS else value
