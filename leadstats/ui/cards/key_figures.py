"""The big numbers at the top of a page, and where to read on."""

from leadstats import charts
from leadstats.briefing import View
from leadstats.briefing.key_figures import KeyFigure, key_figure
from leadstats.model.language import say
from leadstats.ui.cards import method
from leadstats.ui.shell import address, newer
from leadstats.ui.shell.frame import block, leave_out, named
from leadstats.ui.shell.markup import Markup, link, tag, text


def figures(view: View, *metrics: str, **pages: str) -> None:
    """Metrics by name; as a keyword, with the page that says more about it."""
    targets = {**dict.fromkeys(metrics), **pages}
    found = {metric: key_figure(view, metric) for metric in targets}
    shown = {metric: each for metric, each in found.items() if not each.is_left_out}
    newer.rests_on(each.result for each in shown.values())
    if shown:
        tiles = (_tile(view, each, targets[metric]) for metric, each in shown.items())
        block(tag("dl", *tiles, class_="figures"))
    leave_out(each.result.metric.title for each in found.values() if each.is_left_out)


def _tile(view: View, figure: KeyFigure, target: str | None) -> Markup:
    more = (
        tag(
            "dd",
            link(say("More on {title}", title=named(target).name.lower()), address.of(view, target)),
            class_="more",
        )
        if target
        else ""
    )
    title = tag("dt", link(figure.result.metric.title, method.address(view, figure.result)))
    if figure.lacking:
        return tag("div", title, tag("dd", text(figure.lacking), class_="lacking"), more)
    return tag(
        "div",
        title,
        tag("dd", text(figure.number), class_="number words" if figure.is_words else "number"),
        tag("dd", text(figure.unit), class_="unit") if figure.unit else "",
        tag("dd", charts.sparkline(figure.course)),
        *(tag("dd", text(sentence), class_="change") for sentence in figure.changes),
        more,
    )
