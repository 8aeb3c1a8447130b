"""Whether the program is on track: its goals, and which numbers left their usual range."""

from collections.abc import Sequence
from dataclasses import replace

from leadstats.analysis import usual_range
from leadstats.analysis.goals import outlook
from leadstats.briefing.answer import Answer
from leadstats.briefing.over_time import controlled, new_baselines
from leadstats.briefing.standings import standings
from leadstats.briefing.view import View
from leadstats.model.language import message, say
from leadstats.narrative import goals as said_of
from leadstats.narrative import headlines, wording
from leadstats.narrative.wording import TextTable

HEAD = (
    message("Measure"),
    message("Verdict"),
    message("Latest"),
    message("Distance"),
    message("Since"),
    message("If it goes on so"),
    message("Due"),
    message("Set by"),
)


def goals(view: View) -> Sequence[Answer]:
    """Each goal of the site with its verdict; nothing if none was set."""
    found = standings(view)
    if not found:
        return ()
    rows = [
        (
            each.published.metric.title,
            say(said_of.STATES[each.is_met]),
            said_of.latest(each),
            said_of.distance(each),
            said_of.since(each),
            said_of.ahead(each, outlook(each, new_baselines(view, each.goal.by))),
            wording.day(each.goal.due) if each.goal.due else "",
            each.goal.set_by or "",
        )
        for each in found
    ]
    results = tuple(replace(each.published, cells=(each.latest,) if each.latest else ()) for each in found)
    table = TextTable(
        say("Goals of the program and where it stands"), tuple(map(say, HEAD)), rows, labels=len(HEAD)
    )
    lead = wording.capital(said_of.of_all(found))
    return [Answer("goals", lead, results, sentences=(say(said_of.OUTLOOK),), table=table, is_open=True)]


def changes(view: View, *metrics: str) -> Answer:
    """Numbers whose latest period ends in something that chance seldom does, by the rules of their own charts."""
    found = [each for metric in metrics if (each := controlled(view, metric))]
    outside = [headlines.headline(*each) for each in found if usual_range.stands_out(each[1])]
    if outside:
        return Answer("changes", points=tuple(f"{sentence}." for sentence in outside))
    titles = wording.listing(wording.small(published.metric.title) for published, _ in found)
    said = (
        say("Inside the usual range: {titles}.", titles=titles)
        if titles
        else say("Too few periods are known yet to tell what is usual.")
    )
    return Answer("changes", sentences=(said,))
