"""`add`: records become rows of all tables, by written rules; what needs a reader is asked."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.curation import coding_rules, records
from scripts.curation.addresses import address
from scripts.datapackage import canonical_csv
from scripts.datapackage.package import ROOT, read
from scripts.history import ledger
from tests.conftest import Run, edit, tree
from tests.few_documents import copy_of
from tests.records import Record, claims_of, document, figure, rows, write


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A copy of the shipped package with headers alone."""
    copy = copy_of(ROOT, tmp_path / "package")
    for table in read(copy).tables.values():
        (copy / table.path).write_text(canonical_csv.line(table.header), "utf-8")
    shutil.rmtree(copy / "releases")
    edit(copy / "datapackage.json", f'"version": "{read(copy).version}"', '"version": "0.0.0"')
    return copy


def test_records_of_the_package_give_its_tables_again(empty: Path, tmp_path: Path, run: Run) -> None:
    package = read(ROOT)
    file = write(tmp_path / "all.jsonl", list(records.export(package)))
    ran = run("add", file, "--dir", empty)
    assert (ran.code, ran.err) == (0, ""), ran.out[-2000:]
    for table in ledger.recorded(package):
        assert (empty / table.path).read_bytes() == (ROOT / table.path).read_bytes(), table.name
    before = tree(empty)
    again = run("add", file, "--dir", empty)
    assert again.code == 0
    assert again.out.count("; new: none\n") == len(again.out.splitlines()) == len(rows(empty, "documents"))
    assert tree(empty) == before


def test_figure_as_noted_becomes_rows_by_rule(copy: Path, tmp_path: Path, run: Run) -> None:
    file = write(tmp_path / "one.jsonl", [document(figure(via=["Yonhap"], as_of="2026-06-20"))])
    ran = run("add", file, "--dir", copy)
    assert ran.code == 1  # about_to is after publication: the rules of `validate` hold for what is added, too
    assert f"{file}:1:figures[1].about_to: https://example.org/one: " in ran.out
    file = write(tmp_path / "one.jsonl", [document(figure(via=["Yonhap"], as_of="2026-06-10"))])
    assert run("add", file, "--dir", copy).code == 0
    [claim] = claims_of(copy, "kbs-world-20260614")
    assert claim == {
        "claim_id": "kbs-world-20260614-1",
        "document_id": "kbs-world-20260614",
        "statement_id": "nis-20260613",
        "credited_to": "",
        "metric_id": "killed",
        "population_id": "troops",
        "place_id": "kursk-oblast",
        "modality": "asserted",
        "extent": "total",
        "about_from": "",
        "about_to": "2026-06-10",
        "value": "300",
        "low": "",
        "high": "",
        "qualifier": "about",
        "wording": "about 300",
        "hedge_id": "",
        "note": "",
    }
    assert [row["source_id"] for row in rows(copy, "relays") if row["document_id"] == "kbs-world-20260614"] == [
        "yonhap"
    ]
    [statement] = [row for row in rows(copy, "statements") if row["statement_id"] == "nis-20260613"]
    assert (statement["said_on"], statement["said_on_precision"]) == ("2026-06-13", "day")


@pytest.mark.parametrize(
    ("noted", "qualifier", "value", "low", "high"),
    [
        ({"qualifier": "several", "value": None}, "vague", None, None, None),
        ({"qualifier": "at_most", "value": 300}, "up_to", None, None, 300),
        ({"qualifier": "exact", "value": 300}, "unspecified", 300, None, None),
        ({"qualifier": "exact", "value": 301}, "exact", 301, None, None),
        ({"qualifier": "more_than", "value": 300, "low": 300}, "more_than", None, 300, None),
        ({"qualifier": "nearly", "value": 300}, "nearly", 300, None, 300),
        ({"qualifier": "range", "value": None, "low": 3, "high": 4}, "range", None, 3, 4),
    ],
)
def test_numbers_by_rule(noted: Record, qualifier: str, value: object, low: object, high: object) -> None:
    assert coding_rules.numbers(figure(**noted), None) == {
        "qualifier": qualifier,
        "value": value,
        "low": low,
        "high": high,
    }


def test_labels_that_mean_a_plan_or_a_possibility() -> None:
    assert [coding_rules.modality(figure(metric=label)) for label in ("planned", "redeployable", "present")] == [
        "expected",
        "possible",
        "asserted",
    ]
    assert coding_rules.metric(figure(metric="casualties")) == "killed-wounded"
    assert coding_rules.metric(figure(metric="other")) is None


@given(st.dates(), st.sampled_from([4, 7, 10]))
def test_first_and_last_day_hold_the_day(day: Any, length: int) -> None:  # noqa: ANN401  (a date)
    text = day.isoformat()[:length]
    first, precision = coding_rules.first_day(text)
    assert first <= day.isoformat() <= coding_rules.last_day(text)
    assert precision == {4: "year", 7: "month", 10: "day"}[length]


def test_unknown_label_is_told_with_the_line_to_add(copy: Path, tmp_path: Path, run: Run) -> None:
    before = tree(copy)
    file = write(
        tmp_path / "one.jsonl", [document(figure(originator="NIZ")), document(figure(originator="NIZ"), url=None)]
    )
    ran = run("add", file, "--dir", copy)
    assert ran.code == 1
    assert "`NIZ` is no key, name or label of sources" in ran.out
    assert "add to data/aliases.csv" not in ran.out
    assert 'add it, by the record {"resource": "sources", "row": {"source_id": "niz", "name": "NIZ",' in ran.out
    assert ran.out.count("[unknown-label]") == 1
    assert tree(copy) == before


@pytest.mark.parametrize(("typed", "meant"), [("Zelenskyy", "zelensky"), ("Pentagom", "pentagon")])
def test_name_that_is_like_a_known_one_is_proposed(
    typed: str, meant: str, copy: Path, tmp_path: Path, run: Run
) -> None:
    ran = run("add", write(tmp_path / "one.jsonl", [document(figure(source=typed))]), "--dir", copy)
    assert f"sources; it is like `{meant}`" in ran.out
    assert f"add to data/aliases.csv: sources,{typed},{meant}" in ran.out


def test_publisher_that_is_like_none_is_answered_with_a_row_of_its_own(copy: Path, tmp_path: Path, run: Run) -> None:
    record = document(figure(), publisher="KBC Morning (Nairobi)")
    ran = run("add", write(tmp_path / "one.jsonl", [record]), "--dir", copy)
    assert "it is like" not in ran.out
    [row] = re.findall(r"by the record (\{.*\})$", ran.out, re.MULTILINE)
    assert json.loads(row)["row"] | {"country": "KE"} == {
        "source_id": "kbc-morning", "name": "KBC Morning", "kind": "news", "country": "KE", "part_of": None,
    }  # fmt: skip
    assert run("add", write(tmp_path / "two.jsonl", [json.loads(row), record]), "--dir", copy).code == 0


def test_person_in_brackets_passed_the_figure_on(copy: Path, tmp_path: Path, run: Run) -> None:
    row = {"resource": "sources", "row": {"source_id": "singh", "name": "Sabrina Singh", "kind": "person"}}
    records_ = [row, document(figure(source="Pentagon (Singh)"))]
    assert run("add", write(tmp_path / "one.jsonl", records_), "--dir", copy).code == 0
    relays = [relay["source_id"] for relay in rows(copy, "relays") if relay["document_id"] == "kbs-world-20260614"]
    assert relays == ["singh"]
    assert claims_of(copy, "kbs-world-20260614")[0]["statement_id"] == "pentagon-20260613"


def test_key_of_a_statement_that_is_not_there_makes_none(copy: Path, tmp_path: Path, run: Run) -> None:
    typo = figure(statement={"statement_id": "nis-2026-0212"})
    ran = run("add", write(tmp_path / "one.jsonl", [document(typo)]), "--dir", copy)
    assert ran.code == 1
    assert "there is no statement `nis-2026-0212` [unknown-statement]" in ran.out
    assert "did you mean `nis-20260212`?" in ran.out


def test_month_joins_the_one_statement_in_it_that_has_the_number(copy: Path, tmp_path: Path, run: Run) -> None:
    one = document(figure())
    two = document(figure(said_on="2026-06", wording="some 300"), url="https://example.org/two")
    assert run("add", write(tmp_path / "two.jsonl", [one, two]), "--dir", copy).code == 0
    assert claims_of(copy, "kbs-world-20260614b")[0]["statement_id"] == "nis-20260613"


def test_page_with_two_totals_of_one_thing_is_asked(copy: Path, tmp_path: Path, run: Run) -> None:
    two = document(figure(), figure(value=500, wording="about 500"))
    ran = run("add", write(tmp_path / "one.jsonl", [two]), "--dir", copy)
    assert ":1:figures[2].extent: " in ran.out
    assert "the page has another total of this, “about 300” (`kbs-world-20260614-1`)" in ran.out


def test_figure_whose_source_is_not_said_is_asked(copy: Path, tmp_path: Path, run: Run) -> None:
    noted = figure()
    del noted["originator"]
    ran = run("add", write(tmp_path / "one.jsonl", [document(noted)]), "--dir", copy)
    assert ":1:figures[1].source: " in ran.out
    assert "null is the answer that it names nobody" in ran.out


def test_examples_of_the_documentation_code_what_the_data_have(as_released: Path, tmp_path: Path, run: Run) -> None:
    page = (ROOT / "docs/records.md").read_text("utf-8")
    given_records = [json.loads(block) for block in re.findall(r"^```json\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)]
    ran = run("add", write(tmp_path / "examples.jsonl", given_records), "--dry-run", "--dir", as_released)
    assert ran.code == 0, ran.out
    assert ran.out.count("; new: none\n") == sum("figures" in record for record in given_records) > 2


def test_what_no_rule_decides_is_asked_with_choices(copy: Path, tmp_path: Path, run: Run) -> None:
    asked = document(figure(metric="other", unit="aircraft"), figure(population=None))
    ran = run("add", write(tmp_path / "one.jsonl", [asked]), "--dir", copy)
    assert f"{tmp_path / 'one.jsonl'}:1:figures[1].metric_id: " in ran.out
    assert "one of killed" in ran.out or ", killed," in ran.out
    assert ":1:figures[2].population_id: " in ran.out
    decided = document(
        figure(metric="other", unit="aircraft", metric_id="present"),
        figure(population=None, population_id="combat-troops"),
    )
    ran = run("add", write(tmp_path / "one.jsonl", [decided]), "--dir", copy)
    assert ran.code == 0, ran.out
    assert [row["metric_id"] for row in claims_of(copy, "kbs-world-20260614")] == ["present", "killed"]


def test_missing_day_is_proposed_to_the_occasions_that_fit(copy: Path, tmp_path: Path, run: Run) -> None:
    one = document(figure())
    two = document(figure(said_on=None, wording="around 300"), url="https://example.org/two", published_on="2026-06-15")
    ran = run("add", write(tmp_path / "two.jsonl", [one, two]), "--dir", copy)
    assert ":2:figures[1].statement: " in ran.out
    assert "one of nis-20260613 (2026-06-13: killed “about 300”; 1 document), own (its own, " in ran.out
    two["figures"][0]["statement"] = {"statement_id": "nis-20260613"}
    assert run("add", write(tmp_path / "two.jsonl", [one, two]), "--dir", copy).code == 0
    assert claims_of(copy, "kbs-world-20260615")[0]["statement_id"] == "nis-20260613"


def test_other_number_or_older_occasion_is_a_statement_of_its_own(copy: Path, tmp_path: Path, run: Run) -> None:
    one = document(figure())
    two = document(figure(said_on=None, value=400, wording="about 400"), url="https://example.org/two")
    three = document(figure(said_on=None), url="https://example.org/three", published_on="2026-06-21")
    assert run("add", write(tmp_path / "all.jsonl", [one, two, three]), "--dir", copy).code == 0
    assert claims_of(copy, "kbs-world-20260614b")[0]["statement_id"] == "nis-kbs-world-20260614b"
    assert claims_of(copy, "kbs-world-20260621")[0]["statement_id"] == "nis-kbs-world-20260621"


def test_nobody_named_is_the_source_that_is_nobody(copy: Path, tmp_path: Path, run: Run) -> None:
    assert (
        run("add", write(tmp_path / "one.jsonl", [document(figure(originator=None, said_on=None))]), "--dir", copy).code
        == 0
    )
    assert claims_of(copy, "kbs-world-20260614")[0]["statement_id"] == "unattributed-kbs-world-20260614"


@pytest.mark.parametrize(
    "other",
    [
        "http://example.org/one",
        "https://www.example.org/one/",
        "https://example.org:443/one?utm_source=x&fbclid=y",
        "HTTPS://EXAMPLE.org/one#top",
    ],
)
def test_document_is_known_by_its_address(other: str, copy: Path, tmp_path: Path, run: Run) -> None:
    assert run("add", write(tmp_path / "one.jsonl", [document(figure())]), "--dir", copy).code == 0
    before = tree(copy)
    assert run("add", write(tmp_path / "one.jsonl", [document(figure(), url=other)]), "--dir", copy).code == 0
    assert tree(copy) == before


def test_addresses_that_differ_in_what_matters_are_two() -> None:
    addresses = ["https://a.org/x?id=1", "https://a.org/x?id=2", "https://a.org/y?id=1", "https://b.org/x?id=1"]
    assert len({address(url) for url in addresses}) == 4


def test_dry_run_prints_the_rows_and_writes_nothing(copy: Path, tmp_path: Path, run: Run) -> None:
    before = tree(copy)
    ran = run("add", write(tmp_path / "one.jsonl", [document(figure())]), "--dry-run", "--dir", copy)
    assert ran.code == 0
    assert "kbs-world-20260614-1,kbs-world-20260614,nis-20260613,,killed,troops,kursk-oblast,asserted,total," in ran.out
    assert tree(copy) == before


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "[json]"),
        ("[]", "[property]"),
        (
            '{"language": "en", "read": "opening", "figures": [{"wording": "x", "metrc": "killed"}]}',
            "did you mean `metric`?",
        ),
        ('{"language": "en", "read": "opening", "figures": [{"value": "300", "wording": "x"}]}', "[property]"),
        ('{"resource": "sources", "row": {"source_id": "nis", "name": "Another"}}', "[row-differs]"),
    ],
)
def test_record_that_is_none_is_told_with_its_line(line: str, said: str, copy: Path, tmp_path: Path, run: Run) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_text(f"\n{line}\n", "utf-8")
    before = tree(copy)
    ran = run("add", file, "--dir", copy)
    assert ran.code == 1
    assert f"{file}:2" in ran.out
    assert said in ran.out
    assert tree(copy) == before


def test_file_that_is_not_there(copy: Path, run: Run) -> None:
    ran = run("add", "nowhere.jsonl", "--dir", copy)
    assert ran.code == 2
    assert "nowhere.jsonl" in ran.err


@pytest.mark.parametrize("value", ["300.5", "true", "9223372036854775808", "1e30", "1e400", "NaN"])
def test_what_is_no_whole_number_is_told_with_its_place(value: str, copy: Path, tmp_path: Path, run: Run) -> None:
    text = json.dumps(document(figure()), ensure_ascii=False).replace('"value": 300', f'"value": {value}')
    (tmp_path / "one.jsonl").write_text(text, "utf-8")
    ran = run("add", tmp_path / "one.jsonl", "--dir", copy)
    assert ran.code == 1
    assert ran.out.startswith(f"{tmp_path / 'one.jsonl'}:1:")


@pytest.mark.parametrize("day", ["2025-13", "2025-02-30", "2025-01\n", "2025-1", "0000"])
def test_day_of_no_calendar_is_told_with_its_place(day: str, copy: Path, tmp_path: Path, run: Run) -> None:
    record = document(figure(as_of=day, said_on=None), published_on=day)
    ran = run("add", write(tmp_path / "one.jsonl", [record]), "--dir", copy)
    assert ran.code == 1
    assert ":1:figures.0.as_of: " in ran.out
    assert ":1:published_on: " in ran.out


def test_key_of_many_digits_is_a_key(copy: Path, tmp_path: Path, run: Run) -> None:
    again = document(figure(metric="present", value=20, wording="about 20"))
    record = document(figure(claim_id=f"x-{'9' * 5000}"))
    assert run("add", write(tmp_path / "one.jsonl", [record, again]), "--dir", copy).code == 1


def test_folder_in_the_place_of_records_is_told(copy: Path, tmp_path: Path, run: Run) -> None:
    ran = run("add", tmp_path, "--dir", copy)
    assert "not a plain file" in ran.out + ran.err
