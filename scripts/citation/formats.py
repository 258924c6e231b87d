"""Citations in the forms that reference managers read: BibTeX, RIS, CSL-JSON."""

import json
from collections.abc import Callable, Iterator

from scripts.citation import reference
from scripts.citation.datacite import metadata as datacite_metadata
from scripts.citation.reference import named
from scripts.citation.works import Work
from scripts.datapackage.package import Json

OF_TEX = {character: f"\\{character}" for character in "&%$#_{}"} | {
    "\\": "\\textbackslash{}",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
}


def bibtex(work: Work) -> str:
    """Return an entry of BibTeX (biblatex 3.20, type dataset; plain BibTeX reads it as misc)."""
    fields = {
        "author": "{" + _tex("; ".join(named(work.version.descriptor, "author"))) + "}",
        "title": "{" + _tex(work.title) + "}",
        "date": work.version.day,
        "year": work.version.day[:4],
        "version": _tex(work.version.version),
        "publisher": "{" + _tex("; ".join(named(work.version.descriptor, "publisher"))) + "}",
        "doi": _tex(work.version.doi),
        "url": work.url,
        "note": _tex(work.note),
    }
    lines = [f"  {name} = {{{text}}}," for name, text in fields.items() if text]
    return "\n".join([f"@dataset{{{work.key},", *lines, "}"]) + "\n"


def _tex(text: str) -> str:
    return "".join(OF_TEX.get(character, character) for character in text)


def ris(work: Work) -> str:
    """Return a reference in the format of RIS (type DATA)."""
    return "\r\n".join(_ris(work)) + "\r\n"


def _ris(work: Work) -> Iterator[str]:
    yield "TY  - DATA"
    yield from (f"AU  - {author}" for author in named(work.version.descriptor, "author"))
    yield f"TI  - {work.title}"
    yield f"PY  - {work.version.day[:4]}"
    yield f"DA  - {work.version.day.replace('-', '/')}"
    yield f"ET  - {work.version.version}"
    yield from (f"PB  - {publisher}" for publisher in named(work.version.descriptor, "publisher"))
    if work.version.doi:
        yield f"DO  - {work.version.doi}"
    if work.url:
        yield f"UR  - {work.url}"
    yield f"N1  - {work.note}"
    yield "ER  - "


def csl(work: Work) -> str:
    """Return a reference as CSL-JSON 1.0.2: a list of one item."""
    item: Json = {
        "id": work.key,
        "type": "dataset",
        "author": [{"literal": author} for author in named(work.version.descriptor, "author")],
        "title": work.title,
        "issued": {"date-parts": [[int(part) for part in work.version.day.split("-")]]},
        "version": work.version.version,
        "publisher": "; ".join(named(work.version.descriptor, "publisher")),
        **({"DOI": work.version.doi} if work.version.doi else {}),
        **({"URL": work.url} if work.url else {}),
        "note": work.note,
    }
    return json.dumps([item], indent=2, ensure_ascii=False) + "\n"


def datacite(work: Work) -> str:
    """Return DataCite metadata (JSON, 4.5); the page of a claim is a related identifier."""
    stated = datacite_metadata(work.version.descriptor)
    if work.part:
        stated["titles"] = [{"title": work.title, "lang": "en"}]
        stated["descriptions"] = [{"description": work.note, "descriptionType": "Other", "lang": "en"}]
        stated["alternateIdentifiers"] += [
            {"alternateIdentifier": identifier, "alternateIdentifierType": kind}
            for identifier, kind in work.identifiers
        ]
    if work.url:
        page = {"relatedIdentifier": work.url, "relatedIdentifierType": "URL"}
        stated["relatedIdentifiers"] = [{**page, "relationType": "IsDerivedFrom"}]
    return json.dumps(stated, indent=2, ensure_ascii=False) + "\n"


def cff(work: Work) -> str:
    """Return a citation file (CFF 1.2.0)."""
    descriptor = work.version.descriptor
    if work.part:
        descriptor = {**descriptor, "title": work.title, "description": work.note}
    return "\n".join(reference.cff_lines(descriptor)) + "\n"


def text(work: Work) -> str:
    """Return the citation in one line of text."""
    return work.text + "\n"


FORMS: dict[str, Callable[[Work], str]] = {
    "text": text,
    "bibtex": bibtex,
    "ris": ris,
    "csl-json": csl,
    "datacite": datacite,
    "cff": cff,
}
