"""The pictures of dist/charts/: each in two sizes and forms, of the numbers that the views hold."""

import re
import struct
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import altair as alt
import duckdb
import pytest

from scripts.publish.charts import gallery, render, rows, specs, timelines
from scripts.publish.charts.specs import PHONE, PRINT, Size


@pytest.fixture(scope="module")
def con(dist: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(dist / "figures.duckdb"), read_only=True)


def texts(path: Path) -> set[str]:
    """Return the texts of an SVG."""
    return {(node.text or "").strip() for node in ElementTree.parse(path).iter() if node.tag.endswith("text")}  # noqa: S314


def test_specifications_keep_the_grammar_of_vega_lite(con: duckdb.DuckDBPyConnection) -> None:
    charts = gallery.sized(con).charts
    kinds = [next(name for name in charts if name.startswith(kind)) for kind in (*gallery.HEADINGS, "timeline")]
    for name in kinds:
        alt.Chart.from_dict(charts[name])  # which raises where it does not


def test_each_picture_is_there_for_print_and_phone_as_svg_and_png(dist: Path, con: duckdb.DuckDBPyConnection) -> None:
    names = set(gallery.sized(con).charts)
    shown = {"timeline-killed-wounded-troops", "timeline-sent-troops", "origins", "drift", "coverage"}
    assert {f"{name}-{size}" for name in shown for size in ("print", "phone")} <= names
    wanted = {f"{name}.{form}" for name in names for form in ("svg", "png")}
    assert {path.name for path in (dist / "charts").iterdir()} == wanted


@pytest.mark.parametrize(("size", "widest"), [(PRINT, 860), (PHONE, 430)])
def test_a_picture_is_no_wider_than_its_paper(size: Size, widest: int, dist: Path) -> None:
    for path in (dist / "charts").glob(f"*-{size.name}.png"):
        width, height = struct.unpack(">II", path.read_bytes()[16:24])
        assert width <= widest * render.SCALE, path.name
        assert height <= 2700 * render.SCALE, path.name


def test_a_timeline_names_its_sources_and_its_figures(dist: Path, con: duckdb.DuckDBPyConnection) -> None:
    found = texts(dist / "charts/timeline-killed-wounded-troops-print.svg")
    sources = con.execute("""
        select distinct name from timeline join sources using (source_id)
        where metric_id = 'killed-wounded' and population_id = 'troops'
    """).fetchall()
    assert {name for (name,) in sources} <= found
    assert {"1,100", "4,700", "6,000", "Killed and wounded: troops, as each source had it"} <= found


def test_a_label_stands_where_its_figure_stays_in_force_for_as_long_as_it_is_wide() -> None:
    days = {"2025-01-01": ("100", 7), "2025-01-08": ("200", 204), "2025-07-31": ("300", None)}
    rows = [
        {"kind": "step", "source": "a", "day": day, "lowest": 1, "point": 1, "highest": 1, "label": label, "days": kept}
        for day, (label, kept) in days.items()
    ]
    svg = render.svg(specs.timeline(rows, specs.Heading("", ""), PHONE), gallery.version())
    assert [text in svg for text in (">100<", ">200<", ">300<")] == [False, True, True]


def test_pictures_hold_what_the_views_say(dist: Path, con: duckdb.DuckDBPyConnection) -> None:
    [(documents, origins)] = con.execute(
        "select documents, origins from origins where metric_id = 'killed' and lowest = 600 and highest = 600"
    ).fetchall()
    assert f"{documents} · {origins}" in texts(dist / "charts/origins-print.svg")
    assert any(re.fullmatch(r"killed and wounded \([0-9]+\)", one) for one in texts(dist / "charts/drift-print.svg"))
    assert "Volodymyr Zelensky" in texts(dist / "charts/coverage-print.svg")


def test_each_figure_of_a_source_is_a_label_once_with_the_days_for_which_it_is_in_force() -> None:
    days = [date(2025, 1, 1), date(2025, 1, 8), date(2025, 3, 1), date(2025, 6, 1), date(2025, 6, 20)]
    figures = [100, 200, 300, 300, 400]
    steps = [
        {"source": "a", "day": day, "until": until, "lowest": figure, "highest": figure}
        for day, until, figure in zip(days, [*days[1:], None], figures, strict=True)
    ]
    drawn = list(timelines.drawn(steps, date(2025, 12, 31)))
    assert [row["label"] for row in drawn] == ["100", "200", "300", "", "400", ""]
    assert [row["days"] for row in drawn] == [7, 52, 111, None, None, None]
    assert drawn[-1]["day"] == date(2025, 12, 31)


def test_a_figure_is_written_as_readers_write_it() -> None:
    assert rows.figure({"lowest": 4000, "highest": 4000}) == "4,000"
    assert rows.figure({"lowest": 10000, "highest": 12000}) == "10,000–12,000"
