"""`add` loses nothing of what a record says without a word, and answers every file with a sentence."""

import json
import os
import time
from pathlib import Path

import pytest

from tests.conftest import Run, tree
from tests.records import Record, claims_of, document, figure, rows, write

KEY = "kbs-world-20260614"


def refused(run: Run, root: Path, file: Path, code: int = 1) -> str:
    """Add a file that does not hold; return what is said of it. Nothing is written."""
    before = tree(root)
    ran = run("add", file, "--dir", root)
    assert (ran.code, tree(root)) == (code, before), ran.out + ran.err
    return ran.err if code == 2 else ran.out


def line(**cells: object) -> str:
    return json.dumps(document(**{"figures": [figure()], **cells}), ensure_ascii=False)


NO_RECORDS: dict[str, tuple[bytes, str]] = {
    "UTF-16": (line().encode("utf-16"), "is not UTF-8; save it as UTF-8"),
    "binary": (os.urandom(2000) + b"\xff", "is not UTF-8"),
    "cut inside a character": ((line() + "é").encode()[:-1], ":1: the file is not UTF-8"),
}
NO_RECORD = {
    "cut": (line()[:-20], "[json]"),
    "deep": ("[" * 100_000, "lie more than 50 deep"),
    "deep inside a record": ('{"figures": ' + "[" * 100_000 + "]" * 100_000 + "}", "lie more than 50 deep"),
    "huge": ('{"note": "' + "x" * (1 << 20) + '"}', "characters, and may have 1,048,576"),
    "a list": ("[1, 2]", "[1, 2] stands where an object should"),
    "a text": ('"x"', '"x" stands where an object should'),
    "a number of thousands of digits": ('{"value": 1' + "0" * 5000 + "}", "[json]"),
    "NaN": ('{"value": NaN}', "`NaN` is no number of JSON"),
    "half a character": ('{"note": "\\ud800"}', "half a character"),
    "a property twice": ('{"note": "x", "note": "y"}', "stands there twice"),
    "figures that are none": (line(figures=7), "7 stands where a list should"),
    "a figure that is none": (line(figures=["x"]), '"x" stands where an object should'),
    "a label that is none": (line(publisher=["KBS World"]), "stands where a text or null should"),
    "a document without its language": ('{"figures": [], "read": "full"}', "`language` is missing"),
    "a row without its table": (line(row={"source_id": "x"}), "resource"),
    "figures beside a row": ('{"resource": "sources", "row": {}, "figures": []}', "figures"),
    "a column that the table has not": (
        '{"resource": "sources", "row": {"source_id": "x", "nmae": "X"}}',
        "`nmae` is no column of sources",
    ),
    "a day that is none": (line(published_on="2026-02-30"), "`2026-02-30` is no day of the calendar"),
    "a month that is none": (line(figures=[figure(as_of="2026-13")]), "`2026-13` is no day of the calendar"),
    "a NUL": (line(title="a\0b"), "a text holds the character NUL"),
}


@pytest.mark.parametrize("name", NO_RECORDS)
def test_file_that_holds_no_records(name: str, copy: Path, tmp_path: Path, run: Run) -> None:
    content, said = NO_RECORDS[name]
    (tmp_path / "one.jsonl").write_bytes(content)
    assert said in refused(run, copy, tmp_path / "one.jsonl", code=2)


@pytest.mark.parametrize("name", NO_RECORD)
def test_line_that_is_no_record(name: str, copy: Path, tmp_path: Path, run: Run) -> None:
    content, said = NO_RECORD[name]
    (tmp_path / "one.jsonl").write_text(f"\n{content}\n", "utf-8")
    out = refused(run, copy, tmp_path / "one.jsonl")
    assert said in out
    assert f"{tmp_path / 'one.jsonl'}:2" in out
    assert len(out) < 2000


@pytest.mark.parametrize("kind", ["pipe", "device", "folder", "missing"])
def test_what_is_no_plain_file_is_not_waited_for(kind: str, copy: Path, tmp_path: Path, run: Run) -> None:
    place = Path("/dev/zero") if kind == "device" else tmp_path / "records"
    if kind == "pipe":
        os.mkfifo(place)
    if kind == "folder":
        place.mkdir()
    began = time.monotonic()
    said = refused(run, copy, place, code=2)
    assert said.startswith(f"{place}: ")
    assert time.monotonic() - began < 60


@pytest.mark.parametrize("end", ["\u2028", "\u2029", "\u0085", "\x0b", "\x0c", "\x1c", "\x1e"])
def test_only_a_line_feed_ends_a_record(end: str, copy: Path, tmp_path: Path, run: Run) -> None:
    """The record is read whole, so that what is said is of the cell: it holds a sign that no one sees."""
    raw = json.dumps(end)[1:-1] if end < " " else end
    text = line(title="one two").replace("one two", f"one{raw}two")
    (tmp_path / "one.jsonl").write_text(f"{text}\n{line(url='https://example.org/two')}\n", "utf-8")
    out = refused(run, copy, tmp_path / "one.jsonl")
    assert f"U+{ord(end):04X}" in out
    assert "[unseen-sign]" in out
    assert "[json]" not in out


def test_byte_order_mark_and_crlf_are_read(copy: Path, tmp_path: Path, run: Run) -> None:
    text = f"\ufeff{line()}\r\n\r\n{line(url='https://example.org/two')}\r\n"
    (tmp_path / "one.jsonl").write_text(text, "utf-8", newline="")
    assert run("add", tmp_path / "one.jsonl", "--dir", copy).code == 0
    assert len(claims_of(copy, KEY)) == 1


@pytest.mark.parametrize("number", ["300.0", "3e2", "30.0e1"])
def test_whole_number_is_one_however_it_is_written(number: str, copy: Path, tmp_path: Path, run: Run) -> None:
    text = line().replace('"value": 300', f'"value": {number}')
    (tmp_path / "one.jsonl").write_text(text, "utf-8")
    assert run("add", tmp_path / "one.jsonl", "--dir", copy).code == 0
    assert claims_of(copy, KEY)[0]["value"] == "300"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("300.5", "300.5 stands where a whole number or null should"),
        ("true", "true stands where a whole number or null should"),
        ('"300"', '"300" stands where a whole number or null should'),
        ("9223372036854775808", "9223372036854775808 is greater than the maximum of 9223372036854775807"),
        ("1e30", "1e+30 is greater than the maximum"),
        ("1e400", "1e400 is larger than any number that a computer holds"),
    ],
)
def test_number_that_no_cell_holds(number: str, said: str, copy: Path, tmp_path: Path, run: Run) -> None:
    (tmp_path / "one.jsonl").write_text(line().replace('"value": 300', f'"value": {number}'), "utf-8")
    assert said in refused(run, copy, tmp_path / "one.jsonl")


@pytest.mark.parametrize(
    "label", ["  KBS World ", "KBS\u00a0World", "KBS\u200b World", "KBS World\ufeff", "KBS  World"]
)
def test_label_is_known_whatever_no_one_sees_in_it(label: str, copy: Path, tmp_path: Path, run: Run) -> None:
    file = write(tmp_path / "one.jsonl", [document(figure(), publisher=label)])
    assert run("add", file, "--dir", copy).code == 0
    assert [row["publisher_id"] for row in rows(copy, "documents") if row["document_id"] == KEY] == ["kbs-world"]


def test_label_in_parts_is_known_and_a_text_is_put_together(copy: Path, tmp_path: Path, run: Run) -> None:
    file = write(
        tmp_path / "one.jsonl", [document(figure(originator="South Korea ('Se\u0301oul')"), title="Se\u0301oul")]
    )
    assert run("add", file, "--dir", copy).code == 0
    assert claims_of(copy, KEY)[0]["statement_id"] == "south-korea-20260613"
    assert [row["title"] for row in rows(copy, "documents") if row["document_id"] == KEY] == ["Séoul"]


def test_remedy_for_an_unknown_label_makes_no_twin(copy: Path, tmp_path: Path, run: Run) -> None:
    labels = ["Cafe\u0301\u200b Presse", "Café\u00a0Presse ", "Café Presse"]
    file = write(
        tmp_path / "one.jsonl", [document(url=f"https://example.org/{n}", publisher=labels[n]) for n in range(3)]
    )
    out = refused(run, copy, file)
    assert out.count("[unknown-label]") == 1
    assert '{"source_id": "cafe-presse", "name": "Café Presse", "kind": "news",' in out


LOST: dict[str, tuple[Record, str]] = {
    "a place beside a metric that is decided": (
        {"metric": None, "metric_id": "killed", "place": "Atlantis"},
        "`Atlantis` is no key, name or label of places",
    ),
    "whose materiel it is": (
        {"metric": "shells_shipped", "unit": "shells", "population": "122 mm shells"},
        "`122 mm shells` would be lost: shells-shipped counts no persons",
    ),
    "a second number": ({"value": 300, "low": 200}, "200 would be lost: `about` fills value"),
    "a number beside no number": ({"qualifier": "several", "value": 3}, "3 would be lost: `vague` fills nothing"),
    "how exact it is": ({"qualifier": None, "wording": "zwischendurch 300"}, "qualifies the number"),
    "a qualifier that is none": ({"qualifier": "circa"}, "`circa` is no qualifier"),
    "a column of a statement": (
        {"statement": {"statement_id": "nis-x", "source_id": "nis", "sad_on": "2026-06-01"}},
        "`sad_on` is no column of statements",
    ),
}


@pytest.mark.parametrize("name", LOST)
def test_what_no_column_would_hold_is_asked(name: str, copy: Path, tmp_path: Path, run: Run) -> None:
    cells, said = LOST[name]
    noted = {key: cell for key, cell in figure(**cells).items() if key not in ("metric", "qualifier") or cell}
    out = refused(run, copy, write(tmp_path / "one.jsonl", [document(noted)]))
    assert said in out
    assert f"{tmp_path / 'one.jsonl'}:1:figures[1]." in out


def test_remark_behind_the_basis_stands_in_the_note(copy: Path, tmp_path: Path, run: Run) -> None:
    given: list[Record] = [
        document(
            figure(said_on=None, statement="own"), published_on=None, published_on_basis="none: cites a report of June"
        ),
        document(
            figure(), published_on_basis="inferred: from the address", note="a copy", url="https://example.org/two"
        ),
    ]
    assert run("add", write(tmp_path / "one.jsonl", given), "--dir", copy).code == 0
    notes = {row["url"]: row["note"] for row in rows(copy, "documents")}
    assert notes["https://example.org/one"] == "none: cites a report of June"
    assert notes["https://example.org/two"] == "a copy; inferred: from the address"


def test_day_that_is_still_to_come_is_refused(copy: Path, tmp_path: Path, run: Run) -> None:
    out = refused(run, copy, write(tmp_path / "one.jsonl", [document(figure(), published_on="2101-01-01")]))
    assert "[published-on-has-come]" in out
    out = refused(run, copy, write(tmp_path / "one.jsonl", [document(figure(said_on="2021-12-31"))]))
    assert "[said-on-since-2022]" in out
