"""The one door: what leaves it, for whom, and in which rows."""

from datetime import date

import duckdb
import pytest
from msgspec import structs

from leadstats.counting.catalog import load_metrics
from leadstats.counting.database import open_database
from leadstats.counting.measure import measure
from leadstats.counting.view import (
    ANALYST,
    AUDIENCES,
    GROUP,
    OPERATIONS,
    UNREADABLE,
    Cell,
    FilterError,
    Filters,
)
from leadstats.model.schema import LAYOUT


@pytest.fixture
def program(typed):
    return typed


def arrests(diverted, others, **given):
    """Eligible arrests in January 2026, each of its own person unless told otherwise."""
    return [
        {
            "person_id": f"{given.get('race')}-{number}",
            "arrested_at": "2026-01-15",
            "is_charge_eligible": True,
            "is_diverted": number < diverted,
            **given,
        }
        for number in range(diverted + others)
    ]


def referrals(number, **given):
    return [{"person_id": f"{given}-{each}", "referred_on": "2026-01-15", **given} for each in range(number)]


def test_an_analyst_sees_all_and_the_group_no_small_number(program):
    program.add(referral=referrals(10))

    assert program.value("people_referred", month="2026-01") == 10
    assert program.cell("people_referred", audience=GROUP, month="2026-01") == Cell(
        "2026-01", "Everyone", hidden="too few", is_partial=True
    )


def test_who_runs_the_program_sees_its_own_records_whole_and_no_small_number_of_others(program):
    program.add(referral=referrals(10), arrest=arrests(10, 10)).site(data_through=date(2026, 1, 31))

    def shown(metric, audience):
        return program.cell(metric, audience=audience, month="2026-01").value

    assert [shown("people_referred", audience) for audience in (GROUP, OPERATIONS, ANALYST)] == [None, 10, 10]
    assert [shown("arrests_diverted", audience) for audience in (GROUP, OPERATIONS, ANALYST)] == [
        None,
        None,
        10,
    ]


def test_eleven_people_and_nobody_are_shown(program):
    program.add(referral=[*referrals(11), *referrals(1, referred_on="2025-10-03")])
    program.site(data_through=date(2026, 1, 31))

    shown = program.measure(
        "people_referred", audience="analyst", first_month="2025-12", last_month="2026-01"
    )
    assert [cell.value for cell in shown.cells] == [0, 11]
    protected = program.measure(
        "people_referred", audience=GROUP, first_month="2025-12", last_month="2026-01"
    )
    assert protected.cells == shown.cells


@pytest.mark.parametrize(("diverted", "others"), [(29, 1), (1, 29), (3, 0), (0, 3)])
@pytest.mark.parametrize("named", [{}, {"person_id": None}], ids=["people", "events alone"])
def test_a_share_is_hidden_with_its_parts(program, diverted, others, named):
    """29 of 30 would say that one person was not."""
    program.add(arrest=arrests(diverted, others, **named))

    cell = program.cell("diversion_rate", audience=GROUP, month="2026-01")
    assert cell.hidden == "too few"
    assert (cell.people, cell.value, cell.low, cell.high, cell.numerator, cell.denominator) == (None,) * 6


def test_a_share_of_all_or_of_none_is_shown(program):
    program.add(arrest=arrests(11, 0))

    assert program.value("diversion_rate", audience=GROUP, month="2026-01") == 100


def test_many_events_of_few_people_are_hidden(program):
    program.add(arrest=arrests(20, 20, person_id="one"))

    assert program.cell("arrests", audience=GROUP, month="2026-01").hidden == "too few"


def test_events_stand_in_for_people_whom_a_source_does_not_name(program):
    program.add(arrest=arrests(2, 3, person_id=None))

    assert program.cell("arrests", month="2026-01").people is None
    assert program.value("arrests", month="2026-01") == 5
    for metric in ("arrests", "eligible_arrests", "diversion_rate"):
        assert program.cell(metric, audience=GROUP, month="2026-01").hidden == "too few", metric


def test_what_would_give_a_hidden_number_away_is_hidden_too(program):
    program.add(
        referral=[
            *referrals(42, neighborhood="Ash"),
            *referrals(7, neighborhood="Elm"),
            *referrals(31, neighborhood="Oak"),
        ]
    )

    cells = program.measure(
        "people_referred", audience=GROUP, month="2026-01", breakdown="neighborhood"
    ).cells
    hidden = {cell.category: cell.hidden for cell in cells if cell.hidden}
    assert hidden.pop("Elm") == "too few"
    assert list(hidden.values()) == ["protects another"]
    assert all(cell.value is None for cell in cells if cell.hidden)


def test_months_give_no_hidden_month_away(program):
    """The total of the year is known, whether it is printed or not."""
    days = {"2025-11-05": 40, "2025-12-05": 4, "2026-01-05": 45}
    program.add(referral=[row for day, number in days.items() for row in referrals(number, referred_on=day)])

    cells = program.measure(
        "people_referred", audience=GROUP, first_month="2025-11", last_month="2026-01"
    ).cells
    assert [bool(cell.hidden) for cell in cells].count(True) == 2


def test_a_period_ends_with_its_last_day(program):
    program.add(
        referral=[
            *referrals(1, referred_on="2025-12-31"),
            *referrals(1, referred_on="2026-01-01"),
            *referrals(1, referred_on="2026-01-31"),
            *referrals(1, referred_on="2026-02-01"),
        ]
    )

    for by in ("month", "total"):
        assert program.value("referrals_received", month="2026-01", by=by) == 2


def test_periods_cut_short_say_so_and_later_ones_give_no_row(program):
    program.add(referral=referrals(1))
    program.site(data_through=date(2026, 2, 10))

    cells = program.measure("referrals_received", first_month="2026-01", last_month="2026-06").cells
    assert [(cell.period, cell.is_partial) for cell in cells] == [("2026-01", False), ("2026-02", True)]
    (quarter,) = program.measure(
        "referrals_received", by="quarter", first_month="2026-02", last_month="2026-06"
    ).cells
    assert (quarter.period, quarter.is_partial) == ("2026-Q1", True)


def test_known_categories_without_anybody_are_there_with_0(program):
    program.add(referral=referrals(1, pathway="community"))

    assert program.values("referrals_received", month="2026-01", by="total", breakdown="pathway") == {
        "arrest_diversion": 0,
        "community": 1,
        "jail_or_court": 0,
        "social_contact": 0,
        "unknown": 0,
    }


def test_a_metric_names_the_exports_it_lacks(program):
    program.add(referral=referrals(1))

    found = program.measure("jail_nights")
    assert found.missing == ("jail_stay",)
    assert {(cell.value, cell.hidden) for cell in found.cells} == {(None, "not recorded")}


@pytest.mark.parametrize(
    ("metric", "wrong", "words"),
    [
        ("people_referred", {"places": ("Asch",)}, "did you mean 'Ash'"),
        ("people_referred", {"pathways": ("comunity",)}, "did you mean 'community'"),
        ("people_referred", {"breakdown": "rase"}, "did you mean 'race'"),
        ("people_referred", {"breakdown": "destination"}, "breakdown of people_referred"),
        ("people_referred", {"by": "week"}, "unknown period"),
        ("stops", {"pathways": ("community",)}, "cannot be filtered by pathway"),
        ("people_referred", {"first_month": "2026-02", "last_month": "2026-01"}, "lies before"),
    ],
)
def test_what_the_data_do_not_know_is_refused_in_words(program, metric, wrong, words):
    program.add(referral=referrals(1, neighborhood="Ash"), stop=[{"stopped_at": "2026-01-02"}])

    with pytest.raises(FilterError, match=words):
        program.measure(metric, **wrong)


def test_empty_choices_are_no_limit():
    bound = Filters(date(2026, 1, 1), date(2026, 1, 1)).as_parameters(date(2026, 1, 31), True)["filters"]
    assert bound["places"] is None
    assert bound["pathways"] is None


def test_data_built_by_another_version_are_refused_in_words(built, monkeypatch):
    snapshot = built.add(referral=[{}]).build().snapshot
    with monkeypatch.context() as patch:
        patch.setattr("leadstats.counting.database.LAYOUT", LAYOUT + 1)
        with pytest.raises(
            FileNotFoundError, match="another version of leadstats; run: python -m leadstats build"
        ):
            open_database(built.data)

    assert open_database(built.data).snapshot == snapshot
    with duckdb.connect(str(built.data / snapshot)) as file:
        file.execute("CREATE OR REPLACE TABLE layout AS SELECT 'a digest, as once' AS layout")
    with pytest.raises(FileNotFoundError, match="another version"):
        open_database(built.data)
    with duckdb.connect(str(built.data / snapshot)) as file:
        file.execute("DROP TABLE layout")
    with pytest.raises(FileNotFoundError, match="another version"):
        open_database(built.data)


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        (
            "SELECT * EXCLUDE (complement_people) FROM eligible_arrests_with('is_diverted', $filters)",
            "complement_people",
        ),
        (
            "SELECT * EXCLUDE (numerator) FROM eligible_arrests_with('is_diverted', $filters)",
            "the column numerator",
        ),
        ("SELECT person_key FROM program.arrests WHERE $filters IS NOT NULL", "a query that can be run"),
    ],
)
def test_a_query_that_lacks_a_column_is_an_error_and_not_zero(typed, sql, told):
    database = typed.add(arrest=[{"is_charge_eligible": "yes", "is_diverted": "no"}]).database
    metric = structs.replace(load_metrics()["diversion_rate"], sql=sql)
    january = Filters(date(2026, 1, 1), date(2026, 1, 1))

    for audience in AUDIENCES:
        published = measure(database, metric, january, audience)

        assert (published.cells, published.missing) == ((), UNREADABLE)
        assert told in published.metric.fault.line and "diversion_rate.sql" in published.metric.fault.line
