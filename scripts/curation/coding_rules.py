"""Rules that turn a figure as noted into cells as the codebook has them.

A column that the figure names itself (`metric_id`, `population_id`, …) is decided; a rule fills only what is left.
What no rule decides is a question, with its choices.
"""

from calendar import monthrange

from schemas.wording.rules import FILLED
from scripts.datapackage.package import Json

METRICS = {
    "deployed": "sent",
    "planned": "sent",
    "present": "present",
    "trained": "trained",
    "killed": "killed",
    "wounded": "wounded",
    "casualties": "killed-wounded",
    "captured": "captured",
    "missing": "missing",
    "returned": "returned",
    "redeployable": "sent-again",
    "containers_shipped": "containers-shipped",
    "shells_shipped": "shells-shipped",
}
BY_UNIT = {
    ("artillery_shipped", "guns"): "guns-shipped",
    ("artillery_shipped", "launchers"): "launchers-shipped",
    ("artillery_shipped", "pieces of equipment"): "guns-and-launchers-shipped",
    ("missiles_shipped", "missiles"): "ballistic-missiles-shipped",
    ("missiles_shipped", "missiles fired"): "missiles-fired",
    ("shells_shipped", "shells per month"): "shells-per-month",
    ("payment_per_soldier", "USD per month"): "pay-per-month",
    ("other", "portraits"): "portraits",
    ("other", "coffins"): "coffins",
    ("other", "voyages"): "voyages",
    ("other", "persons per day"): "killed-wounded-per-day",
}
MODALITIES = {"planned": "expected", "redeployable": "possible"}
NUMBERS = ("value", "low", "high")
NOTED = ("metric", "unit", "population", "place", "as_of", "period_start", "period_end")  # what rules make cells of
QUALIFIERS = {"several": "vague", "at_most": "up_to"}


def metric(figure: Json) -> str | None:
    """Return the metric of a rough label, or None where a reader must choose."""
    label, unit = str(figure.get("metric")), figure.get("unit")
    by_unit = BY_UNIT.get((label, str(unit)))
    return by_unit or (METRICS.get(label) if unit in (None, "persons", "containers", "shells") else None)


def modality(figure: Json) -> str:
    """Return `expected` for a plan, `possible` for who may be sent again, else `asserted`."""
    return MODALITIES.get(str(figure.get("metric")), "asserted")


def numbers(figure: Json) -> Json:
    """Return qualifier, value, low and high by the codebook's table; a bare multiple of 100 is `unspecified`."""
    noted = str(figure["qualifier"])
    qualifier = QUALIFIERS.get(noted, noted)
    given = [figure.get(name) for name in NUMBERS]
    number = next((cell for cell in given if cell is not None), None)
    if qualifier == "exact" and number and number % 100 == 0:
        qualifier = "unspecified"
    if qualifier == "range":
        return {"qualifier": qualifier, "value": None, "low": figure.get("low"), "high": figure.get("high")}
    fills = FILLED.get(qualifier, ())
    return {"qualifier": qualifier, **{name: number if name in fills else None for name in NUMBERS}}


def first_day(day: str | None) -> tuple[str, str]:
    """Return the first day of a date and its precision: `2025-01` is 2025-01-01, month."""
    if not day:
        return "", ""
    precision = {4: "year", 7: "month", 10: "day"}[len(day)]
    return f"{day}-01-01"[:10], precision


def last_day(day: str | None) -> str:
    """Return the last day of a date: `2025-02` is 2025-02-28."""
    if not day or len(day) == 10:
        return day or ""
    year, month = int(day[:4]), int(day[5:7] or 12)
    return f"{year:04d}-{month:02d}-{monthrange(year, month)[1]:02d}"


def times(figure: Json) -> Json:
    """Return about_from and about_to: the period, or all up to the day `as_of`."""
    ends = figure.get("period_end") or figure.get("as_of")
    return {"about_from": first_day(figure.get("period_start"))[0], "about_to": last_day(ends)}
