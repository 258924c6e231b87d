"""The pictures of dist/charts/: one of each timeline, and of origins, drift and coverage, in two sizes."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import altair as alt
import duckdb

from scripts.datapackage import cache
from scripts.datapackage.package import Json
from scripts.publish.charts import dots, render, rows, specs, timelines
from scripts.publish.charts.specs import PHONE, PRINT, Heading, Rows, Size
from scripts.publish.charts.timelines import Timeline

README = "docs/timeline-killed-wounded-troops.svg"
KIND = "specifications"  # in the cache
Draw = Callable[[Rows, Heading, Size], Json]
STEPS = 3  # a timeline of fewer is a table, not a picture
READ_TIMELINE = (
    "A dot is a statement, the line its figure until the next one or until 180 days after it was last reported, the "
    "band its bounds, a ring one page that printed it."
)
HEADINGS = {
    "latest": Heading(
        "How many? The latest figure of each source",
        "A dot is the latest total that a source gave, with its bounds and its month; the darker, the newer.",
    ),
    "origins": Heading(
        "How many origins stand behind the figures printed most",
        "The wide bar and the first number count documents; the narrow bar and the second number distinct origins: "
        "governments, organisations, newsrooms, persons of their own.",
    ),
    "drift": Heading(
        "One statement, several categories: what pages print",
        "Figure, day and source of a statement; below, what pages make of it. Numbers count documents. "
        "The twelve statements of most documents.",
    ),
    "coverage": Heading(
        "Documents read, by source and time of publication",
        "Numbers count documents that report the source. Sources of ten documents and more.",
    ),
}


@dataclass(frozen=True)
class Pictures:
    """Every timeline, and the charts that are drawn, by the name of their file."""

    timelines: Sequence[Timeline]
    charts: Mapping[str, Json]


def sized(con: duckdb.DuckDBPyConnection) -> Pictures:
    """Return every picture in both sizes; `con` holds tables and views."""
    steps = list(timelines.timelines(con))
    drawn = {f"{name}-{size.name}": chart for size in (PRINT, PHONE) for name, chart in pictures(con, steps, size)}
    return Pictures(steps, drawn)


def of_readme(con: duckdb.DuckDBPyConnection) -> str | None:
    """Return the picture that README.md shows, as SVG; none where the data have no such timeline."""
    wanted = [one for one in timelines.timelines(con) if one.name == Path(README).stem]
    return next((render.svg(chart, version()) for _, chart in _timelines(wanted, PRINT)), None)


def version() -> str:
    """Return the version of Vega-Lite that Altair writes, as vl-convert names it."""
    return ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])


def pictures(con: duckdb.DuckDBPyConnection, timelines: Sequence[Timeline], size: Size) -> Iterator[tuple[str, Json]]:
    """Yield each picture by its name."""
    yield from _timelines(timelines, size)
    others: dict[str, tuple[Draw, Rows]] = {
        "latest": (dots.latest, rows.latest_rows(con)),
        "origins": (specs.origins, rows.origin_rows(con)),
        "drift": (specs.drift, rows.drift_rows(con, size)),
        "coverage": (specs.coverage, rows.coverage_rows(con, size)),
    }
    for name, (draw, found) in others.items():
        yield name, _specified(draw, found, HEADINGS[name], size)


def _timelines(timelines: Sequence[Timeline], size: Size) -> Iterator[tuple[str, Json]]:
    for one in timelines:
        if one.steps >= STEPS:
            title = f"{one.metric}: {one.whose}, as each source had it"
            yield one.name, _specified(specs.timeline, one.rows, Heading(title, READ_TIMELINE), size)


def _specified(draw: Draw, found: Rows, heading: Heading, size: Size) -> Json:
    """Return the specification of a chart, or the one that was made of the same rows by the same code before."""
    code = cache.of_code(*sorted(map(str, Path(__file__).parent.glob("*.py"))))
    key = cache.key(code, repr((draw.__name__, [*found], heading, size)).encode())
    before = cache.get(KIND, key)
    if before is not None:
        known: Json = json.loads(before)
        return known
    made = draw(found, heading, size)
    cache.put(KIND, key, json.dumps(made).encode())
    return made
