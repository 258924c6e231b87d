"""The result of a query: its rows as numbers, truth values and texts, and its digest (RDA R5, R6)."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scripts.datapackage import canonical_csv
from scripts.history import checksums

PLAIN = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|BOOLEAN|DOUBLE|FLOAT|VARCHAR|ENUM\(.*\)")  # as Python has them
SINGLE = re.compile(rf"{PLAIN.pattern}|DATE|DECIMAL\([0-9,]+\)|TIME|TIMESTAMP|UUID")  # of one value that has one text


@dataclass(frozen=True)
class Result:
    """The columns of a result (name, type of DuckDB) and its rows.

    A cell is a number, a truth value, a text or None; of a type that is none of these it is the text of DuckDB, and of
    a list, struct or map its JSON.
    """

    columns: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[Any]]

    @property
    def names(self) -> list[str]:
        """The names of the columns."""
        return [name for name, _ in self.columns]

    @property
    def lines(self) -> list[str]:
        """Each row as a JSON list of texts, null where there is nothing, sorted as bytes (RDA R5)."""
        texts = [[None if cell is None else canonical_csv.cell(cell) for cell in row] for row in self.rows]
        return sorted((json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in texts), key=str.encode)

    @property
    def digest(self) -> str:
        """The SHA-256 of the lines, each with its LF, as 64 hex digits (RDA R6)."""
        return checksums.of_text("".join(f"{line}\n" for line in self.lines))

    @property
    def json(self) -> dict[str, Any]:
        """The result as JSON, for another process."""
        return {"columns": list(self.columns), "rows": list(self.rows)}


def from_json(answer: Mapping[str, Any]) -> Result:
    """Return the result that another process gave as JSON."""
    return Result([(name, type_) for name, type_ in answer["columns"]], answer["rows"])


def nested(result: Result) -> list[str]:
    """Return the columns whose cells are no single value that has one text: lists, structs, maps, intervals."""
    return [name for name, type_ in result.columns if not SINGLE.fullmatch(type_)]
