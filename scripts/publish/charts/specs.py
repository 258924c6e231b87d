"""The charts of the dataset as Vega-Altair specifications: for print, for a phone, for the page.

All are of one hue, told apart by place, length and label: they read in black and white, and by who sees few colours.
"""

import itertools
import math
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import altair as alt

from scripts.datapackage.package import Json

INK, MIDDLE, PALE = "#12355b", "#5b7fa6", "#bccde0"  # contrast to white 12.4, 4.1 and 1.6
QUIET, GRID = "#4a5768", "#e4e9ef"
SHADES = ["#eef3f8", "#8fb0d3"]  # from few to many; contrast to INK 11 and 5.5
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
NO_ROWS = alt.Data(values=[])
OF_TWO_LINES = alt.condition("indexof(datum.label, '\\n') > 0", alt.value(-6), alt.value(0))  # offset of such a label
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Size:
    """How wide a picture is, in pixels, margins left out, and how big its letters are."""

    name: str
    width: int
    letters: int

    @property
    def letter(self) -> float:
        """The width in pixels of a letter, on average."""
        return self.letters * 0.58


@dataclass(frozen=True)
class Heading:
    """What stands over a picture: its title, and how to read it."""

    title: str
    note: str


PRINT = Size("print", 720, 12)
PHONE = Size("phone", 300, 11)


def timeline(rows: Rows, heading: Heading, size: Size) -> Json:
    """Return the figures of each source as steps, bounds as bands, statements as dots, documents as faint rings.

    `rows` are of two kinds: `step` (source, day, lowest, point, highest, segment: steps that meet, mark: whether it is
    a statement or the end of a line, label, days until the next label, none for the last) and `report` (source, day,
    point, and what a reader who points at it is told). Sources stand below each other in the order of the rows.
    """
    x = alt.X("day:T", title=None, axis=_days(size), scale=alt.Scale(type="utc", nice=False, padding=6))
    top = max((row["highest"] for row in rows if row["kind"] == "step"), default=1)
    y = alt.Y("point:Q", title=None, axis=alt.Axis(format=",.0f", tickCount=2, gridColor=GRID))
    y.scale = alt.Scale(domain=[0, top * 1.45], nice=False, clamp=True)  # room for a label over the highest step
    base = alt.Chart().encode(x=x)
    steps = base.transform_filter("datum.kind == 'step'")
    band = steps.mark_area(interpolate="step-after", color=PALE, opacity=0.7)
    band = band.encode(y="lowest:Q", y2="highest:Q", detail="segment:N")
    line = steps.mark_line(interpolate="step-after", color=INK, strokeWidth=2).encode(y=y, detail="segment:N")
    dot = steps.transform_filter("datum.mark").mark_point(filled=True, color=INK, opacity=1, size=40).encode(y=y)
    report = (
        base.transform_filter("datum.kind == 'report'")
        .mark_point(shape="circle", stroke=MIDDLE, fill="transparent", strokeWidth=1.3, opacity=0.9, size=34)
        .encode(y=y, tooltip=[f"{name}:N" for name in ("wording", "source", "publisher", "published_on", "claim_id")])
    )
    layers = alt.layer(band, line, report, dot, *_labels(steps, y, size)).properties(width=size.width, height=52)
    faceted = layers.facet(data=NO_ROWS, row=panels(rows, "source", size), spacing=10)
    return {**titled(faceted, rows, heading, size), "params": list(_axis(rows, size))}


def _days(size: Size) -> alt.Axis:
    step = 2 if size.width > 400 else 6
    count = alt.TimeIntervalStep(interval="month", step=step)
    return alt.Axis(format="%b %Y", tickCount=count, labelOverlap=True, gridColor=GRID)


def _labels(steps: alt.Chart, y: alt.Y, size: Size) -> Iterator[alt.Chart]:
    """Yield halo and text of the steps that stay current for as long as their label is wide, and of the last."""
    fits = f"!isValid(datum.days) || datum.days * axis_width >= axis_days * {size.letter} * (1 + length(datum.label))"
    text = {"align": "left", "dx": 4, "dy": -10, "fontSize": size.letters, "clip": False}
    for ink in ({"stroke": "white", "strokeWidth": 3}, {"color": INK}):
        yield steps.transform_filter(fits).mark_text(**text, **ink).encode(y=y, text="label:N")


def _axis(rows: Rows, size: Size) -> Iterator[Json]:
    """Yield what a label's room depends on, as parameters: the axis' width in pixels and its days."""
    days = [date.fromisoformat(row["day"]) for row in rows]
    yield {"name": "axis_width", "value": size.width}
    yield {"name": "axis_days", "value": (max(days) - min(days)).days if days else 1}


def panels(rows: Rows, name: str, size: Size) -> alt.Row:
    """Return a column as rows of small charts, in the order of the data, each under its name."""
    header = alt.Header(title=None, labelOrient="top", labelAnchor="start", labelFontSize=size.letters, labelPadding=2)
    header.labelLimit = size.width + 40
    return alt.Row(f"{name}:N", sort=list(dict.fromkeys(row[name] for row in rows)), header=header)


def origins(rows: Rows, heading: Heading, size: Size) -> Json:
    """Return documents (wide bars) against origins (narrow bars) of figures; `rows` as the view `origins`, named."""
    base = alt.Chart(NO_ROWS).encode(y=_named(rows, "figure"))
    x = alt.X("documents:Q", axis=None)
    pale = base.mark_bar(color=PALE, height=16).encode(x=x, tooltip=["figure:N", "documents:Q", "origins:Q"])
    dark = base.mark_bar(color=INK, height=8).encode(x="origins:Q")
    label = base.mark_text(align="left", dx=4, color=INK, fontSize=size.letters).encode(x="documents:Q", text="label:N")
    return titled(_fitted(alt.layer(pale, dark, label), size, len(rows) * 24), rows, heading, size)


def drift(rows: Rows, heading: Heading, size: Size) -> Json:
    """Return, under each statement, the categories that pages print it as, with a bar as long as their documents."""
    words = math.ceil(max(len(row["label"]) for row in rows) * size.letter) if rows else 0
    placed = list(_placed(rows))
    height = max((row["at"] for row in placed), default=0) + 9
    x = alt.X("documents:Q", axis=None)
    x.scale = alt.Scale(domainMin=0, nice=False, range=[0, size.width - words])
    y = alt.Y("at:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False))
    base = alt.Chart(NO_ROWS).encode(y=y)
    bar = base.mark_bar(color=PALE, stroke=MIDDLE, size=12, orient="horizontal")
    bar = bar.encode(x=x, tooltip=["statement:N", "metric:N", "documents:Q"])
    text = {"align": "left", "fontSize": size.letters}
    label = base.mark_text(**text, dx=4, color=INK).encode(x=x, text="label:N")
    head = base.mark_text(**text, color="black").encode(x=alt.value(0), text="head:N")
    layers = alt.layer(
        bar.transform_filter("isValid(datum.documents)"),
        label.transform_filter("isValid(datum.documents)"),
        head.transform_filter("isValid(datum.head)"),
    )
    return titled(layers.properties(width=size.width, height=height), placed, heading, size)


def _placed(rows: Rows) -> Iterator[Mapping[str, Any]]:
    """Yield the lines of each statement and its rows, with the pixels from the top at which they stand."""
    at = 0
    for statement, of_statement in itertools.groupby(rows, key=lambda row: row["statement"]):
        for line in statement.split("\n"):
            at += 16
            yield {"at": at, "head": line}
        for row in of_statement:
            at += 18
            yield {**row, "at": at}
        at += 10


def coverage(rows: Rows, heading: Heading, size: Size) -> Json:
    """Return the documents read by time of publication and source."""
    axis = alt.Axis(labelAngle=-60 if size is PRINT else 0, labelOverlap=size is PRINT, ticks=False, domain=False)
    if size is PHONE:
        axis.labelExpr = "'’' + slice(datum.label, 2)"  # ’24, and the quarter below
    x = alt.X("time:O", title=None, sort=sorted({row["time"] for row in rows}), axis=axis)
    base = alt.Chart(NO_ROWS).encode(x=x, y=_named(rows, "source"))
    colour = alt.Color("documents:Q", scale=alt.Scale(type="sqrt", range=SHADES), legend=None)
    cell = base.mark_rect(stroke="white").encode(color=colour, tooltip=["source:N", "time:O", "documents:Q"])
    number = base.mark_text(fontSize=size.letters - 1, color=INK).encode(text="documents:Q")
    sources = len({row["source"] for row in rows})
    return titled(_fitted(alt.layer(cell, number), size, sources * (20 if size is PRINT else 28)), rows, heading, size)


def _named(rows: Rows, name: str) -> alt.Y:
    axis = alt.Axis(labelLimit=360, labelPadding=6, ticks=False, domain=False)
    axis.labelOffset = OF_TWO_LINES
    return alt.Y(f"{name}:N", sort=list(dict.fromkeys(row[name] for row in rows)), title=None, axis=axis)


def _fitted(chart: alt.LayerChart, size: Size, height: int) -> alt.LayerChart:
    """Give a chart a height in pixels, and a width in which its names find room."""
    fit = alt.AutoSizeParams(type="fit-x", contains="padding")
    return chart.properties(width=size.width + 40, height=height, autosize=fit)


def titled(chart: Any, rows: Rows, heading: Heading, size: Size) -> Json:  # noqa: ANN401  (a chart of any kind)
    """Return the specification of a chart; what Altair would copy at every step comes to it last."""
    title = alt.TitleParams(
        _wrapped(heading.title, size, size.letters + 3),
        subtitle=_wrapped(heading.note, size, size.letters),
        anchor="start",
        frame="bounds",
        fontSize=size.letters + 3,
        color=INK,
        subtitleFontSize=size.letters,
        subtitleColor=QUIET,
        subtitlePadding=5,
        offset=14,
    )
    axis = alt.AxisConfig(labelFontSize=size.letters, titleFontSize=size.letters, titleFontWeight="normal")
    config = alt.Config(font=FONT, lineBreak="\n", view=alt.ViewConfig(stroke=None), axis=axis)
    around = {"title": title.to_dict(), "config": config.to_dict(), "padding": 12, "background": "white"}
    whole = chart.to_dict(validate=False)  # a test does it for one of each kind: for all it takes seconds
    return {**whole, **around, "data": {"values": list(rows)}}


def _wrapped(text: str, size: Size, letters: int) -> list[str]:
    return textwrap.wrap(text, int(size.width / letters / 0.56))
