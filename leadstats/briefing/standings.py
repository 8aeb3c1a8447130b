"""The goals of a site, each beside the number it was set for."""

from dataclasses import replace
from datetime import date

import msgspec

from leadstats.analysis.goals import Standing, standing
from leadstats.briefing.view import View
from leadstats.counting.view import Filters
from leadstats.meetings import Meetings
from leadstats.model import periods
from leadstats.model.language import say
from leadstats.model.settings import Goal
from leadstats.narrative import wording

MONTHS = {"month": 1, "quarter": 3, "year": 12}
# Units, percentages among them, whose height does not depend on the length of the period.
RATES = ("percent", "days", "people per case manager", "per 1,000 residents a year")


def is_part(filters: Filters) -> bool:
    """Whether the view is of only a part of the program."""
    return bool(filters.places or filters.pathways)


def set_in_meetings(meetings: Meetings, snapshot: str) -> tuple[Goal, ...]:
    """The goals set in meetings up to the one that looked at that snapshot; up to now, if none did."""
    until = meetings.day_over(snapshot) or date.today()
    return tuple(
        msgspec.structs.replace(goal, set_by=say("Meeting of {day}", day=wording.day(day)))
        for goal, day in meetings.goals(until)
    )


def goals_of(view: View) -> list[Goal]:
    """The goals of site.toml and of meetings, in the order they are due. A goal from a meeting replaces one for the
    same number and periods."""
    found = {(goal.metric, goal.by): goal for goal in (*view.database.site.goals, *view.goals)}
    return sorted(found.values(), key=lambda goal: goal.due or date.max)


def standings(view: View) -> list[Standing]:
    """How each goal stands, in the order they are due; without places and pathways, since goals are for the whole program."""
    whole = replace(view, filters=replace(view.filters, places=(), pathways=()))
    found = []
    for goal in goals_of(view):
        if goal.metric in view.database.metrics and goal.by in periods.VIEWED:
            start = whole.past((goal.metric,), goal.by)
            found.append(standing(goal, whole.published(goal.metric, by=goal.by, first_month=start)))
    return found


def of_metric(view: View, metric: str) -> Standing | None:
    """The goal of a metric, if the view is of the whole program, as goals are."""
    if is_part(view.filters) or not any(goal.metric == metric for goal in goals_of(view)):
        return None
    return next((each for each in standings(view) if each.goal.metric == metric), None)


def level(found: Standing, filters: Filters) -> float | None:
    """The height of the goal in a chart by these periods, since a count of events grows with their length. None if it
    cannot be drawn: for a part of the program, or for a number that means something else by other periods. A person
    counts once in a year, for example, in however many of its months they count."""
    goal, metric = found.goal, found.published.metric
    if is_part(filters):
        return None
    if filters.by == goal.by or metric.is_stock or metric.unit in RATES:
        return goal.value
    if metric.estimator == "count" and metric.unit != "people" and goal.by in MONTHS and filters.by in MONTHS:
        return goal.value * MONTHS[filters.by] / MONTHS[goal.by]
    return None
