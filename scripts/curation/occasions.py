"""Which statement a figure reports: the one that it names, one that is there, or one of its own."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches

from scripts.curation import coding_rules, labels, records
from scripts.curation.desk import Desk, numbers
from scripts.curation.records import Row
from scripts.datapackage.package import Json
from scripts.datapackage.problems import count

WEEK = 7  # days within which a report of the same number joins a dated statement
OWN = "own"  # the answer that a statement is none of those that are there
LENGTHS = {"year": 4, "month": 7, "day": 10}


def statement(desk: Desk, place: str, document: Row, claim: Row, figure: Json) -> Row:
    """Return the statement of a figure: the one that it names, or one by rule."""
    given = figure.get("statement")
    if isinstance(given, str) and given != OWN:
        given = {"statement_id": given}
    if isinstance(given, dict):
        return _named(desk, place, given, document, claim, figure)
    source = labels.speaker(desk, f"{place}.source", figure.get("source")).source_id
    key = _found(desk, place, source, document, claim, figure) if given != OWN else _own_key(source, document, figure)
    if there := desk.rows.tables["statements"].get(key):
        return there
    day, precision = coding_rules.first_day(figure.get("said_on"))
    cells = {"statement_id": key, "source_id": source, "said_on": day, "said_on_precision": precision}
    return records.row_of(desk.package, "statements", cells)


def is_of(desk: Desk, place: str, figure: Json, there: Row) -> bool:
    """Return whether a statement can be that of a figure, by all that the figure says of it."""
    given = figure.get("statement")
    if isinstance(given, str):
        return given in (there["statement_id"], OWN)
    if given:
        return all(there.get(name) == records.text(cell) for name, cell in given.items() if cell is not None)
    source = labels.speaker(desk, f"{place}.source", figure.get("source")).source_id
    return there["source_id"] == source and _agree(figure.get("said_on") or "", there)


def _named(desk: Desk, place: str, given: Json, document: Row, claim: Row, figure: Json) -> Row:
    """Return the statement that a figure names: one that is there, or a new one that says whose it is."""
    desk.check_columns(f"{place}.statement", "statements", given)
    if given.get("said_on") and "said_on_precision" not in given:
        day, precision = coding_rules.first_day(given["said_on"])
        given = {**given, "said_on": day, "said_on_precision": precision}
    key = given["statement_id"]
    there = desk.rows.tables["statements"].get(key)
    if there and set(given) == {"statement_id"}:
        return there
    if not there and "source_id" not in given:
        near = get_close_matches(key, desk.rows.tables["statements"], 3, labels.ALIKE)
        meant = f"did you mean {' or '.join(f'`{one}`' for one in near)}? " if near else ""
        fix = f"{meant}a new one says whose it is: add `source_id`, and `said_on`"
        choices = _described(desk, near)
        desk.ask(f"{place}.statement", "unknown-statement", f"there is no statement `{key}`", fix, choices)
        return records.row_of(desk.package, "statements", given)
    return records.row_of(desk.package, "statements", given)


def _own_key(source: str, document: Row, figure: Json) -> str:
    return f"{source}-{document['document_id']}"


def _found(desk: Desk, place: str, source: str, document: Row, claim: Row, figure: Json) -> str:
    """Return the key of a statement by rule: the source on its day or, day unknown, in its document; ask where more."""
    said_on, own = figure.get("said_on") or "", _own_key(source, document, figure)
    by_day = f"{source}-{said_on.replace('-', '')}"
    sources = {source, *_agencies(desk, source)}
    of_source = [row for row in desk.rows.tables["statements"].values() if row["source_id"] in sources]
    with_number = [row for row in of_source if _has_number(desk, row, claim)]
    if said_on:
        if by_day in desk.rows.tables["statements"]:
            return by_day
        then = [row for row in with_number if row["said_on"] and _agree(said_on, row)]
        if len(then) == 1 and then[0]["source_id"] == source:
            return then[0]["statement_id"]
        fitting, key, why = then, by_day, "these statements fit the day and the number"
    else:
        fitting = [row for row in with_number if not document["published_on"] or _within_a_week(document, row)]
        key, why = own, "the day is missing, and the number is that of a statement that is there"
    if fitting:
        listed = _described(desk, [row["statement_id"] for row in fitting])
        desk.ask_for(f"{place}.statement", why, {**listed, OWN: f"its own, `{key}`"})
    return key


def _agencies(desk: Desk, source: str) -> Iterator[str]:
    """Yield the agencies that may be meant where the intelligence of a country is named, and no agency."""
    rows = desk.rows.tables["sources"]
    one = rows.get(source, {})
    of_state = rows.get(one.get("part_of", ""), {}).get("kind") == "state"
    if one.get("kind") == "intelligence" and source.endswith("-intelligence") and of_state:
        yield from (key for key, row in rows.items() if (row["kind"], row["country"]) == (one["kind"], one["country"]))


def _has_number(desk: Desk, row: Row, claim: Row) -> bool:
    return any(numbers(one) & numbers(claim) for one in desk.said.get(row["statement_id"], []))


def _agree(said_on: str, there: Row) -> bool:
    """Whether a date is that of a statement, or differs in precision alone: `2025-09` and 2 September 2025."""
    known = there["said_on"][: LENGTHS.get(there["said_on_precision"], 0)]
    return not said_on or not known or said_on.startswith(known) or known.startswith(said_on)


def _within_a_week(document: Row, row: Row) -> bool:
    published, said = _day(document, "published_on"), _day(row, "said_on")
    return bool(published and said and 0 <= (published - said).days <= WEEK)


def _day(row: Row, column: str) -> date | None:
    """Return a date that is known to the day; None where there is none, or no day of the calendar."""
    try:
        return date.fromisoformat(row[column]) if row[f"{column}_precision"] == "day" else None
    except ValueError:
        return None


def _described(desk: Desk, keys: Iterable[str]) -> Mapping[str, str]:
    """Return statements with day, words and how many documents have them, those of most documents first."""
    found = []
    for key in keys:
        row, claims = desk.rows.tables["statements"][key], desk.said.get(key, [])
        documents = len({claim["document_id"] for claim in claims})
        day = row["said_on"][: LENGTHS.get(row["said_on_precision"], 0)] or "no day"
        words = " · ".join(dict.fromkeys(f"{claim['metric_id']} “{claim['wording']}”" for claim in claims[:3]))
        found.append((-documents, key, f"{day}: {words}; {count(documents, 'document')}"))
    return {key: said for _, key, said in sorted(found)}
