"""What dist/index.html holds of the data: claims, sources, releases, what these changed, and the rows of the charts."""

from collections.abc import Sequence
from typing import Any

import duckdb

from scripts.citation import swhid, works
from scripts.curation.corrections import REASONS
from scripts.datapackage.package import Json, Package
from scripts.publish.charts import gallery, specs
from scripts.publish.charts.gallery import Pictures
from scripts.publish.charts.specs import PHONE, PRINT, Heading, Rows
from scripts.publish.news import Release

DARK = {  # a chart in the dark: light ink on dark ground
    specs.INK: "#cfe0f3",
    specs.MIDDLE: "#8fb0d3",
    specs.PALE: "#3d5878",
    specs.GRID: "#27323f",
    **dict(zip(specs.SHADES, ["#1c2733", "#3d5878"], strict=True)),
    "white": "#10161e",
    "black": "#e8edf4",
}
LISTED = 20_000  # claims that the page lists, those published last; more would not open on a phone
CHANGES = 5_000  # changes that the page tells, the last ones; a line each cell, row or header
CLAIMS = f"""
    from (from claims_wide qualify row_number() over (order by published_on desc nulls last, claim_id) <= {LISTED})
    order by claim_id
"""
PLACES = f"""
    select row_number() over (order by claims.claim_id) + 1 as line, added.version
    from claims
    join documents using (document_id)
    left join changes as added on added.resource = 'claims' and added.key = claims.claim_id and added.change = 'added'
    qualify row_number() over (order by published_on desc nulls last, claims.claim_id) <= {LISTED}
    order by claims.claim_id
"""
# when the rows that were corrected or withdrawn had come: what came after a version did not change since
CAME = """
    select version, resource, list(key order by key)
    from changes
    where change = 'added' and (resource, key) in (select (resource, key) from changes where change <> 'added')
    group by all
    order by all
"""
SOURCES = "select source_id, name, kind, country, part_of from sources order by source_id"


def data(
    con: duckdb.DuckDBPyConnection,
    package: Package,
    descriptor: Json,
    drawn: Pictures,
    releases: Sequence[Release],
    records: bool,
) -> Json:
    """Return what the page shows; `con` holds tables and views."""
    return {
        **_of_claims(con, package, descriptor, releases),
        **_of_releases(con, releases),
        "sources": {key: cells for key, *cells in con.execute(SOURCES).fetchall()},
        "title": descriptor["title"],
        "version": descriptor["version"],
        "reasons": REASONS,
        "records": records,
        **_of_charts(drawn),
    }


def _of_claims(con: duckdb.DuckDBPyConnection, package: Package, descriptor: Json, releases: Sequence[Release]) -> Json:
    """Return the claims, the line of each in its file, the place of its first release, and how one is cited."""
    place = {release.version: place for place, release in enumerate(releases)}
    places = con.execute(PLACES).fetchall()
    table = package.tables["claims"]
    content = f"swh:1:cnt:{swhid.of_file(package.root / table.path).hex()};path=/{table.path};lines="
    claims = con.execute(CLAIMS)
    return {
        "claims": packed([column[0] for column in claims.description or []], claims.fetchall()),
        "lines": [line for line, _ in places],
        "since": [place.get(version) for _, version in places],
        "citation": {"form": works.CLAIM, "version": descriptor["bibliographicCitation"], "content": content},
    }


def _of_releases(con: duckdb.DuckDBPyConnection, releases: Sequence[Release]) -> Json:
    """Return the releases, oldest first, and what each changed; of very many changes the last."""
    place = {release.version: place for place, release in enumerate(releases)}
    told, left = [], CHANGES
    for release in reversed(releases):
        for one in release.changed:
            keys, left = one.keys[:left], max(0, left - len(one.keys))
            cells = (one.change, one.resource, one.field, one.old, one.new, one.reason, one.note, keys)
            told += [(place[release.version], *cells)] if keys else []
    for version, resource, keys in con.execute(CAME).fetchall():
        told.append((place[version], "added", resource, "*", "", "", "", "", keys))
    listed = [{"version": one.version, "day": one.day, "added": one.added} for one in releases]
    return {"releases": listed, "changes": sorted(told, key=lambda line: line[0]), "cut": left == 0}


def _of_charts(drawn: Pictures) -> Json:
    timelines = sorted(drawn.timelines, key=lambda one: -len(one.rows))
    template = {size.name: _bare(specs.timeline([], Heading("", ""), size)) for size in (PRINT, PHONE)}
    return {
        "timelines": [
            {
                "metric": one.metric,
                "whose": one.whose,
                "steps": packed_rows([row for row in one.rows if row["kind"] == "step"]),
                "reports": packed_rows([row for row in one.rows if row["kind"] != "step"]),
            }
            for one in timelines
        ],
        "timeline": template,
        "pictures": {
            name: {"label": f"{heading.title}. {heading.note}"}
            | {size.name: _bare(drawn.charts[f"{name}-{size.name}"]) for size in (PRINT, PHONE)}
            for name, heading in gallery.HEADINGS.items()
        },
        "dark": DARK,
    }


def _bare(chart: Json) -> Json:
    """Return a specification without the heading, which stands in the page as text."""
    return {key: value for key, value in chart.items() if key != "title"}


def packed_rows(rows: Rows) -> Json:
    """Return rows that have the same columns, packed."""
    return packed(list(rows[0]) if rows else [], [list(row.values()) for row in rows])


def packed(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Json:
    """Return a table by columns: all cells, or, where this is less, the distinct ones and the place of each row's."""
    cells = zip(*rows, strict=True) if rows else [()] * len(columns)
    return {"rows": len(rows), "columns": dict(zip(columns, map(_packed, cells), strict=True))}


def _packed(cells: Sequence[Any]) -> Any:  # noqa: ANN401  (JSON)
    places = {cell: place for place, cell in enumerate(dict.fromkeys(cells))}
    if 2 * len(places) > len(cells):
        return cells
    return {"of": list(places), "at": [places[cell] for cell in cells]}
