"""Numbers over time, by the finest period that can be read, with limits of chance and the site's events."""

from collections.abc import Sequence
from datetime import timedelta

from leadstats import charts
from leadstats.analysis import control_charts, usual_range
from leadstats.briefing import standings
from leadstats.briefing.answer import Answer, Course, of_results
from leadstats.briefing.by_group import ordered
from leadstats.briefing.view import SHOWN_MONTHS, View
from leadstats.counting.view import Cell, Published
from leadstats.model import periods
from leadstats.model.language import say
from leadstats.narrative import casework, headlines, signals, summaries, wording
from leadstats.narrative import goals as said_of

# A chart by month says little if a quarter of its months are hidden; then it goes by quarter, then by year.
MOST_HIDDEN = 0.25
# With many groups, the small ones are hidden whatever the period.
MOST_HIDDEN_OF_GROUPS = 0.5
WRITTEN_AFTER = timedelta(
    days=92
)  # a note may be about the last month shown if it was written within this time
LONGEST = {"month": 48, "quarter": 60, "year": 100}


def trend(view: View, metric: str, has_limits: bool = False) -> Answer:
    """One measure over time; with `has_limits` if a partner might mistake chance for change."""
    (published,), usual = over_time(view, metric), None
    if has_limits:
        published, usual = controlled(view, metric) or (published, None)
    happened, goal = _events(view, published), standings.of_metric(view, metric)
    chart, sentences = charts.trend(published, usual, happened), [summaries.summary(published)]
    if goal and goal.latest:
        sentences.insert(0, say("Goal {verdict}.", verdict=said_of.verdict(goal)))
    chart = with_goals(view, chart, [published])
    since, warning = changed(view, published)
    return of_results(
        [published],
        chart,
        headlines.headline(published, usual, since),
        [event.sentence for event in happened],
        [*sentences, *(signals.listed(published, usual) if usual else []), warning],
        notes=_notes(view, [published]),
    )


def lines(view: View, *metrics: str, headline: str = "") -> Answer:
    """Up to four measures of one unit over time."""
    found = over_time(view, *metrics)
    known = [published for published in found if published.cells and not published.missing] or found
    happened = _events(view, known[0])
    is_drawn = bool(known[0].cells and not known[0].missing)
    return of_results(
        known,
        with_goals(view, charts.lines(known, happened), known) if is_drawn else None,
        headline or headlines.together(known),
        [event.sentence for event in happened],
        notes=_notes(view, known),
    )


def with_goals(view: View, chart: charts.Chart, results: Sequence[Published]) -> charts.Chart:
    """The chart of these measures, with a line for each goal that can be drawn by its periods."""
    levels = {}
    for published in results:
        goal = standings.of_metric(view, published.metric.name)
        level = standings.level(goal, published.filters) if goal and goal.latest and published.cells else None
        if level is not None:
            whose = f"{published.metric.title}, " if len(results) > 1 else ""
            levels[level] = f"{whose}{said_of.on_chart(goal)}"
    return charts.with_levels(chart, levels) if levels else chart


def caseload(view: View) -> Answer:
    """People per case manager over time, against the site's standard."""
    (published,) = over_time(view, "people_per_case_manager")
    chart, caseload = charts.trend(published), view.database.site.caseload
    if caseload:
        target, most = caseload.target, caseload.maximum
        chart = charts.with_levels(
            chart, {target: say("set: {target}", target=target), most: say("at most {most}", most=most)}
        )
    return of_results(
        [published],
        chart if published.cells else None,
        sentences=[casework.standard(caseload), summaries.summary(published)],
        notes=_notes(view, [published]),
    )


def multiples(view: View, metric: str, breakdown: str) -> Answer:
    """One small line per group, each on its own scale: they show shapes, not heights."""
    (published,) = over_time(view, metric, breakdown=breakdown)
    sizes = view.figure(metric, breakdown=breakdown)
    courses = []
    for category in (cell.category for cell in ordered(sizes).cells):
        told = [
            cell for cell in usual_range.complete(published.cells) if cell.category == category and cell.value
        ]
        if len(told) > 1:
            values = tuple(cell.value for cell in published.cells if cell.category == category)
            courses.append(_course(published, wording.category(category, breakdown), values, told[-1]))
    return of_results([published], None, headlines.spread(published, len(courses)), courses=courses)


def _course(published: Published, name: str, values: tuple[float | None, ...], last: Cell) -> Course:
    when = wording.since(wording.period(last.period, published.filters))
    return Course(name, values, wording.with_unit(published.metric, last), when)


def over_time(view: View, *metrics: str, breakdown: str | None = None) -> list[Published]:
    """Measures by month, or by the first longer period in which most of each can be shown."""
    groups = len(view.database.categories.get(breakdown, (None,)))
    best: list[Published] = []
    for by, longest in LONGEST.items():
        if breakdown and by == "month":
            continue  # groups by month are mostly hidden, and finding out which takes long
        start = view.past(metrics, by)
        found = [view.published(metric, by=by, first_month=start, breakdown=breakdown) for metric in metrics]
        if len(found[0].cells) > longest * groups:
            continue
        if all(published.cells and _is_readable(published) for published in found):
            return found
        if not best or _told(found) > _told(best):
            best = found
    return best


def _is_readable(published: Published) -> bool:
    """Whether enough of a result is shown. Zeros are left out, since they are always shown."""
    hidden = sum(cell.is_protected for cell in published.cells)
    shown = sum(bool(cell.value) for cell in published.cells)
    most = MOST_HIDDEN_OF_GROUPS if published.filters.breakdown else MOST_HIDDEN
    return hidden <= most * (hidden + shown)


def _told(found: Sequence[Published]) -> int:
    return sum(bool(cell.value) for published in found for cell in usual_range.complete(published.cells))


def controlled(view: View, metric: str) -> tuple[Published, control_charts.ControlLimits] | None:
    """The measure by the shortest period that hides nothing, with its limits: gaps would raise signals of their own."""
    first, begun = view.window((metric,), SHOWN_MONTHS["month"]), view.begun(metric)
    for by in LONGEST:
        published = view.published(metric, by=by, first_month=periods.start(first, by))
        if any(cell.hidden for cell in published.cells):
            continue
        history = view.published(metric, by=by, first_month=periods.start(begun, by))
        if usual := usual_range.limits(published, history, new_baselines(view, by)):
            return published, usual
    return None


def verdict(view: View, metric: str) -> str:
    """How the latest period compares with the goal, or else with what is usual; empty if too little is known."""
    goal = standings.of_metric(view, metric)
    if goal and goal.latest:
        return say("goal {verdict}", verdict=said_of.verdict(goal))
    found = controlled(view, metric)
    return signals.verdict(*found) if found else ""


def _events(view: View, published: Published) -> list[charts.EventMark]:
    """The site's events within the periods of a result, numbered in order of their days."""
    shown = {cell.period for cell in published.cells}
    found = [
        (period, f"{wording.day(event.day)}: {event.text}")
        for event in view.database.site.events
        if (period := periods.label(event.day, published.filters.by)) in shown
    ]
    return [charts.EventMark(number, *found) for number, found in enumerate(found, 1)]


def _notes(view: View, found: Sequence[Published]) -> list[str]:
    """What the people responsible for these numbers wrote about the months shown, or soon after them."""
    titles = {published.metric.name: published.metric.title for published in found}
    months = found[0].filters
    return [
        wording.note(note, titles[note.metric] if len(found) > 1 else "")
        for note in view.database.site.notes
        if note.metric in titles and months.first_month <= note.day < months.next_day + WRITTEN_AFTER
    ]


def changed(view: View, published: Published) -> tuple[str | None, str]:
    """The first whole period since what is counted changed for good, and a warning, if periods from before and after
    the change are both shown."""
    by = published.filters.by
    shown = [cell.period for cell in usual_range.complete(published.cells)]
    for event in reversed(view.database.site.events if by != "total" else ()):
        since = periods.label(event.day, by)
        if periods.first_month(since) < event.day:
            since = periods.label(periods.following_month(periods.last_month(since)), by)
        if event.is_new_baseline and shown and shown[0] < since <= shown[-1]:
            return since, wording.changed(event)
    return None, ""


def new_baselines(view: View, by: str) -> set[str | None]:
    """Periods in which, according to the site, what is usual changed for good."""
    return {periods.label(event.day, by) for event in view.database.site.events if event.is_new_baseline}
