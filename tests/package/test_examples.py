"""Every example of README.md, CONTRIBUTING.md, docs/ and `--help` runs, in a copy of the package beside its dist/."""

import ast
import json
import re
import shlex
import shutil
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import duckdb
import pytest
import yaml

from scripts.__main__ import COMMANDS
from scripts.datapackage.package import ROOT
from scripts.publish import cookbook
from tests.conftest import Run
from tests.lent import Lent

PAGES = {path.relative_to(ROOT).as_posix(): path for path in [*cookbook.pages(ROOT), ROOT / "CONTRIBUTING.md"]}
MODULES = [*ROOT.glob("scripts/**/*.py"), *ROOT.glob("bench/**/*.py")]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
RUN = {"sh", "python", "r", "sql"}
SHOWN = {
    "text",
    "json",
    "yaml",
}  # a result, the record that the examples of `add` read, a workflow that has the commands
EXIT = re.compile(r"# exit code (\d)")
ELSEWHERE = {  # what is not run here, and why
    "make": ".ci/run runs make and make test, other targets take hours; here each is shown to be one of the Makefile",
    "build": "the fixture `dist` is a build, and tests/publish/test_build.py runs --check; here the arguments are read",
    "migrate": "tests/query/test_stored.py runs it; here the arguments are read",
    "spark": "tests/spark/test_spark.py runs it where there are Java and Spark; here the arguments are read",
}
CHANGES = """resource,key,field,change,new,reason,note
claims,kbs-20250114-2,note,corrected,read again,editorial,
aliases,sources/the KBS,*,added,"{""resource"": ""sources"", ""label"": ""the KBS"", ""id"": ""kbs""}",,
"""
FIRST = {"release": "correct", "verify": "cite"}  # whose last example comes before


def blocks(page: str, language: str) -> list[str]:
    return [code for name, code in BLOCK.findall(PAGES[page].read_text("utf-8")) if name == language]


def lines(code: str) -> list[str]:
    """Return the commands of a block, each on one line."""
    return [line for line in code.replace("\\\n", " ").splitlines() if line.strip() and not line.startswith("#")]


def of_help(path: Path) -> list[str]:
    said = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    return [line for line in said.splitlines() if re.match(r"(\S*python -m scripts|make)\b(?! VERB)", line)]


HELP = {path: examples for path in MODULES if (examples := of_help(path))}


def page_has(language: str) -> list[str]:
    return [page for page in PAGES if blocks(page, language)]


@pytest.fixture
def here(lent_shipped: Lent, dist_as_released: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the folder in which a reader tries the examples; it is the working directory."""
    folder = lent_shipped.root
    (folder / "dist").symlink_to(dist_as_released)
    [record] = map(json.loads, blocks("CONTRIBUTING.md", "json"))
    (folder / "intake.jsonl").write_text(json.dumps(record, ensure_ascii=False) + "\n", "utf-8")
    (folder / "changes.csv").write_text(CHANGES, "utf-8")
    monkeypatch.chdir(folder)
    yield folder
    lent_shipped.put_back()


def try_line(line: str, run: Run) -> str:
    """Run a line; return nothing where it ends with the exit code that it states, else what is wrong."""
    words = shlex.split(line, comments=True)
    stated = int(found[1]) if (found := EXIT.search(line)) else 0
    if words[0] == "make":
        ran = subprocess.run(["make", "--dry-run", *words[1:]], cwd=ROOT, capture_output=True, text=True)
        code, said = ran.returncode, ran.stderr
    elif words[1:3] == ["-m", "scripts"]:
        code, said = try_command(words[3:], run)
    else:
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", line], capture_output=True, text=True)
        code, said = done.returncode, done.stderr
    return "" if code == stated else f"`{line}` ends with {code}, not {stated}: {said}"


def try_command(words: list[str], run: Run) -> tuple[int, str]:
    """Run a command on the package of the working directory, in this process; return exit code and messages."""
    command, *rest = words
    if command in ELSEWHERE:
        parser = ArgumentParser()
        import_module(f"scripts.commands.{command}").register(parser)
        parser.parse_args(rest)
        return 0, ""
    out = Path(rest.pop()) if ">" in rest else None
    rest = [word for word in rest if word != ">"]
    if command != "validate":
        rest += ["--dir", "."]
    elif "." not in rest:
        rest.append(".")
    ran = run(command, *rest)
    if out:
        out.write_text(ran.out, "utf-8")
    return ran.code, ran.out[-500:] + ran.err


@pytest.mark.parametrize("page", PAGES)
def test_every_block_of_a_page_is_run_or_is_a_result(page: str) -> None:
    assert {language for language, _ in BLOCK.findall(PAGES[page].read_text("utf-8"))} <= RUN | SHOWN


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("page", page_has("sh"))
def test_commands_of_a_page_run(page: str, run: Run) -> None:
    wrong = [try_line(line, run) for code in blocks(page, "sh") for line in lines(code)]
    assert not any(wrong), "\n".join(filter(None, wrong))


def test_workflow_of_a_page_has_the_commands_that_are_run_on_a_local_folder() -> None:
    [workflow] = map(yaml.safe_load, blocks("docs/release.md", "yaml"))
    steps = [step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step]
    for step in steps:
        subprocess.run(["bash", "-n", "-c", step], check=True)
    rehearsed = [line for code in blocks("docs/release.md", "sh") for line in lines(code)]
    for command in ("cp ", "for ", "python3 "):
        assert [line for line in rehearsed if line.startswith(command)] == [
            line for step in steps for line in lines(step) if line.startswith(command)
        ]


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("path", HELP, ids=lambda path: path.stem)
def test_examples_of_help_run(path: Path, run: Run) -> None:
    assert here
    before = FIRST.get(path.stem)
    earlier = HELP[path.with_name(f"{before}.py")][-1:] if before else []
    wrong = [try_line(line, run) for line in [*earlier, *HELP[path]]]
    assert not any(wrong), "\n".join(filter(None, wrong))


def test_every_command_has_examples() -> None:
    named = " ".join(line for examples in HELP.values() for line in examples)
    assert [verb for verb in COMMANDS if f"-m scripts {verb}" not in named] == []


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("page", page_has("sql"))
def test_queries_of_a_page_run_in_a_bare_duckdb(page: str) -> None:
    for code in blocks(page, "sql"):
        con = duckdb.connect()
        if not code.startswith("attach"):
            con.execute("attach 'dist/figures.duckdb' as figures (read_only); use figures")
        assert con.execute(code).fetchall(), code
        con.close()


def install(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install the packages of dist/ for the programs that are run, and nowhere else."""
    [wheel], [source] = (here / "dist/python").iterdir(), (here / "dist/r").iterdir()
    shutil.unpack_archive(wheel, here / "site", "zip")
    monkeypatch.setenv("PYTHONPATH", str(here / "site"))
    (here / "library").mkdir()
    monkeypatch.setenv("R_LIBS", str(here / "library"))
    if shutil.which("R"):
        command: list[str | Path] = ["R", "CMD", "INSTALL", f"--library={here / 'library'}", source]
        subprocess.run(command, check=True, capture_output=True)


@pytest.mark.parametrize("page", page_has("python"))
def test_python_and_r_of_a_page_read_the_same(page: str, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(here, monkeypatch)
    code = "\n".join([*blocks(page, "python"), "print(len(claims), claims.attrs['citation'])"])
    in_python = subprocess.run(
        [sys.executable, "-c", code], cwd=here, check=True, capture_output=True, text=True
    ).stdout
    assert "Reported Figures contributors" in in_python
    if not shutil.which("Rscript"):
        pytest.skip("there is no Rscript: install R (r-base-core)")
    code = "\n".join([*blocks(page, "r"), "cat(nrow(claims), attr(claims, 'citation'))"])
    command = ["Rscript", "--vanilla", "-e", code]
    in_r = subprocess.run(command, cwd=here, check=True, capture_output=True, text=True).stdout
    assert in_r.splitlines()[-1] == in_python.splitlines()[-1]


@pytest.mark.usefixtures("here")
def test_an_example_that_does_not_end_as_it_states_is_found(run: Run) -> None:
    for line, code in {
        "python -m scripts cite --claim kbs-20250114-99": 2,
        "python -m scripts verify 0.3.0": 1,
        "python -m scripts cite  # exit code 1": 0,
        "make no-such-target": 2,
        "test -f no-such-file": 1,
    }.items():
        assert f"ends with {code}, not" in try_line(line, run)


def test_readme_is_short_and_links_lead_somewhere() -> None:
    assert len(PAGES["README.md"].read_text("utf-8").splitlines()) <= 150
    for page, path in PAGES.items():
        for link in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text("utf-8")):
            assert ":" in link or (path.parent / link).exists(), f"{page} links to {link}"
