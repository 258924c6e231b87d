"""The rows that the charts draw, from the views: steps and reports, origins, drift, coverage."""

import re
import textwrap
from collections.abc import Mapping
from typing import Any

import duckdb

from scripts.publish.charts.specs import Rows, Size

Row = Mapping[str, Any]
LATEST_ROWS = """
    with shown as (
      select metric_id, population_id, sum(documents) as documents
      from latest_by_source
      join metrics using (metric_id)
      where accumulates and unit = 'persons'
      group by all
      order by documents desc, metric_id, population_id
      limit 3
    )
    select metrics.name as metric, populations.name as population, sources.name as source, as_of,
           coalesce(low, value, high) as lowest, point, coalesce(high, value, low) as highest, age_days,
           latest.documents, shown.documents as of_metric
    from latest_by_source as latest
    join shown using (metric_id, population_id)
    join metrics using (metric_id)
    join populations using (population_id)
    join sources using (source_id)
    join source_origins using (source_id)
    where origin_id is not null
    order by of_metric desc, metric_id, population_id, point desc, as_of desc, source
"""
ORIGIN_ROWS = """
    select metrics.name as metric, populations.name as population, lowest, highest, documents, origins
    from origins
    join metrics using (metric_id)
    left join populations using (population_id)
    order by documents desc, origins, metric, population, lowest, highest
    limit 20
"""
DRIFT_ROWS = """
    with printed as (
      select statement_id, source_id, source, said_on, metric,
             case when low <> high then low || '–' || high else coalesce(value, low, high)::varchar end as number,
             cast(count(distinct document_id) as bigint) as documents
      from claims_wide
      where point is not null
      group by all
    ),
    drifted as (
      select statement_id, figure, max(documents) as documents
      from relay_drift
      where drift = 'category'
      group by all
      order by documents desc, statement_id, figure
      limit 12
    )
    select printed.statement_id, source_id, source, said_on, number, metric, printed.documents
    from printed
    join drifted on drifted.statement_id = printed.statement_id and drifted.figure = number
    order by drifted.documents desc, said_on, printed.statement_id, number, printed.documents desc, metric
"""
TIMES = {  # by size: as fine as numbers have room
    "print": "strftime(month_published, '%Y-%m')",
    "phone": "year(month_published) || '\n' || 'Q' || quarter(month_published)",
}
COVERAGE_ROWS = """
    select name as source, {time} as time, cast(sum(documents) as bigint) as documents
    from coverage
    join sources using (source_id)
    where month_published is not null
    group by 1, 2
    qualify sum(sum(documents)) over (partition by source) >= 10
    order by sum(sum(documents)) over (partition by source) desc, source, time
"""


def figure(row: Row) -> str:
    """Return a figure as text: 4,000 or 10,000–12,000."""
    return "–".join(f"{bound:,}" for bound in dict.fromkeys((row["lowest"], row["highest"])))


def latest_rows(con: duckdb.DuckDBPyConnection) -> Rows:
    """Return the latest figure of each origin, of the three things that most documents count."""
    return [
        {
            **{name: row[name] for name in ("lowest", "point", "highest", "age_days", "documents")},
            "what": f"{row['metric'].capitalize()}: {row['population']}",
            "source": row["source"],
            "as_of": row["as_of"].isoformat(),
            "label": f"{figure(row)} ({row['as_of']:%b %Y})",
        }
        for row in select(con, LATEST_ROWS)
    ]


def origin_rows(con: duckdb.DuckDBPyConnection) -> Rows:
    """Return the figures that most documents print, with how many origins they have."""
    return [
        {
            **row,
            "figure": " ".join(filter(None, [figure(row), row["metric"], of(row)])),
            "label": f"{row['documents']} · {row['origins']}",
        }
        for row in select(con, ORIGIN_ROWS)
    ]


def of(row: Row) -> str:
    """Return whose figure it is, where that is not plainly the troops."""
    return "" if row["population"] in (None, "troops") else f"({row['population']})"


def drift_rows(con: duckdb.DuckDBPyConnection, size: Size) -> Rows:
    """Return what documents print of the statements whose category drifts, those of most documents."""
    rows = []
    for row in select(con, DRIFT_ROWS):
        number = re.sub(r"[0-9]+", lambda digits: f"{int(digits[0]):,}", row["number"])
        said = ", ".join(filter(None, [number, str(row["said_on"] or ""), row["source"]]))
        label = f"{row['metric']} ({row['documents']})"
        rows.append(
            {
                "metric": row["metric"],
                "documents": row["documents"],
                "statement": lines(said, size, size.width),
                "label": label,
            }
        )
    return rows


def coverage_rows(con: duckdb.DuckDBPyConnection, size: Size) -> Rows:
    """Return the documents, by month or quarter, of the sources that at least ten documents report."""
    found = select(con, COVERAGE_ROWS.format(time=TIMES[size.name]))
    return [{**row, "source": lines(row["source"], size, size.width * 2 // 3)} for row in found]


def lines(text: str, size: Size, width: int) -> str:
    """Return a text in lines of a width in pixels."""
    return textwrap.fill(text, int(width / size.letter))


def select(con: duckdb.DuckDBPyConnection, sql: str) -> Rows:
    """Return the rows of a query by column name, days as days but for `published_on`, which is text."""
    found = con.execute(sql)
    names = [column[0] for column in found.description or []]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return [{**row, "published_on": str(row["published_on"])} if "published_on" in row else row for row in rows]
