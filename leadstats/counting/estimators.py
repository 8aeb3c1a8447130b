"""Turns a row of protected counts into a metric's number: what each estimator does, and with which columns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from leadstats.model.metrics import Metric
from leadstats.statistics import jail_model, survival
from leadstats.statistics.intervals import Z, poisson, resampled, wilson
from leadstats.statistics.limits import Limit, drawn_once

Row = Mapping[str, Any]
DAYS_A_YEAR = 365.25
RECURRING = 1.2  # events per person; above this, intervals resample people


@dataclass(frozen=True)
class Estimate:
    """The numbers of one cell of a result; None if the row does not say."""

    people: int | None = None
    value: float | None = None  # in the metric's unit; percents 0-100, never rounded
    low: float | None = Limit()
    high: float | None = Limit()
    numerator: int | None = None
    denominator: int | None = None
    events: int | None = None
    gross: float | None = None


@dataclass(frozen=True)
class Estimator:
    """A function from a row to its estimate, and the columns it uses.

    needs: the columns a query must give, each with its value in a cell without people; a query that lacks
    one is an error, never a 0. of_records: more such columns if the metric counts something other than people.
    may_have: columns it reads if a query has them. gives: the fields of Estimate it fills. people: the columns
    that count people and are protected: those behind the row and, if the number has two parts, those behind its
    numerator and those behind the rest (if not named, all the others; they need not be among those behind the
    row, as in a comparison group). kind: the sort of number it makes. parts: what a header may give as `part`.
    """

    function: Callable[[Row, Metric], Estimate]
    kind: str
    needs: Mapping[str, Any]
    gives: tuple[str, ...]
    of_records: Mapping[str, Any] = field(default_factory=dict)
    may_have: tuple[str, ...] = ()
    people: tuple[str, ...] = ("people",)
    parts: tuple[str, ...] = ("",)

    def nobody(self, metric: Metric) -> Row:
        """The row of a cell without people: all columns that a query of the metric must give."""
        return {**self.needs, **(self.of_records if metric.unit != "people" else {})}


def kind_of(metric: Metric) -> str:
    """What sort of number a metric is: a share, a wait, a rate over person-time and so on."""
    return ESTIMATORS[metric.estimator].kind


def estimate(metric: Metric, row: Row) -> Estimate:
    """The metric's number from one row of its query; an empty row is a cell without people.

    A row with an attribute `estimates` keeps the result there.
    """
    kept = getattr(row, "estimates", {})
    if metric.name not in kept:
        estimator = ESTIMATORS[metric.estimator]
        kept[metric.name] = estimator.function(row or estimator.nobody(metric), metric)
    return kept[metric.name]


def count(row: Row, metric: Metric) -> Estimate:
    """People where the unit is people, else events; persons unknown to the source stay unknown."""
    if metric.unit == "people":
        return Estimate(row["people"], row["people"], events=row.get("events"))
    return Estimate(row["people"], row["events"], events=row["events"])


def proportion(row: Row, metric: Metric) -> Estimate:
    """Percent of a denominator, with Wilson's interval; if the same people recur, with a bootstrap over people.

    by_person: structs {arrests, events, people}: how many people have that many records, and that many with the outcome.
    """
    counts = _counts(row)
    numerator, denominator = counts["numerator"], counts["denominator"]
    if not denominator:
        return Estimate(**counts)
    by_person = row.get("by_person") or ()
    recurs = by_person and denominator > RECURRING * sum(kind["people"] for kind in by_person)
    if recurs and 0 < numerator < denominator:
        kinds = sorted((kind["events"], kind["arrests"], kind["people"]) for kind in by_person)
        low, high = drawn_once(lambda: tuple(100 * limit for limit in resampled(tuple(kinds))))
    else:
        low, high = (100 * limit for limit in wilson(numerator, denominator))
    return Estimate(value=100 * numerator / denominator, low=low, high=high, **counts)


def ratio(row: Row, metric: Metric) -> Estimate:
    """The numerator per one of the denominator, which counts something else."""
    counts = _counts(row)
    value = counts["numerator"] / counts["denominator"] if counts["denominator"] else None
    return Estimate(value=value, **counts)


def per_resident(row: Row, metric: Metric) -> Estimate:
    """Events per 1,000 residents a year; None where no residents are known.

    events, residents: counts; days: the length of the period, as far as the data reach.
    """
    counts = {"people": row["people"], "events": row["events"], "denominator": row["residents"]}
    exposure = (row["residents"] or 0) * row["days"] / DAYS_A_YEAR / 1000
    if not exposure:
        return Estimate(**counts)
    low, high = (limit / exposure for limit in poisson(row["events"]))
    return Estimate(value=row["events"] / exposure, low=low, high=high, **counts)


def incidence(row: Row, metric: Metric) -> Estimate:
    """Percent with the event by the metric's horizon; leaving before it is a competing event.

    event_days, competing_days, censored_days: days since the start -> records that ended that way, or NULL.
    """
    return _share_by_horizon(row, metric, _course(row), lambda share, low, high: (share, low, high))


def retention(row: Row, metric: Metric) -> Estimate:
    """Percent with neither the event nor the competing one by the metric's horizon, from the same columns."""
    course = _course(row).either_cause()
    return _share_by_horizon(row, metric, course, lambda share, low, high: (1 - share, 1 - high, 1 - low))


def median_wait(row: Row, metric: Metric) -> Estimate:
    """Days until half had the event, with those who left censored; None if fewer than half ever had it."""
    value, low, high = survival.median(_course(row))
    return Estimate(value=value, low=low, high=high, **_counts(row) | {"events": row["numerator"]})


def daily_average(row: Row, metric: Metric) -> Estimate:
    """Nights (events) over the number of nights (days): people in jail on an average day."""
    return Estimate(people=row["people"], value=row["events"] / row["days"], events=row["events"])


def rate_per_person_year(row: Row, metric: Metric) -> Estimate:
    """Events per 365 days that people were followed, with a bootstrap interval over people.

    person_time: structs {events, days, people}: how many people have that many events in that many days. With a
    `part`, those of that year: {events_before, days_before, events_after, days_after, people}.
    """
    of_year = f"_{metric.part}" if metric.part else ""
    # A metric with categories of its own shows many intervals side by side, and none of them is quoted.
    draws = jail_model.FEWER_DRAWS if metric.categories else jail_model.DRAWS
    events, days = f"events{of_year}", f"days{of_year}"
    total = sum(each[events] * each["people"] for each in row["person_time"])
    found = jail_model.rate(row["person_time"], events, days, draws)
    return replace(_from_person_time(row, found), events=total)


def rate_change(row: Row, metric: Metric) -> Estimate:
    """Rate per person-year after, minus before; negative if it fell. person_time has both years."""
    return _from_person_time(row, jail_model.rate_change(row["person_time"]))


def difference_in_differences(row: Row, metric: Metric) -> Estimate:
    """Change in the rate per person-year, minus that of the comparison group, each from its person-time."""
    groups = (row[name] or () for name in ("person_time", "comparison_time"))
    value, low, high = jail_model.difference_in_differences(*groups) or (None, None, None)
    return Estimate(row["people"], value, low, high, row["referred_people"], row["people"])


def population_by_flow(row: Row, metric: Metric) -> Estimate:
    """Bookings (events) per day times the mean stay in nights.

    closed, still_inside: nights inside -> stays, or NULL; for the latter only a minimum length is known.
    """
    if not row["events"]:
        return Estimate(people=0, value=0.0, events=0)
    stays = [tuple(sorted((row[name] or {}).items())) for name in ("closed", "still_inside")]
    # The longest stay seen: beyond it, those still inside would seem to stay forever.
    longest = max(nights for each in stays for nights, _ in each)
    a_day = row["events"] / row["days"]
    mean = jail_model.mean_stay(*stays, longest)
    reach = Z * jail_model.error_of_mean_stay(*stays, longest)
    low, high = a_day * max(mean - reach, 0), a_day * (mean + reach)
    return Estimate(people=row["people"], value=a_day * mean, low=low, high=high, events=row["events"])


def nights_avoided(row: Row, metric: Metric) -> Estimate:
    """Jail nights that diverted arrests would have led to, minus those that followed them.

    diverted: charge class -> arrests; follow_up: nights that followed -> people, NULL if not known;
    baseline: what `jail_model.read_results` takes. With a `part`, the interval is for this part alone:
    the share booked, or the length of stay.
    """
    return _avoided(
        row, lambda nights: nights, frozenset([metric.part]) if metric.part else jail_model.ALL_PARTS
    )


def beds_avoided(row: Row, metric: Metric) -> Estimate:
    """Nights avoided over the number of nights (days)."""
    days = row["days"]
    return _avoided(row, lambda nights: nights / days)


def bookings_avoided(row: Row, metric: Metric) -> Estimate:
    """Diverted arrests that would have been booked, from the same columns; and how many arrests of the same classes
    were booked in the baseline (numerator), out of how many (denominator), with the people behind them.
    """
    if not row["events"]:
        return Estimate(people=0, value=0.0, low=0.0, high=0.0, events=0)
    found = jail_model.bookings_expected(tuple(sorted(row["diverted"].items())), row["baseline"])
    if found is None:
        return Estimate(people=row["people"], events=row["events"])
    classes = jail_model.read_results(row["baseline"])
    before = [classes[name] for name in row["diverted"] if name in classes]
    return Estimate(
        people=row["people"],
        value=found.gross,
        low=found.low,
        high=found.high,
        numerator=sum(each.booked for each in before),
        denominator=sum(each.eligible for each in before),
        events=row["events"],
    )


def rate_expected(row: Row, metric: Metric) -> Estimate:
    """Percent of arrests that would have been booked at the baseline's shares, class by class.

    arrests, booked: charge class -> number in the period. Arrests whose class is in the baseline are the
    denominator, and those of them that were in fact booked the numerator.
    """
    arrests, booked = row["arrests"] or {}, row["booked"] or {}
    found = jail_model.bookings_expected(tuple(sorted(arrests.items())), row["baseline"])
    if found is None:
        return Estimate(people=row["people"])
    classes = jail_model.read_results(row["baseline"])
    expected, low, high = (100 * share / found.arrests for share in (found.gross, found.low, found.high))
    return Estimate(
        people=row["people"],
        value=expected,
        low=low,
        high=high,
        numerator=sum(number for name, number in booked.items() if name in classes),
        denominator=found.arrests,
    )


def cost_avoided(row: Row, metric: Metric) -> Estimate:
    """Dollars that the nights avoided would have cost, by the kind of price in `category`; None without a price."""
    if row["events"] and row["dollars"] is None:
        return Estimate(people=row["people"], events=row["events"])
    kind, *price = (row.get(name) for name in ("category", "days", "dollars", "unit_beds"))
    return _avoided(row, lambda nights: jail_model.cost(kind, nights, *price))


def _avoided(
    row: Row, priced: Callable[[float], float], varied: frozenset[str] = jail_model.ALL_PARTS
) -> Estimate:
    if not row["events"]:
        return Estimate(people=0, value=0.0, low=0.0, high=0.0, events=0, gross=0.0)
    found = jail_model.nights_avoided(row["diverted"], row["baseline"], row["follow_up"], varied)
    if found is None:
        return Estimate(people=row["people"], events=row["events"])
    counts = {"people": row["people"], "events": row["events"], "gross": priced(found.gross)}
    if found.net is None:
        return Estimate(**counts)
    return Estimate(
        value=priced(found.net), low=lambda: priced(found.low), high=lambda: priced(found.high), **counts
    )


def _from_person_time(row: Row, found: tuple[float, float, float] | None) -> Estimate:
    value, low, high = found or (None, None, None)
    return Estimate(row["people"], value, low, high, denominator=row["people"])


def _share_by_horizon(
    row: Row, metric: Metric, course: survival.Course, turned: Callable[..., tuple[float, float, float]]
) -> Estimate:
    found = survival.incidence_interval(course, metric.horizon_days)
    if found is None:
        return Estimate(**_counts(row))
    value, low, high = (100 * share for share in turned(*found))
    return Estimate(value=value, low=low, high=high, **_counts(row))


def _course(row: Row) -> survival.Course:
    kinds = (row[f"{kind}_days"] or {} for kind in ("event", "competing", "censored"))
    return survival.Course(*kinds)


def _counts(row: Row) -> dict[str, int | None]:
    counts = {name: row[name] for name in ("people", "numerator", "denominator")}
    return counts | {"events": row.get("events")}


SHARE = {"people": 0, "numerator": 0, "denominator": 0, "numerator_people": 0, "complement_people": 0}
COURSE = {"event_days": {}, "competing_days": {}, "censored_days": {}}
AVOIDED = {"people": 0, "events": 0, "diverted": {}, "baseline": "[]", "follow_up": {}}
PARTS = ("people", "numerator_people", "complement_people")
INTERVAL = ("people", "value", "low", "high")

ESTIMATORS: Mapping[str, Estimator] = {
    "count": Estimator(
        count,
        "count",
        needs={"people": 0},
        of_records={"events": 0},
        may_have=("events",),
        gives=("people", "value", "events"),
    ),
    "proportion": Estimator(
        proportion,
        "share",
        needs=SHARE,
        may_have=("by_person", "events"),
        gives=(*INTERVAL, "numerator", "denominator", "events"),
        people=PARTS,
    ),
    "ratio": Estimator(
        ratio,
        "ratio",
        needs={"people": 0, "numerator": 0, "denominator": 0},
        gives=("people", "value", "numerator", "denominator"),
        people=("people", "people"),
    ),
    "per_resident": Estimator(
        per_resident,
        "rate",
        needs={"people": 0, "events": 0, "residents": 0, "days": 1},
        gives=(*INTERVAL, "events", "denominator"),
    ),
    "incidence": Estimator(
        incidence, "share", needs=SHARE | COURSE, gives=(*INTERVAL, "numerator", "denominator"), people=PARTS
    ),
    "retention": Estimator(
        retention, "share", needs=SHARE | COURSE, gives=(*INTERVAL, "numerator", "denominator"), people=PARTS
    ),
    "median_wait": Estimator(
        median_wait,
        "wait",
        needs=SHARE | COURSE,
        gives=(*INTERVAL, "numerator", "denominator", "events"),
        people=PARTS,
    ),
    "daily_average": Estimator(
        daily_average,
        "average",
        needs={"people": 0, "events": 0, "days": 1},
        gives=("people", "value", "events"),
    ),
    "rate_per_person_year": Estimator(
        rate_per_person_year,
        "person_time",
        needs={"people": 0, "person_time": ()},
        gives=(*INTERVAL, "denominator", "events"),
        parts=("", "before", "after"),
    ),
    "rate_change": Estimator(
        rate_change,
        "person_time",
        needs={"people": 0, "person_time": ()},
        gives=(*INTERVAL, "denominator"),
    ),
    "difference_in_differences": Estimator(
        difference_in_differences,
        "person_time",
        needs={
            "people": 0,
            "referred_people": 0,
            "compared_people": 0,
            "person_time": (),
            "comparison_time": (),
        },
        gives=(*INTERVAL, "numerator", "denominator"),
        people=("people", "referred_people", "compared_people"),
    ),
    "population_by_flow": Estimator(
        population_by_flow,
        "average",
        needs={"people": 0, "events": 0, "days": 1, "closed": {}, "still_inside": {}},
        gives=(*INTERVAL, "events"),
    ),
    "nights_avoided": Estimator(
        nights_avoided,
        "model",
        needs=AVOIDED,
        gives=(*INTERVAL, "events", "gross"),
        parts=("", "booking", "stay"),
    ),
    "bookings_avoided": Estimator(
        bookings_avoided,
        "model",
        needs=AVOIDED | {"booked_people": 0, "other_people": 0},
        gives=(*INTERVAL, "numerator", "denominator", "events"),
        people=("people", "booked_people", "other_people"),
    ),
    "rate_expected": Estimator(
        rate_expected,
        "model",
        needs=SHARE | {"arrests": {}, "booked": {}, "baseline": "[]"},
        gives=(*INTERVAL, "numerator", "denominator"),
        people=PARTS,
    ),
    "beds_avoided": Estimator(
        beds_avoided, "model", needs=AVOIDED | {"days": 1}, gives=(*INTERVAL, "events", "gross")
    ),
    "cost_avoided": Estimator(
        cost_avoided,
        "model",
        needs=AVOIDED | {"days": 1, "dollars": None, "unit_beds": None},
        gives=(*INTERVAL, "events", "gross"),
    ),
}
