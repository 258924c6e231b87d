"""Whatever stands in a descriptor, a Table Schema or below releases/: `validate` says where and what to do, at once."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts.datapackage.json_lines import line_of
from scripts.datapackage.package import ROOT
from tests.conftest import Run, edit
from tests.few_documents import VERSIONS

Json = dict[str, Any]
DESCRIPTOR, SCHEMA, CLAIMS = "datapackage.json", "schemas/tables/places.json", "schemas/tables/claims.json"
LAST = f"releases/{VERSIONS[-1]}"
SUMS, KEPT, VIEWS = (f"{LAST}/{name}" for name in ("SHA256SUMS", "datapackage.json", "views.json"))
EXCEPTIONS, PLACES = "schemas/exceptions.csv", "data/places.csv"
VALUE = 11  # the place of `value` among the fields of claims


@pytest.fixture(scope="module")
def there(few: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(few, tmp_path_factory.mktemp("documents") / "package"))


@pytest.fixture
def package(there: Path) -> Iterator[Path]:
    """Return a copy of the package of a few documents; the documents in it are put back."""
    before = {path: (there / path).read_bytes() for path in (DESCRIPTOR, SCHEMA, CLAIMS, SUMS, KEPT, VIEWS)}
    yield there
    for path, content in before.items():
        (there / path).write_bytes(content)


def problems(run: Run, root: Path) -> list[dict[str, Any]]:
    ran = run("validate", root, "--format", "json")
    assert (ran.code, ran.err) == (1, "")
    assert all(one["message"] and one["fix"] and len(one["message"]) < 500 for one in ran.problems)
    return ran.problems


RAW = {
    "empty": b"",
    "binary": bytes(range(256)),
    "UTF-16": '{"name": "x"}'.encode("utf-16"),
    "with a byte order mark": b'\xef\xbb\xbf{"name": "x"}',
    "cut": b'{"name": "x", "resources": [',
    "deep": b"[" * 100_000,
    "deep and whole": b"[" * 100_000 + b"]" * 100_000,
    "many items": b"[" + b"1," * 100_000 + b"1]",
    "many properties": b"{" + b",".join(b'"k%d": 1' % number for number in range(20_000)) + b"}",
    "a list": b"[]",
    "null": b"null",
    "a number": b"5",
    "a number of 100,000 digits": b"9" * 100_000,
    "no number": b'{"a": NaN}',
    "half a character": b'{"a": "\\ud800"}',
    "NUL": b'{"a": "\\u0000"}',
    "a property twice": b'{"a": 1, "a": 2}',
    "huge": b'"' + b"x" * (17 << 20) + b'"',
}


@pytest.mark.parametrize("path", [DESCRIPTOR, SCHEMA])
@pytest.mark.parametrize("name", RAW)
def test_bytes_that_are_no_document_are_a_problem(name: str, path: str, package: Path, run: Run) -> None:
    (package / path).write_bytes(RAW[name])
    assert {one["path"] for one in problems(run, package)} == {path}


@pytest.mark.parametrize("path", [SUMS, KEPT, VIEWS])
@pytest.mark.parametrize("name", ["empty", "binary", "deep and whole", "a list"])
def test_bytes_that_no_release_wrote_are_a_problem(name: str, path: str, package: Path, run: Run) -> None:
    (package / path).write_bytes(RAW[name])
    assert {one["path"] for one in problems(run, package)} == {path}


Change = Callable[[Json], object]


def resource(part: str, value: object) -> tuple[str, Change]:
    return DESCRIPTOR, lambda content: content["resources"][8].update({part: value})


def whole(path: str, part: str, value: object) -> tuple[str, Change]:
    return path, lambda content: content.update({part: value})


def field(place: int, part: str, value: object, path: str = CLAIMS) -> tuple[str, Change]:
    return path, lambda content: content["fields"][place].update({part: value})


def rule(place: int, part: str, value: object) -> tuple[str, Change]:
    return CLAIMS, lambda content: content["fields"][place].setdefault("constraints", {}).update({part: value})


def key(reference: Json, fields: object = ("place_id",)) -> tuple[str, Change]:
    return whole(SCHEMA, "foreignKeys", [{"fields": fields, "reference": reference}])


BROKEN: dict[str, tuple[tuple[str, Change], str]] = {  # document, change, and what the problem says
    "resources is a number": (whole(DESCRIPTOR, "resources", 5), "5 stands where a list should"),
    "no resource": (whole(DESCRIPTOR, "resources", []), "[] should be non-empty"),
    "a resource is null": (whole(DESCRIPTOR, "resources", [None]), "null stands where an object should"),
    "sources is null": (whole(DESCRIPTOR, "sources", None), "null stands where a list should"),
    "a name with a line feed": (whole(DESCRIPTOR, "name", "x\n"), "has not the form"),
    "a name is a number": (resource("name", 5), "5 stands where a text should"),
    "two of a name": (resource("name", "claims"), "two resources have the name `claims`"),
    "two of a path": (resource("path", "data/claims.csv"), "two resources have the path"),
    "no path": (resource("path", []), "[] stands where a text should"),
    "paths": (resource("path", [PLACES]), "stands where a text should"),
    "a path with a line feed": (resource("path", "data\n"), "there is no file"),
    "a path that is long": (resource("path", "a" * 5000), "cannot be looked at"),
    "a path up": (resource("path", "../places.csv"), "leaves the package"),
    "a path from the root": (resource("path", "/dev/zero"), "leaves the package"),
    "a path to a folder": (resource("path", "data"), "not a plain file"),
    "a schema up": (resource("schema", "../places.json"), "leaves the package"),
    "a schema is a number": (resource("schema", 3), "3 stands where an object or a text should"),
    "a schema in place": (resource("schema", {"fields": {}}), "{} stands where a list should"),
    "data in place": (resource("data", []), "`data` is a property of Data Package v2 that is not supported here"),
    "a dialect": (resource("dialect", {}), "`dialect` is a property of Data Package v2 that is not supported here"),
    "no table": (resource("type", "json"), '"json" stands where "table" should'),
    "another encoding": (resource("encoding", "latin-1"), '"latin-1" stands where "utf-8" should'),
    "fields are none": (whole(SCHEMA, "fields", {}), "{} stands where a list should"),
    "other missing values": (whole(SCHEMA, "missingValues", ["NA"]), '["NA"] stands where [""] should'),
    "a key is a text": (whole(SCHEMA, "primaryKey", "place_id"), "stands where a list should"),
    "a foreign key to no table": (key({"resource": "nowhere", "fields": ["x"]}), "`nowhere` is no table"),
    "a foreign key to no field": (key({"resource": "claims", "fields": ["x"]}), "`x` is no field of claims"),
    "a foreign key to more": (key({"resource": "", "fields": ["place_id", "name"]}), "1 fields refer to 2"),
    "a foreign key to nothing": (key({}), "`fields` is missing"),
    "a name of the engine": (field(1, "name", "rowid", SCHEMA), "DuckDB has a column `rowid` of its own"),
    "a type is a list": (field(1, "type", [], SCHEMA), "[] stands where"),
    "an example is a list": (field(1, "example", [], SCHEMA), "[] stands where"),
    "constraints are a list": (field(1, "constraints", [], SCHEMA), "[] stands where an object should"),
    "a minimum is a word": (rule(VALUE, "minimum", "x"), "`x` is no cell of a field of type integer"),
    "a minimum is half": (rule(VALUE, "minimum", 0.5), "`0.5` is no cell of a field of type integer"),
    "a minimum is too large": (rule(VALUE, "maximum", 10**30), "is no cell of a field of type integer"),
    "a minimum is true": (rule(VALUE, "minimum", True), "true stands where"),
    "a minimum of a text": (rule(0, "minimum", 5), "`minimum` says nothing of a field of type string"),
    "a list of other types": (rule(VALUE, "enum", [1, "x"]), "`x` is no cell of a field of type integer"),
    "a list of lists": (rule(0, "enum", [[]]), "[] stands where"),
    "a list with a word twice": (rule(0, "enum", ["a", "a"]), "twice"),
    "a list of nothing": (rule(0, "enum", []), "[] should be non-empty"),
    "a pattern is a number": (rule(0, "pattern", 5), "5 stands where a text should"),
    "a pattern is open": (rule(0, "pattern", "(a"), "not read alike"),
    "a pattern that RE2 refuses": (rule(0, "pattern", "(((a{100}){100}){100})"), "not read alike"),
    "a pattern that is huge": (rule(0, "pattern", "(" * 5000), "not read alike"),
    "a pattern of another count": (rule(0, "pattern", "a{99999999999}"), "not read alike"),
    "a pattern that looks ahead": (rule(0, "pattern", "(?=a)"), "not read alike"),
    "a pattern of classes": (rule(0, "pattern", "[[:alpha:]]"), "not read alike"),
    "a pattern of a number": (rule(VALUE, "pattern", "5"), "`pattern` says nothing of a field of type integer"),
    "a length below nothing": (rule(0, "minLength", -1), "-1 is less than the minimum"),
    "a length beyond all": (rule(0, "maxLength", 10**9), "is greater than the maximum"),
    "a length of a number": (rule(VALUE, "minLength", 1), "`minLength` says nothing of a field of type integer"),
    "a field that rules need": (field(14, "constraints", {}), "the rules for this table need"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_value_that_cannot_be_is_a_problem_with_its_line(name: str, package: Path, run: Run) -> None:
    (path, change), said = BROKEN[name]
    content = json.loads((package / path).read_text("utf-8"))
    change(content)
    (package / path).write_text(json.dumps(content, indent=2), "utf-8")
    found = problems(run, package)
    assert any(one["path"] == path and one["line"] and said in one["message"] for one in found), found


TYPES = "year yearmonth any object array list geopoint geojson duration datetime time".split()  # noqa: SIM905


@pytest.mark.parametrize("type_", TYPES)
def test_type_that_is_not_carried_is_said_to_be(type_: str, package: Path, run: Run) -> None:
    line = edit(
        package / SCHEMA,
        '"name": "iso_3166_2",\n      "type": "string"',
        f'"name": "iso_3166_2",\n      "type": "{type_}"',
    )
    [found] = problems(run, package)
    assert (found["path"], found["line"]) == (SCHEMA, line + 1)
    assert found["message"] == f"`{type_}` is a type of Table Schema that is not supported here"


def replaced(path: Path, kind: str) -> None:
    path.unlink()
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to({"link to a device": "/dev/zero", "link to itself": path.name}.get(kind, ROOT / "LICENSE"))


KINDS = ("pipe", "folder", "link to a device", "link to itself", "link out of the package")
NAMED = [(path, kind) for path in (PLACES, SCHEMA, EXCEPTIONS) for kind in KINDS]
KEPT_SO = [(SUMS, "pipe"), (SUMS, "link out of the package"), (KEPT, "folder"), (VIEWS, "link to a device")]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
@pytest.mark.parametrize(("path", "kind"), [*NAMED, *KEPT_SO])
def test_what_is_no_plain_file_of_the_package_is_not_read(path: str, kind: str, copy: Path, run: Run) -> None:
    replaced(copy / path, kind)
    [found] = problems(run, copy)
    assert found["path"] in (path, DESCRIPTOR)


@pytest.mark.skipif(os.name == "nt", reason="a path on Windows is UTF-16")
def test_folder_whose_name_is_not_utf8_is_a_problem(copy: Path, run: Run) -> None:
    odd = copy.with_name(os.fsdecode(b"caf\xe9"))
    copy.rename(odd)
    [found] = problems(run, odd)
    assert "is not UTF-8" in found["message"]


def test_tables_may_share_a_schema_and_be_called_anything(copy: Path, run: Run) -> None:
    descriptor = json.loads((copy / DESCRIPTOR).read_text("utf-8"))
    for name in ("lines", "cells", "frame", "broken", "text", "rowid", "select"):
        shutil.copy(copy / PLACES, copy / f"data/{name}.csv")
        descriptor["resources"].append({**descriptor["resources"][8], "name": name, "path": f"data/{name}.csv"})
    (copy / DESCRIPTOR).write_text(json.dumps(descriptor), "utf-8")
    assert run("validate", copy).code == 0
    edit(copy / "data/claims.csv", '"Approximately 6,000"', '"Approximately 7,000"')
    assert "value-in-wording" in {one["rule"] for one in problems(run, copy)}


def test_line_of_a_value_is_known_wherever_it_stands() -> None:
    text = '{\n"a": [1,\n"x, ]",\n{"b\\"": {}, "c":\n[[], [\n5]]}],\n"d": null}'
    wanted = {(): 1, ("a",): 2, ("a", 0): 2, ("a", 1): 3, ("a", 2): 4, ("a", 2, 'b"'): 4, ("a", 2, "c"): 4}
    wanted |= {("a", 2, "c", 0): 5, ("a", 2, "c", 1): 5, ("a", 2, "c", 1, 0): 6, ("d",): 7, ("e",): 0}
    assert {place: line_of(text, place) for place in wanted} == wanted
