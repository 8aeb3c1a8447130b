"""Whether a diversion rate rises with nobody spared jail: worked out from numbers a reader can check."""

from datetime import date

import pytest

from leadstats.counting.catalog import load_metrics
from leadstats.counting.view import Cell, Filters, Published
from leadstats.narrative.validity_checks import bookings_moved, fewer_arrests, net_widening, reconciled


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
        "Whether fewer arrests raise the rate cannot be told: there is no rate of these months"
    ]
    assert fewer_arrests(rate(60, 400), rate(0, 1, hidden="too few"), "2024") == [
        "Whether fewer arrests raise the rate cannot be told: 2024 has no number to compare with"
    ]


def bookings(category, diverted, value=None, low=None, high=None, hidden=None):
    return Cell(
        None, category, events=None if hidden else diverted, value=value, low=low, high=high, hidden=hidden
    )


def test_of_the_diverted_only_some_would_have_been_booked():
    by_class = [
        bookings("Theft", 40, 24),
        bookings("Felony", 10, 9),
        bookings("New", 30),
        bookings("None", 0, 0),
    ]

    # 40 x 0.6 + 10 x 0.9 = 33 of 50.
    assert net_widening(bookings("Everyone", 80, 33, 31, 35), by_class) == [
        "Of 50 diverted arrests, about 33 would have led to jail at the shares of the year before LEAD (31 to 35)",
        "About 17 would have been cited and released: no booking was spared. For 30 more, nobody was arrested for such a "
        "charge in that year.",
    ]
    assert "more" not in net_widening(bookings("Everyone", 50, 33, 31, 35), by_class[:2])[1]


def test_with_a_hidden_charge_those_cited_and_released_are_at_most_so_many():
    """The hidden charge may be one that nobody was arrested for in the year before."""
    by_class = [bookings("Theft", 40, 24), bookings("New", 8, hidden="too few")]
    said, rest = net_widening(bookings("Everyone", 48, 24, 22, 26), by_class)
    assert said.startswith("Of 48 diverted arrests, about 24 would have led to jail")
    assert rest == (
        "At most about 24 would have been cited and released: no booking was spared. For a charge that is hidden to "
        "protect privacy, there may be no arrest in that year to go by."
    )


def test_without_a_year_before_nothing_is_claimed():
    assert "cannot be told" in net_widening(bookings("Everyone", 80), [])[0]
    assert "cannot be told" in net_widening(bookings("Everyone", 0, 0), [])[0]
    assert "cannot be told" in net_widening(bookings("Everyone", 80, hidden="too few"), [])[0]
    assert "cannot be told" in net_widening(None, [])[0]


def expected(value, low, high, booked, arrests):
    return Cell(None, "Everyone", value=value, low=low, high=high, numerator=booked, denominator=arrests)


def test_bookings_that_fall_by_less_than_diversion_takes_are_no_bookings_spared():
    """Of 400 arrests 120 would have been booked and 100 were: 5 points of 20 are bookings spared."""
    assert bookings_moved(expected(30.0, 28.0, 33.0, 100, 400), rate(80, 400)) == (
        "Diversion takes 20.0% of eligible arrests; the share booked fell by 5.0 points: of such arrests 30.0% were booked "
        "in the year before LEAD and 25.0% now, charge by charge. That leaves 15.0 points of diversion (12.0 to 17.0) that "
        "were no bookings before, if arrests for the same charge are comparable."
    )
    assert bookings_moved(expected(25.0, 23.0, 28.0, 120, 400), rate(80, 400)).startswith(
        "Warning: diversion takes 20.0% of eligible arrests, yet"
    )
    assert bookings_moved(expected(None, None, None, 120, 400), rate(80, 400)) == ""
    assert bookings_moved(expected(30.0, 28.0, 33.0, 100, 400), None) == ""


def parts(name, *values):
    metric = load_metrics()[name]
    cells = (
        Cell(None, category, value=value, events=value, hidden="too few" if value is None else None)
        for category, value in zip(metric.categories, values, strict=True)
    )
    return Published(
        metric, Filters(date(2025, 1, 1), date(2025, 12, 1), "total"), tuple(cells), date(2026, 1, 1)
    )


def test_diverted_arrests_referrals_and_intakes_are_three_numbers():
    arrests = parts("arrests_diverted_by_referral", 355, 163, 65)
    referrals = parts("arrest_referrals_by_result", 159, 175, 40)

    assert reconciled(arrests, referrals) == (
        "Of 583 diverted arrests, a referral names 355; of 374 referrals by arrest diversion, 159 led to an intake"
    )
    assert reconciled(parts("arrests_diverted_by_referral", None, 163, None), referrals) == (
        "Of 374 referrals by arrest diversion, 159 led to an intake"
    )
    assert reconciled(
        parts("arrests_diverted_by_referral", 54, 21, None),
        parts("arrest_referrals_by_result", 27, None, None),
    ) == (
        "Of the arrests diverted, a referral names 54; of the referrals by arrest diversion, 27 led to an intake"
    )
