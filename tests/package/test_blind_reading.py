"""The readings by two who do not see each other, and how far they agree, as docs/methods.md has it."""

import csv
import math
from functools import cache

import numpy as np
import pytest
from statsmodels.stats.inter_rater import cohens_kappa

from scripts.datapackage.package import ROOT

BOTH = ("metric_id", "population_id", "modality", "extent", "source_id", "statement", "credited_to")
FIELDS = [
    *(("blind_reading", field) for field in (*BOTH, "relays")),
    *(("second_reading", field) for field in (*BOTH[:-1], "place_id", "qualifier")),
]


@cache
def pairs(reading: str) -> dict[str, list[tuple[str, str]]]:
    """Return what the two readers coded, by column."""
    found: dict[str, list[tuple[str, str]]] = {}
    with (ROOT / f"methods/{reading}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["field"], []).append((row["first"], row["second"]))
    return found


@pytest.mark.parametrize(("reading", "field"), FIELDS)
def test_methods_print_the_agreement_of_a_column(reading: str, field: str) -> None:
    read = pairs(reading)[field]
    words = {word: place for place, word in enumerate(sorted({word for pair in read for word in pair}))}
    table = np.zeros((len(words), len(words)))
    for first, second in read:
        table[words[first], words[second]] += 1
    kappa = cohens_kappa(table)
    assert not math.isnan(float(kappa.kappa))
    same = sum(first == second for first, second in read)
    low, high = (float(bound) for bound in (kappa.kappa_low, min(kappa.kappa_upp, 1)))
    line = f"| `{field}` | {same:,} | {float(kappa.kappa):.2f} | {low:.2f} to {high:.2f} |"
    assert line in (ROOT / "docs/methods.md").read_text("utf-8"), line


@pytest.mark.parametrize("reading", ["blind_reading", "second_reading"])
def test_every_column_was_read_of_as_many_claims(reading: str) -> None:
    columns = {field for of, field in FIELDS if of == reading}
    assert {field: len(read) for field, read in pairs(reading).items()} == dict.fromkeys(
        columns, len(pairs(reading)["extent"])
    )
