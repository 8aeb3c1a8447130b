"""Which periods, categories and tables a release has, and how a later one continues it."""

from datetime import date

import numpy as np
import pytest

from leadstats.audit.inference import attack
from leadstats.audit.linking import systems
from leadstats.model import periods
from leadstats.model.measures import load_measures
from leadstats.release.disclosure.suppression import hide_counts, hide_sums, protection, settle, two_largest
from leadstats.release.hierarchy import Hierarchy, PlanError, Rows
from leadstats.release.plan import (
    Dominance,
    ReleasePlan,
    last_closed,
    load_plan,
    place_hierarchy,
    time_hierarchy,
)
from leadstats.release.selection import _share_of_large
from tests.release.worlds import (
    NOTHING_BEFORE,
    ORDER,
    RULES,
    before,
    flat,
    printed,
    protected,
    release,
    table,
    world,
)

REFERRED = load_measures()["people_first_referred"]
ELIGIBLE = load_measures()["people_eligible_for_diversion"]


@pytest.mark.parametrize(
    ("measure", "reach", "expected"),
    [
        (REFERRED, date(2026, 10, 31), "2026-08"),  # 45 days before: 16 September
        (REFERRED, date(2026, 11, 14), "2026-09"),
        (ELIGIBLE, date(2027, 2, 13), "2025"),
        (ELIGIBLE, date(2027, 2, 14), "2026"),
    ],
)
def test_a_period_is_published_when_it_is_over_for_long_enough(measure, reach, expected):
    assert last_closed(measure, ReleasePlan(()), reach) == expected


def test_longer_periods_exist_once_they_are_over_if_they_are_whole():
    times = time_hierarchy("month", "2024-11", "2026-05")

    assert times.codes(1) == ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1")
    assert (times.codes(2), times.codes(3)) == (("2025",), ())
    assert times.parents["month"]["2026-04"] is None
    assert times.rise(2).tolist() == [-1] * 2 + [0] * 12 + [-1] * 5
    assert periods.last_day("2024-Q1") == date(2024, 3, 31)


def test_three_years_may_begin_before_the_first_january():
    assert time_hierarchy("month", "2024-01", "2026-05").codes(3) == ("2023-2025",)


def test_what_was_published_of_the_beginning_stays():
    times = time_hierarchy("month", "2024-11", "2026-05", {"2024-Q4", "2024"})

    assert (times.codes(1)[0], times.codes(2), times.codes(3)) == ("2024-Q4", ("2024", "2025"), ())


def test_a_hierarchy_may_have_an_empty_level():
    times = Hierarchy(
        "time", ("month", "quarter"), {"month": {"2025-01": None}, "quarter": {}}, has_total=False
    )

    assert times.rise(1).tolist() == [-1]


def test_neighborhoods_outside_all_zones_have_one_of_their_own():
    plan = ReleasePlan((), zones={"North": ("Mill Row", "Pier")})

    places = place_hierarchy(("Mill Row", "Pier", "South End"), plan)

    assert places.parents["neighborhood"]["South End"] == "Elsewhere or unknown"
    assert places.codes(1) == ("North", "Elsewhere or unknown")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("threshold = 4", "threshold: a whole number, 5 or more"),
        ("rounding = 3", "0 \\(exact\\) or 5"),
        ("nonsense = 1", "nonsense"),
        ("threshold = ", "plan.toml"),
        ('[zones]\nA = ["x"]\nB = ["x"]', "one zone only"),
        ('[[tables]]\nmeasure = "people"\ntimes = ["year"]', "tables.measure: .people. found"),
        ('[[tables]]\nmesure = "people_first_referred"', "did you mean .measure."),
        ('[dominance]\nlargest_percent = "50"', "dominance.largest_percent: a whole number"),
        ('[[tables]]\nmeasure = "people_first_referred"\ntimes = ["week"]', "tables.times: .week. found"),
        (
            '[[tables]]\nmeasure = "people_first_referred"\ntimes = ["year"]\nby = ["shoe"]',
            "tables.by: .shoe. found",
        ),
        (
            '[[tables]]\nmeasure = "people_eligible_for_diversion"\ntimes = ["three_years"]',
            "cannot be added up",
        ),
    ],
)
def test_a_plan_that_cannot_be_followed_is_refused_in_words(tmp_path, text, message):
    (tmp_path / "plan.toml").write_text(text, encoding="utf-8")

    with pytest.raises(PlanError, match=message):
        load_plan(tmp_path / "plan.toml")


def test_the_plan_of_the_project_can_be_read():
    plan = load_plan()

    assert (plan.threshold, plan.rounding, plan.lag_days) == (11, 0, 45)
    assert {table.measure for table in plan.tables} == set(load_measures())


def test_no_released_number_is_of_people_in_jail():
    """Who came to LEAD later, or never, was counted among "LEAD participants in jail": 26,332 nights in 2025, of which
    6,963 came after an enrollment."""
    for measure in load_measures().values():
        assert not {"jail_stay", "jail_roster"} & set(measure.sources), measure.name
        assert "custody" not in measure.sql and "jail" not in measure.sql, measure.name


def continued(first, second):
    """A second release, over two years, after a first one over one year."""
    known = before(printed(protected(first)))
    return known, hide_counts(second, known, RULES, ORDER)


def two_years(first, second):
    counts = {(year, k): n for year, line in (("2025", first), ("2026", second)) for k, n in line.items()}
    return world(counts, ["race"], times=time_hierarchy("year", "2025", "2026"))


def test_what_was_shown_stays_as_it_was():
    first = world({("2025", "A"): 42, ("2025", "B"): 29, ("2025", "C"): 31}, ["race"])
    _, hidden = continued(first, two_years({"A": 43, "B": 29, "C": 31}, {"A": 50, "B": 20, "C": 40}))
    numbers = dict(zip(hidden.cube.keys, hidden.values.tolist(), strict=True))

    assert numbers[(("year", "2025"),)] == 102
    assert numbers[("year", "2025"), ("race", "A")] == 42
    assert numbers[("year", "2026"), ("race", "A")] == 50


def test_what_was_hidden_stays_hidden_and_is_fitted_to_what_was_shown():
    first = world({("2025", "A"): 42, ("2025", "B"): 7, ("2025", "C"): 31}, ["race"])
    _, hidden = continued(first, two_years({"A": 44, "B": 12, "C": 31}, {"A": 50, "B": 20, "C": 40}))

    assert not (hidden.cube.equations @ hidden.values).any()
    assert hidden.is_hidden[hidden.cube.positions[("year", "2025"), ("race", "B")]]
    assert hidden.values[hidden.cube.positions[(("year", "2025"),)]] == 80
    assert not attack(systems([printed(protected(first)), printed(hidden, name="2026-02.1")])["m"]).breaks


def test_a_new_category_has_no_cell_in_periods_published_without_it():
    first = world({("2025", "A"): 42, ("2025", "B"): 29}, ["race"])
    known, hidden = continued(first, two_years({"A": 42, "B": 29, "C": 0}, {"A": 50, "B": 20, "C": 40}))

    assert known.is_absent((("year", "2025"), ("race", "C")))
    assert not known.is_absent((("year", "2026"), ("race", "C")))
    assert not known.is_absent((("year", "2025"), ("race", "A")))
    (shown,) = (t for t in printed(hidden).tables if t.levels == ("year", "race"))
    assert ("2025", "C") not in shown.numbers
    assert shown.numbers["2026", "C"] == 40


def test_releases_that_contradict_today_cannot_be_continued():
    races = table(["year", "race"], {("2025", "A"): 50, ("2025", "B"): 31})
    shown = release([table(["year"], {"2025": 80}), races])

    with pytest.raises(PlanError, match="agree"):
        settle(world({("2025", "A"): 50, ("2025", "B"): 30}, ["race"]), before(shown), RULES)


NIGHTS = {"A": [270, 6, *[4] * 3, *[2] * 6, 0], "B": [40] * 12, "C": [26] * 20, "D": [2]}


def jail(places):
    people = {("2025", place): len(NIGHTS[place]) for place in places}
    nights = {("2025", place): sum(NIGHTS[place]) for place in places}
    largest = {("2025", place): sorted(NIGHTS[place], reverse=True)[:2] for place in places}
    hierarchies = (time_hierarchy("year", "2025", "2025"), flat("race", places))
    return world(people, ["race"]), world(nights, ["race"]), Rows(hierarchies, people, nights, largest)


def test_one_person_with_most_of_the_nights_hides_them():
    people, nights, rows = jail("ABC")
    hidden = hide_sums(nights, NOTHING_BEFORE, RULES, protected(people), rows, ORDER)
    at = nights.positions

    assert two_largest(nights, rows)[0][at[("year", "2025"), ("race", "A")]] == 270
    assert hidden.is_small[at[("year", "2025"), ("race", "A")]]
    assert hidden.is_hidden[at[("year", "2025"), ("race", "B")]]
    assert not hidden.is_hidden[at[(("year", "2025"),)]]
    assert not hidden.unsafe


def test_nights_of_few_people_are_hidden_however_many_they_are():
    people, nights, rows = jail("BCD")
    hidden = hide_sums(nights, NOTHING_BEFORE, RULES, protected(people), rows, ORDER)

    assert hidden.is_small[nights.positions[("year", "2025"), ("race", "D")]]
    assert not hidden.unsafe


@pytest.mark.parametrize(
    ("total", "largest", "second", "expected"),
    [
        (300, 270, 6, 27),  # one of twelve people has 90%
        (1000, 500, 300, 0),
        (1000, 501, 10, 51),
        (1000, 450, 420, 45),
        (1000, 490, 355, 0),
        (1000, 100, 90, 0),
        (0, 0, 0, 0),
    ],
)
def test_dominance(total, largest, second, expected):
    found = protection(np.array([total]), np.array([largest]), np.array([second]), Dominance())

    assert found.tolist() == [expected]


def test_which_cells_are_empty_decides_no_table():
    """A table is chosen by the share of all its cells that are large: of the filled ones, a hidden zero and a
    hidden one would choose differently."""
    kinds = Hierarchy("race", ("race",), {"race": dict.fromkeys("abcd")})
    for small in (0, 1, 10):
        rows = Rows(
            (time_hierarchy("year", "2025", "2025"), kinds),
            {("2025", "a"): 40, ("2025", "b"): small, ("2025", "c"): small, ("2025", "d"): 11},
            {},
            {},
        )
        assert _share_of_large(rows, {"time": "year", "race": "race"}, 11) == 0.5
