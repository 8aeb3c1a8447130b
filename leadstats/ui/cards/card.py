"""The chart contract, in one function: finding, what is measured, figure, words, table, caution, links."""

from collections.abc import Callable, Sequence

import streamlit as st

from leadstats import charts
from leadstats.analysis.equity import EquityTable
from leadstats.briefing import View
from leadstats.counting.view import NOT_RELEASED, Cell, Published
from leadstats.narrative import headlines, wording
from leadstats.narrative.wording import TextTable
from leadstats.ui.cards import method
from leadstats.ui.shell import address, plotly_component
from leadstats.ui.shell.frame import block, leave_out, to_import
from leadstats.ui.shell.markup import Markup, details, items, link, table, tag, text

MOST_CAUTIONS = 2  # beside a chart; those of further measures stand under its table


def card(
    view: View,
    results: Sequence[Published],
    chart: charts.Chart | None,
    headline: str = "",
    notes: Sequence[str] = (),
    sentences: Sequence[str] = (),
    data: TextTable | None = None,
    is_open: bool = False,
) -> None:
    """One finding with everything around it. `notes` are numbered: the events of the chart;
    `is_open` where the table is the only form."""
    results = [each for each in results if each.missing != NOT_RELEASED] or results
    first = results[0]
    head = tag("h3", text(headline or headlines.headline(first)))
    missing = [published for published in results if published.missing]
    if all(published.missing == NOT_RELEASED for published in results):
        leave_out(wording.title(published) for published in results)
        return
    if len(missing) == len(results):
        block(
            tag(
                "div",
                head,
                tag("p", text(wording.missing(first))),
                to_import(view.audience),
                class_="card empty",
            )
        )
        return
    cells = [cell for published in results for cell in published.cells]
    said = list(sentences) or [headlines.summary(published) for published in results[:1]]
    said.extend(wording.missing(published) for published in missing)
    said.extend(dict.fromkeys(wording.gaps(published) for published in results))
    cautions = list(
        dict.fromkeys(published.metric.caution for published in results if published.metric.caution)
    )
    told = tag(
        "div",
        head,
        tag("p", text(wording.subtitle(*results)), class_="subtitle"),
        *(tag("p", text(sentence)) for sentence in said if sentence),
        items(notes, "ol") if notes else "",
        *(tag("p", text(caution), class_="caution") for caution in cautions[:MOST_CAUTIONS]),
        _links(view, results),
        class_="card",
    )
    is_drawn = any(cell.is_protected or cell.value is not None for cell in cells)
    further = (tag("p", text(caution), class_="caution") for caution in cautions[MOST_CAUTIONS:])
    lay_out(
        told,
        chart if is_drawn else None,
        "-".join([first.metric.name, str(first.filters.breakdown), str(len(results))]),
        details("Show the data as a table", as_markup(data or as_table(results)), *further, is_open=is_open),
    )


def lay_out(told: Markup, chart: charts.Chart | None, key: str, below: Markup) -> None:
    """Words beside their figure; below both, whatever is wide. `key` keeps a figure the same over runs."""
    if chart is None:
        block(told)
    else:
        left, right = st.columns((5, 8), gap="medium")
        with left:
            block(told)
        with right:
            plotly_component.draw(chart, key)
    block(below)


def as_markup(data: TextTable) -> Markup:
    return table(data.caption, data.head, data.rows, data.labels)


def _links(view: View, results: Sequence[Published]) -> Markup:
    return links(view, results, link("Download CSV", csv_address(view, results), download="leadstats.csv"))


def links(view: View, results: Sequence[Published | EquityTable], download: Markup = "") -> Markup:
    """To the download, if there is one, and to the method card of each number."""
    counted = [link(each.metric.title, method.address(view, each)) for each in results]
    label = tag("span", text("How it is worked out:"), class_="label")
    return tag("p", download, label, *counted, class_="links")


def csv_address(view: View, results: Sequence[Published]) -> str:
    filters = results[0].filters
    names = ",".join(published.metric.name for published in results)
    how = {"breakdown": filters.breakdown or (), "second_breakdown": filters.second_breakdown or ()}
    return address.of(view, f"data/{names}.csv", filters, by=filters.by, **how, audience=view.audience)


def as_table(results: Sequence[Published]) -> TextTable:
    if len(results) == 1:
        return _of_one(results[0])
    head, rows = _of_measures(results) if results[0].filters.by == "total" else _side_by_side(results)
    return TextTable(wording.subtitle(*results), head, rows)


Columns = list[tuple[str, Callable[[Cell], str]]]
Body = tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]


def _of_one(published: Published) -> TextTable:
    """Columns appear only where the metric has something to put in."""
    metric, filters, cells = published.metric, published.filters, published.cells
    columns: Columns = []
    if filters.by != "total":
        columns.append(("Period", _period))
    if filters.breakdown or metric.categories or filters.by == "total":
        columns.append(("Group", lambda cell: wording.category(cell.category, filters.breakdown)))
    if filters.second_breakdown:
        second = filters.second_breakdown
        columns.append(("And", lambda cell: wording.category(cell.second_category or "", second)))
    labels = len(columns)
    columns.append((wording.capital(metric.unit), lambda cell: wording.shown(metric, cell)))
    columns.extend(_further(cells, lambda cell: wording.interval(metric, cell)))
    if metric.unit != "people" and any(cell.people is not None for cell in cells):
        columns.append(("Different people", lambda cell: wording.whole(cell.people)))
    head = tuple(title for title, _ in columns)
    rows = tuple(tuple(write(cell) for _, write in columns) for cell in cells)
    return TextTable(wording.subtitle(published), head, rows, labels)


def _further(cells: Sequence[Cell], interval: Callable[[Cell], str]) -> Columns:
    columns: Columns = []
    if any(cell.low is not None for cell in cells):
        columns.append(("Range", interval))
    if any(cell.numerator is not None for cell in cells):
        columns.append(("With the outcome", lambda cell: wording.whole(cell.numerator)))
    if any(cell.denominator is not None for cell in cells):
        columns.append(("Out of", lambda cell: wording.whole(cell.denominator)))
    return columns


def _of_measures(results: Sequence[Published]) -> Body:
    """One row per measure and group."""
    head = ("Measure", "Number", "Range", "Out of")
    rows = tuple(
        (
            published.metric.title
            + (
                f", {wording.category(cell.category, published.filters.breakdown)}"
                if len(published.cells) > 1
                else ""
            ),
            wording.with_unit(published.metric, cell),
            wording.interval(published.metric, cell),
            wording.whole(cell.denominator),
        )
        for published in results
        for cell in published.cells
    )
    return head, rows


def _side_by_side(results: Sequence[Published]) -> Body:
    """One row per period, one column per measure."""
    by_period = [{cell.period: cell for cell in published.cells} for published in results]
    periods = dict.fromkeys(cell.period for published in results for cell in published.cells)
    rows = []
    for period in periods:
        cells = [found.get(period) for found in by_period]
        label = _period(next(cell for cell in cells if cell))
        numbers = (
            wording.shown(each.metric, cell) if cell else ""
            for each, cell in zip(results, cells, strict=True)
        )
        rows.append((label, *numbers))
    return ("Period", *(published.metric.title for published in results)), tuple(rows)


def _period(cell: Cell) -> str:
    name = wording.short_period(cell.period) if cell.period else ""
    return f"{name} (not complete)" if cell.is_partial else name
