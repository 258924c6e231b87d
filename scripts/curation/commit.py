"""Put changed files of a package in place, if it is valid with them: else nothing is written."""

import shutil
import tempfile
from pathlib import Path

from scripts.datapackage import atomic_write, descriptor
from scripts.datapackage.package import DESCRIPTOR, Package
from scripts.datapackage.problems import Problem
from scripts.validation.validate import validate


def commit(package: Package, changed: dict[str, bytes]) -> list[Problem]:
    """Write changed files, by path, all or none; return what would not be valid, in which case none is written."""
    found = problems(package, changed) if changed else []
    if changed and not found:
        atomic_write.write(package.root, changed)
    return found


def problems(package: Package, changed: dict[str, bytes]) -> list[Problem]:
    """Return what would not be valid in a package with changed files, which is written aside.

    Raises as `descriptor.check_plain`.
    """
    descriptor.check_plain(package.root)
    with tempfile.TemporaryDirectory() as name:
        aside = Path(name)
        for part in ("schemas", "releases"):
            if (package.root / part).is_dir():
                shutil.copytree(package.root / part, aside / part)
        shutil.copyfile(package.root / DESCRIPTOR, aside / DESCRIPTOR)
        there = {table.path: package.root / table.path for table in package.tables.values()}
        for path in {**there, **changed}:
            (aside / path).parent.mkdir(parents=True, exist_ok=True)
            (aside / path).write_bytes(changed[path] if path in changed else there[path].read_bytes())
        return validate(aside).problems
