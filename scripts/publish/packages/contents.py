"""What the packages hold: the files of dist/ that their readers read, compressed, and the history beside them."""

import json
import re
import shutil
from pathlib import Path

import duckdb

from scripts.citation import formats, reference, works
from scripts.database.connection import file, literal, name
from scripts.datapackage import cache, canonical_csv
from scripts.datapackage.package import DESCRIPTOR, Json, Package
from scripts.history import ledger
from scripts.history.checksums import SUMS
from scripts.publish import csv_copy
from scripts.publish.books.codebook import CSV as CODEBOOK
from scripts.publish.packages import compressed, version_spans
from scripts.publish.packages.version_spans import History

KIND = "citations"  # in the cache
HISTORY = "history"
CITATION = "citation"
SCRIPT = "figures.sql"
SPAN = {"since": "Version from which a row reads so.", "until": "Version from which it no longer does."}
READ = re.compile(r"(read_csv\('[a-z0-9_/]+\.csv)'")  # in that script


def write(con: duckdb.DuckDBPyConnection, package: Package, descriptor: Json, out: Path, folder: Path) -> None:
    """Write the contents into an empty folder; `con` holds tables and views, `out` is dist/ with its `descriptor`.

    CSV are compressed, and the SQL script reads them so. `history/` has the same form: it is read as dist/ is.
    """
    resources = [_compress(out, folder, resource) for resource in descriptor["resources"]]
    _write_json(folder / DESCRIPTOR, {**descriptor, "resources": resources})
    shutil.copytree(out / "parquet", folder / "parquet")
    shutil.copyfile(out / CODEBOOK, folder / CODEBOOK)
    script = READ.sub(r"\1.gz'", (out / SCRIPT).read_text("utf-8"))
    (folder / SCRIPT).write_text(script, "utf-8", newline="\n")
    (folder / CITATION).mkdir()
    for form, text in _citations(descriptor).items():
        (folder / CITATION / form).write_text(text, "utf-8", newline="")
    _history(con, package, descriptor, folder / HISTORY)


def _compress(root: Path, folder: Path, resource: Json) -> Json:
    """Write the CSV of a resource, compressed; return the resource as it then is."""
    path = f"{resource['path']}.gz"
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_bytes(compressed.gzip((root / resource["path"]).read_bytes()))
    kept = {key: stated for key, stated in resource.items() if key not in ("bytes", "hash")}
    return {**kept, "path": path, "compression": "gz"}


def _citations(descriptor: Json) -> dict[str, str]:
    """Return how to cite the version, by form; what is not released has no day, and so not every form."""
    if "created" not in descriptor:
        cff = "\n".join([*reference.cff_lines(descriptor), ""])
        return {"text": f"{descriptor['bibliographicCitation']}\n", "cff": cff}
    doi = str(descriptor.get("id", "")).partition("doi.org/")[2]
    version = works.Version(descriptor, descriptor["version"], descriptor["created"][:10], doi)
    return {form: text(works.of_version(version)) for form, text in formats.FORMS.items()}


def _history(con: duckdb.DuckDBPyConnection, package: Package, descriptor: Json, folder: Path) -> None:
    """Write what tables and views were, as Parquet and as compressed CSV, with a descriptor and the versions."""
    (folder / "parquet").mkdir(parents=True)
    versions = _versions(package, descriptor)
    named = {resource["name"]: resource for resource in descriptor["resources"]}
    with version_spans.histories(con, package) as histories:
        resources = [_resource(con, one, versions[-1]["version"], named[one.name], folder) for one in histories]
    _write_json(folder / DESCRIPTOR, {**descriptor, "resources": resources, "versions": versions})


def _resource(con: duckdb.DuckDBPyConnection, one: History, last: str, now: Json, folder: Path) -> Json:
    """Write one history; return its resource, whose enumerations have the values of every version."""
    parquet, path = folder / "parquet" / f"{one.name}.parquet", f"{one.name}.csv"
    spans = ", ".join(
        f"case {column} when {literal(ledger.UNRELEASED)} then {literal(last)} else {column} end as {column}"
        for column in SPAN
    )
    rows = f"select * replace ({spans}) from {one.relation} order by {', '.join(one.order)}"
    con.execute(f"copy ({rows}) to {literal(str(parquet))} (format parquet, compression zstd)")
    csv_copy.write(con, f"read_parquet({file(parquet)})", folder / path)
    fields = [_field(con, one, field) for field in now["schema"]["fields"]]
    fields += [{"name": column, "type": "string", "description": means} for column, means in SPAN.items()]
    found = _compress(folder, folder, {**now, "path": path, "schema": {"fields": fields}})
    (folder / path).unlink()
    return found


def _field(con: duckdb.DuckDBPyConnection, one: History, field: Json) -> Json:
    if "enum" not in (limits := field.get("constraints", {})):
        return field
    column = name(field["name"])
    found = con.execute(
        f"select distinct {column} from {one.relation} where {column} is not null order by 1"
    ).fetchall()
    former = [value for (value,) in found if value not in limits["enum"]]
    return {**field, "constraints": {**limits, "enum": [*limits["enum"], *former]}}


def _versions(package: Package, descriptor: Json) -> list[Json]:
    """Return the versions, oldest first, with their day and citation; the last is what the package holds."""
    keys = {number: _key(package, number) for number in ledger.versions(package)}
    known = {number: cache.get(KIND, key) for number, key in keys.items()}
    for number, state in ledger.back(package) if None in known.values() else ():
        version = works.version(package, number, state)
        cited = {"version": number, "released_on": version.day, "citation": reference.text(version.descriptor)}
        known[number] = json.dumps(cited).encode()
        cache.put(KIND, keys[number], known[number] or b"")
    found: list[Json] = [json.loads(known[number] or b"null") for number in keys]
    if descriptor["version"] not in ledger.versions(package):
        cited = descriptor["bibliographicCitation"]
        found.append({"version": descriptor["version"], "released_on": "", "citation": cited})
    return found


def _key(package: Package, number: str) -> str:
    """Return the key under which the cache has how a released version is cited, by the checksums of the version."""
    code = cache.of_code(works.__file__, reference.__file__, ledger.__file__)
    row = next(row for row in canonical_csv.rows(package.root / package.tables["releases"].path) if row[0] == number)
    return cache.key(code, repr(row).encode(), (ledger.folder(package.root, number) / SUMS).read_bytes())


def _write_json(path: Path, content: Json) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8", newline="\n")


def read_json(path: Path) -> Json:
    """Return a descriptor of the contents."""
    content: Json = json.loads(path.read_text("utf-8"))
    return content
