"""The blind reading: every claim coded anew by two readers, and how far they agree, as docs/methods.md has it."""

import csv
import math
from functools import cache

import numpy as np
import pytest
from statsmodels.stats.inter_rater import cohens_kappa

from scripts.datapackage.package import ROOT

FIELDS = ("metric_id", "population_id", "modality", "extent", "source_id", "statement", "relays", "credited_to")


@cache
def pairs() -> dict[str, list[tuple[str, str]]]:
    """Return what the two readers coded, by column."""
    found: dict[str, list[tuple[str, str]]] = {}
    with (ROOT / "methods/blind_reading.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["field"], []).append((row["first"], row["second"]))
    return found


@pytest.mark.parametrize("field", FIELDS)
def test_methods_print_the_agreement_of_a_column(field: str) -> None:
    read = pairs()[field]
    words = {word: place for place, word in enumerate(sorted({word for pair in read for word in pair}))}
    table = np.zeros((len(words), len(words)))
    for first, second in read:
        table[words[first], words[second]] += 1
    kappa = cohens_kappa(table)
    assert not math.isnan(float(kappa.kappa))
    assert kappa.kappa >= 0.9
    same = sum(first == second for first, second in read)
    low, high = (float(bound) for bound in (kappa.kappa_low, min(kappa.kappa_upp, 1)))
    line = f"| `{field}` | {same:,} | {float(kappa.kappa):.2f} | {low:.2f} to {high:.2f} |"
    assert line in (ROOT / "docs/methods.md").read_text("utf-8"), line


def test_every_column_was_read_of_as_many_claims() -> None:
    assert {field: len(read) for field, read in pairs().items()} == dict.fromkeys(FIELDS, len(pairs()["extent"]))
