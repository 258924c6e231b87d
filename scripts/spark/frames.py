"""The tables of a package as Spark reads them: CSV or Parquet, from any path that it reads.

A folder with a datapackage.json has its tables where that says; one without has them as
TABLE.parquet (a file or a folder of files) under the schemas of this repository.
"""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as f

from scripts.database import views
from scripts.database.connection import name
from scripts.datapackage import cell_forms
from scripts.datapackage.errors import UsageError
from scripts.datapackage.package import DESCRIPTOR, ROOT, Field, Json, Table, read, table
from scripts.spark import translate
from scripts.validation import constraints

MALFORMED = "_malformed"  # a line of CSV that has not the cells of the header
CSV = {
    "header": True, "enforceSchema": True, "quote": '"', "escape": '"', "nullValue": "", "lineSep": "\n",
    "mode": "PERMISSIVE", "columnNameOfCorruptRecord": MALFORMED, "columnPruning": False,
}  # fmt: skip


def tables(spark: SparkSession, folder: str) -> dict[str, tuple[Table, str]]:
    """Return the tables of a folder and their paths, by name. Raises `UsageError` where it holds none."""
    found = {one.name: (one, path) for one, path in _tables(spark, folder)}
    if not found:
        raise UsageError(
            f"there is neither a {DESCRIPTOR} nor a TABLE.parquet in {folder}; name the folder of a package"
        )
    return found


def _tables(spark: SparkSession, folder: str) -> Iterator[tuple[Table, str]]:
    if exists(spark, path := below(folder, DESCRIPTOR)):
        made = {view.name for view in views.views()}
        try:
            for resource in json.loads(content(spark, path))["resources"]:
                one = table(resource, _schema(spark, folder, resource))
                if one.name not in made:
                    yield one, below(folder, one.path)
        except (KeyError, TypeError, json.JSONDecodeError) as error:
            raise UsageError(f"{path}: {error!r}; `validate` says what it lacks") from None
        return
    for one in read(ROOT).tables.values():
        if exists(spark, path := below(folder, f"{one.name}.parquet")):
            yield one, path


def _schema(spark: SparkSession, folder: str, resource: Json) -> Json:
    schema = resource["schema"]
    return schema if isinstance(schema, dict) else dict(json.loads(content(spark, below(folder, schema))))


def below(folder: str, path: str) -> str:
    """Return the path of what stands in a folder, on this machine or elsewhere."""
    return f"{folder.rstrip('/')}/{path}"


def plain(path: str) -> str:
    """Return the path of one file or folder, as the readers of Spark take it, which read patterns."""
    return re.sub(r"[\\{}\[\]*?]", r"\\\g<0>", path)


def exists(spark: SparkSession, path: str) -> bool:
    """Return whether a file or folder is there, in any file system that Spark knows."""
    place, system = _hadoop(spark, path)
    return bool(system.exists(place))


def delete(spark: SparkSession, path: str) -> None:
    """Delete a folder and all in it, if it is there."""
    place, system = _hadoop(spark, path)
    system.delete(place, True)


def _hadoop(spark: SparkSession, path: str):  # type: ignore[no-untyped-def]  # noqa: ANN202  (objects of Java)
    place = spark.sparkContext._jvm.org.apache.hadoop.fs.Path(path)
    return place, place.getFileSystem(spark.sparkContext._jsc.hadoopConfiguration())


def content(spark: SparkSession, path: str) -> str:
    """Return the text of a small file."""
    return "".join(row[0] for row in spark.read.text(plain(path), wholetext=True).collect())


def text(spark: SparkSession, one: Table, path: str) -> DataFrame:
    """Return the cells of a table as text, blank = NULL, a malformed line whole, and `_line`, which numbers the rows.

    The numbers are in the order of the file, as far as it is one, with gaps. Raises `UsageError`
    where the table is not there or has other columns than its schema.
    """
    if not exists(spark, path):
        raise UsageError(f"there is no {path}")
    if PurePosixPath(path).suffix == ".csv":
        head = spark.read.text(plain(path), lineSep="\n").first()
        _hold(one, next(csv.reader([head[0] if head else ""])), path)
        schema = ", ".join(f"`{column}` string" for column in [*one.header, MALFORMED])
        rows = spark.read.options(**CSV).csv(plain(path), schema=schema)
        cells, malformed = [f.col(column) for column in one.header], f.col(MALFORMED)
    else:
        rows = spark.read.parquet(plain(path))
        _hold(one, rows.columns, path)
        cells = [_text(f.col(column), kind) for column, kind in rows.dtypes]
        malformed = f.lit(None).cast("string").alias(MALFORMED)
    filled = [f.when(cell != "", cell).alias(column) for cell, column in zip(cells, one.header, strict=True)]
    return rows.select(f.monotonically_increasing_id().alias("_line"), *filled, malformed)


def _hold(one: Table, there: list[str], path: str) -> None:
    if there != one.header:
        raise UsageError(f"{path} has the columns {','.join(there)}; its schema has {','.join(one.header)}")


def _text(cell: Column, kind: str) -> Column:
    """Return a cell of Parquet as canonical CSV writes it."""
    if kind in ("double", "float"):
        digits = cell.cast("decimal(38,18)").cast("string")
        return f.coalesce(f.regexp_replace(digits, "[.]?0+$", ""), cell.cast("string"))
    return cell.cast("string")


def typed(rows: DataFrame, one: Table) -> DataFrame:
    """Return rows of text in their types; a cell that is not written in the form of its type is NULL."""
    return rows.selectExpr("_line", *map(_typed, one.fields))


def _typed(field: Field) -> str:
    if field.type == "string":
        return f"`{field.name}`"
    form = f"regexp_matches({name(field.name)}, '^(?:{cell_forms.FORMS[field.type]})\\z')"
    return f"{translate.condition(f'case when {form} then {constraints.typed(field)} end')} as `{field.name}`"
