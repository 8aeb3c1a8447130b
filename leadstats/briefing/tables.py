"""The numbers of a result as they are written, one row per period, group or measure."""

from collections.abc import Callable, Sequence

from leadstats.counting.view import Cell, Published
from leadstats.model.language import say
from leadstats.narrative import captions, wording
from leadstats.narrative.wording import TextTable


def of_results(results: Sequence[Published]) -> TextTable:
    if len(results) == 1:
        return _of_one(results[0])
    head, rows = _of_measures(results) if results[0].filters.by == "total" else _side_by_side(results)
    return TextTable(captions.subtitle(*results), head, rows)


Columns = list[tuple[str, Callable[[Cell], str]]]
Body = tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]


def _of_one(published: Published) -> TextTable:
    """Columns appear only if the metric has something to put in them."""
    metric, filters, cells = published.metric, published.filters, published.cells
    columns: Columns = []
    if filters.by != "total":
        columns.append((say("Period"), _period))
    if filters.breakdown or metric.categories or filters.by == "total":
        columns.append((say("Group"), lambda cell: wording.category(cell.category, filters.breakdown)))
    if filters.second_breakdown:
        second = filters.second_breakdown
        columns.append((say("And"), lambda cell: wording.category(cell.second_category or "", second)))
    labels = len(columns)
    columns.append((wording.capital(say(metric.unit)), lambda cell: wording.shown(metric, cell)))
    columns.extend(_further(cells, lambda cell: wording.interval(metric, cell)))
    if metric.unit != "people" and any(cell.people is not None for cell in cells):
        columns.append((say("Different people"), lambda cell: wording.whole(cell.people)))
    head = tuple(title for title, _ in columns)
    rows = tuple(tuple(write(cell) for _, write in columns) for cell in cells)
    return TextTable(captions.subtitle(published), head, rows, labels)


def _further(cells: Sequence[Cell], interval: Callable[[Cell], str]) -> Columns:
    columns: Columns = []
    if any(cell.low is not None for cell in cells):
        columns.append((say("Range"), interval))
    if any(cell.numerator is not None for cell in cells):
        columns.append((say("With the outcome"), lambda cell: wording.whole(cell.numerator)))
    if any(cell.denominator is not None for cell in cells):
        columns.append((say("Out of"), lambda cell: wording.whole(cell.denominator)))
    return columns


def _of_measures(results: Sequence[Published]) -> Body:
    """One row per measure and group."""
    head = (say("Measure"), say("Number"), say("Range"), say("Out of"))
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
    return (say("Period"), *(published.metric.title for published in results)), tuple(rows)


def _period(cell: Cell) -> str:
    name = wording.short_period(cell.period) if cell.period else ""
    return say("{name} (not complete)", name=name) if cell.is_partial else name
