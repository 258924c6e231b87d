"""Answers by source and date: no reprint, garbled relay, undated repeat or second voice of a state moves them."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import SOAK
from tests.database.test_views import Con, rows, tiny, total

ANSWERS = {  # what a reader asks, by view
    "origins": "metric_id, population_id, lowest, highest, statements, origins, sources",
    "revisions": "source_id, metric_id, population_id, day, lowest, highest, step, fell",
    "timeline": "source_id, metric_id, population_id, day, lowest, highest",
    "latest_by_source": "source_id, metric_id, population_id, as_of, low, value, high",
    "current_figures": "metric_id, population_id, source_id, as_of, newest, sources, origins, lowest, highest",
}


def reading(document: str, statement: str, metric: str, *, population: str = "troops", extent: str = "total") -> str:
    return f"('{document}', '{statement}', '{metric}', '{population}', 300, null, null, 'asserted', '{extent}', null)"


def add(con: Con, document: str, statement: str, value: int = 300, *, metric: str = "killed", on: str = "") -> None:
    """Add a document, and a claim of a statement that it reports; `on` is the day of publication, if it has one."""
    day = f"date '{on}', 'day', 'page'" if on else "null, null, null"
    con.execute(f"insert into documents values ('{document}', 'paper', null, null, 'en', {day}, 'full', null)")
    con.execute(
        "insert into claims by name select ? as claim_id, ? as document_id, ? as statement_id, ? as metric_id, "
        "'troops' as population_id, ? as value, 'asserted' as modality, 'total' as extent",
        [f"c-{document}", document, statement, metric, value],
    )


def say(con: Con, statement: str, source: str = "service", on: str = "", precision: str = "day") -> None:
    """Add a statement; `on` is its day, if it has one."""
    day = f"date '{on}', '{precision}'" if on else "null, null"
    con.execute(f"insert into statements values ('{statement}', '{source}', {day}, null, null, null)")


@pytest.mark.parametrize(
    ("about", "on", "precision", "published", "expected"),
    [
        ("2025-01-10", "2025-01-13", "day", "2025-01-14", ("2025-01-10", "day", "about")),
        ("2025-01-31", "2025-01-13", "day", "2025-01-14", ("2025-01-13", "day", "said")),
        (None, "2025-01-13", "day", "2025-01-14", ("2025-01-13", "day", "said")),
        (None, "2025-01-01", "month", "2025-03-14", ("2025-01-31", "month", "said")),
        (None, "2025-01-01", "month", "2025-01-14", ("2025-01-14", "month", "said")),
        (None, "2025-01-01", "year", "2026-01-14", ("2025-12-31", "year", "said")),
        (None, "2025-01-01", "year", "2025-04-14", ("2025-04-14", "day", "published")),
        (None, "", "", "2025-04-14", ("2025-04-14", "day", "published")),
        ("2025-01-10", "", "", "", ("2025-01-10", "day", "about")),
        (None, "", "", "", (None, None, None)),
    ],
)
def test_figure_stands_for_the_last_day_that_is_allowed(
    about: str | None, on: str, precision: str, published: str, expected: tuple[Any, ...]
) -> None:
    con = tiny(total("d1", "s1", "1"))
    con.execute("delete from claims")
    say(con, "x", on=on, precision=precision)
    add(con, "y", "x", on=published)
    con.execute("update claims set about_to = ?::date", [about])
    assert rows(con, "select as_of::varchar, as_of_precision, as_of_basis from statement_figures") == [expected]


def test_undated_repeat_is_no_step_and_no_occasion_but_is_reported() -> None:
    con = tiny(total("d1", "s1", "300"))
    say(con, "later")
    add(con, "z1", "later", on="2025-08-22")
    say(con, "undated")
    add(con, "z2", "undated")
    assert rows(con, "select statements, statements_undated from origins") == [(1, 2)]
    assert rows(con, "select month::varchar, claims, statements from claims_by_date") == [("2025-01-01", 3, 1)]
    assert rows(con, "select day::varchar, last_reported_on::varchar from timeline") == [("2025-01-13", "2025-08-22")]
    assert rows(con, "select count(*) from revisions") == [(1,)]


def test_figure_that_is_given_anew_on_a_known_day_is_an_occasion() -> None:
    con = tiny(total("d1", "s1", "300"))
    say(con, "again", on="2025-03-01")
    add(con, "z1", "again", on="2025-03-01")
    assert rows(con, "select statements, statements_undated from claims_by_source") == [(2, 0)]
    assert rows(con, "select count(*) from revisions") == [(1,)]


def test_reading_that_is_outvoted_is_no_figure_of_the_source() -> None:
    con = tiny(
        ", ".join([reading("d1", "s1", "killed"), reading("d2", "s1", "killed"), reading("d3", "s1", "present")])
    )
    assert rows(con, "select metric_id, claims, claims_outvoted from statement_figures") == [("killed", 2, 1)]
    assert rows(con, "select drift, readings from relay_drift") == [("category", "killed (2), present (1)")]
    assert rows(con, "select claims_outvoted from origins") == [(0,)]


def test_number_that_one_document_prints_where_others_have_words_alone_is_no_figure() -> None:
    """“Nearly two hundred” on one page, where the official said “several hundred”."""
    in_words = [total(f"d{number}", "s1", "null") for number in (1, 2)]
    con = tiny(", ".join([*in_words, total("d3", "s1", "200")]))
    assert rows(con, "select count(*) from statement_figures") == [(0,)]
    con = tiny(", ".join([*in_words, total("d3", "s1", "200"), total("d4", "s1", "200")]))
    assert rows(con, "select value, documents from statement_figures") == [(200, 2)]


def test_reading_beside_the_one_of_most_documents_stays() -> None:
    both = [reading("d1", "s1", "killed"), reading("d1", "s1", "present"), reading("d2", "s1", "killed")]
    con = tiny(", ".join(both))
    assert rows(con, "select metric_id from statement_figures order by 1") == [("killed",), ("present",)]


def test_population_and_extent_that_drift_are_told_and_outvoted() -> None:
    con = tiny(
        ", ".join(
            [
                *(reading(f"d{number}", "s1", "killed") for number in (1, 2, 3)),
                reading("d4", "s1", "killed", population="few"),
                reading("d5", "s1", "killed", extent="addition"),
            ]
        )
    )
    con.execute("insert into populations values ('few', 'f', 'd', 'troops', false)")
    assert rows(con, "select drift, readings from relay_drift order by 1") == [
        ("extent", "total (3), addition (1)"),
        ("population", "troops (4), few (1)"),
    ]
    assert rows(con, "select population_id, claims from statement_figures") == [("troops", 3)]


def test_reading_of_one_document_is_disputed_where_the_source_gave_the_number_as_something_else() -> None:
    con = tiny(", ".join([total("d1", "s1", "300"), total("d2", "s1", "300")]))
    say(con, "other")
    add(con, "z1", "other", metric="present", on="2025-02-01")
    disputed = "select disputed from statement_figures where metric_id = 'present'"
    assert rows(con, disputed) == [(True,)]
    assert rows(con, "select metric_id from latest_by_source") == [("killed",)]
    con.execute("update documents set published_on = '2025-05-01' where document_id = 'z1'")
    assert rows(con, disputed) == [(False,)]


def test_figure_does_not_stay_current_for_ever() -> None:
    con = tiny(total("d1", "s1", "300"))
    assert rows(con, "select until from timeline") == [(None,)]
    say(con, "elsewhere", source="other", on="2025-12-01")
    add(con, "z1", "elsewhere", 500, on="2025-12-01")
    sql = "select day::varchar, until::varchar, age_days from timeline order by day"
    assert rows(con, sql) == [("2025-01-13", "2025-07-18", 322), ("2025-12-01", None, 0)]
    assert rows(con, "select source_id, is_current from latest_by_source order by 1") == [
        ("other", True),
        ("service", False),
    ]
    found = rows(con, "select source_id, newest, sources, lowest, highest, age_days from current_figures")
    assert found == [("other", 500, 1, 500, 500, 0)]
    assert rows(con, "select month::varchar, sources from disagreement order by 1") == [
        ("2025-01-01", 1),
        ("2025-12-01", 1),
    ]


def test_figure_reported_within_ninety_days_of_the_end_of_a_month_is_compared_in_it() -> None:
    con = tiny(total("d1", "s1", "300"))
    say(con, "elsewhere", source="other", on="2025-12-01")
    add(con, "z1", "elsewhere", 500, on="2025-12-01")
    say(con, "recalled")
    add(con, "z2", "recalled", on="2025-10-05")
    assert rows(con, "select month::varchar, sources from disagreement order by 1 desc limit 1") == [("2025-12-01", 2)]
    con.execute("update documents set published_on = '2025-09-05' where document_id = 'z2'")
    assert rows(con, "select month::varchar, sources from disagreement order by 1 desc limit 1") == [("2025-12-01", 1)]


def test_state_speaks_with_one_voice() -> None:
    con = tiny(", ".join([total("d1", "s1", "300"), total("d2", "s2", "300")]))
    con.execute(
        "insert into sources values ('officials', 'O', 'unnamed', 'KR', null), ('mp', 'M', 'person', 'KR', 'service')"
    )
    for source in ("officials", "mp", "they"):
        say(con, source, source=source, on="2025-01-20")
        add(con, f"z-{source}", source, on="2025-01-20")
    assert rows(con, "select origins, sources from origins") == [(1, "mp, officials, service, state")]
    assert rows(con, "select origins from claims_by_date") == [(1,)]


def test_no_origins_are_two_bodies_of_one_state() -> None:
    """In the shipped data every origin that is a body of a state is that state."""
    from scripts.datapackage.package import ROOT
    from tests.database.test_views import loaded

    split = """
        select origin_id from source_origins as one join sources using (source_id)
        where kind in ('government', 'military', 'intelligence', 'legislature') and origin_id = source_id
        and exists (select 1 from sources as state where state.kind = 'state' and state.country = sources.country)
    """
    assert rows(loaded(ROOT), split) == []


reprints = st.lists(
    st.tuples(
        st.sampled_from(["same", "own"]),  # reports the known statement, or one that nothing dates
        st.sampled_from(["", "2025-01-15", "2025-01-31", "2025-02-20"]),
        st.sampled_from(["killed", "killed", "killed", "present"]),
    ),
    max_size=100,
)


@pytest.mark.soak
@settings(max_examples=60 if SOAK else 5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(reprints)
def test_reprints_change_no_answer(listed: list[tuple[str, str, str]]) -> None:
    """Dated, undated, and in other categories, as long as these are the fewer."""
    con = tiny(
        ", ".join(
            [total("d9", "s1", "300"), total("d8", "s2", "500"), total("d7", "s3", "300"), total("d6", "s1", "300")]
        )
    )
    before = {view: rows(con, f"select {columns} from {view} order by all") for view, columns in ANSWERS.items()}
    faithful, garbled = 3, 0
    for number, (statement, on, metric) in enumerate(listed):
        if metric != "killed":
            garbled += 1
            if (
                statement == "own" or garbled >= faithful
            ):  # two of them alone would be a figure that two documents print
                continue
        faithful += metric == "killed" and statement == "same"
        if statement == "own":
            say(con, f"own{number}")
        add(con, f"r{number}", "s1" if statement == "same" else f"own{number}", metric=metric, on=on)
    after = {view: rows(con, f"select {columns} from {view} order by all") for view, columns in ANSWERS.items()}
    known = [row for row in after["origins"] if row[0] == "killed"]
    assert {**after, "origins": known} == before
