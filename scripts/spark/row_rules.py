"""The row rules over Arrow batches: what runs on the executors, where there is no Spark session."""

from collections.abc import Iterator

import pandera.polars as pa
import polars as pl
import pyarrow

from scripts.validation.row_rules import breaches as of_frame
from scripts.validation.row_rules import rules


def breaches(table: str, key: tuple[str, ...], batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
    """Yield key, field and rule of every row of a table that breaks a rule. Raises `RuleFault`."""
    by_name = {rule.name: rule for rule in rules()[table]}
    schema = pa.DataFrameSchema(checks=[rule.check() for rule in by_name.values()])
    for batch in batches:
        rows = pl.DataFrame(pl.from_arrow(batch))
        for name, broken in of_frame(schema, rows):
            keys = broken.select(pl.concat_str(key, separator="/")).to_series().to_list()
            columns = [keys, [by_name[name].field] * len(keys), [name] * len(keys)]
            yield pyarrow.RecordBatch.from_arrays(
                [pyarrow.array(column, pyarrow.string()) for column in columns], ["key", "field", "rule"]
            )
