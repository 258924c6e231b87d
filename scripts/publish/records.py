"""dist/records/: a page without script and a JSON (schema.org) for each claim and source, an index, a sitemap."""

import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import duckdb
import jinja2

from scripts.datapackage import canonical_csv
from scripts.datapackage.errors import UsageError
from scripts.datapackage.package import Json, Package
from scripts.publish import news, record_data
from scripts.publish.metadata import catalogue
from scripts.publish.page import SITE

FOLDER = "records"
SAFE = re.compile("[a-z0-9]+(-[a-z0-9]+)*")  # a key that may be the name of a file
POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'"
DATASET = ("@type", "name", "version", "datePublished", "license")  # of the dataset, in each claim
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
MOST = 50_000  # addresses in one sitemap, by its protocol


def write(con: duckdb.DuckDBPyConnection, package: Package, descriptor: Json, out: Path) -> None:
    """Write the records below `out`; `con` holds tables and views, `descriptor` is that of dist/."""
    claims = record_data.claims(con, package, descriptor, news.releases(con, package))
    sources = record_data.selected(con, record_data.SOURCES)
    dataset = {name: value for name, value in catalogue.described(descriptor).items() if name in DATASET}
    said = record_data.grouped([claim.row for claim in claims], ("source_id",))
    printed = record_data.grouped([claim.row for claim in claims], ("publisher_id",))
    templates, folder = _templates(descriptor), out / FOLDER
    names = {source["source_id"]: source["name"] for source in sources}
    for kind in ("claims", "sources"):
        (folder / kind).mkdir(parents=True)
    shutil.copyfile(SITE / "page.css", folder / "style.css")
    for claim in claims:
        path = folder / "claims" / _name(claim.row["claim_id"])
        _write(
            path,
            templates["claim"].render(claim=claim, row=claim.row, names=names),
            record_data.of_claim(claim, dataset),
        )
    for source in sources:
        path = folder / "sources" / _name(source["source_id"])
        own, pages = said.get((source["source_id"],), []), printed.get((source["source_id"],), [])
        text = templates["source"].render(source=source, said=own, printed=pages)
        _write(path, text, record_data.of_source(source, own))
    index = templates["index"].render(claims=[claim.row for claim in claims], sources=sources)
    (folder / "index.html").write_text(index, "utf-8", newline="\n")


def _templates(descriptor: Json) -> dict[str, jinja2.Template]:
    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        loader=jinja2.FileSystemLoader(SITE / FOLDER),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        title=descriptor["title"],
        version=descriptor["version"],
        licence=descriptor["licenses"][0],
        policy=POLICY,
        quoted=record_data.quoted,
        day=record_data.day,
        newest=record_data.newest,
    )
    return {name: environment.get_template(f"{name}.html") for name in ("claim", "source", "index")}


def _name(key: str) -> str:
    """Return a key as the name of a file. Raises `UsageError` where it cannot be one."""
    if not SAFE.fullmatch(key):
        raise UsageError(f"`{key}` cannot be the name of a file; keys are of a-z, 0-9 and single hyphens")
    return key


def _write(path: Path, page: str, stated: Json) -> None:
    """Write the page and the JSON of a record; `path` is without the end of a name."""
    path.with_name(f"{path.name}.html").write_text(page, "utf-8", newline="\n")
    text = json.dumps(stated, indent=1, ensure_ascii=False, default=canonical_csv.cell)
    path.with_name(f"{path.name}.json").write_text(text + "\n", "utf-8", newline="\n")


def checked(base_url: str) -> str:
    """Return the address of a folder, ending in a slash. Raises `UsageError` where it is none of the web."""
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise UsageError(f"{base_url} is no address of a folder on the web; write it as https://HOST/FOLDER/")
    return base_url if base_url.endswith("/") else f"{base_url}/"


def write_sitemaps(out: Path, base_url: str) -> None:
    """Write the addresses of all pages below `out`, which will lie at `base_url`: a sitemap needs whole addresses."""
    paths = sorted(path.relative_to(out).as_posix() for path in out.rglob("*.html"))
    parts = [paths[place : place + MOST] for place in range(0, len(paths), MOST)]
    for number, part in enumerate(parts, 1):
        name = "sitemap.xml" if len(parts) == 1 else f"sitemap-{number}.xml"
        (out / name).write_bytes(_sitemap(f"{base_url}{path}" for path in part))


def _sitemap(addresses: Iterable[str]) -> bytes:
    root = Element("urlset", {"xmlns": SITEMAP})
    for address in addresses:
        SubElement(SubElement(root, "url"), "loc").text = address
    ElementTree.indent(root, " ")
    text: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"
