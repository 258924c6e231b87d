"""The readers of dist/ stop at what another program wrote into a CSV, with file, line and column."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.publish.readers import figures

Change = Callable[[bytes], bytes]
BROKEN: dict[str, tuple[str, Change, str]] = {  # table, what another program does to it, its place
    "a spreadsheet's FALSE": ("populations", lambda text: text.replace(b",false", b",FALSE"), "2: mixed"),
    "days of a spreadsheet": (
        "documents",
        lambda text: re.sub(rb",(20\d\d)-(\d\d)-(\d\d),", rb",\3/\2/\1,", text),
        ": published_on",
    ),
    "a day that no month has": ("releases", lambda text: re.sub(rb"-\d\d-\d\d,", b"-02-30,", text), "2: released_on"),
    "another category": ("claims", lambda text: text.replace(b",asserted,", b",Asserted,"), "2: modality"),
    "a cell too many": ("releases", lambda text: text.replace(b"0.1.0,", b"0.1.0,,"), "2: 4 cells, not 3"),
    "a cell too few": ("releases", lambda text: text.replace(b"0.1.0,", b""), "2: 2 cells, not 3"),
    "a quote without its end": ("hedges", lambda text: text.rstrip(b'"\n') + b"\n", ""),
    "another header": ("releases", lambda text: text.replace(b"version", b"Version", 1), "1: the columns"),
    "another encoding": ("claims", lambda text: text.decode().encode("cp1251", "replace"), "UTF-8"),
}


@pytest.fixture(params=BROKEN)
def changed(request: pytest.FixtureRequest, dist: Path, tmp_path: Path) -> tuple[Path, str, str]:
    """A folder whose CSV of one table another program has written, the table, and the place to be named."""
    name, change, place = BROKEN[request.param]
    path = tmp_path / "data" / f"{name}.csv"
    path.parent.mkdir()
    path.write_bytes(change((dist / "data" / path.name).read_bytes()))
    shutil.copyfile(dist / "datapackage.json", tmp_path / "datapackage.json")
    return tmp_path, name, place


def test_pandas_stops_at_what_another_program_wrote(changed: tuple[Path, str, str]) -> None:
    folder, name, place = changed
    with pytest.raises(ValueError, match=f"^data/{name}.csv:.*{place}.*another program wrote"):
        figures.read(name, folder, "csv")


@pytest.mark.outside
@pytest.mark.skipif(not shutil.which("Rscript"), reason="there is no Rscript: install R (r-base-core)")
def test_r_stops_at_what_another_program_wrote(changed: tuple[Path, str, str], dist: Path) -> None:
    folder, name, place = changed
    asked = f'source("{dist}/figures.R"); read_figures("{folder}", "{name}")'
    said = subprocess.run(["Rscript", "--vanilla", "-e", asked], capture_output=True, text=True)
    assert said.returncode == 1
    assert re.search(f"data/{name}.csv:.*{place}.*another program wrote", " ".join(said.stderr.split())), said.stderr
