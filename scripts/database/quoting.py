"""Names, texts and paths of files as SQL writes them."""

import re
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
