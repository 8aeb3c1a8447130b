"""Estimates in a release: what one person does to them stays within a step, and nobody counts the few behind them."""

import dataclasses
import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadstats.audit import folder
from leadstats.audit.estimates import check_estimates
from leadstats.audit.folder import PublishedEstimate
from leadstats.counting import released as released_reader
from leadstats.counting.release_counts import ReleaseEstimate
from leadstats.release import corrections, estimates, history
from leadstats.release.estimates import EstimateTable, ends, estimate_tables
from leadstats.release.history import Rounded
from leadstats.release.plan import ReleasePlan, load_plan
from leadstats.release.publication import files
from leadstats.statistics import jail_model
from leadstats.statistics.jail_model import LONGEST_STAY, OnePerson, moved_by_one, nights_avoided
from tests.release.worlds import release, table

DIVERTED = {"Drugs": 150, "Theft": 90}
ALONE = frozenset({"booking"})  # of the interval, which is not looked at


def results(**classes):
    """closed: nights of the stays of those booked, each once; the others were let go."""
    return json.dumps(
        [
            {
                "charge_class": name,
                "eligible": eligible,
                "booked": len(closed),
                "closed": {str(nights): closed.count(nights) for nights in closed},
                "still_inside": {},
            }
            for name, (eligible, closed) in classes.items()
        ]
    )


def drawn(dice, number):
    return [min(int(dice.expovariate(0.1)), LONGEST_STAY) for _ in range(number)]


@pytest.mark.parametrize("seed", range(6))
def test_no_persons_stay_moves_the_estimate_by_more_than_is_said(seed, monkeypatch):
    """Somebody more in the baseline, booked for any time or let go, or in another class; and nights after a diversion."""
    monkeypatch.setattr(jail_model, "DRAWS", 2)
    dice = random.Random(seed)
    before = {"Drugs": (300, drawn(dice, 80)), "Theft": (dice.randrange(25, 200), drawn(dice, 25))}
    step = moved_by_one(DIVERTED, results(**before), [])
    now = nights_avoided(DIVERTED, results(**before), {0: 240}, ALONE).net

    for name, (eligible, closed) in before.items():
        for nights in (None, 0, 7, LONGEST_STAY):
            stays = closed if nights is None else [*closed, nights]
            changed = before | {name: (eligible + 1, stays)}
            for followed in (0, LONGEST_STAY):
                there = nights_avoided(DIVERTED, results(**changed), {0: 239, followed: 1}, ALONE)
                gone = nights_avoided(
                    DIVERTED | {name: DIVERTED[name] - 1}, results(**changed), {0: 239}, ALONE
                )
                assert abs(there.net - now) <= step
                assert abs(gone.net - now) <= step
    assert step >= LONGEST_STAY


def test_who_has_many_stays_widens_the_step():
    before = results(Drugs=(300, [10] * 80), Theft=(200, [5] * 40))
    alone = moved_by_one(DIVERTED, before, [OnePerson(1, 0, 1, 20)])

    assert moved_by_one(DIVERTED, before, [OnePerson(4, 300, 9, 600)]) > 2 * alone


@given(
    st.integers(-9000, 9000), st.integers(0, 3000), st.integers(0, 3000), st.sampled_from([500, 1000, 2000])
)
def test_a_rounded_range_holds_the_estimate_and_what_it_held(value, below, above, step):
    found = estimates._rounded(ReleaseEstimate(value, value - below, value + above, 1.0), step)

    assert all(number % step == 0 for number in (found.value, found.low, found.high))
    assert found.low <= found.value <= found.high
    assert found.low <= value - below
    assert value + above <= found.high
    assert abs(found.value - value) <= step / 2


@given(st.integers(100, 2000), st.data())
def test_a_share_never_tells_that_those_who_left_or_stayed_are_few(number, data):
    """All ways in which so many can be followed: what is shown leaves the few 0 and 11, or is of 11 and more."""
    followed = data.draw(st.integers(int(number * 0.8) + 1, number))
    lost = data.draw(st.integers(0, followed))
    kept = followed - lost
    value = 100 * kept / followed
    found = ReleaseEstimate(value, value - 3, value + 3, 1.0, number, followed, kept)
    shown = estimates._share(found, 5, number, 11, False)
    lowest, highest = ends(5, number, 11)

    if shown and not shown.bound:
        assert lost >= 11
        assert kept >= 11
    if shown and shown.bound == "at_least":
        assert number * (100 - highest) >= 11 * 100  # those who left may be that many
        assert value >= highest
    if shown and shown.bound == "at_most":
        assert number * lowest >= 11 * 100
        assert value <= lowest
    assert shown is not None or min(lost, kept) < 11


def test_a_share_is_silent_where_a_hidden_number_would_have_to_make_up_for_it():
    found = ReleaseEstimate(80.0, 74.0, 85.0, 1.0, 200, 200, 160)

    assert estimates._share(found, 5, 200, 11, False) == Rounded(80, 70, 85, 5)
    assert estimates._share(found, 5, 200, 11, True) is None


ARRESTS, HOUSED = "people_eligible_for_diversion_arrests", "people_first_housed"


def printed(value=1000, low=500, high=1500, step=500, bound="", diverted=507, **changes):
    counted = dataclasses.replace(
        table(("year", "outcome"), {("2024", "yes"): diverted, ("2024", "no"): 2900}), measure=ARRESTS
    )
    estimate = PublishedEstimate(
        "jail_nights_avoided_rounded-by-year",
        "jail_nights_avoided_rounded",
        "2024",
        "nights",
        (ARRESTS, "outcome", "yes"),
        "",
        value,
        low,
        high,
        step,
        bound,
    )
    return dataclasses.replace(release([counted]), estimates=(estimate,), **changes)


def housed(value=85, low=80, high=90, step=5, bound="", found=200, lost=(30, 30)):
    counts = [
        dataclasses.replace(table(("year",), {"2023": found}), measure=HOUSED),
        dataclasses.replace(
            table(("year",), {"2023": lost[0], "2024": lost[1]}), measure="people_first_home_lost"
        ),
    ]
    estimate = PublishedEstimate(
        "t", "s", "2023", "share", (HOUSED,), "people_first_home_lost", value, low, high, step, bound
    )
    return dataclasses.replace(release(counts), estimates=(estimate,))


def test_the_attacker_finds_nothing_in_estimates_as_they_should_be():
    unpublished = printed(None, None, None, None)

    for each in (printed(), housed(), housed(90, None, None, 5, "at_least", 120), unpublished):
        assert [*check_estimates([each, each])] == []


@pytest.mark.parametrize(
    ("release", "why"),
    [
        (printed(1100), "finer than the step"),
        (printed(1200, 1000, 1400, 200), "narrower than one stay"),
        (printed(2000), "does not hold the estimate"),
        (printed(0, -500, 500), "nothing but that it is small"),
        (printed(low=None, high=None), "without its range"),
        (printed(diverted=99), "shown number of 100 or more"),
        (printed(diverted=None), "shown number of 100 or more"),
        (printed(None), "is hidden, and something of it is shown"),
        (housed(84, 80, 88, 2), "finer than the step|steps of 5"),
        (housed(95), "those who left may be fewer than 11"),
        (housed(25), "range does not hold|those who stayed may be fewer"),
        (housed(25, 20, 30), "those who stayed may be fewer"),
        (housed(95, None, None, 5, "at_least"), "beyond the end are known to be fewer"),
        (housed(90, 85, 95, 5, "at_least"), "the range says more than the end"),
        (housed(lost=(None, 40)), "has to make up for it"),
        (housed(lost=(30, None)), "has to make up for it"),
    ],
)
def test_the_attacker_names_what_an_estimate_tells(release, why):
    found = [each.why for each in check_estimates([release])]

    assert any(part in words for part in why.split("|") for words in found), found


def test_the_attacker_sees_a_change_that_no_correction_lists():
    listed = {
        "table": "jail_nights_avoided_rounded-by-year",
        "period": "2024",
        "categories": "",
        "old": "1000",
        "new": "2000",
    }
    silent = printed(2000, 500, 2500)
    half_listed = dataclasses.replace(silent, corrections=(listed,))
    range_listed = listed | {"categories": "high", "old": "1500", "new": "2500"}
    whole = dataclasses.replace(silent, corrections=(listed, range_listed))

    assert [each.why for each in check_estimates([printed(), silent])][0].endswith("no correction says so")
    assert [each.why for each in check_estimates([printed(), half_listed])] == [
        "the high changed, and is not among the corrections"
    ]
    assert [*check_estimates([printed(), whole])] == []


def test_who_lost_the_release_that_corrected_an_estimate_reads_of_it_in_the_next():
    listed = {"table": "jail_nights_avoided_rounded-by-year", "period": "2024", "categories": ""}
    twice = listed | {"old": "1000", "new": "500"}, listed | {"old": "500", "new": "1500"}
    latest = dataclasses.replace(printed(1500), corrections=twice)

    assert [*check_estimates([printed(), latest])] == []
    assert [*check_estimates([printed(), dataclasses.replace(latest, corrections=twice[:1])])]


@pytest.fixture
def recorded(monkeypatch):
    """A program of whose years so much is known; no database is opened."""
    monkeypatch.setattr(estimates, "_ripe", lambda database, estimate, plan, tables: ["2023", "2024"])

    def told(nights):
        def decided(database, estimate, plan, tables, year):
            return nights.get(year) if estimate.rule == "nights" else None

        monkeypatch.setattr(estimates, "_decided", decided)

    return told


class Metrics:
    def metric(self, name):
        return name


def released(rows):
    earlier = history.EarlierRelease("2026-01.1", 11, 0, (), {})
    return dataclasses.replace(earlier, estimates={"jail_nights_avoided_rounded": rows})


def test_an_estimate_stays_as_published_until_a_correction_lists_the_change(recorded):
    first, second = Rounded(500, 0, 1000, 500), Rounded(1500, 1000, 2000, 500)
    recorded({"2023": second, "2024": second})
    plan = load_plan()
    known = released({"2023": first})

    (stays,) = estimate_tables(Metrics(), plan, (), [known])
    (changed,) = estimate_tables(Metrics(), plan, (), [known], is_rebased=True)

    assert stays.rows == {"2023": first, "2024": second}
    assert changed.rows == {"2023": second, "2024": second}
    listed = [*corrections.of_estimates([changed], known, "Late stays", plan.launch or history.date.min)]
    assert [(each.period, each.categories, each.old, each.new) for each in listed] == [
        ("2023", (), 500, 1500),
        ("2023", ("low",), 0, 1000),
        ("2023", ("high",), 1000, 2000),
    ]


def test_an_estimate_that_was_withheld_stays_so(recorded):
    recorded({"2023": Rounded(500, 0, 1000, 500), "2024": Rounded(500, 0, 1000, 500)})

    for is_rebased in (False, True):
        (found,) = estimate_tables(Metrics(), load_plan(), (), [released({"2023": None})], is_rebased)
        assert found.rows["2023"] is None


def test_an_estimate_two_steps_off_is_refused_and_one_step_is_not():
    def of(value):
        return EstimateTable(
            next(iter(estimates.load_estimates().values())), None, {"2024": Rounded(value, 0, 9000, 500)}
        )

    def off(value):
        return [*corrections.estimate_differences([of(1000)], [of(value)], ReleasePlan())]

    assert off(1500) == []
    assert [(each.published, each.recorded) for each in off(2000)] == [(1000, 2000)]


def test_the_three_who_read_the_file_read_the_same(tmp_path):
    """The pages, the next release and the attacker, each by itself."""
    estimate = estimates.load_estimates()["still_housed_at_365_days"]
    rows = {"2022": None, "2023": Rounded(85, 80, 90, 5), "2024": Rounded(90, None, None, 5, "at_least")}
    path = tmp_path / "estimate.csv"
    path.write_bytes(files._estimates(EstimateTable(estimate, None, rows)))

    assert history._estimates(path) == rows
    cells = released_reader._read_estimate(path.read_text(encoding="utf-8"))
    assert [(cell.value, cell.low, cell.high, cell.bound) for cell in cells.values()] == [
        (None, None, None, ""),
        (85, 80, 90, ""),
        (90, None, None, "or more"),
    ]
    about = {"measure": estimate.series, "rule": estimate.rule, "rests_on": estimate.rests_on, "beside": ""}
    told = [folder._estimate("t", about, row) for row in folder._rows(path)]
    assert [(each.year, each.value, each.step, each.bound) for each in told] == [
        ("2022", None, None, ""),
        ("2023", 85, 5, ""),
        ("2024", 90, 5, "at_least"),
    ]
