"""Charts drawn as SVG and PNG without a browser, in a process of its own beside other work; and what browsers need."""

import base64
import json
import signal
import subprocess
import sys
from collections.abc import Mapping

import vl_convert

from scripts.datapackage.package import ROOT, Json

SCALE = 2  # pixels of a PNG for one of its SVG
FORMATS = ("svg", "png")


def apart(charts: Mapping[str, Json], vega_lite: str) -> dict[str, bytes]:
    """Draw charts (by name) in a process of its own, wait for it, and return the pictures by the name of their file.

    `vega_lite` is the version of the grammar, as vl-convert names it. The other process writes nowhere but here, so
    that none that outlives a killed verb is in the way of the next.
    """
    asked = json.dumps({"charts": charts, "vega_lite": vega_lite})
    command = [sys.executable, "-m", "scripts.publish.charts.render"]
    ran = subprocess.run(command, cwd=ROOT, input=asked.encode(), stdout=subprocess.PIPE, check=True)  # noqa: S603  (ours)
    return {name: base64.b64decode(content) for name, content in json.loads(ran.stdout).items()}


def svg(chart: Json, vega_lite: str) -> str:
    """Return a chart as SVG."""
    return vl_convert.vegalite_to_svg(chart, vl_version=vega_lite) + "\n"


def javascript(vega_lite: str) -> str:
    """Return Vega, Vega-Lite and Vega-Embed as one script, which sets `vegaEmbed`."""
    return vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=vega_lite)


def _main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # the verb that asked says what there is to say
    asked = json.load(sys.stdin)
    files = {}
    for name, chart in asked["charts"].items():
        drawn = svg(chart, asked["vega_lite"])
        for format_, content in zip(FORMATS, (drawn.encode(), vl_convert.svg_to_png(drawn, scale=SCALE)), strict=True):
            files[f"{name}.{format_}"] = base64.b64encode(content).decode()
    json.dump(files, sys.stdout)


if __name__ == "__main__":
    _main()
