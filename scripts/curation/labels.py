"""What the names in a record mean: keys of a vocabulary, by key, by name, or by a label of data/aliases.csv."""

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from urllib.parse import urlsplit

from scripts.curation.desk import Desk
from scripts.curation.records import Row
from scripts.datapackage import canonical_csv, signs
from scripts.datapackage.package import Json
from scripts.datapackage.problems import Problem

ALIKE = 0.85  # ratio of the letters that two names share, from which on one may be the other mistyped
BRACKETS = re.compile(r"\s*[(（\[]([^()（）\[\]]*)[)）\]]\s*$")
NEWSROOM, PERSON = "news", "person"  # kinds of a source


@dataclass(frozen=True)
class Speaker:
    """A source, and the person in brackets behind its name, who passed it on."""

    source_id: str
    person_id: str = ""


@dataclass(frozen=True)
class Unknown:
    """A label that a vocabulary does not know."""

    resource: str
    label: str

    def __str__(self) -> str:
        """Say so."""
        return f"`{self.label}` is no key, name or label of {self.resource}"

    @staticmethod
    def of(problem: Problem) -> "Unknown":
        """Return what a problem says is unknown. Raises `ValueError` where it says nothing of the kind."""
        found = re.match(r"`(.*)` is no key, name or label of (\w+)", problem.message, re.DOTALL)
        if not found:
            raise ValueError(problem.message)
        return Unknown(found[2], found[1])


def resolve(desk: Desk, place: str, resource: str, label: str | None) -> str:
    """Return the key that a label means; ask where it is not known."""
    if not signs.plain(label or ""):
        return ""
    if known := known_as(desk, resource, label or "") or known_as(desk, resource, without_brackets(label or "")):
        return known
    _ask(desk, place, resource, signs.plain(label or ""))
    return ""


def speaker(desk: Desk, place: str, label: str | None) -> Speaker:
    """Return who said a figure: “White House (Kirby)” is the White House, through Kirby; nobody where none is named."""
    if not signs.plain(label or ""):
        return Speaker(nobody(desk))
    bracketed = BRACKETS.search(label or "")
    if bracketed and (person := _person(desk, bracketed[1])):
        body = known_as(desk, "sources", without_brackets(label or ""))
        if body and body != person:
            return Speaker(body, person)
    return Speaker(resolve(desk, place, "sources", label))


def _person(desk: Desk, name: str) -> str:
    """Return the key of a person by any label, or by the last word of the name where one alone has it."""
    persons = {key: row for key, row in desk.rows.tables["sources"].items() if row["kind"] == PERSON}
    known = known_as(desk, "sources", name)
    by_last_word = [key for key, row in persons.items() if row["name"].split()[-1:] == [name]]
    return known if known in persons else by_last_word[0] if len(by_last_word) == 1 else ""


def nobody(desk: Desk) -> str:
    """Return the source that stands where nobody is named."""
    return next((key for key, row in desk.rows.tables["sources"].items() if row["kind"] == "nobody"), "")


def known_as(desk: Desk, resource: str, label: str) -> str:
    """Return the key that a label means, '' where none does: as an alias, a key or a name."""
    if alias := desk.rows.tables["aliases"].get(f"{resource}/{label}"):
        return alias["id"]
    plain = signs.plain(label)
    rows = desk.rows.tables[resource]
    if plain in rows:
        return plain
    of_aliases = (row["id"] for row in _aliases(desk, resource) if signs.plain(row["label"]) == plain)
    of_names = (key for key, row in rows.items() if signs.plain(row.get("name", "")) == plain)
    return next(of_aliases, "") or next(of_names, "")


def without_brackets(label: str) -> str:
    """Return a name without what stands in brackets behind it."""
    return BRACKETS.sub("", label)


def alike(desk: Desk, resource: str, label: str) -> list[str]:
    """Return the keys whose names differ from a label as by a slip of the hand, the nearest first."""
    found: dict[str, float] = {}
    for key, name in _names(desk, resource):
        ratio = SequenceMatcher(None, label.casefold(), name.casefold()).ratio()
        if ratio >= ALIKE:
            found[key] = max(ratio, found.get(key, 0))
    return sorted(found, key=lambda key: (-found[key], key))


def _names(desk: Desk, resource: str) -> Iterator[tuple[str, str]]:
    for key, row in desk.rows.tables[resource].items():
        yield key, key
        yield key, row.get("name") or key
    for alias in _aliases(desk, resource):
        yield alias["id"], alias["label"]


def _aliases(desk: Desk, resource: str) -> Iterator[Row]:
    return (row for row in desk.rows.tables["aliases"].values() if row["resource"] == resource)


def _ask(desk: Desk, place: str, resource: str, label: str) -> None:
    if (resource, label) in desk.unknown:
        return
    desk.unknown.add((resource, label))
    unknown, near = Unknown(resource, label), alike(desk, resource, label)
    record = json.dumps(new_row(desk, place, unknown), ensure_ascii=False)
    fix, close = f"add it, by the record {record}", ""
    if near:
        line = canonical_csv.line([resource, label, near[0]]).strip()
        fix = f"if it is that, add to data/aliases.csv: {line}; else {fix}"
        close = f"; it is like {', '.join(f'`{key}`' for key in near)}"
    choices = {key: desk.rows.tables[resource][key].get("name", "") for key in near}
    desk.ask(place, "unknown-label", f"{unknown}{close}", fix, choices)


def new_row(desk: Desk, place: str, unknown: Unknown) -> Json:
    """Return the record of a row that a label may stand for: what is not known of it is null."""
    bare = without_brackets(unknown.label) or unknown.label
    row: Json = dict.fromkeys(desk.package.tables[unknown.resource].header)
    row[next(iter(row))] = slug(bare) or _host(desk.record[2]) or None
    row["name"] = bare
    if unknown.resource == "sources":
        row["kind"] = NEWSROOM if place.endswith(("publisher", "via")) else None
    return {"resource": unknown.resource, "row": row}


def slug(name: str) -> str:
    """Return a key made of a name: small Latin letters and digits, joined by hyphens; '' for another script."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    found = re.sub("[^a-z0-9]+", "-", plain).strip("-")
    return found if len(found) * 2 > len(name.strip()) else ""


def _host(url: str) -> str:
    try:
        parts = (urlsplit(url).hostname or "").removeprefix("www.").split(".")
    except ValueError:
        return ""
    return slug("-".join(parts[:-1]))
