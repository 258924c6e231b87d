"""What a citation names: a version of the dataset, one claim in it with its document, or the result of a query."""

from collections.abc import Mapping
from dataclasses import dataclass

from scripts.citation import reference, swhid
from scripts.datapackage import canonical_csv
from scripts.datapackage.package import DESCRIPTOR, Json, Package
from scripts.datapackage.untrusted import read_json
from scripts.history import checksums, ledger, rebuild
from scripts.history.checksums import SUMS

Cells = Mapping[str, str]
Form = tuple[tuple[str, str, str], ...]  # parts: text with a cell, name of the cell, text where it is blank
CLAIM: Form = (
    ("“{}” ", "wording", ""),
    ("{} (", "metric", ""),
    ("{}", "source", ""),
    (", {}", "said", ""),
    ("). In: {}", "publisher", "). In: [publisher not known]"),
    (" ({})", "printed", " (n.d.)"),
    (": {}", "page", ""),
    (". Claim {}", "claim_id", ""),
    (" of {}", "version", ""),
    ("; {}", "content", ""),
)


@dataclass(frozen=True)
class Version:
    """A released version: its descriptor, with the day of release and the identifiers in it.

    Identifiers are its DOI, if there is one, its digest (`sha256:`, of its SHA256SUMS) and the SWHID of its `data/`.
    """

    descriptor: Json
    version: str
    day: str
    doi: str

    @property
    def identifiers(self) -> list[str]:
        """The identifiers, as a citation prints them."""
        return list(self.descriptor["identifiers"])


@dataclass(frozen=True)
class Claim:
    """One claim of a version, its cells, and those of its document, metric, speaker and publisher; {} where blank."""

    cells: Cells
    content: str
    document: Cells
    metric: Cells
    statement: Cells
    source: Cells
    publisher: Cells


@dataclass(frozen=True)
class Work:
    """What is cited, as the forms of a citation need it: a version, or something in it.

    `part` names what of the version it is, `text` is the citation in one line, `note` what a form keeps beside its
    fields, `url` the page that it came from, `identifiers` what it has beyond its version (identifier, type).
    """

    version: Version
    title: str
    text: str
    note: str
    part: str = ""
    url: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        """The key of a reference: the name of the package, the version, and the part if it is one."""
        return "-".join(filter(None, [self.version.descriptor["name"], self.version.version, self.part]))


def of_version(cited: Version) -> Work:
    """Return a whole version as what is cited."""
    return Work(cited, str(cited.descriptor["title"]), version_text(cited), "; ".join(cited.identifiers))


def of_claim(cited: Version, one: Claim) -> Work:
    """Return a claim as what is cited: its words are the title, its page is the address."""
    key, text = one.cells["claim_id"], claim_text(cited, one)
    title = f"“{one.cells['wording']}” {one.metric['name']}. {cited.descriptor['title']}"
    identifiers = ((one.content, "swh"), (key, "claim_id"))
    return Work(cited, title, text, text, part=key, url=one.document["url"], identifiers=identifiers)


def version(package: Package, number: str, state: ledger.State | None = None) -> Version:
    """Return a released version; `state` is what the tables were, for those who know it already.

    Raises `KeyError` where there is none of that number.
    """
    days = {row[0]: row[1] for row in canonical_csv.rows(package.root / package.tables["releases"].path)}
    descriptor: Json = read_json(ledger.folder(package.root, number) / DESCRIPTOR)
    doi = str(descriptor.get("id", "")).partition("doi.org/")[2]
    own = [f"sha256:{digest(package, number)}", data(package, number, state)]
    known = {"created": f"{days[number]}T00:00:00Z", "identifiers": [f"doi:{doi}", *own] if doi else own}
    return Version({**descriptor, **known}, number, days[number], doi)


def data(package: Package, number: str, state: ledger.State | None = None) -> str:
    """Return the SWHID of the tables of a version; `state` is that of `version`."""
    if number == package.version and checksums.unchanged(package):
        blobs = {path: swhid.of_file(package.root / path) for path in checksums.of_version(package.root, number)}
    else:
        blobs = {path: swhid.blob(content) for path, content in rebuild.files(package, number, state).items()}
    inside = {path.removeprefix("data/"): blob for path, blob in blobs.items() if path.startswith("data/")}
    return swhid.directory(inside)


def digest(package: Package, number: str) -> str:
    """Return the digest of a version: the SHA-256 of its SHA256SUMS."""
    return checksums.of_file(ledger.folder(package.root, number) / SUMS)


def claim(package: Package, number: str, key: str) -> Claim:
    """Return a claim as a version has it. Raises `KeyError` where that version has no such claim."""
    state = ledger.at(package, number)

    def cells(table: str, name: str) -> Cells:
        content = state[table]
        return dict(zip(content.header, content.rows[name], strict=True)) if name else {}

    found = cells("claims", key)
    document, statement = cells("documents", found["document_id"]), cells("statements", found["statement_id"])
    tables = {table.name: (path, table) for path, table in rebuild.tables_of(package, number).items()}
    path, table = tables["claims"]
    text = ledger.content_text(table, state["claims"])
    line = 2 + sorted(name.encode() for name in state["claims"].rows).index(key.encode())
    return Claim(
        cells=found,
        content=f"{swhid.content(text.encode())};path=/{path};lines={line}",
        document=document,
        metric=cells("metrics", found["metric_id"]),
        statement=statement,
        source=cells("sources", statement["source_id"]),
        publisher=cells("sources", document["publisher_id"]),
    )


def no_claim(package: Package, number: str, key: str) -> str:
    """Return what became of a claim that a version lacks: when and why it was withdrawn, if it ever was there."""
    gone = ledger.withdrawal(package, "claims", key)
    if not gone:
        return f"version {number} has no claim `{key}`"
    why = ": ".join(filter(None, [gone.reason, gone.note]))
    return f"version {number} has no claim `{key}`; it was withdrawn in {gone.version} ({why})"


def version_text(cited: Version) -> str:
    """Return the citation of a version in the form of DataCite, with its identifiers."""
    return reference.text(cited.descriptor)


def claim_text(cited: Version, one: Claim) -> str:
    """Return the citation of a claim: what it says, the page that printed it, the dataset that holds it."""
    document, statement = one.document, one.statement
    return filled(
        CLAIM,
        {
            "wording": one.cells["wording"],
            "metric": one.metric["name"],
            "source": one.source["name"],
            "said": day(statement["said_on"], statement["said_on_precision"]),
            "publisher": one.publisher.get("name", ""),
            "printed": day(document["published_on"], document["published_on_precision"]),
            "page": ". ".join(filter(None, [document["title"].removesuffix("."), document["url"]])),
            "claim_id": one.cells["claim_id"],
            "version": version_text(cited),
            "content": one.content,
        },
    )


def filled(form: Form, cells: Cells) -> str:
    """Return a form with its cells filled in."""
    return "".join(text.replace("{}", cells[name]) if cells[name] else blank for text, name, blank in form)


def day(cell: str, precision: str) -> str:
    """Return a day as far as it is known: 2025-01-13, 2025-01 or 2025."""
    return cell[: {"month": 7, "year": 4}.get(precision, 10)]
