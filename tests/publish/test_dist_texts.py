"""The texts of dist/ for people and deposits: they say what the data and the descriptor say, and what is there."""

import json
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatchcase
from pathlib import Path

import jsonschema
import pytest

from scripts.curation import changelog
from scripts.datapackage.package import ROOT
from scripts.history import checksums
from scripts.publish import readme, release_text
from scripts.publish.metadata import zenodo
from tests.conftest import build, tree
from tests.dists import archive_of, descriptor

CC_BY = "9ba9550ad48438d0836ddab3da480b3b69ffa0aac7b7878b5a0039e7ab429411"  # creativecommons.org's legalcode.txt
NAMED = re.compile(
    r"(?<![\w.])(?:[\w-]+/)?[\w*.-]+\.(?:html|xlsx|py|R|parquet|duckdb|sql|csv|json|jsonld|cff|md|txt|zip|svg|png)\b"
)
OF_ZENODO = {  # what its documentation for developers, “Deposit metadata”, requires and allows
    "type": "object",
    "required": ["upload_type", "title", "creators", "description", "access_right", "license"],
    "additionalProperties": False,
    "properties": {
        "upload_type": {"const": "dataset"},
        "title": {"type": "string", "minLength": 3},
        "description": {"type": "string", "minLength": 3},
        "creators": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["name"],
                "additionalProperties": False,
                "properties": {name: {"type": "string"} for name in ("name", "affiliation", "orcid", "gnd")},
            },
        },
        "contributors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "type"],
                "additionalProperties": False,
                "properties": {"name": {"type": "string"}, "type": {"enum": ["DataCurator", "Editor", "RightsHolder"]}},
            },
        },
        "version": {"type": "string"},
        "publication_date": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"},
        "access_right": {"enum": ["open", "embargoed", "restricted", "closed"]},
        "license": {"type": "string", "pattern": r"^[a-z0-9.+-]+$"},
        "keywords": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
        "language": {"type": "string", "pattern": "^[a-z]{3}$"},
        "notes": {"type": "string"},
        "doi": {"type": "string", "pattern": r"^10\.\d{4,9}/\S+$"},
        "related_identifiers": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["relation", "identifier"],
                "properties": {
                    "identifier": {"type": "string"},
                    "relation": {"enum": ["isDerivedFrom", "isDescribedBy", "isIdenticalTo"]},
                },
            },
        },
    },
}


@pytest.mark.parametrize("place", ["dist", "archive"])
def test_readme_names_only_files_that_are_there_and_all_of_them(
    place: str, dist_as_released: Path, unzipped: Path
) -> None:
    folder = dist_as_released if place == "dist" else unzipped
    said = (folder / "README.txt").read_text("utf-8")
    there = set(tree(folder))
    for name in NAMED.findall(said):
        assert any(fnmatchcase(path, name) for path in there), f"README.txt names {name}"
    named = " ".join(readme.FILES).split()
    assert [path for path in there if not any(fnmatchcase(path, pattern) for pattern in named)] == []
    assert max(map(len, said.splitlines())) <= readme.WIDTH


def test_readme_says_what_the_descriptor_and_the_readme_of_the_repository_say(dist_as_released: Path) -> None:
    said = " ".join((dist_as_released / "README.txt").read_text("utf-8").split())
    stated = descriptor(dist_as_released)
    for text in ("title", "description", "bibliographicCitation"):
        assert stated[text] in said
    for resource in stated["resources"]:
        assert f"{resource['name']} {resource['rows']:,} " in said
    points = readme.to_know()
    assert len(points) > 3
    for point in points:
        assert f"- {point}" in said
        assert not set("*`[]") & set(point)


def test_examples_of_the_readme_run_in_its_folder(unzipped: Path, dist_as_released: Path) -> None:
    said = (unzipped / "README.txt").read_text("utf-8")
    [python] = re.findall(r"^  pandas +(.*)$", said, re.MULTILINE)
    code = f"{python}; print(len(claims))"
    ran = subprocess.run([sys.executable, "-c", code], cwd=unzipped, check=True, capture_output=True, text=True)
    rows = {resource["name"]: resource["rows"] for resource in descriptor(unzipped)["resources"]}
    assert int(ran.stdout) == rows["claims_wide"]
    for folder, example in ((unzipped, "-init figures.sql"), (dist_as_released, "-readonly figures.duckdb")):
        assert f"duckdb {example}" in (folder / "README.txt").read_text("utf-8")
        client = Path(sys.executable).parent / "duckdb"
        call = [str(client), *example.split(), "-noheader", "-list", "-c", "select count(*) from claims_wide"]
        ran = subprocess.run(call, cwd=folder, check=True, capture_output=True, text=True)
        assert int(ran.stdout.split()[-1]) == rows["claims_wide"]


def test_licences_are_those_of_the_tools_and_the_full_text_of_that_of_the_data(dist: Path) -> None:
    assert (dist / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
    assert descriptor(dist)["licenses"][0]["name"] == "CC-BY-4.0"
    assert checksums.of_file(dist / "LICENSE-DATA") == CC_BY


def test_a_package_without_licence_text_and_changelog_has_neither_in_dist(copy: Path, tmp_path: Path) -> None:
    (copy / "LICENSE-DATA").unlink()
    (copy / "CHANGELOG.md").unlink()
    build(copy, tmp_path / "out")
    said = (tmp_path / "out/README.txt").read_text("utf-8")
    assert "LICENSE-DATA" not in said
    assert "CHANGELOG.md" not in said
    assert set(tree(tmp_path / "out")).isdisjoint({"LICENSE-DATA", "CHANGELOG.md"})
    assert "## Files" in (tmp_path / "out/release.md").read_text("utf-8")


def test_text_of_the_release_has_its_changes_its_citation_and_checksums_that_hold(
    as_released: Path, dist_as_released: Path, tmp_path: Path
) -> None:
    said = (dist_as_released / "release.md").read_text("utf-8")
    stated = descriptor(dist_as_released)
    assert changelog.section((as_released / "CHANGELOG.md").read_text("utf-8"), stated["version"]) in said
    assert stated["bibliographicCitation"] in said
    flat = [*(dist_as_released / "archive").iterdir(), dist_as_released / "release.md"]
    for path in flat:
        shutil.copyfile(path, tmp_path / path.name)
    check = ["bash", "-c", release_text.CHECK]
    assert f"`{release_text.CHECK}`" in said
    assert subprocess.run(check, cwd=tmp_path, capture_output=True).returncode == 0
    with (tmp_path / archive_of(dist_as_released).name).open("ab") as whole:
        whole.write(b"x")
    assert subprocess.run(check, cwd=tmp_path, capture_output=True).returncode == 1


def test_changelog_has_a_section_of_each_version() -> None:
    ten = "Briefly: ten.\n\n### Added\n\n- 1 x"
    text = f"# Changes\n\n## Unreleased\n\nNew.\n\n## 1.10.0 (2026-01-02)\n\n{ten}\n\n## 1.1.0\n"
    assert changelog.section(text, "1.10.0") == ten
    assert changelog.section(text, "1.10.0+unreleased") == "New."
    assert [changelog.section(text, version) for version in ("1.1.0", "1.1", "9.0.0")] == ["", "", ""]


def test_metadata_of_zenodo_is_what_it_asks_for_and_says_what_the_descriptor_says(dist_as_released: Path) -> None:
    deposit = json.loads((dist_as_released / ".zenodo.json").read_text("utf-8"))
    jsonschema.validate(deposit, OF_ZENODO)
    stated = descriptor(dist_as_released)
    assert (deposit["title"], deposit["version"]) == (stated["title"], stated["version"])
    assert deposit["publication_date"] == stated["created"][:10]
    assert deposit["license"] == stated["licenses"][0]["name"].lower()
    assert deposit["notes"] == stated["bibliographicCitation"]


def test_metadata_of_zenodo_has_of_the_descriptor_what_is_there_and_no_markup(dist_as_released: Path) -> None:
    stated = {**descriptor(dist_as_released), "description": "<b> & more"}
    bare = zenodo.metadata({name: value for name, value in stated.items() if name not in ("created", "identifiers")})
    assert bare["description"] == "<p>&lt;b&gt; &amp; more</p>"
    assert not {"publication_date", "doi", "related_identifiers"} & set(bare)
    sources = [{"title": "No address"}, {"title": "A page", "path": "https://example.org/a"}]
    more = {"identifiers": ["doi:10.1234/x.5"], "sources": sources, "homepage": "https://example.org"}
    full = zenodo.metadata({**stated, **more})
    jsonschema.validate(full, OF_ZENODO)
    assert full["doi"] == "10.1234/x.5"
    assert [one["identifier"] for one in full["related_identifiers"]] == [
        "https://example.org/a",
        "https://example.org",
    ]
