"""What ends a command early: each error says in its message what to do; `main` prints it."""

from scripts.datapackage.problems import Problem


class UsageError(Exception):
    """The call asks for what cannot be done; the message says what to do instead."""


class Found(Exception):
    """The package cannot be opened; `problems` say why."""

    def __init__(self, problems: list[Problem]) -> None:
        """Take the problems."""
        super().__init__(problems)
        self.problems = problems


class Locked(Exception):
    """Another command is writing in this folder."""


class NotWritten(Exception):
    """The disk is full, or the folder may not be written; the message says where, and what stands."""
