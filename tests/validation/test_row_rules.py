"""Each rule for rows refuses the smallest row that breaks it, and every rule says what it is for."""

import datetime as dt
from itertools import product

import pandera.polars as pa
import polars as pl
import pytest

from schemas.rows.claims import numbers_fit_qualifier
from schemas.rule import Rule
from schemas.wording.rules import FILLED
from scripts.database import connection
from scripts.datapackage.package import ROOT, Package, read
from scripts.validation import row_rules

PACKAGE = read(ROOT)
RULES = [(table, rule) for table, rules in row_rules.rules().items() for rule in rules]
NAMED = pytest.mark.parametrize(("table", "rule"), RULES, ids=[f"{table}-{rule.name}" for table, rule in RULES])
CHANGE = {
    "_line": 2,
    "version": "1.0.0",
    "resource": "claims",
    "key": "x-1",
    "field": "value",
    "change": "corrected",
    "old": "3000",
    "new": "300",
    "reason": "coder_error",
    "note": None,
}


def right_rows(package: Package, table: str) -> pl.DataFrame:
    """Return the shipped rows of a table, typed; of the ledger a row that is as it should be."""
    if table == "changes":
        return pl.DataFrame([CHANGE], schema_overrides={"note": pl.String})
    con = connection.connect()
    connection.load(con, package)
    connection.typed(con, package, lines=True)
    return pl.DataFrame(con.sql(f"select * from {table}").pl())


def broken_row(right: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    columns = [
        pl.lit(
            dt.date.fromisoformat(str(cell)) if right.schema[name] == pl.Date and cell else cell, right.schema[name]
        ).alias(name)
        for name, cell in rule.breaks.items()
    ]
    return right.with_columns(columns)


@NAMED
def test_rule_refuses_its_broken_row(table: str, rule: Rule) -> None:
    right = right_rows(PACKAGE, table).head(1)
    schema = pa.DataFrameSchema(checks=[rule.check()])
    assert list(row_rules.breaches(schema, right)) == []
    [(name, refused)] = row_rules.breaches(schema, broken_row(right, rule))
    assert (name, len(refused)) == (rule.name, 1)


@NAMED
def test_rule_says_what_holds_and_what_to_do(table: str, rule: Rule) -> None:
    assert (rule.holds.__doc__ or "").startswith("Hold where ")
    assert rule.breaks
    assert rule.wrong
    assert rule.fix
    assert rule.field in PACKAGE.tables[table].header
    for word in ("invalid", "failed", "error occurred"):
        assert word not in rule.wrong + rule.fix


@NAMED
def test_rule_leaves_blanks_in_optional_columns_alone(table: str, rule: Rule) -> None:
    blank = right_rows(PACKAGE, table).head(1)
    optional = [
        field.name
        for field in PACKAGE.tables[table].fields
        if not field.constraints.get("required")
        and field.name not in (*PACKAGE.tables[table].primary_key, *rule.breaks)
    ]
    blank = blank.with_columns(pl.lit(None, blank.schema[name]).alias(name) for name in optional)
    assert rule.holds(blank).null_count() == 0


@pytest.mark.parametrize("qualifier", FILLED)
def test_numbers_fit_qualifier_as_the_codebook_says(qualifier: str) -> None:
    for cells in product((None, 10), repeat=3):
        row = dict(zip(("value", "low", "high"), cells, strict=True))
        filled = {name for name, cell in row.items() if cell is not None}
        types = dict.fromkeys(row, pl.Int64)
        claims = pl.DataFrame(
            {"qualifier": [qualifier], **{name: [cell] for name, cell in row.items()}}, schema_overrides=types
        )
        assert numbers_fit_qualifier(claims).to_list() == [filled == set(FILLED[qualifier])]


def test_rule_that_raises_is_a_fault_of_ours() -> None:
    def raises(claims: pl.DataFrame) -> pl.Series:
        raise KeyError("no such column")

    schema = pa.DataFrameSchema(checks=[Rule(raises, "value", "", "", {}).check()])
    with pytest.raises(row_rules.RuleFault, match="raises"):
        list(row_rules.breaches(schema, pl.DataFrame({"value": [1]})))


def test_rules_are_asked_of_every_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_rules, "BATCH", 2048)
    con = connection.connect()
    con.execute(
        "create table claims as select range + 2 as _line, 'x-' || range as claim_id, 'x' as document_id, "
        "12::bigint as low, 10::bigint as high, null::bigint as value, 'range' as qualifier, '10 to 12' as wording, "
        "null::date as about_from, null::date as about_to, 'killed' as metric_id, 'troops' as population_id, "
        "'asserted' as modality, null as note from range(10000)"
    )
    table = PACKAGE.tables["claims"]
    package = Package(ROOT, {}, {"claims": table})
    found = [
        problem
        for problem in row_rules.problems(con, package, set(), remembered=False)
        if problem.rule == "low-below-high"
    ]
    assert [problem.line for problem in found] == list(range(2, 10002))
