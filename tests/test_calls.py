"""Calls of commands as people type them: values that begin with a dash, options that are misspelt."""

from pathlib import Path

import pytest

from scripts.datapackage.package import ROOT
from tests.conftest import Run


@pytest.mark.parametrize("value", [["-3,000"], ["-x"], ["-half"], ["-"], ["--", "--x"]], ids=" ".join)
def test_value_may_begin_with_a_dash(value: list[str], copy: Path, run: Run) -> None:
    key = "united24-media-202602-1"
    ran = run("correct", "--dir", copy, "--reason", "editorial", "claims", key, "note", *value)
    assert ran.code == 1
    assert f":note: {key}: `{value[-1]}` is computed by spreadsheets [formula]\n" in ran.out


def test_end_of_options_is_no_value(copy: Path, run: Run) -> None:
    ran = run(
        "correct", "--dir", copy, "--reason", "editorial", "claims", "united24-media-202602-1", "note", "--", "--"
    )
    assert (ran.code, ran.err.startswith("name TABLE ID COLUMN VALUE")) == (2, True)


@pytest.mark.parametrize("note", ["-x", "-3,000", "-help is near"])
def test_note_and_summary_may_begin_with_a_dash(note: str, copy: Path, run: Run) -> None:
    ran = run("withdraw", "claims", "nosuch-1", "--reason", "duplicate", "--note", note, "--dir", copy)
    assert (ran.code, ran.err.startswith("there is no row `nosuch-1`")) == (2, True)
    ran = run("release", "0.0.1", "--date", "2026-11-25", "--summary", note, "--dir", copy)
    assert (ran.code, "is not higher than" in ran.err) == (2, True)
    ran = run("correct", "claims", "nosuch-1", "value", "-3", "--reason", "duplicate", "--note", note, "--dir", copy)
    assert (ran.code, ran.err.startswith("there is no row `nosuch-1`")) == (2, True)


def test_misspelt_option_is_still_a_call_that_is_off(run: Run) -> None:
    assert run("validate", ROOT, "--fx").code == 2
