"""`.zenodo.json`: the metadata with which Zenodo takes a deposit, from the descriptor of dist/ alone.

Source: Zenodo's documentation for developers, “Deposit metadata”. The DOI is that of the descriptor; without one,
Zenodo gives one when the deposit is published.
"""

from html import escape

from scripts.citation.reference import named
from scripts.datapackage.package import Json

PATH = ".zenodo.json"


def metadata(descriptor: Json) -> Json:
    """Return the metadata of a deposit; what the descriptor does not state is left out."""
    return {
        "upload_type": "dataset",
        "title": descriptor["title"],
        "description": f"<p>{escape(descriptor['description'], quote=False)}</p>",
        "creators": [{"name": name} for name in named(descriptor, "author")],
        "contributors": [{"name": name, "type": "RightsHolder"} for name in named(descriptor, "rightsHolder")],
        "version": descriptor["version"],
        **({"publication_date": descriptor["created"][:10]} if "created" in descriptor else {}),
        "access_right": "open",
        "license": descriptor["licenses"][0]["name"].lower(),
        "keywords": descriptor["keywords"],
        "language": "eng",
        "notes": escape(descriptor["bibliographicCitation"], quote=False),
        **_identified(descriptor),
    }


def _identified(descriptor: Json) -> Json:
    """Return the DOI, and what the descriptor says the data are from or described by, where it says so."""
    dois = [name.removeprefix("doi:") for name in descriptor.get("identifiers", []) if name.startswith("doi:")]
    related = [("isDerivedFrom", source["path"]) for source in descriptor.get("sources", []) if "path" in source]
    related += [("isDescribedBy", descriptor["homepage"])] if "homepage" in descriptor else []
    return {
        **({"doi": dois[0]} if dois else {}),
        **({"related_identifiers": [{"relation": how, "identifier": one} for how, one in related]} if related else {}),
    }
