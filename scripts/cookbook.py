"""The queries of README.md: each has its result printed below it."""

import re
from collections.abc import Sequence
from typing import Any

import duckdb
from tabulate import tabulate

from scripts import canonical

PATH = "README.md"
RECIPE = re.compile(r"```sql\n(?P<sql>.*?)```\n\n```text\n(?P<result>.*?)```", re.DOTALL)


def renewed(con: duckdb.DuckDBPyConnection, text: str) -> str:
    """Return a text in which the result under each query is the one of today; `con` holds tables and views."""

    def renew(recipe: re.Match[str]) -> str:
        found = con.execute(recipe["sql"])
        header = [column[0] for column in found.description or []]
        return f"```sql\n{recipe['sql']}```\n\n```text\n{table(header, found.fetchall())}\n```"

    return RECIPE.sub(renew, text)


def table(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Return rows as a table of plain text."""
    cells = [[canonical.cell(cell) for cell in row] for row in rows]
    lines = tabulate(cells, header, tablefmt="simple", disable_numparse=True).splitlines()
    return "\n".join(line.rstrip() for line in lines)
