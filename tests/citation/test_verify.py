"""What a version, a folder or a citation is worth: same, superseded with what changed, tampered, unknown."""

import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from scripts.__main__ import main
from scripts.citation import formats
from scripts.datapackage import canonical_csv
from scripts.datapackage.package import ROOT, read
from scripts.history import ledger
from tests.conftest import SOAK, Run, edit
from tests.releases import CLAIM, CLAIMS, change_silently, correct, release

PARTS = 12  # of the files, so that processes share them
FLIPPED = ("data", "releases", "schemas/tables", "datapackage.json")


def test_a_package_as_released_is_the_same(released: Path, run: Run) -> None:
    ran = run("verify", "--dir", released)
    assert (ran.code, ran.out) == (0, "same: version 0.1.0\n")


def test_a_version_that_was_corrected_is_superseded_by_the_rows_that_changed(
    released: Path,
    run: Run,
) -> None:
    cited = run("cite", "--dir", released).out
    of_claim = run("cite", "--claim", CLAIM, "--dir", released).out
    of_other = run("cite", "--claim", "united24-media-202602-2", "--dir", released).out
    assert run("verify", cited, "--dir", released).code == 0
    correct(run, released, "claims", CLAIM, "place_id", "kursk-oblast", "--reason", "coder_error", "--note", "misread")
    pending = run("verify", "--dir", released)
    assert (pending.code, "data/claims.csv: changed since version 0.1.0" in pending.out) == (1, True)
    release(run, released, "0.2.0", "2026-11-24")
    line = f"  claims {CLAIM}: place_id “” → “kursk-oblast” (coder_error; misread)\n"
    for what in (cited, of_claim, "0.1.0"):
        ran = run("verify", what, "--dir", released)
        assert (ran.code, ran.out) == (1, f"superseded: version 0.1.0, by version 0.2.0\n{line}")
    ran = run("verify", of_other, "--dir", released)
    assert (ran.code, ran.out) == (0, "same: claim united24-media-202602-2 of version 0.1.0\n")


def test_a_claim_that_was_withdrawn_is_answered_with_version_and_reason(released: Path, run: Run) -> None:
    cited = run("cite", "--claim", CLAIM, "--dir", released).out
    why = ("--reason", "duplicate", "--note", "united24-media-202602-2 stands instead")
    assert run("withdraw", "claims", CLAIM, *why, "--dir", released).code == 0
    release(run, released, "0.2.0", "2026-11-24")
    ran = run("verify", cited, "--dir", released)
    assert ran.code == 1
    assert f"  claims {CLAIM}: withdrawn (duplicate; united24-media-202602-2 stands instead)\n" in ran.out
    gone = f"version 0.2.0 has no claim `{CLAIM}`; it was withdrawn in 0.2.0 (duplicate: united24-media-202602-2"
    ran = run("cite", "--claim", CLAIM, "--dir", released)
    assert (ran.code, gone in ran.err) == (2, True)
    assert run("cite", "--claim", CLAIM, "--version", "0.1.0", "--dir", released).out == cited
    changed = run("cite", "--dir", released).out.replace("Reported Figures contributors (", f"Claim {CLAIM} of R (", 1)
    ran = run("verify", changed, "--dir", released)
    assert (ran.code, gone in ran.out) == (4, True)


@pytest.mark.parametrize("form", formats.FORMS)
def test_a_citation_file_of_any_form_is_verified(form: str, run: Run, tmp_path: Path) -> None:
    last = ledger.versions(read(ROOT))[-1]
    file = tmp_path / "citation"
    file.write_text(run("cite", "--version", last, "--format", form).out, "utf-8")
    assert run("verify", file).out == f"same: version {last}\n"
    file.write_text(run("cite", "--version", "0.3.0", "--format", form).out, "utf-8")
    ran = run("verify", file)
    assert ran.code == 1
    assert "claims moscow-times-20250327-1: qualifier “about” → “unspecified” (coder_error" in ran.out


def test_a_digest_of_another_kind_is_tampered_or_unknown(run: Run) -> None:
    said = run("cite").out
    digest = said.split("sha256:")[1][:64]
    other = f"{int(digest, 16) ^ 1:064x}"
    assert run("verify", said.replace(digest, other)).code == 3
    assert run("verify", f"sha256:{other}").code == 4
    assert run("verify", "9.9.9").code == 4
    assert run("verify", "no citation at all").code == 4


def test_a_silent_change_is_tampered_and_named_with_its_line(released: Path, run: Run) -> None:
    change_silently(released)
    ran = run("verify", "--dir", released)
    assert ran.code == 3
    assert "data/claims.csv: not what releases/0.1.0/SHA256SUMS says" in ran.out
    assert f": {CLAIM}: the row is not that of version 0.1.0" in ran.out


def test_copies_in_dist_are_reduced_to_the_digest_of_their_version(
    few: Path, dist_of_few: Path, run: Run, tmp_path: Path
) -> None:
    last = ledger.versions(read(few))[-1]
    kept = tmp_path / "dist"
    shutil.copytree(dist_of_few, kept)
    ran = run("verify", kept, "--dir", few)
    assert (ran.code, ran.out) == (0, f"same: version {last} in {kept}\n")
    with duckdb.connect(str(kept / "figures.duckdb")) as con:
        con.execute(f"update claims set value = value + 1 where claim_id = '{CLAIM}'")
    assert run("verify", kept, "--dir", few).out.endswith(f"  figures.duckdb: claims is not that of version {last}\n")
    shutil.copyfile(dist_of_few / "figures.duckdb", kept / "figures.duckdb")
    shutil.copyfile(kept / "parquet/places.parquet", kept / "parquet/hedges.parquet")
    edit(kept / "views/origins.csv", "metric_id,", "metric,")
    ran = run("verify", kept, "--dir", few)
    assert ran.code == 3
    for path in ("parquet/hedges.parquet: not what SHA256SUMS says", "views/origins.csv: not what SHA256SUMS says"):
        assert path in ran.out
    assert f"parquet/hedges.parquet: hedges is not that of version {last}" in ran.out


Flip = tuple[str, int, int]  # a file below the package, a byte of it, what to flip there


def flips(root: Path, part: int) -> list[Flip]:
    """Return the flips of a part: one in each file of the package, each file in one part; in `make soak` by chance."""
    chance = random.Random(part)  # noqa: S311
    files = [path for top in FLIPPED for path in ([root / top] if (root / top).is_file() else (root / top).rglob("*"))]
    paths = sorted(path for path in files if path.is_file() and path.stat().st_size)
    chosen = [chance.choice(paths) for _ in range(10)] if SOAK else paths[part::PARTS]
    places = [(path, chance.randrange(path.stat().st_size)) for path in chosen]
    return [(path.relative_to(root).as_posix(), place, chance.randrange(1, 256)) for path, place in places]


@pytest.fixture(scope="module")
def sound(few: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package as released, which verifies as such."""
    sound = Path(shutil.copytree(few, tmp_path_factory.mktemp("sound") / "package"))
    assert main(["verify", "--dir", str(sound)]) == 0, "the package is not as released"
    return sound


@contextmanager
def replaced(path: Path, content: bytes) -> Iterator[None]:
    """Let a file hold something else for a while."""
    kept = path.read_bytes()
    path.write_bytes(content)
    try:
        yield
    finally:
        path.write_bytes(kept)


@pytest.mark.soak
@pytest.mark.parametrize("part", range(1000 if SOAK else PARTS))
def test_a_flipped_byte_is_found_and_its_file_named(part: int, sound: Path, run: Run) -> None:
    """A byte of every file; 10,000 by chance in `make soak`."""
    for path, place, mask in flips(sound, part):
        broken = bytearray((sound / path).read_bytes())
        broken[place] ^= mask
        with replaced(sound / path, bytes(broken)):
            ran = run("verify", "--dir", sound)
        assert ran.code in (1, 3), (path, place, mask, ran.out, ran.err)
        assert path in ran.out, (path, place, mask, ran.out)


@pytest.mark.parametrize(
    ("path", "whole", "broken"),
    [
        ("datapackage.json", b"schemas/tables/places.json", b"schemas/tybles/places.json"),
        ("datapackage.json", b'"name": "metrics"', b'"name": "metricz"'),
        ("datapackage.json", b'"keywords"', b'"k\x7fywords"'),
        ("data/changes.csv", b"0.1.0,claims,", b"0.1.0,claims\n"),
        ("data/releases.csv", b"1.0.0,", b"1.0.0\n"),
        ("schemas/tables/claims.json", b'"name": "claim_id"', b'"name": "claim_it"'),
    ],
)
def test_a_flip_that_leaves_the_package_unreadable_is_named(
    path: str, whole: bytes, broken: bytes, sound: Path, run: Run
) -> None:
    kept = (sound / path).read_bytes()
    assert whole in kept
    with replaced(sound / path, kept.replace(whole, broken, 1)):
        ran = run("verify", "--dir", sound)
    assert (ran.code, path in ran.out) == (3, True), ran.out


def test_the_version_of_a_ledger_line_is_named(released: Path, run: Run) -> None:
    correct(run, released, "claims", CLAIM, "place_id", "kursk-oblast", "--reason", "coder_error")
    release(run, released, "0.2.0", "2026-11-24")
    table = read(released).tables["changes"]
    rows = canonical_csv.rows(released / table.path)
    rows[-1][-1] = "another note"
    (released / table.path).write_text(canonical_csv.text(table, rows), "utf-8")
    ran = run("verify", "--dir", released)
    assert (ran.code, "data/changes.csv: not what releases/0.2.0/SHA256SUMS says" in ran.out) == (3, True)
    assert "releases/0.1.0" not in ran.out
    assert (released / CLAIMS).is_file()
