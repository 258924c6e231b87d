"""Stage package: its descriptor and Table Schemas hold, and the files that they name are there."""

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from scripts.datapackage import cache, needed_fields, release_folders, standard, table_schema, untrusted
from scripts.datapackage.errors import Found, UsageError
from scripts.datapackage.package import DESCRIPTOR, EXCEPTIONS, LEDGER, Package, check_needs, read
from scripts.datapackage.problems import Problem
from scripts.datapackage.profiles import Document, document, under
from scripts.datapackage.untrusted import Unreadable

PARTS = (DESCRIPTOR, "data", "schemas", "releases", "queries", "CHANGELOG.md")  # of a package, that a command reads
KIND = "descriptors"  # in the cache
Schemas = Mapping[str, Document]  # of each resource, by its name


def problems(root: Path, *, remembered: bool = True) -> list[Problem]:
    """Return what is wrong with the descriptor, the Table Schemas and the list of files.

    With `remembered` the standard is not asked again of a descriptor and schemas that were found to keep it before.
    """
    if not _utf8(root):
        message = "the name of the folder, or of one above it, is not UTF-8"
        return [Problem(DESCRIPTOR, 0, "", "", "path", message, "give it another name")]
    if said := _unfit(root, DESCRIPTOR):
        return [Problem(DESCRIPTOR, 0, "", "", *said)]
    found, descriptor = document(root, DESCRIPTOR, "datapackage.json")
    if found:
        return found
    found = [*_twice(descriptor, "name"), *_twice(descriptor, "path"), *_files(root, descriptor)]
    if found:
        return found
    found, schemas = _schemas(root, descriptor)
    found = found or [*_across(schemas), *release_folders.gate(root, descriptor)]
    return found or _of_standard(descriptor, schemas, remembered=remembered)


def package_of(root: Path, needs: Iterable[str] = LEDGER) -> Package:
    """Return the package in a folder, none of its tables read.

    Raises `Found` where its descriptor does not hold, `UsageError` where it lacks a table that the command needs.
    """
    check_plain(root)
    try:
        package = read(root)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        if found := problems(root):
            raise Found(found) from None
        raise
    return check_needs(package, needs)


def check_plain(root: Path) -> None:
    """Raise `UsageError` where a pipe or a device lies in a package, which who reads or copies it would wait for."""
    try:
        untrusted.check_plain(root, PARTS)
    except Unreadable as odd:
        raise UsageError(f"{odd.message}; {odd.fix}") from None


def _of_standard(descriptor: Document, schemas: Schemas, *, remembered: bool) -> list[Problem]:
    texts = [descriptor.text, *(schema.text for schema in schemas.values())]
    known = cache.key(cache.of_code(__file__, standard.__file__), *map(str.encode, texts))
    if remembered and cache.get(KIND, known) is not None:
        return []
    found = [*_standard(descriptor, schemas)] or [*_frictionless(descriptor)]
    if not found:
        cache.put(KIND, known, b"")
    return found


def _utf8(root: Path) -> bool:
    try:
        return bool(str(root).encode())
    except UnicodeEncodeError:
        return False


def _twice(descriptor: Document, part: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, resource in enumerate(descriptor.content["resources"]):
        said = resource[part]
        if said in seen:
            message = f"two resources have the {part} `{said}`"
            yield descriptor.at(("resources", place, part), "property", message, "give each its own")
        seen.add(said)


def _files(root: Path, descriptor: Document) -> Iterator[Problem]:
    """Yield the files that are named and are no plain files in the package."""
    for place, resource in enumerate(descriptor.content["resources"]):
        for part in [part for part in ("path", "schema") if isinstance(resource[part], str)]:
            if said := _unfit(root, resource[part]):
                yield descriptor.at(("resources", place, part), *said)
    if os.path.lexists(root / EXCEPTIONS) and (said := _unfit(root, EXCEPTIONS, untrusted.MOST)):
        yield Problem(EXCEPTIONS, 0, "", "", *said)


def _unfit(root: Path, path: str, most: int | None = None) -> tuple[str, str, str] | None:
    """Return rule, message and fix where a path leads to no plain file in the package, without opening it."""
    file = root / path
    try:
        status = file.stat()
        inside = file.resolve().is_relative_to(root.resolve())
    except (FileNotFoundError, NotADirectoryError):
        return "missing-file", f"there is no file {path}", "add the file, or correct the path"
    except (OSError, ValueError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "the links go round"
        return "missing-file", f"{path[:100]} cannot be looked at: {reason}", "correct the path, or put a file there"
    if not stat.S_ISREG(status.st_mode):
        return "missing-file", f"{path} is {untrusted.KIND}", untrusted.PLAIN_FIX
    if not inside:
        return "path", f"`{path}` leaves the package through a link", "put the file itself into the package"
    if not os.access(file, os.R_OK):
        return "missing-file", f"{path} may not be read", "allow it to be read"
    if most is not None and status.st_size > most:
        return "missing-file", f"{path} has more than {most >> 20} MiB", "name the right file"
    return None


def _schemas(root: Path, descriptor: Document) -> tuple[list[Problem], Schemas]:
    """Return the Table Schema of each resource, and what is wrong with each in itself."""
    found: list[Problem] = []
    schemas: dict[str, Document] = {}
    for place, resource in enumerate(descriptor.content["resources"]):
        if isinstance(resource["schema"], str):
            of_schema, schema = document(root, resource["schema"], "tableschema.json")
        else:
            schema = descriptor.part(("resources", place, "schema"))
            of_schema = under(schema, "tableschema.json")
        if not of_schema:
            of_schema = [*table_schema.problems(schema), *needed_fields.problems(resource, schema)]
            schemas[resource["name"]] = schema
        found += of_schema
    return list(dict.fromkeys(found)), schemas  # two tables may share a schema


def _across(schemas: Schemas) -> Iterator[Problem]:
    columns = {name: [field["name"] for field in schema.content["fields"]] for name, schema in schemas.items()}
    for name, schema in schemas.items():
        yield from table_schema.leads(schema, name, columns)


def _standard(descriptor: Document, schemas: Schemas) -> Iterator[Problem]:
    """Yield where the descriptor, its Table Schemas in it, breaks the profile of Data Package v2 itself."""
    resources = [
        {**resource, "schema": schemas[resource["name"]].content} for resource in descriptor.content["resources"]
    ]
    for error in standard.faults({**descriptor.content, "resources": resources}):
        document, place = descriptor, tuple(error.absolute_path)
        if place[:1] == ("resources",) and place[2:3] == ("schema",):
            schema = schemas[resources[int(place[1])]["name"]]
            document, place = schema, place[3:]
        yield document.at(place, "standard", error.message[:300], "write it as Data Package v2 asks")


def _frictionless(descriptor: Document) -> Iterator[Problem]:
    """Yield what frictionless has against the descriptor itself."""
    from frictionless import Package  # 0.2 s, so not before the plainer faults are out of the way

    for error in Package.metadata_validate(descriptor.content):
        rule, fix = f"frictionless/{error.type}", "write it as Data Package v2 asks"
        yield Problem(DESCRIPTOR, 0, "", "", rule, error.note, fix)
