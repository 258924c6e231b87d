"""What jsonschema has against a document, in our words: where, by which rule, what is there, and what to do."""

import json
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, cast

from jsonschema import ValidationError

from scripts.datapackage.formats import FAULTS
from scripts.datapackage.json_lines import JsonPath
from scripts.datapackage.package import Json

Words = tuple[JsonPath, str, str, str]  # place, rule, message, fix
LONGEST = 100  # characters of what is shown of a value
ASK = "write it as the profile in schemas/profiles asks"
OTHERS = frozenset(
    ("object", "array", "list", "datetime", "time", "year", "yearmonth", "duration", "geopoint", "geojson", "any")
)
OF_RESOURCE = ("bytes", "compression", "hash", "homepage", "licenses", "rows", "sources")
OF_FIELD = ("bareNumber", "categoriesOrdered", "decimalChar", "falseValues", "groupChar", "jsonSchema", "missingValues",
            "rdfType", "trueValues")  # fmt: skip
OF_V2 = {
    "data": "write the rows into a CSV file and name it in `path`",
    "dialect": "take it out, and write the table with commas, and quotes where a cell needs them, below one header",
    "fieldsMatch": "take it out; the columns stand in the order of the fields",
    "categories": "list them in the constraint `enum`",
    **dict.fromkeys((*OF_RESOURCE, *OF_FIELD), "take it out"),
}
NOUNS = {
    "array": "a list",
    "object": "an object",
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}


def words(error: ValidationError) -> Iterator[Words]:
    """Yield the place, the rule, the message and the fix of each problem in one error of jsonschema."""
    place: JsonPath = tuple(error.absolute_path)
    wanted = cast(Any, error.validator_value)
    if error.validator == "additionalProperties":
        yield from _unknown(place, cast(Json, error.instance), list(cast(Json, error.schema).get("properties", {})))
    elif error.validator == "required":
        for word in [word for word in wanted if word not in cast(Json, error.instance)]:
            yield place, "property", f"`{word}` is missing", "add it"
    elif error.validator == "anyOf" and all("required" in one for one in wanted):
        there, sets = set(cast(Json, error.instance)), [set(one["required"]) for one in wanted]
        for word in sorted(max(sets, key=lambda names: len(names & there)) - there):
            yield place, "property", f"`{word}` is missing", "add it"
    elif error.validator == "format":
        rule, message, fix = FAULTS[str(wanted)]
        yield place, rule, f"`{str(error.instance)[:LONGEST]}` {message}", fix
    elif error.validator == "type":
        nouns = " or ".join(NOUNS[one] for one in ([wanted] if isinstance(wanted, str) else wanted))
        one_file = "name one file; a table in several files is not supported here"
        fix = one_file if place[-1:] == ("path",) and isinstance(error.instance, list) else ASK
        yield place, "property", f"{shown(error.instance)} stands where {nouns} should", fix
    elif error.validator in ("enum", "const"):
        yield _other(place, error.instance, wanted)
    else:
        yield place, "property", error.message if len(error.message) < 3 * LONGEST else f"{error.message[:200]} …", ASK


def shown(value: object) -> str:
    """Return a value of JSON, or the beginning of one that is long."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


def _unknown(place: JsonPath, instance: Json, known: list[str]) -> Iterator[Words]:
    for word in sorted(instance.keys() - set(known)):
        here, name = (*place, word), word[:LONGEST]
        if word in OF_V2:
            yield here, "property", f"`{word}` is a property of Data Package v2 that is not supported here", OF_V2[word]
            continue
        near = get_close_matches(name, known, 1)
        fix = f"did you mean `{near[0]}`?" if near else f"take it out; known are {', '.join(known)}"
        yield here, "property", f"`{name}` is no property that is known here", fix


def _other(place: JsonPath, value: object, wanted: Any) -> Words:  # noqa: ANN401  (JSON)
    """Return what to say of a value that is none of those which may stand there."""
    words = wanted if isinstance(wanted, list) and wanted != [""] else [wanted]
    listed = ", ".join(map(shown, words))
    if place[-1:] == ("type",) and isinstance(value, str) and value in OTHERS:
        fix = f"take one of {listed}; a text with a `pattern` carries what has another form"
        return place, "property", f"`{value}` is a type of Table Schema that is not supported here", fix
    near = get_close_matches(str(value)[:LONGEST], list(map(str, words)), 1)
    fix = f"did you mean `{near[0]}`?" if near else f"write {listed}" if len(words) == 1 else f"take one of {listed}"
    return place, "property", f"{shown(value)} stands where {listed} should", fix
