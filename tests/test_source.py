"""The source itself: imports run one way, verbs are documented, names and texts keep to the manner."""

import ast
import re
from pathlib import Path

import pytest

from scripts.__main__ import COMMANDS
from scripts.datapackage.package import ROOT
from tests.conftest import Run

MODULES = sorted(path for folder in ("schemas", "scripts", "bench") for path in (ROOT / folder).rglob("*.py"))
NAMED = pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())


def imports(path: Path) -> set[str]:
    """Return the modules that a file imports, at whatever depth; `from a import b` counts as a.b as well."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


@NAMED
def test_imports_run_one_way(path: Path) -> None:
    inner = path.relative_to(ROOT).as_posix()
    forbidden = ["tests"]
    if inner.startswith("schemas/"):
        forbidden.append("scripts")
    if not inner.startswith("bench/"):
        forbidden.append("bench")
    for module in imports(path):
        assert not any(module == name or module.startswith(f"{name}.") for name in forbidden), (inner, module)


# From the highest to the lowest: a package imports those after it, none before it. `spark` is beside `curation`.
PACKAGES = (
    *("commands", "cli", "publish", "spark", "curation", "query", "citation"),
    *("validation", "history", "database", "datapackage"),
)


def test_packages_of_scripts_stand_on_those_after_them() -> None:
    folders = {path.name for path in (ROOT / "scripts").iterdir() if (path / "__init__.py").is_file()}
    assert folders == set(PACKAGES) - {"cli"}
    for path in (path for path in MODULES if path.is_relative_to(ROOT / "scripts")):
        package = path.relative_to(ROOT / "scripts").parts[0].removesuffix(".py")
        if package in ("__init__", "__main__"):
            continue
        used = {module.split(".")[1] for module in imports(path) if module.startswith("scripts.")} & set(PACKAGES)
        above = {other for other in used if PACKAGES.index(other) < PACKAGES.index(package)}
        assert not above, (path.relative_to(ROOT).as_posix(), above)


def test_architecture_names_the_packages_in_their_order() -> None:
    for page in ("docs/architecture.md", "CONTRIBUTING.md"):
        text = (ROOT / page).read_text("utf-8")
        assert " → ".join(name for name in PACKAGES if name not in ("cli", "spark")) in text


@NAMED
def test_modules_are_small_and_say_what_they_are(path: Path) -> None:
    text = path.read_text("utf-8")
    assert ast.get_docstring(ast.parse(text))
    assert len(text.splitlines()) <= 220
    for word in ("invalid", "failed", "error occurred"):
        assert not re.search(rf'"[^"\n]*\b{word}\b[^"\n]*"', text), word


@pytest.mark.parametrize("verb", COMMANDS)
def test_verb_has_help_with_an_example_and_a_line_in_the_documentation(verb: str, run: Run) -> None:
    ran = run(verb, "--help")
    assert ran.code == 0
    assert f"python -m scripts {verb}" in ran.out.split("positional arguments")[0]
    assert f"`{verb}" in (ROOT / "docs/commands.md").read_text("utf-8")


def test_every_verb_is_declared() -> None:
    files = {path.stem for path in (ROOT / "scripts/commands").glob("*.py")} - {"__init__"}
    assert files == set(COMMANDS)


def test_help_of_all_lists_every_verb(run: Run) -> None:
    ran = run("--help")
    assert all(f"\n    {verb}" in ran.out for verb in COMMANDS)


def test_locks_name_no_host() -> None:
    for lock in (ROOT / "locks").glob("*.txt"):
        assert "://" not in lock.read_text("utf-8")
        assert "--hash=sha256:" in lock.read_text("utf-8")
