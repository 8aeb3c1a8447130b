"""How numbers, days, periods and categories are written: the only place that rounds."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from leadstats.counting.view import NOT_RECORDED, NOT_RELEASED, Cell, Filters, Published
from leadstats.model import periods
from leadstats.model.codes import HOUSING_CODES
from leadstats.model.language import SOURCE, message, say, say_plural, spoken
from leadstats.model.metrics import Metric, UnreadableMetric
from leadstats.model.rounding import rounded, significant
from leadstats.model.schema import FACTS, OUTSIDE, PATHWAY_NAMES, TABLES, UNKNOWN
from leadstats.model.settings import Event, Note

SAMPLE = message("SAMPLE: invented people")
HIDDEN = message("hidden to protect privacy")
NOT_KNOWN = message("not known")
NOTHING = message("no records")
READING_NOTES = (
    (
        message(
            "A hatched bar or month is hidden: too few people stand behind the number, or it would let "
            "someone work out such a number. How many are too few stands at the top of the page."
        )
    ),
    message(
        "A hollow point is a period that has not ended, or that the filters cut short; do not compare it."
    ),
    (
        message(
            "A shaded band or a thick line around a point is how far a rate like this could move by "
            "chance alone if nothing changed (95 of 100 times). The counts themselves are complete, not "
            "a sample."
        )
    ),
    (
        message(
            "Clear of chance: were nothing different anywhere, in at most 5 of 100 counties like this "
            "one would any of all the comparisons stand out so. The more groups, stages or places the "
            "data hold, shown or hidden, the more a difference needs to be called clear. What is not "
            "clear may be a gap all the same."
        )
    ),
    (
        message(
            "A number in a grey box marks an event, described beside the chart. What came after an event "
            "need not have come because of it."
        )
    ),
)
AUDIENCE_NOTES = {
    "public": message(
        "Public numbers: those of fewer than {threshold} people are hidden, and whatever would give them away"
    ),
    # Views can be subtracted from one another (docs/security.md): the note promises no more than a courtesy.
    "coordinating_group": message(
        "Coordinating group view: numbers under {threshold} are hidden as a courtesy, not as protection"
    ),
    "operations": message(
        "Operations view: counts of the program's own records are whole, other numbers under {threshold} are hidden; do "
        "not pass on"
    ),
    "analyst": message("Analyst view: nothing is hidden, do not pass on"),
}
PREVIEW_NOTE = message("Preview of the next public release: not approved, not published")
DESTINATIONS = {str(code.code): code.name for code in HOUSING_CODES}
# Of a percentage near one end of all, of which a release says no more.
BOUNDS = {"or less": message("{share} or less"), "or more": message("{share} or more")}
ESTIMATED_UNITS = ("nights", "beds", "dollars")
OWN_NAMES = ("neighborhood", "agency", "source_agency")  # of a site, in no other language
ONE_DECIMAL_UNITS = (
    "beds",
    "nights per person-year",
    "bookings per person-year",
    "arrests per person-year",
    "people per case manager",
    "per 1,000 residents a year",
)
SPAN = message("{first} to {last}")
CSV_COLUMNS = (
    "metric",
    "period",
    "category",
    "second_category",
    "shown",
    "value",
    "low",
    "high",
    "people",
    "numerator",
    "denominator",
    "events",
    "gross",
    "hidden",
    "is_partial",
    "unit",
    "version",
    "data_through",
    "place",
    "pathway",
    "definition",
)
# Full-width forms count too: some spreadsheets read them as the plain sign.
FORMULA_STARTS = tuple("=+-@\t\r\0＝＋－＠")
CHANGED = message("Since {day} something else is usual: {text}. Do not compare numbers before and after.")
NUMBER = re.compile(r"-?\$?[\d.,]+%?")
QUARTERS = (
    message("the first quarter of {year}"),
    message("the second quarter of {year}"),
    message("the third quarter of {year}"),
    message("the fourth quarter of {year}"),
)


@dataclass(frozen=True)
class TextTable:
    """Numbers as they are written, row by row; the first `labels` columns hold words, the others numbers."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    labels: int = 1


def audience_note(audience: str, threshold: int) -> str:
    """Who reads, and what is hidden from them: numbers of fewer people than `threshold`."""
    return say(AUDIENCE_NOTES[audience], threshold=threshold)


def count(value: float) -> str:
    return f"{rounded(value):,}"


def whole(value: int | None) -> str:
    """A count, and nothing where there is none."""
    return "" if value is None else count(value)


def ratio(value: float) -> str:
    """Two significant digits, never in powers of ten."""
    return f"{significant(value):f}"


def percent(value: float, denominator: int | None = None) -> str:
    """Whole numbers below 100 observations: a decimal would pretend to more than is known."""
    # A percentage that a release has rounded is an int.
    is_whole = denominator is None or denominator < 100 or value in (0, 100) or isinstance(value, int)
    return f"{rounded(value, 0 if is_whole else 1):,}%"


def dollars(value: float) -> str:
    amount = abs(significant(value))
    sign = "-" if value < 0 else ""
    if amount >= 1_000_000:
        return say("{amount} million", amount=f"{sign}${(amount / 1_000_000).normalize():f}")
    return f"{sign}${amount:,.0f}"


def amount(value: float | None, unit: str, denominator: int | None = None, is_estimate: bool = False) -> str:
    """The bare number in its unit's format; `percent` and `dollars` carry their sign."""
    if value is None:
        return say(NOT_KNOWN)
    if unit == "percent":
        return percent(value, denominator)
    if unit == "dollars":
        return dollars(value)
    if is_estimate:
        return f"{significant(value):,f}"
    is_whole = float(value).is_integer() and unit not in ONE_DECIMAL_UNITS
    return count(value) if is_whole or abs(value) >= 1000 else f"{rounded(value, 1):,}"


def noun(unit: str, value: float | None = None) -> str:
    """The unit as a word, in the singular after a one."""
    if unit in ("percent", "dollars"):
        return ""
    if value != 1:
        return say(unit)
    one = "person" if unit == "people" else unit.removesuffix("s") if " " not in unit else unit
    return say(one)


def is_estimate(metric: Metric, cell: Cell) -> bool:
    """A modelled number, not a counted one: it carries an interval though it is no rate."""
    return metric.unit in ESTIMATED_UNITS and cell.has_limits


def shown(metric: Metric, cell: Cell) -> str:
    """What stands in a table or on a card for one cell, without the unit's noun."""
    if cell.hidden:
        return why_hidden(cell.hidden)
    if cell.value is None:
        return cell.too_few or say(NOTHING if cell.denominator == 0 else NOT_KNOWN)
    number = amount(cell.value, metric.unit, cell.denominator, is_estimate(metric, cell))
    return say(BOUNDS[cell.bound], share=number) if cell.bound else number


def note(written: Note, about: str = "") -> str:
    """By role and with its day, so that nobody takes it for a finding. `about`: the number, where there are several."""
    said = {"day": day(written.day), "role": written.role, "text": written.text}
    if about:
        return say("Note on {title}, {day}, {role}: {text}", title=small(about), **said)
    return say("Note, {day}, {role}: {text}", **said)


def changed(event: Event) -> str:
    """The warning where numbers from before and after such an event stand beside each other."""
    return say(CHANGED, day=day(event.day), text=event.text.rstrip("."))


def as_shown(metric: Metric, cell: Cell) -> float | None:
    """The number of a cell no more exact than its words, for charts whose numbers can be taken out; else None."""
    if cell.hidden or cell.value is None:
        return None
    if is_estimate(metric, cell) or metric.unit == "dollars":
        return float(significant(cell.value))
    has_decimal = "." in amount(cell.value, metric.unit, cell.denominator)
    return float(rounded(cell.value, int(has_decimal)))


def why_hidden(reason: str) -> str:
    """Stands in the place of a number."""
    return say(NOT_RECORDED if reason == NOT_RECORDED else HIDDEN)


def with_unit(metric: Metric, cell: Cell) -> str:
    text = shown(metric, cell)
    if cell.hidden or cell.value is None:
        return text
    number = f"{text} {noun(metric.unit, cell.value)}".rstrip()
    return say("about {number}", number=number) if is_estimate(metric, cell) else number


def interval(metric: Metric, cell: Cell) -> str:
    """The range of a cell in words, or nothing where there is none."""
    if cell.low is None or cell.high is None:
        return ""
    low, high = (
        amount(end, metric.unit, cell.denominator, is_estimate(metric, cell)) for end in (cell.low, cell.high)
    )
    return say("{low} to {high}", low=low, high=high)


def signed(value: float, digits: int = 0) -> str:
    number = rounded(value, digits)
    return f"{number:+,}" if number else f"{abs(number):,}"


def listing(items: Iterable[str], is_choice: bool = False) -> str:
    return spoken().listed(items, is_choice)


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def small(title: str) -> str:
    """A title inside a sentence; names keep their capitals."""
    return title[:1].lower() + title[1:]


def day(value: date) -> str:
    """English in the order that the house writes, as citations have it."""
    return f"{value.day} {month(value)}" if spoken() is SOURCE else spoken().day(value)


def month(value: date) -> str:
    return spoken().month(value)


def period(label: str | None, filters: Filters) -> str:
    """A period label of measure in words; without a label, the whole span of the filters."""
    if label is None:
        return span(filters.first_month, filters.last_month)
    return span(periods.first_month(label), periods.last_month(label))


def short_period(label: str) -> str:
    """For an axis: Jan 2026, Q3 2026, 2026."""
    return spoken().short_period(label)


def span(first: date, last: date) -> str:
    """Whole months in the shortest words: October 2026, the third quarter of 2026, 2026."""
    if (first.year, first.month) == (last.year, last.month):
        return month(first)
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if months == 3 and first.month % 3 == 1:
        return say(QUARTERS[first.month // 3], year=first.year)
    if first.month == 1 and last.month == 12:
        return str(first.year) if months == 12 else say(SPAN, first=first.year, last=last.year)
    start = spoken().month_name(first) if first.year == last.year else month(first)
    return say(SPAN, first=start, last=month(last))


def since(text: str) -> str:
    """A period after a preposition: 'in October 2026', but 'from May to October 2026'."""
    is_span = say(SPAN, first="", last="") in text
    return say("from {months}", months=text) if is_span else say("in {month}", month=text)


def category(name: str, breakdown: str | None) -> str:
    known = {"pathway": PATHWAY_NAMES, "destination": DESTINATIONS}.get(breakdown or "", {})
    if breakdown in OWN_NAMES and name not in (UNKNOWN, OUTSIDE):
        return name
    return capital(say(known[name])) if name in known else say(name)


def place_words(places: tuple[str, ...]) -> str:
    return say("in {places}", places=listing(places)) if places else ""


def pathway_words(pathways: tuple[str, ...]) -> str:
    if not pathways:
        return ""
    named = listing((say(PATHWAY_NAMES[pathway]) for pathway in pathways), is_choice=True)
    return say("by {pathways}", pathways=named)


def scope(filters: Filters) -> str:
    """What the filters let through, as one sentence."""
    who = " ".join(filter(None, (pathway_words(filters.pathways), place_words(filters.places))))
    what = say("All of LEAD")
    if who:
        what = say("People who came {how}", how=who) if filters.pathways else say("LEAD {where}", where=who)
    return f"{what}, {span(filters.first_month, filters.last_month)}."


def title(published: Published, unit: str = "") -> str:
    filters = published.filters
    by = (
        say(" by {what}", what=what(name)) for name in (filters.breakdown, filters.second_breakdown) if name
    )
    return f"{published.metric.title}{unit}{''.join(by)}"


def what(by: str) -> str:
    """A breakdown or kind of period within a sentence, such as 'race' in 'by race'."""
    return say(by.replace("_", " "))


def subtitle(*results: Published) -> str:
    """Measure, unit, place, period and how far the data reach, for the line under a headline."""
    published = results[0]
    metric, filters = published.metric, published.filters
    if len(results) == 1:
        unit = say(metric.unit)
        titles = title(published, "" if unit in metric.title.lower() else f" ({unit})")
        if filters.by != "total":
            titles += say(" by {what}", what=what(filters.by))
    else:
        titles = say("{number} measures ({unit})", number=len(results), unit=say(metric.unit))
    where = (
        place_words(filters.places)
        if "place" in metric.filters
        else say("whole county, {place}", place=say(metric.place or message("no place is recorded")))
    )
    how = pathway_words(filters.pathways) if "pathway" in metric.filters else ""
    parts = [titles, where or say("all places"), how, period(None, filters)]
    if reach := min((each.data_through for each in results if each.data_through), default=None):
        parts.append(say("data through {day}", day=day(reach)))
    return ", ".join(filter(None, parts))


def identified(published: Published, mark: str) -> tuple[str, ...]:
    """All that tells which number is meant, to be found again; never the number, which not everybody may see."""
    metric = published.metric
    return (
        f"{metric.title} ({metric.name})",
        f"{subtitle(published)}.",
        say("Snapshot or release {mark}.", mark=mark),
        say(
            "Definition, version {version}: {definition}",
            version=metric.version,
            definition=metric.definition,
        ),
    )


def stage_subtitle(metric: Metric, filters: Filters) -> str:
    where = place_words(filters.places) or say("all places")
    how = pathway_words(filters.pathways)
    return ", ".join(
        filter(
            None, (metric.title, say("by race, each person in one group"), where, how, period(None, filters))
        )
    )


def per(above: Cell | None, below: Cell | None, size: int) -> str:
    """A rate from two numbers that may both be shown; nothing if one may not."""
    if above is None or below is None or above.value is None or not below.value:
        return ""
    return f"{rounded(size * above.value / below.value, 1):,}"


def moved(filters: Filters) -> str:
    """Said where a measure needs people who have been followed for longer than the page's months."""
    return say(
        "These are the people of {months}, the latest followed long enough.",
        months=span(filters.first_month, filters.last_month),
    )


def nearest(filters: Filters) -> str:
    """Said where a release has no number for the page's months."""
    return say(
        "These are the numbers of {months}, the nearest published.",
        months=span(filters.first_month, filters.last_month),
    )


def not_released(titles: Iterable[str]) -> str:
    return say("Not among the public numbers: {list}.", list=listing(titles))


def missing(published: Published) -> str:
    """Which export, column or setting a figure waits for, in words a partner can act on."""
    if published.missing == NOT_RELEASED:
        return not_released([published.metric.title])
    return lacking(published.metric, published.metric.title, published.missing)


def lacking(metric: Metric, what: str, missing: Sequence[str]) -> str:
    """Which exports, columns or settings something waits for; or, where the file of its metric is wrong, how to
    put it right. missing: tables, "table.column", "site.key", or several of these joined by " or "."""
    if isinstance(metric, UnreadableMetric):
        return say(
            "{what} cannot be shown until a file of the tool is corrected. {line}.",
            what=what,
            line=metric.fault.line,
        )
    exports = [
        say("{name}.csv (one row per {row})", name=name, row=say(TABLES[name].row_is))
        for name in missing
        if name in TABLES
    ]
    if exports:
        return say_plural(
            "{what} needs {list}. It is not among the exports that were loaded.",
            "{what} needs {list}. They are not among the exports that were loaded.",
            len(exports),
            what=what,
            list=listing(exports),
        )
    columns = [name for name in missing if name not in FACTS]
    said = [say(FACTS[name]) for name in missing if name in FACTS]
    if columns:
        needs = listing(listing(map(_recorded_where, name.split(" or ")), is_choice=True) for name in columns)
        said.insert(0, say("nothing that was loaded has {needs}", needs=needs))
    return say("{what} is not recorded: {why}.", what=what, why="; ".join(said))


def _recorded_where(name: str) -> str:
    table, _, column = name.partition(".")
    if name in FACTS:
        return f"{name} ({say(FACTS[name])})"
    if table not in TABLES:
        return say("{column} (in site.toml)", column=column)
    return f"{name} ({small(say(TABLES[table].column(column).meaning))})"


def gaps(published: Published) -> str:
    """What the exports do not tell of some of the periods shown; nothing if they tell of all or none."""
    lacking = [cell.period for cell in published.cells if cell.hidden == NOT_RECORDED]
    if published.missing:
        return ""
    if not lacking:
        return ends(published)
    periods_lacking, all_periods = len(set(lacking)), len({cell.period for cell in published.cells})
    names = dict.fromkeys(each for name in published.not_recorded for each in name.split(" or "))
    said = [say(FACTS[name]) for name in names if name in FACTS]
    if tables := [name for name in names if name in TABLES]:
        said.insert(0, say("the exports of {list} do not tell enough of them", list=listing(tables)))
    if columns := [name for name in names if name not in FACTS and name not in TABLES]:
        said.insert(0, say("not all exports cover them with {list}", list=listing(columns)))
    why = "; ".join(said)
    if all_periods == 1:
        told = say("These months are not recorded: {why}.", why=why)
    else:
        told = say_plural(
            "{number} of {all} periods is not recorded: {why}.",
            "{number} of {all} periods are not recorded: {why}.",
            periods_lacking,
            number=periods_lacking,
            all=all_periods,
            why=why,
        )
    return f"{told} {ends(published)}".rstrip()


def ends(published: Published) -> str:
    """On which days the numbers begin and end, where the exports tell of a part of the months alone."""
    filters, first, last = published.filters, published.counts_from, published.data_through
    if all(cell.hidden == NOT_RECORDED for cell in published.cells):
        return ""
    said = []
    if first:
        said.append(
            say(
                "The numbers begin on {day}: of what was before, the exports do not tell enough.",
                day=day(first),
            )
        )
    if last and filters.first_month <= last < filters.next_day - timedelta(days=1):
        said.append(say("The numbers end on {day}, with the exports that they rest on.", day=day(last)))
    return " ".join(said)


def comparison(now: Cell | None, before: Cell | None, metric: Metric, than: str) -> str:
    """Change against an earlier period in words; a share of change only on a base of 20 or more."""
    if now is None or before is None:
        return say("No data for {than}", than=than)
    if before.hidden:
        return f"{capital(than)}: {why_hidden(before.hidden)}"
    if before.value is None:
        return f"{capital(than)}: {shown(metric, before)}"
    base = shown(metric, before)
    if now.value is None or now.is_partial:
        return f"{capital(than)}: {base}"
    change = now.value - before.value
    if is_estimate(metric, now) or is_estimate(metric, before):
        return say("{than}: about {base}", than=capital(than), base=base)
    if metric.unit == "percent":
        points = abs(rounded(change, 1))
        template = (
            message("{points} points higher than {than} ({base})")
            if change > 0
            else message("{points} points lower than {than} ({base})")
        )
        if points:
            return say(template, points=points, than=than, base=base)
        return say("Same as {than} ({base})", than=than, base=base)
    size = amount(abs(change), metric.unit)
    if float(size.strip("$").replace(",", "").split()[0]) == 0:
        return say("Same as {than} ({base})", than=than, base=base)
    said = {"size": size, "than": than, "base": base}
    if change > 0:
        return say("{size} more than {than} ({base})", **said)
    if float(change).is_integer():
        return say("{size} fewer than {than} ({base})", **said)
    return say("{size} less than {than} ({base})", **said)


def as_csv(*results: Published) -> str:
    """Rows of results as CSV; `shown` is the number as it stands on the screen, the rest unrounded."""
    rows = [
        {**_origin(published), "shown": shown(published.metric, cell), **asdict(cell)}
        for published in results
        for cell in published.cells
    ]
    return rows_as_csv([{column: row[column] for column in CSV_COLUMNS} for row in rows], CSV_COLUMNS)


def rows_as_csv(rows: Sequence[Mapping[str, object]], columns: Sequence[str] = ()) -> str:
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow(columns or list(rows[0]) if rows else columns)
    writer.writerows([_spreadsheet_safe(value) for value in row.values()] for row in rows)
    return lines.getvalue()


def _origin(published: Published) -> dict[str, object]:
    metric, filters = published.metric, published.filters
    return {
        "metric": metric.name,
        "place": listing(filters.places) if filters.places else "all",
        "pathway": listing(filters.pathways) if filters.pathways else "all",
        "definition": metric.definition,
        "unit": metric.unit,
        "version": metric.version,
        "data_through": published.data_through,
    }


def _spreadsheet_safe(value: object) -> object:
    """A text that a spreadsheet would run as a formula is quoted; numbers are left alone."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS) and not NUMBER.fullmatch(value):
        return f"'{value}"
    return value
