"""The data-quality page: the words and tables of `leadstats.quality`, drawn."""

from leadstats import quality
from leadstats.briefing import View
from leadstats.model.language import say_plural
from leadstats.quality import Finding
from leadstats.ui.cards import release
from leadstats.ui.shell.frame import block, section
from leadstats.ui.shell.markup import Markup, details, table, tag, text


def trust(view: View) -> None:
    """Of a release, its own account: rows of exports are nothing to publish."""
    if view.database.is_public:
        release.account(view)
        return
    for place, part in enumerate(quality.sections(view)):
        section(part.title)
        for sentence in part.sentences:
            block(tag("p", text(sentence)))
        for each in part.tables:
            drawn = table(each.caption, each.head, each.rows, labels=each.labels)
            # What a gap could do to a headline is the page's answer; all below it is for whoever doubts a part.
            block(details(each.caption, drawn, is_open=place == 0))
        if part.entries:
            found = say_plural(
                "{number} finding", "{number} findings", len(part.entries), number=len(part.entries)
            )
            block(details(found, tag("div", *map(_entry, part.entries), class_="definitions")))


def _entry(entry: Finding) -> Markup:
    pairs = (tag("dt", text(name)) + tag("dd", text(fact)) for name, fact in entry.facts.items())
    return details(entry.title, tag("dl", *pairs, class_="definition"))
