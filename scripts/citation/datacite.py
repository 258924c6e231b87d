"""DataCite metadata of a version (schema 4.5, JSON)."""

from scripts.citation.reference import named
from scripts.datapackage.package import Json

DATACITE = "http://datacite.org/schema/kernel-4"


def metadata(descriptor: Json) -> Json:
    """Return DataCite metadata (schema 4.5, JSON)."""
    licence = descriptor["licenses"][0]
    dated: Json = {}
    if "created" in descriptor:
        day = descriptor["created"][:10]
        dated = {"publicationYear": day[:4], "dates": [{"date": day, "dateType": "Issued"}]}
    return {
        "schemaVersion": DATACITE,
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Data package"},
        "creators": [{"name": name, "nameType": "Organizational"} for name in named(descriptor, "author")],
        "titles": [{"title": descriptor["title"], "lang": "en"}],
        "publisher": {"name": "; ".join(named(descriptor, "publisher"))},
        **dated,
        "version": descriptor["version"],
        "language": "en",
        "subjects": [{"subject": keyword} for keyword in descriptor["keywords"]],
        "descriptions": [{"description": descriptor["description"], "descriptionType": "Abstract", "lang": "en"}],
        "rightsList": [
            {
                "rights": licence["title"],
                "rightsUri": licence["path"],
                "rightsIdentifier": licence["name"].lower(),
                "rightsIdentifierScheme": "SPDX",
                "schemeUri": "https://spdx.org/licenses/",
            }
        ],
        "contributors": [
            {"name": name, "nameType": "Organizational", "contributorType": "RightsHolder"}
            for name in named(descriptor, "rightsHolder")
        ],
        "formats": sorted({resource["mediatype"] for resource in descriptor["resources"]}),
        "alternateIdentifiers": [
            {"alternateIdentifier": identifier, "alternateIdentifierType": identifier.partition(":")[0]}
            for identifier in descriptor.get("identifiers", [])
        ],
    }
