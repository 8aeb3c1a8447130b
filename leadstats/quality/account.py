"""What is known about the data themselves. Hides which tables of the database answer which doubt.

Nothing here is about any one person. Counts of rows are shown as they are; counts of people, and of rows with a
certain value, are protected for the audience.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from leadstats.briefing import View
from leadstats.counting.lookups import lookup
from leadstats.counting.site_facts import PARTS
from leadstats.counting.suppression import THRESHOLD
from leadstats.counting.view import ANALYST, Cell, Published
from leadstats.model.messages import GRAVEST_FIRST, TOPICS, Problem
from leadstats.narrative import wording
from leadstats.narrative.wording import TextTable

CORRECTED = "LD-331"
# How well a field is filled, as seen by the metric that depends on it.
FIELDS = (
    ("people_referred", "race"),
    ("people_referred", "age_band"),
    ("people_referred", "sex"),
    ("people_referred", "neighborhood"),
    ("people_referred", "pathway"),
    ("people_enrolled", "neighborhood"),
    ("eligible_arrests", "race"),
    ("eligible_arrests", "neighborhood"),
    ("eligible_arrests", "charge_class"),
    ("jail_bookings", "race"),
    ("jail_bookings", "age_band"),
    ("jail_bookings", "charge_class"),
    ("housing_exits", "race"),
    ("housing_exits", "destination"),
)
BY_RACE = (
    ("people_referred", "age_band"),
    ("people_referred", "neighborhood"),
    ("eligible_arrests", "neighborhood"),
    ("jail_bookings", "charge_class"),
    ("housing_exits", "destination"),
)
RECENT_ENOUGH = (
    0.75  # with a smaller share of the usual events in the last 28 days, records are probably still coming in
)
LEAST_USUAL = 20  # smaller numbers in 28 days vary that much by chance alone


@dataclass(frozen=True)
class Finding:
    """One finding: a line to show, and facts by name for those who ask."""

    title: str
    facts: Mapping[str, str]


@dataclass(frozen=True)
class Section:
    title: str
    sentences: Sequence[str] = ()
    tables: Sequence[TextTable] = ()
    entries: Sequence[Finding] = ()


def account(view: View) -> Iterator[Section]:
    """Everything known about the data themselves, from where they end to what the checks found."""
    yield _reach(view)
    yield _files(view)
    yield _fields(view)
    yield _people(view)
    yield from _problems(view)


def named(table: str) -> str:
    return {"hmis": "HMIS", "jail_stay": "Jail stays"}.get(table, wording.capital(table.replace("_", " ")))


def is_protected(view: View) -> bool:
    return view.audience != ANALYST


def few(view: View, count: int) -> str:
    """A count of rows that share something, and so may all be one person's."""
    if is_protected(view) and 0 < count < THRESHOLD:
        return f"fewer than {THRESHOLD}"
    return wording.count(count)


def _reach(view: View) -> Section:
    exports = view.database.exports.sources
    recent = {row["source"]: row for row in lookup(view.database, "recent_rows", view.audience)}
    last = max((each.data_through for each in exports if each.data_through), default=None)
    late = [named(each.source) for each in exports if each.data_through and each.data_through < last]
    thin = [named(name) for name, row in recent.items() if _is_thin(row)]
    sentences = [
        f"{wording.capital(wording.listing(late))} end earlier than the rest; numbers that need them end there too."
        if late
        else "All exports end on the same day."
    ]
    if thin:
        sentences.append(
            f"{wording.listing(thin)} hold clearly fewer events than usual in their last 28 days: records may "
            "still be coming in, so read the last month with care."
        )
    body = [
        (
            named(each.source),
            wording.count(each.rows),
            wording.day(each.data_through) if each.data_through else wording.NOT_KNOWN,
            f"{(last - each.data_through).days:,}" if each.data_through else wording.NOT_KNOWN,
            _recent(recent.get(each.source)),
        )
        for each in exports
    ]
    head = ("Export", "Rows", "Data through", "Days behind", "Last 28 days against usual")
    return Section("How far each export reaches", sentences, [TextTable("Exports loaded", head, body)])


def _is_told(row: Mapping[str, Any]) -> bool:
    return row["is_known_for_a_year"] and row["usual"] is not None and row["usual"] >= LEAST_USUAL


def _is_thin(row: Mapping[str, Any]) -> bool:
    """Whether a count is well below the usual one; one too small to show is below three quarters of twenty anyway."""
    return _is_told(row) and (row["recent"] is None or row["recent"] < RECENT_ENOUGH * row["usual"])


def _recent(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return "has no events"
    if not _is_told(row):
        return "too few to tell"
    if row["recent"] is None:
        return wording.HIDDEN
    share = 100 * row["recent"] / row["usual"]
    return "under half" if share < 50 else wording.percent(share)


def _files(view: View) -> Section:
    body = [
        (each.file, each.table.replace("_", " "), *(wording.count(getattr(each, part)) for part in PARTS))
        for each in view.database.exports.files
    ]
    head = ("File", "Read as", "Rows read", "Loaded", "Rejected", "Duplicate", "Out of scope")
    said = "Rows read are loaded, rejected, duplicate or out of scope; no row is lost in between."
    return Section("What became of every row", [said], [TextTable("Rows by file", head, body, labels=2)])


def _fields(view: View) -> Section:
    body = []
    for metric, breakdown in FIELDS:
        published = view.published(metric, by="total", breakdown=breakdown)
        everyone = view.published(metric, by="total").only
        if share := _unknown(_cells(published).get("unknown"), everyone):
            body.append((_field(published, breakdown), *share))
    tables = [TextTable("Share unknown by field", ("Field", "Unknown", "Out of", "Share"), body)]
    if by_race := _by_race(view):
        tables.append(by_race)
    said = (
        f"Over {wording.span(view.filters.first_month, view.filters.last_month)}. Nothing unknown is guessed."
    )
    return Section("How complete the fields are", [said], tables)


def _by_race(view: View) -> TextTable | None:
    """Fields that are emptier for one group than for another make the groups look different."""
    columns: dict[str, Mapping[str, str]] = {}
    for metric, field in BY_RACE:
        split = view.published(metric, by="total", breakdown="race", second_breakdown=field)
        everyone = _cells(view.published(metric, by="total", breakdown="race"))
        unknown = {
            cell.category: cell for cell in split.cells if (cell.second_category or "").lower() == "unknown"
        }
        found = {
            race: share[-1] or share[0]
            for race, cell in everyone.items()
            if (share := _unknown(unknown.get(cell.category, Cell(None, race, value=0)), cell))
        }
        if found:
            columns[_field(split, field)] = found
    races = list(dict.fromkeys(race for found in columns.values() for race in found))
    if not races:
        return None
    names = {race.lower(): race for race in view.database.categories.get("race", ())}
    body = [
        (names.get(race, race), *(found.get(race, wording.NOTHING) for found in columns.values()))
        for race in races
    ]
    return TextTable("Share unknown by race", ("Race", *columns), body)


def _field(published: Published, breakdown: str) -> str:
    name = {"age_band": "Age", "neighborhood": "Place"}.get(
        breakdown, wording.capital(breakdown.replace("_", " "))
    )
    return f"{name} of {published.metric.title.lower()}"


def _cells(published: Published) -> dict[str, Cell]:
    return {cell.category.lower(): cell for cell in published.cells if cell.second_category is None}


def _unknown(unknown: Cell | None, everyone: Cell | None) -> tuple[str, str, str] | None:
    if unknown is None or everyone is None or not (everyone.value or everyone.hidden):
        return None
    if reason := everyone.hidden or unknown.hidden:
        return wording.why_hidden(reason), "", ""
    share = wording.percent(100 * unknown.value / everyone.value, round(everyone.value))
    return wording.count(unknown.value), wording.count(everyone.value), share


def _people(view: View) -> Section:
    def share(whole: int | None, part: int | None) -> str:
        if whole is None:
            return wording.HIDDEN
        return (
            f"{wording.count(part)} of {wording.count(whole)} ({wording.percent(100 * part / whole, whole)})"
        )

    rows = lookup(view.database, "match_rates", view.audience)
    body = [
        (
            named(row["source"]),
            share(row["people"], row["linked_people"])
            if row["has_own_numbers"] and row["people"] != 0
            else "same ids as LEAD",
            share(row["all_participants"], row["participants"])
            if row["all_participants"] != 0
            else wording.NOTHING,
        )
        for row in rows
    ]
    said = [
        "Sources that number people their own way are joined by person_link alone; nothing is matched by name. "
        "Records of people whom nobody linked count in whole-jail and arrest figures, never in participants' outcomes.",
        "If hardly any participant is found in a source, its ids may be others than LEAD's, and links are missing.",
    ]
    head = ("Source", "People linked to LEAD's ids", "Participants with a record there")
    return Section("Whose records they are", said, [TextTable("Match rate by source", head, body, labels=3)])


def _problems(view: View) -> Iterator[Section]:
    problems = sorted(
        view.database.exports.problems,
        key=lambda each: (GRAVEST_FIRST.index(each.severity), each.code, each.file or "", each.row or 0),
    )
    if not problems:
        yield Section("What the checks found", ["The checks found nothing to fix."])
    for topic in TOPICS:
        found = [each for each in problems if each.topic == topic]
        listed = [each for each in found if each.code != CORRECTED]
        tables = list(_corrections([each for each in found if each.code == CORRECTED]))
        if found:
            yield Section(topic, (), tables, [_entry(view, each) for each in listed])


def _corrections(found: Sequence[Problem]) -> Iterator[TextTable]:
    """One line per correction: which column of which row it changed, and where the site says why."""
    if found:
        body = [(f"row {each.row}", named(each.table), each.field) for each in found]
        yield TextTable("Corrections by the site", ("In corrections.csv", "Export", "Field"), body, labels=3)


def _entry(view: View, problem: Problem) -> Finding:
    more = f" and {problem.files - 1:,} more" if problem.files > 1 else ""
    file = f"{problem.file}{more}" if problem.file else None
    is_of_file = problem.shows == "file"
    number = None if is_of_file and not problem.rows and problem.count == 1 else few(view, problem.count)
    # A value that only a few rows have, or that is just an example of several, may point to one person.
    is_shared = problem.shows == "shared value" and problem.count >= THRESHOLD
    facts = {
        "Where": ", ".join(filter(None, (file, problem.column and f"column {problem.column}"))),
        "How many": number,
        "Found": problem.value if is_of_file or is_shared or not is_protected(view) else None,
        "Expected": problem.expected,
        "What to do": problem.fix,
    }
    what = f"{problem.severity}: {problem.title}{f' ({number})' if number else ''}"
    title = ", ".join(filter(None, (what, file, problem.code)))
    return Finding(wording.capital(title), {name: fact for name, fact in facts.items() if fact})
