"""A citation and a version need no DuckDB; opening a package needs neither polars nor pandera."""

import subprocess
import sys

import pytest

from scripts.datapackage.package import ROOT

SAID = "import sys; print(*sorted({'duckdb', 'polars', 'pandera'} & set(sys.modules)))"


def imported(code: str) -> str:
    """Return which of the three a program has imported when it ends."""
    ran = subprocess.run(
        [sys.executable, "-c", f"{code}\n{SAID}"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return ran.stdout.splitlines()[-1]


@pytest.mark.parametrize("call", [["cite", "--version", "0.3.0"], ["verify", "0.3.0"]])
def test_citation_and_version_need_no_duckdb(call: list[str]) -> None:
    """What the cache does not know yet is asked once before."""
    code = f"from scripts.__main__ import main\nmain({call})"
    imported(code)
    assert imported(code) == ""


def test_opening_a_package_imports_neither_polars_nor_pandera() -> None:
    code = (
        "from scripts.database.opened import open_package\nfrom scripts.datapackage.package import ROOT\n"
        "assert open_package(ROOT).package"
    )
    assert imported(code) == "duckdb"
