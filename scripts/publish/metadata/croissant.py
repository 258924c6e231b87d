"""Croissant 1.1 metadata of dist/: one file and one record set a table or view, one field a column."""

from collections.abc import Iterator

from scripts.citation.reference import dated, organisations
from scripts.datapackage.package import Json

SCHEMA_ORG = "https://schema.org/"
CROISSANT = "http://mlcommons.org/croissant/1.1"
OF_SCHEMA_ORG = {  # Croissant 1.1, 4.3 Data types
    "string": "sc:Text",
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
}
TERMS = (
    "arrayShape citeAs column containedIn equivalentProperty extract field fileObject fileProperty fileSet "
    "format includes isArray isLiveDataset jsonPath key md5 parentField path recordSet references regex "
    "repeated replace samplingRate separator source subField transform"
)


def metadata(descriptor: Json) -> Json:
    """Return Croissant 1.1 metadata: one file and one record set a table or view, one field a column."""
    return {
        "@context": _context(),
        "@type": "sc:Dataset",
        "conformsTo": CROISSANT,
        "name": descriptor["name"],
        "description": descriptor["description"],
        "version": descriptor["version"],
        **dated(descriptor),
        "license": descriptor["licenses"][0]["path"],
        "keywords": descriptor["keywords"],
        "creator": organisations(descriptor, "author"),
        "publisher": organisations(descriptor, "publisher"),
        "citeAs": descriptor["bibliographicCitation"],
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": resource["path"],
                "name": resource["name"],
                "contentUrl": resource["path"],
                "encodingFormat": resource["mediatype"],
                "contentSize": f"{resource['bytes']} B",
                "sha256": resource["hash"].removeprefix("sha256:"),
            }
            for resource in descriptor["resources"]
        ],
        "recordSet": [
            {
                "@type": "cr:RecordSet",
                "@id": resource["name"],
                "name": resource["name"],
                "description": resource["description"],
                "field": list(_fields(resource)),
            }
            for resource in descriptor["resources"]
        ],
    }


def _context() -> Json:
    """Return the context that Croissant 1.1 prescribes (its appendix 1)."""
    return {
        "@language": "en",
        "@vocab": SCHEMA_ORG,
        "sc": SCHEMA_ORG,
        "cr": "http://mlcommons.org/croissant/",
        "rai": "http://mlcommons.org/croissant/RAI/",
        "dct": "http://purl.org/dc/terms/",
        "conformsTo": "dct:conformsTo",
        "name": {"@container": "@language"},
        "description": {"@container": "@language"},
        "data": {"@id": "cr:data", "@type": "@json"},
        "examples": {"@id": "cr:examples", "@type": "@json"},
        "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
        **{term: f"cr:{term}" for term in TERMS.split()},
    }


def _fields(resource: Json) -> Iterator[Json]:
    for field in resource["schema"]["fields"]:
        yield {
            "@type": "cr:Field",
            "@id": f"{resource['name']}/{field['name']}",
            "name": field["name"],
            "description": field["description"],
            "dataType": OF_SCHEMA_ORG[field["type"]],
            "source": {"fileObject": {"@id": resource["path"]}, "extract": {"column": field["name"]}},
        }
