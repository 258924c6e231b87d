"""JSON documents held against the profiles in schemas/profiles, each fault with its line.

The profiles are narrower than Data Package v2, which lets unknown properties, licences and
roles pass.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError, validators

from scripts.datapackage import explain, untrusted
from scripts.datapackage.formats import FORMATS
from scripts.datapackage.json_lines import JsonPath, line_of
from scripts.datapackage.package import ROOT, Json
from scripts.datapackage.problems import Problem
from scripts.datapackage.untrusted import Unreadable

PROFILES = ROOT / "schemas" / "profiles"
LONGEST = 1 << 20  # bytes of a descriptor or Table Schema; ours have some thousands
MOST = 100  # problems of a document that are listed
NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


@dataclass(frozen=True)
class Document:
    """A JSON document, or the part of one at `base`: its path in the package, its text and what stands there."""

    path: str
    text: str
    content: Json
    base: JsonPath = ()

    def at(self, place: JsonPath, rule: str, message: str, fix: str) -> Problem:
        """Return a problem at a place in the document."""
        whole = (*self.base, *place)
        return Problem(self.path, line_of(self.text, whole), ".".join(map(str, whole)), "", rule, message, fix)

    def part(self, place: JsonPath) -> "Document":
        """Return the part of the document at a place."""
        content: Any = self.content
        for step in place:
            content = content[step]
        return replace(self, content=content, base=(*self.base, *place))


def document(root: Path, path: str, profile: str) -> tuple[list[Problem], Document]:
    """Return a JSON document and what is wrong with it, in itself and under its profile."""
    nothing = Document(path, "", {})
    if not (root / path).exists():
        fix = f"name the folder that holds {path}"
        return [Problem(path, 0, "", "", "missing-file", f"there is no file {path}", fix)], nothing
    try:
        text = untrusted.read_text(root / path, LONGEST)
        marked = untrusted.read_bytes(root / path, LONGEST).startswith(b"\xef\xbb\xbf")
    except Unreadable as found:
        return [Problem(path, found.line, "", "", "json", found.message, found.fix)], nothing
    if marked:
        fix = "save it as UTF-8 without the mark"
        return [Problem(path, 1, "", "", "json", "the file begins with a byte order mark", fix)], nothing
    problems, content_ = content(path, text, profile)
    return problems, Document(path, text, content_)


def content(path: str, text: str, profile: str, line: int = 0) -> tuple[list[Problem], Json]:
    """Return the JSON document in a text and what is wrong with it, in itself and under its profile.

    Where the text is one line of a file, `line` is its number.
    """
    problems, found = _content(path, text, profile)
    return [replace(problem, line=line or problem.line) for problem in problems], found


def _content(path: str, text: str, profile: str) -> tuple[list[Problem], Json]:
    try:
        found = untrusted.parse_json(text)
    except Unreadable as error:
        return [Problem(path, error.line, "", "", "json", error.message, error.fix)], {}
    if nul := NUL.search(text):
        line = text.count("\n", 0, nul.start()) + 1
        return [Problem(path, line, "", "", "json", "a text holds the character NUL", "take it out")], {}
    return under(Document(path, text, found), profile), found


def under(document: Document, profile: str) -> list[Problem]:
    """Return where a document breaks a profile, by place."""
    said = (document.at(*words) for words in _words(json.dumps(document.content), profile))
    return list(dict.fromkeys(said))  # jsonschema tells one error for each property that is missing


@lru_cache(maxsize=256)  # the same documents are often asked again
def _words(content_: str, profile: str) -> list[explain.Words]:
    errors = islice(_validator(profile).iter_errors(json.loads(content_)), MOST)
    ordered = sorted(errors, key=lambda error: [str(part) for part in error.absolute_path])
    return list(islice((words for error in ordered for words in explain.words(error)), MOST))


@cache
def profile(name: str) -> Json:
    """Return a profile of schemas/profiles."""
    found: Json = json.loads((PROFILES / name).read_text("utf-8"))
    return found


@cache
def _validator(name: str) -> Draft202012Validator:
    made: Draft202012Validator = _Validator(profile(name), format_checker=FORMATS)
    return made


def _unique(validator: Any, wanted: bool, items: Any, _: Any) -> Iterator[ValidationError]:  # noqa: ANN401
    """Find what stands twice in time that grows with the list, not with its square."""
    if wanted and isinstance(items, list):
        texts = [json.dumps(item, sort_keys=True) for item in items]
        if len(set(texts)) < len(texts):
            yield ValidationError("something stands twice in the list")


def _pattern(validator: Any, pattern: str, text: Any, _: Any) -> Iterator[ValidationError]:  # noqa: ANN401
    """Have `$` mean the end of the text, not a line feed at the end."""
    if isinstance(text, str) and not re.search(re.sub(r"\$$", r"\\Z", pattern), text):
        yield ValidationError(f"{explain.shown(text)} has not the form {pattern}")


_Validator: Any = validators.extend(  # type: ignore[no-untyped-call]
    Draft202012Validator, {"uniqueItems": _unique, "pattern": _pattern}
)
