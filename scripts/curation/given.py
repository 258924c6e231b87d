"""Records as they are handed over: JSON, one object a line or laid out in any way, each held against its profile."""

import json
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scripts.curation.record_form import PROFILE
from scripts.datapackage import profiles, untrusted
from scripts.datapackage.errors import UsageError
from scripts.datapackage.package import Json
from scripts.datapackage.problems import Problem
from scripts.datapackage.untrusted import Unreadable

MOST = 256 << 20  # bytes of a file
LONGEST = 1 << 20  # characters of a record, which are two thousand figures
STDIN, STDIN_NAME = "-", "standard input"
ADDRESS = "url"  # its characters are those of the page's server: NFC would make another address of it
BLANK = " \t\r\n"
Record = tuple[str, int, Json]  # file, line, record


def records(path: str, problems: list[Problem]) -> Iterator[Record]:
    """Yield each record of a file, or of standard input for `-`, with its first line; what is no record is a problem.

    Where one record stands a line, it ends with a line feed and with nothing else: U+2028 and its like may stand
    inside a text. Raises `UsageError`.
    """
    name = STDIN_NAME if path == STDIN else path
    try:
        text = _of_stdin() if path == STDIN else untrusted.read_text(Path(path), MOST)
    except Unreadable as found:
        place = f"{name}:{found.line}" if found.line else name
        raise UsageError(f"{place}: {found.message}; {found.fix}") from None
    for number, part in _parts(text):
        if len(part) > LONGEST:
            message = f"the record has {len(part):,} characters, and may have {LONGEST:,}"
            problems.append(Problem(name, number, "", "", "record", message, "write its figures in several records"))
            continue
        found_here, record = profiles.content(name, part, PROFILE, number)
        problems += found_here
        if not found_here:
            yield name, number, _current(_composed(record))


def _of_stdin() -> str:
    data = sys.stdin.buffer.read(MOST + 1)
    return untrusted.decode(data, MOST)


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """Yield the text of each record with its first line: a line each, or values one after the other or in a list."""
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip(BLANK)]
    if lines and _goes_on(lines[0][1]):
        yield from _values(text)
    else:
        yield from lines


def _goes_on(line: str) -> bool:
    """Whether a first line is no record, but the beginning of one, or of a list of records."""
    try:
        json.JSONDecoder().raw_decode(line.strip(BLANK))
    except json.JSONDecodeError as error:
        return line.strip(BLANK) in ("{", "[") or (line.startswith("[") and error.pos >= len(line.strip(BLANK)))
    except (ValueError, RecursionError):
        return False
    return line.lstrip(BLANK).startswith("[{")


def _values(text: str) -> Iterator[tuple[int, str]]:
    decoder, between = json.JSONDecoder(), BLANK + "[,]"
    place = 0
    while place < len(text):
        if text[place] in between:
            place += 1
            continue
        try:
            _, stop = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            stop = len(text)
        yield text.count("\n", 0, place) + 1, text[place:stop]
        place = stop


def _current(record: Json) -> Json:
    """Return a record in which what has a former name goes by its name."""
    for figure in record.get("figures", []):
        if "originator" in figure:
            figure.setdefault("source", figure.pop("originator"))
    return record


def _composed(value: Any, name: str = "") -> Any:  # noqa: ANN401  (JSON)
    """Return a JSON value whose texts are in NFC, but for addresses."""
    if isinstance(value, dict):
        return {key: _composed(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [_composed(each) for each in value]
    return unicodedata.normalize("NFC", value) if isinstance(value, str) and name != ADDRESS else value
