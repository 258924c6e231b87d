"""A figure of a record as the cells of a claim, and the relays between its document and statement."""

from collections.abc import Iterator, Sequence

from schemas.wording.rules import FILLED, reading
from scripts.curation import coding_rules, doubts, labels, occasions, records
from scripts.curation.desk import Desk
from scripts.curation.records import Row
from scripts.datapackage.package import Json

NOBODY = "name the `source`, as the page does; null is the answer that it names nobody"
QUALIFIED = "no word that is known here qualifies the number of “{}”, and it has other words"


def decided(desk: Desk, place: str, document: Row, figure: Json) -> Json:
    """Return the cells of a claim: what the figure decides, and by rule what it only notes."""
    metric = _metric(desk, place, figure)
    modality = figure["modality"] if "modality" in figure else coding_rules.modality(figure)
    by_rule = {
        "metric_id": metric,
        "population_id": _population(desk, place, metric, figure),
        "place_id": labels.resolve(desk, f"{place}.place", "places", figure.get("place")),
        "modality": modality,
        "extent": "total",
        **coding_rules.times(figure, _said(document, figure) if modality == "asserted" else ""),
    }
    cells = {name: cell for name, cell in figure.items() if name not in (*coding_rules.NUMBERS, "qualifier")}
    return {**by_rule, **_numbers(desk, place, figure), **cells}


def check_source(desk: Desk, place: str, figure: Json) -> None:
    """Ask who said a figure, where it does not say."""
    if "source" not in figure and "statement" not in figure:
        desk.ask(f"{place}.source", "undecided", "who said it is not said", NOBODY)


def _said(document: Row, figure: Json) -> str:
    """Return the day on which a figure was said, at the latest; '' where only a month is known."""
    said = figure.get("said_on") or (document["published_on"] if document["published_on_precision"] == "day" else "")
    return said if len(said) == len("2025-01-01") else ""


def _metric(desk: Desk, place: str, figure: Json) -> str | None:
    label = figure.get("metric")
    named = labels.known_as(desk, "metrics", label) if label and not coding_rules.is_noted(label) else ""
    metric: str | None = figure.get("metric_id") or coding_rules.metric(figure) or named or None
    if metric is None:
        unit = figure.get("unit") or "no unit"
        noted = f"`{label}`" if label else "what is counted"
        said = f"{noted} of “{figure['wording']}” in {unit} is no metric by rule"
        desk.ask_for(f"{place}.metric_id", said, doubts.choices_of(desk, "metrics"))
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
        desk.ask_for(f"{place}.population_id", "whose is not said", doubts.choices_of(desk, "populations"))
    return labels.resolve(desk, f"{place}.population", "populations", label)


def _numbers(desk: Desk, place: str, figure: Json) -> Json:
    """Return qualifier and numbers: of the figure, else of its words; ask where neither decides."""
    if "qualifier" in figure and "metric" not in figure and "source" not in figure and "statement" in figure:
        return {name: figure.get(name) for name in ("qualifier", *coding_rules.NUMBERS)}  # decided, to the last cell
    known = {**dict.fromkeys(FILLED, ""), **coding_rules.QUALIFIERS}
    noted, read = figure.get("qualifier"), reading(figure["wording"])
    if noted and noted not in known:
        desk.ask_for(f"{place}.qualifier", f"`{noted}` is no qualifier", known)
        return {}
    if not noted and read is None:
        desk.ask_for(f"{place}.qualifier", f"“{figure['wording']}” has more numbers than a claim can hold", known)
        return {}
    if not noted and read and not read.sure:
        desk.ask_for(f"{place}.qualifier", QUALIFIED.format(figure["wording"]), known)
    cells = coding_rules.numbers(figure, read)
    for name in coding_rules.NUMBERS:
        if (number := figure.get(name)) is not None and number not in [cells[each] for each in coding_rules.NUMBERS]:
            filled = " and ".join(FILLED[cells["qualifier"]]) or "nothing"
            said = f"{records.text(number)} would be lost: `{cells['qualifier']}` fills {filled}, with one number each"
            desk.ask(f"{place}.{name}", "undecided", said, "write the numbers of the wording, and what qualifies them")
    return cells


def relays(desk: Desk, place: str, figure: Json) -> list[str]:
    """Return the sources through which a figure came, the first to pass it on first."""
    given = figure.get("relays")
    if given is None:
        person = labels.speaker(desk, f"{place}.source", figure.get("source")).person_id
        via = [labels.resolve(desk, f"{place}.via", "sources", label) for label in figure.get("via") or []]
        given = [person, *(source for source in via if source != person)]
    else:
        given = [labels.resolve(desk, f"{place}.relays", "sources", label) for label in given]
    return [source for source in given if source]


def chain(desk: Desk, document: Row, statement_id: str, sources: Sequence[str]) -> Iterator[Row]:
    """Yield the rows of relays between a document and a statement."""
    header = desk.package.tables["relays"].header
    for position, source in enumerate(sources, 1):
        cells = (document["document_id"], statement_id, source, str(position))
        yield dict(zip(header, cells, strict=True))


def statement(desk: Desk, place: str, document: Row, claim: Row, figure: Json) -> Row:
    """Return the statement of a figure, as `occasions.statement`, after asking who said it."""
    check_source(desk, place, figure)
    return occasions.statement(desk, place, document, claim, figure)
