"""The method card of a number: what it counts, how sure it is, which rows led to it, and its query
with the values that were bound. Its counts come through the same door as all others."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from leadstats.analysis.equity import EquityTable
from leadstats.briefing import View
from leadstats.counting.catalog import load_catalog
from leadstats.counting.view import ANALYST, Filters, Published
from leadstats.model.language import message, say
from leadstats.model.measures import public_numbers
from leadstats.model.metrics import MACROS, Metric
from leadstats.model.schema import BREAKDOWNS
from leadstats.narrative import captions, not_recorded, wording
from leadstats.ui.shell import address as shell_address
from leadstats.ui.shell import locations
from leadstats.ui.shell.frame import block
from leadstats.ui.shell.markup import Markup, details, table, tag, text

# How far each estimator says its numbers could have come out otherwise.
RANGES = {
    "proportion": "Wilson's interval (1927); where the same people come several times, people are drawn anew.",
    "incidence": message(
        "Interval on the log-log scale; those not followed long enough count as far as they were."
    ),
    "retention": message(
        "Interval on the log-log scale; those not followed long enough count as far as they were."
    ),
    "median_wait": message("Log-log interval of the curve (Brookmeyer and Crowley, 1982)."),
    "rate_per_person_year": message(
        "People are drawn anew 10,000 times (1,000 where many stand side by side), each sample "
        "measured in its own error (bootstrap-t)."
    ),
    "rate_change": message("People are drawn anew 10,000 times, each with both years."),
    "difference_in_differences": message(
        "People of both groups are drawn anew 10,000 times, each with both years."
    ),
    "population_by_flow": message("Greenwood's error of the mean stay; bookings are counted."),
    "nights_avoided": message(
        "Shares booked, stays and what followed, or the one of them that is named, are drawn anew "
        "10,000 times (Monte Carlo)."
    ),
    "bookings_avoided": message("Shares booked are drawn anew 10,000 times (Monte Carlo)."),
    "rate_expected": message("Shares booked are drawn anew 10,000 times (Monte Carlo)."),
    "beds_avoided": message("That of the nights avoided."),
    "cost_avoided": message("That of the nights avoided."),
}
MOST_FEW = 10  # so many people are hidden wherever they stand, also between two numbers
ALL_COUNTED = message(
    "None: everything in the exports is counted, nothing is a sample. Chance still moves small numbers."
)
USUAL = message(
    "Where a chart has dotted lines: limits of a control chart, three standard deviations around "
    "the first 12 periods, or those since what is usual changed for good. Told are points "
    "outside, 8 in a row on one side, 6 in a row that rise or fall, and two of three near a "
    "limit. Even if nothing changes, one of 24 points lies outside in about 6 of 100 charts."
)
WHOLE_SAID = message(
    "An interval holds 95 of 100 times what such a program would show if nothing changed: docs/coverage.md."
)
FIRST_VERSION = message("Version 1; its meaning has not changed since.")
CHANGED = re.compile(r"^- (?P<day>[\d-]{10}): (?P<names>(?:`\w+` \d+(?:, )?)+): (?P<what>.*)$", re.M)
MACROS_TITLE = "events_in_view and whatever else the query calls"


def address(view: View, published: Published | EquityTable) -> str:
    """The card of a number under the filters that the number has."""
    return shell_address.of(view, "definitions", published.filters, metric=published.metric.name)


def method_card(view: View, metric: Metric) -> None:
    """The card with the numbers of the page's filters."""
    block(tag("p", text(captions.scope(view.filters)), class_="subtitle"))
    block(facts(metric))
    if view.database.is_public:
        return
    published = view.published(metric.name, by="total")
    if published.data_through is None:
        block(tag("p", text(not_recorded.missing(published))))
        return
    head = ("Step", "Records", "People")
    block(table("From the rows of the exports to this number", head, list(_steps(view, published)), labels=1))
    block(tag("h3", text("The query with its values")) + _query(view, published))


def facts(metric: Metric) -> Markup:
    """What can be said of a number without data."""
    found = {
        say("Counts"): metric.definition,
        say("Formula"): metric.method,
        say("Population"): metric.population,
        say("Window"): _window(metric),
        say("Uncertainty"): f"{say(RANGES[metric.estimator])} {say(WHOLE_SAID)}"
        if metric.estimator in RANGES
        else say(ALL_COUNTED),
        say("Usual range"): say(USUAL),
        say("Take care"): metric.caution,
        say("Unit"): say(metric.unit),
        say("Place"): "place" in metric.filters
        and metric.place
        and say("The neighborhood filter means {place}.", place=say(metric.place)),
        say("Broken down by"): "; ".join(say(BREAKDOWNS[name]) for name in metric.breakdowns),
        say("In public releases"): "; ".join(_in_public(metric)),
        say("On pages of partners"): "; ".join(_inside(metric)),
        say("Exports needed"): ", ".join(f"{name}.csv" for name in metric.sources),
        say("Name in links and files"): metric.name,
        say("Versions"): " ".join(history(metric)),
    }
    pairs = (tag("dt", text(name)) + tag("dd", text(fact)) for name, fact in found.items() if fact)
    return tag("dl", *pairs, class_="definition")


def _in_public(metric: Metric) -> Iterator[str]:
    """What stands for it there, which is seldom quite the same."""
    for public in public_numbers().values():
        if metric.name in public.stands_for:
            yield f"{say(public.title)}. {say(public.definition)}"


def _inside(metric: Metric) -> Iterator[str]:
    """For whom a number of a release stands."""
    public = public_numbers().get(metric.name)
    for name in public.stands_for if public else ():
        own = load_catalog().metric(name)
        yield f"{say(own.title)}. {say(own.definition)}"


def _window(metric: Metric) -> str:
    when = (
        say("The last day of each period.")
        if metric.is_stock
        else say("Whole months; the day of the event decides.")
    )
    if not metric.horizon_days:
        return when
    return say(
        "{when} From then on, {days} days, or as far as the data reach.", when=when, days=metric.horizon_days
    )


def history(metric: Metric) -> list[str]:
    """Each change of meaning, as the change log has it."""
    log = (locations.ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    own = re.compile(rf"`{metric.name}` (\d+)")
    changes = ((own.search(line["names"]), line) for line in CHANGED.finditer(log))
    said = [
        say("Version {number}, {day}: {what}", number=found[1], day=line["day"], what=line["what"])
        for found, line in changes
        if found
    ]
    return said or [say(FIRST_VERSION)]


@dataclass(frozen=True)
class FunnelStep:
    """What is left of the records and their people after one more condition; None is not known."""

    label: str
    records: int | None
    people: int | None
    is_hidden: bool = False

    def row(self) -> tuple[str, str, str]:
        if self.is_hidden:
            return self.label, wording.HIDDEN, wording.HIDDEN
        return self.label, wording.whole(self.records), wording.whole(self.people)

    def leaves_out_few(self, narrower: "FunnelStep") -> bool:
        pairs = ((self.people, narrower.people), (self.records, narrower.records))
        return any(0 < wide - left <= MOST_FEW for wide, left in pairs if None not in (wide, left))


def _steps(view: View, published: Published) -> Iterator[tuple[str, str, str]]:
    """Rows of the exports; the widest number under one filter after another; each number that narrows
    it; this one."""
    metric = published.metric
    widest = next(iter(metric.within), metric.name)
    found = [_step(label, _under(view, widest, filters)) for label, filters in _filters(view, published)]
    found.extend(_step("", _under(view, name, published.filters)) for name in metric.within[1:])
    if metric.within:
        found.append(_step("", published))
    yield from _rows_of_exports(view, metric)
    yield from (step.row() for step in (found if view.audience == ANALYST else _apart(found)))
    yield from _outcome(published)


def _apart(found: Sequence[FunnelStep]) -> list[FunnelStep]:
    """Hides a step that leaves out few on the way to the next: subtracted, the two would tell how few."""
    kept: list[FunnelStep] = []
    narrower = None
    for step in reversed(found):
        if narrower and step.leaves_out_few(narrower):
            step = replace(step, is_hidden=True)
        elif not step.is_hidden:
            narrower = step
        kept.append(step)
    return kept[::-1]


def _rows_of_exports(view: View, metric: Metric) -> Iterator[tuple[str, str, str]]:
    for name in metric.sources:
        if rows := view.database.exports.of_table(name):
            yield f"Rows of {name}.csv: read", wording.count(rows.read), ""
            yield f"Rows of {name}.csv: usable and in force", wording.count(rows.loaded), ""


def _filters(view: View, published: Published) -> Iterator[tuple[str, Filters]]:
    now = replace(published.filters, by="total", breakdown=None)
    starts = [view.database.first_days.get(name) for name in published.metric.sources]
    first = min([*filter(None, starts), now.first_month]).replace(day=1)
    everything = replace(
        now, first_month=first, last_month=published.data_through.replace(day=1), places=(), pathways=()
    )
    months = replace(now, places=(), pathways=())
    if not published.metric.is_stock:
        yield "all months, places and pathways", everything
    yield f"{wording.span(now.first_month, now.last_month)}, all places and pathways", months
    if now.places:
        yield captions.place_words(now.places), replace(months, places=now.places)
    if now.pathways:
        yield captions.pathway_words(now.pathways), now


def _under(view: View, name: str, filters: Filters) -> Published:
    return view.published(
        name,
        by="total",
        first_month=filters.first_month,
        last_month=filters.last_month,
        places=filters.places,
        pathways=filters.pathways,
    )


def _step(label: str, published: Published) -> FunnelStep:
    cells = published.cells
    title = published.metric.title
    named = f"{title}: {label}" if label else title
    # A metric with categories of its own has no total to show; its parts stand on its page.
    if len(cells) != 1:
        return FunnelStep(named, None, None, any(cell.is_protected for cell in cells))
    cell = cells[0]
    records = cell.events if cell.denominator is None else cell.denominator
    return FunnelStep(named, records, cell.people, cell.is_protected)


def _outcome(published: Published) -> Iterator[tuple[str, str, str]]:
    for cell in published.cells[:1]:
        if len(published.cells) == 1 and cell.numerator is not None and not cell.hidden:
            yield "… of them, with the outcome", wording.whole(cell.numerator), ""


def _query(view: View, published: Published) -> Markup:
    bound = published.filters.as_parameters(
        published.data_through, view.audience != ANALYST, published.metric.horizon_days
    )
    said = "\n".join(["-- $filters stands for", f"-- {literal(bound['filters'])}", published.metric.sql])
    macros = "\n".join(path.read_text(encoding="utf-8") for path in MACROS)
    return _code(said) + details(MACROS_TITLE, _code(macros))


def literal(value: Any) -> str:
    """A bound value as SQL would write it: to be read and tried out, never run from here."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"'{name}': {literal(each)}" for name, each in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(map(literal, value))}]"
    return "'" + str(value).replace("'", "''") + "'"


def query(metric: Metric) -> Markup:
    return details(say("The query"), _code(metric.sql))


def _code(sql: str) -> Markup:
    """Lines kept by character references: a blank line would end the block of HTML."""
    return tag(
        "pre", tag("code", "&#10;".join(text(line) and _indented(line) for line in sql.strip().splitlines()))
    )


def _indented(line: str) -> Markup:
    return "&#32;" * (len(line) - len(line.lstrip())) + text(line)
