"""A row of a release is there because it is listed, never because somebody is in it."""

from datetime import date
from types import SimpleNamespace

import pytest

from leadstats.counting.release_counts import ReleaseCounts
from leadstats.model.measures import load_measures
from leadstats.model.settings import Baseline
from leadstats.release import selection
from leadstats.release.history import Before
from leadstats.release.plan import PlannedTable, ReleasePlan, category_of, declared_categories
from tests.release.worlds import NOTHING_BEFORE

HOUSED = load_measures()["people_first_housed"]
ARRESTED = load_measures()["people_eligible_for_diversion"]
PLAN = ReleasePlan(lag_days=0)


@pytest.fixture
def counted(monkeypatch):
    """The rows of a measure, given the people by period (and by sex or neighborhood)."""

    def count(
        people,
        measure=HOUSED,
        plan=PLAN,
        bounded=(),
        baseline=Baseline(),
        through=date(2026, 1, 31),
        known=NOTHING_BEFORE,
    ):
        plain = dict.fromkeys(measure.breakdowns, "Unknown")
        counts = {
            (period, *(plain | dict(traits)).values()): number for (period, *traits), number in people.items()
        }
        monkeypatch.setattr(selection, "release_counts", lambda *_: ReleaseCounts(counts, {}, {}))
        for recorded in ("not_recorded", "_lacking"):
            monkeypatch.setattr(selection, recorded, lambda *_: ())
        site = SimpleNamespace(boundaries=dict.fromkeys(bounded, ""), baseline=baseline)
        database = SimpleNamespace(reach=dict.fromkeys(measure.sources, through), site=site)
        return selection.count(database, measure, plan, known)

    return count


def codes(rows, name):
    return next(each.codes(0) for each in rows.hierarchies if each.name == name)


def test_a_later_release_has_no_three_years_that_the_first_had_not(counted):
    """LEAD began in November; where quarters are the finest, the published numbers begin in January."""
    since = Baseline(date(2023, 11, 1), date(2024, 10, 31))
    people = {("2025-01",): 40}
    quarters = {(("quarter", "2025-Q1"),): 40, (("quarter", "2025-Q2"),): 20}
    known = Before(quarters, (("quarter",),), date(2025, 1, 1), date(2025, 6, 1), {})

    first, later = counted(people, baseline=since), counted(people, baseline=since, known=known)

    assert (codes(first, "time")[0], codes(later, "time")[0]) == ("2024-11", "2025-01")
    assert first.hierarchies[0].parents["three_years"] == later.hierarchies[0].parents["three_years"] == {}


def test_a_person_of_a_rare_sex_adds_no_row(counted):
    few = {("2025-01", ("sex", "Male")): 40, ("2025-02", ("sex", "F")): 30}
    one_more = few | {("2025-03", ("sex", "X")): 1}

    assert codes(counted(few), "sex") == codes(counted(one_more), "sex")
    assert codes(counted(few), "sex") == ("Another", "Female", "Male", "Unknown")


def test_spellings_are_taken_together_and_what_nobody_listed_is_unknown(counted):
    people = counted(
        {("2025-01", ("sex", "f")): 3, ("2025-01", ("sex", "Female")): 4, ("2025-01", ("sex", "?")): 5}
    )

    by_sex = {row[3]: number for row, number in people.people.items()}
    assert HOUSED.breakdowns.index("sex") == 2
    assert by_sex == {"Female": 7, "Unknown": 5}


def test_places_are_those_of_the_boundary_file_or_of_the_plan(counted):
    plan = ReleasePlan(neighborhoods=("Pier",), zones={"North": ("Mill Row",)})

    assert declared_categories("neighborhood", plan, ()) == ("Mill Row", "Pier", "Unknown")
    assert declared_categories("neighborhood", PLAN, ["Pier"]) == ("Pier", "Outside", "Unknown")
    assert category_of("neighborhood", "A shed", PLAN, ("Pier", "Outside", "Unknown")) == "Unknown"


def test_places_that_nobody_listed_have_no_table(counted):
    wish = PlannedTable("people_first_housed", ("year",), ("neighborhood",))
    rows = counted({("2025-01", ("neighborhood", "Pier")): 40})

    chosen = selection.choose(None, rows, HOUSED, ReleasePlan((wish,)), NOTHING_BEFORE)

    assert (chosen.tables, chosen.left_out) == ((), (wish,))


@pytest.mark.parametrize("first_record", ["2025-01", "2025-05", "2025-12"])
def test_the_first_period_is_not_that_of_the_first_record(counted, first_record):
    assert codes(counted({(first_record,): 40}), "time")[0] == "2025-01"


@pytest.mark.parametrize("people", [{}, {("2025-12",): 1}, {("2021-01",): 10}])
def test_few_people_do_not_move_the_first_period(counted, people):
    assert codes(counted({("2024-06",): 11} | people), "time")[0] == "2024-01"
    assert codes(counted(people), "time")[0] == "2026-01"


def test_a_stated_launch_is_the_first_month_whatever_is_recorded(counted):
    people = {("2023-03",): 50, ("2025-06",): 3}
    before = Baseline(date(2022, 11, 1), date(2023, 10, 31))

    assert codes(counted(people, plan=ReleasePlan(launch=date(2024, 5, 1))), "time")[0] == "2024-05"
    assert codes(counted(people, baseline=before), "time")[0] == "2023-11"
    assert codes(counted(people, ARRESTED, baseline=before), "time")[0] == "2024"
