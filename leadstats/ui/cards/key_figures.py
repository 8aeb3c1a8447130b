"""The big numbers at the top of a page: each with its unit, its past in words, and where to read on."""

from leadstats import charts
from leadstats.briefing import View
from leadstats.counting import reliability
from leadstats.counting.view import NOT_RELEASED, Cell, Filters, Published
from leadstats.narrative import wording
from leadstats.ui.cards import chart_cards, method
from leadstats.ui.shell import address
from leadstats.ui.shell.frame import block, leave_out, page
from leadstats.ui.shell.markup import Markup, link, tag, text

OUTSIDE_THE_DATA = "The chosen months lie outside the data."


def figures(view: View, *metrics: str, **pages: str) -> None:
    """Metrics by name; as a keyword, with the page that says more about it."""
    targets = {**dict.fromkeys(metrics), **pages}
    found = {metric: view.figure(metric) for metric in targets}
    released = {metric: each for metric, each in found.items() if each.missing != NOT_RELEASED}
    block(
        tag(
            "dl",
            *(_figure(view, metric, published, targets[metric]) for metric, published in released.items()),
            class_="figures",
        )
        if released
        else ""
    )
    if lacking := [each.metric.title for metric, each in found.items() if metric not in released]:
        leave_out(lacking)


def _figure(view: View, metric: str, published: Published, target: str | None) -> Markup:
    cell = next(iter(published.cells), None)
    more = (
        tag("dd", link(f"More on {page(target).title.lower()}", address.of(view, target)), class_="more")
        if target
        else ""
    )
    title = tag("dt", link(published.metric.title, method.address(view, published)))
    if published.missing or cell is None:
        what = wording.missing(published) if published.missing else OUTSIDE_THE_DATA
        return tag("div", title, tag("dd", text(what), class_="lacking"), more)
    unit = (
        wording.noun(published.metric.unit, cell.value) if cell.value is not None and not cell.hidden else ""
    )
    number = wording.shown(published.metric, cell)
    is_words = cell.too_few or not any(letter.isdigit() for letter in number)
    return tag(
        "div",
        title,
        tag("dd", text(number), class_="number words" if is_words else "number"),
        tag("dd", text(" ".join(filter(None, (unit, _range(published, cell))))), class_="unit")
        if unit or cell.low
        else "",
        tag("dd", charts.sparkline(_course(view, metric))),
        tag("dd", text(view.moved(published)), class_="change") if view.moved(published) else "",
        *(tag("dd", text(sentence), class_="change") for sentence in _changes(view, published, cell)),
        more,
    )


def _range(published: Published, cell: Cell) -> str:
    found = wording.interval(published.metric, cell)
    small = "; small group" if reliability.is_small(published.metric, cell) else ""
    return f"(range {found}{small})" if found else ""


def _course(view: View, metric: str) -> list[float | None]:
    """The same numbers as the chart further down, so that neither asks twice."""
    (published,) = chart_cards.over_time(view, metric)
    return [cell.value for cell in published.cells if not cell.is_partial]


def _changes(view: View, published: Published, now: Cell) -> list[str]:
    """Against the span before and the same span a year earlier, which for a year are one."""
    before, year = (published.filters.shifted(months) for months in (published.filters.months, 12))
    sentences = []
    for earlier in dict.fromkeys((before, year)):
        than = wording.span(earlier.first_month, earlier.last_month)
        sentences.append(wording.comparison(now, _then(view, published, earlier), published.metric, than))
    return sentences


def _then(view: View, published: Published, earlier: Filters) -> Cell | None:
    if earlier.first_month < view.window((published.metric.name,), 1200):
        return None
    then = view.published(
        published.metric.name, by="total", first_month=earlier.first_month, last_month=earlier.last_month
    )
    is_same_span = then.filters.first_month == earlier.first_month
    return next(iter(then.cells), None) if is_same_span else None
