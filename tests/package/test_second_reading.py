"""The second reading: 100 claims coded by another reader, and how far the two agree, as docs/methods.md has it."""

import csv
import math
from itertools import combinations

import numpy as np
import pytest
from statsmodels.stats.inter_rater import cohens_kappa

from scripts.datapackage.package import ROOT

FIELDS = ("metric_id", "population_id", "modality", "extent", "qualifier")


def pairs(field: str) -> list[tuple[str, str]]:
    """Return what the two readers coded in a column, claim by claim."""
    with (ROOT / "methods/second_reading.csv").open(encoding="utf-8", newline="") as file:
        return [(row["first"], row["second"]) for row in csv.DictReader(file) if row["field"] == field]


@pytest.mark.parametrize("field", FIELDS)
def test_methods_print_the_agreement_of_a_column(field: str) -> None:
    read = pairs(field)
    assert len(read) == 100
    words = sorted({word for pair in read for word in pair})
    table = np.zeros((len(words), len(words)))
    for first, second in read:
        table[words.index(first), words.index(second)] += 1
    kappa = cohens_kappa(table)
    same = sum(first == second for first, second in read)
    low, high = (round(float(bound), 2) for bound in (kappa.kappa_low, min(kappa.kappa_upp, 1)))
    assert not math.isnan(float(kappa.kappa))
    line = f"| `{field}` | {same} | {float(kappa.kappa):.2f} | {low:.2f} to {high:.2f} |"
    assert line in (ROOT / "docs/methods.md").read_text("utf-8"), line


def test_methods_print_the_agreement_on_statements() -> None:
    read = pairs("statement_id")
    both = [(a[0] == b[0]) == (a[1] == b[1]) for a, b in combinations(read, 2)]
    either = [(a[0] == b[0]) and (a[1] == b[1]) for a, b in combinations(read, 2) if a[0] == b[0] or a[1] == b[1]]
    said = f"on {sum(both):,} of {len(both):,} pairs of claims"
    same = f"{sum(either)} of the {len(either)} pairs that either reader assigns to one statement"
    text = " ".join((ROOT / "docs/methods.md").read_text("utf-8").split())
    assert said in text, said
    assert same in text, same
