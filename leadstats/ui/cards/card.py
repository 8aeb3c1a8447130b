"""How an answer is laid out: finding, what is measured, figure, words, table, caution, links."""

import functools
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import urljoin

import streamlit as st

from leadstats import charts
from leadstats.analysis.equity import EquityTable
from leadstats.briefing import View
from leadstats.briefing.answer import Answer, Course, each_of
from leadstats.charts.drawing import as_fluid
from leadstats.counting.view import Published
from leadstats.model.language import message, say, spoken
from leadstats.narrative import wording
from leadstats.narrative.wording import TextTable
from leadstats.ui.cards import method, objections
from leadstats.ui.shell import address, newer, session, sheet
from leadstats.ui.shell.frame import leave_out, to_import
from leadstats.ui.shell.markup import Markup, details, items, link, table, tag, text

MOST_CAUTIONS = 2  # beside a chart; those of further measures stand under its table
SHOW_TABLE = message("Show the data as a table")
SHOW_ROWS = message("Show the table")  # of numbers that no file of theirs holds
TAKEN = {
    "copy": (message("Copy chart"), message("Copy this chart as a picture: {title}")),
    "png": ("PNG", message("Save this chart as PNG: {title}")),
    "svg": ("SVG", message("Save this chart as SVG: {title}")),
}


def shows(asked: Callable[..., Answer | Sequence[Answer]]) -> Callable[..., None]:
    """The same question as a page asks it: its answers are drawn, and nothing comes back."""

    @functools.wraps(asked)
    def draw(view: View, *names: str, **choices: str | bool) -> None:
        for answer in each_of(asked(view, *names, **choices)):
            card(view, answer)

    return draw


def card(view: View, answer: Answer) -> None:
    """One answer with everything around it."""
    if answer.left_out:
        leave_out(answer.left_out)
        return
    newer.rests_on(answer.results)
    told = [tag("h3", text(answer.lead))] if answer.lead else []
    told += [tag("p", text(answer.subtitle), class_="subtitle")] if answer.subtitle else []
    told += [items(answer.points)] if answer.points else []
    told += [tag("p", text(sentence)) for sentence in answer.sentences]
    told += [to_import(view.audience)] if answer.is_lacking else []
    told += [items(answer.events, "ol")] if answer.events else []
    told += [tag("p", text(note), class_="note") for note in answer.notes]
    told += _cautions(answer.cautions[:MOST_CAUTIONS])
    told += [_links(view, answer)] if answer.results and not answer.is_lacking else []
    words = tag("div", *told, class_="card empty" if answer.is_lacking else "card") if told else ""
    drawn = _figure(view, answer) if answer.chart else ""
    both = tag("div", words, tag("div", drawn), class_="pair") if words and drawn else words + drawn
    sheet.current().add_answer("".join((both, *_below(view, answer))))


def _below(view: View, answer: Answer) -> Iterator[Markup]:
    if answer.table:
        yield _table(answer)
    if view.database.is_public and session.kind(view.audience) == session.RELEASE:
        yield from (_citation(view, *each) for each in _cited(view, answer).items())
    if answer.courses:
        yield tag("ul", *map(_course, answer.courses), class_="multiples")


def _figure(view: View, answer: Answer) -> Markup:
    """The chart, and ways to take it along: as a picture that says what it shows, and of which data."""
    title = answer.lead or answer.chart.alt
    ways = (
        tag("button", text(say(label)), type="button", data_take=way, aria_label=say(what, title=title))
        for way, (label, what) in TAKEN.items()
    )
    said = {"data_name": answer.name, "data_title": title, "data_source": _source(view, answer)}
    figure = tag("figure", as_fluid(answer.chart), role="figure", aria_label=answer.chart.alt)
    return figure + tag("p", *ways, class_="take", data_copied=say("Copied"), **said)


def _cited(view: View, answer: Answer) -> dict[str, str]:
    """Titles of the numbers that have a plain page of their own, and where that page of this release stays."""
    entries = view.database.entries
    return {
        each.metric.title: f"release/{{}}bulletin/{spoken().code}/{entries[each.metric.name].series}.html"
        for each in answer.results
        if each.metric.name in entries
    }


def _citation(view: View, title: str, page: str) -> Markup:
    """The page of one figure without script: as it is now for good, or always the latest."""
    # Whoever embeds it stands elsewhere, so the address is whole.
    here = urljoin(st.context.url or "", ".")
    kept, latest = (here + page.format(which) for which in (f"{view.database.mark}/", ""))
    words = say(
        "{name}: {title}. Release {mark}, published {day}.",
        name=view.database.site.name,
        title=title,
        mark=view.database.mark,
        day=wording.day(view.database.site.published_on),
    )
    frames = (
        tag("p", text(f"{label}: "), tag("code", text(f'<iframe src="{where}" title="{title}"></iframe>')))
        for label, where in ((say("This release for good"), kept), (say("Always the latest"), latest))
    )
    return details(
        say("Cite or embed: {title}", title=title),
        tag("p", text(words), " ", link(say("The page that stays"), kept)),
        *frames,
    )


def _source(view: View, answer: Answer) -> str:
    """Of which data a chart is, for whoever meets a copy of it."""
    site = view.database.site
    whose = f"{site.name} ({say(wording.SAMPLE)})" if site.is_sample else site.name
    return ". ".join(filter(None, (whose, answer.subtitle, say("Snapshot {mark}", mark=view.database.mark))))


def _cautions(cautions: Sequence[str]) -> list[Markup]:
    return [tag("p", text(caution), class_="caution") for caution in cautions]


def _table(answer: Answer) -> Markup:
    further = _cautions(answer.cautions[MOST_CAUTIONS:])
    words = [tag("p", text(sentence)) for sentence in answer.in_words]
    title = say(SHOW_TABLE if answer.has_csv else SHOW_ROWS)
    return details(title, *words, _as_markup(answer.table), *further, is_open=answer.is_open)


def _as_markup(data: TextTable) -> Markup:
    return table(data.caption, data.head, data.rows, data.labels)


def _course(course: Course) -> Markup:
    line = charts.sparkline(course.values)
    return tag("li", text(course.name), line, tag("b", text(course.number)), text(course.when))


def _links(view: View, answer: Answer) -> Markup:
    """To the download, if there is one, to the method card of each number, and to where the first can be objected to."""
    counted = [link(each.metric.title, method.address(view, each)) for each in answer.results]
    label = tag("span", text(say("How it is worked out:")), class_="label")
    wrong = link(say(objections.ASKED), objections.where(view, answer.results[0]))
    return tag("p", _download(view, answer), label, *counted, wrong, class_="links")


def _download(view: View, answer: Answer) -> Markup:
    if not answer.has_csv:
        return ""
    where = (_equity_csv if isinstance(answer.results[0], EquityTable) else csv_address)(view, answer.results)
    return link(say("Download CSV"), where, download="")


def csv_address(view: View, results: Sequence[Published]) -> str:
    filters = results[0].filters
    names = ",".join(published.metric.name for published in results)
    how = {"breakdown": filters.breakdown or (), "second_breakdown": filters.second_breakdown or ()}
    return address.of(view, f"data/{names}.csv", filters, by=filters.by, **how, audience=view.audience)


def _equity_csv(view: View, results: Sequence[EquityTable]) -> str:
    names = ",".join(each.stage for each in results)
    against = [each.reference for each in results[:1]]
    return address.of(view, f"data/equity/{names}.csv", reference=against, audience=view.audience)
