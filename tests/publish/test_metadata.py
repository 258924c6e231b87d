"""What catalogues read of dist/ holds before the validators of their fields, and says what the descriptor says."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from scripts.citation import reference
from scripts.datapackage.package import ROOT
from scripts.publish.metadata import catalogue

PYTHON = ROOT / ".venv-metadata/bin/python"
there = pytest.mark.skipif(not PYTHON.exists(), reason="there is no .venv-metadata: `make test-all` sets it up")
DATACITE = """
import json
from datacite import schema45
for fault in schema45.validator.iter_errors(json.load(open("datacite.json"))):
    print(fault.message)
"""
CFF = """
import cffconvert
cffconvert.Citation(open("CITATION.cff").read()).validate()
"""
CROISSANT = """
import json, mlcroissant
dataset = mlcroissant.Dataset("croissant.json")
assert not dataset.metadata.issues.errors and not dataset.metadata.issues.warnings, dataset.metadata.issues.report()
counts = {name.name: sum(1 for _ in dataset.records(name.uuid)) for name in dataset.metadata.record_sets}
print(json.dumps(counts))
"""
RO_CRATE = """
import json
from rocrate.rocrate import ROCrate
crate = ROCrate(".")
print(json.dumps([crate.root_dataset["name"], sorted(part.id for part in crate.root_dataset["hasPart"])]))
"""


@pytest.fixture(scope="module")
def descriptor(dist_as_released: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((dist_as_released / "datapackage.json").read_text("utf-8"))
    return read


def said(code: str, folder: Path) -> str:
    ran = subprocess.run([PYTHON, "-c", code], cwd=folder, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.mark.outside
@there
def test_datacite_holds_before_the_schema_of_datacite(dist_as_released: Path, tmp_path: Path) -> None:
    assert said(DATACITE, dist_as_released) == ""
    broken = json.loads((dist_as_released / "datacite.json").read_text("utf-8"))
    del broken["creators"]
    (tmp_path / "datacite.json").write_text(json.dumps(broken), "utf-8")
    assert "creators" in said(DATACITE, tmp_path)


@pytest.mark.outside
@there
def test_citation_file_holds_before_its_schema(dist_as_released: Path) -> None:
    assert said(CFF, dist_as_released) == ""


@pytest.mark.outside
@there
def test_croissant_reads_every_row_of_every_table_and_view(dist_as_released: Path, descriptor: dict[str, Any]) -> None:
    wanted = {resource["name"]: resource["rows"] for resource in descriptor["resources"]}
    assert json.loads(said(CROISSANT, dist_as_released)) == wanted


@pytest.mark.outside
@there
def test_ro_crate_is_opened_and_its_parts_are_there(dist_as_released: Path, descriptor: dict[str, Any]) -> None:
    paths = sorted(resource["path"] for resource in descriptor["resources"])
    assert json.loads(said(RO_CRATE, dist_as_released)) == [descriptor["title"], paths]


def test_schema_org_says_what_the_descriptor_says(dist_as_released: Path, descriptor: dict[str, Any]) -> None:
    dataset = json.loads((dist_as_released / "dataset.jsonld").read_text("utf-8"))
    assert (dataset["@context"], dataset["@type"]) == ("https://schema.org/", "Dataset")
    assert dataset["name"] == descriptor["title"]
    assert dataset["version"] == descriptor["version"]
    assert dataset["datePublished"] == descriptor["created"][:10]
    assert dataset["license"] == descriptor["licenses"][0]["path"]
    paths = [part["path"] for part in descriptor["resources"]]
    assert [part["contentUrl"] for part in dataset["distribution"]] == paths


def test_all_is_made_from_the_descriptor_alone(dist_as_released: Path, descriptor: dict[str, Any]) -> None:
    for path, content in catalogue.files(descriptor).items():
        assert json.loads((dist_as_released / path).read_text("utf-8")) == content
    assert (dist_as_released / "CITATION.cff").read_text("utf-8") == reference.cff(descriptor)


def test_a_package_without_a_release_has_no_day(descriptor: dict[str, Any]) -> None:
    bare = {name: value for name, value in descriptor.items() if name != "created"}
    assert all("datePublished" not in json.dumps(content) for content in catalogue.files(bare).values())
    assert "(n.d.)" in reference.text(bare)
    assert "date-released" not in reference.cff(bare)
