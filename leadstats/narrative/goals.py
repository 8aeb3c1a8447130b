"""What is said about a goal: met or not, by how much, and for how long. Who should act is not for a rule to say."""

from collections.abc import Sequence

from leadstats.analysis.goals import Outlook, Standing, is_at_most
from leadstats.model import rounding
from leadstats.model.language import message, say
from leadstats.narrative import headlines, wording

STATES = {True: message("met"), False: message("not met"), None: message("not known")}
NO_GOALS = message("no goals are set")
BY = {
    "month": (message("{number} at the end of a month"), message("{number} a month")),
    "quarter": (message("{number} at the end of a quarter"), message("{number} a quarter")),
    "year": (message("{number} at the end of a year"), message("{number} a year")),
}
BEFORE = {
    "month": (message("not met the month before"), message("met the month before")),
    "quarter": (message("not met the quarter before"), message("met the quarter before")),
    "year": (message("not met the year before"), message("met the year before")),
}
OUTLOOK = message(
    "On track means: the next months or quarters would meet the goal if they were like the last "
    "12, or those since something else became usual. The next lies within the range given in "
    "about 8 of 10 cases. No trend is drawn on: in so few numbers, nobody can tell one from "
    "chance."
)


def target(standing: Standing) -> str:
    """Such as '45 people a month', '20%'."""
    goal, metric = standing.goal, standing.published.metric
    said = wording.amount(goal.value, metric.unit)
    if metric.unit == "percent" or goal.by == "total":
        return said
    at_end, each = BY[goal.by]
    return say(at_end, number=said) if metric.is_stock else say(each, number=said)


def verdict(standing: Standing) -> str:
    """Met or not, the distance, and since when: 'not met: 15.1% in the third quarter of 2026, 4.9 points below 20%,
    for 5 quarters'."""
    if standing.latest is None:
        return say("not known: {latest}", latest=latest(standing))
    state = say(STATES[standing.is_met])
    return ", ".join(filter(None, (f"{state}: {latest(standing)}", distance(standing), since(standing))))


def latest(standing: Standing) -> str:
    """The number that is compared with the goal, and its period; or else why there is none."""
    published = standing.published
    if standing.latest is None:
        reason = next((cell.hidden for cell in reversed(published.cells) if not cell.is_partial), None)
        return wording.why_hidden(reason) if reason else say(wording.NOTHING)
    when = wording.since(wording.period(standing.latest.period, published.filters))
    return f"{wording.with_unit(published.metric, standing.latest)} {when}"


def distance(standing: Standing) -> str:
    """By how much above or below; and whether that may be chance."""
    if standing.latest is None:
        return ""
    metric = standing.published.metric
    gap = standing.latest.value - standing.goal.value
    if metric.unit == "percent":
        size = say("{number} points", number=rounding.rounded(abs(gap), 1))
    else:
        size = wording.amount(abs(gap), metric.unit)
    if gap:
        template = message("{size} above {target}") if gap > 0 else message("{size} below {target}")
        said = say(template, size=size, target=target(standing))
    else:
        said = say("as set, {target}", target=target(standing))
    return (
        say("{said} (chance alone could explain that)", said=said)
        if gap and standing.is_within_chance
        else said
    )


def since(standing: Standing) -> str:
    """For how long it has been so; empty if that is one period."""
    by = standing.published.filters.by
    if by not in BEFORE or standing.latest is None:
        return ""
    nouns = say(wording.PERIOD_NOUNS[by])
    if standing.run > 1:
        return (
            say("in each of the {run} {nouns} shown", run=standing.run, nouns=nouns)
            if standing.is_whole_run
            else say("for {run} {nouns}", run=standing.run, nouns=nouns)
        )
    return say(BEFORE[by][not standing.is_met]) if standing.is_turned else ""


def ahead(standing: Standing, outlook: Outlook | None) -> str:
    """Whether it is on track if things go on as they have, and what that rests on."""
    if outlook is None:
        return say("too few periods to say") if standing.latest else ""
    nouns = say(wording.PERIOD_NOUNS[standing.published.filters.by])
    low, high = (wording.shown(standing.published.metric, end) for end in (outlook.low, outlook.high))
    size = outlook.periods
    if outlook.met == size:
        return say(
            "on track: each of {size} {nouns} met it ({low} to {high})",
            size=size,
            nouns=nouns,
            low=low,
            high=high,
        )
    if not outlook.met:
        return say(
            "not on track: none of {size} {nouns} met it ({low} to {high})",
            size=size,
            nouns=nouns,
            low=low,
            high=high,
        )
    return say(
        "open: {met} of {size} {nouns} met it ({low} to {high})",
        met=outlook.met,
        size=size,
        nouns=nouns,
        low=low,
        high=high,
    )


def as_things_go(outlooks: Sequence[Outlook | None]) -> str:
    """How many goals are on track, open or not, as things go; empty if none has enough periods."""
    known = [each for each in outlooks if each]
    on = sum(each.met == each.periods for each in known)
    off = sum(not each.met for each in known)
    counts = (
        (on, message("{number} on track")),
        (len(known) - on - off, message("{number} open")),
        (off, message("{number} not on track")),
    )
    said = [say(template, number=number) for number, template in counts if number]
    return say("As things go: {list}.", list=wording.listing(said)) if said else ""


def of_all(standings: Sequence[Standing]) -> str:
    """The verdict on all goals together."""
    if not standings:
        return say(NO_GOALS)
    met = sum(each.is_met is True for each in standings)
    unknown = sum(each.is_met is None for each in standings)
    if unknown == len(standings):
        return say("whether goals are met is not known")
    number = len(standings)
    if number == 1:
        return say("the one goal is met") if met else say("the one goal is not met")
    if not met:
        said = say("none of {number} goals met", number=number)
    elif met == number:
        said = say("all {number} goals met", number=number)
    else:
        said = say("{met} of {number} goals met", met=met, number=number)
    return say("{said}, {unknown} not known", said=said, unknown=unknown) if unknown else said


def furthest(standings: Sequence[Standing]) -> str:
    """The goal missed by the most, as a share of what was set."""
    missed = [each for each in standings if each.is_met is False]
    if not missed:
        return ""
    worst = max(missed, key=lambda each: each.shortfall)
    published = worst.published
    when = wording.since(wording.period(worst.latest.period, published.filters))
    # After one colon no other.
    number = wording.small(headlines.said(published.metric, worst.latest)).replace(": ", " ", 1)
    number = f"{number} {when}"
    told = ", ".join(filter(None, (number, distance(worst), since(worst))))
    return say("Furthest off: {goal}.", goal=told) if len(missed) > 1 else say("Not met: {goal}.", goal=told)


def on_chart(standing: Standing) -> str:
    """The words beside the line of the goal."""
    template = message("at most {target}") if is_at_most(standing.published) else message("goal: {target}")
    return say(template, target=target(standing))
