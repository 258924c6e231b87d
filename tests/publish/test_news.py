"""feed.xml and latest.json: what a release brought, as readers of feeds and scripts read it."""

import csv
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest

from scripts.datapackage.package import ROOT, Json, read
from scripts.history import checksums
from scripts.publish import feed
from scripts.publish.news import Changed, Release

ATOM = "{http://www.w3.org/2005/Atom}"
NEW = "2.0.0"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def release(version: str, *changed: Changed, summary: str = "A summary.") -> Release:
    return Release(version, "2026-11-25", summary, checksums.of_text(version), {"claims": 2}, changed)


def descriptor(**others: Any) -> Json:  # noqa: ANN401
    return {**read(ROOT).descriptor, **others}


def text_of(entry: Any) -> str:  # noqa: ANN401
    return "".join(ElementTree.fromstring(f"<div>{entry.content[0].value}</div>").itertext())  # noqa: S314


def test_a_reader_of_feeds_finds_every_release_the_newest_first(dist: Path) -> None:
    found = feedparser.parse((dist / feed.PATH).read_bytes())
    assert (found.bozo, found.version) == (False, "atom10")
    released = rows(dist / "data/releases.csv")[::-1]
    assert [entry.title for entry in found.entries] == [f"Version {one['version']}" for one in released]
    assert [entry.summary for entry in found.entries] == [one["summary"] for one in released]
    assert [entry.updated[:10] for entry in found.entries] == [one["released_on"] for one in released]
    assert found.feed.updated == found.entries[0].updated
    identifiers = [found.feed.id, *(entry.id for entry in found.entries)]
    assert len(set(identifiers)) == len(identifiers)
    assert all(one.startswith("urn:uuid:") for one in identifiers)


def test_a_feed_has_what_rfc_4287_asks_for(dist: Path) -> None:
    root = ElementTree.fromstring((dist / feed.PATH).read_bytes())  # noqa: S314
    for element in [root, *root.iter(f"{ATOM}entry")]:
        named = [child.tag.removeprefix(ATOM) for child in element]
        assert all(named.count(name) == 1 for name in ("id", "title", "updated"))
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    for link in root.iter(f"{ATOM}link"):
        assert (dist / link.attrib["href"].partition("#")[0]).is_file()


def test_the_feed_tells_each_correction_and_withdrawal_with_its_reason(dist: Path) -> None:
    told = {entry.title: text_of(entry) for entry in feedparser.parse((dist / feed.PATH).read_bytes()).entries}
    for name in ("errata", "withdrawn"):
        every = rows(dist / f"views/{name}.csv")
        assert every
        for row in every:
            said = told[f"Version {row['version']}"]
            assert row["key"] in said, row
            assert row["reason"] in said, row
            assert row["note"][: feed.LONGEST - 1] in said, row


def test_identifiers_stay_when_a_release_comes() -> None:
    before = feedparser.parse(feed.atom([release("1.0.0")], descriptor()))
    after = feedparser.parse(feed.atom([release("1.0.0"), release(NEW)], descriptor(title="Renamed")))
    assert after.feed.id == before.feed.id
    assert after.entries[1].id == before.entries[0].id
    assert after.entries[0].id != before.entries[0].id


@pytest.mark.parametrize("evil", ["</summary><script>alert(1)</script>", "]]>&amp;<!--", "null\x00, bell\x07, \ufffe"])
def test_texts_stay_texts(evil: str) -> None:
    changed = Changed("corrected", "claims", "note", evil, "x", "editorial", evil, ("one-1",))
    found = feedparser.parse(feed.atom([release(NEW, changed, summary=evil)], descriptor(title=evil)))
    assert found.bozo is False
    seen = feed.NO_XML.sub("\ufffd", evil)
    assert text_of(found.entries[0]).count(seen) == 3
    assert b"<script" not in feed.atom([release(NEW, changed, summary=evil)], descriptor(title=evil))


def test_a_release_that_changes_thousands_of_cells_is_still_a_short_entry() -> None:
    changed = [
        Changed("corrected", "claims", "note", "old " * 200, f"{row} new", "editorial", "why " * 99, (f"a-{row}",))
        for row in range(2_340)
    ]
    made = feed.atom([release(NEW, *changed)], descriptor())
    assert len(made) < 200_000
    assert f"and {2_340 - feed.LISTED:,} more, in views/errata.csv" in made.decode()


def test_latest_tells_the_version_what_changed_and_where_the_files_are(dist: Path) -> None:
    told = json.loads((dist / "latest.json").read_text("utf-8"))
    stated = json.loads((dist / "datapackage.json").read_text("utf-8"))
    assert told["version"] == stated["version"]
    assert {table["name"]: table["rows"] for table in told["tables"]} == {
        resource["name"]: resource["rows"] for resource in stated["resources"]
    }
    last = rows(dist / "data/releases.csv")[-1]
    said = told["last_release"]
    assert {name: said[name] for name in last} == last
    changes = [row for row in rows(dist / "data/changes.csv") if row["version"] == last["version"]]
    for change in ("added", "corrected", "withdrawn"):
        assert sum(said[change].values()) == sum(row["change"] == change for row in changes)


def test_every_file_that_latest_names_is_there_as_it_says(dist: Path) -> None:
    told = json.loads((dist / "latest.json").read_text("utf-8"))
    named = [*told["files"], *(file for table in told["tables"] for file in table["files"])]
    for file in named:
        path = dist / file["path"]
        assert path.is_file(), file
        if "sha256" in file:
            assert (path.stat().st_size, checksums.of_file(path)) == (file["bytes"], file["sha256"])
    assert {"feed.xml", "figures.duckdb", "data/claims.csv", "parquet/errata.parquet"} <= {one["path"] for one in named}


def test_a_package_without_a_release_has_no_feed(dist: Path) -> None:
    from scripts.publish import latest

    told = json.loads(latest.text([], json.loads((dist / "datapackage.json").read_text("utf-8")), dist, {}))
    assert told["last_release"] is None
