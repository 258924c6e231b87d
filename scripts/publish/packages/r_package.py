"""`reportedfigures_VERSION.tar.gz`: a source package of base R, as `R CMD build` would leave it, made without R."""

import csv
from collections.abc import Iterator
from pathlib import Path

from scripts.citation import reference
from scripts.database import views
from scripts.datapackage.package import DESCRIPTOR, ROOT, Json, Package
from scripts.history import claims_history
from scripts.publish.books.codebook import CSV as CODEBOOK
from scripts.publish.packages import compressed, templates
from scripts.publish.packages.contents import HISTORY, read_json
from scripts.publish.packages.wheel import READERS

NAME = "reportedfigures"
SOURCES = Path(__file__).resolve().parent / "r"
OF_BOTH = (
    "figures_table <- ",
    "# The descriptor as nested lists.",
)  # where the code begins and ends that dist/ has too
ROLES = {"author": "aut", "publisher": "pbl", "rightsHolder": "cph"}  # of MARC, as R has them
NOBODY = "nobody@localhost"  # R wants an address; this one leads nowhere (RFC 6761)
DEVELOPMENT = ".9000"  # behind the version of what is not released, as R's numbers have no words


def write(package: Package, descriptor: Json, contents: Path, out: Path) -> None:
    """Write the package into the folder `out`; `descriptor` is that of dist/."""
    number, _, unreleased = str(descriptor["version"]).partition("+")
    version = f"{number}{DEVELOPMENT if unreleased else ''}"
    past = read_json(contents / HISTORY / DESCRIPTOR)
    files = {**_code(contents, past), **_about(descriptor, version, past), **_help(package, descriptor, contents, past)}
    texts = {f"{NAME}/{path}": text.encode() for path, text in files.items()}
    data = {f"{NAME}/inst/extdata/{path}": content for path, content in _data(contents)}
    packed = compressed.tar_gz({**texts, **data}, descriptor.get("created", "")[:10])
    (out / f"{NAME}_{version}.tar.gz").write_bytes(packed)


def _data(contents: Path) -> Iterator[tuple[str, bytes]]:
    for path in contents.rglob("*.csv.gz"):
        yield path.relative_to(contents).as_posix(), path.read_bytes()


def _code(contents: Path, past: Json) -> dict[str, str]:
    """Return the code: what figures.R of dist/ reads a table with, and what the package adds."""
    begin, end = OF_BOTH
    _, found, rest = (READERS / "figures.R").read_text("utf-8").partition(begin)
    now = read_json(contents / DESCRIPTOR)
    in_history = {**past, "resources": [{**one, "path": f"{HISTORY}/{one['path']}"} for one in past["resources"]]}
    descriptors = {"now": _typed(now), "past": {**_typed(in_history), "versions": past["versions"]}}
    return {
        "R/figures.R": f"# As in figures.R.\n\n{found}{rest.partition(end)[0].rstrip()}\n",
        "R/read_figures.R": (SOURCES / "R/read_figures.R").read_text("utf-8"),
        "R/descriptors.R": templates.fill("r/R/descriptors.R", **descriptors),
        "NAMESPACE": (SOURCES / "NAMESPACE").read_text("utf-8"),
    }


def _typed(descriptor: Json) -> Json:
    """Return what of a descriptor the code reads; its resources by name."""
    resources = {
        resource["name"]: {
            "name": resource["name"],
            "path": resource["path"],
            "schema": {"fields": list(map(_field, resource["schema"]["fields"]))},
        }
        for resource in descriptor["resources"]
    }
    known = {key: descriptor[key] for key in ("version", "bibliographicCitation")}
    return {**known, "licenses": [{"name": descriptor["licenses"][0]["name"]}], "resources": resources}


def _field(field: Json) -> Json:
    known = {key: field[key] for key in ("name", "type", "description")}
    enum = field.get("constraints", {}).get("enum")
    return {**known, "constraints": {"enum": enum}} if enum else known


def _about(descriptor: Json, version: str, past: Json) -> dict[str, str]:
    """Return what tells of the package as a whole."""
    day, keeper = descriptor.get("created", "")[:10], _maintainer(descriptor)
    values = {
        "descriptor": descriptor,
        "version": version,
        "day": day,
        "year": day[:4] or "n.d.",
        "note": "; ".join([f"Version {descriptor['version']}", *descriptor.get("identifiers", [])]),
        "authors": _authors(descriptor),
        "author": ", ".join(reference.named(descriptor, "author")),
        "maintainer": f"{keeper['title']} <{keeper.get('email', NOBODY)}>",
        "licence": descriptor["licenses"][0],
        "code": (ROOT / "LICENSE").read_text("utf-8").strip(),
        "first": past["versions"][0]["version"],
        "tables": descriptor["resources"],
    }
    paths = ("DESCRIPTION", "inst/CITATION", "inst/COPYRIGHTS", f"man/{NAME}-package.Rd", "tests/reading.R")
    return {path: templates.fill(f"r/{path}", **values) for path in paths}


def _maintainer(descriptor: Json) -> Json:
    """Return the first author, whom R asks for an address."""
    first: Json = next(person for person in descriptor["contributors"] if "author" in person["roles"])
    return first


def _authors(descriptor: Json) -> str:
    """Return the contributors as R has persons."""
    people = []
    for person in descriptor["contributors"]:
        roles = [ROLES[role] for role in person["roles"] if role in ROLES]
        known = {"given": person["title"], "role": roles}
        if person is _maintainer(descriptor):
            known |= {"role": [*roles, "cre"], "email": person.get("email", NOBODY)}
        people.append(f"person({', '.join(f'{key} = {templates.r(value)}' for key, value in known.items())})")
    return f"c({', '.join(people)})" if len(people) > 1 else people[0]


def _help(package: Package, descriptor: Json, contents: Path, past: Json) -> dict[str, str]:
    """Return the help pages of `read_figures` and of every table and view."""
    with (contents / CODEBOOK).open(encoding="utf-8", newline="") as file:
        columns = list(csv.DictReader(file))
    known = {view.name: view for view in [claims_history.of_history(package), *views.views()]}
    pages = {}
    for resource in descriptor["resources"]:
        view = known.get(resource["name"])
        pages[f"man/{resource['name']}.Rd"] = templates.fill(
            "r/man/table.Rd",
            name=resource["name"],
            title=f"{resource['name']}: {view.answers}" if view else resource["title"],
            description=resource["description"],
            remarks=view.remarks if view else "",
            rows=resource["rows"],
            columns=[column for column in columns if column["table"] == resource["name"]],
        )
    named = ", ".join(f"`{resource['name']}`" for resource in past["resources"])
    first = past["versions"][0]["version"]
    return {**pages, "man/read_figures.Rd": templates.fill("r/man/read_figures.Rd", past=named, first=first)}
