"""Whether the program is on track: the goals that were set, and which numbers left their range."""

from collections.abc import Sequence

from leadstats.briefing.answer import Answer
from leadstats.briefing.over_time import ALL_MONTHS, SHOWN_MONTHS, changed, over_time
from leadstats.briefing.view import View
from leadstats.counting.view import Published
from leadstats.model import periods
from leadstats.narrative import headlines, wording
from leadstats.narrative.wording import TextTable


def goals(view: View) -> Sequence[Answer]:
    """Each goal of the site beside the latest complete number; nothing where none was set."""
    set_goals = [
        goal
        for goal in view.database.site.goals
        if goal.metric in view.database.metrics and goal.by in periods.VIEWED
    ]
    if not set_goals:
        return ()
    body = []
    for goal in set_goals:
        months = SHOWN_MONTHS.get(goal.by, ALL_MONTHS)
        start = periods.start(view.window((goal.metric,), months), goal.by)
        published = view.published(goal.metric, by=goal.by, first_month=start)
        target = wording.amount(goal.value, published.metric.unit)
        body.append(
            (
                published.metric.title,
                _latest(published),
                target if published.metric.unit == "percent" else f"{target} a {goal.by}",
                wording.day(goal.due) if goal.due else "",
                goal.set_by or "",
            )
        )
    head = ("Measure", "Latest", "Goal", "Due", "Set by")
    table = TextTable("Goals of the program and where it stands", head, body, labels=5)
    return [Answer("goals", table=table, is_open=True)]


def _latest(published: Published) -> str:
    told = headlines.told(published.cells)
    if not told:
        reasons = {cell.hidden for cell in published.cells} - {None}
        return wording.why_hidden(min(reasons)) if reasons else wording.NOTHING
    return f"{wording.with_unit(published.metric, told[-1])} {wording.since(wording.period(told[-1].period, published.filters))}"


def changes(view: View, *metrics: str) -> Answer:
    """Numbers whose latest period lies outside all before it; the rest move as they always have."""
    found = [over_time(view, metric)[0] for metric in metrics]
    since = [changed(view, published)[0] for published in found]
    outside = [
        headlines.headline(published, since=start)
        for published, start in zip(found, since, strict=True)
        if headlines.stands_out(published, start)
    ]
    if outside:
        return Answer("changes", points=tuple(f"{sentence}." for sentence in outside))
    titles = wording.listing(wording.small(published.metric.title) for published in found if published.cells)
    said = f"Nothing left the range of the months before, of {titles}." if titles else "No data yet."
    return Answer("changes", sentences=(said,))
