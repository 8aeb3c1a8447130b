"""What a public release says about itself: what is hidden and why, who is not counted, what to download."""

from leadstats.briefing import View
from leadstats.model.language import LANGUAGES, message, say
from leadstats.narrative import wording
from leadstats.ui.shell import session
from leadstats.ui.shell.frame import block, section
from leadstats.ui.shell.markup import Markup, link, table, tag, text

BULLETINS = {
    "en": "The same in plain pages, for paper and without scripts",
    "es": "Lo mismo en español, en páginas sencillas",
}
DOWNLOADS = {
    "public.parquet": message("All numbers in one file (Parquet)"),
    "datapackage.json": message("All tables as CSV, described (Data Package)"),
    "data-dictionary.csv": message("What each column means (CSV)"),
    "data/corrections.csv": message("Corrections (CSV)"),
    "CHANGELOG.md": message("What changed from release to release"),
    "certificate.md": message("What the attack on this release found, in words"),
    "certificate.json": message("The same for programs that check it (JSON)"),
    "SHA256SUMS": message("Check sums of all files"),
    "LICENSE": message("Free to use for any purpose (CC0)"),
}


def account(view: View) -> None:
    for head, paragraphs in session.notes_of(view.database).items():
        section(head)
        block(tag("div", *(tag("p", text(paragraph)) for paragraph in paragraphs)))
    section(message("How much is shown"))
    block(_shares(view))
    if session.kind(view.audience) == session.RELEASE:  # a preview is not handed out
        section(message("Downloads"))
        block(_downloads())


def _shares(view: View) -> Markup:
    rows = []
    for entry in view.database.entries.values():
        held = [numbers for (series, _), numbers in view.database.tables.items() if series == entry.series]
        every = [number for numbers in held for number in numbers.values()]
        shown = sum(number is not None for number in every)
        if not entry.part:
            rows.append((say(entry.metric.title), wording.count(shown), wording.count(len(every) - shown)))
    return table(
        say("Numbers of this release, over all its tables"),
        (say("What is counted"), say("Shown"), say("Hidden")),
        rows,
    )


def _downloads() -> Markup:
    pages = (
        link(
            title,
            f"release/bulletin/{code}/index.html",
            lang=LANGUAGES[code].tag,
            hreflang=LANGUAGES[code].tag,
        )
        for code, title in BULLETINS.items()
    )
    files = (link(say(title), f"release/{path}") for path, title in DOWNLOADS.items())
    return tag("ul", *(tag("li", each) for each in (*pages, *files)))
