"""The table in README.md and the chart in docs/bench.svg, written from the results."""

import re
from collections.abc import Iterator

import altair as alt
import vl_convert

from bench.measure import ENGINES
from bench.results import Results
from scripts.package import ROOT

README = ROOT / "README.md"
CHART = ROOT / "docs" / "bench.svg"
BEGIN, END = "<!-- from docs/bench.json by make bench -->\n", "<!-- so far -->\n"
NAMES = {"scan": "bare typed scan of claims.csv", "validate": "`validate`", "pandera_pandas": "pandera on pandas",
         "pandera_polars": "pandera on polars"}  # fmt: skip
SIZES = ("10k", "100k", "1m", "10m")
STATES = ("clean", "broken")
MARKS = {"line": "line", "some lines": "some lines", "found": "yes, no line", "no": "–"}


def write(results: Results) -> None:
    """Write the table into README.md, where it has its place, and the chart."""
    text = README.read_text("utf-8")
    if BEGIN in text:
        before, _, rest = text.partition(BEGIN)
        _, _, after = rest.partition(END)
        README.write_text(f"{before}{BEGIN}\n{tables(results)}\n{END}{after}", "utf-8")
    CHART.write_text(chart(results), "utf-8")


def tables(results: Results) -> str:
    """Return the tables of speed, of faults and of views, and what they were measured on."""
    parts = [_speed(results), _ways(results), _views(results), _machine(results)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _speed(results: Results) -> str:
    lines = ["| claims | engine | clean | CPU | memory | broken | CPU | memory | faults in line |", "|" + "---|" * 9]
    for size in SIZES:
        scan = results["runs"].get(f"{size} clean scan")
        for engine in ENGINES:
            clean, broken = (results["runs"].get(f"{size} {state} {engine}") for state in STATES)
            if clean:
                cells = [*_cells(clean, scan), *(_cells(broken, scan) if broken else ("", "", "")), _placed(broken)]
                lines.append(f"| {size} | {NAMES.get(engine, engine)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cells(row: Results, scan: Results | None) -> tuple[str, str, str]:
    times = [f" ({row[what] / scan[what]:.1f} ×)" if scan else "" for what in ("wall", "cpu")]
    return f"{row['wall']:.1f} s{times[0]}", f"{row['cpu']:.1f} s{times[1]}", f"{row['memory']:,} MiB"


def _placed(row: Results | None) -> str:
    return f"{row['placed']:,} of {row['planted']:,}" if row else ""


def _ways(results: Results) -> str:
    if not results["ways"]:
        return ""
    engines = [engine for engine in ENGINES if engine != "scan"]
    lines = [f"| fault | {' | '.join(NAMES.get(engine, engine) for engine in engines)} |", "|---" * 6 + "|"]
    for way, verdicts in results["ways"].items():
        cells = [MARKS.get(verdicts.get(engine, ""), "") for engine in engines]
        lines.append(f"| {way} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _views(results: Results) -> str:
    sizes = [size for size in SIZES if any(one.startswith(f"{size} ") for one in results["views"])]
    if not sizes:
        return ""
    lines = [f"| view | {' | '.join(sizes)} |", "|---" * (len(sizes) + 1) + "|"]
    for view in dict.fromkeys(one.partition(" ")[2] for one in results["views"]):
        rows = [results["views"].get(f"{size} {view}") for size in sizes]
        cells = [f"{row['wall']:.2f} s ({row['ratio']:.0f} ×)" if row else "" for row in rows]
        lines.append(f"| {view} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _machine(results: Results) -> str:
    machine = results["machine"]
    versions = ", ".join(
        f"{name} {what}" for name, what in machine.items() if name not in ("cores", "memory", "python")
    )
    return f"Measured on {machine['cores']} cores with {machine['memory']}, Python {machine['python']}, {versions}."


def chart(results: Results) -> str:
    """Return the chart of wall seconds by size, a line an engine, clean beside broken, as SVG."""
    axis = alt.Axis(grid=True, tickCount=4)
    engines = [_label(engine) for engine in ENGINES]
    shown = (
        alt.Chart(alt.Data(values=list(_points(results))), width=300, height=300)
        .mark_line(point=True)
        .encode(
            x=alt.X("claims:Q", scale=alt.Scale(type="log"), title="claims", axis=axis),
            y=alt.Y("seconds:Q", scale=alt.Scale(type="log"), title="seconds, whole process", axis=axis),
            color=alt.Color("engine:N", title=None, scale=alt.Scale(domain=engines)),
            shape=alt.Shape("engine:N", title=None, scale=alt.Scale(domain=engines)),
            column=alt.Column("state:N", title=None, sort=list(STATES)),
        )
        .properties(title="Seconds to check a package")
    )
    svg = vl_convert.vegalite_to_svg(shown.to_dict())
    return re.sub(r">\s+<", "><", str(svg)) + "\n"


def _points(results: Results) -> Iterator[dict[str, str | float]]:
    claims = {"10k": 1e4, "100k": 1e5, "1m": 1e6, "10m": 1e7}
    for name, row in results["runs"].items():
        size, state, engine = name.split(" ")
        yield {"claims": claims[size], "state": state, "engine": _label(engine), "seconds": row["wall"]}


def _label(engine: str) -> str:
    return NAMES.get(engine, engine).replace("`", "")
