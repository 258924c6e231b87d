"""The pictures of dist/charts/, as SVG and PNG, drawn from the views without a browser."""

from collections.abc import Iterator
from pathlib import Path

import altair as alt
import duckdb
import vl_convert

from scripts import charts, series
from scripts.charts import PHONE, PRINT, Size

README = "docs/timeline-killed-wounded-troops.svg"
STEPS = 3  # a timeline of fewer is a table, not a picture
LABELS_APART = {"print": 40, "phone": 95}  # days between two labelled steps of a source
SCALE = 2  # pixels of a PNG for one of its SVG


def write(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write every picture in both sizes, as SVG and PNG, into a new folder; `con` holds tables and views."""
    folder.mkdir()
    for size in (PRINT, PHONE):
        for name, chart in pictures(con, size):
            svg = _svg(chart)
            path = folder / f"{name}-{size.name}"
            path.with_suffix(".svg").write_text(svg, "utf-8")
            path.with_suffix(".png").write_bytes(vl_convert.svg_to_png(svg, scale=SCALE))


def of_readme(con: duckdb.DuckDBPyConnection) -> str | None:
    """Return the picture that README.md shows, as SVG; none where the data have no such timeline."""
    for name, chart in pictures(con, PRINT):
        if name == Path(README).stem:
            return _svg(chart)
    return None


def _svg(chart: alt.TopLevelMixin) -> str:
    return vl_convert.vegalite_to_svg(chart.to_dict(), vl_version=version()) + "\n"


def version() -> str:
    """Return the version of Vega-Lite that Altair writes, as vl-convert names it."""
    return ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])


def pictures(con: duckdb.DuckDBPyConnection, size: Size) -> Iterator[tuple[str, alt.TopLevelMixin]]:
    """Yield each picture by its name."""
    for one in series.timelines(con, LABELS_APART[size.name], STEPS):
        yield one.name, charts.timeline(one.rows, f"{one.metric}: {one.whose}, as each source had it", size)
    for name, _, chart in others(con, size):
        yield name, chart


def others(con: duckdb.DuckDBPyConnection, size: Size) -> Iterator[tuple[str, str, alt.TopLevelMixin]]:
    """Yield name, title and chart of the pictures that are no timelines."""
    title = "How many origins stand behind the figures printed most"
    yield "origins", title, charts.origins(series.origin_rows(con), title, size)
    title = "One statement, several categories: what pages print"
    yield "drift", title, charts.drift(series.drift_rows(con, size), title, size)
    title = "Documents read, by source and month of publication"
    yield "coverage", title, charts.coverage(series.coverage_rows(con, size), title, size)
