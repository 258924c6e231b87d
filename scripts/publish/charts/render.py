"""Charts drawn as SVG and PNG without a browser, in a process of its own beside other work; and what browsers need."""

import base64
import json
import signal
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import version

import vl_convert

from scripts.datapackage import cache
from scripts.datapackage.package import ROOT, Json

VL_CONVERT = version("vl-convert-python")
SCALE = 2  # pixels of a PNG for one of its SVG
FORMATS = ("svg", "png")
KIND = "pictures"  # in the cache


def apart(charts: Mapping[str, Json], vega_lite: str) -> dict[str, bytes]:
    """Draw charts (by name) in a process of its own, wait for it, and return the pictures by the name of their file.

    `vega_lite` is the version of the grammar, as vl-convert names it. The other process writes nowhere but here, so
    that none that outlives a killed command is in the way of the next. What was drawn before is not drawn again.
    """
    keys = {name: _key(chart, vega_lite) for name, chart in charts.items()}
    files = {(name, format_): cache.get(KIND, f"{key}.{format_}") for name, key in keys.items() for format_ in FORMATS}
    missing = {name for (name, _), content in files.items() if content is None}
    if missing:
        drawn = _drawn({name: chart for name, chart in charts.items() if name in missing}, vega_lite)
        for (name, format_), content in drawn.items():
            cache.put(KIND, f"{keys[name]}.{format_}", content)
        files |= drawn
    return {f"{name}.{format_}": content for (name, format_), content in files.items() if content is not None}


def _key(chart: Json, vega_lite: str) -> str:
    tools = f"{vega_lite} {VL_CONVERT} {SCALE}"
    return cache.key(json.dumps(chart, sort_keys=True).encode(), tools.encode())


def _drawn(charts: Mapping[str, Json], vega_lite: str) -> dict[tuple[str, str], bytes]:
    asked = json.dumps({"charts": charts, "vega_lite": vega_lite})
    command = [sys.executable, "-m", "scripts.publish.charts.render"]
    ran = subprocess.run(command, cwd=ROOT, input=asked.encode(), stdout=subprocess.PIPE, check=True)  # noqa: S603  (ours)
    found = json.loads(ran.stdout)
    return {(name, format_): base64.b64decode(found[f"{name}.{format_}"]) for name in charts for format_ in FORMATS}


def svg(chart: Json, vega_lite: str) -> str:
    """Return a chart as SVG."""
    return vl_convert.vegalite_to_svg(chart, vl_version=vega_lite) + "\n"


def javascript(vega_lite: str) -> str:
    """Return Vega, Vega-Lite and Vega-Embed as one script, which sets `vegaEmbed`."""
    source = "window.vegaEmbed = vegaEmbed;"
    name = cache.key(source.encode(), f"{vega_lite} {VL_CONVERT}".encode())
    if kept := cache.get("scripts", name):
        return kept.decode()
    script = vl_convert.javascript_bundle(source, vl_version=vega_lite)
    cache.put("scripts", name, script.encode())
    return script


def _main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # the command that asked says what there is to say
    asked = json.load(sys.stdin)
    files = {}
    for name, chart in asked["charts"].items():
        drawn = svg(chart, asked["vega_lite"])
        for format_, content in zip(FORMATS, (drawn.encode(), vl_convert.svg_to_png(drawn, scale=SCALE)), strict=True):
            files[f"{name}.{format_}"] = base64.b64encode(content).decode()
    json.dump(files, sys.stdout)


if __name__ == "__main__":
    _main()
