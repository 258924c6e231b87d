"""`add` of one figure by options: on a terminal it asks for what is missing, elsewhere it prints the record."""

import io
import json
import sys
from pathlib import Path

import pytest

from tests.conftest import Run, tree
from tests.records import Record, claims_of, rows

URL = "https://example.org/a-page"
SAID = ("--url", URL, "--wording", "about 500", "--metric", "killed", "--source", "NIS")


class Terminal(io.StringIO):
    """Standard input at which a person types lines."""

    def isatty(self) -> bool:
        """Say that somebody is there."""
        return True


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> "Typed":
    return Typed(monkeypatch)


class Typed:
    """Types lines at a terminal."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Take what replaces standard input."""
        self.monkeypatch = monkeypatch

    def __call__(self, *lines: str) -> None:
        """Have these lines typed next."""
        self.monkeypatch.setattr(sys, "stdin", Terminal("".join(f"{line}\n" for line in lines)))


def test_person_at_a_terminal_adds_a_figure_by_one_command(copy: Path, run: Run, typed: Typed) -> None:
    typed("KBS World", "2026-06-14", "page", "en", "full", "", "troops")
    ran = run("add", *SAID, "--said-on", "2026-06-13", "--dir", copy)
    assert (ran.code, ran.out.count(" added\n")) == (0, 3), ran.out + ran.err
    assert "language" in ran.err
    assert "opening" in ran.err
    [claim] = claims_of(copy, "kbs-world-20260614")
    cells = ("statement_id", "metric_id", "population_id", "extent", "value", "qualifier", "wording")
    wanted = ["nis-20260613", "killed", "troops", "total", "500", "about", "about 500"]
    assert [claim[name] for name in cells] == wanted
    assert run("validate", copy).code == 0


def test_name_that_is_unknown_becomes_a_row_by_its_answers(copy: Path, run: Run, typed: Typed) -> None:
    typed("The Daily Herald", "2026-06-14", "page", "en", "full", "", "new", "GB", "troops")
    ran = run("add", *SAID, "--said-on", "2026-06-13", "--dir", copy)
    assert ran.code == 0, ran.out + ran.err
    [row] = [row for row in rows(copy, "sources") if row["source_id"] == "the-daily-herald"]
    assert (row["name"], row["kind"], row["country"]) == ("The Daily Herald", "news", "GB")


def test_what_words_leave_open_is_asked_with_what_each_answer_means(copy: Path, run: Run, typed: Typed) -> None:
    typed("KBS World", "2026-06-14", "page", "en", "full", "", "addition", "troops")
    said = [*SAID[:3], "another 500", *SAID[4:]]
    ran = run("add", *said, "--population", "troops", "--said-on", "2026-06-13", "--dir", copy)
    assert ran.code == 0, ran.out + ran.err
    assert "on top of those before" in ran.err
    assert [claim["extent"] for claim in claims_of(copy, "kbs-world-20260614")] == ["addition"]


def test_without_a_terminal_the_record_is_printed_to_be_completed(
    copy: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    before = tree(copy)
    ran = run("add", *SAID, "--dir", copy)
    assert (ran.code, tree(copy)) == (1, before)
    text, _, _ = ran.out.partition("options:")
    record = json.loads(text)
    assert record["publisher"] is None
    assert record["figures"] == [{"wording": "about 500", "metric": "killed", "source": "NIS"}]
    assert "options:publisher: it is not said [undecided]" in ran.out


@pytest.mark.parametrize("layout", ["a line", "pretty", "a list", "with a mark", "standard input"])
def test_records_are_read_in_any_layout(
    layout: str, copy: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    figure = {
        "wording": "about 500",
        "metric": "killed",
        "population": "troops",
        "source": "NIS",
        "said_on": "2026-06-13",
    }
    record: Record = {
        "url": URL,
        "publisher": "KBS World",
        "language": "en",
        "read": "full",
        "published_on": "2026-06-14",
    }
    record |= {"published_on_basis": "page", "figures": [figure]}
    other = {**record, "url": f"{URL}/2"}
    texts = {
        "a line": f"{json.dumps(record)}\n{json.dumps(other)}\n",
        "pretty": f"{json.dumps(record, indent=2)}\n{json.dumps(other, indent=2)}\n",
        "a list": json.dumps([record, other], indent=1),
        "with a mark": f"\ufeff{json.dumps(record)}\n{json.dumps(other)}\n",
    }
    file = tmp_path / "records.json"
    file.write_text(texts.get(layout, texts["pretty"]), "utf-8")
    if layout == "standard input":
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(file.read_bytes())))
    ran = run("add", "-" if layout == "standard input" else file, "--dir", copy)
    assert ran.code == 0, ran.out + ran.err
    assert len(claims_of(copy, "kbs-world-20260614")) == len(claims_of(copy, "kbs-world-20260614b")) == 1
