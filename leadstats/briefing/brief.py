"""A briefing: the answers to all main questions of one snapshot or release, for one audience, under some filters."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from leadstats.analysis.equity import EquityTable
from leadstats.briefing.answer import Answer
from leadstats.briefing.questions import QUESTIONS, answered
from leadstats.briefing.view import View, reach
from leadstats.counting.view import Cell, Filters, Published
from leadstats.model import periods


@dataclass(frozen=True)
class Briefing:
    """The answers, the most important first. data_through: the day that the sources of the headline reach."""

    snapshot: str
    audience: str
    filters: Filters
    data_through: date
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Figure:
    """One number of an answer over its own months, unrounded, as the command `metric` would give it."""

    metric: str
    first_month: date
    last_month: date
    breakdown: str | None
    category: str
    unit: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    hidden: str | None = None


def brief(view: View) -> Briefing:
    pages = (page for page, question in QUESTIONS.items() if question.is_briefed)
    answers = (answered(page, view) for page in pages)
    said = tuple(answer for answer in answers if answer.question and answer.lead)
    return Briefing(view.database.mark, view.audience, view.filters, reach(view.database), said)


def figures(view: View, answer: Answer) -> Iterator[Figure]:
    """The numbers behind an answer, one by one."""
    for result in answer.results:
        yield from _of_stage(result) if isinstance(result, EquityTable) else _of_result(view, result)


def _of_result(view: View, result: Published) -> Iterator[Figure]:
    filters = result.filters
    for cell in _as_counted(view, result):
        first, last = filters.first_month, filters.last_month
        if cell.period is not None:
            first, last = periods.first_month(cell.period), periods.last_month(cell.period)
        yield Figure(
            result.metric.name,
            first,
            last,
            filters.breakdown,
            cell.category,
            result.metric.unit,
            cell.value,
            cell.low,
            cell.high,
            cell.hidden,
        )


def _as_counted(view: View, result: Published) -> tuple[Cell, ...]:
    """With the rates that sentences leave out as resting on too few: whoever reads figures also reads their ranges."""
    if not any(cell.too_few for cell in result.cells):
        return result.cells
    counted = view.ask(view.database, result.metric, result.filters, view.audience)
    kept = {(cell.period, cell.category) for cell in result.cells}
    return tuple(cell for cell in counted.cells if (cell.period, cell.category) in kept)


def _of_stage(table: EquityTable) -> Iterator[Figure]:
    filters = replace(table.filters, by="total")
    for row in table.rows:
        yield Figure(
            table.metric.name,
            filters.first_month,
            filters.last_month,
            "race",
            row.group,
            table.metric.unit,
            row.rate,
            row.rate_low,
            row.rate_high,
            row.hidden,
        )
