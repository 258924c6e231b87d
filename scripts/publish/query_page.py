"""The landing page of a cited query, for people (HTML) and for machines (JSON-LD); RDA R11, R12."""

import json

import jinja2
from markupsafe import Markup

from scripts.citation import works
from scripts.citation.works import Version
from scripts.datapackage import canonical_csv
from scripts.datapackage.errors import UsageError
from scripts.datapackage.package import Json, Package
from scripts.datapackage.problems import count
from scripts.publish.metadata import catalogue
from scripts.publish.page import SITE, embedded, policy
from scripts.query import stored as stored_queries
from scripts.query import verify as verify_query
from scripts.query.stored import Citation
from scripts.query.verify import Answer

SHOWN = 200  # rows on the page


def files(package: Package) -> dict[str, str]:
    """Return the pages of all stored citations, and the citations themselves, by path below dist/."""
    found: dict[str, str] = {}
    citations = list(stored_queries.stored(package.root).values())
    answers = verify_query.ask(package, [(citation, citation.version) for citation in citations]) if citations else []
    for citation, answer in zip(citations, answers, strict=True):
        path = stored_queries.path_of(citation.identifier)
        found[path] = citation.file
        found[path.replace(".json", ".html")] = _html(package, citation, answer)
        found[path.replace(".json", ".jsonld")] = json_ld(package, citation)
    return found


def html(package: Package, citation: Citation) -> str:
    """Return the page. It is asked again what it shows, so a result that cannot be had raises `UsageError`."""
    [answer] = verify_query.ask(package, [(citation, citation.version)])
    return _html(package, citation, answer)


def _html(package: Package, citation: Citation, answer: Answer) -> str:
    if isinstance(answer, str):
        raise UsageError(f"{stored_queries.path_of(citation.identifier)}: its query cannot be run: {answer}")
    style = (SITE / "page.css").read_text("utf-8")
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, loader=jinja2.FileSystemLoader(SITE)
    )
    version = works.version(package, citation.version)
    return environment.get_template("query.html").render(
        citation=citation,
        title=version.descriptor["title"],
        licence=version.descriptor["licenses"][0],
        path=stored_queries.path_of(citation.identifier),
        name=citation.identifier.removeprefix("sha256:"),
        rows=[[canonical_csv.cell(cell) for cell in row] for row in answer.rows[:SHOWN]],
        policy=policy(style, []),
        metadata=Markup(embedded(_dataset(version, citation))),  # noqa: S704  (escaped for a script element)
        style=Markup(style),  # noqa: S704  (ours)
    )


def json_ld(package: Package, citation: Citation) -> str:
    """Return what machines read: a schema.org Dataset that is based on a version of the dataset."""
    stated = _dataset(works.version(package, citation.version), citation)
    return json.dumps(stated, indent=2, ensure_ascii=False) + "\n"


def _dataset(version: Version, citation: Citation) -> Json:
    whole = catalogue.described({**version.descriptor, "bibliographicCitation": works.version_text(version)})
    return {
        **whole,
        "name": f"Result of a query. {version.descriptor['title']}",
        "description": f"{count(citation.rows, 'row')}; digest of the result {citation.result}.",
        "identifier": citation.identifier,
        "creditText": citation.citation,
        "variableMeasured": [column["name"] for column in citation.columns],
        "isBasedOn": [
            {**whole, "identifier": [citation.digest, citation.data]},
            {"@type": "SoftwareSourceCode", "programmingLanguage": f"SQL ({citation.engine})", "text": citation.sql},
        ],
    }
