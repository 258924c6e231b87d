"""A figure of a record as the cells of a claim, its statement and the relays between the two."""

from collections.abc import Iterator, Sequence
from datetime import date

from schemas.wording.rules import FILLED
from scripts.curation import coding_rules, records
from scripts.curation.desk import Desk
from scripts.curation.records import Row
from scripts.datapackage.package import Json

WEEK = 7  # days within which a report of the same number joins a dated statement


def decided(desk: Desk, place: str, figure: Json) -> Json:
    """Return the cells of a claim: what the figure decides, and by rule what it only notes."""
    if not any(figure.get(name) for name in coding_rules.NOTED):
        return figure
    metric = _metric(desk, place, figure)
    by_rule = {
        "metric_id": metric,
        "population_id": _population(desk, place, metric, figure),
        "place_id": desk.resolve(f"{place}.place", "places", figure.get("place")),
        "modality": coding_rules.modality(figure),
        "extent": "total",
        **coding_rules.times(figure),
    }
    if "metric" not in figure:  # its numbers are decided
        return {**by_rule, **figure}
    cells = {name: cell for name, cell in figure.items() if name not in (*coding_rules.NUMBERS, "qualifier")}
    return {**by_rule, **_numbers(desk, place, figure), **cells}


def _metric(desk: Desk, place: str, figure: Json) -> str | None:
    metric: str | None = figure.get("metric_id") or coding_rules.metric(figure)
    if metric is None:
        metrics = ", ".join(desk.rows.tables["metrics"])
        label, unit = figure.get("metric"), figure.get("unit") or "no unit"
        noted = f"`{label}`" if label else "what is counted"
        said = f"{noted} of “{figure['wording']}” in {unit} is no metric by rule"
        desk.ask(f"{place}.metric_id", "undecided", said, f"add `metric_id` to the figure, one of {metrics}")
    return metric


def _population(desk: Desk, place: str, metric: str | None, figure: Json) -> str:
    label = figure.get("population")
    if not metric or "population_id" in figure:
        return ""
    if desk.rows.tables["metrics"].get(metric, {}).get("unit") not in ("persons", "persons per day"):
        if label:
            said = f"`{label}` would be lost: {metric} counts no persons"
            desk.ask(f"{place}.population", "undecided", said, "say it in `note` if it matters, and leave it out here")
        return ""
    if not label:
        choices = ", ".join(desk.rows.tables["populations"])
        desk.ask(f"{place}.population_id", "undecided", "whose is not said", f"add `population_id`, one of {choices}")
    return desk.resolve(f"{place}.population", "populations", label)


def _numbers(desk: Desk, place: str, figure: Json) -> Json:
    noted = figure.get("qualifier")
    known = [*FILLED, *coding_rules.QUALIFIERS]
    if noted not in known:
        said = f"`{noted}` is no qualifier" if noted else "how the words qualify the number is not said"
        desk.ask(f"{place}.qualifier", "undecided", said, f"write `qualifier`, one of {', '.join(known)}")
        return {}
    cells = coding_rules.numbers(figure)
    for name in coding_rules.NUMBERS:
        if (number := figure.get(name)) is not None and number not in [cells[each] for each in coding_rules.NUMBERS]:
            filled = " and ".join(FILLED[cells["qualifier"]]) or "nothing"
            said = f"{records.text(number)} would be lost: `{noted}` fills {filled}, with one number each"
            desk.ask(f"{place}.{name}", "undecided", said, "write the numbers of the wording, and what qualifies them")
    return cells


def is_of(desk: Desk, place: str, figure: Json, statement: Row) -> bool:
    """Return whether a statement can be that of a figure, by all that the figure says of it."""
    if given := figure.get("statement"):
        return all(statement.get(name) == records.text(cell) for name, cell in given.items() if cell is not None)
    source = desk.resolve(f"{place}.originator", "sources", figure.get("originator")) or desk.nobody()
    day, there = coding_rules.first_day(figure.get("said_on")), (statement["said_on"], statement["said_on_precision"])
    return statement["source_id"] == source and day in (("", ""), there)


def relays(desk: Desk, place: str, figure: Json) -> list[str]:
    """Return the sources through which a figure came, the first to pass it on first."""
    given = figure.get("relays")
    if given is None:
        given = [desk.resolve(f"{place}.via", "sources", label) for label in figure.get("via") or []]
    return [source for source in given if source]


def statement(desk: Desk, place: str, document: Row, claim: Row, figure: Json) -> Row:
    """Return the statement of a figure: the one that it names, or one by rule."""
    given = figure.get("statement", {})
    desk.check_columns(f"{place}.statement", "statements", given)
    there = desk.rows.tables["statements"].get(given.get("statement_id") or "")
    if there and set(given) == {"statement_id"}:
        return there
    if "source_id" not in given:
        given = {**_occasion(desk, place, document, claim, figure), **given}
    there = desk.rows.tables["statements"].get(given["statement_id"])
    new = records.row_of(desk.package, "statements", given)
    return there if there and "statement" not in figure else new


def _occasion(desk: Desk, place: str, document: Row, claim: Row, figure: Json) -> Json:
    """Return a statement by rule: the source on its day or, day unknown, in its document."""
    source = desk.resolve(f"{place}.originator", "sources", figure.get("originator")) or desk.nobody()
    said_on = figure.get("said_on")
    statement_id = f"{source}-{said_on.replace('-', '')}" if said_on else f"{source}-{document['document_id']}"
    fitting = [] if said_on or figure.get("statement") else list(_fitting(desk, source, document, claim))
    if fitting:
        choices = ", ".join([*fitting, f"{statement_id} (its own)"])
        message = f"the day is missing; the same number, from the same source within {WEEK} days: {choices}"
        desk.ask(f"{place}.statement", "undecided", message, 'add `"statement": {"statement_id": …}` to the figure')
    day, precision = coding_rules.first_day(said_on)
    return {"statement_id": statement_id, "source_id": source, "said_on": day, "said_on_precision": precision}


def _fitting(desk: Desk, source: str, document: Row, claim: Row) -> Iterator[str]:
    """Yield the dated statements of a source with the same number, not more than a week before the document."""
    published = _day(document, "published_on")
    numbers = {claim[name] for name in coding_rules.NUMBERS if claim[name]}
    for key, row in desk.rows.tables["statements"].items():
        said = _day(row, "said_on") if row["source_id"] == source else None
        if published and said and 0 <= (published - said).days <= WEEK and numbers & desk.numbers.get(key, set()):
            yield key


def _day(row: Row, column: str) -> date | None:
    """Return a date that is known to the day; None where there is none, or no day of the calendar."""
    try:
        return date.fromisoformat(row[column]) if row[f"{column}_precision"] == "day" else None
    except ValueError:
        return None


def chain(desk: Desk, document: Row, statement_id: str, sources: Sequence[str]) -> Iterator[Row]:
    """Yield the rows of relays between a document and a statement."""
    header = desk.package.tables["relays"].header
    for position, source in enumerate(sources, 1):
        cells = (document["document_id"], statement_id, source, str(position))
        yield dict(zip(header, cells, strict=True))
