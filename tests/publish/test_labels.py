"""What a column means travels with it, to pandas and R: the description in the schema, word by word."""

import csv
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from scripts.publish.readers import figures

R_LABELS = """
options(warn = 2)
arguments <- commandArgs(TRUE)
source(file.path(arguments[[1]], "figures.R"))
all <- read_figures(arguments[[1]])
told <- lapply(names(all), function(name) {
  labels <- vapply(all[[name]], function(column) attr(column, "label"), "")
  data.frame(table = name, column = names(labels), label = unname(labels))
})
utils::write.csv(do.call(rbind, told), arguments[[2]], row.names = FALSE, fileEncoding = "UTF-8")
"""


def meanings(dist: Path) -> dict[str, dict[str, str]]:
    resources = json.loads((dist / "datapackage.json").read_text("utf-8"))["resources"]
    return {
        resource["name"]: {field["name"]: field["description"] for field in resource["schema"]["fields"]}
        for resource in resources
    }


@pytest.mark.parametrize("form", figures.FORMS)
def test_pandas_frames_have_the_meaning_of_each_column(form: str, dist: Path) -> None:
    for name, labels in meanings(dist).items():
        assert figures.read(name, dist, form).attrs["labels"] == labels


@pytest.mark.outside
@pytest.mark.skipif(not shutil.which("Rscript"), reason="there is no Rscript: install R (r-base-core)")
def test_columns_of_r_have_their_meaning_as_label(dist: Path, tmp_path: Path) -> None:
    script = tmp_path / "labels.R"
    script.write_text(R_LABELS, "utf-8")
    subprocess.run(["Rscript", "--vanilla", script, dist, tmp_path / "labels.csv"], check=True, capture_output=True)
    with (tmp_path / "labels.csv").open(encoding="utf-8", newline="") as file:
        found = {(row["table"], row["column"]): row["label"] for row in csv.DictReader(file)}
    wanted = {(name, column): label for name, labels in meanings(dist).items() for column, label in labels.items()}
    assert found == wanted
