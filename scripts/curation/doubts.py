"""What a record leaves open although a rule fills it: by words of the page, other documents, or its own totals."""

from collections import Counter

from schemas.wording import coded_words, lexicon
from scripts.curation.desk import Choices, Desk, numbers
from scripts.curation.records import Row
from scripts.datapackage.package import Json

EXTENTS = {
    "total": "all there were by then, or all of the time that the figure names, where the thing counted began with it",
    "addition": "more of them, on top of those before; or those of a time alone, where the thing began earlier",
    "part": "of one battle, unit, strike or place",
}
MODALITIES = {
    "asserted": "the page says that it is so",
    "expected": "the page says that it will be so",
    "possible": "the page says that it may be so",
    "conditional": "the page says that it is so under a condition",
    "denied": "the page says that it is not so",
}
LOSSES, SENT = "losses", "sent"
THING = ("metric_id", "population_id", "place_id", "modality", "extent")
COMPARED = ("metric_id", "population_id", "modality", "extent")


def in_words(desk: Desk, place: str, claim: Row, figure: Json, title: str) -> None:
    """Ask for what words of a record speak against, in the columns that it does not name.

    A title that has numbers speaks of the figures that it has.
    """
    noted = " \n ".join(filter(None, [claim["wording"], claim["note"], figure.get("metric"), figure.get("population")]))
    in_title = set(map(str, map(int, lexicon.numbers(title))))
    text = f"{noted} \n {title}" if not in_title or in_title & numbers(claim) else noted
    if "extent" not in figure and (found := coded_words.found_in("extent", text)):
        said = f"by words of the record it may be `{'` or `'.join(sorted(found))}`"
        desk.ask_for(f"{place}.extent", said, EXTENTS)
    may_be = coded_words.found_in("modality", text) if claim["modality"] in ("asserted", "expected") else set()
    if "modality" not in figure and may_be:
        said = f"by words of the record it may be `{'` or `'.join(sorted(may_be))}`"
        desk.ask_for(f"{place}.modality", said, MODALITIES)
    if "metric_id" not in figure:
        _metric_in_words(desk, place, claim["metric_id"], f"{claim['wording']} \n {claim['note']}", title)


def _metric_in_words(desk: Desk, place: str, metric: str, noted: str, title: str) -> None:
    said = coded_words.licensed("metric_id", noted, "") | ({LOSSES} & coded_words.found_in("metric_id", title))
    if metric == SENT:
        said |= coded_words.found_in("moved", noted)
    if said and metric not in said and metric in coded_words.codes("metric_id") | {SENT}:
        choices = {code: desk.rows.tables["metrics"].get(code, {}).get("name", "") for code in [*sorted(said), metric]}
        listed = "` or `".join(sorted(said))
        desk.ask_for(f"{place}.metric_id", f"by words of the record it may be `{listed}`", choices)


def beside_others(desk: Desk, place: str, claim: Row, figure: Json) -> None:
    """Ask where most documents that give the number of a statement have it otherwise."""
    said = desk.said.get(claim["statement_id"], [])
    others = [
        one for one in said if numbers(one) == numbers(claim) != set() and one["document_id"] != claim["document_id"]
    ]
    for column in COMPARED:
        [(most, times)] = Counter(one[column] for one in others).most_common(1) or [(claim[column], 0)]
        if column not in figure and most != claim[column] and times * 2 > len(others):
            of = f"{times} of {len(others)} documents"
            choices = {most: f"as in {of}", claim[column]: "as this page was noted"}
            message = (
                f"{of} that report this number of `{claim['statement_id']}` have `{most}`; by rule: `{claim[column]}`"
            )
            desk.ask_for(f"{place}.{column}", message, choices)


def within_document(desk: Desk, place: str, claim: Row, figure: Json, had: list[Row]) -> None:
    """Ask where a page would have two totals of one thing."""
    if "extent" in figure or (claim["modality"], claim["extent"]) != ("asserted", "total"):
        return
    source = _source(desk, claim)
    for one in had:
        same = all(one[name] == claim[name] for name in THING)
        if same and _source(desk, one) == source and numbers(one) != numbers(claim):
            desk.ask_for(f"{place}.extent", _two(one), EXTENTS)
            return


def _two(one: Row) -> str:
    return f"the page has another total of this, “{one['wording']}” (`{one['claim_id']}`)"


def _source(desk: Desk, claim: Row) -> str:
    return desk.rows.tables["statements"].get(claim["statement_id"], {}).get("source_id", "")


def choices_of(desk: Desk, resource: str) -> Choices:
    """Return the keys of a vocabulary with what they mean."""
    return {key: row.get("definition") or row["name"] for key, row in desk.rows.tables[resource].items()}
