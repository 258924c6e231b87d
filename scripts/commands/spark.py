"""Validate cells, rows and tables and make all views on Apache Spark, for a package too large for one machine.

python -m scripts spark . --master "local[2]" --out figures-on-spark
python -m scripts spark s3a://archive/package --master spark://host:7077 --out s3a://archive/out

Spark knows no lines: a problem has resource, key, field and rule. The bytes of the files and the ledger
are left to `validate`. DIR holds a datapackage.json, or tables as TABLE.parquet; DIR and --out may be any
path that Spark reads and writes.
"""

import argparse
import os
import shutil
from importlib.util import find_spec

from scripts.cli import PROBLEMS, VALID
from scripts.datapackage.errors import UsageError
from scripts.datapackage.problems import count


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("dir", metavar="DIR", help="folder of the package, or of TABLE.parquet")
    parser.add_argument("--master", default="local[*]", help="the cluster (default: the cores of this machine)")
    parser.add_argument("--out", required=True, metavar="OUT", help="a new folder: one of Parquet a view, and problems")
    parser.add_argument(
        "--conf", action="append", default=[], metavar="KEY=VALUE", help="a setting of Spark; may be given again"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print how many problems there are of each rule and where the rest was written."""
    settings = dict(_setting(text) for text in arguments.conf)
    _equipped()
    from scripts.spark import run

    with run.session(arguments.master, settings) as session:
        found = run.run(session, arguments.dir, arguments.out)
    for resource, rule, number in found.problems:
        print(f"{resource}: {count(number, 'problem')} [{rule}]")
    total = sum(number for _, _, number in found.problems)
    said = count(total, "problem") if total else "valid"
    print(f"{said}; problems and {count(len(found.views), 'view')} are in {arguments.out}")
    return PROBLEMS if total else VALID


def _setting(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f"`{text}` is no setting; write it as spark.executor.memory=8g")
    return key, value


def _equipped() -> None:
    """Raise `UsageError` with what to install where Spark or Java is not there."""
    if not find_spec("pyspark") or not find_spec("sqlglot"):
        raise UsageError(
            "Spark is not in this environment; run `make .venv-spark/lock`, then the same with .venv-spark/bin/python"
        )
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise UsageError("Spark needs Java 17 or newer: install it (on Debian and Ubuntu openjdk-17-jre-headless)")
