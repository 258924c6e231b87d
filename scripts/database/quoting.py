"""Names, texts, paths of files and lines of CSV as SQL writes them."""

import re
from collections.abc import Iterable
from pathlib import Path


def name(identifier: str) -> str:
    """Return an identifier in double quotes, as SQL writes it."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text in single quotes, as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def file(path: Path) -> str:
    """Return the path of one file, as `read_csv` and `read_parquet` of DuckDB take it, which read patterns."""
    return literal(re.sub(r"[\[*?]", r"[\g<0>]", str(path)))


def canonical_line(columns: Iterable[str]) -> str:
    """Return the SQL for a row of text columns as a line of canonical CSV, without its LF."""
    return " || ',' || ".join(map(_quoted, columns))


def _quoted(column: str) -> str:
    cell = f"coalesce({name(column)}, '')"
    quotes = f"""'"' || replace({cell}, '"', '""') || '"'"""
    return f"case when regexp_matches({cell}, '[,\"\\n\\r]') then {quotes} else {cell} end"
