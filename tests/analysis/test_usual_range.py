"""Which limits a metric gets, and from which periods."""

from dataclasses import replace

import pytest
from results import QUIET, diverted

from leadstats.analysis import usual_range


# Around 20 arrests a month; the same days of 30.
def test_months_of_unequal_length_have_limits_of_their_own():
    usual = usual_range.limits(diverted(*QUIET))
    rate = 30 * sum(QUIET) / 365
    assert usual.center[0] == pytest.approx(rate * 31 / 30)
    assert usual.center[1] == pytest.approx(rate * 28 / 30)
    assert usual.upper[1] == pytest.approx(rate * 28 / 30 + 3 * (rate * 28 / 30) ** 0.5)


def test_a_usual_range_begins_with_the_program_and_after_what_is_hidden():
    before = diverted(*[0] * 6, *QUIET)
    assert len(usual_range.limits(before).center) == 12
    hidden = replace(
        before, cells=(replace(before.cells[0], hidden="too few", value=None), *before.cells[1:])
    )
    assert len(usual_range.limits(hidden).center) == 12
    late = replace(
        before,
        cells=(
            *before.cells[:12],
            replace(before.cells[12], hidden="too few", value=None),
            *before.cells[13:],
        ),
    )
    assert usual_range.limits(late) is None  # five months since


def test_released_arrests_have_a_usual_range_though_a_release_tells_no_events_beside_them():
    inside = diverted(*QUIET)
    released = replace(inside, cells=tuple(replace(cell, events=None) for cell in inside.cells))
    assert usual_range.limits(released) == usual_range.limits(inside)
