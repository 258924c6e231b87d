"""A package of many claims and fifty versions, each of which corrects one row in fifty; and what its history costs.

python -m bench.history /tmp/large 1000000           writes the package and measures
python -m bench.history /tmp/large 1000000 --only    measures what is there
"""

import argparse
import hashlib
import json
import resource
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path

import duckdb

from scripts.database import connection, views
from scripts.database.connection import file, literal
from scripts.datapackage import canonical_csv
from scripts.datapackage.package import ROOT, Package, read
from scripts.history import as_of, claims_history, diff, ledger
from scripts.validation import last_release

VERSIONS = 50
PLAIN = "header true, quote '', escape ''"  # no cell needs quotes, so this is the canonical form
STEP = "case hash(number, version) % 3 when 0 then 'value' when 1 then 'low' else 'high' end"
CLAIMS = """
create table claims as select
  'press-' || lpad(number::varchar, 9, '0') || '-1' as claim_id,
  'press-' || lpad((number // 3)::varchar, 9, '0') as document_id, 'speaker-' || (number // 7) as statement_id,
  case when number % 9 = 0 then 'relay-' || number % 300 end as credited_to,
  'metric-' || number % 50 as metric_id, 'troops' as population_id, 'place-' || number % 20 as place_id,
  'asserted' as modality, 'total' as extent, null as about_from, date '2024-10-01' + (number % 600)::int as about_to,
  number * 100 + coalesce(last_value, 1) as value, number * 100 + coalesce(last_low, 1) as low,
  number * 100 + coalesce(last_high, 1) as high, 'range' as qualifier, 'about ' || hash(number) % 100000 as wording,
  null as hedge_id, null as note
from range(?) as given (number) left join (
  select number, max(version) filter (field = 'value') as last_value, max(version) filter (field = 'low') as last_low,
         max(version) filter (field = 'high') as last_high
  from steps group by number) as last using (number)
order by claim_id
"""


def write(root: Path, rows: int) -> None:
    """Write the package into an empty folder."""
    tables = ("claims", *ledger.UNRECORDED)
    names = [f"1.{number}.0" for number in range(VERSIONS)]
    (root / "data").mkdir(parents=True)
    for folder in [root, *(root / "releases" / version for version in names)]:
        (folder / "schemas/tables").mkdir(parents=True)
        for name in tables:
            schema = json.loads((ROOT / f"schemas/tables/{name}.json").read_text("utf-8"))
            (folder / f"schemas/tables/{name}.json").write_text(json.dumps({**schema, "foreignKeys": []}), "utf-8")
        descriptor = {**json.loads((ROOT / "datapackage.json").read_text("utf-8")), "version": names[-1]}
        descriptor["resources"] = [one for one in descriptor["resources"] if one["name"] in tables]
        (folder / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")
    lines = [canonical_csv.line([version, "2026-01-01", "A summary."]) for version in names]
    (root / "data/releases.csv").write_text("version,released_on,summary\n" + "".join(lines), "utf-8")
    _tables(root, rows)
    sums = "".join(f"{_digest(root / f'data/{name}.csv')}  data/{name}.csv\n" for name in sorted(tables))
    (root / f"releases/{names[-1]}/SHA256SUMS").write_text(sums, "utf-8")


def _tables(root: Path, rows: int) -> None:
    con = duckdb.connect(str(root / "made.duckdb"))
    con.execute(
        f"create table steps as select number, version, {STEP} as field "
        f"from range({rows}) as given (number), range(2, {VERSIONS + 1}) as versions (version) "
        f"where hash(number, version) % {VERSIONS} = 0"
    )
    con.execute(CLAIMS, [rows])
    before = "lag(version, 1, 1) over (partition by number, field order by version)"
    key = "'press-' || lpad(number::varchar, 9, '0') || '-1'"
    at_first = [
        f"{column} // 100 * 100 + 1" if column in ("value", "low", "high") else column for column in _header(con)
    ]
    line = " || ',' || ".join(f"coalesce(({cell})::varchar, '')" for cell in at_first)
    row_hash = f"substr(sha256({line} || chr(10)), 1, 16)"
    changes = (
        f"select '1.' || (version - 1) || '.0' as version, 'claims' as resource, {key} as key, field, "
        f"'corrected' as change, (number * 100 + {before})::varchar as old, (number * 100 + version)::varchar as new, "
        "'coder_error' as reason, null as note from steps "
        f"union all select '1.0.0', 'claims', claim_id, '*', 'added', null, {row_hash}, null, null "
        "from claims order by all"
    )
    for name, query in {"claims": "from claims order by claim_id", "changes": changes}.items():
        con.execute(f"copy ({query}) to {literal(str(root / f'data/{name}.csv'))} ({PLAIN})")
    con.close()
    (root / "made.duckdb").unlink()


def _header(con: duckdb.DuckDBPyConnection) -> list[str]:
    return [row[0] for row in con.execute("describe claims").fetchall()]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def measure(root: Path) -> None:
    """Print what each step costs: with 1 GiB for DuckDB up to `diff`, in a DuckDB file from `history` on."""
    package, con = read(root), connection.connect()
    con.execute("set enable_progress_bar = false")
    con.execute("set memory_limit = '1GiB'")
    con.execute(f"set temp_directory = {literal(str(root / 'spilt'))}")
    timed("load", partial(connection.load, con, package))
    timed("held against the last release", partial(last_release.problems, package, con))
    table = package.tables[claims_history.OF]
    order = as_of.places(package, table)
    for place in (order[0], order[VERSIONS // 2], order[-2]):
        rows = as_of.text(con, table, order, place, table.primary_key)
        timed(f"rows as {place.version} had them", partial(deque, rows, 0))
    lines = partial(diff.between, con, package, order[-3].version, order[-2].version)
    timed("diff of the last two", lambda: deque(lines(), 0))
    con.close()
    with connection.connect() as file:
        file.execute("set enable_progress_bar = false")
        file.execute(f"attach {literal(str(root / 'kept.duckdb'))} as kept")
        file.execute("use kept.main")
        _history(file, package, root)


def _history(con: duckdb.DuckDBPyConnection, package: Package, root: Path) -> None:
    for name, table in package.tables.items():
        columns = ", ".join(connection.cast(field.name, field.type) for field in table.fields)
        text = f"read_csv({file(root / table.path)}, all_varchar = true)"
        con.execute(f"create or replace table {name} as select {columns} from {text}")
    sql = claims_history.sql(con, package)
    timed("history", partial(con.execute, f"create or replace table {claims_history.NAME} as {sql}"))
    for statement in views.statements(next(macro for macro in views.macros() if macro.name == "claims_at")):
        con.execute(statement)
    con.execute("checkpoint")
    con.execute("create or replace table copy as from claims_at('1.24.0')")
    con.execute("checkpoint")
    every = "select " + ", ".join(f"max({field.name})" for field in package.tables[claims_history.OF].fields)
    asked = {"scan of a full copy": "copy"}
    asked |= {f"claims_at {version}": f"claims_at('{version}')" for version in ("1.0.0", "1.24.0", "1.49.0")}
    for what, relation in [*asked.items()] * 3:
        timed(what, partial(con.execute, f"{every} from {relation}"))
        con.fetchall()
    for name in ("copy", claims_history.NAME):
        path = root / f"{name}.parquet"
        con.execute(f"copy {name} to {literal(str(path))} (format parquet, compression zstd)")
        [(rows,)] = con.execute(f"select count(*) from {name}").fetchall()
        print(f"{name}: {rows:,} rows, {path.stat().st_size:,} bytes of Parquet")


def timed(what: str, act: Callable[[], object]) -> None:
    """Print what an act took, and the most memory that the process has had so far."""
    started, used = time.perf_counter(), time.process_time()
    act()
    wall, cpu = time.perf_counter() - started, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{what}: {wall:.2f} s wall, {cpu:.2f} s CPU, {peak} MiB", flush=True)


def main() -> None:
    """Write and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("rows", type=int)
    parser.add_argument("--only", action="store_true", help="measure what is there")
    arguments = parser.parse_args()
    if not arguments.only:
        write(arguments.folder, arguments.rows)
    measure(arguments.folder)


if __name__ == "__main__":
    main()
