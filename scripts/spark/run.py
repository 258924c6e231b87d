"""Validation and all views on Apache Spark, from the same rules and the same SQL as in DuckDB.

Tables and problems are written as Parquet on the way: that keeps each plan small (Spark plans a union of
derived frames in more than linear time) and reads the source once.
"""

import csv
import io
import os
import shutil
import sys
import tempfile
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

import pyarrow as pa
from pyspark.errors import PySparkRuntimeError
from pyspark.sql import DataFrame, SparkSession

from scripts.database import views
from scripts.datapackage.errors import UsageError
from scripts.datapackage.package import ROOT, Table
from scripts.spark import frames, stages, translate
from scripts.spark.frames import below
from scripts.spark.stages import COLUMNS, Tables
from scripts.validation import accepted_problems, row_rules, table_checks

ARCHIVE = "figures"  # the name of this package on the executors
WORK = "_work"  # in the folder of the results, while they are made
SETTINGS = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.cteRecursionRowLimit": "-1",
    "spark.sql.cteRecursionLevelLimit": "-1",
    # It would ask every condition on a cell a second and a third time.
    "spark.sql.optimizer.excludedRules": "org.apache.spark.sql.catalyst.optimizer.InferFiltersFromGenerate",
    "spark.sql.execution.arrow.maxRecordsPerBatch": str(row_rules.BATCH),
    "spark.log.level": "ERROR",
}
LOCAL = {
    "spark.ui.enabled": "false", "spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1",
    "spark.sql.shuffle.partitions": "2", "spark.default.parallelism": "2", "spark.sql.adaptive.enabled": "false",
}  # fmt: skip


@dataclass(frozen=True)
class Found:
    """How many problems there are of each rule in each table, and the views that were written."""

    problems: Sequence[tuple[str, str, int]]
    views: Sequence[str]


@contextmanager
def session(master: str, settings: Mapping[str, str]) -> Iterator[SparkSession]:
    """Give a session on a cluster, or on this machine with `local[N]`, and stop it; one that runs already goes on."""
    local = master.startswith("local")
    unused = {"spark.sql.warehouse.dir": f"{tempfile.gettempdir()}/spark-warehouse"}  # else made where the call is made
    if local:
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master(master).appName("reported figures")
    for setting, value in {**SETTINGS, **(LOCAL | unused if local else {}), **settings}.items():
        builder = builder.config(setting, value)
    running = SparkSession.getActiveSession()
    try:
        spark = builder.getOrCreate()
    except PySparkRuntimeError as error:
        raise UsageError(f"Java did not start: {error.getCondition()}; Spark needs Java 17 or newer") from None
    try:
        yield spark
    finally:
        if running is None:
            spark.stop()


def run(spark: SparkSession, folder: str, out: str) -> Found:
    """Write the problems and the views of a package as Parquet, one folder each.

    Raises `UsageError` where there is nothing to read, or `out` is there already.
    """
    if frames.exists(spark, out):
        raise UsageError(f"{out} is there already; name a folder that is not")
    work = below(out, WORK)
    found = frames.tables(spark, folder)
    tables = {table: one for table, (one, _) in found.items()}
    texts = [(one, frames.text(spark, one, path)) for one, path in found.values()]
    try:
        for one, rows_of in texts:
            text = _kept(spark, rows_of, below(work, f"text/{one.name}"))
            text.createOrReplaceTempView(f"{one.name}_text")
            typed = frames.typed(text.where(f"{frames.MALFORMED} is null"), one)
            typed.createOrReplaceTempView(one.name)
        problems = _problems(spark, tables, work)
        _accepted(spark, folder, problems, tables).write.parquet(below(out, "problems"))
        written = list(_views(spark, tables, out))
    finally:
        frames.delete(spark, work)
    counted = spark.read.parquet(frames.plain(below(out, "problems"))).groupBy("resource", "rule").count().collect()
    return Found(sorted((row["resource"], row["rule"], row["count"]) for row in counted), written)


def _kept(spark: SparkSession, frame: DataFrame, path: str) -> DataFrame:
    """Write a frame and return what was written, whose plan is a scan."""
    frame.write.parquet(path)
    return spark.read.schema(frame.schema).parquet(frames.plain(path))


def _problems(spark: SparkSession, tables: Tables, work: str) -> DataFrame:
    spark.udf.register("nfc_normalize", lambda text: text and unicodedata.normalize("NFC", text))
    lost = {name for name in tables if not spark.sql(stages.lost_rows(name)).isEmpty()}
    cells = _kept(spark, spark.sql(stages.of_tables(tables, lost)), below(work, "cells"))
    cells.select("resource", "_line").distinct().createOrReplaceTempView("broken")
    with tempfile.TemporaryDirectory() as scratch:
        spark.sparkContext.addArchive(f"{_packed(Path(scratch))}#{ARCHIVE}")
        of_rows = [_row_rules(spark, one) for one in tables.values() if one.name in row_rules.rules()]
        between = spark.sql(stages.between_tables(tables, lost)).select(*COLUMNS)
        found = reduce(DataFrame.unionByName, of_rows, between.unionByName(cells.select(*COLUMNS)))
        return _kept(spark, found, below(work, "problems"))


def _packed(scratch: Path) -> Path:
    """Pack the code that runs on the executors, and the tables that it reads, into a zip."""
    for part in ("schemas", "scripts"):
        shutil.copytree(ROOT / part, scratch / "code" / part, ignore=shutil.ignore_patterns("__pycache__"))
    return Path(shutil.make_archive(str(scratch / ARCHIVE), "zip", scratch / "code"))


def _row_rules(spark: SparkSession, table: Table) -> DataFrame:
    """Return the problems of the stage rows in a table, but for broken rows: their cells do not hold."""
    asked = spark.sql(
        f"select * from {table.name} left anti join "
        f"(select _line from broken where resource = '{table.name}') as skipped using (_line)"
    )
    breaches = asked.mapInArrow(_on_executors(table.name, table.primary_key), "key string, field string, rule string")
    return breaches.selectExpr(f"'{table.name}' as resource", "key", "field", "rule")


def _on_executors(table: str, key: tuple[str, ...]) -> Callable[..., Iterator[pa.RecordBatch]]:
    """Return a function of batches that finds this package in the archive sent along, wherever it runs."""
    archive = ARCHIVE

    def breaches(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import sys

        from pyspark import SparkFiles

        if (place := SparkFiles.get(archive)) not in sys.path:
            sys.path.insert(0, place)
        from scripts.spark import row_rules

        yield from row_rules.breaches(table, key, batches)

    return breaches


def _accepted(spark: SparkSession, folder: str, found: DataFrame, tables: Tables) -> DataFrame:
    """Return the problems that no exception accepts and, where no row is broken, exceptions that accept none."""
    path = below(folder, accepted_problems.PATH)
    if not frames.exists(spark, path):
        return found
    lines = [tuple(line.values()) for line in csv.DictReader(io.StringIO(frames.content(spark, path)))]
    spark.createDataFrame(lines, "rule string, resource string, key string, reason string").createOrReplaceTempView(
        "accepted"
    )
    found.createOrReplaceTempView("found")
    of_rows = {rule.name for table, its in row_rules.rules().items() if table in tables for rule in its}
    between = {check.name for check in table_checks.checks() if translate.tables(check.sql) <= tables.keys()}
    whole = spark.sql("select 1 from broken limit 1").isEmpty()
    asked = ", ".join(f"'{rule}'" for rule in sorted(of_rows | between if whole else {""}))
    return spark.sql(f"""
        select resource, key, field, rule from found left anti join accepted using (rule, resource, key)
        union all select 'exceptions', key, 'key', 'exception-not-needed'
        from (select * from accepted left anti join found using (rule, resource, key)) where rule in ({asked})
        union all select 'exceptions', key, 'reason', 'exception-without-reason' from accepted where reason = ''
    """)


def _views(spark: SparkSession, tables: Tables, out: str) -> Iterator[str]:
    """Write each view and yield its name; those that stand on it read what was written.

    A view of tables that are not there is left out.
    """
    there = set(tables)
    for view in views.views():
        if translate.tables(view.sql) <= there:
            for name, query in translate.steps(view.name, view.sql):
                path = below(out, name if name == view.name else f"{WORK}/{name}")
                _kept(spark, spark.sql(query), path).createOrReplaceTempView(name)
            there.add(view.name)
            yield view.name
