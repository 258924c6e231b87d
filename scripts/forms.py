"""Citations in the forms that reference managers read: BibTeX, RIS, CSL-JSON."""

import json
from collections.abc import Iterator

from scripts import catalogue, citation, cited
from scripts.citation import named
from scripts.cited import Claim, Version
from scripts.package import Json

OF_TEX = {character: f"\\{character}" for character in "&%$#_{}"} | {
    "\\": "\\textbackslash{}",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
}


def note(version: Version, claim: Claim | None) -> str:
    """Return what a form keeps in its note: identifiers, and for a claim its words and page."""
    return "; ".join(version.identifiers) if claim is None else cited.claim_text(version, claim)


def title(version: Version, claim: Claim | None) -> str:
    """Return the title: that of the dataset, or the words of a claim in it."""
    name = str(version.descriptor["title"])
    return name if claim is None else f"“{claim.cells['wording']}” {claim.metric['name']}. {name}"


def key(version: Version, claim: Claim | None) -> str:
    """Return the key of a reference: the name of the package, the version, and the claim if it is one."""
    return "-".join([version.descriptor["name"], version.version, *([claim.cells["claim_id"]] if claim else [])])


def bibtex(version: Version, claim: Claim | None) -> str:
    """Return an entry of BibTeX (biblatex 3.20, type dataset; plain BibTeX reads it as misc)."""
    fields = {
        "author": "{" + _tex("; ".join(named(version.descriptor, "author"))) + "}",
        "title": "{" + _tex(title(version, claim)) + "}",
        "date": version.day,
        "year": version.day[:4],
        "version": _tex(version.version),
        "publisher": "{" + _tex("; ".join(named(version.descriptor, "publisher"))) + "}",
        "doi": _tex(version.doi),
        "url": claim.document["url"] if claim else "",
        "note": _tex(note(version, claim)),
    }
    lines = [f"  {name} = {{{text}}}," for name, text in fields.items() if text]
    return "\n".join([f"@dataset{{{key(version, claim)},", *lines, "}"]) + "\n"


def _tex(text: str) -> str:
    return "".join(OF_TEX.get(character, character) for character in text)


def ris(version: Version, claim: Claim | None) -> str:
    """Return a reference in the format of RIS (type DATA)."""
    return "\r\n".join(_ris(version, claim)) + "\r\n"


def _ris(version: Version, claim: Claim | None) -> Iterator[str]:
    yield "TY  - DATA"
    yield from (f"AU  - {author}" for author in named(version.descriptor, "author"))
    yield f"TI  - {title(version, claim)}"
    yield f"PY  - {version.day[:4]}"
    yield f"DA  - {version.day.replace('-', '/')}"
    yield f"ET  - {version.version}"
    yield from (f"PB  - {publisher}" for publisher in named(version.descriptor, "publisher"))
    if version.doi:
        yield f"DO  - {version.doi}"
    if claim and claim.document["url"]:
        yield f"UR  - {claim.document['url']}"
    yield f"N1  - {note(version, claim)}"
    yield "ER  - "


def csl(version: Version, claim: Claim | None) -> str:
    """Return a reference as CSL-JSON 1.0.2: a list of one item."""
    item: Json = {
        "id": key(version, claim),
        "type": "dataset",
        "author": [{"literal": author} for author in named(version.descriptor, "author")],
        "title": title(version, claim),
        "issued": {"date-parts": [[int(part) for part in version.day.split("-")]]},
        "version": version.version,
        "publisher": "; ".join(named(version.descriptor, "publisher")),
        **({"DOI": version.doi} if version.doi else {}),
        **({"URL": claim.document["url"]} if claim and claim.document["url"] else {}),
        "note": note(version, claim),
    }
    return json.dumps([item], indent=2, ensure_ascii=False) + "\n"


def datacite(version: Version, claim: Claim | None) -> str:
    """Return DataCite metadata (JSON, 4.5); the page of a claim is a related identifier."""
    stated = catalogue.datacite(version.descriptor)
    if claim:
        stated["titles"] = [{"title": title(version, claim), "lang": "en"}]
        stated["descriptions"] = [{"description": note(version, claim), "descriptionType": "Other", "lang": "en"}]
        stated["alternateIdentifiers"] += [
            {"alternateIdentifier": claim.content, "alternateIdentifierType": "swh"},
            {"alternateIdentifier": claim.cells["claim_id"], "alternateIdentifierType": "claim_id"},
        ]
    if claim and claim.document["url"]:
        page = {"relatedIdentifier": claim.document["url"], "relatedIdentifierType": "URL"}
        stated["relatedIdentifiers"] = [{**page, "relationType": "IsDerivedFrom"}]
    return json.dumps(stated, indent=2, ensure_ascii=False) + "\n"


def cff(version: Version, claim: Claim | None) -> str:
    """Return a citation file (CFF 1.2.0)."""
    descriptor = version.descriptor
    if claim:
        descriptor = {**descriptor, "title": title(version, claim), "description": note(version, claim)}
    return "\n".join(citation.cff_lines(descriptor)) + "\n"


def text(version: Version, claim: Claim | None) -> str:
    """Return the citation in one line of text."""
    return (cited.claim_text(version, claim) if claim else cited.version_text(version)) + "\n"
