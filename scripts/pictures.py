"""The pictures of dist/charts/, as SVG and PNG, drawn from the views without a browser."""

from collections.abc import Callable, Iterator
from pathlib import Path

import altair as alt
import duckdb
import vl_convert

from scripts import charts, series
from scripts.charts import PHONE, PRINT, Heading, Rows, Size
from scripts.package import Json

README = "docs/timeline-killed-wounded-troops.svg"
STEPS = 3  # a timeline of fewer is a table, not a picture
READ_TIMELINE = "The line is the figure in force, the band its bounds, a ring one page that printed it."
HEADINGS = {
    "origins": Heading(
        "How many origins stand behind the figures printed most",
        "The wide bar and the first number count documents; the narrow bar and the second number distinct origins, "
        "sources that can speak for themselves.",
    ),
    "drift": Heading(
        "One statement, several categories: what pages print",
        "Figure, day and speaker of a statement; below, what pages make of it. Numbers count documents. "
        "The twelve statements of most documents.",
    ),
    "coverage": Heading(
        "Documents read, by source and time of publication",
        "Numbers count documents that report the source. Sources of ten documents and more.",
    ),
}
SCALE = 2  # pixels of a PNG for one of its SVG


def write(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write every picture in both sizes, as SVG and PNG, into a new folder; `con` holds tables and views."""
    folder.mkdir()
    for size in (PRINT, PHONE):
        for name, chart in pictures(con, size):
            drawn = svg(chart)
            path = folder / f"{name}-{size.name}"
            path.with_suffix(".svg").write_text(drawn, "utf-8")
            path.with_suffix(".png").write_bytes(vl_convert.svg_to_png(drawn, scale=SCALE))


def of_readme(con: duckdb.DuckDBPyConnection) -> str | None:
    """Return the picture that README.md shows, as SVG; none where the data have no such timeline."""
    for name, chart in pictures(con, PRINT):
        if name == Path(README).stem:
            return svg(chart)
    return None


def svg(chart: Json) -> str:
    """Return a chart as SVG."""
    return vl_convert.vegalite_to_svg(chart, vl_version=version()) + "\n"


def version() -> str:
    """Return the version of Vega-Lite that Altair writes, as vl-convert names it."""
    return ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])


def pictures(con: duckdb.DuckDBPyConnection, size: Size) -> Iterator[tuple[str, Json]]:
    """Yield each picture by its name."""
    for one in series.timelines(con, STEPS):
        title = f"{one.metric}: {one.whose}, as each source had it"
        yield one.name, charts.timeline(one.rows, Heading(title, READ_TIMELINE), size)
    for name, _, chart in others(con, size):
        yield name, chart


def others(con: duckdb.DuckDBPyConnection, size: Size) -> Iterator[tuple[str, Heading, Json]]:
    """Yield name, heading and chart of the pictures that are no timelines."""
    drawn: dict[str, tuple[Callable[[Rows, Heading, Size], Json], Rows]] = {
        "origins": (charts.origins, series.origin_rows(con)),
        "drift": (charts.drift, series.drift_rows(con, size)),
        "coverage": (charts.coverage, series.coverage_rows(con, size)),
    }
    for name, (draw, rows) in drawn.items():
        yield name, HEADINGS[name], draw(rows, HEADINGS[name], size)
