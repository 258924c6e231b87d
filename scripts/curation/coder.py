"""Code records: rows for all tables, or the questions that a reader must answer first."""

import re
from collections.abc import Iterator, Mapping
from itertools import count
from string import ascii_lowercase

from scripts.curation import coding_rules, doubts, figured, labels, occasions, records
from scripts.curation.addresses import address
from scripts.curation.desk import Desk, differences
from scripts.curation.records import Row, Rows
from scripts.datapackage import signs
from scripts.datapackage.package import Json, Package
from scripts.datapackage.problems import Problem
from scripts.datapackage.problems import count as counted

BASES = ("page", "url", "inferred")
IDS = ("claim_id", "document_id", "statement_id")


class Coder:
    """The rows that are there and come in, what was asked on the way, and what there is to say of known documents."""

    def __init__(self, package: Package, rows: Rows, gone: Mapping[tuple[str, str], str]) -> None:
        """Take the rows that are there, and what was withdrawn before, by table and key."""
        self.package, self.rows, self.gone, self.said = package, rows, gone, list[str]()
        self.desk = Desk(package, rows, gone)
        self.addresses = {
            address(row["url"]): row["document_id"] for row in rows.tables["documents"].values() if row["url"]
        }
        self.claims: dict[str, list[Row]] = {}  # of each document
        for claim in rows.tables["claims"].values():
            self.claims.setdefault(claim["document_id"], []).append(claim)
        self.highest: dict[str, int] = {}  # the highest number of a claim that a document has, or had
        for key in [*rows.tables["claims"], *(key for table, key in gone if table == "claims")]:
            self._number(key)

    @property
    def problems(self) -> list[Problem]:
        """What stands in the way."""
        return self.desk.problems

    def add(self, path: str, line: int, record: Json) -> None:
        """Code one record."""
        self.desk.record = (path, line, record.get("document_id") or record.get("url") or "")
        if "resource" in record:
            self.desk.check_columns("row", record["resource"], record["row"])
            self.desk.put(record["resource"], records.row_of(self.package, record["resource"], record["row"]))
        elif there := self._there(record):
            self._further(there, record)
        else:
            document = self._document_row(record)
            self.desk.put("documents", document)
            if document["url"]:
                self.addresses[address(document["url"])] = document["document_id"]
            for number, figure in enumerate(record["figures"], 1):
                self._figure(document, f"figures[{number}]", figure, [])

    def _there(self, record: Json) -> Row | None:
        """Return the document of a record if it is there already: by its address or, without one, by its key."""
        url = record.get("url")
        key = (self.addresses.get(address(url)) if url else None) or record.get("document_id") or ""
        return self.rows.tables["documents"].get(key)

    def _further(self, there: Row, record: Json) -> None:
        """Code the figures that a document does not have yet; ask where the record has it otherwise."""
        path, line, key = *self.desk.record[:2], there["document_id"]
        self.desk.record = (path, line, key)
        row = self._document_row({"document_id": key, **record})
        if address(row["url"]) == address(there["url"]):
            row["url"] = there["url"]
        row = {name: cell or there[name] for name, cell in row.items()}
        if row != there:
            message = f"the document is there already with other cells: {differences(there, row)}"
            fix = f"decide which holds; `correct documents {key} COLUMN VALUE --reason …` changes what is there"
            self.desk.ask("documents", "row-differs", message, fix)
        had = list(self.claims.get(key, []))
        new = [self._figure(there, f"figures[{n}]", figure, had) for n, figure in enumerate(record["figures"], 1)]
        added = [claim for claim in new if claim]
        known = f"{counted(len(new) - len(added), 'figure')} of the record there too"
        place = f"{path}:{line}" if line else path
        self.said.append(f"{place}: {key} is there already, {known}; new: {', '.join(added) or 'none'}")

    def _document_row(self, record: Json) -> Row:
        row = records.row_of(self.package, "documents", record)
        if "publisher_id" not in record:
            row["publisher_id"] = labels.resolve(self.desk, "publisher", "sources", record.get("publisher"))
        if "published_on_precision" not in record:
            row["published_on"], row["published_on_precision"] = coding_rules.first_day(record.get("published_on"))
            basis = record.get("published_on_basis") or ""
            kind = next((word for word in BASES if re.match(rf"{word}\b", basis)), basis)
            row["published_on_basis"] = kind if row["published_on"] else ""
            remark = basis if basis not in (*BASES, "none") else ""
            row["note"] = "; ".join(filter(None, [row["note"], remark]))
        if not row["document_id"]:
            row["document_id"] = self._new_document_id(row["publisher_id"], record.get("published_on"))
        return row

    def _new_document_id(self, publisher: str, published_on: str | None) -> str:
        stem = f"{publisher or 'unknown'}-{published_on.replace('-', '') if published_on else 'undated'}"
        names = (f"{stem}{letters}" for letters in _letters())
        there = self.rows.tables["documents"]
        return next(name for name in names if name not in there and ("documents", name) not in self.gone)

    def _figure(self, document: Row, place: str, figure: Json, had: list[Row]) -> str:
        """Code a figure and return the key of its claim, '' where the document had it before."""
        claim = records.row_of(self.package, "claims", figured.decided(self.desk, place, document, figure))
        claim["document_id"] = key = document["document_id"]
        if not claim["claim_id"]:
            if (alike := self._alike(place, claim, figure, had)) is not None:
                return alike
            claim["claim_id"] = f"{key}-{self.highest.get(key, 0) + 1}"
        known = claim["claim_id"] in self.rows.tables["claims"]
        statement = figured.statement(self.desk, place, document, claim, figure)
        claim["statement_id"] = statement["statement_id"]
        self.desk.put("statements", statement, f"{place}.statement")
        if not known:
            self._check(document, place, claim, figure)
        self.desk.put("claims", claim, place)
        if not known:
            self.claims.setdefault(key, []).append(claim)
            self._number(claim["claim_id"])
        sources = figured.relays(self.desk, place, figure)
        for relay in figured.chain(self.desk, document, statement["statement_id"], sources):
            self.desk.put("relays", relay, f"{place}.relays")
        return "" if known else claim["claim_id"]

    def _check(self, document: Row, place: str, claim: Row, figure: Json) -> None:
        """Ask for what the figure leaves open although a rule fills it."""
        doubts.in_words(self.desk, place, claim, figure, document["title"])
        doubts.beside_others(self.desk, place, claim, figure)
        doubts.within_document(self.desk, place, claim, figure, self.claims.get(document["document_id"], []))

    def _alike(self, place: str, claim: Row, figure: Json, had: list[Row]) -> str | None:
        """Return None where a document has not the words of a figure; ask where it has them for another than this."""
        alike = [one for one in had if signs.plain(one["wording"]) == signs.plain(claim["wording"])]
        for one in alike:
            statement = self.rows.tables["statements"][one["statement_id"]]
            if _cells(one) == _cells(claim) and occasions.is_of(self.desk, place, figure, statement):
                self._check_relays(place, one, figure)
                return ""
        if not alike:
            return None
        one, key = alike[0], claim["document_id"]
        said = differences(_cells(one), _cells(claim)) or f"its statement is `{one['statement_id']}`"
        fix = f'if it is another, add `"claim_id": "{key}-{self.highest[key] + 1}"`; else take it out, or `correct` it'
        message = f"“{claim['wording']}” is there as `{one['claim_id']}` otherwise: {said}"
        self.desk.ask(place, "figure-differs", message, fix)
        return ""

    def _check_relays(self, place: str, claim: Row, figure: Json) -> None:
        """Ask where a figure that is there already came through others."""
        given = figured.relays(self.desk, place, figure)
        rows = self.rows.tables["relays"].values()
        one = (claim["document_id"], claim["statement_id"])
        there = [row for row in rows if (row["document_id"], row["statement_id"]) == one]
        sources = [row["source_id"] for row in sorted(there, key=lambda row: int(row["position"]))]
        if given and given != sources:
            message = (
                f"it came through {', '.join(given)}, and `{claim['claim_id']}` through {', '.join(sources) or 'none'}"
            )
            self.desk.ask(f"{place}.relays", "row-differs", message, "decide which holds; change data/relays.csv")

    def _number(self, claim_id: str) -> None:
        document_id, _, number = claim_id.rpartition("-")
        if re.fullmatch("[0-9]{1,18}", number):
            self.highest[document_id] = max(int(number), self.highest.get(document_id, 0))


def _cells(claim: Row) -> Row:
    return {name: cell for name, cell in claim.items() if name not in IDS}


def _letters() -> Iterator[str]:
    """Yield what stands behind the keys of the documents of a publisher and day: '', b, c, …, z, zb, zc and so on."""
    yield ""
    for length in count():
        yield from (f"{'z' * length}{letter}" for letter in ascii_lowercase[1:])
