"""The rows that the charts draw, from the views: steps and reports, origins, drift, coverage."""

import itertools
import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from scripts.charts import PRINT, Rows, Size

Row = Mapping[str, Any]
DRAWN = (
    "kind",
    "source",
    "lowest",
    "point",
    "highest",
    "label",
    "days",
    "segment",
    "mark",
    "wording",
    "publisher",
    "published_on",
    "claim_id",
)

STEP_ROWS = """
    select metric_id, population_id, timeline.place_id, metrics.name as metric, populations.name as population,
           places.name as place, sources.name as source, day, until, lowest, point, highest
    from timeline
    join sources using (source_id)
    join metrics using (metric_id)
    left join populations using (population_id)
    left join places on places.place_id = timeline.place_id
    order by metric_id, population_id, timeline.place_id, min(day) over (partition by metric_id, population_id,
             timeline.place_id, source_id), source_id, day
"""
RINGS = 500  # reports that one timeline draws; more are a blot, and those are picked by a digest
REPORT_ROWS = f"""
    select readings.metric_id, readings.population_id, readings.place_id, source, published_on as day, point, wording,
           publisher, published_on, claim_id
    from claim_readings as readings
    join claims_wide using (claim_id)
    where comparable and not outvoted and published_on_precision = 'day'
    qualify row_number() over (
      partition by readings.metric_id, readings.population_id, readings.place_id order by md5(claim_id), claim_id
    ) <= {RINGS}
    order by claim_id
"""
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


@dataclass(frozen=True)
class Timeline:
    """The steps and reports of one metric, population and place, as `charts.timeline` takes them."""

    name: str
    metric: str
    whose: str
    steps: int
    rows: Rows


def timelines(con: duckdb.DuckDBPyConnection) -> Iterator[Timeline]:
    """Yield each timeline."""
    reports: dict[tuple[str | None, ...], list[Row]] = {}
    for row in select(con, REPORT_ROWS):
        reports.setdefault(_of_one(row), []).append(row)
    [[end]] = con.execute("select max(published_on) from documents where published_on_precision = 'day'").fetchall()
    for of_one, group in itertools.groupby(select(con, STEP_ROWS), key=_of_one):
        of_group = list(group)
        first, sources = of_group[0], {step["source"] for step in of_group}
        whose = ", ".join(filter(None, [first["population"] or "materiel", first["place"]]))
        rows = [{**row, "kind": "step"} for row in drawn(of_group, end)]
        rows += [{**row, "kind": "report"} for row in reports.get(of_one, []) if row["source"] in sources]
        drawable = [{key: row[key] for key in DRAWN if key in row} | {"day": row["day"].isoformat()} for row in rows]
        name = "-".join(["timeline", *(part for part in of_one if part)])
        yield Timeline(name, first["metric"].capitalize(), whose, len(of_group), drawable)


def _of_one(row: Row) -> tuple[str | None, str | None, str | None]:
    return row["metric_id"], row["population_id"], row["place_id"]


def drawn(steps: Rows, end: date) -> Iterator[Row]:
    """Yield the steps, sources of several figures first, and each end of a line: where nothing is current any more.

    Each step that changes the figure bears it as its label, with the days until the next one that does; the last has
    none. Steps that meet share a segment; only a statement is marked.
    """
    groups = [list(group) for _, group in itertools.groupby(steps, key=lambda step: step["source"])]
    for of_source in sorted(groups, key=lambda group: len({figure(step) for step in group}) == 1):
        changed = [next(run) for _, run in itertools.groupby(of_source, key=figure)]
        later_of = {step["day"]: later["day"] for step, later in itertools.pairwise(changed)}
        segment = 0
        for step, later in itertools.zip_longest(of_source, of_source[1:]):
            days = (later_of[step["day"]] - step["day"]).days if step["day"] in later_of else None
            label = figure(step) if step in changed else ""
            on_line = {**step, "segment": f"{step['source']} {segment}"}
            yield {**on_line, "label": label, "days": days, "mark": True}
            if later is None or step["until"] != later["day"]:
                stops = step["until"] or max(end, step["day"])
                yield {**on_line, "day": stops, "label": "", "days": None, "mark": False}
                segment += 1


def figure(row: Row) -> str:
    """Return a figure as text: 4,000 or 10,000–12,000."""
    return "–".join(f"{bound:,}" for bound in dict.fromkeys((row["lowest"], row["highest"])))


def latest_rows(con: duckdb.DuckDBPyConnection, size: Size) -> Rows:
    """Return the latest figure of each origin, of the three things that most documents count."""
    return [
        {
            **{name: row[name] for name in ("lowest", "point", "highest", "age_days", "documents")},
            "what": f"{row['metric'].capitalize()}: {row['population']}",
            "source": lines(row["source"], size, size.width // 2) if size is PRINT else row["source"],
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
