"""What a control chart says."""

import pytest
from results import QUIET, diverted

from leadstats.analysis import usual_range
from leadstats.narrative import headlines, signals


def test_the_baseline_is_the_first_year_and_not_the_first_month_shown():
    history = diverted(*QUIET, *[30] * 8)
    shown = diverted(*QUIET, *[30] * 8, start=13)
    usual = usual_range.limits(shown, history)
    assert len(usual.center) == 8 and usual.center[0] == pytest.approx(sum(QUIET) / 365 * 31)
    assert "8 months in a row above the usual level, from January 2026 to August 2026." in (
        signals.listed(shown, usual)
    )
    assert "level of January 2025 to December 2025" in signals.listed(shown, usual)[-1]
    assert "long on one side of the usual level: ask what changed" in headlines.headline(shown, usual)


def test_a_new_baseline_is_provisional_and_makes_the_shift_usual():
    history = diverted(*QUIET, *[30] * 8)
    usual = usual_range.limits(history, history, {"2026-01"})
    assert usual.is_provisional and not usual.signals
    (note,) = signals.listed(history, usual)
    assert "level of January 2026 to August 2026, provisional: fewer than 12 months" in note
