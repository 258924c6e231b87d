"""The charts of the dataset as Vega-Altair specifications: for print, for a phone, for the page.

All are of one hue and told apart by place, length and label, so that they read in black and white
and to readers who see few colours.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

INK, MIDDLE, PALE = "#12355b", "#5b7fa6", "#bccde0"  # contrast to white 12.4, 4.1 and 1.6
GRID = "#e4e9ef"
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Size:
    """How wide a picture is, in pixels, margins left out, and how big its letters are."""

    name: str
    width: int
    letters: int

    @property
    def names(self) -> int:
        """The width in pixels that names at the left may take."""
        return self.width // 2 if self.width < 400 else 330


PRINT = Size("print", 720, 12)
PHONE = Size("phone", 300, 11)


def timeline(rows: Rows, title: str, size: Size) -> alt.TopLevelMixin:
    """Return the figures in force of each source as steps, their bounds as bands, documents as faint marks.

    `rows` are of two kinds: `step` (source, day, lowest, point, highest, label) and `report` (source, day, point,
    and what a reader who points at it is told). Sources stand below each other in the order of their first day.
    """
    x = alt.X("day:T", title=None, axis=_days(size), scale=alt.Scale(nice=False, padding=6))
    top = max((row["highest"] for row in rows if row["kind"] == "step"), default=1)
    y = alt.Y("point:Q", title=None, axis=alt.Axis(format=",.0f", tickCount=2, gridColor=GRID))
    y.scale = alt.Scale(domain=[0, top * 1.35], nice=False, clamp=True)  # room for a label over the highest step
    base = alt.Chart().encode(x=x)
    steps = base.transform_filter("datum.kind == 'step'")
    band = steps.mark_area(interpolate="step-after", color=PALE, opacity=0.7).encode(y="lowest:Q", y2="highest:Q")
    line = steps.mark_line(interpolate="step-after", color=INK, strokeWidth=2).encode(y=y)
    text = {"align": "left", "dx": 2, "dy": -9, "fontSize": size.letters, "clip": False}
    halo = steps.mark_text(**text, stroke="white", strokeWidth=3).encode(y=y, text="label:N")
    label = steps.mark_text(**text, color=INK).encode(y=y, text="label:N")
    report = (
        base.transform_filter("datum.kind == 'report'")
        .mark_point(shape="circle", filled=True, color=MIDDLE, opacity=0.45, size=28)
        .encode(y=y, tooltip=[f"{name}:N" for name in ("wording", "source", "publisher", "published_on", "claim_id")])
    )
    header = alt.Header(title=None, labelOrient="top", labelAnchor="start", labelFontSize=size.letters, labelPadding=2)
    header.labelLimit = size.width + 40
    row = alt.Row("source:N", sort=list(dict.fromkeys(row["source"] for row in rows)), header=header)
    layers = alt.layer(band, line, report, halo, label).properties(width=size.width, height=52)
    return _titled(layers.facet(data=alt.Data(values=list(rows)), row=row, spacing=10), title, size)


def _days(size: Size) -> alt.Axis:
    step = 2 if size.width > 400 else 6
    count = alt.TimeIntervalStep(interval="month", step=step)
    return alt.Axis(format="%b %Y", tickCount=count, labelOverlap=True, gridColor=GRID)


def origins(rows: Rows, title: str, size: Size) -> alt.TopLevelMixin:
    """Return documents (wide bars) against origins (narrow bars) of figures; `rows` as the view `origins`, named."""
    order = [row["figure"] for row in rows]
    y = alt.Y("figure:N", sort=order, title=None, axis=alt.Axis(labelLimit=size.names, ticks=False, domain=False))
    x = alt.X("documents:Q", title="documents (wide bar) · origins (narrow bar)")
    x.axis = alt.Axis(tickCount=5, grid=False)
    base = alt.Chart(alt.Data(values=list(rows))).encode(y=y)
    pale = base.mark_bar(color=PALE, height=16).encode(x=x, tooltip=["figure:N", "documents:Q", "origins:Q"])
    dark = base.mark_bar(color=INK, height=8).encode(x="origins:Q")
    label = base.mark_text(align="left", dx=4, color=INK, fontSize=size.letters).encode(x="documents:Q", text="label:N")
    chart = alt.layer(pale, dark, label).properties(width=_beside(size), height=alt.Step(24))
    return _titled(chart, title, size)


def drift(rows: Rows, title: str, size: Size) -> alt.TopLevelMixin:
    """Return, for each statement, what pages print of it: one circle a category, its area the number of documents."""
    y = alt.Y("statement:N", title=None, sort=list(dict.fromkeys(row["statement"] for row in rows)))
    y.axis = alt.Axis(labelLimit=size.names, ticks=False, grid=True, gridColor=GRID)
    x = alt.X("metric:N", title=None)
    x.axis = alt.Axis(labelAngle=-40, labelLimit=260, orient="top", grid=True, gridColor=GRID)
    base = alt.Chart(alt.Data(values=list(rows))).encode(x=x, y=y)
    area = alt.Size("documents:Q", scale=alt.Scale(type="linear", range=[190, 700], zero=False), legend=None)
    circle = base.mark_circle(color=PALE, opacity=1, stroke=INK).encode(
        size=area, tooltip=["statement:N", "metric:N", "documents:Q"]
    )
    label = base.mark_text(color=INK, fontSize=size.letters - 1).encode(text="documents:Q")
    chart = alt.layer(circle, label).properties(width=_beside(size), height=alt.Step(30))
    return _titled(chart, title, size)


def coverage(rows: Rows, title: str, size: Size) -> alt.TopLevelMixin:
    """Return the documents read by month of publication and source; months that are not known are left out."""
    x = alt.X("month:O", title=None, axis=alt.Axis(labelAngle=-60, labelOverlap=True, ticks=False, domain=False))
    y = alt.Y("source:N", title=None, sort=list(dict.fromkeys(row["source"] for row in rows)))
    y.axis = alt.Axis(labelLimit=size.names, ticks=False, domain=False)
    base = alt.Chart(alt.Data(values=list(rows))).encode(x=x, y=y)
    colour = alt.Color("documents:Q", scale=alt.Scale(type="sqrt", range=["#eef3f8", INK]), legend=None)
    cell = base.mark_rect(stroke="white").encode(color=colour, tooltip=["source:N", "month:O", "documents:Q"])
    if size is PHONE:
        return _titled(cell.properties(width=_beside(size), height=alt.Step(20)), title, size)
    light = alt.condition("datum.documents > 12", alt.value("white"), alt.value(INK))
    number = base.mark_text(fontSize=size.letters - 2).encode(text="documents:Q", color=light)
    return _titled(alt.layer(cell, number).properties(width=_beside(size), height=alt.Step(20)), title, size)


def _beside(size: Size) -> int:
    """Return the width that is left beside names."""
    return size.width - size.names


def _titled(chart: Any, title: str, size: Size) -> alt.TopLevelMixin:  # noqa: ANN401  (a chart of any kind)
    lines = list(_wrapped(title.split(), size))
    heading = alt.TitleParams(lines, anchor="start", frame="bounds", fontSize=size.letters + 3, color=INK, offset=14)
    titled: alt.TopLevelMixin = (
        chart.properties(title=heading, padding=12, background="white")
        .configure(font=FONT)
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=size.letters, titleFontSize=size.letters, titleFontWeight="normal")
    )
    return titled


def _wrapped(words: Iterable[str], size: Size) -> Iterable[str]:
    line = ""
    for word in words:
        if line and len(line) + len(word) > size.width // (size.letters // 2 + 2):
            yield line
            line = word
        else:
            line = f"{line} {word}".strip()
    yield line
