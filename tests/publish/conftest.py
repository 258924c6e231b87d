"""The Python package of dist/, where it is installed."""

import importlib
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

NAME = "reported_figures"


@pytest.fixture(scope="module")
def wheel(dist_as_released: Path) -> Path:
    [path] = (dist_as_released / "python").iterdir()
    return path


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the wheel is installed."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def rf(site: Path) -> Iterator[ModuleType]:
    """The package, imported from where it is installed."""
    sys.path.insert(0, str(site))
    yield importlib.import_module(NAME)
    sys.path.remove(str(site))
    for module in [module for module in sys.modules if module.partition(".")[0] == NAME]:
        del sys.modules[module]
