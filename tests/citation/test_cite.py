"""Citations: in each form, for a version and for a claim, with nothing invented where a document says nothing."""

import json
import subprocess
from pathlib import Path

import duckdb
import pytest
import yaml

from scripts.citation import swhid, works
from scripts.datapackage.package import ROOT, read
from scripts.history import ledger
from tests.conftest import Run

PACKAGE = read(ROOT)
LAST = ledger.versions(PACKAGE)[-1]


def claim_where(condition: str) -> str:
    """Return the first claim whose document is as a condition says."""
    con = duckdb.connect()
    files = {name: str(ROOT / f"data/{name}.csv") for name in ("claims", "documents")}
    query = f"""
        select claim_id from read_csv('{files["claims"]}', all_varchar = true) as claims
        join read_csv('{files["documents"]}', all_varchar = true) as documents using (document_id)
        where {condition} order by claim_id limit 1
    """
    return str(con.execute(query).fetchall()[0][0])


def test_a_version_is_cited_as_datacite_has_it(run: Run) -> None:
    version = works.version(PACKAGE, LAST)
    said = run("cite").out
    assert said.startswith(
        "Reported Figures contributors (2026): Reported figures on North Korean forces in Russia's war"
    )
    assert f"Version {LAST}. Reported Figures contributors. Dataset. sha256:" in said
    assert said.strip().endswith("; ".join(version.identifiers))


def test_the_digest_is_what_sha256sum_prints(run: Run) -> None:
    printed = subprocess.run(
        ["sha256sum", f"releases/{LAST}/SHA256SUMS"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    assert f"sha256:{printed[:64]};" in run("cite").out


def test_swhid_is_what_git_computes(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    files = {"b.csv": b"1\n", "a/c.csv": b"2\n", "a.csv": b"", "a/b/d": "한국\n".encode(), "ab": b"\0"}
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    git = ["git", "-C", str(tmp_path), "-c", "core.autocrlf=false"]
    subprocess.run([*git, "add", "."], check=True)
    tree = subprocess.run([*git, "write-tree"], check=True, capture_output=True, text=True).stdout.strip()
    blobs = {path: swhid.of_file(tmp_path / path) for path in files}
    assert swhid.directory(blobs) == f"swh:1:dir:{tree}"
    assert blobs == {path: swhid.blob(content) for path, content in files.items()}
    blob = subprocess.run([*git, "hash-object", "a/b/d"], check=True, capture_output=True, text=True).stdout.strip()
    assert swhid.content(files["a/b/d"]) == f"swh:1:cnt:{blob}"


def test_a_claim_is_cited_with_its_page_and_its_line(run: Run) -> None:
    said = run("cite", "--claim", "united24-media-202602-1").out
    assert said.startswith(
        "“Approximately 6,000” killed and wounded (National Intelligence Service (South Korea), 2026-02-12)."
    )
    assert "In: UNITED24 Media (2026-02): 6,000 North Korean Troops Killed or Wounded Fighting for Russia" in said
    number = int(said.split(";lines=")[1])
    line = (ROOT / "data/claims.csv").read_text("utf-8").splitlines()[number - 1]
    if ledger.at(PACKAGE, LAST)["claims"].rows == ledger.present(PACKAGE)["claims"].rows:
        assert line.startswith("united24-media-202602-1,")


PAGES = {  # what the document says → the form of its citation
    "title is null and url is not null and publisher_id is not null and published_on_precision = 'day'": (
        "{publisher} ({day}): {url}"
    ),
    "title is not null and url is not null and publisher_id is not null and published_on_precision = 'month'": (
        "{publisher} ({day}): {title}. {url}"
    ),
    "published_on is null and publisher_id is not null and title is null": "{publisher} (n.d.): {url}",
    "published_on is null and publisher_id is not null and title is not null": "{publisher} (n.d.): {title}. {url}",
    "publisher_id is null and published_on is not null and title is null": "[publisher not known] ({day}): {url}",
    "url is null": "{publisher} ({day}): {title}",
}


@pytest.mark.parametrize(("condition", "form"), PAGES.items())
def test_what_a_document_does_not_say_is_not_invented(condition: str, form: str, run: Run) -> None:
    key = claim_where(condition)
    one = works.claim(PACKAGE, LAST, key)
    document = one.document
    known = {
        "publisher": one.publisher.get("name", ""),
        "day": works.day(document["published_on"], document["published_on_precision"]),
    }
    page = form.format(**known, title=document["title"].removesuffix("."), url=document["url"])
    assert f"In: {page}. Claim {key} of " in run("cite", "--claim", key).out


def test_forms_are_read_by_what_they_are_for(run: Run) -> None:
    key = claim_where("title is not null and url is not null")
    day = str(works.version(PACKAGE, LAST).descriptor["created"])[:10]
    [item] = json.loads(run("cite", "--claim", key, "--format", "csl-json").out)
    assert (item["type"], item["version"], item["issued"]) == (
        "dataset",
        LAST,
        {"date-parts": [list(map(int, day.split("-")))]},
    )
    assert yaml.safe_load(run("cite", "--format", "cff").out)["identifiers"][1]["type"] == "swh"
    related = json.loads(run("cite", "--claim", key, "--format", "datacite").out)["relatedIdentifiers"]
    assert related[0]["relationType"] == "IsDerivedFrom"
    ris = run("cite", "--claim", key, "--format", "ris").out.splitlines()
    assert ris[0] == "TY  - DATA"
    assert [line for line in ris if line][-1].startswith("ER  -")
    bibtex = run("cite", "--claim", key, "--format", "bibtex").out
    assert bibtex.startswith(f"@dataset{{reported-figures-dprk-{LAST}-{key},\n")
    assert bibtex.count("{") == bibtex.count("}")


def test_tex_keeps_its_own_characters_out(run: Run) -> None:
    from scripts.citation import formats

    assert formats._tex("50% of A_B & C~D") == "50\\% of A\\_B \\& C\\textasciitilde{}D"


def test_calls_that_are_off_are_answered(run: Run) -> None:
    assert "released are 0.1.0, " in run("cite", "--version", "7.0.0").err
    ran = run("cite", "--version", "0.1.0", "--claim", "sbs-20260214-1")
    assert (ran.code, "version 0.1.0 has no claim `sbs-20260214-1`" in ran.err) == (2, True)


def test_title_that_ends_with_a_full_stop_has_no_second_one(run: Run) -> None:
    key = claim_where("title like '%.'")
    said = run("cite", "--claim", key).out
    assert ".. " not in said
    assert "..." not in said.replace("…", "")
