"""Read what a stranger may have written: plain files of bounded size, UTF-8 text, JSON of bounded depth.

Whatever lies there (a device, a pipe, other bytes, a hundred thousand brackets), the answer is a value or `Unreadable`.
"""

import json
import os
import re
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

MOST = 16 << 20  # bytes of a document: a descriptor, a schema, a citation, a list of checksums
DEEPEST = 50  # levels of arrays and objects in a JSON document; the deepest of ours has 9
KIND, PLAIN_FIX = "a folder, a device or a pipe, not a plain file", "put a plain file there"
STRING = re.compile(r'"(?:[^"\\]|\\.)*"?', re.DOTALL)


class Unreadable(Exception):
    """What was read is not what it should be; `line` counts from 1, 0 where none is known; `fix` says what to do."""

    def __init__(self, message: str, fix: str, line: int = 0) -> None:
        """Take what is there, what to do, and the line."""
        super().__init__(message)
        self.message, self.fix, self.line = message, fix, line


def check_plain(root: Path, parts: Iterable[str]) -> None:
    """Raise `Unreadable` where a file, or what lies in a folder, is a pipe or a device, which would be waited for."""
    for part in parts:
        for folder, _, names in os.walk(root / part):
            for name in names:
                check_file(Path(folder, name))
        if (root / part).exists() and not (root / part).is_dir():
            check_file(root / part)


def check_file(path: Path) -> None:
    """Raise `Unreadable` where a path leads to a folder, a pipe or a device."""
    if path.exists() and not path.is_file():
        raise Unreadable(f"{path}: there is {KIND}", PLAIN_FIX)


def read_bytes(path: Path, most: int = MOST) -> bytes:
    """Return the bytes of a plain file. Raises `Unreadable`, never waits."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise Unreadable(f"the file cannot be opened: {reason}", "put a file there that can be read") from None
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        os.close(handle)
        raise Unreadable(f"there is {KIND}", PLAIN_FIX)
    with os.fdopen(handle, "rb") as file:
        data = file.read(most + 1) if status.st_size <= most else None
    if data is None or len(data) > most:
        raise Unreadable(f"the file has more than {most >> 20} MiB", "name the right file; none of ours is so large")
    return data


def read_text(path: Path, most: int = MOST) -> str:
    """Return the text of a plain UTF-8 file without a byte order mark. Raises `Unreadable`."""
    return decode(read_bytes(path, most), most)


def decode(data: bytes, most: int = MOST) -> str:
    """Return the text of UTF-8 bytes without a byte order mark. Raises `Unreadable`."""
    if len(data) > most:
        raise Unreadable(f"there are more than {most >> 20} MiB", "write less at a time")
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Unreadable("the file is not UTF-8", "save it as UTF-8", line) from None


def read_json(path: Path, most: int = MOST) -> Any:  # noqa: ANN401  (JSON)
    """Return the value of a JSON document. Raises `Unreadable`."""
    return parse_json(read_text(path, most))


def parse_json(text: str) -> Any:  # noqa: ANN401  (JSON)
    """Return the value of a JSON text (RFC 8259) in which no property stands twice. Raises `Unreadable`."""
    _check_depth(text)
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number, parse_float=_finite)
        if r"\u" in text:  # an escape may be half of a pair, which no file can hold
            json.dumps(found, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        message = f"{error.msg} at character {error.colno}"
        raise Unreadable(message, "correct the JSON at this place", error.lineno) from None
    except UnicodeEncodeError:
        raise Unreadable("an escape such as \\ud800 is half a character", "write the character itself") from None
    except ValueError as error:  # a whole number of thousands of digits, too
        raise Unreadable(str(error), "write a number that a computer can hold") from None
    return found


def _check_depth(text: str) -> None:
    depth = 0
    bare = STRING.sub("", text)
    for match in re.finditer(r"[\[{\]}]", bare):
        depth += 1 if match[0] in "[{" else -1
        if depth > DEEPEST:
            raise Unreadable(f"arrays and objects lie more than {DEEPEST} deep", "write it flatter")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    for key, value in pairs:
        if key in seen:
            raise Unreadable(f"the property '{key}' stands there twice", "write each property once")
        seen[key] = value
    return seen


def _no_number(word: str) -> NoReturn:
    raise Unreadable(f"`{word}` is no number of JSON", "write a number, or null")


def _finite(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise Unreadable(f"{digits} is larger than any number that a computer holds", "write a smaller number")
    return number
