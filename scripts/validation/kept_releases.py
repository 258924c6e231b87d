"""What `releases/` keeps of each version is whole: the folders and the lines, the checksums, what they list, its shape.

Without this the present would be held against nothing, and nobody would be told.
"""

from collections.abc import Iterator
from pathlib import Path

from scripts.datapackage import untrusted
from scripts.datapackage.package import DESCRIPTOR, Json, Package
from scripts.datapackage.problems import Problem, count
from scripts.datapackage.profiles import document
from scripts.datapackage.release_folders import FOLDER, RULE, folders, inside
from scripts.datapackage.untrusted import Unreadable, read_json
from scripts.history import checksums, ledger
from scripts.history.checksums import SUMS
from scripts.validation.compatibility import KEPT

ARCHIVE = "take the folder releases/ back from the archive"


def apart(package: Package) -> list[Problem]:
    """Return where the list of releases, which holds, and the folders of `releases/` are not of the same versions."""
    known = ledger.versions(package)
    return [*_same(package, known)] or [*_stated(package, known)]


def problems(package: Package) -> list[Problem]:
    """Return what the folder of a version holds otherwise than its checksums say: the latest that does.

    Each lists the checksums of the version before, so that what is wrong with one is told once.
    """
    known = ledger.versions(package)
    sound: set[tuple[str, str]] = set()
    for before, number in reversed(list(zip(["", *known], known, strict=False))):
        if found := list(_version(package.root, number, before, sound)):
            return found
    return list(_keys(package, known[-1])) if known else []


def _keys(package: Package, version: str) -> Iterator[Problem]:
    """Yield the tables whose key is another: the ledger, which names rows by it, would no longer find them."""
    folder = ledger.folder(package.root, version)
    resources = read_json(folder / DESCRIPTOR)["resources"]
    paths = {resource["name"]: resource["schema"] for resource in resources}
    for table in ledger.recorded(package):
        if table.name not in paths:
            continue
        kept = read_json(folder / paths[table.name])
        header = [field["name"] for field in kept["fields"]]
        if [table.former(column, header) for column in table.primary_key] != kept["primaryKey"]:
            message = f"the key of {table.name} was {', '.join(kept['primaryKey'])} in version {version}"
            fix = "leave the key as it was: the ledger names released rows by it; `uniqueKeys` may hold another"
            yield Problem(table.schema_path or DESCRIPTOR, 0, "primaryKey", "", "released-key", message, fix)


def _same(package: Package, known: list[str]) -> Iterator[Problem]:
    """Yield the versions that have a line and no folder, or a folder and no line."""
    there, path = folders(package.root), package.tables["releases"].path
    for place, number in enumerate(known):
        if number not in there or not (package.root / FOLDER / number).is_dir():
            message = f"there is no folder releases/{number}"
            yield Problem(path, place + 2, "version", number, "released-unheld", message, ARCHIVE)
    for number in there:
        if number not in known:
            message = f"{path} has no line for this version"
            fix = "take the line back from the archive; `python -m scripts release` writes both"
            yield Problem(f"{FOLDER}/{number}", 0, "", number, "released-unheld", message, fix)


def _stated(package: Package, known: list[str]) -> Iterator[Problem]:
    last = known[-1] if known else "0.0.0"
    if package.version != last:
        message = f"the version is {package.version}, the last release {last}"
        yield Problem(DESCRIPTOR, 0, "version", "", "released-unheld", message, f"write {last}; `release` raises it")


def _version(root: Path, number: str, before: str, sound: set[tuple[str, str]]) -> Iterator[Problem]:
    """Yield what one version lacks; `sound` holds digest and profile of what was looked at."""
    folder = f"{FOLDER}/{number}"
    try:
        if not inside(root, f"{folder}/{SUMS}"):
            raise checksums.NoSums("there is no such file in the package")
        listed = checksums.of_version(root, number)
    except checksums.NoSums as error:
        yield Problem(f"{folder}/{SUMS}", error.line, "", "", RULE, str(error), ARCHIVE)
        return
    found, descriptor = _descriptor(root, folder)
    if found:
        yield from found
        return
    tables = {resource["path"] for resource in descriptor["resources"]}
    schemas = {resource["schema"]: "kept-schema.json" for resource in descriptor["resources"]}
    chain = [f"{FOLDER}/{before}/{SUMS}"] if before else []
    if lacking := sorted({DESCRIPTOR, *tables, *schemas, *chain} - listed.keys()):
        more = f" and {count(len(lacking) - 3, 'file')} more" if len(lacking) > 3 else ""
        message = f"there is no line for {', '.join(lacking[:3])}{more}"
        yield Problem(f"{folder}/{SUMS}", 0, "", "", RULE, message, ARCHIVE)
    profiles = {**schemas, f"{folder}/{KEPT}": "kept-views.json"}
    for path, digest in listed.items():
        if path not in tables:
            place = path if path.startswith(f"{FOLDER}/") else f"{folder}/{path}"
            found = _file(root, place, digest, number)
            shape = (digest, profiles.get(path, ""))
            if not found and path in profiles and shape not in sound:
                found, _ = document(root, place, profiles[path])
                sound.add(shape)
            yield from found


def _descriptor(root: Path, folder: str) -> tuple[list[Problem], Json]:
    path = f"{folder}/{DESCRIPTOR}"
    if not inside(root, path):
        return [Problem(path, 0, "", "", RULE, "there is no such file in the package", ARCHIVE)], {}
    found, descriptor = document(root, path, "kept-descriptor.json")
    return found, descriptor.content


def _file(root: Path, path: str, digest: str, number: str) -> list[Problem]:
    """Return what is wrong with a file that the checksums of a version list."""
    try:
        there = inside(root, path) and checksums.of_text(untrusted.read_bytes(root / path))
    except Unreadable as error:
        return [Problem(path, 0, "", "", RULE, error.message, ARCHIVE)]
    if there == digest:
        return []
    message = f"the file is not that of version {number}" if there else "there is no such file in the package"
    return [Problem(path, 0, "", "", RULE, message, ARCHIVE)]
