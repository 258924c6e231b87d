"""Views: documented as they are, of the grain that they name, portable, and right on small cases."""

import re
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from scripts import checks, database, portable, views
from scripts.package import ROOT, read

VIEWS = {view.name: view for view in [views.of_history(read(ROOT)), *views.views()]}
NAMED = pytest.mark.parametrize("name", VIEWS)
Con = duckdb.DuckDBPyConnection


@pytest.fixture(scope="module")
def con() -> Con:
    """The shipped package with its views."""
    return loaded(ROOT)


def loaded(root: Path) -> Con:
    con = database.connect()
    package = read(root)
    assert database.load(con, package) == []
    database.typed(con, package, lines=False)
    views.create(con, package)
    return con


def rows(con: Con, sql: str) -> list[tuple[Any, ...]]:
    return con.execute(sql).fetchall()


@NAMED
def test_header_names_the_columns_in_order(name: str, con: Con) -> None:
    assert [row[0] for row in rows(con, f"describe {name}")] == list(VIEWS[name].columns)
    assert all(VIEWS[name].columns.values())


@NAMED
def test_grain_is_one_row(name: str, con: Con) -> None:
    keys = [word for word in re.findall(r"\w+", VIEWS[name].grain.split("per ")[1]) if word in VIEWS[name].columns]
    assert keys
    assert rows(con, f"select count(*) from (select 1 from {name} group by {', '.join(keys)} having count(*) > 1)") == [
        (0,)
    ]
    assert rows(con, f"select count(*) > 0 from {name}") == [(True,)]


@pytest.mark.parametrize(
    "path", [*sorted(views.VIEWS.glob("*.sql")), *sorted(checks.CHECKS.glob("*.sql"))], ids=lambda path: path.stem
)
def test_sql_uses_portable_functions_alone(path: Path) -> None:
    parsed = sqlglot.parse_one(path.read_text("utf-8"), read="duckdb")
    portable.refuse(parsed, portable.FUNCTIONS)
    for column in parsed.find_all(exp.Alias):
        assert column.alias


def test_claims_wide_has_every_claim(con: Con) -> None:
    assert rows(con, "select count(*) from claims_wide") == rows(con, "select count(*) from claims")


def test_relays_are_told_in_order(con: Con) -> None:
    found = rows(con, "select distinct relays from claims_wide where document_id = 'menafn-20241223'")
    assert found == [("yonhap > kuna",)]


def test_point_is_the_value_else_the_middle_else_the_bound(con: Con) -> None:
    wrong = """
        select claim_id from claims_wide where point is distinct from
            case point_from when 'value' then value when 'middle' then (low + high) / 2
                            when 'low' then low when 'high' then high end
        or (point_from is null) <> (qualifier = 'vague')
        or (qualifier = 'range') <> coalesce(point_from = 'middle', false)
    """
    assert rows(con, wrong) == []


@pytest.mark.parametrize(
    "name", ["claims_by_date", "claims_by_source", "claims_by_source_and_date", "statement_figures"]
)
def test_counts_add_up_to_the_claims_compared(name: str, con: Con) -> None:
    comparable = """
        select count(*) filter (not outvoted) from claims join claim_readings using (claim_id)
        left join populations on populations.population_id = claims.population_id
        where modality = 'asserted' and extent = 'total' and not coalesce(mixed, false)
        and (value is not null or low is not null or high is not null)
    """
    assert rows(con, f"select sum(claims)::bigint from {name}") == rows(con, comparable)


def test_views_in_time_use_nearly_all_claims_compared(con: Con) -> None:
    """What is left out has no date at all, neither of saying nor of printing."""
    found = rows(con, "select sum(case when month is null then 0 else claims end) / sum(claims) from statement_figures")
    assert found[0][0] >= 0.9
    undated = """
        select * from claim_readings join documents using (document_id) join statements using (statement_id)
        where as_of is null and (published_on is not null or said_on is not null)
    """
    assert rows(con, undated) == []


def test_latest_is_the_last_day_and_never_undated(con: Con) -> None:
    later = """
        select * from latest_by_source as latest join statement_figures as other using (source_id, metric_id)
        where other.population_id is not distinct from latest.population_id
        and other.place_id is not distinct from latest.place_id
        and other.repeats is null and not other.disputed and other.as_of > latest.as_of
    """
    assert rows(con, later) == []
    assert rows(con, "select count(*) from latest_by_source where as_of is null") == [(0,)]


TINY = """
insert into sources values
    ('state', 'State', 'state', 'KR', null), ('service', 'Service', 'intelligence', 'KR', 'state'),
    ('other', 'Other', 'intelligence', 'UA', null), ('they', 'They', 'joint', null, null),
    ('paper', 'Paper', 'news', null, null);
insert into metrics values
    ('killed', 'killed', 'd', 'persons', null, true), ('present', 'present', 'd', 'persons', null, false);
insert into populations values ('troops', 'troops', 'd', null, false), ('mixed', 'mixed', 'd', null, true);
insert into documents
    select 'd' || n, 'paper', null, null, 'en', date '2025-01-20' - n::integer, 'day', 'page', 'full', null
    from range(1, 10) as numbers (n);
insert into statements values
    ('s1', 'service', '2025-01-13', 'day', null, null, null), ('s2', 'state', '2025-01-14', 'day', null, null, null),
    ('s3', 'other', '2025-01-01', 'month', null, null, null), ('s4', 'they', '2025-01-15', 'day', null, null, null),
    ('s5', 'service', null, null, null, null, null), ('s6', 'service', '2025-01-01', 'year', null, null, null);
"""


def tiny(claims: str) -> Con:
    """An empty package with a few speakers, statements s1 to s6 and documents d9 (first) to d1 (last)."""
    con = database.connect()
    package = read(ROOT)
    for table in package.tables.values():
        columns = ", ".join(f"{field.name} {database.TYPES[field.type]}" for field in table.fields)
        con.execute(f"create table main.{table.name} ({columns})")
    con.execute(TINY)
    con.execute(
        "insert into claims by name select row_number() over () || '' as claim_id, document_id, statement_id, "
        "metric_id, population_id, "
        f"value, low, high, modality, extent, about_to::date as about_to from (values {claims}) as given "
        "(document_id, statement_id, metric_id, population_id, value, low, high, modality, extent, about_to)"
    )
    views.create(con, package)
    return con


def total(document: str, statement: str, value: str, low: str = "null", high: str = "null", about: str = "null") -> str:
    return f"('{document}', '{statement}', 'killed', 'troops', {value}, {low}, {high}, 'asserted', 'total', {about})"


def test_figure_of_a_statement_is_the_one_that_most_documents_print() -> None:
    con = tiny(", ".join([total("d1", "s1", "300"), total("d2", "s1", "300"), total("d9", "s1", "3000")]))
    assert rows(con, "select value, claims, documents, reports_agree from statement_figures") == [(300, 3, 3, False)]


def test_then_the_one_with_the_fewest_relays_then_the_earliest() -> None:
    con = tiny(", ".join([total("d1", "s1", "300"), total("d9", "s1", "3000")]))
    assert rows(con, "select value from statement_figures") == [(3000,)]
    con.execute("insert into relays values ('d9', 's1', 'paper', 1)")
    assert rows(con, "select value from statement_figures") == [(300,)]


def test_what_is_no_asserted_total_is_left_out() -> None:
    con = tiny(
        "('d1', 's1', 'killed', 'troops', 1, null, null, 'expected', 'total', null),"
        "('d1', 's1', 'killed', 'troops', 1, null, null, 'asserted', 'part', null),"
        "('d1', 's1', 'killed', 'mixed', 1, null, null, 'asserted', 'total', null),"
        "('d1', 's1', 'killed', 'troops', null, null, null, 'asserted', 'total', null)"
    )
    assert rows(con, "from statement_figures") == []


def test_origins_leave_out_joint_speakers_and_a_state_beside_its_service() -> None:
    con = tiny(
        ", ".join(
            [total("d1", "s1", "300"), total("d2", "s2", "300"), total("d3", "s3", "400"), total("d4", "s4", "300")]
        )
    )
    assert rows(con, "select claims, statements, origins, lowest, median, highest from claims_by_date") == [
        (4, 4, 2, 300, 300.0, 400)
    ]


def test_month_that_is_not_known_is_blank_and_counts() -> None:
    con = tiny(", ".join([total("d1", "s1", "300"), total("d2", "s5", "400"), total("d3", "s6", "500")]))
    con.execute("update documents set published_on = null, published_on_precision = null")
    assert rows(con, "select month::varchar, claims from claims_by_date order by all") == [("2025-01-01", 1), (None, 2)]


def test_median_is_over_statements_not_reprints() -> None:
    many = ", ".join(total(f"d{number}", "s1", "300") for number in range(1, 9))
    con = tiny(f"{many}, {total('d1', 's3', '400')}")
    assert rows(con, "select claims, median from claims_by_date") == [(9, 350.0)]


def test_latest_goes_by_the_time_spoken_of() -> None:
    con = tiny(", ".join([total("d1", "s1", "300"), total("d3", "s6", "500", about="'2024-06-01'")]))
    assert rows(con, "select statement_id, value from latest_by_source") == [("s1", 300)]


def test_many_reprints_are_one_origin_and_one_that_credits_nobody_is_none() -> None:
    many = ", ".join(total(f"d{number}", "s1", "300") for number in range(1, 8))
    con = tiny(f"{many}, {total('d8', 's2', 'null', low='300')}")
    sql = "select documents, statements, origins, sources, documents_of_unknown_lineage from origins"
    assert rows(con, sql) == [(8, 2, 1, "service, state", 0)]
    con.execute("insert into sources values ('nobody', 'nobody', 'nobody', null, null)")
    con.execute("insert into statements values ('n1', 'nobody', null, null, null, null, null)")
    con.execute(
        "insert into claims by name select 'n' as claim_id, 'd9' as document_id, 'n1' as statement_id, "
        "'killed' as metric_id, 'troops' as population_id, 300 as value, 'asserted' as modality, 'total' as extent"
    )
    assert rows(con, sql) == [(9, 2, 1, "service, state", 1)]


def test_who_computes_a_figure_is_no_origin_of_it() -> None:
    con = tiny(", ".join([total("d1", "s1", "300"), total("d2", "s3", "300")]))
    assert rows(con, "select origins from origins") == [(2,)]
    con.execute("update statements set derived_from = 's1' where statement_id = 's3'")
    assert rows(con, "select origins, speakers from origins") == [(1, "service")]


def drifts(con: Con) -> list[tuple[Any, ...]]:
    return rows(con, "select drift, figure, readings from relay_drift order by all")


def test_number_that_drifts_is_told_and_gone_when_it_is_taken_out() -> None:
    con = tiny(", ".join([total("d1", "s1", "15000"), total("d2", "s1", "15000"), total("d3", "s1", "18000")]))
    assert drifts(con) == [("number", None, "15000 (2), 18000 (1)")]
    con.execute("delete from claims where value = 18000")
    assert drifts(con) == []


def test_category_that_drifts_is_told_but_not_two_in_one_document() -> None:
    asserted = "'troops', 350, null, null, 'asserted', 'total', null"
    con = tiny(
        f"('d1', 's1', 'killed', {asserted}), ('d1', 's1', 'present', {asserted}), ('d2', 's1', 'killed', {asserted})"
    )
    assert drifts(con) == []
    con.execute("delete from claims where document_id = 'd1' and metric_id = 'killed'")
    assert drifts(con) == [("category", "350", "killed (1), present (1)")]


def test_modality_qualifier_and_speaker_that_drift_are_told() -> None:
    con = tiny(
        "('d1', 's1', 'killed', 'troops', 300, null, null, 'asserted', 'total', null),"
        "('d2', 's1', 'killed', 'troops', null, 300, null, 'expected', 'total', null)"
    )
    con.execute("update claims set qualifier = case document_id when 'd1' then 'exact' else 'at_least' end")
    con.execute("update claims set credited_to = 'state' where document_id = 'd2'")
    assert drifts(con) == [
        ("modality", "300", "asserted (1), expected (1)"),
        ("qualifier", "300", "at_least (1), exact (1)"),
        ("speaker", None, "service (1), state (1)"),
    ]


def test_sum_of_parts_is_told_with_who_prints_which() -> None:
    cells = "null, null, 'expected', 'total', null)"
    con = tiny(
        f"('d1', 's1', 'killed', 'troops', 6, {cells}, ('d2', 's1', 'killed', 'few', 1, {cells},"
        f"('d2', 's1', 'killed', 'many', 5, {cells}"
    )
    con.execute(
        "insert into populations values ('few', 'f', 'd', 'troops', false), ('many', 'm', 'd', 'troops', false)"
    )
    assert drifts(con) == [("sum", "6", "1 + 5 (1), 6 (1)")]


def test_revisions_tell_the_steps_and_what_fell() -> None:
    con = tiny(", ".join([total("d1", "s1", "300"), total("d2", "s6", "500", about="'2025-01-15'")]))
    con.execute("insert into statements values ('s7', 'service', '2025-02-02', 'day', null, null, null)")
    con.execute(
        "insert into claims by name select 'x' as claim_id, 'd3' as document_id, 's7' as statement_id, "
        "'killed' as metric_id, 'troops' as population_id, 400 as value, 'asserted' as modality, 'total' as extent"
    )
    found = rows(con, "select day::varchar, point, step, fell from revisions order by day")
    assert found == [("2025-01-13", 300, None, False), ("2025-01-15", 500, 200, False), ("2025-02-02", 400, -100, True)]


def test_disagreement_is_among_those_that_stand() -> None:
    con = tiny(
        ", ".join(
            [total("d1", "s1", "300"), total("d2", "s3", "null", low="100", high="200"), total("d3", "s4", "900")]
        )
    )
    found = rows(con, "select month::varchar, sources, origins, lowest, highest, ratio from disagreement")
    assert found == [("2025-01-01", 2, 2, 100, 300, 3.0)]


def test_steps_of_the_timeline_end_where_the_next_begins_or_180_days_after_the_last_report(con: Con) -> None:
    other = """
        select * from timeline as one where until is not null and not exists (
            select 1 from timeline as next where next.source_id = one.source_id and next.metric_id = one.metric_id
            and next.population_id is not distinct from one.population_id
            and next.place_id is not distinct from one.place_id and next.day = one.until)
        and date_diff('day', greatest(day, last_reported_on), until) <> 180
    """
    assert rows(con, other) == []
    overlapping = """
        select * from timeline as one join timeline as other using (source_id, metric_id)
        where other.population_id is not distinct from one.population_id
        and other.place_id is not distinct from one.place_id
        and other.day > one.day and (one.until is null or one.until > other.day)
    """
    assert rows(con, overlapping) == []


def test_coverage_counts_every_claim(con: Con) -> None:
    assert rows(con, "select sum(claims)::bigint from coverage") == rows(con, "select count(*) from claims")


def test_claims_as_known_on_goes_by_the_last_day_that_a_document_may_have(con: Con) -> None:
    found = rows(con, "select count(*) from claims_as_known_on('2099-01-01')")
    assert found == rows(con, "select count(*) from claims_wide where published_on is not null")
    seed = "select count(*) from claims_as_known_on('{}') where document_id = 'united24-media-202602'"
    assert rows(con, seed.format("2026-02-27")) == [(0,)]
    assert rows(con, seed.format("2026-02-28")) == [(8,)]


def test_bodies_of_a_source_go_all_the_way_up(con: Con) -> None:
    found = rows(con, "select body_id, steps from source_bodies where source_id = 'ryder' order by steps")
    assert found == [("ryder", 0), ("pentagon", 1), ("united-states", 2)]
