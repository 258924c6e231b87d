"""`dist/release.md`, the text of a release: what it brought, how to cite it, what is attached and its SHA-256."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from scripts.curation import changelog
from scripts.datapackage.package import Json, Package
from scripts.history import checksums

PATH = "release.md"
CHECK = "grep -E '^[0-9a-f]{64}  ' release.md | sha256sum --check --ignore-missing"


def text(package: Package, descriptor: Json, attached: Mapping[str, Path], database: str) -> str:
    """Return the text in Markdown; `attached` has the files by their path in dist/.

    `database` is the name of the DuckDB file, whose size and digest, which differ from build to build, stay out.
    """
    return "\n".join(_lines(package, descriptor, attached, database)) + "\n"


def _lines(package: Package, descriptor: Json, attached: Mapping[str, Path], database: str) -> Iterator[str]:
    yield f"# {descriptor['title']}, version {descriptor['version']}\n"
    log = package.root / "CHANGELOG.md"
    if log.is_file() and (brought := changelog.section(log.read_text("utf-8"), descriptor["version"])):
        yield f"{brought}\n"
    yield f"## Cite\n\n{descriptor['bibliographicCitation']}\n"
    yield "## Files\n\n| file | bytes |\n|---|---|"
    files = {path.name: path for path in attached.values()}
    yield from (f"| `{name}` | {path.stat().st_size:,} |" for name, path in sorted(files.items()))
    yield f"\nIn their folder `{CHECK}` tells whether they are whole:\n"
    yield f"```text\n{checksums.as_list({name: checksums.of_file(path) for name, path in files.items()})}```\n"
    yield f"`{database}` has its checksum beside it, in `{database}.sha256`: DuckDB writes other bytes each time."
