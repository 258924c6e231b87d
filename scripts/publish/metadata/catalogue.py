"""What catalogues read, from the descriptor of dist/ alone: schema.org, DataCite, Croissant, RO-Crate, Zenodo."""

from typing import Any

from scripts.citation import datacite
from scripts.citation.reference import dated, named, organisations
from scripts.datapackage.package import Json
from scripts.publish.metadata import croissant, zenodo

SCHEMA_ORG = "https://schema.org/"
RO_CRATE = "https://w3id.org/ro/crate/1.1"


def files(descriptor: Json) -> dict[str, Json]:
    """Return each file of metadata by its name, from the descriptor of dist/."""
    return {
        "dataset.jsonld": schema_org(descriptor),
        "datacite.json": datacite.metadata(descriptor),
        "croissant.json": croissant.metadata(descriptor),
        "ro-crate-metadata.json": ro_crate(descriptor),
        zenodo.PATH: zenodo.metadata(descriptor),
    }


def schema_org(descriptor: Json) -> Json:
    """Return a schema.org Dataset as JSON-LD, one download a table or view; addresses are relative to dist/."""
    return {
        **described(descriptor),
        "distribution": [
            {
                "@type": "DataDownload",
                "name": resource["name"],
                "description": resource["description"],
                "contentUrl": resource["path"],
                "encodingFormat": resource["mediatype"],
                "contentSize": f"{resource['bytes']} B",
                "sha256": resource["hash"].removeprefix("sha256:"),
            }
            for resource in descriptor["resources"]
        ],
    }


def described(descriptor: Json) -> Json:
    """Return a schema.org Dataset without its downloads."""
    return {
        "@context": SCHEMA_ORG,
        "@type": "Dataset",
        "name": descriptor["title"],
        "alternateName": descriptor["name"],
        "description": descriptor["description"],
        "version": descriptor["version"],
        **dated(descriptor),
        "license": descriptor["licenses"][0]["path"],
        "keywords": descriptor["keywords"],
        "isAccessibleForFree": True,
        "creator": organisations(descriptor, "author"),
        "publisher": organisations(descriptor, "publisher"),
        "creditText": descriptor["bibliographicCitation"],
    }


def ro_crate(descriptor: Json) -> Json:
    """Return the metadata of an RO-Crate 1.1 whose root is dist/."""
    paths = {resource["path"]: resource for resource in descriptor["resources"]}
    licence = descriptor["licenses"][0]
    people = {name: f"#{'-'.join(name.lower().split())}" for name in named(descriptor, "author")}
    about: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "name": descriptor["title"],
        "description": descriptor["description"],
        "version": descriptor["version"],
        **dated(descriptor),
        "license": {"@id": licence["path"]},
        "keywords": ", ".join(descriptor["keywords"]),
        "author": [{"@id": identifier} for identifier in people.values()],
        "publisher": [{"@id": identifier} for identifier in people.values()],
        "creditText": descriptor["bibliographicCitation"],
        "hasPart": [{"@id": path} for path in paths],
    }
    return {
        "@context": f"{RO_CRATE}/context",
        "@graph": [
            {
                "@id": "ro-crate-metadata.json",
                "@type": "CreativeWork",
                "conformsTo": {"@id": RO_CRATE},
                "about": {"@id": "./"},
            },
            about,
            {
                "@id": licence["path"],
                "@type": "CreativeWork",
                "name": licence["title"],
                "identifier": licence["name"],
                "description": licence["title"],
            },
            *({"@id": identifier, "@type": "Organization", "name": name} for name, identifier in people.items()),
            *(
                {
                    "@id": path,
                    "@type": "File",
                    "name": resource["title"],
                    "description": resource["description"],
                    "encodingFormat": resource["mediatype"],
                    "contentSize": str(resource["bytes"]),
                    "sha256": resource["hash"].removeprefix("sha256:"),
                }
                for path, resource in paths.items()
            ),
        ],
    }
