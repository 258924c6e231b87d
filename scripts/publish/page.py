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
from scripts.datapackage.package import Json, Package
from scripts.publish import news, page_data
from scripts.publish.charts import gallery, render, rows
from scripts.publish.charts.gallery import Pictures
from scripts.publish.metadata import catalogue

SITE = Path(__file__).resolve().parent / "site"
DRAWN_FROM = {
    "latest": "latest_by_source",
    "origins": "origins",
    "drift": "relay_drift",
    "coverage": "coverage",
}  # the views behind the charts
COUNTED = ("documents", "claims", "statements", "sources")
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
SCRIPTS = ("page.js", "charts.js", "claims.js", "news.js", "claim.js", "source.js")  # parts of one, in this order


def html(
    con: duckdb.DuckDBPyConnection, package: Package, descriptor: Json, drawn: Pictures, records: bool = False
) -> str:
    """Return the page; `con` holds tables and views, `descriptor` is that of dist/, `drawn` are its pictures.

    `records` says whether dist/ has a page for each claim and source, to which it then leads.
    """
    style = (SITE / "page.css").read_text("utf-8")
    script = "".join((SITE / name).read_text("utf-8") for name in SCRIPTS)
    released = news.releases(con, package)
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
        listed=page_data.LISTED if rows["claims"] > page_data.LISTED else 0,
        releases=released[::-1],
        records=records,
        policy=policy(style, [vega, script]),
        pictures=dict(gallery.HEADINGS),
        drawn_from=DRAWN_FROM,
        read_timeline=gallery.READ_TIMELINE,
        metadata=Markup(embedded(catalogue.schema_org(descriptor))),  # noqa: S704  (escaped for a script element)
        data=Markup(embedded(page_data.data(con, package, descriptor, drawn, released, records))),  # noqa: S704
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
