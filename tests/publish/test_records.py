"""dist/records/: a page without script and a JSON for each claim and source, made where they are asked for."""

import json
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import pytest

from scripts.citation import works
from scripts.datapackage.errors import UsageError
from scripts.datapackage.package import read
from scripts.history import checksums
from scripts.publish import record_data, records
from tests.conftest import Run, build, once, tree

BASE = "https://example.org/figures"
LOC = f"{{{records.SITEMAP}}}loc"


class Links(HTMLParser):
    """The addresses that a page leads to, and the elements that it has."""

    def __init__(self) -> None:
        """Begin with nothing found."""
        super().__init__()
        self.to: list[str] = []
        self.elements: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element in."""
        self.elements.add(tag)
        self.to += [value or "" for name, value in attrs if name in ("href", "src")]


@pytest.fixture(scope="session")
def recorded(few: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a build with records and a sitemap; nothing writes there."""
    return once(tmp_path_factory, "recorded", lambda out: build(few, out, "--records", "--base-url", BASE))


@pytest.fixture(scope="session")
def con(recorded: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(recorded / "figures.duckdb"), read_only=True)


def keys(con: duckdb.DuckDBPyConnection, table: str, key: str) -> set[str]:
    return {name for (name,) in con.execute(f"select {key} from {table}").fetchall()}


def pages(recorded: Path) -> Iterator[tuple[Path, Links]]:
    for path in sorted((recorded / "records").rglob("*.html")):
        links = Links()
        links.feed(path.read_text("utf-8"))
        yield path, links


def test_each_claim_and_source_has_a_page_and_a_json(recorded: Path, con: duckdb.DuckDBPyConnection) -> None:
    for folder, key in (("claims", "claim_id"), ("sources", "source_id")):
        wanted = keys(con, folder, key)
        for end in ("html", "json"):
            assert {path.stem for path in (recorded / "records" / folder).glob(f"*.{end}")} == wanted


def test_no_link_is_dead_and_no_page_has_a_script(recorded: Path) -> None:
    for path, links in pages(recorded):
        assert "script" not in links.elements
        for address in links.to:
            if not re.match("https?:", address):
                assert (path.parent / address.partition("#")[0]).is_file(), (path, address)


def test_the_json_of_a_claim_has_its_document_and_the_citation_of_cite(
    few: Path, recorded: Path, con: duckdb.DuckDBPyConnection
) -> None:
    package = read(few)
    asked = con.execute("select claim_id, wording, url, published_on from claims_wide using sample 12").fetchall()
    undated = con.execute("select claim_id, wording, url, null from claims_wide where published_on is null limit 1")
    for key, wording, url, _ in [*asked, *undated.fetchall()]:
        told = json.loads((recorded / f"records/claims/{key}.json").read_text("utf-8"))
        assert (told["@type"], told["identifier"], told["text"]) == ("Claim", key, wording)
        assert told["appearance"][0].get("url") == url
        if checksums.unchanged(package):
            cited = works.version(package, package.version)
            assert told["creditText"] == works.claim_text(cited, works.claim(package, package.version, key))


def test_a_figure_of_a_statement_appears_in_every_document_that_prints_it(
    recorded: Path, con: duckdb.DuckDBPyConnection
) -> None:
    alike = f"from claims group by {', '.join(record_data.SAME)} having count(*) > 2 limit 9"
    for claims, documents in con.execute(f"select list(claim_id), list(document_id) {alike}").fetchall():
        for key, document in zip(claims, documents, strict=True):
            told = json.loads((recorded / f"records/claims/{key}.json").read_text("utf-8"))["appearance"]
            assert told[0]["identifier"] == document
            assert sorted(one["identifier"] for one in told) == sorted(documents)


def test_a_corrected_claim_tells_what_it_was_and_why(recorded: Path, con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute("select key, version, old, reason, note from errata where resource = 'claims'").fetchall()
    assert rows
    for key, version, old, reason, note in rows:
        page = recorded / f"records/claims/{key}.html"
        told = json.loads(page.with_suffix(".json").read_text("utf-8"))["history"]["corrected"]
        assert (version, old or "", reason, note) in [
            (one["version"], one["old"], one["reason"], one.get("note")) for one in told
        ]
        assert f"Version {version}: " in page.read_text("utf-8")


def test_a_source_is_the_author_of_what_it_said(recorded: Path, con: duckdb.DuckDBPyConnection) -> None:
    told = json.loads((recorded / "records/sources/nis.json").read_text("utf-8"))
    said = {claim["identifier"] for claim in told["@reverse"]["author"]}
    assert said == keys(con, "claims_wide where source_id = 'nis'", "claim_id")


def test_the_sitemap_names_every_page(recorded: Path) -> None:
    root = ElementTree.fromstring((recorded / "sitemap.xml").read_bytes())  # noqa: S314
    named = [str(address.text) for address in root.iter(LOC)]
    there = {f"{BASE}/{path.relative_to(recorded).as_posix()}" for path in recorded.rglob("*.html")}
    assert set(named) == there
    assert len(named) == len(there)


def test_a_sitemap_of_very_many_pages_is_parted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "MOST", 2)
    for name in "abc":
        (tmp_path / f"{name}.html").touch()
    records.write_sitemaps(tmp_path, "https://example.org/")
    assert sorted(path.name for path in tmp_path.glob("*.xml")) == ["sitemap-1.xml", "sitemap-2.xml"]


@pytest.mark.parametrize("address", ["example.org", "ftp://example.org/", "https://", "https://example.org/?a=1"])
def test_an_address_that_is_no_folder_of_the_web_is_refused(address: str, run: Run, tmp_path: Path) -> None:
    ran = run("build", "--base-url", address, "--out", tmp_path / "out")
    assert ran.code == 2
    assert "write it as https://HOST/FOLDER/" in ran.err


def test_without_records_nothing_leads_to_them(dist: Path) -> None:
    assert not (dist / "records").exists()
    assert 'href="records/' not in (dist / "index.html").read_text("utf-8")


def test_the_page_leads_to_the_records_that_are_there(recorded: Path) -> None:
    assert 'href="records/index.html"' in (recorded / "index.html").read_text("utf-8")
    assert '"records":true' in (recorded / "index.html").read_text("utf-8")


def test_keys_are_such_that_files_may_bear_them(few: Path) -> None:
    package = read(few)
    for table, key in (("claims", "claim_id"), ("sources", "source_id")):
        [field] = [field for field in package.tables[table].fields if field.name == key]
        assert field.constraints["pattern"] == records.SAFE.pattern
    for odd in ("../x", "a/b", "", "A", "a.", "con-"):
        with pytest.raises(UsageError):
            records._name(odd)


def test_texts_stay_texts(few: Path, recorded: Path, tmp_path: Path) -> None:
    """A title that is a script, words that end an attribute, an address that is code."""
    evil = "</title><script>alert(1)</script>\" onload='x' {{ 7 * 7 }}"
    copied = shutil.copyfile(recorded / "figures.duckdb", tmp_path / "figures.duckdb")
    con = duckdb.connect(str(copied), read_only=True)
    con.execute("create temp table wide as from claims_wide")
    con.execute("update wide set title = ?, wording = ?, note = ?, source = ?", [evil] * 4)
    con.execute("create temp view claims_wide as from wide limit 3")
    package = read(few)
    descriptor = json.loads((recorded / "datapackage.json").read_text("utf-8"))
    records.write(con, package, descriptor, tmp_path)
    for path, links in pages(tmp_path):
        assert "script" not in links.elements
        assert "7 * 7" in path.read_text("utf-8") or path.parent.name != "claims"
    for path in (tmp_path / "records/claims").glob("*.json"):
        assert json.loads(path.read_text("utf-8"))["text"] == evil


def test_records_made_again_are_the_same_bytes(
    few: Path, recorded: Path, con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    descriptor = json.loads((recorded / "datapackage.json").read_text("utf-8"))
    records.write(con, read(few), descriptor, tmp_path)
    assert tree(tmp_path / "records") == tree(recorded / "records")
