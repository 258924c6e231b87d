"""What dist/ and the repository describe themselves by is Data Package v2, by the profile of its authors."""

import json
from pathlib import Path
from typing import Any

from scripts.datapackage import standard
from scripts.datapackage.package import ROOT
from tests.conftest import Run, edit

Json = dict[str, Any]


def read(path: Path) -> Json:
    found: Json = json.loads(path.read_text("utf-8"))
    return found


def places(descriptor: Json) -> list[str]:
    return [".".join(map(str, error.absolute_path)) for error in standard.faults(descriptor)]


def test_dist_holds_before_the_profile_that_it_names(dist: Path) -> None:
    descriptor = read(dist / "datapackage.json")
    assert places(descriptor) == []
    descriptor["resources"][5]["schema"]["fields"][11]["example"] = 300
    assert places(descriptor) == ["resources.5.schema.fields.11.example"]


def test_example_in_dist_is_the_text_of_a_cell(dist: Path) -> None:
    resources = read(dist / "datapackage.json")["resources"]
    fields = {
        f"{resource['name']}.{field['name']}": field.get("example")
        for resource in resources
        for field in resource["schema"]["fields"]
    }
    assert fields["claims.value"] == "300"
    assert fields["hedges.probability_low"] == "0.8"
    assert fields["metrics.accumulates"] == "true"
    assert fields["populations.mixed"] == "false"


def test_repository_holds_before_the_profile() -> None:
    descriptor = read(ROOT / "datapackage.json")
    for resource in descriptor["resources"]:
        resource["schema"] = read(ROOT / resource["schema"])
    assert places(descriptor) == []


def test_validate_asks_the_profile_where_ours_lets_pass(copy: Path, run: Run) -> None:
    line = edit(copy / "datapackage.json", '"name": "CC-BY-4.0"', '"name": "CC-BY-4.0 OR MIT"')  # both of SPDX
    found = run("validate", copy, "--format", "json").problems
    assert [(one["path"], one["line"], one["rule"]) for one in found] == [("datapackage.json", line, "standard")]
