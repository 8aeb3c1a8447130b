"""Two sides of one measure on one chart: two places, a place and all others, or a place and its own past."""

from dataclasses import replace

from leadstats import charts
from leadstats.analysis import clear
from leadstats.briefing import places, tables
from leadstats.briefing.answer import Answer, of_results
from leadstats.briefing.view import View
from leadstats.counting.view import Cell, Published
from leadstats.model.language import message, say
from leadstats.narrative import contrast as narrative
from leadstats.narrative import wording
from leadstats.statistics import intervals

ALL_OTHERS, BEFORE = message("everybody else"), message("as many months before")


def offered(view: View) -> list[str]:
    """The shares of distinct people or events by place: only for these can the rest, and chance, be worked out."""
    return [name for name in places.offered(view) if view.database.metric(name).estimator == "proportion"]


def contrast(view: View, metric: str, place: str, other: str) -> Answer:
    """One share for a place and for what it is compared with: another place, ALL_OTHERS (including unknown places and
    those outside) or BEFORE.

    If a place's number is hidden, that of everybody else together is too: the two add up to a number that is shown.
    """
    published = view.figure(metric, breakdown="neighborhood")
    if published.missing:
        return of_results([published], None)
    one, (name, against) = _cell(published, place), _against(view, published, place, other)
    is_pair = other not in (ALL_OTHERS, BEFORE)
    comparisons = (clear.of_pairs if is_pair else clear.of_places)(published.cells)
    both = replace(published, cells=(replace(one, category=place), replace(against, category=name)))
    lead = narrative.finding(published.metric, *both.cells, (place, name), comparisons)
    table = tables.of_results([both])
    # The same measure may be on the page by itself, and two tables need different names.
    table = replace(
        table,
        caption=say("{place} and {name}: {text}", place=place, name=name, text=wording.small(table.caption)),
    )
    answer = of_results([both], charts.by_category(both), lead, table=table)
    return replace(answer, name=f"contrast-{metric}", has_csv=False)


def _against(view: View, published: Published, place: str, other: str) -> tuple[str, Cell]:
    """The other side and its name in words, with its months if they differ."""
    months, name = published.filters, published.metric.name
    if other == BEFORE:
        earlier = months.shifted(months.months)
        called = wording.span(earlier.first_month, earlier.last_month)
        if earlier.first_month < view.begun(name):
            return called, Cell(None, place)
        ends = {"first_month": earlier.first_month, "last_month": earlier.last_month}
        before = view.published(name, by="total", breakdown="neighborhood", **ends)
        is_same = before.filters.first_month == earlier.first_month
        return called, _cell(before, place) if is_same else Cell(None, place)
    if other == ALL_OTHERS:
        ends = {"first_month": months.first_month, "last_month": months.last_month}
        return say(ALL_OTHERS), _rest(view.published(name, by="total", **ends).only, _cell(published, place))
    return other, _cell(published, other)


def _rest(whole: Cell | None, one: Cell) -> Cell:
    """Everybody except the people of one place."""
    hidden = one.hidden or (whole.hidden if whole else None)
    if (
        hidden
        or whole is None
        or None in (whole.numerator, one.numerator)
        or one.denominator == whole.denominator
    ):
        return Cell(None, ALL_OTHERS, hidden=hidden)
    x, n = whole.numerator - one.numerator, whole.denominator - one.denominator
    low, high = intervals.wilson(x, n)
    return Cell(
        None, ALL_OTHERS, value=100 * x / n, low=100 * low, high=100 * high, numerator=x, denominator=n
    )


def _cell(published: Published, place: str) -> Cell:
    return next((cell for cell in published.cells if cell.category == place), Cell(None, place))
