"""The chart of the latest figures: a dot for each source."""

import math

import altair as alt

from scripts.datapackage.package import Json
from scripts.publish.charts.specs import (
    GRID,
    INK,
    MIDDLE,
    NO_ROWS,
    OF_TWO_LINES,
    PALE,
    PRINT,
    Heading,
    Rows,
    Size,
    panels,
    titled,
)


def latest(rows: Rows, heading: Heading, size: Size) -> Json:
    """Return the latest figure of each source as a dot with bounds, the newer the darker, one panel a thing counted.

    `rows` as `rows.latest_rows`: what, source, lowest, point, highest, age_days, label.
    """
    beside = size is PRINT  # on a phone the names stand above the dots
    letters = max((len(line) for row in rows for line in row["source"].split("\n")), default=0) if beside else 0
    words = max((len(row["label"]) for row in rows), default=0)
    width = size.width - math.ceil(letters * size.letter)
    top = max((row["highest"] for row in rows), default=1)
    scale = alt.Scale(domain=[0, top], nice=False, range=[0, width - math.ceil(words * size.letter)])
    x = alt.X("point:Q", title=None, scale=scale, axis=alt.Axis(format=",.0f", tickCount=3, gridColor=GRID))
    y = alt.Axis(ticks=False, domain=False, labelPadding=8, labelLimit=size.width, grid=True, gridColor=GRID)
    y.labelOffset, y.labels = OF_TWO_LINES, beside
    base = alt.Chart().encode(y=alt.Y("source:N", sort=None, title=None, axis=y))
    shade = alt.Color("age_days:Q", scale=alt.Scale(range=[INK, PALE], domain=[0, 540], clamp=True), legend=None)
    reach = base.mark_rule(strokeWidth=3, color=MIDDLE).encode(x=alt.X("lowest:Q", scale=scale), x2="highest:Q")
    told = [f"{name}:N" for name in ("source", "label", "documents", "age_days")]
    dot = base.mark_point(filled=True, size=90, opacity=1, stroke=INK, strokeWidth=1)
    dot = dot.encode(x=x, color=shade, tooltip=told)
    label = base.mark_text(align="left", dx=9, fontSize=size.letters, color=INK)
    label = label.encode(x=alt.X("highest:Q", scale=scale), text="label:N")
    above = base.mark_text(align="left", dy=-15, fontSize=size.letters, color="black", limit=size.width)
    above = above.encode(x=alt.value(0), text="source:N")
    layers = alt.layer(reach, dot, label, *([] if beside else [above]))
    layers = layers.properties(width=width, height=alt.Step(30 if beside else 38))
    rows_of = panels(rows, "what", size)
    rows_of.header.labelFontWeight, rows_of.header.labelPadding = "bold", 6 if beside else 14
    faceted = layers.facet(data=NO_ROWS, row=rows_of, spacing=18).resolve_scale(y="independent")
    return titled(faceted, rows, heading, size)
