"""Groups compared with a reference: gaps, ratios, people and bounds, from shown numbers only."""

import math
from datetime import date

import pytest
from results import BLACK, SPAN, WHITE, arrests

from leadstats.analysis.equity import equity
from leadstats.counting.catalog import load_metrics
from leadstats.counting.view import FilterError
from leadstats.statistics import intervals


@pytest.fixture
def compared(program):
    def compare(counts, audience="analyst", **choices):
        program.add(arrest=arrests(**counts)).site(data_through=date(2026, 6, 30))
        table = equity(program.database, "arrest_to_diversion", SPAN, audience, **choices)
        return {row.group: row for row in table.rows}, table

    return compare


def test_gap_ratio_and_people(compared):
    rows, table = compared({BLACK: (24, 120), WHITE: (24, 80)})
    row = rows[BLACK]
    assert (row.n, row.x, row.rate) == (120, 24, 20)
    assert (row.gap, row.gap_low, row.gap_high) == pytest.approx((-10, -22.413, 2.018), abs=1e-3)
    assert (row.ratio, row.ratio_low, row.ratio_high) == pytest.approx((0.66667, 0.40842, 1.08820), abs=1e-5)
    assert (row.additional_people, row.additional_low, row.additional_high) == pytest.approx(
        (12, -2.42, 26.90), abs=0.01
    )
    assert rows[WHITE].gap is rows[WHITE].ratio is None
    assert table.unknown.denominator == 0 and not table.ratio_bounds


def test_unknown_race_is_bounded_and_changes_no_rate(compared):
    rows, table = compared({BLACK: (24, 120), WHITE: (24, 80), "nobody knows": (6, 20)})
    assert rows[BLACK].ratio == pytest.approx(2 / 3)
    assert (table.unknown.denominator, table.unknown.numerator) == (20, 6)
    assert table.ratio_bounds[BLACK] == pytest.approx((0.5134, 0.9325), abs=1e-4)
    assert "Unknown" not in rows


def test_no_way_to_share_out_the_unknown_goes_beyond_the_bounds(compared):
    _, table = compared({BLACK: (4, 20), WHITE: (6, 18), "nobody knows": (2, 5)})
    low, high = table.ratio_bounds[BLACK]
    reached = [
        ((4 + event) / (20 + event + none)) / ((6 + 2 - event) / (18 + 5 - event - none))
        for event in range(3)
        for none in range(4)
    ]
    assert (low, high) == pytest.approx((min(reached), max(reached)))


def test_swapping_group_and_reference_turns_the_ratio_and_negates_the_gap(compared):
    rows, _ = compared({BLACK: (24, 120), WHITE: (24, 80)})
    turned, table = compared({}, reference=BLACK)
    assert table.reference == BLACK
    assert turned[WHITE].gap == pytest.approx(-rows[BLACK].gap)
    assert turned[WHITE].gap_low == pytest.approx(-rows[BLACK].gap_high)
    assert turned[WHITE].ratio == pytest.approx(1 / rows[BLACK].ratio)
    assert turned[WHITE].ratio_low == pytest.approx(1 / rows[BLACK].ratio_high)


def test_a_group_without_records_says_so(compared):
    rows, _ = compared({BLACK: (24, 120), WHITE: (24, 80)})
    assert rows["Asian"].rate is rows["Asian"].gap is None


def test_a_count_of_zero_has_a_ratio_for_analysts(compared):
    rows, _ = compared({BLACK: (0, 10), WHITE: (3, 10)})
    assert (rows[BLACK].ratio, rows[BLACK].ratio_low) == (0, 0)
    assert rows[BLACK].ratio_high == pytest.approx(1.135, abs=1e-3)


def test_an_infinite_ratio_is_left_out(compared):
    rows, _ = compared({BLACK: (5, 20), WHITE: (0, 20)})
    assert rows[BLACK].ratio is rows[BLACK].ratio_high is None
    assert rows[BLACK].ratio_low == pytest.approx(1.419, abs=1e-3)
    assert math.isfinite(rows[BLACK].gap)


def test_partners_see_no_ratio_of_a_group_without_events(compared):
    rows, _ = compared({BLACK: (0, 40), WHITE: (40, 80)}, "coordinating_group")
    assert rows[BLACK].rate == 0
    assert rows[BLACK].gap == -50
    assert rows[BLACK].ratio is rows[BLACK].ratio_high is None


def test_nothing_of_a_hidden_group_is_told(compared):
    rows, table = compared({BLACK: (5, 60), WHITE: (40, 80)}, "coordinating_group")
    hidden = rows[BLACK]
    assert hidden.hidden
    shown = {name: value for name, value in vars(hidden).items() if value not in (None, False)}
    assert set(shown) == {"group", "hidden"}
    assert BLACK not in table.ratio_bounds


@pytest.mark.parametrize(("diverted", "is_clear"), [(33, False), (31, True)])
def test_a_gap_is_clear_of_chance_among_all_groups_and_stages(compared, diverted, is_clear):
    """Eight groups at five stages: 5 % by 40, in two tails, are 3.23 errors. By Newcombe's method 33 of 200 are 3.17
    errors below 60 of 200, and 31 are 3.49."""
    rows, table = compared({BLACK: (diverted, 200), WHITE: (60, 200)})
    assert table.comparisons == 40
    assert rows[BLACK].gap_high < 0 and rows[BLACK].is_clear is is_clear


@pytest.mark.parametrize("diverted", [31, 33, 42])
def test_hiding_a_group_changes_no_verdict_on_another(compared, diverted):
    """Of 2025, partners saw more groups than the public did, and so heard of fewer gaps."""
    small = (
        "American Indian or Alaska Native",
        "Asian",
        "Hispanic or Latino",
        "Middle Eastern or North African",
    )
    all_shown, _ = compared({BLACK: (diverted, 200), WHITE: (60, 200)} | dict.fromkeys(small, (6, 60)))
    some, _ = compared({}, "coordinating_group")
    assert {some[name].hidden for name in small} == {"too few"} and not some[BLACK].hidden
    assert all_shown[BLACK] == some[BLACK]


def test_a_group_that_fares_better_is_not_adverse(compared):
    rows, _ = compared({BLACK: (120, 200), WHITE: (60, 200)})
    assert rows[BLACK].is_clear and not rows[BLACK].fares_worse and not rows[BLACK].is_adverse


def test_at_a_burden_fewer_would_be_better(program):
    program.add(
        arrest=[
            {"arrested_at": "2026-02-10", "is_charge_eligible": "yes", "is_booked": booked, "race": race}
            for race, yes, no in ((BLACK, 60, 40), (WHITE, 30, 70))
            for booked in ["yes"] * yes + ["no"] * no
        ]
    ).site(data_through=date(2026, 6, 30))
    table = equity(program.database, "arrest_to_booking", SPAN, "analyst")
    row = next(row for row in table.rows if row.group == BLACK)
    assert table.metric.benefit is False
    assert row.additional_people == -30


def test_a_stage_without_its_sources_says_which(program):
    program.add(arrest=arrests(White=(1, 2)))
    table = equity(program.database, "homeless_to_housed", SPAN)
    assert {"enrollment", "living_situation"} <= {*table.missing}
    assert {(row.rate, row.hidden) for row in table.rows} == {(None, "not recorded")}
    assert table.unknown.hidden == "not recorded"


@pytest.mark.parametrize(
    ("stage", "reference", "message"),
    [
        ("arrest_to_divertion", WHITE, "did you mean 'arrest_to_diversion'"),
        ("arrest_to_diversion", "Whyte", "did you mean 'White'"),
        ("arrest_to_diversion", "Unknown", "unknown reference group"),
    ],
)
def test_an_unknown_stage_or_reference_is_refused_in_words(program, stage, reference, message):
    program.add(arrest=arrests(White=(1, 2)))
    with pytest.raises(FilterError, match=message):
        equity(program.database, stage, SPAN, "analyst", reference)


def test_every_stage_is_a_share_of_records_with_a_race():
    for metric in (metric for metric in load_metrics().values() if metric.stage):
        assert metric.unit == "percent" and metric.estimator == "proportion" and metric.benefit is not None
        assert "race" in metric.breakdowns


# Arithmetic of the stages: eligible arrests, diverted, intake, housed.
CHAIN = {BLACK: (120, 24, 18, 9), WHITE: (80, 24, 20, 12)}


def stage_ratio(first, last):
    return intervals.ratio(CHAIN[BLACK][last], CHAIN[BLACK][first], CHAIN[WHITE][last], CHAIN[WHITE][first])


def test_ratios_of_the_stages_multiply_to_that_of_the_whole_way():
    stages = [stage_ratio(stage, stage + 1)[0] for stage in range(3)]
    assert stages == pytest.approx([0.6667, 0.9000, 0.8333], abs=1e-4)
    whole, low, high = stage_ratio(0, 3)
    assert whole == pytest.approx(math.prod(stages)) == pytest.approx(0.5)
    assert (low, high) == pytest.approx((0.2210, 1.1315), abs=1e-4)


def test_the_benchmark_decides_the_answer():
    residents = {BLACK: 10_000, WHITE: 60_000}
    diverted = intervals.ratio(24, residents[BLACK], 24, residents[WHITE])[0]
    arrested = intervals.ratio(120, residents[BLACK], 80, residents[WHITE])[0]
    offered = intervals.ratio(24, 120, 24, 80)[0]
    assert (diverted, arrested, offered) == pytest.approx((6, 9, 2 / 3))
    assert arrested * offered == pytest.approx(diverted)


def test_representation_equals_the_ratio_only_against_the_reference():
    black, white = (24 / 48) / (120 / 200), (24 / 48) / (80 / 200)
    assert (black, white) == pytest.approx((0.8333, 1.25), abs=1e-4)
    assert black / white == pytest.approx(intervals.ratio(24, 120, 24, 80)[0])
