"""`README.txt` of dist/ and of the archive: the dataset in two minutes, from the descriptor and what is there."""

import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from textwrap import wrap

from scripts.citation.reference import named
from scripts.datapackage.package import ROOT, Json

PATH = "README.txt"
WIDTH = 100
EXAMPLE = "claims_wide"
FILES: Mapping[str, str] = {  # patterns of files → for whom they are, or what is in them
    "index.html": "a browser: charts, and every claim with its way from source to page; opens from disk",
    "*.xlsx": "Excel, LibreOffice and other spreadsheets",
    "figures.py parquet/*.parquet": "pandas, through the reader or pd.read_parquet; Polars, Arrow",
    "figures.R": "R, base packages alone",
    "figures.duckdb": "SQL: tables, views and macros, for DuckDB 1.2 or newer",
    "figures.sql": "SQL: makes the same in an empty DuckDB, from the CSV files; run it in this folder",
    "*.dta": "Stata, with labels",
    "*.whl": "Python: a package with the data in it",
    "*.tar.gz": "R: a package with the data in it",
    "data/*.csv": "the tables: everything that reads CSV (UTF-8, comma, header; a blank cell means: not stated)",
    "views/*.csv": "the views: tables joined and compared, ready to use",
    "codebook.html codebook.csv": "what each table, view and column means",
    "datapackage.json": "programs: each table and view with its columns, types, number of rows and SHA-256",
    "records/*": "a page of each claim and source",
    "charts/*.svg charts/*.png": "pictures for print and phones",
    "queries/*": "results that were cited, each with its query",
    "CITATION.cff datacite.json dataset.jsonld croissant.json ro-crate-metadata.json .zenodo.json": "catalogues",
    "feed.xml latest.json": "news of releases and corrections, for feed readers and programs",
    "CHANGELOG.md": "what each version added, corrected and withdrew",
    "archive/*": "what is attached to a release: the data in one zip, and the DuckDB file",
    "release.md": "the text of the release",
    "LICENSE LICENSE-DATA": "the licences of the tools and of the data",
    "SHA256SUMS *.duckdb.sha256": "checksums: sha256sum --check SHA256SUMS",
    PATH: "this page",
}
LOAD: Mapping[str, str] = {  # a file → how a table or view is loaded with it
    "figures.py": f'pandas   import figures; claims = figures.read("{EXAMPLE}")',
    "figures.R": f'R        source("figures.R"); claims <- read_figures(".", "{EXAMPLE}")',
    "figures.duckdb": "SQL      duckdb -readonly figures.duckdb",
    "figures.sql": "SQL      duckdb -init figures.sql",
}
CORRECTIONS: Mapping[str, str] = {  # a file → what it says of corrections
    "views/errata.csv": "every correction of a released cell, with its reason",
    "views/withdrawn.csv": "every row that was taken out, with its reason",
    "data/changes.csv": "the ledger: each cell that differs from one version to the next",
    "CHANGELOG.md": "the same, version by version",
}


def text(descriptor: Json, files: Iterable[str]) -> str:
    """Return the page for a folder with these files (paths in it), README.txt among them; it names no other."""
    return "\n".join(_lines(descriptor, sorted(files))) + "\n"


def to_know() -> list[str]:
    """Return what README.md says is to be known before a number is used, point by point, as plain text."""
    section = (
        (ROOT / "README.md").read_text("utf-8").partition("\n## Before you use a number\n")[2].partition("\n## ")[0]
    )
    return [_plain(point) for point in re.findall(r"^- (.*?)(?=^- |\Z)", section, re.MULTILINE | re.DOTALL)]


def _plain(markdown: str) -> str:
    """Return a text without marks of Markdown, and without what stands in brackets only to link to a page."""
    unlinked = re.sub(r" \(\[[^\]]*\]\([^)]*\)[^)]*\)", "", markdown)
    return " ".join(re.sub(r"\[([^\]]*)\]\([^)]*\)|\*\*|`", r"\1", unlinked).split())


def _lines(descriptor: Json, files: list[str]) -> Iterator[str]:
    day = f", {descriptor['created'][:10]}" if "created" in descriptor else ""
    yield from _wrapped(descriptor["title"])
    yield f"Version {descriptor['version']}{day}\n"
    yield from _wrapped(descriptor["description"])
    yield from _part("Which file for whom", _columns(_found(FILES, files)))
    yield from _part("Load it", (f"  {how}" for file, how in LOAD.items() if file in files))
    sized = {f"{one['name']:<20} {one['rows']:>7,}": one["description"] for one in descriptor["resources"]}
    first = {name: said.partition(";")[0] for name, said in sized.items()}
    yield from _part("Tables and views, with the number of rows", _columns(first))
    yield from _part("Before you use a number", (line for point in to_know() for line in _wrapped(point, "- ")))
    yield from _part("How to cite", _wrapped(descriptor["bibliographicCitation"], "  "))
    yield from _part("Licence", _licence(descriptor, files))
    yield from _part("Where corrections are", _columns(_found(CORRECTIONS, files)))


def _part(title: str, lines: Iterable[str]) -> Iterator[str]:
    if found := list(lines):
        yield from ("", title.upper(), "", *found)


def _found(about: Mapping[str, str], files: list[str]) -> dict[str, str]:
    """Return what is said of the files that are there, by their pattern, or by name where it begins with a star."""
    found = {}
    for patterns, said in about.items():
        names = [name for pattern in patterns.split() for name in _matches(pattern, files)]
        if names:
            found[", ".join(names)] = said
    return found


def _matches(pattern: str, files: list[str]) -> list[str]:
    names = [name for name in files if fnmatchcase(name, pattern)]
    return names if pattern.startswith("*") else [pattern][: len(names)]


def _columns(texts: Mapping[str, str]) -> Iterator[str]:
    """Yield each name with its text in a second column, below it where the name is long."""
    for name, said in texts.items():
        first, *rest = wrap(said, WIDTH - 32)
        heads = wrap(name, WIDTH - 4)
        if len(heads) > 1 or len(name) > 28:
            yield from (f"  {head}" for head in heads)
            yield f"{'':32}{first}"
        else:
            yield f"  {name:<28}  {first}"
        yield from (f"{'':32}{line}" for line in rest)


def _wrapped(said: str, mark: str = "") -> list[str]:
    return wrap(
        said,
        WIDTH,
        initial_indent=mark,
        subsequent_indent=" " * len(mark),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _licence(descriptor: Json, files: list[str]) -> Iterator[str]:
    of_data = ", ".join(f"{one.get('title', one['name'])} ({one['path']})" for one in descriptor["licenses"])
    whole = "; the full text is LICENSE-DATA" if "LICENSE-DATA" in files else ""
    yield from _wrapped(f"Data: {of_data}, by {'; '.join(named(descriptor, 'author'))}{whole}.", "  ")
    of_code = (ROOT / "LICENSE").read_text("utf-8").partition("\n")[0]
    yield from _wrapped(f"Readers and other code: {of_code}; the full text is LICENSE.", "  ")
