"""How far the numbers can be trusted: what was left out, what is unknown, and what that could move."""

from collections.abc import Mapping
from typing import Any

from leadstats import disparity, findings, words
from leadstats.measure import Published
from leadstats.ui import release
from leadstats.ui.frame import block, section
from leadstats.ui.markup import Markup, details, table, tag, text
from leadstats.ui.source import View

SEVERITIES = ("unreadable", "error", "decision", "warning", "note")
# How well a field is filled, seen through the metric that leans on it.
FIELDS = (
    ("people_referred", "race"),
    ("people_referred", "neighborhood"),
    ("people_referred", "pathway"),
    ("eligible_arrests", "race"),
    ("eligible_arrests", "neighborhood"),
    ("eligible_arrests", "charge_class"),
    ("people_enrolled", "age_band"),
    ("jail_bookings", "race"),
    ("housing_exits", "destination"),
)


def trust(view: View) -> None:
    """Of a release, its own account: rows of exports are nothing to publish."""
    if view.database.is_public:
        release.account(view)
        return
    _reach(view)
    _files(view)
    _unknown(view)
    _effects(view)
    _problems(view)


def _reach(view: View) -> None:
    section("How far each export reaches")
    rows = view.database.rows("SELECT source, rows, data_through FROM program.source ORDER BY source")
    last = max((row["data_through"] for row in rows if row["data_through"]), default=None)
    late = [
        row["source"].replace("_", " ") for row in rows if row["data_through"] and row["data_through"] < last
    ]
    said = (
        f"{words.capital(words.listing(late))} end earlier than the rest; numbers that need them end there too."
        if late
        else "All exports end on the same day."
    )
    block(tag("p", text(said)))
    body = [
        (
            words.capital(row["source"].replace("_", " ")),
            words.count(row["rows"]),
            words.day(row["data_through"]) if row["data_through"] else words.NOT_KNOWN,
        )
        for row in rows
    ]
    block(table("Exports loaded", ("Export", "Rows", "Data through"), body))


def _files(view: View) -> None:
    section("What became of every row")
    rows = view.database.rows('SELECT * FROM program.load ORDER BY file, "table"')
    body = [
        (
            row["file"],
            row["table"].replace("_", " "),
            *(words.count(row[part]) for part in ("read", "loaded", "rejected", "duplicate", "out_of_scope")),
        )
        for row in rows
    ]
    head = ("File", "Read as", "Rows read", "Loaded", "Rejected", "Duplicate", "Out of scope")
    block(
        tag(
            "p", text("Rows read are loaded, rejected, duplicate or out of scope; no row is lost in between.")
        )
    )
    block(table("Rows by file", head, body, labels=2))


def _unknown(view: View) -> None:
    section("What is unknown")
    body = []
    for metric, breakdown in FIELDS:
        published = view.published(metric, by="total", breakdown=breakdown)
        if share := _share(published, view.published(metric, by="total")):
            body.append(
                (f"{words.capital(breakdown.replace('_', ' '))} of {published.metric.title.lower()}", *share)
            )
    block(
        tag(
            "p",
            text(
                f"Over {words.span(view.filters.first_month, view.filters.last_month)}. Nothing unknown is guessed."
            ),
        )
    )
    block(table("Share unknown by field", ("Field", "Unknown", "Out of", "Share"), body))


def _share(published: Published, everyone: Published) -> tuple[str, str, str] | None:
    unknown = next((cell for cell in published.cells if cell.category.lower() == "unknown"), None)
    total = findings.total(everyone)
    if unknown is None or total is None or not total.value:
        return None
    if unknown.hidden:
        return words.HIDDEN, "", ""
    share = words.percent(100 * unknown.value / total.value, round(total.value))
    return words.count(unknown.value), words.count(total.value), share


def _effects(view: View) -> None:
    section("What unknown race could move")
    found = [view.equity(stage) for stage in disparity.STAGES]
    sentences = [
        f"{disparity.STAGES[each.stage]}: {' '.join(said)}"
        for each in found
        if (said := disparity.unknown_race(each))
    ]
    said = sentences or ["No comparison can be shown that unknown races would move."]
    block(tag("ul", *(tag("li", text(sentence)) for sentence in said)))


def _problems(view: View) -> None:
    section("What the checks found")
    rows = view.database.rows("SELECT * FROM program.problem")
    if not rows:
        block(tag("p", text("The checks found nothing to mend.")))
        return
    rows.sort(key=lambda row: (SEVERITIES.index(row["severity"]), row["code"], row["file"] or ""))
    block(tag("div", *(_problem(row) for row in rows), class_="definitions"))


def _problem(row: Mapping[str, Any]) -> Markup:
    where = ", ".join(filter(None, (row["file"], row["column"] and f"column {row['column']}")))
    facts = {
        "Where": where,
        "Rows": words.count(row["count"]),
        "Found": row["value"],
        "Expected": row["expected"],
        "What to do": row["fix"],
    }
    pairs = (tag("dt", text(name)) + tag("dd", text(fact)) for name, fact in facts.items() if fact)
    title = f"{row['severity']}: {row['title']} ({words.count(row['count'])}), {where}, {row['code']}"
    return details(words.capital(title), tag("dl", *pairs, class_="definition"))
