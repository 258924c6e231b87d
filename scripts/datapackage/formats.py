"""What a text in a JSON document must be where a profile says so by a format: a path, a licence, a pattern."""

import functools
import re
import warnings
from datetime import date
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from jsonschema import FormatChecker
from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from scripts.datapackage import cache

if TYPE_CHECKING:
    import duckdb

FORMATS = FormatChecker(formats=())
KIND = "patterns"  # in the cache
LONGEST = 1000  # characters of a pattern
FAULTS = {
    "inside": ("path", "leaves the package", "name a file inside the folder of the package, with `/` between folders"),
    "spdx": ("licence", "is no licence id of the SPDX list", "write the id as SPDX does, as CC-BY-4.0"),
    "portable": (
        "pattern",
        "is not read alike by Python, RE2 and Java",
        "use classes such as [0-9] and plain groups; no \\d, \\w or lookaround",
    ),
    "day": ("day", "is no day of the calendar", "write it as 2025-01-13, 2025-01 or 2025"),
}


@FORMATS.checks("inside")
def inside(path: object) -> bool:
    """Whether a path stays in the folder of the package."""
    if not isinstance(path, str):
        return True
    parts = PurePosixPath(path).parts
    return bool(parts) and ".." not in parts and not path.startswith(("/", "~")) and not re.search(r"[\\:]", path)


@FORMATS.checks("spdx")
def _spdx(licence: object) -> bool:
    """Whether a licence stands in the SPDX list, in the spelling of the list."""
    try:
        return not isinstance(licence, str) or canonicalize_license_expression(licence) == licence
    except (InvalidLicenseExpression, RecursionError):
        return False


@FORMATS.checks("portable")
def _portable(pattern: object) -> bool:
    """Whether Python, RE2 and Java read a pattern alike."""
    if not isinstance(pattern, str):
        return True
    apart = re.search(r"\\[a-zA-Z0-9]|\(\?|[*+?}]\+", pattern)
    return not apart and len(pattern) <= LONGEST and _compiles(pattern)


@functools.cache
def _compiles(pattern: str) -> bool:
    known = cache.key(cache.of_code(__file__), pattern.encode("utf-8", "surrogatepass"))
    if cache.get(KIND, known) is not None:
        return True
    import duckdb  # whose start a pattern that is known does without

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", FutureWarning)  # as `[[` gives, which Java reads otherwise
            re.compile(pattern)
        _engine().execute("select regexp_matches('', ?)", [f"^(?:{pattern})\\z"]).fetchall()
    except (re.error, FutureWarning, RecursionError, OverflowError, duckdb.Error):
        return False
    cache.put(KIND, known, b"")
    return True


@functools.cache
def _engine() -> "duckdb.DuckDBPyConnection":
    import duckdb

    return duckdb.connect(config={"threads": 1})


@FORMATS.checks("day")
def _day(day: object) -> bool:
    """Whether a day, month or year of the form `2025-01-13` stands in the calendar."""
    if not isinstance(day, str):
        return True
    try:
        date.fromisoformat(f"{day}-01-01"[:10])
    except ValueError:
        return False
    return True
