"""The kinds of card a page may ask for: over time, by group, several measures, small multiples."""

from collections.abc import Sequence
from dataclasses import replace

from leadstats import charts
from leadstats.analysis import control_charts
from leadstats.briefing import View
from leadstats.counting.view import NOT_RELEASED, Cell, Published
from leadstats.model import periods
from leadstats.narrative import headlines, wording
from leadstats.ui.cards.card import card
from leadstats.ui.shell.frame import block
from leadstats.ui.shell.markup import Markup, tag, text

# A chart by month says little when a quarter of its months are hidden; then quarters, then years.
MOST_HIDDEN = 0.25
# Of many groups, the small ones are hidden whatever the period.
MOST_HIDDEN_OF_GROUPS = 0.5
LONGEST = {"month": 48, "quarter": 60, "year": 100}
# A line needs a past: at least so many months up to the last one chosen, as far as the data go.
SHOWN_MONTHS = {"month": 24, "quarter": 36, "year": 60}
ALL_MONTHS = 1200
FLOW = ("caseload_at_start", "new_people", "people_reentered", "people_exited", "active_caseload")
MINUS = "\N{MINUS SIGN}"


def over_time(view: View, *metrics: str, breakdown: str | None = None) -> list[Published]:
    """Measures by month, or by the first coarser period that leaves most of each to be shown."""
    groups = len(view.database.categories.get(breakdown, (None,)))
    best: list[Published] = []
    for by, longest in LONGEST.items():
        if breakdown and by == "month":
            continue  # groups by month are mostly hidden, and it takes long to find out which
        start = periods.start(view.window(metrics, SHOWN_MONTHS[by]), by)
        found = [view.published(metric, by=by, first_month=start, breakdown=breakdown) for metric in metrics]
        if len(found[0].cells) > longest * groups:
            continue
        if all(published.cells and _is_readable(published) for published in found):
            return found
        if not best or _told(found) > _told(best):
            best = found
    return best


def _is_readable(published: Published) -> bool:
    """Zeros are always shown, so they say nothing of how much of the rest can be."""
    hidden = sum(cell.is_protected for cell in published.cells)
    shown = sum(bool(cell.value) for cell in published.cells)
    most = MOST_HIDDEN_OF_GROUPS if published.filters.breakdown else MOST_HIDDEN
    return hidden <= most * (hidden + shown)


def _told(found: Sequence[Published]) -> int:
    return sum(bool(cell.value) for published in found for cell in headlines.told(published.cells))


def trend(view: View, metric: str, has_limits: bool = False) -> None:
    """One measure over time; `has_limits` where a partner might mistake chance for change."""
    (published,), usual = over_time(view, metric), None
    if has_limits:
        published, usual = controlled(view, metric) or (published, None)
    happened = _events(view, published)
    card(
        view,
        [published],
        charts.trend(published, usual, happened),
        headlines.headline(published, usual),
        [event.sentence for event in happened],
        [headlines.summary(published), *(headlines.signals(published, usual) if usual else [])],
    )


def controlled(view: View, metric: str) -> tuple[Published, control_charts.ControlLimits] | None:
    """By the first period that hides nothing shown: a chart with gaps would signal where it is thin."""
    first = view.window((metric,), SHOWN_MONTHS["month"])
    begun = view.window((metric,), ALL_MONTHS)
    for by in LONGEST:
        published = view.published(metric, by=by, first_month=periods.start(first, by))
        history = view.published(metric, by=by, first_month=periods.start(begun, by))
        usual = headlines.usual_range(published, history, new_baselines(view, by))
        if usual and not any(cell.hidden for cell in published.cells):
            return published, usual
    return None


def _events(view: View, published: Published) -> list[charts.EventMark]:
    """The site's events within the periods of a result, numbered in order of their days."""
    shown = {cell.period for cell in published.cells}
    found = [
        (period, f"{wording.day(event.day)}: {event.text}")
        for event in view.database.site.events
        if (period := periods.label(event.day, published.filters.by)) in shown
    ]
    return [charts.EventMark(number, *found) for number, found in enumerate(found, 1)]


def new_baselines(view: View, by: str) -> set[str | None]:
    """Periods in which, the site says, something changed for good what is usual."""
    return {periods.label(event.day, by) for event in view.database.site.events if event.is_new_baseline}


def lines(view: View, *metrics: str, headline: str = "") -> None:
    """Up to four measures of one unit over time."""
    found = over_time(view, *metrics)
    known = [published for published in found if published.cells and not published.missing] or found
    happened = _events(view, known[0])
    card(
        view,
        known,
        charts.lines(known, happened) if known[0].cells and not known[0].missing else None,
        headline or headlines.together(known),
        [event.sentence for event in happened],
    )


def groups(view: View, metric: str, breakdown: str | None = None) -> None:
    """One measure over the chosen months, by the groups of a breakdown or by its own."""
    published = ordered(view.figure(metric, breakdown=breakdown))
    card(view, [published], charts.by_category(published), sentences=_sentences(view, published))


def measures(view: View, *metrics: str, headline: str) -> None:
    """Several rates or estimates of one unit, of the same people, one row each. `headline` holds a
    {} for each number in turn."""
    asked = view.figures(*metrics)
    found = [published for published in asked if published.missing != NOT_RELEASED] or asked
    rows = [
        replace(mark, label=published.metric.title) for published in found for mark in charts.marks(published)
    ]
    suffix = "%" if found[0].metric.unit == "percent" else ""
    chart = charts.Chart(charts.dots(rows, suffix=suffix), headlines.alt_together(found))
    sentences = _sentences(view, *found)
    has_number = any(cell.value is not None for published in found for cell in published.cells)
    said = headline.format(*map(headlines.number, asked)) if has_number else headlines.headline(found[0])
    if len(found) < len(asked):
        said = headlines.together(found)
    card(view, asked, chart if rows else None, said, sentences=sentences)


def _sentences(view: View, *results: Published) -> list[str]:
    return [view.moved(results[0]), headlines.summary(*results)]


def flow(view: View) -> None:
    """How the caseload came from its first day to its last: who came, came back, and left."""
    found = [view.published(name, by="total") for name in FLOW]
    cells = [cell for published in found for cell in published.cells]
    if any(cell.is_protected for cell in cells):
        # The rest would give the hidden number away: the five add up.
        ends = [found[0], found[-1]]
        card(view, ends, None, headlines.together(ends), sentences=[headlines.FLOW_HIDDEN])
        return
    rows = [
        charts.Mark(
            published.metric.title,
            f"{sign}{wording.shown(published.metric, cell)}",
            -cell.value if sign == MINUS and cell.value is not None else cell.value,
            is_context=not sign,
        )
        for sign, published, cell in zip(("", "+", "+", MINUS, ""), found, cells, strict=False)
    ]
    is_whole = rows and all(cell.value is not None for cell in cells)
    chart = charts.Chart(charts.steps(rows), headlines.alt_flow(found)) if is_whole else None
    card(view, found, chart, headlines.flow(found))


def around(view: View, metric: str) -> None:
    """Months before and after a turning point, of people followed for all of them."""
    published = view.figure(metric)
    card(
        view,
        [published],
        charts.around(published) if any(cell.value is not None for cell in published.cells) else None,
        headlines.around(published),
        sentences=_sentences(view, published),
    )


def spread(view: View, metric: str, breakdown: str = "neighborhood") -> None:
    """A rate by place against its number of cases, with the limits of chance; never a ranking."""
    published = view.published(metric, by="total", breakdown=breakdown)
    everyone = headlines.total(view.published(metric, by="total"))
    has_center = everyone is not None and everyone.value is not None
    outliers = control_charts.beyond_chance(published.cells, everyone)
    chart = charts.funnel(published, everyone) if has_center else None
    card(view, [published], chart, headlines.beyond(published, outliers))


def multiples(view: View, metric: str, breakdown: str) -> None:
    """One small line per group, all on the scale of their own: for shape, not for height."""
    (published,) = over_time(view, metric, breakdown=breakdown)
    sizes = view.figure(metric, breakdown=breakdown)
    entries = []
    for category in (cell.category for cell in ordered(sizes).cells):
        told = [cell for cell in headlines.told(published.cells) if cell.category == category and cell.value]
        if len(told) > 1:
            values = [cell.value for cell in published.cells if cell.category == category]
            entries.append(_multiple(published, wording.category(category, breakdown), values, told[-1]))
    card(view, [published], None, headlines.spread(published, len(entries)))
    block(tag("ul", *entries, class_="multiples") if entries else "")


def _multiple(published: Published, name: str, values: Sequence[float | None], last: Cell) -> Markup:
    when = wording.since(wording.period(last.period, published.filters))
    number = tag("b", text(wording.with_unit(published.metric, last)))
    return tag("li", text(name), charts.sparkline(values), number, text(when))


def ordered(published: Published) -> Published:
    """Groups by size, largest first; races and ages in their own order, which ranks nobody."""
    if published.filters.breakdown in ("race", "race_alone_or_in_combination", "age_band"):
        return published
    if published.metric.categories:
        return published
    cells = sorted(
        published.cells,
        key=lambda cell: (cell.category.lower() == "unknown", cell.value is None, -(cell.value or 0)),
    )
    return replace(published, cells=tuple(cells))
