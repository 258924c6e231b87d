"""stata/claims_wide.dta: the view cell by cell, its columns and values labelled; the same bytes on every day."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
import readstat_arrow

from scripts.datapackage.package import Json
from scripts.publish.books import stata
from scripts.publish.readers import figures


def descriptor(dist: Path) -> Json:
    read: Json = json.loads((dist / "datapackage.json").read_text("utf-8"))
    return read


def fields(dist: Path) -> list[Json]:
    [found] = [resource for resource in descriptor(dist)["resources"] if resource["name"] == stata.VIEW]
    listed: list[Json] = found["schema"]["fields"]
    return listed


def plain(column: pd.Series[Any]) -> list[Any]:
    """Return cells as text, numbers or days, with none for a blank, which Stata has as a text without characters."""
    cells = [None if pd.isna(cell) or cell == "" else cell for cell in column.astype(object)]
    return [cell.date() if isinstance(cell, pd.Timestamp) else cell for cell in cells]


def test_pandas_reads_the_cells_of_the_view(dist: Path) -> None:
    found, wanted = pd.read_stata(dist / stata.PATH), figures.read(stata.VIEW, dist)
    assert list(found.columns) == list(wanted.columns)
    for name in wanted:
        assert plain(found[name]) == plain(wanted[name]), name
        if isinstance(wanted[name].dtype, pd.CategoricalDtype):
            used = [word for word in wanted[name].cat.categories if word in set(found[name].dropna())]
            assert [word for word in found[name].cat.categories if word in used] == used


def test_columns_and_values_are_labelled_and_the_citation_is_a_note(dist: Path) -> None:
    _, known = readstat_arrow.read_dta(dist / stata.PATH)
    stated = descriptor(dist)
    assert stated["bibliographicCitation"] in known.notes[0]
    assert stated["licenses"][0]["path"] in known.notes[1]
    assert known.file_label == stated["title"]
    for field in fields(dist):
        assert known.variable_labels[field["name"]] == stata._label(field["description"])
        words = field.get("constraints", {}).get("enum", [])
        assert [one["label"] for one in known.value_labels.get(field["name"]) or []] == words


def test_days_look_as_they_do_everywhere_else(dist: Path) -> None:
    _, known = readstat_arrow.read_dta(dist / stata.PATH)
    assert {known.formats[field["name"]] for field in fields(dist) if field["type"] == "date"} == {"%tdCCYY-NN-DD"}


def test_a_long_label_ends_behind_a_word_and_is_whole_in_a_note(dist: Path, tmp_path: Path) -> None:
    stated = descriptor(dist)
    meaning = ", ".join(["a meaning of very many words"] * 5)
    with duckdb.connect() as con:
        con.execute("create view claims_wide as select repeat('語', 1000) as words union all select 'few' order by 1")
        field = {"name": "words", "type": "string", "description": meaning}
        stated["resources"] = [{"name": stata.VIEW, "schema": {"fields": [field]}}]
        stata.write(con, stated, tmp_path / stata.PATH)
    table, known = readstat_arrow.read_dta(tmp_path / stata.PATH)
    label = str(known.variable_labels["words"])
    assert len(label) <= 80
    assert meaning.startswith(label.removesuffix("…"))
    assert meaning[len(label) - 1 :][0] in " ,"
    assert f"words: {meaning}" in known.notes
    assert any("1 of its texts end in […]" in note for note in known.notes)
    few, cut = map(str, table["words"].to_pylist())
    assert few == "few"
    assert cut.endswith("語[…]")
    assert len(cut.encode()) <= 2045


@pytest.mark.parametrize("zone", ["Asia/Seoul", "America/New_York"])
def test_bytes_are_the_same_in_every_time_zone(
    zone: str, dist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        with duckdb.connect(str(dist / "figures.duckdb"), read_only=True) as con:
            con.execute(f"create temp view {stata.VIEW} as from '{dist}/parquet/{stata.VIEW}.parquet'")
            stata.write(con, descriptor(dist), tmp_path / stata.PATH)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert (tmp_path / stata.PATH).read_bytes() == (dist / stata.PATH).read_bytes()
    stamp = (dist / stata.PATH).read_bytes()[:400].split(b"<timestamp>\x11")[1][:17].decode()
    day = descriptor(dist).get("created", "1980-01-01")[:10]
    assert time.strftime("%Y-%m-%d", time.strptime(stamp, "%d %b %Y 00:00")) == day
