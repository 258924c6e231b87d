"""The rows that the timelines draw: the steps of each source and the reports of them."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import duckdb

from scripts.publish.charts.rows import Row, figure, select
from scripts.publish.charts.specs import Rows

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


@dataclass(frozen=True)
class Timeline:
    """The steps and reports of one metric, population and place, as `specs.timeline` takes them."""

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
