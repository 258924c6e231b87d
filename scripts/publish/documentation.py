"""What is derived in the documentation: DICTIONARY.md, docs/records.md, results in README.md and docs/, the picture."""

import shutil
import tempfile
from pathlib import Path

import duckdb

from scripts.database import connection
from scripts.database.opened import opened
from scripts.datapackage.errors import UsageError
from scripts.datapackage.package import DESCRIPTOR, Package, dataset
from scripts.history import claims_history
from scripts.publish import cookbook, dictionary, record_page

PARTS = ("schemas", "releases", "docs", "queries")  # folders beside the tables that the documentation is made of


def files(package: Package, con: duckdb.DuckDBPyConnection) -> dict[str, bytes]:
    """Return every derived file by its path; `con` holds the text of the tables. Raises `UsageError`."""
    from scripts.publish.charts import gallery  # Altair: 0.4 s

    connection.typed(con, package, lines=False)
    claims_history.create(con, package)
    found = {dictionary.PATH: dictionary.text(package).encode(), record_page.PATH: record_page.text().encode()}
    for page in cookbook.pages(package.root):
        path = page.relative_to(package.root).as_posix()
        if path in found:
            continue
        try:
            found[path] = cookbook.renewed(con, page.read_text("utf-8")).encode()
        except duckdb.Error as error:
            raise UsageError(f"{path} has a query that does not run: {error}; change the query there") from None
    if (picture := gallery.of_readme(con)) is not None:
        found[gallery.README] = picture.encode()
    return found


def with_files(package: Package, changed: dict[str, bytes]) -> dict[str, bytes]:
    """Return those derived files that a package has, as they are with some files changed; it is written aside."""
    if not list(cookbook.pages(package.root)):
        return {}
    with tempfile.TemporaryDirectory() as name:
        aside = Path(name)
        for part in PARTS:
            if (package.root / part).is_dir():
                shutil.copytree(package.root / part, aside / part)
        for path in [DESCRIPTOR, *(table.path for table in package.tables.values()), *_pages(package)]:
            (aside / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(package.root / path, aside / path)
        for path, content in changed.items():
            (aside / path).parent.mkdir(parents=True, exist_ok=True)
            (aside / path).write_bytes(content)
        derived = files(*opened(aside, dataset()))
    return {path: content for path, content in derived.items() if (package.root / path).is_file()}


def _pages(package: Package) -> list[str]:
    return [page.relative_to(package.root).as_posix() for page in cookbook.pages(package.root)]
