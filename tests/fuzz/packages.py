"""Rounds on a mutated package: each verb is asked about it, or told to change it."""

import json
import re
from typing import Any

from scripts.citation import formats
from scripts.datapackage.package import ROOT
from tests.fuzz import trees
from tests.fuzz.rounds import Round, released_lines_stand

Call = tuple[Any, ...]
PARTS = {"data/": 10, "datapackage.json": 3, "schemas/": 3, "releases/": 4, "queries/": 2}  # how often each is mutated
OTHERS = ("CHANGELOG.md", "data", "schemas", "releases", "queries", "schemas/tables", *trees.LEFT)
FORMATS = ("text", "json", "github")
CITED = tuple(formats.FORMS)


def package(played: Round) -> None:
    """Mutate files of the package, one or some; ask a verb about it, or tell it to do something."""
    chance, place = played.chance, played.place
    played.closed = False  # a link that leads out of a package is followed, and what does not hold there is told
    for _ in range(chance.choice((1, 1, 1, 1, 2, 3))):
        if chance.random() < 0.04:
            played.told.append(trees.stage(chance, place.package, place.beside))
            continue
        [part] = chance.choices([*PARTS, ""], [*PARTS.values(), 2])
        path = chance.choice(played.files(part) if part else OTHERS)
        played.told.append(trees.mutate(chance, place.package, path, place.beside))
    if not released_lines_stand(played.kept, place.package):
        played.call("validate", "--format", chance.choice(FORMATS))
        if chance.random() < 0.6:
            played.call("verify")
        played.noticed = len(played.calls)
    calls = [*_reading(played), *_writing(played)]
    if not played.noticed or chance.random() < 0.2:
        [(_, *call)] = chance.choices(calls, [weight for weight, *_ in calls])
        played.call(*call)


def _reading(played: Round) -> list[Call]:
    chance, claim = played.chance, ("--claim", played.claim)
    version, last = chance.choice(played.versions), played.versions[-1]
    return [
        *((30, "validate", "--format", chance.choice(FORMATS)), (10, "verify"), (6, "verify", version)),
        *(
            (8, "diff", version, *chance.choice(([], [last], ["--format=json"]))),
            (3, "add", "--dry-run", _rough(played)),
        ),
        (9, "query", "from claims_wide limit 3", "--format", chance.choice(("table", "csv", "json"))),
        (3, "query", "from latest_by_source", "--version", version),
        *((7, "cite", "--format", chance.choice(CITED)), (4, "cite", "--version", version, *claim)),
    ]


def _writing(played: Round) -> list[Call]:
    chance, new, row = played.chance, played.place.new, ("claims", played.claim)
    return [
        *((4, "rebuild", chance.choice(played.versions), "--to", new), (0.5, "build", "--out", new), (0.5, "migrate")),
        *((2, "add", _rough(played)), (3, "validate", "--fix"), (1, "docs")),
        (3, "cite", "--sql", "select count(*) as n from claims"),
        (2, "correct", *row, chance.choice(("note", "place_id", "value")), "-3,000", "--reason", "coder_error"),
        (2, "withdraw", *row, "--reason", "duplicate", "--note", "-x"),
        (2, "release", "9.0.0", "--date", "2026-11-24", "--summary", "A summary."),
    ]


def _rough(played: Round) -> object:
    return played.handed("records.jsonl", json.dumps(rough()).encode())


def rough() -> Any:  # noqa: ANN401  (JSON)
    """Return the record of the worked example in CONTRIBUTING.md, as of a page that no document has."""
    [text] = re.findall(r"```json\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.DOTALL)
    return {**json.loads(text), "url": "https://example.org/a-page"}
