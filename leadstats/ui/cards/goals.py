"""Whether the program is on track: the goals that were set, and which numbers left their range."""

from leadstats.counting.view import Published
from leadstats.model import periods
from leadstats.narrative import headlines, wording
from leadstats.ui.cards import chart_cards
from leadstats.ui.shell import session
from leadstats.ui.shell.frame import block, section
from leadstats.ui.shell.markup import items, table, tag, text
from leadstats.ui.shell.session import View


def goals(view: View) -> None:
    """Each goal of the site beside the latest complete number; nothing where none was set."""
    rows = [
        row
        for row in view.database.rows("SELECT * FROM program.goal ORDER BY due, metric")
        if row["metric"] in view.database.metrics and row["by"] in periods.VIEWED
    ]
    if not rows:
        return
    section("Goals")
    body = []
    for row in rows:
        months = chart_cards.SHOWN_MONTHS.get(row["by"], chart_cards.ALL_MONTHS)
        start = periods.start(session.window(view, [row["metric"]], months), row["by"])
        published = view.published(row["metric"], by=row["by"], first_month=start)
        target = wording.amount(row["value"], published.metric.unit)
        body.append(
            (
                published.metric.title,
                _latest(published),
                target if published.metric.unit == "percent" else f"{target} a {row['by']}",
                wording.day(row["due"]) if row["due"] else "",
                row["set_by"] or "",
            )
        )
    head = ("Measure", "Latest", "Goal", "Due", "Set by")
    block(table("Goals of the program and where it stands", head, body, labels=5))


def _latest(published: Published) -> str:
    told = headlines.told(published.cells)
    if not told:
        return wording.HIDDEN if any(cell.hidden for cell in published.cells) else wording.NOTHING
    return f"{wording.with_unit(published.metric, told[-1])} {wording.since(wording.period(told[-1].period, published.filters))}"


def changes(view: View, *metrics: str) -> None:
    """Numbers whose latest period lies outside all before it; the rest move as they always have."""
    found = [chart_cards.over_time(view, metric)[0] for metric in metrics]
    outside = [headlines.headline(published) for published in found if headlines.stands_out(published)]
    section("What changed")
    if outside:
        block(items(f"{sentence}." for sentence in outside))
        return
    titles = wording.listing(wording.small(published.metric.title) for published in found if published.cells)
    block(
        tag(
            "p",
            text(f"Nothing left the range of the months before, of {titles}." if titles else "No data yet."),
        )
    )
