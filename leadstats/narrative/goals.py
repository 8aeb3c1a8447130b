"""What is said of a goal: met or not, by how much, and for how long. Who is to act is not for a rule to say."""

from collections.abc import Sequence

from leadstats.analysis.goals import Outlook, Standing, is_at_most
from leadstats.model import rounding
from leadstats.narrative import headlines, wording

NO_GOALS = "no goals are set"
OUTLOOK = (
    "On track means: the next months or quarters would meet the goal if they were like the last 12, or those since "
    "something else became usual. The next lies within the range given in about 8 of 10 cases. No trend is drawn on: in so few "
    "numbers, nobody can tell one from chance."
)


def target(standing: Standing) -> str:
    """Such as '45 people a month', '20%'."""
    goal, metric = standing.goal, standing.published.metric
    said = wording.amount(goal.value, metric.unit)
    if metric.unit == "percent" or goal.by == "total":
        return said
    return f"{said} at the end of a {goal.by}" if metric.is_stock else f"{said} a {goal.by}"


def verdict(standing: Standing) -> str:
    """Met or not, the distance, and since when: 'not met: 15.1% in the third quarter of 2026, 4.9 points below 20%,
    for 5 quarters'."""
    if standing.latest is None:
        return f"not known: {latest(standing)}"
    state = "met" if standing.is_met else "not met"
    return ", ".join(filter(None, (f"{state}: {latest(standing)}", distance(standing), since(standing))))


def latest(standing: Standing) -> str:
    """The number that is held against the goal, and of when; else why there is none."""
    published = standing.published
    if standing.latest is None:
        reason = next((cell.hidden for cell in reversed(published.cells) if not cell.is_partial), None)
        return wording.why_hidden(reason) if reason else wording.NOTHING
    when = wording.since(wording.period(standing.latest.period, published.filters))
    return f"{wording.with_unit(published.metric, standing.latest)} {when}"


def distance(standing: Standing) -> str:
    """By how much above or below; and whether that may be chance."""
    if standing.latest is None:
        return ""
    metric = standing.published.metric
    gap = standing.latest.value - standing.goal.value
    if metric.unit == "percent":
        size = f"{rounding.rounded(abs(gap), 1)} points"
    else:
        size = wording.amount(abs(gap), metric.unit)
    said = (
        f"{size} {'above' if gap > 0 else 'below'} {target(standing)}"
        if gap
        else f"as set, {target(standing)}"
    )
    return f"{said} (chance alone could explain that)" if gap and standing.is_within_chance else said


def since(standing: Standing) -> str:
    """For how long it has been so; nothing where one period is all there is to tell of."""
    nouns = headlines.PERIOD_NOUNS.get(standing.published.filters.by)
    if nouns is None or standing.latest is None:
        return ""
    if standing.run > 1:
        return (
            f"in each of the {standing.run} {nouns} shown"
            if standing.is_whole_run
            else f"for {standing.run} {nouns}"
        )
    return (
        ""
        if standing.is_whole_run
        else f"{'not met' if standing.is_met else 'met'} the {nouns.removesuffix('s')} before"
    )


def ahead(standing: Standing, outlook: Outlook | None) -> str:
    """Whether it is on track if it goes on as lately, and what that rests on."""
    if outlook is None:
        return "too few periods to say" if standing.latest else ""
    nouns = headlines.PERIOD_NOUNS[standing.published.filters.by]
    low, high = (wording.shown(standing.published.metric, end) for end in (outlook.low, outlook.high))
    size = outlook.periods
    if outlook.met == size:
        return f"on track: each of {size} {nouns} met it ({low} to {high})"
    if not outlook.met:
        return f"not on track: none of {size} {nouns} met it ({low} to {high})"
    return f"open: {outlook.met} of {size} {nouns} met it ({low} to {high})"


def of_all(standings: Sequence[Standing]) -> str:
    """The verdict on all goals together."""
    if not standings:
        return NO_GOALS
    met = sum(each.is_met is True for each in standings)
    unknown = sum(each.is_met is None for each in standings)
    if unknown == len(standings):
        return "whether goals are met is not known"
    goals = f"{len(standings)} goals" if len(standings) > 1 else "the one goal"
    said = (
        f"{met or 'none'} of {goals} met" if len(standings) > 1 else f"{goals} is {'' if met else 'not '}met"
    )
    if met == len(standings) and len(standings) > 1:
        said = f"all {goals} met"
    return f"{said}, {unknown} not known" if unknown else said


def furthest(standings: Sequence[Standing]) -> str:
    """The goal that is missed by most, as a share of what was set."""
    missed = [each for each in standings if each.is_met is False]
    if not missed:
        return ""
    worst = max(missed, key=lambda each: each.shortfall)
    published = worst.published
    when = wording.since(wording.period(worst.latest.period, published.filters))
    number = f"{wording.small(headlines.said(published.metric, worst.latest))} {when}"
    lead = "Furthest off" if len(missed) > 1 else "Not met"
    return f"{lead}: {', '.join(filter(None, (number, distance(worst), since(worst))))}."


def on_chart(standing: Standing) -> str:
    """What stands beside the line of the goal."""
    return f"{'at most' if is_at_most(standing.published) else 'goal:'} {target(standing)}"
