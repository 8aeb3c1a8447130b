"""The calendar of all periods that anything shows."""

from datetime import date

import pytest

from leadstats.model import periods

MAY_31 = date(2026, 5, 31)


@pytest.mark.parametrize(
    ("by", "label", "first", "last_day", "days"),
    [
        ("month", "2026-05", date(2026, 5, 1), date(2026, 5, 31), 31),
        ("quarter", "2026-Q2", date(2026, 4, 1), date(2026, 6, 30), 91),
        ("year", "2026", date(2026, 1, 1), date(2026, 12, 31), 365),
        ("three_years", "2026-2028", date(2026, 1, 1), date(2028, 12, 31), 1096),
    ],
)
def test_a_label_says_which_days_it_covers(by, label, first, last_day, days):
    assert periods.label(MAY_31, by) == label
    assert periods.start(MAY_31, by) == periods.first_month(label) == first
    assert periods.last_day(label) == last_day
    assert periods.days(label) == days


def test_the_whole_of_what_was_asked_has_no_label():
    assert periods.label(MAY_31, "total") is None
    assert periods.start(MAY_31, "total") == date(2026, 5, 1)


@pytest.mark.parametrize(
    ("through", "by", "first"),
    [
        (date(2026, 5, 30), "month", date(2026, 4, 1)),
        (date(2026, 5, 31), "month", date(2026, 5, 1)),
        (date(2026, 6, 29), "quarter", date(2026, 1, 1)),
        (date(2026, 6, 30), "quarter", date(2026, 4, 1)),
        (date(2026, 12, 30), "year", date(2025, 1, 1)),
        (date(2026, 12, 31), "year", date(2026, 1, 1)),
    ],
)
def test_a_period_is_complete_at_the_end_of_its_last_day(through, by, first):
    assert periods.last_complete(through, by) == first


def test_months_are_counted_over_the_turn_of_a_year():
    assert periods.following_month(date(2024, 12, 31)) == date(2025, 1, 1)
    assert periods.months_before(date(2025, 1, 31), 13) == date(2023, 12, 1)
    assert periods.between("2024-11", "2025-02") == ["2024-11", "2024-12", "2025-01", "2025-02"]
    assert periods.between("2024", "2026") == ["2024", "2025", "2026"]
