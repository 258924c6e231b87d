"""Code records: rows for all tables, or the questions that a reader must answer first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from urllib.parse import parse_qsl, urlencode, urlsplit

from scripts import canonical, records, rough
from scripts.package import Json, Package
from scripts.problems import Problem
from scripts.records import Row, Rows

TRACKING = ("utm_", "fbclid", "gclid", "mc_cid", "mc_eid")
WEEK = 7  # days within which a report of the same number joins a dated statement


@dataclass
class Coder:
    """The rows that are there and come in, and what was asked on the way."""

    package: Package
    rows: Rows
    problems: list[Problem] = field(default_factory=list)
    known: int = 0  # documents that were there already
    place: tuple[str, int, str] = ("", 0, "")  # file, line and key of the record at work

    def __post_init__(self) -> None:
        """Index what is looked up again and again."""
        documents = self.rows.tables["documents"].values()
        self.addresses = {address(row["url"]): row["document_id"] for row in documents if row["url"]}
        self.unknown: set[str] = set()  # labels that were asked for already
        self.numbers: dict[str, set[str]] = {}  # statement → the numbers that its claims give
        for claim in self.rows.tables["claims"].values():
            self._remember(claim)

    def ask(self, column: str, rule: str, message: str, fix: str) -> None:
        """Record what stands in the way of the record at work."""
        path, line, key = self.place
        self.problems.append(Problem(path, line, column, key, rule, message, fix))

    def add(self, path: str, line: int, record: Json) -> None:
        """Code one record."""
        if "resource" in record:
            self.place = (path, line, "")
            table = self.package.tables[record["resource"]]
            row = records.row_of(self.package, table.name, record["row"])
            self._put(table.name, row)
        elif self._is_known(record):
            self.known += 1
        else:
            self._document(path, line, record)

    def _put(self, table: str, row: Row) -> None:
        key = "/".join(row[column] for column in self.package.tables[table].primary_key)
        if there := self.rows.add(table, key, row):
            differs = ", ".join(f"{name} “{there[name]}” or “{row[name]}”" for name in row if row[name] != there[name])
            self.ask(
                table, "row-differs", f"`{key}` is there already with other cells: {differs}", "decide which holds"
            )

    def _is_known(self, record: Json) -> bool:
        """Whether the document is there already, by its address or, without one, by its key."""
        url = record.get("url")
        there = self.addresses.get(address(url)) if url else None
        return bool(there) or record.get("document_id") in self.rows.tables["documents"]

    def _document(self, path: str, line: int, record: Json) -> None:
        self.place = (path, line, record.get("document_id") or record.get("url") or "")
        document = self._document_row(record)
        self._put("documents", document)
        if document["url"]:
            self.addresses[address(document["url"])] = document["document_id"]
        for number, figure in enumerate(record["figures"], 1):
            self._figure(document, number, figure)

    def _document_row(self, record: Json) -> Row:
        row = records.row_of(self.package, "documents", record)
        if "publisher_id" not in record:
            row["publisher_id"] = self._resolve("publisher", "sources", record.get("publisher"))
        if "published_on_precision" not in record:
            row["published_on"], row["published_on_precision"] = rough.first_day(record.get("published_on"))
            basis = record.get("published_on_basis") or ""
            inferred = basis.startswith("inferred")
            row["published_on_basis"] = ("inferred" if inferred else basis) if row["published_on"] else ""
            row["note"] = row["note"] or (basis if inferred and row["published_on"] else "")
        if not row["document_id"]:
            row["document_id"] = self._new_document_id(row["publisher_id"], record.get("published_on"))
        return row

    def _new_document_id(self, publisher: str, published_on: str | None) -> str:
        stem = f"{publisher or 'unknown'}-{published_on.replace('-', '') if published_on else 'undated'}"
        names = [stem, *(f"{stem}{letter}" for letter in "bcdefghijklmnopqrstuvwxyz")]
        return next(name for name in names if name not in self.rows.tables["documents"])

    def _resolve(self, column: str, resource: str, label: str | None) -> str:
        """Return the key that a label means; ask where it is not known."""
        if not label:
            return ""
        aliases = self.rows.tables["aliases"]
        if alias := aliases.get(f"{resource}/{label}"):
            return alias["id"]
        if label in self.unknown:
            return ""
        self.unknown.add(label)
        labels = [row["label"] for row in aliases.values() if row["resource"] == resource]
        near = [aliases[f"{resource}/{name}"]["id"] for name in get_close_matches(label, labels, 3, 0.5)]
        known = f"; near it are {', '.join(dict.fromkeys(near))}" if near else ""
        line = canonical.line([resource, label, near[0] if near else "ID"]).strip()
        self.ask(
            column, "unknown-label", f"`{label}` is no label of {resource}{known}", f"add to data/aliases.csv: {line}"
        )
        return ""

    def _figure(self, document: Row, number: int, figure: Json) -> None:
        place = f"figures[{number}]"
        claim = records.row_of(self.package, "claims", self._decided(place, figure))
        claim["claim_id"] = claim["claim_id"] or f"{document['document_id']}-{number}"
        claim["document_id"] = document["document_id"]
        statement, relays = self._statement(place, document, claim, figure)
        claim["statement_id"] = statement["statement_id"]
        self._put("statements", statement)
        self._put("claims", claim)
        self._remember(claim)
        for position, source in enumerate(relays, 1):
            cells = (document["document_id"], statement["statement_id"], source, str(position))
            self._put("relays", dict(zip(self.package.tables["relays"].header, cells, strict=True)))

    def _remember(self, claim: Row) -> None:
        numbers = {claim[name] for name in rough.NUMBERS if claim[name]}
        self.numbers.setdefault(claim["statement_id"], set()).update(numbers)

    def _decided(self, place: str, figure: Json) -> Json:
        """Return the cells of a claim: what the figure decides, and by rule what it only notes."""
        if "metric" not in figure:
            return figure
        metric = figure.get("metric_id") or rough.metric(figure)
        if metric is None:
            metrics = ", ".join(self.rows.tables["metrics"])
            unit = figure.get("unit") or "no unit"
            said = f"`{figure['metric']}` of “{figure['wording']}” in {unit} is no metric by rule"
            self.ask(f"{place}.metric_id", "undecided", said, f"add `metric_id` to the figure, one of {metrics}")
        counted = self.rows.tables["metrics"].get(metric or "", {}).get("unit") in ("persons", "persons per day")
        population = self._resolve(f"{place}.population", "populations", figure.get("population")) if counted else ""
        if counted and not figure.get("population") and "population_id" not in figure:
            choices = ", ".join(self.rows.tables["populations"])
            self.ask(
                f"{place}.population_id", "undecided", "whose is not said", f"add `population_id`, one of {choices}"
            )
        by_rule = {
            "metric_id": metric,
            "population_id": population,
            "place_id": self._resolve(f"{place}.place", "places", figure.get("place")),
            "modality": rough.modality(figure),
            "extent": "total",
            **rough.times(figure),
        }
        decided = {name: cell for name, cell in figure.items() if name not in (*rough.NUMBERS, "qualifier")}
        return {**by_rule, **rough.numbers(figure), **decided}

    def _statement(self, place: str, document: Row, claim: Row, figure: Json) -> tuple[Row, Sequence[str]]:
        """Return the statement of a figure and the relays between the two."""
        given = figure.get("statement", {})
        relays = figure.get("relays")
        if relays is None:
            relays = [self._resolve(f"{place}.via", "sources", label) for label in figure.get("via") or []]
        there = self.rows.tables["statements"].get(given.get("statement_id", ""))
        if there and set(given) == {"statement_id"}:
            return there, relays
        if "source_id" not in given:
            given = {**self._occasion(place, document, claim, figure, asked=not given), **given}
        there = self.rows.tables["statements"].get(given["statement_id"])
        new = records.row_of(self.package, "statements", given)
        return (there if there and "statement" not in figure else new), [relay for relay in relays if relay]

    def _occasion(self, place: str, document: Row, claim: Row, figure: Json, *, asked: bool) -> Json:
        """Return a statement by rule: the source on its day or, day unknown, in its document."""
        source = self._resolve(f"{place}.originator", "sources", figure.get("originator")) or self._nobody()
        said_on = figure.get("said_on")
        statement_id = f"{source}-{said_on.replace('-', '')}" if said_on else f"{source}-{document['document_id']}"
        fitting = list(self._fitting(source, document, claim)) if asked and not said_on else []
        if fitting:
            choices = ", ".join([*fitting, f"{statement_id} (its own)"])
            message = f"the day is missing; the same number, from the same source within {WEEK} days: {choices}"
            self.ask(f"{place}.statement", "undecided", message, 'add `"statement": {"statement_id": …}` to the figure')
        day, precision = rough.first_day(said_on)
        return {"statement_id": statement_id, "source_id": source, "said_on": day, "said_on_precision": precision}

    def _nobody(self) -> str:
        return next((key for key, row in self.rows.tables["sources"].items() if row["kind"] == "nobody"), "")

    def _fitting(self, source: str, document: Row, claim: Row) -> Iterator[str]:
        """Yield the dated statements of a source with the same number, not more than a week before the document."""
        if document["published_on_precision"] != "day":
            return
        published = date.fromisoformat(document["published_on"])
        numbers = {claim[name] for name in rough.NUMBERS if claim[name]}
        for key, row in self.rows.tables["statements"].items():
            if row["source_id"] == source and row["said_on_precision"] == "day":
                days = (published - date.fromisoformat(row["said_on"])).days
                if 0 <= days <= WEEK and numbers & self.numbers.get(key, set()):
                    yield key


def address(url: str | None) -> str:
    """Return what makes two addresses one: no scheme, www, port of the scheme, trailing slash or tracking parameter."""
    parts = urlsplit(url or "")
    host = (parts.hostname or "").removeprefix("www.").rstrip(".")
    query = [
        (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not name.startswith(TRACKING)
    ]
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    return f"{host}{port}{parts.path.rstrip('/')}?{urlencode(sorted(query))}"
