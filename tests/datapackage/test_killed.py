"""Every verb that writes, stopped: the next verb sees the old package or the new one, byte for byte, and succeeds.

A verb reads, then hands all its files to `stage`: the first tests hold that it writes nowhere else, and stop it at
each write there; the last ones stop whole verbs at any time.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.datapackage import atomic_write, canonical_csv
from scripts.datapackage.errors import NotWritten
from scripts.datapackage.package import ROOT, read
from tests.conftest import SOAK, Run, settle, tree
from tests.killing import apart, at_write, kill, restore
from tests.records import document, figure, write

CLAIM = "united24-media-202602-1"
VERBS = ("correct", "withdraw", "add", "release")
MANY, STRIDE = 24, 5  # steps of a verb, of which only each fifth is tried; a file takes four, so each of these is
KILLS = {"correct": 400, "withdraw": 330, "add": 120, "release": 130, "build": 20}  # a thousand


def call(verb: str, root: Path, run: Run) -> list[str]:
    """Return a call of a verb that has something to do in a copy of the package."""
    corrected = ["correct", "claims", CLAIM, "note", "read again", "--reason", "editorial", "--dir", str(root)]
    if verb in ("release", "build"):
        assert run(*corrected).code == 0
    package = read(root)
    last, day, _ = canonical_csv.rows(root / package.tables["releases"].path)[-1]
    records = write(root.parent / "one.jsonl", [document(figure(as_of="2026-06-10"))])
    calls = {
        "correct": corrected[1:],
        "withdraw": ["claims", "112-ua-202501-3", "--reason", "duplicate"],
        "add": [str(records)],
        "release": [f"{int(last.split('.')[0]) + 1}.0.0", "--date", day, "--summary", "A note."],
        "build": [],
    }
    return [verb, *calls[verb], "--dir", str(root)]


def refuse() -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.filterwarnings("ignore:.*use of fork.*:DeprecationWarning")
@pytest.mark.parametrize("verb", VERBS)
def test_stopped_at_any_write_it_is_the_old_or_the_new(
    verb: str, copy: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = call(verb, copy, run)
    kept, old, written = tmp_path / "kept", tree(copy), {}
    shutil.copytree(copy, kept)
    with monkeypatch.context() as patch:
        patch.setattr(atomic_write, "write", lambda _, files: written.update(files))
        run(*asked)
    assert written
    assert tree(copy) == old, "the verb writes elsewhere than in the stage"
    assert run(*asked).code == 0
    new = tree(copy)
    assert old != new
    assert run("validate", copy).code == 0
    hold(written, kept, copy, (old, new))


def hold(files: dict[str, bytes], kept: Path, root: Path, trees: tuple[dict[str, str], dict[str, str]]) -> None:
    """Write files, killed before and refused at every write, killed also after each rename."""
    shutil.rmtree(root)
    shutil.copytree(kept, root)
    with at_write(-1, kill) as steps:
        put(root, files)
    chosen = range(0, len(steps), 1 if SOAK or len(steps) < MANY else STRIDE)
    stops = [(number, after) for number in chosen for after in (False, steps[number] in ("rename", "replace"))]
    for number, after in dict.fromkeys(stops):
        put_back(kept, root, files)

        def dies(number: int = number, after: bool = after) -> None:
            with at_write(number, kill, after=after):
                put(root, files)

        assert apart(dies) == -9
        settle(root)
        assert tree(root) == trees[number + after > steps.index("rename")], (number, steps[number])
    for number in chosen:
        put_back(kept, root, files)
        refused = False
        try:
            with at_write(number, refuse):
                put(root, files)
        except NotWritten as stop:
            refused = str(stop).endswith("No space left on device; nothing is changed")
        settle(root)
        assert tree(root) == trees[not refused], (number, steps[number])


def put(root: Path, files: dict[str, bytes]) -> None:
    with atomic_write.locked(root):
        atomic_write.write(root, files)


def put_back(kept: Path, root: Path, files: dict[str, bytes]) -> None:
    """Make the folder as it was, where files of it were written."""
    for path in files:
        if (kept / path).exists():
            shutil.copyfile(kept / path, root / path)
        else:
            (root / path).unlink(missing_ok=True)
    for folder in [path for path in (root / "releases").iterdir() if not (kept / path.relative_to(root)).exists()]:
        shutil.rmtree(folder)


def test_build_that_runs_out_of_disk_says_so_in_one_line(few: Path, dist_of_few: Path, tmp_path: Path) -> None:
    """The system refuses every write beyond 400,000 bytes of a file; the first that DuckDB meets it in is its own."""
    out = tmp_path / "dist"
    restore(dist_of_few, out)
    (out / "views/origins.csv").write_text("of an earlier build\n", "utf-8")
    before = tree(out)
    code = f"""
import resource, sys
from scripts.__main__ import main
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
sys.exit(main(["build", "--dir", {str(few)!r}, "--out", {str(out)!r}]))
"""
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (2, "", 1), ran.stderr
    assert "File too large; nothing is changed" in ran.stderr
    assert tree(out) == before


@pytest.mark.soak
@pytest.mark.parametrize("verb", KILLS if SOAK else ["correct"])
def test_killed_by_chance_it_is_the_old_or_the_new(
    verb: str, copy: Path, tmp_path: Path, run: Run, dist_of_few: Path
) -> None:
    """Once; a thousand times in all in `make soak`."""
    asked = call(verb, copy, run)
    if verb == "build":
        restore(dist_of_few, copy / "dist")
        (copy / "dist/charts/old.svg").write_text("of an earlier build", "utf-8")
    shutil.copytree(copy, tmp_path / "kept")
    kills = KILLS[verb] if SOAK else 1
    given = {"call": asked, "kept": str(tmp_path / "kept"), "root": str(copy), "kills": kills, "seed": 1}
    command = [sys.executable, "-m", "tests.killing", json.dumps(given)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr[-2000:]
    found = json.loads(ran.stdout)
    assert sum(found.values()) == kills
    assert run("validate", copy).code == 0
