"""From a row of protected counts to the number of a metric: which estimator does what."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from leadstats import survival
from leadstats.catalog import Metric
from leadstats.intervals import wilson

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Estimate:
    """What may stand in one cell of a result; None where the row does not say."""

    people: int | None = None
    value: float | None = None  # in the metric's unit; percents 0-100, never rounded
    low: float | None = None
    high: float | None = None
    numerator: int | None = None
    denominator: int | None = None
    events: int | None = None
    gross: float | None = None
    median: float | None = None


def estimate(metric: Metric, row: Row) -> Estimate:
    """The metric's number from one row of its query; an empty row is a cell with nobody in it."""
    return ESTIMATORS[metric.estimator](row, metric)


def count(row: Row, metric: Metric) -> Estimate:
    """People where the unit is people, else events; persons unknown to the source stay unknown."""
    people = row["people"] if row else 0
    if metric.unit == "people":
        return Estimate(people, people, events=row.get("events"))
    events = row["events"] if row else 0
    return Estimate(people, events, events=events)


def proportion(row: Row, metric: Metric) -> Estimate:
    """Percent of a denominator, with Wilson's interval."""
    counts = _counts(row)
    numerator, denominator = counts["numerator"], counts["denominator"]
    if not denominator:
        return Estimate(**counts)
    low, high = wilson(numerator, denominator)
    return Estimate(value=100 * numerator / denominator, low=100 * low, high=100 * high, **counts)


def ratio(row: Row, metric: Metric) -> Estimate:
    """So many of the numerator for one of the denominator."""
    counts = _counts(row)
    value = counts["numerator"] / counts["denominator"] if counts["denominator"] else None
    return Estimate(value=value, **counts)


def incidence(row: Row, metric: Metric) -> Estimate:
    """Percent with the event by the metric's horizon, leaving before it being a competing event."""
    return _share_by_horizon(row, metric, _course(row), lambda share, low, high: (share, low, high))


def retention(row: Row, metric: Metric) -> Estimate:
    """Percent with neither the event nor the competing one by the metric's horizon."""
    course = _course(row).without_causes()
    return _share_by_horizon(row, metric, course, lambda share, low, high: (1 - share, 1 - high, 1 - low))


def median_wait(row: Row, metric: Metric) -> Estimate:
    """Days until half had the event, those who left being censored; None if half never had it."""
    value, low, high = survival.median(_course(row))
    return Estimate(value=value, low=low, high=high, **_counts(row), events=row.get("numerator", 0))


def _share_by_horizon(
    row: Row, metric: Metric, course: survival.Course, turned: Callable[..., tuple[float, float, float]]
) -> Estimate:
    found = survival.incidence_interval(course, metric.horizon_days)
    if found is None:
        return Estimate(**_counts(row))
    value, low, high = (100 * share for share in turned(*found))
    return Estimate(value=value, low=low, high=high, **_counts(row))


def _course(row: Row) -> survival.Course:
    kinds = (row.get(f"{kind}_days") or {} for kind in ("event", "competing", "censored"))
    return survival.Course(*kinds)


def _counts(row: Row) -> dict[str, int | None]:
    return {
        "people": row["people"] if row else 0,
        "numerator": row.get("numerator", 0),
        "denominator": row.get("denominator", 0),
    }


ESTIMATORS: Mapping[str, Callable[[Row, Metric], Estimate]] = {
    "count": count,
    "proportion": proportion,
    "ratio": ratio,
    "incidence": incidence,
    "retention": retention,
    "median_wait": median_wait,
}
