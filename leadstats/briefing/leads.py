"""What each page asks of a view to answer its question in one sentence."""

from collections.abc import Callable, Mapping

from leadstats.briefing.view import View
from leadstats.narrative import equity_sentences, page_leads

# Of a release, the numbers whose own sentences it brings along.
RELEASED = {
    "overview": ("people_referred", "people_enrolled", "arrests_diverted"),
    "enrollment": ("people_referred", "intake_within_30_days"),
    "diversion": ("diversion_rate",),
    "jail_beds": ("participants_in_jail", "participants_in_jail_nights"),
    "housing": ("people_placed_in_permanent_housing",),
}


def lead(page: str, view: View) -> str:
    """The answer to a page's question; nothing for a page that has none."""
    if view.database.is_public and page in RELEASED:
        known = filter(view.database.can_name, RELEASED[page])
        return " ".join(filter(None, (page_leads.released(view.figure(metric)) for metric in known)))
    return LEADS[page](view) if page in LEADS else ""


def _from(sentence: Callable[..., str], *metrics: str) -> Callable[[View], str]:
    """A sentence made of these numbers, each over its own months."""
    return lambda view: sentence(*map(view.figure, metrics))


def _equity(view: View) -> str:
    return page_leads.equity([view.equity(stage) for stage in equity_sentences.STAGES])


def _neighborhoods(view: View) -> str:
    rates = view.figure("diversion_rate", breakdown="neighborhood")
    if any(cell.value is not None for cell in rates.cells):
        return page_leads.places_apart(rates, view.figure("diversion_rate"))
    return page_leads.headline(view.figure("people_referred", breakdown="neighborhood"))


def _data_quality(view: View) -> str:
    if view.database.is_public:
        numbers = [number for held in view.database.tables.values() for number in held.values()]
        shown = sum(number is not None for number in numbers)
        return page_leads.numbers_hidden(shown, len(numbers) - shown)
    read, rejected = (
        sum(getattr(each, part) for each in view.database.exports.files) for part in ("read", "rejected")
    )
    return page_leads.rows_left_out(read, rejected, [view.equity(stage) for stage in equity_sentences.STAGES])


LEADS: Mapping[str, Callable[[View], str]] = {
    "overview": _from(page_leads.overview, "people_referred", "people_enrolled", "arrests_diverted"),
    "enrollment": _from(page_leads.enrollment, "intake_within_30_days", "waiting_for_intake"),
    "diversion": _from(page_leads.diversion, "diversion_rate"),
    "jail_beds": _from(page_leads.jail_beds, "jail_nights_avoided", "jail_beds_avoided"),
    "housing": _from(page_leads.housing, "people_placed_in_permanent_housing", "still_housed_at_365_days"),
    "equity": _equity,
    "neighborhoods": _neighborhoods,
    "explore": lambda view: page_leads.EXPLORE,
    "data_quality": _data_quality,
    "definitions": lambda view: page_leads.definitions(len(view.database.metrics)),
}
