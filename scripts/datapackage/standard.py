"""Data Package v2 itself: the profile of its authors, carried by the package dplib-py."""

import json
from collections.abc import Iterator
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator, FormatChecker, ValidationError

from scripts.datapackage.package import Json

PROFILE = "dplib/profiles/2.0/datapackage.json"


def faults(descriptor: Json) -> Iterator[ValidationError]:
    """Yield where a descriptor whose Table Schemas stand in it breaks the profile, the plainest fault of each place."""
    return map(_plainest, _validator().iter_errors(descriptor))


def _plainest(error: ValidationError) -> ValidationError:
    """Return what stands against the alternative that is meant: for a field, the one of its type."""
    alternatives: dict[object, list[ValidationError]] = {}
    for one in error.context or ():
        alternatives.setdefault(one.schema_path[0], []).append(one)

    def far(errors: list[ValidationError]) -> tuple[bool, int]:
        return any(one.path and one.path[-1] == "type" for one in errors), len(errors)

    return min(alternatives.values(), key=far)[0] if alternatives else error


@cache
def _validator() -> Draft7Validator:
    file = Path(str(distribution("dplib-py").locate_file(PROFILE)))
    profile: Any = json.loads(file.read_text("utf-8"))
    return Draft7Validator(profile, format_checker=FormatChecker(formats=("email",)))
