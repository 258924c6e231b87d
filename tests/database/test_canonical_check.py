"""Bytes are canonical where our writer writes just them for the rows that they hold, and only there."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scripts.database import canonical_check, connection
from scripts.datapackage import canonical_csv
from scripts.datapackage.package import Table, table
from tests.conftest import SOAK

HEADER = ("a", "b", "c")
FIELDS = [{"name": name, "type": "string"} for name in HEADER]
TABLE = table({"name": "t", "path": "t.csv", "schema": {}}, {"fields": FIELDS})
CELLS = ["", 'a"b', "a,b", "x", '"', " y", "z "]
ODD = ['""', '"', ",", " ", "\n", "x", "é", "a,b,c\n", "#"]


def is_canonical(path: Path, one: Table = TABLE) -> bool:
    con = connection.connect()
    lines = canonical_check.lines_of(path, one)
    return lines is not None and connection.read(con, one, path) and canonical_check.in_order(con, one, lines)


def is_written(data: bytes) -> bool:
    """Whether our writer writes these bytes for the rows that Python's csv reads in them."""
    try:
        header, *rows = csv.reader(io.StringIO(data.decode(), newline=""), strict=True)
    except (csv.Error, ValueError):
        return False
    whole = all(len(row) == len(HEADER) and any(cell.strip(" ") for cell in row) and row != [*HEADER] for row in rows)
    in_lines = all("\n" not in cell for row in rows for cell in row)
    return whole and in_lines and "".join(map(canonical_csv.line, [header, *rows])).encode() == data


@pytest.mark.soak
@given(st.lists(st.sampled_from(ODD), max_size=12).map("".join))
@settings(max_examples=3000 if SOAK else 150, deadline=None, suppress_health_check=[*HealthCheck])
def test_bytes_are_canonical_where_the_writer_writes_them(tmp_path: Path, text: str) -> None:
    data = f"a,b,c\n{text}\n".encode()
    (tmp_path / "t.csv").write_bytes(data)
    assert is_canonical(tmp_path / "t.csv") == is_written(data), data


@given(
    st.lists(st.lists(st.sampled_from(["", 'a"b', "a,b", "x", '"', " y", "z "]), min_size=3, max_size=3), max_size=5)
)
@settings(max_examples=60, deadline=None, suppress_health_check=[*HealthCheck])
def test_what_the_writer_writes_is_canonical(tmp_path: Path, rows: list[list[str]]) -> None:
    text = "".join(map(canonical_csv.line, [list(HEADER), *rows]))
    (tmp_path / "t.csv").write_text(text, "utf-8", newline="")
    assert is_canonical(tmp_path / "t.csv") == all(any(row) for row in rows)


def test_a_quote_too_few_is_not_made_good_by_others_too_many(tmp_path: Path) -> None:
    """Two cells that want quotes are six bytes shorter without; three that need none are six longer with them."""
    rows = ['a"b,"x",1', 'c"d,"y",2', 'e,"z",3']
    (tmp_path / "t.csv").write_text("\n".join(["a,b,c", *rows, ""]), "utf-8")
    assert not is_canonical(tmp_path / "t.csv")


@pytest.mark.parametrize("size", [1, 7, 64])
def test_blocks_end_anywhere(size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canonical_check, "BLOCK", size)
    text = 'a,b,c\n1,"x,y",\n2,,"z ""q"""\n'
    (tmp_path / "t.csv").write_text(text, "utf-8")
    assert canonical_check.lines_of(tmp_path / "t.csv", TABLE) == 3
    needless = text.replace("2,", '"2",')
    for broken in (text + "1,2,3,\n", needless, text + " ,,\n", text + ",,\n", text + "a,b,c\n", text[:-1]):
        (tmp_path / "t.csv").write_text(broken, "utf-8")
        assert canonical_check.lines_of(tmp_path / "t.csv", TABLE) is None, broken
