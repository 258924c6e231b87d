"""The queries of README.md and docs/: the result below each is what the data give."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
from tabulate import tabulate

from scripts import canonical

RECIPE = re.compile(
    r"```sql\n(?P<sql>(?:(?!```).)*)```\n\n(?:```text\n(?P<text>.*?)```\n|(?P<table>(?:\|[^\n]*\n)+))", re.DOTALL
)


def pages(root: Path) -> Iterator[Path]:
    """Yield the pages of a folder that may hold queries: README.md and those of docs/."""
    yield from (path for path in (root / "README.md", *sorted(root.glob("docs/*.md"))) if path.is_file())


def renewed(con: duckdb.DuckDBPyConnection, text: str) -> str:
    """Return a text in which the result below each query is the current one; `con` holds tables and views.

    A result is plain text in a block, or a Markdown table: it keeps the form that it has.
    """

    def renew(recipe: re.Match[str]) -> str:
        found = con.execute(recipe["sql"])
        header = [column[0] for column in found.description or []]
        rows = found.fetchall()
        result = markdown(header, rows) if recipe["table"] else f"```text\n{table(header, rows)}\n```"
        return f"```sql\n{recipe['sql']}```\n\n{result}\n"

    return RECIPE.sub(renew, text)


def table(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Return rows as a table of plain text."""
    return _tabulated(header, [[canonical.cell(cell) for cell in row] for row in rows], "simple")


def markdown(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Return rows as a Markdown table."""
    return _tabulated(header, [[canonical.cell(cell).replace("|", "\\|") for cell in row] for row in rows], "github")


def _tabulated(header: Sequence[str], cells: Sequence[Sequence[str]], form: str) -> str:
    lines = tabulate(cells, header, tablefmt=form, disable_numparse=True).split("\n")
    return "\n".join(line.rstrip() for line in lines)
