"""The chart contract, in one function: finding, what is measured, figure, words, table, caution, links."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from leadstats import charts, findings, words
from leadstats.charts import Chart
from leadstats.measure import Cell, Published
from leadstats.ui import figure, source
from leadstats.ui.frame import block
from leadstats.ui.markup import Markup, details, items, link, table, tag, text

# A chart by month says little when a quarter of its months are hidden; then quarters, then years.
MOST_HIDDEN = 0.25
LONGEST = {"month": 36, "quarter": 48}


@dataclass(frozen=True)
class Table:
    """The same numbers as a chart, in the order and format of the screen."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def over_time(view: source.View, metric: str, **changes) -> Published:
    """A metric by month, or by the first coarser period that leaves most of it to be shown."""
    months = len(view.published(metric, by="month", **changes).cells)
    for by in ("month", "quarter", "year"):
        published = view.published(metric, by=by, **changes)
        hidden = sum(cell.hidden is not None for cell in published.cells)
        if by == "year" or (months <= LONGEST[by] and hidden <= MOST_HIDDEN * len(published.cells)):
            return published
    raise AssertionError("the loop ends with years")


def trend(
    view: source.View, metric: str, limits: Callable[[Published], charts.Limits | None] | None = None
) -> None:
    published = over_time(view, metric)
    events = source.events(view, published)
    chart = charts.trend(
        published,
        limits(published) if limits else None,
        [charts.Event(event.number, event.period) for event in events],
    )
    card(view, published, chart, notes=[event.sentence for event in events])


def by_category(view: source.View, metric: str, breakdown: str | None) -> None:
    published = view.published(metric, by="total", breakdown=breakdown)
    card(view, published, charts.by_category(published))


def card(
    view: source.View,
    published: Published,
    chart: Chart,
    headline: str = "",
    notes: Sequence[str] = (),
    data: Table | None = None,
) -> None:
    metric = published.metric
    head = tag("h2", text(headline or findings.headline(published)))
    if published.missing:
        block(tag("div", head, tag("p", text(words.missing(published))), class_="card empty"))
        return
    block(tag("div", head, tag("p", text(words.subtitle(published)), class_="subtitle"), class_="card"))
    if any(cell.hidden or cell.value is not None for cell in published.cells):
        figure.draw(
            chart, key=f"{metric.name}-{published.filters.breakdown}-{published.filters.by != 'total'}"
        )
    block(tag("div", *_below(view, published, notes, data or as_table(published)), class_="below"))


def _below(view: source.View, published: Published, notes: Sequence[str], data: Table) -> list[Markup]:
    metric = published.metric
    parts = []
    if summary := findings.summary(published):
        parts.append(tag("p", text(summary), class_="summary"))
    if notes:
        parts.append(items(notes, "ol"))
    if any(cell.is_partial for cell in published.cells):
        parts.append(tag("p", text(words.PARTIAL_NOTE), class_="note"))
    if any(cell.hidden for cell in published.cells):
        parts.append(tag("p", text(words.HIDDEN_NOTE), class_="note"))
    if metric.caution:
        parts.append(tag("p", text(metric.caution), class_="caution"))
    parts.append(details("Show the data as a table", table(data.caption, data.head, data.rows)))
    parts.append(
        tag(
            "p",
            link("Download CSV", csv_address(view, published), download=f"{metric.name}.csv"),
            link(f"What is counted: {metric.title}", f"definitions?metric={metric.name}"),
            class_="links",
        )
    )
    return parts


def csv_address(view: source.View, published: Published) -> str:
    filters = published.filters
    query = {
        "from": f"{filters.first_month:%Y-%m}",
        "to": f"{filters.last_month:%Y-%m}",
        "by": filters.by,
        "place": filters.places,
        "pathway": filters.pathways,
        "breakdown": filters.breakdown or (),
        "second_breakdown": filters.second_breakdown or (),
        "audience": view.audience,
    }
    return f"data/{published.metric.name}.csv?{urlencode(query, doseq=True)}"


def as_table(published: Published) -> Table:
    """Columns appear only where the metric has something to put in."""
    metric, cells = published.metric, published.cells
    is_over_time = published.filters.by != "total"
    breakdown = published.filters.breakdown
    columns: list[tuple[str, Callable[[Cell], str]]] = []
    if is_over_time:
        columns.append(("Period", lambda cell: _period(cell)))
    if breakdown or metric.categories or not is_over_time:
        columns.append(("Group", lambda cell: words.category(cell.category, breakdown)))
    if published.filters.second_breakdown:
        columns.append(("And", lambda cell: cell.second_category or ""))
    columns.append((words.capital(metric.unit), lambda cell: words.shown(metric, cell)))
    if any(cell.low is not None for cell in cells):
        columns.append(("By chance alone", lambda cell: words.interval(metric, cell)))
    if any(cell.denominator is not None for cell in cells):
        columns.append(("Of these", lambda cell: _whole(cell.numerator)))
        columns.append(("Out of", lambda cell: _whole(cell.denominator)))
    if metric.unit != "people" and any(cell.people is not None for cell in cells):
        columns.append(("Different people", lambda cell: _whole(cell.people)))
    return Table(
        words.subtitle(published),
        tuple(title for title, _ in columns),
        tuple(tuple(write(cell) for _, write in columns) for cell in cells),
    )


def _period(cell: Cell) -> str:
    name = words.short_period(cell.period) if cell.period else ""
    return f"{name} (not complete)" if cell.is_partial else name


def _whole(value: int | None) -> str:
    return "" if value is None else words.count(value)
