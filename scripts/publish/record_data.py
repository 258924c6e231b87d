"""Claims and sources as the records of dist/ have them: rows with their history and citation, and schema.org."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import duckdb

from scripts.citation import swhid, works
from scripts.citation.works import Version
from scripts.datapackage import canonical_csv
from scripts.datapackage.package import Json, Package
from scripts.publish.metadata.catalogue import SCHEMA_ORG
from scripts.publish.news import Changed, Release

Row = Mapping[str, Any]
CLAIMS = "from claims_wide order by claim_id"
FIRST = "select key, version from changes where resource = 'claims' and change = 'added'"
SOURCES = """
    select sources.source_id, sources.name, sources.kind, sources.country, sources.part_of, bodies.name as part_of_name
    from sources
    left join sources as bodies on bodies.source_id = sources.part_of
    order by sources.source_id
"""
CONTEXT = [SCHEMA_ORG, {"coded": None, "history": None}]  # what is ours, and no term of schema.org (JSON-LD 1.1)
SAME = ("statement_id", "metric_id", "population_id", "place_id", "value", "low", "high")  # one figure of one occasion


@dataclass(frozen=True)
class Claim:
    """A claim: its row of `claims_wide`, its citation, what corrected it, and claims of the same figure."""

    row: Row
    citation: str
    first: str
    corrections: Sequence[tuple[str, Changed]]
    alike: Sequence[Row]
    others: Sequence[Row]


def selected(con: duckdb.DuckDBPyConnection, sql: str) -> list[Row]:
    """Return the rows of a query by column name."""
    found = con.execute(sql)
    columns = [column[0] for column in found.description or []]
    return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]


def claims(
    con: duckdb.DuckDBPyConnection, package: Package, descriptor: Json, releases: Sequence[Release]
) -> list[Claim]:
    """Return every claim, by key; `con` holds tables and views."""
    rows, first = selected(con, CLAIMS), dict(con.execute(FIRST).fetchall())
    version = Version(descriptor, descriptor["version"], "", "")
    table = package.tables["claims"]
    content = f"swh:1:cnt:{swhid.of_file(package.root / table.path).hex()};path=/{table.path};lines="
    alike = grouped(rows, SAME)
    together = grouped(rows, ("statement_id",))
    corrected = _corrections(releases)
    return [
        Claim(
            row=row,
            citation=works.claim_text(version, _cited(row, f"{content}{line}")),
            first=first.get(row["claim_id"], ""),
            corrections=corrected.get(row["claim_id"], ()),
            alike=[one for one in alike[_key(row, SAME)] if one is not row],
            others=[one for one in together[row["statement_id"],] if _key(one, SAME) != _key(row, SAME)],
        )
        for line, row in enumerate(rows, 2)
    ]


def _corrections(releases: Sequence[Release]) -> dict[str, list[tuple[str, Changed]]]:
    """Return the corrections of each claim that has any, with the version of each, oldest first."""
    found: dict[str, list[tuple[str, Changed]]] = {}
    for release in releases:
        for one in release.changed:
            if (one.change, one.resource) == ("corrected", "claims"):
                for key in one.keys:
                    found.setdefault(key, []).append((release.version, one))
    return found


def _key(row: Row, columns: Sequence[str]) -> tuple[Any, ...]:
    return tuple(row[column] for column in columns)


def grouped(rows: Sequence[Row], columns: Sequence[str]) -> dict[tuple[Any, ...], list[Row]]:
    """Return rows by their cells in some columns, in the order in which they come."""
    found: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        found.setdefault(_key(row, columns), []).append(row)
    return found


def _cited(row: Row, content: str) -> works.Claim:
    """Return a row as what a citation is made of."""
    cells = {column: canonical_csv.cell(value) for column, value in row.items()}
    named = {column: {"name": cells[column]} for column in ("metric", "source", "publisher")}
    return works.Claim(cells, content, document=cells, statement=cells, **named)


def of_claim(claim: Claim, dataset: Json) -> Json:
    """Return a claim as a schema.org Claim that appears in its document, and in those that report the same figure."""
    row = claim.row
    number = {"value": row["value"], "minValue": row["low"], "maxValue": row["high"], "unitText": row["unit"]}
    return _known(
        {
            "@context": CONTEXT,
            "@type": "Claim",
            "identifier": row["claim_id"],
            "name": f"“{row['wording']}” {row['metric']}",
            "text": row["wording"],
            "about": _known({"@type": "QuantitativeValue", "name": row["metric"], **number}),
            "author": _said_by(row),
            "dateCreated": day(row, "said_on"),
            "appearance": [appearance(one) for one in (row, *claim.alike)],
            "isPartOf": dataset,
            "license": dataset["license"],
            "creditText": claim.citation,
            "history": {"first": claim.first, "corrected": list(_corrected(claim))},
            "coded": {column: value for column, value in row.items() if value is not None},
        }
    )


def _corrected(claim: Claim) -> Iterator[Json]:
    for version, one in claim.corrections:
        cells = {"field": one.field, "old": one.old, "new": one.new}
        yield {"version": version, **cells, "reason": one.reason} | ({"note": one.note} if one.note else {})


def _known(stated: Json) -> Json:
    return {name: value for name, value in stated.items() if value not in (None, "")}


def _said_by(row: Row) -> Json | None:
    if row["source_kind"] == "nobody":
        return None
    return {"@type": _type(row["source_kind"]), "identifier": row["source_id"], "name": row["source"]}


def _type(kind: str) -> str:
    return "Person" if kind == "person" else "Organization"


def appearance(row: Row) -> Json:
    """Return the document of a claim as a schema.org article."""
    publisher = {"@type": "Organization", "identifier": row["publisher_id"], "name": row["publisher"]}
    return _known(
        {
            "@type": "Article",
            "identifier": row["document_id"],
            "headline": row["title"],
            "url": row["url"],
            "inLanguage": row["language"],
            "datePublished": day(row, "published_on"),
            "publisher": publisher if row["publisher_id"] else None,
        }
    )


def of_source(source: Row, said: Sequence[Row]) -> Json:
    """Return a source as a schema.org organisation or person, the author of its claims."""
    body = {"@type": "Organization", "identifier": source["part_of"], "name": source["part_of_name"]}
    claims = [{"@type": "Claim", "identifier": row["claim_id"], "text": row["wording"]} for row in said]
    part = "affiliation" if source["kind"] == "person" else "parentOrganization"
    return _known(
        {
            "@context": CONTEXT,
            "@type": _type(source["kind"]),
            "identifier": source["source_id"],
            "name": source["name"],
            part: body if source["part_of"] else None,
            "@reverse": {"author": claims} if claims else None,
            "coded": {column: value for column, value in source.items() if value is not None},
        }
    )


def day(row: Row, column: str) -> str:
    """Return a day as far as it is known, as `works.day` has it."""
    return works.day(canonical_csv.cell(row[column]), row[f"{column}_precision"] or "")


def newest(rows: Sequence[Row]) -> list[Row]:
    """Return claims by the day on which they were said, the newest first, those without a day last."""
    return sorted(rows, key=lambda row: canonical_csv.cell(row["said_on"]), reverse=True)


def quoted(row: Row) -> str:
    """Return the address of the page of a claim, at the quoted words where they are two or more (URL Fragment Text)."""
    words, url = row["wording"].strip(), row["url"] or ""
    if len(words.split()) < 2 or not url or "#" in url:
        return str(url)
    return f"{url}#:~:text={quote(words, safe='').replace('-', '%2D')}"
