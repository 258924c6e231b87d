"""What reading a table line by line finds: rows, and problems in bounded number."""

from dataclasses import dataclass, field, replace
from typing import NoReturn

from scripts.database import encodings, header, problem_limit
from scripts.datapackage import canonical_csv
from scripts.datapackage.package import Table
from scripts.datapackage.problems import REWRITE, Problem, count

UTF8 = "save the file as UTF-8"
Said = tuple[str, str, str]  # rule, message, fix
SAMPLE = 200  # lines that are not UTF-8 by which their encoding is told


class Hopeless(Exception):
    """So many lines hold no row that the file is not read further; the problem says so."""

    def __init__(self, problem: Problem) -> None:
        """Take what to say of the file."""
        super().__init__(problem.message)
        self.problem = problem


@dataclass
class Scan:
    """What reading a table line by line found: rows that can be read, with their lines.

    The first problems of a rule are kept, the rest are counted.
    """

    table: Table
    fault: Problem | None = None  # why no row can be read before the table is rewritten
    lines: list[int] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    readable: bool = True
    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    sample: list[bytes] = field(default_factory=list)  # lines that are not UTF-8
    utf8: bool = False  # whether a line holds what is UTF-8 and not ASCII
    lost: int = 0  # lines that hold no row
    open_end: int = 0  # the last line, where it has no line feed
    header: list[str] = field(default_factory=list)  # of the file
    again: bytes = b""  # the same as a line
    places: list[int] = field(default_factory=list)  # of the columns of the schema in it
    spare: list[int] = field(default_factory=list)  # places without a name

    @property
    def fixable(self) -> bool:
        """Whether the canonical form cures all that was found."""
        return self.readable and all(problem.fix.startswith(REWRITE) for problem in self.problems)

    def take_header(self, cells: list[str]) -> None:
        """Take the header of the file; `whole_table.fault` has looked at it."""
        self.header, self.again = cells, canonical_csv.line(cells).removesuffix("\n").encode()
        self.places = header.columns(self.table, cells)
        self.spare = [place for place, name in enumerate(cells) if not name.strip()]

    def say(self, line: int, rule: str, message: str, fix: str) -> None:
        """Record a problem of this table, or count it."""
        self.count((rule, message, fix), 1)
        if self.counts[rule, fix] <= problem_limit.MOST:
            self.problems.append(Problem(self.table.path, line, "", "", rule, message, fix))

    def count(self, said: Said, times: int) -> None:
        """Count problems that are not recorded."""
        rule, _, fix = said
        self.counts[rule, fix] = self.counts.get((rule, fix), 0) + times

    def lose(self, line: int, rule: str, message: str, fix: str) -> None:
        """Record why a line yields no row. Raises `Hopeless` when a quarter of the lines is so."""
        if line == self.open_end:
            fix = "take the file from where it came, or complete the row"
            self.say(line, "cut", f"the file ends in the middle of a row: {message}", fix)
            self.open_end = 0
        else:
            self.say(line, rule, message, fix)
        self.lost += 1
        if self.lost > problem_limit.MOST and self.lost * 4 > line:
            self._give_up(line)

    def lose_bytes(self, number: int, line: bytes, error: UnicodeDecodeError) -> None:
        """Record a line that is not UTF-8. Raises `Hopeless` when a quarter of the lines holds no row."""
        if len(self.sample) < SAMPLE:
            self.sample.append(line)
        self.lose(number, "encoding", f"byte {error.start + 1} of the line is not UTF-8", UTF8)

    def _give_up(self, line: int) -> NoReturn:
        first = self._encoding(min(problem for problem in self.problems if problem.loses))
        message = f"{self.lost:,} of the first {count(line, 'line')} hold no row; in this one, {first.message}"
        raise Hopeless(replace(first, rule="unreadable", message=message))

    def _encoding(self, problem: Problem) -> Problem:
        """Return a problem with what the lines that are not UTF-8 are instead, where that is sure."""
        name = encodings.likely(b"\n".join(self.sample)) if problem.fix == UTF8 and not self.utf8 else ""
        if not name:
            return problem
        fix = f"{UTF8}, as by `iconv -f {name} -t UTF-8`"
        return replace(problem, message=f"the file looks like {name}: {problem.message}", fix=fix)

    def end(self, lines: int) -> None:
        """Sum up what was found in a file of so many lines: what has one cause is one problem."""
        if self.open_end:
            self.say(self.open_end, "line-ending", "the last line has no line feed", REWRITE)
        not_utf8 = [problem for problem in self.problems if problem.fix == UTF8]
        if not_utf8 and not self.utf8:
            once = self._encoding(problem_limit.once(min(not_utf8), self.counts.pop(("encoding", UTF8))))
            self.problems = [*(problem for problem in self.problems if problem.fix != UTF8), once]
            self.counts[once.rule, once.fix] = 1
        self.problems = problem_limit.gathered(self.table, self.problems, self.counts, lines - 1)
