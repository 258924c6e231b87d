"""What a coder of records works on: the rows that are there and come in, labels, and what was asked on the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from scripts import canonical, rough, signs, withdrawn
from scripts.package import Json, Package
from scripts.problems import Problem
from scripts.records import Row, Rows


@dataclass
class Desk:
    """The rows that are there and come in, what was asked, and what was withdrawn before, by table and key."""

    package: Package
    rows: Rows
    gone: Mapping[tuple[str, str], str]
    problems: list[Problem] = field(default_factory=list)
    place: tuple[str, int, str] = ("", 0, "")  # file, line and key of the record at work

    def __post_init__(self) -> None:
        """Index what is looked up again and again."""
        self.unknown: set[tuple[str, str]] = set()  # labels that were asked for already
        self.labels: dict[tuple[str, str], str] = {}  # table and label, blanks and hidden signs apart → key
        self.numbers: dict[str, set[str]] = {}  # statement → the numbers that its claims give
        for table in ("aliases", "claims"):
            for row in self.rows.tables[table].values():
                self._remember(table, row)

    def ask(self, column: str, rule: str, message: str, fix: str) -> None:
        """Record what stands in the way of the record at work."""
        path, line, key = self.place
        self.problems.append(Problem(path, line, column, key, rule, message, fix))

    def put(self, table: str, row: Row) -> None:
        """Add a row; ask where another has its key, or had it."""
        key = "/".join(row[column] for column in self.package.tables[table].primary_key)
        if key not in self.rows.tables[table] and (said := self.gone.get((table, key))):
            fix = f"{withdrawn.FIX}, in {self.package.tables[table].path}"
            self.ask(table, withdrawn.RULE, f"`{key}` was withdrawn: {said}", fix)
        elif there := self.rows.add(table, key, row):
            message = f"`{key}` is there already with other cells: {differences(there, row)}"
            self.ask(table, "row-differs", message, "decide which holds")
        else:
            self._remember(table, row)

    def _remember(self, table: str, row: Row) -> None:
        if table == "aliases":
            self.labels.setdefault((row["resource"], signs.plain(row["label"])), row["id"])
        elif table == "claims":
            numbers = {row[name] for name in rough.NUMBERS if row[name]}
            self.numbers.setdefault(row["statement_id"], set()).update(numbers)

    def check_columns(self, place: str, table: str, values: Json) -> None:
        """Ask where a row from a record has a column that its table has not: its cell would be lost."""
        header = self.package.tables[table].header
        for column in [column for column in values if column not in header]:
            near = get_close_matches(column, header, 1)
            fix = f"did you mean `{near[0]}`?" if near else f"take it out; {table} has {', '.join(header)}"
            self.ask(f"{place}.{column}", "property", f"`{column}` is no column of {table}", fix)

    def resolve(self, column: str, resource: str, label: str | None) -> str:
        """Return the key that a label means; ask where it is not known."""
        name = signs.plain(label or "")
        if not name:
            return ""
        if alias := self.rows.tables["aliases"].get(f"{resource}/{label}"):
            return alias["id"]
        if known := self.labels.get((resource, name)):
            return known
        if (resource, name) not in self.unknown:
            self.unknown.add((resource, name))
            self._ask_label(column, resource, name)
        return ""

    def _ask_label(self, column: str, resource: str, label: str) -> None:
        known = {name: key for (table, name), key in self.labels.items() if table == resource}
        near = list(dict.fromkeys(known[name] for name in get_close_matches(label, known, 3, 0.5)))
        close = f"; near it are {', '.join(near)}" if near else ""
        message = f"`{label}` is no label of {resource}{close}"
        line = canonical.line([resource, label, near[0] if near else "ID"]).strip()
        self.ask(column, "unknown-label", message, f"add to data/aliases.csv: {line}")

    def nobody(self) -> str:
        """Return the source that stands where nobody is named."""
        return next((key for key, row in self.rows.tables["sources"].items() if row["kind"] == "nobody"), "")


def differences(there: Row, row: Row) -> str:
    """Return the cells in which a row differs from the one that is there."""
    return ", ".join(f"{name} “{there[name]}” or “{row[name]}”" for name in row if row[name] != there[name])
