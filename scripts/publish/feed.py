"""dist/feed.xml: the releases as an Atom feed (RFC 4287), the newest first, each correction with its reason."""

import base64
import re
import uuid
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import duckdb

from scripts.citation.reference import named
from scripts.datapackage.package import Json, Package
from scripts.history import ledger
from scripts.publish import news
from scripts.publish.news import Changed, Release

PATH = "feed.xml"
ATOM, XHTML = "http://www.w3.org/2005/Atom", "http://www.w3.org/1999/xhtml"
NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2 Characters
LISTED = 500  # rows and cells that one entry names; of a release that changes more, the page and the tables tell all
LONGEST = 80  # characters of a cell
HEADINGS = {"corrected": "Corrected", "withdrawn": "Withdrawn", "header": "Columns changed"}
ALL = {"corrected": "views/errata.csv", "withdrawn": "views/withdrawn.csv", "header": "data/changes.csv"}


def write(con: duckdb.DuckDBPyConnection, package: Package, descriptor: Json, out: Path) -> None:
    """Write the feed, if anything is released; `con` holds tables and views, `descriptor` is that of dist/."""
    if released := news.releases(con, package):
        (out / PATH).write_bytes(atom(released, descriptor))


def atom(releases: Sequence[Release], descriptor: Json) -> bytes:
    """Return the feed; there is at least one release. Links are relative to the folder where the feed lies.

    Its identifier is made of the digest of the first release, that of an entry of the digest of its own: no host is
    named, and they stay the same wherever the folder lies.
    """
    feed = Element("feed", {"xmlns": ATOM, "xml:lang": "en"})
    _text(feed, "id", uuid.uuid5(identifier(releases[0]), PATH).urn)
    _text(feed, "title", descriptor["title"])
    _text(feed, "subtitle", descriptor["description"])
    _text(feed, "updated", _instant(releases[-1].day))
    for name in named(descriptor, "author"):
        _text(SubElement(feed, "author"), "name", name)
    _text(feed, "rights", descriptor["licenses"][0]["title"])
    SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": PATH})
    SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": "index.html#news"})
    feed.extend(map(_entry, reversed(releases)))
    ElementTree.indent(feed, " ")
    text: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def identifier(release: Release) -> uuid.UUID:
    """Return the UUID (version 5, RFC 9562) of a release, in the namespace of URLs, of its `ni:` URI (RFC 6920)."""
    digest = base64.urlsafe_b64encode(bytes.fromhex(release.digest)).decode().rstrip("=")
    return uuid.uuid5(uuid.NAMESPACE_URL, f"ni:///sha-256;{digest}")


def _instant(day: str) -> str:
    return f"{day}T00:00:00Z"


def _text(parent: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(parent, name, attributes).text = NO_XML.sub("\ufffd", text)


def _entry(release: Release) -> Element:
    entry = Element("entry")
    _text(entry, "id", identifier(release).urn)
    _text(entry, "title", f"Version {release.version}")
    _text(entry, "updated", _instant(release.day))
    _text(entry, "published", _instant(release.day))
    SubElement(
        entry, "link", {"rel": "alternate", "type": "text/html", "href": f"index.html#release={release.version}"}
    )
    _text(entry, "summary", release.summary)
    content = SubElement(SubElement(entry, "content", {"type": "xhtml"}), "div", {"xmlns": XHTML})
    _text(content, "p", release.summary)
    if release.added:
        _text(content, "h3", "Added")
        _list(content, (f"{rows:,} {table}" for table, rows in release.added.items()))
    for change, heading in HEADINGS.items():
        if told := list(_told(change, release)):
            _text(content, "h3", heading)
            _list(content, told)
    return entry


def _list(parent: Element, texts: Iterator[str] | list[str]) -> None:
    listed = SubElement(parent, "ul")
    for text in texts:
        _text(listed, "li", text)


def _told(change: str, release: Release) -> Iterator[str]:
    """Yield what changed in one way, a line a reason, and how much is left out."""
    every = sorted((one for one in release.changed if one.change == change), key=_reason)
    rows = [(one, key) for one in every for key in one.keys]
    for (resource, field, reason, note), alike in groupby(rows[:LISTED], key=lambda row: _reason(row[0])):
        cells = [
            (f"“{_cut(old)}” → “{_cut(new)}”: " if old or new else "") + ", ".join(key for _, key in same)
            for (old, new), same in groupby(alike, key=lambda row: (row[0].old, row[0].new))
        ]
        where = resource if field == ledger.WHOLE else f"{resource}, {field}"
        yield f"{where} ({'; '.join(filter(None, [reason, _cut(note)]))}): {'; '.join(cells)}"
    if len(rows) > LISTED:
        yield f"and {len(rows) - LISTED:,} more, in {ALL[change]}"


def _reason(one: Changed) -> tuple[str, str, str, str]:
    return (one.resource, one.field, one.reason, one.note)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
