"""The folders of `releases/`: of which versions there are some, and that nobody takes the list of releases away."""

import os
from collections.abc import Iterator
from pathlib import Path

from scripts.datapackage import semver
from scripts.datapackage.package import LEDGER
from scripts.datapackage.problems import Problem
from scripts.datapackage.profiles import Document

FOLDER = "releases"
RULE = "released-file"


def folders(root: Path) -> list[str]:
    """Return the versions of which there is something in `releases/`, in order; other names are not looked at."""
    try:
        names = os.listdir(root / FOLDER)  # noqa: PTH208  (names alone)
    except OSError:
        return []
    return sorted(filter(semver.is_one, names), key=semver.numbers)


def gate(root: Path, descriptor: Document) -> Iterator[Problem]:
    """Yield what keeps a package that has releases from being held against them."""
    found = folders(root)
    names = {resource["name"] for resource in descriptor.content["resources"]}
    lacking = [name for name in LEDGER if name not in names]
    if found and lacking:
        message = f"releases/ holds version {found[-1]}, and the package has no table {' or '.join(lacking)}"
        fix = "name the resource again, so that the present is held against the last release"
        yield descriptor.at(("resources",), "released-unheld", message, fix)
    if found and not inside(root, FOLDER):
        message = "the folder leads out of the package through a link"
        yield Problem(FOLDER, 0, "", "", RULE, message, "put the folder itself there")


def inside(root: Path, path: str) -> bool:
    """Whether something lies at a path, and no link on the way leads out of the package."""
    try:
        return (root / path).resolve(strict=True).is_relative_to(root.resolve())
    except (OSError, ValueError, RuntimeError):
        return False
