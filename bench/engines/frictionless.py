"""frictionless over the whole package: types, constraints, keys and foreign keys of the Table Schemas."""

from collections.abc import Iterator
from pathlib import Path

from frictionless import Checklist, Package, system

from bench.engines.places import Place, main


def check(folder: Path) -> Iterator[Place]:
    """Yield the rows that frictionless refuses; its row numbers count records, the header being 1."""
    with system.use_context(trusted=True):
        report = Package(str(folder / "datapackage.json")).validate(Checklist(), limit_errors=1_000_000)
    for task in report.tasks:
        for error in task.errors:
            yield task.place, getattr(error, "row_number", 0) or 0


if __name__ == "__main__":
    main(check)
