"""From a row of protected counts to the number of a metric: which estimator does what."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from leadstats.model.metrics import Metric
from leadstats.statistics import jail_model, survival
from leadstats.statistics.intervals import Z, resampled, wilson

Row = Mapping[str, Any]
RECURRING = 1.2  # events a person, beyond which they are resampled by person


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
    """Percent of a denominator, with Wilson's interval; where the same people recur, a bootstrap of people."""
    counts = _counts(row)
    numerator, denominator = counts["numerator"], counts["denominator"]
    if not denominator:
        return Estimate(**counts)
    by_person = row.get("by_person") or ()
    recurs = by_person and denominator > RECURRING * sum(kind["people"] for kind in by_person)
    if recurs and 0 < numerator < denominator:
        kinds = sorted((kind["events"], kind["arrests"], kind["people"]) for kind in by_person)
        low, high = resampled(tuple(kinds))
    else:
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
    course = _course(row).either_cause()
    return _share_by_horizon(row, metric, course, lambda share, low, high: (1 - share, 1 - high, 1 - low))


def median_wait(row: Row, metric: Metric) -> Estimate:
    """Days until half had the event, those who left being censored; None if half never had it."""
    value, low, high = survival.median(_course(row))
    counts = {**_counts(row), "events": row.get("numerator", 0)}
    return Estimate(value=value, low=low, high=high, **counts)


def daily_average(row: Row, metric: Metric) -> Estimate:
    """Nights over the number of nights: people inside on an average day."""
    nights = row.get("events", 0)
    return Estimate(people=row.get("people", 0), value=nights / row.get("days", 1), events=nights)


def nights_before(row: Row, metric: Metric) -> Estimate:
    """Jail nights per person-year of the year before."""
    return _nights_per_year(row, "nights_before", "days_before")


def nights_after(row: Row, metric: Metric) -> Estimate:
    """Jail nights per person-year of the year after, as far as observed."""
    return _nights_per_year(row, "nights", "days")


def nights_around(row: Row, metric: Metric) -> Estimate:
    """Jail nights per person-year of one of the months around the referral."""
    return _nights_per_year(row, "nights", "days", jail_model.FEWER_DRAWS)


def nights_change(row: Row, metric: Metric) -> Estimate:
    """Nights per person-year after less before, negative where they fell."""
    return _from_person_time(row, jail_model.rate_change(row.get("person_time", ())))


def nights_beyond_comparison(row: Row, metric: Metric) -> Estimate:
    """Change in nights per person-year less that of the comparison group."""
    groups = (row.get(name) or () for name in ("person_time", "comparison_time"))
    value, low, high = jail_model.difference_in_differences(*groups) or (None, None, None)
    return Estimate(value=value, low=low, high=high, **_counts(row))


def population_by_flow(row: Row, metric: Metric) -> Estimate:
    """Bookings a day times the mean stay of those booked."""
    if not row:
        return Estimate(people=0, value=0.0, events=0)
    stays = [tuple(sorted((row[name] or {}).items())) for name in ("closed", "still_inside")]
    # As far as anybody has been watched: beyond it, those still inside would seem to stay forever.
    longest = max(nights for each in stays for nights, _ in each)
    a_day = row["events"] / row["days"]
    mean = jail_model.mean_stay(*stays, longest)
    reach = Z * jail_model.error_of_mean_stay(*stays, longest)
    low, high = a_day * max(mean - reach, 0), a_day * (mean + reach)
    return Estimate(people=row["people"], value=a_day * mean, low=low, high=high, events=row["events"])


def nights_avoided(row: Row, metric: Metric) -> Estimate:
    """Jail nights that diverted arrests would have led to, less those that followed on them."""
    return _avoided(row, lambda nights: nights)


def nights_avoided_by_booking(row: Row, metric: Metric) -> Estimate:
    """Nights avoided, with the part of the interval that is the share booked."""
    return _avoided(row, lambda nights: nights, frozenset(("booking",)))


def nights_avoided_by_stay(row: Row, metric: Metric) -> Estimate:
    """Nights avoided, with the part of the interval that is the length of stay."""
    return _avoided(row, lambda nights: nights, frozenset(("stay",)))


def beds_avoided(row: Row, metric: Metric) -> Estimate:
    """Nights avoided over the number of nights."""
    return _avoided(row, lambda nights: nights / row["days"])


def cost_avoided(row: Row, metric: Metric) -> Estimate:
    """What the nights avoided would have cost; no price in force, no number."""
    if row and row["dollars"] is None:
        return Estimate(people=row["people"], events=row["events"])
    return _avoided(
        row,
        lambda nights: jail_model.cost(
            row["category"], nights, row["days"], row["dollars"], row["unit_beds"]
        ),
    )


def _avoided(
    row: Row, priced: Callable[[float], float], varied: frozenset[str] = jail_model.ALL_PARTS
) -> Estimate:
    if not row:
        return Estimate(people=0, value=0.0, low=0.0, high=0.0, events=0, gross=0.0)
    found = jail_model.nights_avoided(row["diverted"], row["baseline"], row["follow_up"], varied)
    if found is None:
        return Estimate(people=row["people"], events=row["events"])
    value, low, high, gross = (
        None if nights is None else priced(nights)
        for nights in (found.net, found.low, found.high, found.gross)
    )
    return Estimate(people=row["people"], value=value, low=low, high=high, events=row["events"], gross=gross)


def _nights_per_year(row: Row, nights: str, days: str, draws: int = jail_model.DRAWS) -> Estimate:
    person_time = row.get("person_time", ())
    total = sum(each[nights] * each["people"] for each in person_time)
    return replace(_from_person_time(row, jail_model.rate(person_time, nights, days, draws)), events=total)


def _from_person_time(row: Row, found: tuple[float, float, float] | None) -> Estimate:
    people = row.get("people", 0)
    value, low, high = found or (None, None, None)
    return Estimate(people=people, value=value, low=low, high=high, denominator=people)


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
        "events": row.get("events"),
    }


ESTIMATORS: Mapping[str, Callable[[Row, Metric], Estimate]] = {
    "count": count,
    "proportion": proportion,
    "ratio": ratio,
    "incidence": incidence,
    "retention": retention,
    "median_wait": median_wait,
    "daily_average": daily_average,
    "nights_before": nights_before,
    "nights_after": nights_after,
    "nights_around": nights_around,
    "nights_change": nights_change,
    "nights_beyond_comparison": nights_beyond_comparison,
    "population_by_flow": population_by_flow,
    "nights_avoided": nights_avoided,
    "nights_avoided_by_booking": nights_avoided_by_booking,
    "nights_avoided_by_stay": nights_avoided_by_stay,
    "beds_avoided": beds_avoided,
    "cost_avoided": cost_avoided,
}
