"""codebook.html and codebook.csv: every column, with what is needed to use it; the page fits, and texts stay texts."""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from scripts.datapackage import canonical_csv
from scripts.datapackage.package import Json
from scripts.publish.books import codebook, columns
from scripts.publish.books.columns import Column, Relation
from tests.publish.test_page import CHROMIUM, FLAGS, WCAG

UNITS = {  # what the numbers of this dataset count or are
    *("claims", "documents", "statements", "sources", "origins", "languages", "publishers", "steps", "days"),
    *("probability", "ratio", "position", columns.OF_THE_METRIC),
}


def resources(dist: Path) -> list[Json]:
    found: list[Json] = json.loads((dist / "datapackage.json").read_text("utf-8"))["resources"]
    return found


@pytest.fixture(scope="module")
def listed(dist: Path) -> list[dict[str, str]]:
    with (dist / codebook.CSV).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def page(dist: Path) -> str:
    return (dist / codebook.HTML).read_text("utf-8")


def test_every_column_is_there_once_with_its_type_meaning_and_categories(
    dist: Path, listed: list[dict[str, str]]
) -> None:
    found = {(row["table"], row["column"]): row for row in listed}
    assert len(found) == len(listed)
    fields = {
        (resource["name"], field["name"]): field
        for resource in resources(dist)
        for field in resource["schema"]["fields"]
    }
    assert found.keys() == fields.keys()
    for key, field in fields.items():
        assert found[key]["type"] == field["type"]
        assert found[key]["meaning"] == field["description"].replace("`", "")
        assert found[key]["values"] == ", ".join(field.get("constraints", {}).get("enum", []))
        assert found[key]["example"]
    assert {row["kind"] for row in listed} == {"table", "view"}


def test_every_number_has_a_unit_and_every_column_says_what_blank_means(listed: list[dict[str, str]]) -> None:
    assert {row["unit"] for row in listed if row["type"] in ("integer", "number")} <= UNITS
    assert all(row["blank"] for row in listed)
    said = {(row["table"], row["column"]): row["blank"] for row in listed}
    assert said["claims", "claim_id"] == columns.NEVER
    assert said["claims", "low"] == "when they set no floor"
    assert said["sources", "part_of"] == "not stated"
    assert "otherwise blank" in said["origins", "place_id"]


def test_blank_means_what_it_says(dist: Path, listed: list[dict[str, str]]) -> None:
    """No cell is blank where the codebook says that none is."""
    full = {(row["table"], row["column"]) for row in listed if row["blank"] in (columns.NEVER, "none in this version")}
    for resource in resources(dist):
        with (dist / resource["path"]).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                assert not [name for name, cell in row.items() if not cell and (resource["name"], name) in full]


def test_csv_is_in_canonical_form(dist: Path) -> None:
    text = (dist / codebook.CSV).read_text("utf-8")
    assert text == "".join(map(canonical_csv.line, csv.reader(text.splitlines(keepends=True))))


def test_each_table_and_column_has_an_address_and_no_link_leads_nowhere(
    dist: Path, page: str, listed: list[dict[str, str]]
) -> None:
    ids = Counter(re.findall(r' id="([^"]+)"', page))
    assert {row["table"] for row in listed} | {f"{row['table']}.{row['column']}" for row in listed} <= ids.keys()
    assert set(ids.values()) == {1}
    links = set(re.findall(r'href="([^"]+)"', page))
    assert {link[1:] for link in links if link.startswith("#")} <= ids.keys()
    assert not [link for link in links if not link.startswith(("#", "http")) and not (dist / link).is_file()]


def test_texts_stay_texts(dist: Path) -> None:
    evil = "<script>document.title='taken'</script> `<b>`"
    column = Column("evil", "view", "evil", "string", *6 * [evil])
    stated = json.loads((dist / "datapackage.json").read_text("utf-8"))
    relation = Relation("evil", "view", evil, 1, "views/evil.csv", [column, replace(column, column="other")])
    text = codebook.html([relation], {**stated, "title": evil, "bibliographicCitation": evil})
    assert "<script" not in text
    assert "<b>" not in text
    assert "<code>&lt;b&gt;</code>" in text
    assert "default-src &#39;none&#39;" in text


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@pytest.mark.outside
@pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium: install it (chromium)")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 960, 1440])
def test_page_fits_and_is_accessible(width: int, scheme: Any, dist: Path, browser: Browser) -> None:  # noqa: ANN401
    """All of it fits; accessible is what all tables have alike, as axe needs half a minute for the whole."""
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True)
    seen: list[str] = []
    opened = context.new_page()
    opened.on("console", lambda message: seen.append(message.text))
    opened.goto((dist / codebook.HTML).as_uri())
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    wide = "[...document.querySelectorAll('.scroll')].filter(one => one.scrollWidth > one.clientWidth).length"
    assert opened.evaluate(wide) == 0
    opened.evaluate(
        "document.querySelectorAll('tr[id] ~ tr[id], dl.names > :nth-child(n + 9)').forEach(one => one.remove())"
    )
    found = Axe().run(opened, options=WCAG)
    assert found.violations_count == 0, found.generate_report()
    assert seen == []
