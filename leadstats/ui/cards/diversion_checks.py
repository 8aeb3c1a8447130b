"""The cards that ask whether a diversion rate means what it seems to mean."""

from datetime import date

from leadstats.briefing import View
from leadstats.model import periods
from leadstats.narrative import validity_checks, wording
from leadstats.narrative.wording import TextTable
from leadstats.ui.cards.card import as_markup, links
from leadstats.ui.shell.frame import block, leave_out
from leadstats.ui.shell.markup import tag, text


def fewer_arrests(view: View) -> None:
    """Against the same months a year earlier, since arrests have seasons."""
    if view.database.is_public:
        # A release counts people and not arrests, so it has no shrinking number of arrests to show.
        leave_out(["Arrests against diversions"])
        return
    earlier = view.filters.shifted(12)
    now = view.published("diversion_rate", by="total")
    before = view.published(
        "diversion_rate", by="total", first_month=earlier.first_month, last_month=earlier.last_month
    )
    said, *counts = validity_checks.fewer_arrests(
        now.only, before.only, wording.span(earlier.first_month, earlier.last_month)
    )
    block(
        tag(
            "div",
            tag("h3", text(said)),
            tag("p", text(wording.subtitle(now)), class_="subtitle"),
            *(tag("p", text(sentence)) for sentence in counts),
            links(view, [now]),
            class_="card",
        )
    )


def net_widening(view: View) -> None:
    """Against the year before LEAD, charge by charge."""
    months = _before_lead(view)
    diverted = view.published("diversion_rate", by="total", breakdown="charge_class")
    if diverted.missing or not months:
        return
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
    sentences = filter(None, (*rest, validity_checks.bookings_moved(rates)))
    block(
        tag(
            "div",
            tag("h3", text(said)),
            tag("p", text(f"{wording.subtitle(diverted)}; the year before LEAD: {year}"), class_="subtitle"),
            *(tag("p", text(sentence)) for sentence in sentences),
            as_markup(TextTable("Diverted arrests, and what became of such arrests before", head, rows))
            if rows
            else "",
            links(view, [diverted, booked]),
            class_="card",
        )
    )


def _before_lead(view: View) -> dict[str, date]:
    """The baseline year in whole months, the last of which ended before LEAD began."""
    end = view.database.site.baseline.next_day
    if end is None:
        return {}
    last = periods.months_before(end, 1)
    return {"first_month": periods.months_before(last, 11), "last_month": last}
