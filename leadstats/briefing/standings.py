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
# What is as high in a month as in a year, beside percentages.
RATES = ("percent", "days", "people per case manager", "per 1,000 residents a year")


def is_part(filters: Filters) -> bool:
    """Whether only a part of the program is looked at."""
    return bool(filters.places or filters.pathways)


def set_in_meetings(meetings: Meetings, snapshot: str) -> tuple[Goal, ...]:
    """What the group has set in meetings up to the one over that snapshot; up to now, if there was none."""
    until = meetings.day_over(snapshot) or date.today()
    return tuple(
        msgspec.structs.replace(goal, set_by=say("Meeting of {day}", day=wording.day(day)))
        for goal, day in meetings.goals(until)
    )


def goals_of(view: View) -> list[Goal]:
    """Those of site.toml and those of meetings, which stand in the place of one for the same number and periods; what
    is due first comes first."""
    found = {(goal.metric, goal.by): goal for goal in (*view.database.site.goals, *view.goals)}
    return sorted(found.values(), key=lambda goal: goal.due or date.max)


def standings(view: View) -> list[Standing]:
    """In the order in which they are due. Goals are set for the whole program, so places and pathways are left out."""
    whole = replace(view, filters=replace(view.filters, places=(), pathways=()))
    found = []
    for goal in goals_of(view):
        if goal.metric in view.database.metrics and goal.by in periods.VIEWED:
            start = whole.past((goal.metric,), goal.by)
            found.append(standing(goal, whole.published(goal.metric, by=goal.by, first_month=start)))
    return found


def of_metric(view: View, metric: str) -> Standing | None:
    """The goal of a metric, if the view is of the whole program, for which goals are set."""
    if is_part(view.filters) or not any(goal.metric == metric for goal in goals_of(view)):
        return None
    return next((each for each in standings(view) if each.goal.metric == metric), None)


def level(found: Standing, filters: Filters) -> float | None:
    """How high the goal lies in a chart of such periods: a count of events grows with their length. None where it
    cannot be drawn: in a part of the program, or where it would be another thing by other periods, as of people, who
    are one in a year however many of its months they are counted in."""
    goal, metric = found.goal, found.published.metric
    if is_part(filters):
        return None
    if filters.by == goal.by or metric.is_stock or metric.unit in RATES:
        return goal.value
    if metric.estimator == "count" and metric.unit != "people" and goal.by in MONTHS and filters.by in MONTHS:
        return goal.value * MONTHS[filters.by] / MONTHS[goal.by]
    return None
