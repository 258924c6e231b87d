"""Rules that turn a figure as noted into cells as the codebook has them.

A column that the figure names itself (`metric_id`, `population_id`, …) is decided; a rule fills only what is left.
What no rule decides is a question, with its choices.
"""

from calendar import monthrange

from schemas.wording.rules import FILLED, Reading
from scripts.datapackage.package import Json

METRICS = {
    "deployed": "sent",
    "planned": "sent",
    "present": "present",
    "trained": "trained",
    "killed": "killed",
    "wounded": "wounded",
    "casualties": "killed-wounded",
    "losses": "losses",
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
QUALIFIERS = {"several": "vague", "at_most": "up_to"}


def is_noted(label: str) -> bool:
    """Whether a label is one of those that rules make a metric of, by itself or with a unit."""
    return label in METRICS or any(label == noted for noted, _ in BY_UNIT)


def metric(figure: Json) -> str | None:
    """Return the metric of a rough label, or None where a reader must choose."""
    label, unit = str(figure.get("metric")), figure.get("unit")
    by_unit = BY_UNIT.get((label, str(unit)))
    return by_unit or (METRICS.get(label) if unit in (None, "persons", "containers", "shells") else None)


def modality(figure: Json) -> str:
    """Return `expected` for a plan, `possible` for who may be sent again, else `asserted`."""
    return MODALITIES.get(str(figure.get("metric")), "asserted")


def numbers(figure: Json, read: Reading | None) -> Json:
    """Return qualifier, value, low and high by the codebook's table: as a figure has them, else as its words say.

    A bare multiple of 100 is `unspecified`.
    """
    noted = str(figure.get("qualifier") or (read.qualifier if read else ""))
    qualifier = QUALIFIERS.get(noted, noted)
    given = [figure.get(name) for name in NUMBERS]
    if all(cell is None for cell in given) and read:
        given = [read.value, read.low, read.high]
    number = next((cell for cell in given if cell is not None), None)
    if qualifier == "exact" and number and number % 100 == 0:
        qualifier = "unspecified"
    if qualifier == "range":
        return {"qualifier": qualifier, "value": None, "low": given[1], "high": given[2]}
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


def times(figure: Json, said: str) -> Json:
    """Return about_from and about_to: the period, or all up to `as_of`; a month that goes on after `said` ends on it.

    `said` is the day of saying, '' where it is not known.
    """
    ends = figure.get("period_end") or figure.get("as_of")
    last = last_day(ends)
    if said and ends and len(ends) < len("2025-01-01") and first_day(ends)[0] <= said < last:
        last = said
    return {"about_from": first_day(figure.get("period_start"))[0], "about_to": last}
