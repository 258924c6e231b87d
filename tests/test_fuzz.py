"""What strangers hand over, mutated by chance, breaks no promise; and a promise that is broken is found."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.__main__ import main
from tests.conftest import SOAK
from tests.fuzz import content, judged
from tests.fuzz.__main__ import ROUNDS, run, told
from tests.fuzz.play import at_home, begun, placed, play
from tests.fuzz.rounds import Round
from tests.fuzz.strangers import citation, record
from tests.fuzz.strangers import dist as on_a_dist
from tests.fuzz.trees import Kept

PARTS = 4 if SOAK else 2
PATIENCE = 60  # seconds: other tests run at the same time
SEED = 1
QUICK = [number for number in range(50) if begun(SEED, number)[0] is not on_a_dist]


@pytest.fixture
def base(few: Path, tmp_path: Path) -> Path:
    """A folder with package/ as rounds take it."""
    (tmp_path / "base").mkdir()
    (tmp_path / "base/package").symlink_to(few)
    return tmp_path / "base"


@pytest.fixture
def kept(base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    """The folders of rounds that are played in this process."""
    for name in ("HOME", "TMPDIR", "FUZZ_TOKEN", "FUZZ_ASIDE", "FIGURES_TRACE"):
        monkeypatch.setenv(name, "")
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "of").mkdir()
    found = placed(base, tmp_path / "of/work")
    at_home(tmp_path / "of/work")
    return found


@pytest.mark.soak
@pytest.mark.parametrize("part", range(PARTS))
def test_what_strangers_hand_over_breaks_no_promise(part: int, base: Path, dist_of_few: Path) -> None:
    """Thirty times in all; ten thousand in `make soak`."""
    (base / "dist").symlink_to(dist_of_few)
    each = (ROUNDS if SOAK else 30) // PARTS
    played = run(base, range(part * each, (part + 1) * each), SEED, PATIENCE)
    found = [finding for one in played for finding in one]
    assert not found, "\n".join(map(told, found))


def raises(_: list[str]) -> int:
    raise RuntimeError("planted")


def is_at_fault(_: list[str]) -> int:
    return 70


def ends_with_another_code(_: list[str]) -> int:
    return 5


def writes_at_home(_: list[str]) -> int:
    (Path.home() / "planted.pth").write_text("import os", "utf-8")
    return 1


def writes_what_it_reads(call: list[str]) -> int:
    (Path(call[-1]) / ".lock").touch()
    return 1


def leaves_something(_: list[str]) -> int:
    tempfile.mkdtemp()
    return 1


def finds_nothing(_: list[str]) -> int:
    return 0


def reads_a_file_of_the_user(_: list[str]) -> int:
    print((Path.home() / "secret.csv").read_text("utf-8"))
    return 1


def prints_no_json(_: list[str]) -> int:
    print('[{"value": NaN}]')
    return 0


@pytest.mark.parametrize(
    ("planted", "kind"),
    [
        (raises, "traceback"),
        (is_at_fault, "traceback"),
        (ends_with_another_code, "exit code"),
        (writes_at_home, "written outside"),
        (writes_what_it_reads, "written outside"),
        (leaves_something, "left behind"),
        (finds_nothing, "not noticed"),
        (reads_a_file_of_the_user, "read outside"),
        (prints_no_json, "no JSON"),
    ],
)
def test_planted_fault_is_found(
    planted: Callable[[list[str]], int], kind: str, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judged, "main", planted)
    first = next(found for number in QUICK for found in play(number, SEED, kept) if found.kind == kind)
    monkeypatch.setattr(judged, "main", lambda _: 2)
    assert play(first.number, SEED, kept) == [], "a round is played as it was, and finds nothing where nothing is wrong"
    assert kept.whole()


def test_round_is_the_same_every_time(base: Path, kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    def called(call: list[str]) -> int:
        calls.append(str(call))
        return 2

    monkeypatch.setattr(judged, "main", called)
    for number in QUICK[:20]:
        play(number, SEED, kept)
    there = calls.copy()
    calls.clear()
    other = placed(base, tmp_path / "other/work")
    for number in reversed(QUICK[:20]):
        play(number, SEED, other)
    assert sorted(calls) == sorted(call.replace("/of/work/", "/other/work/") for call in there)
    shutil.rmtree(tmp_path / "other")


@pytest.mark.parametrize(("kind", "codes"), [(record, {0}), (citation, {0, 1})])
def test_what_is_not_mutated_is_not_refused(
    kind: Callable[[Round], None], codes: set[int], kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else its rounds would see nothing but the refusal. A citation may be superseded."""
    monkeypatch.setattr(content, "changed", lambda _, tree: tree)
    monkeypatch.setattr(content, "mutated", lambda _, __, data: ("nothing", data))
    found: list[int] = []

    def called(call: list[str]) -> int:
        found.append(main(call))
        return found[-1]

    monkeypatch.setattr(judged, "main", called)
    for number in [number for number in QUICK if begun(SEED, number)[0] is kind][:3]:
        assert play(number, SEED, kept) == []
    assert {*found} <= codes


def test_round_that_takes_too_long_is_ended_and_the_next_is_played(base: Path) -> None:
    _, second = run(base, range(QUICK[0], QUICK[0] + 2), SEED, seconds=0)
    assert [finding.kind for finding in second] == ["too long"]
    assert f"round {QUICK[0] + 1}: " in second[0].detail


def test_process_that_ends_is_told(tmp_path: Path) -> None:
    [[finding]] = run(tmp_path / "nothing", range(1), SEED)
    assert (finding.kind, finding.number) == ("ended", 0)
    assert "FileNotFoundError" in finding.detail
