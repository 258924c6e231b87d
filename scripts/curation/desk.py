"""What a coder of records works on: the rows that are there and come in, and what was asked on the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from scripts.curation import coding_rules
from scripts.curation.records import Row, Rows
from scripts.datapackage.package import Json, Package
from scripts.datapackage.problems import Problem
from scripts.validation import withdrawn_keys

TOLD = ("statement", "extent", "modality")  # whose answers are told with what they mean, in messages too
MOST = 8  # answers that are listed in a message; a terminal lists all
Choices = Mapping[str, str]  # answer → what it means
Made = tuple[str, int, str, str]  # the file, line and key of a record, and the place in it, that a row comes from


@dataclass(frozen=True)
class Question:
    """What stands in the way of a record, and the answers that there are; none where one is written freely."""

    problem: Problem
    choices: Choices = field(default_factory=dict)


@dataclass
class Desk:
    """The rows that are there and come in, what was asked, and what was withdrawn before, by table and key."""

    package: Package
    rows: Rows
    gone: Mapping[tuple[str, str], str]
    questions: list[Question] = field(default_factory=list)
    made: dict[tuple[str, str], Made] = field(default_factory=dict)
    record: tuple[str, int, str] = ("", 0, "")  # file, line and key of the record at work

    def __post_init__(self) -> None:
        """Index what is looked up again and again."""
        self.unknown: set[tuple[str, str]] = set()  # labels that were asked for already
        self.said: dict[str, list[Row]] = {}  # statement → its claims
        for row in self.rows.tables["claims"].values():
            self.said.setdefault(row["statement_id"], []).append(row)

    @property
    def problems(self) -> list[Problem]:
        """What stands in the way."""
        return [question.problem for question in self.questions]

    def ask(self, place: str, rule: str, message: str, fix: str, choices: Choices | None = None) -> None:
        """Record what stands in the way of the record at work."""
        path, line, key = self.record
        self.questions.append(Question(Problem(path, line, place, key, rule, message, fix), choices or {}))

    def ask_for(self, place: str, message: str, choices: Choices) -> None:
        """Ask for a property of a record that no rule decides, once."""
        asked = {(question.problem.path, question.problem.line, question.problem.field) for question in self.questions}
        if (*self.record[:2], place) in asked:
            return
        name = place.rpartition(".")[2]
        listed = [f"{key} ({said})" if name in TOLD else key for key, said in [*choices.items()][:MOST]]
        more = f" and {len(choices) - MOST} more" if len(choices) > MOST else ""
        self.ask(place, "undecided", message, f"add `{name}`, one of {', '.join(listed)}{more}", choices)

    def put(self, table: str, row: Row, place: str = "") -> None:
        """Add a row that a place of the record at work makes; ask where another has its key, or had it."""
        key = "/".join(row[column] for column in self.package.tables[table].primary_key)
        if key not in self.rows.tables[table] and (said := self.gone.get((table, key))):
            fix = f"{withdrawn_keys.FIX}, in {self.package.tables[table].path}"
            self.ask(place or table, withdrawn_keys.RULE, f"`{key}` was withdrawn: {said}", fix)
        elif there := self.rows.add(table, key, row):
            message = f"`{key}` is there already with other cells: {differences(there, row)}"
            self.ask(place or table, "row-differs", message, "decide which holds")
        elif (table, key) not in self.made:
            self.made[table, key] = (*self.record, place)
            if table == "claims":
                self.said.setdefault(row["statement_id"], []).append(row)

    def check_columns(self, place: str, table: str, values: Json) -> None:
        """Ask where a row from a record has a column that its table has not: its cell would be lost."""
        header = self.package.tables[table].header
        for column in [column for column in values if column not in header]:
            near = get_close_matches(column, header, 1)
            fix = f"did you mean `{near[0]}`?" if near else f"take it out; {table} has {', '.join(header)}"
            self.ask(f"{place}.{column}", "property", f"`{column}` is no column of {table}", fix)

    def at_its_record(self, problem: Problem) -> Problem:
        """Return a problem of a row that is not written yet with the place in the record that it comes from."""
        names = {table.path: table.name for table in self.package.tables.values()}
        made = self.made.get((names.get(problem.path, ""), problem.key))
        if not made:
            return problem
        path, line, key, place = made
        field_ = ".".join(filter(None, [place, problem.field]))
        return Problem(path, line, field_, key, problem.rule, problem.message, problem.fix)


def numbers(claim: Row) -> set[str]:
    """Return the numbers of a claim."""
    return {claim[name] for name in coding_rules.NUMBERS if claim[name]}


def differences(there: Row, row: Row) -> str:
    """Return the cells in which a row differs from the one that is there."""
    return ", ".join(f"{name} “{there[name]}” or “{row[name]}”" for name in row if row[name] != there[name])
