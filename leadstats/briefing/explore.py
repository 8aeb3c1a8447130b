"""The answer to anything a reader asks: any number, by any of its groups, over any kind of period."""

from leadstats import charts
from leadstats.briefing.answer import Answer, of_results
from leadstats.briefing.by_group import ordered
from leadstats.briefing.over_time import with_goals
from leadstats.briefing.view import View


def explored(view: View, metric: str, by: str, breakdown: str | None, second: str | None) -> Answer:
    """A chart if one chart can hold it; else the table is the answer."""
    published = view.published(metric, by=by, breakdown=breakdown, second_breakdown=second)
    chart = None
    if by == "total" and not second and len(published.cells) > 1:
        published = ordered(published)
        chart = charts.by_category(published)
    elif by != "total" and not breakdown and not published.metric.categories:
        chart = with_goals(view, charts.trend(published), [published])
    return of_results([published], chart, is_open=chart is None and len(published.cells) > 1)
