"""`reported_figures-VERSION-py3-none-any.whl`: the readers of `scripts/publish/readers` with the data in them."""

import ast
import io
import shutil
import zipfile
from pathlib import Path

from flit_core.wheel import WheelBuilder

from scripts.citation.reference import named
from scripts.datapackage.package import ROOT, Json
from scripts.publish.packages import compressed, templates

NAME = "reported_figures"
READERS = ROOT / "scripts" / "publish" / "readers"
SOURCES = {"pyproject.toml": "python/project.toml", "README.md": "python/README.md"}
OF_CODE = "MIT"


def write(descriptor: Json, contents: Path, project: Path, out: Path) -> None:
    """Write the wheel into the folder `out`, by way of the empty folder `project`; `descriptor` is that of dist/."""
    _write_project(descriptor, contents, project)
    built = io.BytesIO()
    builder = WheelBuilder.from_ini_path(project / "pyproject.toml", built)
    builder.build()
    with zipfile.ZipFile(built) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    (out / builder.wheel_filename).write_bytes(compressed.stored_zip(files, descriptor.get("created", "")[:10]))


def _write_project(descriptor: Json, contents: Path, project: Path) -> None:
    """Write what flit_core makes a wheel of."""
    package = project / NAME
    package.mkdir()
    for source in [*READERS.glob("*.py"), READERS / "py.typed"]:
        shutil.copyfile(source, package / source.name)
    shutil.copytree(contents, package / "data")
    shutil.copyfile(ROOT / "LICENSE", project / "LICENSE")
    licence = f"{descriptor['licenses'][0]['name']} AND {OF_CODE}"
    values = {
        "descriptor": descriptor,
        "authors": named(descriptor, "author"),
        "licence": licence,
        "usage": _usage(),
    }
    for name, template in SOURCES.items():
        (project / name).write_text(templates.fill(template, **values), "utf-8", newline="\n")


def _usage() -> str:
    """Return the calls in the docstring of the package, which Markdown shows as code."""
    documented = ast.get_docstring(ast.parse((READERS / "__init__.py").read_text("utf-8"))) or ""
    return "\n\n".join(part for part in documented.split("\n\n") if part.startswith("    "))
