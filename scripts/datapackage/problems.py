"""What is wrong, where, and what to do about it; printed for people, programs or GitHub."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

REWRITE = "run `python -m scripts validate --fix`, which rewrites the table"
NOT_LISTED = "more that are not listed"  # in the message that counts the others
STOPS = ("unreadable", "line-feed", "separator", "header", "shifted", "rule-column")  # nothing more is looked at
FORM = ("encoding", "line-ending", "blank-line", "blank-row", "header-again", "quoting", "order")  # … cells can be
LOSES = (
    "cut",
    "encoding",
    "control-character",
    "quoting",
    "extra-cell",
    "missing-cell",
)  # rules of a row that cannot be read


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that does not hold.

    `path` is relative to the package; `line` counts from 1, 0 where the file has no such
    line; `field` is a column or property; `key` is the key of the row; `fix` says what to do.
    """

    path: str
    line: int
    field: str
    key: str
    rule: str
    message: str
    fix: str

    @property
    def place(self) -> str:
        """`path:line:field` as editors open it; parts that are not known are left out."""
        parts = [self.path, str(self.line) if self.line else "", self.field]
        return ":".join(part for part in parts if part)

    @property
    def sentence(self) -> str:
        """The message, behind the key where there is one."""
        return f"{self.key}: {self.message}" if self.key else self.message

    @property
    def loses(self) -> bool:
        """Whether a row cannot be read, so that nobody knows what leads to it."""
        return self.rule in LOSES and self.fix != REWRITE


def ordered(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems with causes first: a table that cannot be read, then its lines, then rows; by file and line."""

    def rank(problem: Problem) -> tuple[int, str, bool]:
        last = problem.message.endswith(NOT_LISTED)
        if problem.rule in STOPS:
            return 0, problem.path, last
        return 1 if problem.rule in FORM or problem.loses else 2, problem.path, last

    return sorted(problems, key=lambda problem: (rank(problem), problem))


def unasked(problems: Sequence[Problem]) -> str:
    """Return what was not looked at because of what is wrong, '' where all was."""
    if any(problem.rule in STOPS for problem in problems):
        return "the rest is looked at when this is mended"
    if paths := sorted({problem.path for problem in problems if problem.loses}):
        return f"keys and rules that lead to {', '.join(paths)} are asked when every row there can be read"
    return ""


def as_text(problems: Sequence[Problem]) -> str:
    """Return the problems as text for a person, two lines each, the sum last."""
    if not problems:
        return ""
    lines = [f"{p.place}: {p.sentence} [{p.rule}]\n    fix: {p.fix}" for p in problems]
    rows = {(p.path, p.line) for p in problems if p.line}
    sums = [count(len(problems), "problem"), count(len(rows), "row")]
    files = count(len({p.path for p in problems}), "file")
    skipped = [said] if (said := unasked(problems)) else []
    return "\n".join([*lines, f"{' in '.join(sums)} of {files}", *skipped]) + "\n"


def count(number: int, noun: str) -> str:
    """Return a number with its noun: `1 row`, `2 rows`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def as_json(problems: Sequence[Problem]) -> str:
    """Return `{"holds": …, "problems": […]}` for programs, with `unasked` where not all was looked at."""
    report = {"holds": not problems, "problems": [asdict(p) for p in problems]}
    if said := unasked(problems):
        report["unasked"] = said
    return json.dumps(report, indent=2, ensure_ascii=False) + "\n"


def as_github(problems: Sequence[Problem]) -> str:
    """Return one workflow command a problem, which GitHub shows beside the line."""
    notice = f"::notice::{_data(said)}\n" if (said := unasked(problems)) else ""
    lines = (
        f"::error file={_value(p.path)},line={max(p.line, 1)},title={_value(p.rule)}::"
        f"{_data(f'{p.field}: {p.sentence}; fix: {p.fix}')}\n"
        for p in problems
    )
    return "".join(lines) + notice


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _value(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


FORMATS = {"text": as_text, "json": as_json, "github": as_github}
