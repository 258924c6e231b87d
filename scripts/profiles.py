"""JSON documents held against the profiles in schemas/profiles, each fault with its line.

The profiles are narrower than Data Package v2, which lets unknown properties, licences and
roles pass.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from functools import cache
from pathlib import Path, PurePosixPath
from typing import cast

import yaml
from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from scripts import untrusted
from scripts.package import ROOT, Json
from scripts.problems import Problem
from scripts.untrusted import Unreadable

PROFILES = ROOT / "schemas" / "profiles"
FORMATS = FormatChecker(formats=())
JsonPath = tuple[str | int, ...]


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
    except InvalidLicenseExpression:
        return False


@FORMATS.checks("portable")
def _portable(pattern: object) -> bool:
    """Whether Python, RE2 and Java read a pattern alike."""
    if not isinstance(pattern, str):
        return True
    return not re.search(r"\\[a-zA-Z0-9]|\(\?|[*+?}]\+", pattern) and _compiles(pattern)


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


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def document(root: Path, path: str, profile: str) -> tuple[list[Problem], Json]:
    """Return a JSON document and what is wrong with it, in itself and under its profile."""
    file = root / path
    if not file.exists():
        fix = f"name the folder that holds {path}"
        return [Problem(path, 0, "", "", "missing-file", f"there is no file {path}", fix)], {}
    try:
        text = untrusted.read_text(file)
    except Unreadable as found:
        return [Problem(path, found.line, "", "", "json", found.message, found.fix)], {}
    return content(path, text, profile)


def content(path: str, text: str, profile: str, line: int = 0) -> tuple[list[Problem], Json]:
    """Return the JSON document in a text and what is wrong with it, in itself and under its profile.

    Where the text is one line of a file, `line` is its number.
    """
    try:
        found = untrusted.parse_json(text)
    except Unreadable as error:
        return [Problem(path, line or error.line, "", "", "json", error.message, error.fix)], {}
    text = "" if line else text
    problems = [problem for error in _errors(found, profile) for problem in _explain(path, text, error)]
    problems = [replace(problem, line=line or problem.line) for problem in problems]
    return list(dict.fromkeys(problems)), found  # jsonschema tells one error for each property that is missing


def _errors(content: object, profile: str) -> list[ValidationError]:
    errors = _validator(profile).iter_errors(content)
    return sorted(errors, key=lambda error: [str(part) for part in error.absolute_path])


@cache
def _validator(profile: str) -> Draft202012Validator:
    schema = json.loads((PROFILES / profile).read_text("utf-8"))
    return Draft202012Validator(schema, format_checker=FORMATS)


def _explain(path: str, text: str, error: ValidationError) -> Iterator[Problem]:
    """Yield the problems of one error of jsonschema, in our words and with its line."""
    place: JsonPath = tuple(error.absolute_path)
    if error.validator == "additionalProperties":
        schema, instance = cast(Json, error.schema), cast(Json, error.instance)
        known = list(schema["properties"])
        for word in sorted(instance.keys() - set(known)):
            near = get_close_matches(word, known, 1)
            fix = f"did you mean `{near[0]}`?" if near else f"take it out; known are {', '.join(known)}"
            yield at(path, text, (*place, word), "property", f"`{word}` is no property that is known here", fix)
    elif error.validator == "required":
        wanted, instance = cast(list[str], error.validator_value), cast(Json, error.instance)
        for word in [word for word in wanted if word not in instance]:
            yield at(path, text, place, "property", f"`{word}` is missing", "add it")
    elif error.validator == "anyOf" and all("required" in one for one in cast(list[Json], error.validator_value)):
        there = set(cast(Json, error.instance))
        sets = [set(one["required"]) for one in cast(list[Json], error.validator_value)]
        for word in sorted(max(sets, key=lambda names: len(names & there)) - there):
            yield at(path, text, place, "property", f"`{word}` is missing", "add it")
    elif error.validator == "format":
        rule, message, fix = FAULTS[str(error.validator_value)]
        yield at(path, text, place, rule, f"`{error.instance}` {message}", fix)
    else:
        yield at(path, text, place, "property", _message(error), "write it as the profile in schemas/profiles asks")


def _message(error: ValidationError) -> str:
    shown = json.dumps(error.instance, ensure_ascii=False)
    shown = f"`{shown[:SHOWN]}{'…' * (len(shown) > SHOWN)}`"
    if error.validator == "type":
        types = cast(str | list[str], error.validator_value)
        return f"{shown} is not {' or '.join(TYPES[one] for one in ([types] if isinstance(types, str) else types))}"
    return error.message if len(error.message) <= MOST else f"{shown} does not fit `{error.validator}`"


MOST = 500  # characters of a message that jsonschema words, with what stands there in it
SHOWN = 60  # characters of what stands there
TYPES = {
    "string": "a text", "integer": "a whole number", "number": "a number", "boolean": "true or false", "null": "null",
    "object": "an object", "array": "a list",
}  # fmt: skip
FAULTS = {
    "inside": ("path", "leaves the package", "name a file inside the folder of the package, with `/` between folders"),
    "spdx": ("licence", "is no licence id of the SPDX list", "write the id as SPDX does, as CC-BY-4.0"),
    "day": ("day", "is no day of the calendar", "write it as 2025-01-13, 2025-01 or 2025"),
    "portable": (
        "pattern",
        "is not read alike by Python, RE2 and Java",
        "use classes such as [0-9] and plain groups; no \\d, \\w or lookaround",
    ),
}


def at(path: str, text: str, place: JsonPath, rule: str, message: str, fix: str) -> Problem:
    """Return a problem at a place in a JSON text."""
    names = [str(part) for part in place]
    return Problem(path, line_of(text, place), ".".join(names), "", rule, message, fix)


def line_of(text: str, place: JsonPath) -> int:
    """Return the line of a JSON text on which the value or property at a place begins; 0 where it is not known."""
    if not text:
        return 0
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)  # JSON is YAML, and its nodes know their lines
    except yaml.YAMLError:  # but for a few characters and escapes
        return 0
    line = 1
    for part in place:
        if isinstance(node, yaml.MappingNode):
            pairs = [(key, value) for key, value in node.value if key.value == part]
            line, node = pairs[-1][0].start_mark.line + 1, pairs[-1][1]
        else:
            node = cast(yaml.SequenceNode, node).value[part]
            line = node.start_mark.line + 1
    return int(line)
