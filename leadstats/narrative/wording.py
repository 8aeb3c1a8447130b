"""How numbers, days, periods and categories are written: the only place that rounds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from leadstats.counting.view import NOT_RECORDED, Cell, Filters, Merged, Published
from leadstats.model import periods
from leadstats.model.codes import HOUSING_CODES
from leadstats.model.language import SOURCE, Language, message, say, spoken
from leadstats.model.metrics import Metric
from leadstats.model.rounding import rounded, significant
from leadstats.model.schema import OUTSIDE, PATHWAY_NAMES, UNKNOWN
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
            "A number in a gray box marks an event, described beside the chart. What came after an event "
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
PERIOD_NOUNS = {"month": message("months"), "quarter": message("quarters"), "year": message("years")}
SPAN = message("{first} to {last}")
CHANGED = message("Since {day} something else is usual: {text}. Do not compare numbers before and after.")
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
    """Who the readers are, and what is hidden from them: numbers of fewer people than `threshold`."""
    return say(AUDIENCE_NOTES[audience], threshold=threshold)


def count(value: float) -> str:
    return f"{rounded(value):,}"


def whole(value: int | None) -> str:
    """A count, or nothing if there is none."""
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
    """Whether a number is modeled, not counted: it has an interval though it is not a rate."""
    return metric.unit in ESTIMATED_UNITS and cell.has_limits


def shown(metric: Metric, cell: Cell) -> str:
    """What a table or card shows for one cell, without the unit's noun."""
    if cell.merged:
        return f"{why_hidden(cell.hidden)}; {together(cell.merged, spoken())}"
    if cell.hidden:
        return why_hidden(cell.hidden)
    if cell.value is None:
        return cell.too_few or say(NOTHING if cell.denominator == 0 else NOT_KNOWN)
    number = amount(cell.value, metric.unit, cell.denominator, is_estimate(metric, cell))
    return say(BOUNDS[cell.bound], share=number) if cell.bound else number


def note(written: Note, about: str = "") -> str:
    """A note with its role and day, so that nobody takes it for a finding. about: the number, if there are several."""
    said = {"day": day(written.day), "role": written.role, "text": written.text}
    if about:
        return say("Note on {title}, {day}, {role}: {text}", title=small(about), **said)
    return say("Note, {day}, {role}: {text}", **said)


def changed(event: Event) -> str:
    """The warning when numbers from before and after such an event are shown together."""
    return say(CHANGED, day=day(event.day), text=event.text.rstrip("."))


def as_shown(metric: Metric, cell: Cell) -> float | None:
    """The number of a cell, no more exact than its words, for charts whose numbers can be taken out; or None."""
    if cell.hidden or cell.value is None:
        return None
    if is_estimate(metric, cell) or metric.unit == "dollars":
        return float(significant(cell.value))
    has_decimal = "." in amount(cell.value, metric.unit, cell.denominator)
    return float(rounded(cell.value, int(has_decimal)))


def why_hidden(reason: str) -> str:
    """What is shown in place of a number."""
    return say(NOT_RECORDED if reason == NOT_RECORDED else HIDDEN)


def together(merged: Merged, language: Language) -> str:
    """What a release says of hidden periods: what they have together."""
    names = language.periods(merged.periods)
    return language.text("{periods} together: {number}", periods=names, number=language.number(merged.number))


def with_unit(metric: Metric, cell: Cell) -> str:
    text = shown(metric, cell)
    if cell.hidden or cell.value is None:
        return text
    number = f"{text} {noun(metric.unit, cell.value)}".rstrip()
    return say("about {number}", number=number) if is_estimate(metric, cell) else number


def interval(metric: Metric, cell: Cell) -> str:
    """The range of a cell in words, or nothing if there is none."""
    if cell.low is None or cell.high is None:
        return ""
    low, high = (
        amount(end, metric.unit, cell.denominator, is_estimate(metric, cell)) for end in (cell.low, cell.high)
    )
    return say("{low} to {high}", low=low, high=high)


def signed(value: float, digits: int = 0) -> str:
    number = rounded(value, digits)
    return f"{number:+,}" if number else f"{abs(number):,}"


def more(value: float, digits: int = 0) -> str:
    """A difference in words: 12 more, 3 fewer."""
    number = f"{rounded(abs(value), digits):,}"
    return say("{number} more", number=number) if value >= 0 else say("{number} fewer", number=number)


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


def cell_name(published: Published, cell: Cell) -> str:
    """What a cell is of, as its category is called; both where two breakdowns cross."""
    name = category(cell.category, published.filters.breakdown)
    if cell.second_category is None:
        return name
    return f"{name}, {category(cell.second_category, published.filters.second_breakdown)}"


def what(by: str) -> str:
    """A breakdown or kind of period within a sentence, such as 'race' in 'by race'."""
    return say(by.replace("_", " "))


def per(above: Cell | None, below: Cell | None, size: int) -> str:
    """A rate from two numbers that may both be shown; nothing if one may not."""
    if above is None or below is None or above.value is None or not below.value:
        return ""
    return f"{rounded(size * above.value / below.value, 1):,}"


def comparison(now: Cell | None, before: Cell | None, metric: Metric, than: str) -> str:
    """Change against an earlier period in words; a share of change only on a base of 20 or more."""
    if now is None or before is None:
        return say("No data for {than}", than=than)
    if before.hidden or before.value is None:
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
