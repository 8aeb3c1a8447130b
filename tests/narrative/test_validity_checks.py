"""Whether a diversion rate rises with nobody spared jail: worked out from numbers a reader can check."""

import pytest

from leadstats.counting.view import Cell
from leadstats.narrative.validity_checks import Spared, bookings_moved, fewer_arrests, net_widening, spared


def rate(numerator, denominator, category="Everyone", hidden=None):
    if hidden:
        return Cell(None, category, hidden=hidden)
    return Cell(
        None, category, value=100 * numerator / denominator, numerator=numerator, denominator=denominator
    )


@pytest.mark.parametrize(
    ("now", "before", "said", "same"),
    [
        (
            rate(50, 200),
            rate(60, 400),
            "Warning: the rate rose since 2024, with fewer arrests and nobody diverted more",
            "12.5%",
        ),
        (rate(80, 200), rate(60, 400), "The rate rose since 2024, in part with fewer arrests", "20.0%"),
        (rate(120, 400), rate(60, 400), "The rate rose since 2024, with no fewer arrests", ""),
        (
            rate(20, 200),
            rate(60, 400),
            "The rate did not rise since 2024, so fewer arrests cannot have inflated it",
            "",
        ),
        (
            rate(61, 390),
            rate(62, 400),
            "Warning: the rate rose since 2024, by no more than chance allows, with fewer arrests and nobody diverted more",
            "15.3%",
        ),
    ],
)
def test_a_rate_that_rises_for_want_of_arrests_is_named(now, before, said, same):
    finding, counts = fewer_arrests(now, before, "2024")
    assert finding == said
    assert f"eligible arrests from {before.denominator} to {now.denominator}." in counts
    assert (
        counts.endswith(f"With as many arrests as then, the rate would be {same}.")
        if same
        else "as then" not in counts
    )


def test_a_hidden_year_is_compared_with_nothing():
    assert fewer_arrests(rate(0, 1, hidden="too few"), rate(60, 400), "2024") == [
        "Whether fewer arrests raise the rate cannot be told: 2024 has no number to compare with"
    ]


def test_of_the_diverted_only_some_would_have_been_booked():
    diverted = [
        rate(40, 100, "Theft"),
        rate(10, 20, "Felony"),
        rate(30, 90, "New"),
        rate(0, 1, "Small", "too few"),
    ]
    before = [rate(240, 400, "Theft"), rate(45, 50, "Felony"), rate(9, 9, "Small")]
    found = spared(diverted, before)
    assert found == [Spared("Theft", 40, 240, 400), Spared("Felony", 10, 45, 50)]
    assert [each.expected for each in found] == pytest.approx([24, 9])
    # 40 x 0.6 + 10 x 0.9 = 33; variance 40^2 x 0.24/400 + 10^2 x 0.09/50 = 1.14
    assert net_widening(found, 80) == [
        "Of 50 diverted arrests, about 33 would have led to jail at the rates of the year before LEAD (31 to 35)",
        "About 17 would have been cited and released: no booking was spared. For 30 more, the charge has no such rate.",
    ]
    assert "more" not in net_widening(found, 50)[1]


def test_without_a_year_before_nothing_is_claimed():
    assert "cannot be told" in net_widening([], 80)[0]


def test_bookings_that_fall_by_less_than_diversion_takes_are_no_bookings_spared():
    rates = {"diversion_rate": (None, rate(80, 400)), "booking_rate": (rate(120, 400), rate(100, 400))}
    assert bookings_moved(rates) == (
        "Diversion takes 20.0% of eligible arrests; the share booked fell by 5.0 points since the year before LEAD "
        "(from 30.0% to 25.0%). That leaves 15.0 points of diversion that were no bookings before, if the arrests "
        "are comparable."
    )
    rates["booking_rate"] = (rate(100, 400), rate(120, 400))
    assert bookings_moved(rates).startswith("Warning: diversion takes 20.0% of eligible arrests, yet")
    rates["booking_rate"] = (None, rate(120, 400))
    assert bookings_moved(rates) == ""
