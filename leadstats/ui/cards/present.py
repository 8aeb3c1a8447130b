"""The meeting's view: one answer a slide, on a screen that is never scrolled."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from leadstats.briefing import View
from leadstats.briefing.answer import Answer
from leadstats.charts.drawing import as_sheets
from leadstats.model.language import say
from leadstats.papers import Contents, contents
from leadstats.papers.contents import Question, across_a_room
from leadstats.ui.shell import address, deck_component, newer, session, sheet
from leadstats.ui.shell.frame import block, other_languages, page
from leadstats.ui.shell.markup import Markup, items, link, tag, text
from leadstats.ui.shell.markup import table as as_table

CHART_WIDTH = 620  # pixels: on a screen of 1080 lines its words then stand 24 pixels high
HIGHEST_CHART = 445


def present() -> None:
    """The whole page: filters, one slide, and how to turn to the next."""
    page("overview", view="")(_deck)


def _deck(view: View) -> None:
    held = contents(view, session.brought(view))
    if there_are_newer := newer.sentence(view):
        held = replace(held, notes=[there_are_newer, *held.notes])
    leave = link(say("Leave the meeting's view"), address.of(view, "overview"))
    others = other_languages(view, "overview", view="present")
    block(tag("p", *(part for each in (*others, leave) for part in (each, " ")), class_="leave"))
    sheet.current().break_off()
    deck_component.draw("".join(_slides(view, held)))


def for_the_meeting(view: View) -> None:
    """The same answers as slides here, and on paper."""
    links = (
        link(say("Present"), address.of(view, "overview", view="present")),
        link(say("Packet (PDF)"), address.of(view, "packet.pdf", audience=view.audience), download=""),
        link(say("Slides (PPTX)"), address.of(view, "packet.pptx", audience=view.audience), download=""),
    )
    block(
        tag("p", tag("span", text(say("To present and to print:")), class_="label"), *links, class_="links")
    )


def _slides(view: View, held: Contents) -> Iterator[Markup]:
    foot = _foot(view, held)
    yield _slide(held.title, [tag("p", text(line)) for line in (held.site, *held.cover, *held.notes)], foot)
    for section in held.sections:
        yield _slide(section.title, [items(section.news)], foot)
    short = [f"{asked.question} {asked.verdict or asked.lead}" for asked in held.questions]
    yield _slide(held.words["verdicts"], [items(short)], foot)
    for asked in held.questions:
        yield from _question(asked, foot)
    yield _slide(held.words["decisions"], [items(held.words["blanks"])], foot)


def _foot(view: View, held: Contents) -> Markup:
    """Filters are told apart from all of LEAD, so that nobody takes a part for the whole."""
    chosen = bool(view.filters.places or view.filters.pathways)
    told = tag("strong", text(say("Filtered. "))) if chosen else ""
    return tag("p", told, text(held.foot), class_="foot")


def _question(asked: Question, foot: Markup) -> Iterator[Markup]:
    verdict = [tag("p", tag("strong", text(asked.verdict)), class_="verdict")] if asked.verdict else []
    lead = [*verdict, tag("p", text(asked.lead), class_="lead")]
    notes = (*asked.cautions, *asked.rests_on)
    shown = [(answer, part) for answer in asked.answers for part in _parts(answer)]
    if len(shown) != 1:  # what goes on over several slides needs their height
        yield _slide(asked.question, lead, foot, notes)
    for answer, part in shown:
        if len(shown) == 1:
            yield _slide(asked.question, [*lead, part], foot, (*notes, *answer.around))
        else:
            is_said = f"{answer.lead}." == asked.verdict
            said = [] if is_said else [tag("p", text(answer.lead or asked.lead), class_="lead")]
            yield _slide(asked.question, [*said, part], foot, answer.around)


def _parts(answer: Answer) -> list[Markup]:
    """What can be read across a room: the chart, a high one on several slides; else its tables."""
    if answer.chart:
        drawn = as_sheets(answer.chart, CHART_WIDTH, HIGHEST_CHART)
        return [tag("div", sheet, class_="drawn") for sheet in drawn]
    return [as_table(each.caption, each.head, each.rows, each.labels) for each in across_a_room(answer)]


def _slide(title: str, body: Sequence[Markup], foot: Markup, notes: Sequence[str] = ()) -> Markup:
    said = (tag("p", text(line)) for line in dict.fromkeys(filter(None, notes)))
    return tag(
        "section",
        tag("h2", text(title)),
        *body,
        foot,
        tag("template", *said, class_="notes"),
        class_="slide",
        aria_label=title,
    )
