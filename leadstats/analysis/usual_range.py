"""What a metric does by chance alone, and which control chart shows it."""

import itertools
from collections.abc import Collection, Sequence
from dataclasses import replace

from leadstats.analysis import control_charts
from leadstats.counting.view import Cell, Published
from leadstats.model import periods

ARRIVING = ("arrests", "referrals")  # events that come one by one, so that chance alone makes them Poisson


def is_complete(cell: Cell) -> bool:
    """Whether it carries a number and covers its whole period."""
    return cell.value is not None and not cell.is_partial


def complete(cells: Sequence[Cell]) -> list[Cell]:
    return [cell for cell in cells if is_complete(cell)]


def limits(
    published: Published, history: Published | None = None, changes: Collection[str | None] = ()
) -> control_charts.ControlLimits | None:
    """How far the complete periods may vary by chance alone, in the metric's unit, with limits for each of them. None if
    periods are hidden or too few.

    history: the same result as far back as the data go, since its first periods are the baseline. changes: periods in
    which something known changed for good, each the start of a new baseline.
    """
    metric = published.metric
    cells = _after_the_last_hidden(history or published)
    shown = [cell.period for cell in complete(published.cells)]
    size = sum(cell.period in shown for cell in cells)
    if not size or [cell.period for cell in cells[-size:]] != shown[-size:]:
        return None
    starts = [index for index, cell in enumerate(cells) if cell.period in changes]
    if metric.estimator == "proportion":
        counts, totals = [cell.numerator for cell in cells], [cell.denominator for cell in cells]
        found, factors = control_charts.p_chart(counts, totals, starts=starts), [100.0] * len(cells)
    elif metric.estimator == "count" and metric.unit in ARRIVING and not metric.is_stock:
        days = [periods.days(cell.period) for cell in cells]
        found = control_charts.u_chart([cell.value for cell in cells], days, starts=starts)
        factors = [each / control_charts.DAYS for each in days]
    else:
        values = [cell.value for cell in cells]
        found, factors = control_charts.xmr_chart(values, starts=starts), [1.0] * len(cells)
    if found is None:
        return None
    basis = tuple(cells[point].period for point in found.baseline)
    return replace(found.scaled(factors).since(len(cells) - size), basis=basis)


def _after_the_last_hidden(history: Published) -> list[Cell]:
    """The latest unbroken stretch, from its first event on: before LEAD began, nothing was usual."""
    hidden = max((index for index, cell in enumerate(history.cells) if cell.hidden), default=-1)
    return list(itertools.dropwhile(lambda cell: not cell.value, complete(history.cells[hidden + 1 :])))


def stands_out(usual: control_charts.ControlLimits) -> bool:
    """Whether anything that chance seldom does ends with the latest of the periods."""
    return any(signal.last == len(usual.center) - 1 for signal in usual.signals)
