"""Whether a diversion rate means what it seems to mean: fewer arrests, and people who would not have been booked."""

from collections.abc import Sequence

from leadstats.briefing.answer import Answer, left_out, of_results
from leadstats.briefing.by_group import groups
from leadstats.briefing.over_time import lines, trend
from leadstats.briefing.view import View
from leadstats.counting.view import NOT_RELEASED
from leadstats.model.language import say
from leadstats.narrative import captions, validity_checks, wording
from leadstats.narrative.wording import TextTable


def fewer_arrests(view: View) -> Answer:
    """Arrests against the same months a year earlier, since they have seasons."""
    now = view.published("diversion_rate", by="total")
    if now.missing == NOT_RELEASED:
        return left_out(say("Arrests against diversions"))
    earlier = now.filters.shifted(12)
    before = view.published(
        "diversion_rate", by="total", first_month=earlier.first_month, last_month=earlier.last_month
    )
    # The nearest period that a release has may differ from the one asked for.
    is_same = before.filters.first_month == earlier.first_month
    said, *counts = validity_checks.fewer_arrests(
        now.only, before.only if is_same else None, wording.span(earlier.first_month, earlier.last_month)
    )
    moved = [
        wording.changed(event)
        for event in view.database.site.events
        if event.is_new_baseline and earlier.first_month < event.day < now.filters.next_day
    ]
    return Answer("fewer-arrests", said, (now,), captions.subtitle(now), (*counts, *moved))


def net_widening(view: View) -> Sequence[Answer]:
    """Bookings against the year before LEAD, charge by charge, with the same baseline as the nights avoided."""
    avoided = view.published("bookings_avoided", by="total")
    if avoided.missing:
        return ()
    by_class = view.published("bookings_avoided", by="total", breakdown="charge_class")
    expected = view.published("booking_rate_expected", by="total")
    rate = view.published("diversion_rate", by="total")
    rows = tuple(
        (
            cell.category,
            wording.count(cell.events),
            f"{wording.percent(100 * cell.numerator / cell.denominator, cell.denominator)} of {wording.count(cell.denominator)}",
            f"{wording.shown(by_class.metric, cell)} ({wording.interval(by_class.metric, cell)})",
        )
        for cell in sorted(by_class.cells, key=lambda cell: (-(cell.events or 0), cell.category))
        if cell.value is not None and cell.denominator
    )
    head = ("Charge", "Diverted", "Booked, the year before LEAD", "Would have been booked")
    said, *rest = validity_checks.net_widening(avoided.only, by_class.cells)
    moved = validity_checks.bookings_moved(expected.only, rate.only)
    table = TextTable("Diverted arrests, and what became of such arrests before", head, rows)
    subtitle = f"{captions.subtitle(avoided)}; the year before LEAD: {_year_before(view)}"
    return [
        Answer(
            "net-widening",
            said,
            (by_class, expected),
            subtitle,
            tuple(filter(None, (*rest, moved))),
            table=table if rows else None,
        )
    ]


def reconciled(view: View) -> Answer:
    """Why arrests diverted, referrals by arrest diversion and intakes are three numbers."""
    found = [
        view.published(name, by="total")
        for name in ("arrests_diverted_by_referral", "arrest_referrals_by_result")
    ]
    rows = tuple(
        (whole, cell.category, wording.shown(published.metric, cell))
        for whole, published in zip(("Arrests diverted", "Referrals by arrest diversion"), found, strict=True)
        for cell in published.cells
    )
    table = TextTable(captions.subtitle(*found), ("Of", "What became of them", "Number"), rows, 2)
    return of_results(found, None, validity_checks.reconciled(*found), table=table, is_open=True)


def beside_the_rate(view: View) -> list[Answer]:
    """What the rate is made of, and what belongs beside it: arrests, bookings, referrals, diversions not on the list."""
    return [
        lines(view, "eligible_arrests", "arrests_diverted"),
        trend(view, "arrests_diverted", has_limits=True),
        trend(view, "booking_rate"),
        reconciled(view),
        groups(view, "off_list_diversions", "charge_class"),
        trend(view, "diversions_completed"),
    ]


def _year_before(view: View) -> str:
    baseline = view.database.site.baseline
    if baseline.first is None:
        return "the 365 days before the first referral"
    return wording.span(baseline.first.replace(day=1), baseline.last.replace(day=1))
