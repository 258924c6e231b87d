"""A rule for the rows of one table, and its adaptor to pandera's polars backend."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    import pandera.polars as pa
    from pandera.api.polars.types import PolarsData

Cell = str | int | float | None


@dataclass(frozen=True)
class Rule:
    """A function of a table that holds or does not, row by row.

    `wrong` says what is wrong where it does not hold, `fix` what to do, `field` at which
    column to look. `breaks` is the smallest change to a right row that the rule refuses.
    A rule that names the columns that it `reads` sees no others; one that is asked `once` sees
    each combination of their cells once, however many rows have it. `said` tells, of the cells that it reads, what it
    read in them.
    """

    holds: Callable[[pl.DataFrame], pl.Series]
    field: str
    wrong: str
    fix: str
    breaks: Mapping[str, Cell]
    reads: tuple[str, ...] = ()
    once: bool = False
    said: Callable[..., str] | None = None

    @property
    def name(self) -> str:
        """The name of the function, in words joined by `-`."""
        return self.holds.__name__.replace("_", "-")

    def check(self) -> "pa.Check":
        """Return the rule as a check of pandera, which hands over and takes back lazy frames."""
        import pandera.polars as pa  # half a second, which whoever asks no rule does without

        def check_output(data: "PolarsData") -> pl.LazyFrame:
            holds = self.holds(data.lazyframe.collect())
            return holds.alias("check_output").to_frame().lazy()

        return pa.Check(check_output, name=self.name)
