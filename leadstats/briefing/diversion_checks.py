"""Whether a diversion rate means what it seems to mean: fewer arrests, and people who would not have been booked."""

from collections.abc import Sequence
from datetime import date

from leadstats.briefing.answer import Answer, left_out
from leadstats.briefing.view import View
from leadstats.counting.view import NOT_RELEASED
from leadstats.model import periods
from leadstats.narrative import validity_checks, wording
from leadstats.narrative.wording import TextTable


def fewer_arrests(view: View) -> Answer:
    """Against the same months a year earlier, since arrests have seasons."""
    now = view.published("diversion_rate", by="total")
    if now.missing == NOT_RELEASED:
        return left_out("Arrests against diversions")
    earlier = now.filters.shifted(12)
    before = view.published(
        "diversion_rate", by="total", first_month=earlier.first_month, last_month=earlier.last_month
    )
    # Of a release, the nearest period it has may be another than the one asked for.
    is_same = before.filters.first_month == earlier.first_month
    said, *counts = validity_checks.fewer_arrests(
        now.only, before.only if is_same else None, wording.span(earlier.first_month, earlier.last_month)
    )
    moved = [
        wording.changed(event)
        for event in view.database.site.events
        if event.is_new_baseline and earlier.first_month < event.day < now.filters.next_day
    ]
    return Answer("fewer-arrests", said, (now,), wording.subtitle(now), (*counts, *moved))


def net_widening(view: View) -> Sequence[Answer]:
    """Against the year before LEAD, charge by charge."""
    months = _before_lead(view)
    diverted = view.published("diversion_rate", by="total", breakdown="charge_class")
    if diverted.missing or not months:
        return ()
    booked = view.published("booking_rate", by="total", breakdown="charge_class", **months)
    found = validity_checks.spared(diverted.cells, booked.cells)
    rates = {
        name: (
            view.published(name, by="total", **months).only,
            view.published(name, by="total").only,
        )
        for name in ("diversion_rate", "booking_rate")
    }
    everyone = rates["diversion_rate"][1]
    rows = tuple(
        (
            each.charge,
            wording.count(each.diverted),
            f"{wording.percent(100 * each.chance, each.arrests_before)} of {wording.count(each.arrests_before)}",
            wording.count(each.expected),
        )
        for each in found
    )
    head = ("Charge", "Diverted", "Booked, the year before LEAD", "Would have been booked")
    year = wording.span(months["first_month"], months["last_month"])
    said, *rest = validity_checks.net_widening(found, everyone and everyone.numerator)
    sentences = tuple(filter(None, (*rest, validity_checks.bookings_moved(rates))))
    table = TextTable("Diverted arrests, and what became of such arrests before", head, rows)
    subtitle = f"{wording.subtitle(diverted)}; the year before LEAD: {year}"
    return [
        Answer(
            "net-widening",
            said,
            (diverted, booked),
            subtitle,
            sentences,
            table=table if rows else None,
            is_open=True,
        )
    ]


def _before_lead(view: View) -> dict[str, date]:
    """The baseline year in whole months, the last of which ended before LEAD began."""
    end = view.database.site.baseline.next_day
    if end is None:
        return {}
    last = periods.months_before(end, 1)
    return {"first_month": periods.months_before(last, 11), "last_month": last}
