"""dist/latest.json: which version this is, what the last release changed, how much there is, where the files are."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import duckdb

from scripts.datapackage.package import Json, Package
from scripts.publish import news
from scripts.publish.news import Release

PATH = "latest.json"
# folders that `files` leaves out: `tables` names what is in them, or SHA256SUMS alone
TOLD = ("data", "views", "parquet", "charts", "queries", "records")


def write(
    con: duckdb.DuckDBPyConnection, package: Package, descriptor: Json, out: Path, digests: Mapping[str, str]
) -> None:
    """Write the file; `con` holds tables and views, `descriptor` is that of dist/, all other files are in `out`."""
    told = text(news.releases(con, package), descriptor, out, digests)
    (out / PATH).write_text(told, "utf-8", newline="\n")


def text(releases: Sequence[Release], descriptor: Json, out: Path, digests: Mapping[str, str]) -> str:
    """Return the file; paths are relative to `out`, where it lies.

    `digests` has the SHA-256 of each file; one that is not in it has other bytes from run to run, so neither is told.
    """
    told = {
        "name": descriptor["name"],
        "title": descriptor["title"],
        "version": descriptor["version"],
        "released_on": descriptor["created"][:10] if "created" in descriptor else None,
        "identifiers": descriptor.get("identifiers", []),
        "citation": descriptor["bibliographicCitation"],
        "license": descriptor["licenses"][0]["name"],
        "last_release": _release(releases[-1]) if releases else None,
        "tables": [_table(resource, out, digests) for resource in descriptor["resources"]],
        "files": list(_files(out, digests)),
    }
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def _release(release: Release) -> Json:
    return {
        "version": release.version,
        "released_on": release.day,
        "summary": release.summary,
        "digest": f"sha256:{release.digest}",
        "added": dict(release.added),
        "corrected": release.count("corrected"),
        "withdrawn": release.count("withdrawn"),
    }


def _table(resource: Json, out: Path, digests: Mapping[str, str]) -> Json:
    copies = [resource["path"], f"parquet/{resource['name']}.parquet"]
    return {
        "name": resource["name"],
        "rows": resource["rows"],
        "files": [_file(path, out, digests) for path in copies],
    }


def _files(out: Path, digests: Mapping[str, str]) -> Iterator[Json]:
    for path in sorted(path.relative_to(out) for path in out.rglob("*") if path.is_file()):
        if path.parts[0] not in TOLD and not path.name.startswith("."):
            yield _file(path.as_posix(), out, digests)


def _file(path: str, out: Path, digests: Mapping[str, str]) -> Json:
    if path not in digests:
        return {"path": path}
    return {"path": path, "bytes": (out / path).stat().st_size, "sha256": digests[path]}
