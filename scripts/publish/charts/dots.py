"""The chart of the latest figures: a dot for each source."""

import itertools
import math
from collections.abc import Iterator, Mapping
from typing import Any

import altair as alt

from scripts.datapackage.package import Json
from scripts.publish.charts.specs import GRID, INK, MIDDLE, NO_ROWS, PALE, PRINT, Heading, Rows, Size, titled


def latest(rows: Rows, heading: Heading, size: Size) -> Json:
    """Return the latest figure of each source as a dot with its bounds, the newer the darker, below what is counted.

    `rows` as `rows.latest_rows`: what, source, lowest, point, highest, as_of, age_days, documents, label.
    """
    beside = size is PRINT  # on a phone the names stand above the dots
    letters = max((len(row["source"]) for row in rows), default=0) if beside else 0
    words = max((len(row["label"]) for row in rows), default=0)
    placed = list(_placed(rows, beside=beside))
    height = max((row["at"] for row in placed), default=0) + 12
    span = [math.ceil(letters * size.letter), size.width - math.ceil((words + 2) * size.letter)]
    top = max((row["highest"] for row in rows), default=1)
    scale = alt.Scale(domain=[0, top], nice=False, range=span)
    y = alt.Y("at:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False))
    base = alt.Chart(NO_ROWS).encode(y=y)
    of_rows = base.transform_filter("isValid(datum.point)")
    shade = alt.Color("age_days:Q", scale=alt.Scale(range=[INK, PALE], domain=[0, 540], clamp=True), legend=None)
    ground = of_rows.mark_rule(color=GRID).encode(x=alt.XDatum(0, scale=scale, axis=None), x2=alt.X2Datum(top))
    reach = of_rows.mark_rule(strokeWidth=3, color=MIDDLE).encode(
        x=alt.X("lowest:Q", scale=scale, axis=None), x2="highest:Q"
    )
    told = [f"{name}:N" for name in ("source", "label", "documents", "age_days")]
    dot = of_rows.mark_point(filled=True, size=90, opacity=1, stroke=INK, strokeWidth=1)
    dot = dot.encode(x=alt.X("point:Q", scale=scale, axis=None), color=shade, tooltip=told)
    label = of_rows.mark_text(align="left", dx=9, fontSize=size.letters, color=INK)
    label = label.encode(x=alt.X("highest:Q", scale=scale, axis=None), text="label:N")
    name = base.transform_filter("isValid(datum.name)").mark_text(
        align="left", fontSize=size.letters, color="black", limit=size.width
    )
    head = base.transform_filter("isValid(datum.head)").mark_text(
        align="left", fontSize=size.letters + 1, fontWeight="bold", color="black"
    )
    layers = alt.layer(
        ground,
        reach,
        dot,
        label,
        name.encode(x=alt.value(0), text="name:N"),
        head.encode(x=alt.value(0), text="head:N"),
    )
    return titled(layers.properties(width=size.width, height=height), placed, heading, size)


def _placed(rows: Rows, *, beside: bool) -> Iterator[Mapping[str, Any]]:
    """Yield a heading for each thing that is counted, and names and rows, with the pixels from the top of each."""
    at = 0
    for what, of_what in itertools.groupby(rows, key=lambda row: row["what"]):
        at += 24
        yield {"at": at, "head": what}
        for row in of_what:
            at += 20 if beside else 22
            yield {"at": at, "name": row["source"]}
            at += 0 if beside else 16
            yield {**row, "at": at}
        at += 8
