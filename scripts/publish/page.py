"""dist/index.html: the dataset as one page that opens from disk and asks nothing of any network."""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import duckdb
import jinja2
from markupsafe import Markup

from scripts.citation.reference import named
from scripts.datapackage import canonical_csv
from scripts.datapackage.package import Json
from scripts.publish.charts import gallery, render, rows, specs
from scripts.publish.charts.gallery import Pictures
from scripts.publish.charts.specs import PHONE, PRINT, Heading
from scripts.publish.metadata import catalogue

SITE = Path(__file__).resolve().parent / "site"
DRAWN_FROM = {
    "latest": "latest_by_source",
    "origins": "origins",
    "drift": "relay_drift",
    "coverage": "coverage",
}  # the views behind the charts
COUNTED = ("documents", "claims", "statements", "sources")
DARK = {  # a chart in the dark: light ink on dark ground
    specs.INK: "#cfe0f3",
    specs.MIDDLE: "#8fb0d3",
    specs.PALE: "#3d5878",
    specs.GRID: "#27323f",
    **dict(zip(specs.SHADES, ["#1c2733", "#3d5878"], strict=True)),
    "white": "#10161e",
    "black": "#e8edf4",
}
HOW_MANY = """
    select metrics.name as metric, populations.name as population, places.name as place, sources.name as source,
           newest_lowest, newest_highest, as_of, as_of_precision, current.documents, is_current, origins,
           lowest, highest
    from current_figures as current
    join metrics on metrics.metric_id = current.metric_id
    join sources using (source_id)
    left join populations on populations.population_id = current.population_id
    left join places using (place_id)
    join (select metric_id, population_id, sum(claims) as claims from statement_figures group by all) as reported
      on reported.metric_id = current.metric_id and reported.population_id is not distinct from current.population_id
    order by claims desc, metric, population
    limit 12
"""
WITHDRAWN = """
    select key, version, reason, note from withdrawn where resource = 'claims' order by key, version
"""
LISTED = 20_000  # claims that the page lists, those published last; more would not open on a phone
CLAIMS = f"""
    select claim_id, statement_id, wording, metric, population, place, modality, extent, about_from, about_to,
           value, low, high, point, qualifier, unit, hedge, source, said_on, said_on_precision, derived_from, relays,
           credited_to, publisher, title, url, published_on, published_on_precision, note
    from claims_wide
    qualify row_number() over (order by published_on desc nulls last, claim_id) <= {LISTED}
    order by claim_id
"""


def html(con: duckdb.DuckDBPyConnection, descriptor: Json, drawn: Pictures) -> str:
    """Return the page; `con` holds tables and views, `descriptor` is that of dist/, `drawn` are its pictures."""
    style, script = ((SITE / name).read_text("utf-8") for name in ("page.css", "page.js"))
    vega = render.javascript(gallery.version()).replace("</script", "<\\/script")
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, loader=jinja2.FileSystemLoader(SITE)
    )
    rows = {resource["name"]: resource["rows"] for resource in descriptor["resources"]}
    return environment.get_template("page.html").render(
        descriptor={"created": "", **descriptor},
        licence=descriptor["licenses"][0],
        publisher="; ".join(named(descriptor, "publisher")),
        counts=[(rows[name], name) for name in COUNTED],
        how_many=how_many(con),
        listed=LISTED if rows["claims"] > LISTED else 0,
        policy=policy(style, [vega, script]),
        pictures=dict(gallery.HEADINGS),
        drawn_from=DRAWN_FROM,
        read_timeline=gallery.READ_TIMELINE,
        metadata=Markup(embedded(catalogue.schema_org(descriptor))),  # noqa: S704  (escaped for a script element)
        data=Markup(embedded(data(con, drawn))),  # noqa: S704
        style=Markup(style),  # noqa: S704  (ours)
        vega=Markup(vega),  # noqa: S704
        script=Markup(script),  # noqa: S704
    )


def how_many(con: duckdb.DuckDBPyConnection) -> list[dict[str, str]]:
    """Return the rows of the table that opens the page: the newest figure of what most documents count, as text."""
    return [
        {
            "what": ", ".join(filter(None, [row["metric"], row["population"], row["place"]])),
            "newest": rows.figure({"lowest": row["newest_lowest"], "highest": row["newest_highest"]}),
            "source": row["source"],
            "day": str(row["as_of"])[: {"month": 7, "year": 4}.get(row["as_of_precision"], 10)],
            "documents": f"{row['documents']:,}",
            "range": rows.figure(row) if row["is_current"] else "none is current",
            "origins": f"{row['origins']:,}",
        }
        for row in rows.select(con, HOW_MANY)
    ]


def policy(style: str, scripts: list[str]) -> str:
    """Return the Content-Security-Policy: nothing is loaded, and only these texts are run or applied (CSP 3)."""
    sources = " ".join(f"'sha256-{_hash(script)}'" for script in scripts)
    return (
        f"default-src 'none'; script-src {sources}; style-src 'sha256-{_hash(style)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def embedded(content: Any) -> str:  # noqa: ANN401  (JSON)
    """Return JSON that a script element may hold: no text in it can end the element or begin a comment."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=canonical_csv.cell)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def data(con: duckdb.DuckDBPyConnection, drawn: Pictures) -> Json:
    """Return what the page shows: claims, names of sources, the rows of the timelines, the other charts."""
    claims = con.execute(CLAIMS)
    columns = [column[0] for column in claims.description or []]
    rows = claims.fetchall()
    timelines = [{"metric": one.metric, "whose": one.whose, "rows": one.rows} for one in drawn.timelines]
    others = {
        name: {"label": f"{heading.title}. {heading.note}"}
        | {size.name: _bare(drawn.charts[f"{name}-{size.name}"]) for size in (PRINT, PHONE)}
        for name, heading in gallery.HEADINGS.items()
    }
    template = {size.name: _bare(specs.timeline([], Heading("", ""), size)) for size in (PRINT, PHONE)}
    return {
        "claims": {"columns": columns, "rows": rows},
        "withdrawn": {key: said for key, *said in con.execute(WITHDRAWN).fetchall()},
        "sources": dict(con.execute("select source_id, name from sources").fetchall()),
        "timelines": sorted(timelines, key=lambda one: -len(one["rows"])),
        "timeline": template,
        "pictures": others,
        "dark": DARK,
    }


def _bare(chart: Json) -> Json:
    """Return a specification without the heading, which stands in the page as text."""
    return {key: value for key, value in chart.items() if key != "title"}
