"""What may be said when two states are compared: before and after, then and now, counted and calculated,
LEAD and others. Sentences by rule, from protected numbers; 'after', never 'because'."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from leadstats.counting.view import Cell, Published
from leadstats.model import periods, rounding
from leadstats.model.language import message, say
from leadstats.model.settings import ProgramCost
from leadstats.narrative import headlines, wording
from leadstats.statistics import intervals

SAME_FLOW = 0.1  # counted and calculated population may differ by this share over a year
YEAR = 365
GROUPS = (message("Referred to LEAD"), message("Arrested and not diverted"))
SWINGS = {
    "jail_nights_avoided_by_stays": message("Length of stays"),
    "jail_nights_avoided_by_bookings": message("Share booked"),
}
SAME_COURSE = message("Before, no difference in course can be seen, which does not prove that there was none")
STAGES = {
    "Intake, and a contact within 30 days": message("{} had an intake and a contact within 30 days"),
    "Intake, no such contact yet": message("{} an intake and no such contact yet"),
    "Intake": message("{} had an intake"),
    "Waiting for intake": message("{} wait for one"),
    "Approved, waiting for intake": message("{} are approved and wait"),
    "Waiting for approval": message("{} wait for approval"),
    "Left before intake": message("{} left before an intake"),
}
BUSY = (
    (message("Before LEAD, the busy year"), message("Before LEAD, the year after")),
    (message("Referred, the busy year before"), message("Referred, the year after")),
)
ESTIMATE = message("As estimated")


@dataclass(frozen=True)
class Swing:
    """By how many nights one assumption about one charge class could move the total of nights avoided."""

    what: str
    charge_class: str
    fewer: float
    more: float

    @property
    def said(self) -> str:
        """Such as '-110 to +130'."""
        return " to ".join(
            f"{'+' if shift > 0 else ''}{rounding.significant(shift):,f}" for shift in (self.fewer, self.more)
        )


def swings(parts: Sequence[Published]) -> list[Swing]:
    """The widest first. `parts`: nights avoided by charge class, each with one kind of uncertainty."""
    found = [
        Swing(SWINGS[part.metric.name], cell.category, cell.low - cell.value, cell.high - cell.value)
        for part in parts
        for cell in part.cells
        if cell.value is not None and cell.low is not None and cell.high > cell.low
    ]
    return sorted(found, key=lambda swing: swing.fewer - swing.more)


def widest(published: Published, found: Sequence[Swing]) -> str:
    if not found:
        return headlines.headline(published)
    first = found[0]
    return say(
        "What the number depends on most: the {what} before LEAD, for {charge_class}, alone leaves "
        "{said} nights open",
        what=first.what.lower(),
        charge_class=first.charge_class,
        said=first.said,
    )


def provisional(published: Published) -> str:
    """Said while some diversions are too recent for everything that may follow from them."""
    if published.data_through is None:
        return ""
    ripe = published.filters.next_day - timedelta(days=1) + timedelta(days=YEAR)
    if ripe <= published.data_through:
        return ""
    return say(
        "Provisional: nights that follow on these arrests are taken off for a year, and that year is "
        "over on {day}.",
        day=wording.day(ripe),
    )


def cost(published: Published) -> str:
    """Three prices with their ranges, and only the first is money not spent."""
    cells = {cell.category: cell for cell in published.cells if cell.value is not None}
    if "short-run marginal" not in cells:
        return ""
    said = say(
        "At what a night costs at once, the nights are worth {priced}",
        priced=_priced(published, cells["short-run marginal"]),
    )
    step, average = cells.get("step"), cells.get("average")
    if step is not None and step.value == 0:
        said += say("; no housing unit could close at this size")
    elif step is not None:
        said += say(
            "; the housing units that could close would spare {priced}", priced=_priced(published, step)
        )
    if average is not None:
        said += say(
            "; at the average cost of a night {priced}, which is no money that anybody can spend",
            priced=_priced(published, average),
        )
    return f"{said}."


def _priced(published: Published, cell: Cell) -> str:
    return f"{wording.with_unit(published.metric, cell)} ({wording.interval(published.metric, cell)})"


def choices(published: Published) -> tuple[str, str] | None:
    """How far the choice of comparison moves the nights avoided, and the ranges at both ends; None if there is no choice."""
    cells = [cell for cell in published.cells if cell.value is not None]
    own = next((cell for cell in cells if cell.category == ESTIMATE), None)
    if own is None or own.low is None or len(cells) < 2:
        return None
    least, most = (end(cells, key=lambda cell: cell.value).category for end in (min, max))
    widest = replace(own, low=min(cell.low for cell in cells), high=max(cell.high for cell in cells))
    return (
        say(
            "Depending on what diverted arrests are compared with, the nights avoided come to {spanned}",
            spanned=spanned(published),
        ),
        say(
            "The range {range} of the estimate holds what chance does to the arrests and stays of the "
            "year before LEAD. Which year that is, or whether people arrested now and not diverted tell "
            "more, is a choice, and no such range holds it: least with '{least}', most with '{most}'. "
            "All ranges together reach from {range2}.",
            range=wording.interval(published.metric, own),
            least=least,
            most=most,
            range2=wording.interval(published.metric, widest),
        ),
    )


def spanned(published: Published) -> str:
    """The lowest and the highest of the estimates under each choice, without their ranges; empty if there is only one."""
    values = [cell.value for cell in published.cells if cell.value is not None]
    if len(values) < 2:
        return ""
    low, high = (
        wording.amount(end, published.metric.unit, is_estimate=True) for end in (min(values), max(values))
    )
    return say("{low} to {high}", low=low, high=high) if low != high else say("about {low}", low=low)


def program_cost(served: Published, prices: Sequence[ProgramCost]) -> str:
    """What LEAD cost in the months of `served`: each month's people at the price in force on its last day. Empty if no
    price has been stated."""
    if not prices:
        return ""
    months = [(cell.value, _price(prices, periods.last_day(cell.period))) for cell in served.cells]
    if not months or any(people is None or price is None for people, price in months):
        return say(
            "What LEAD cost in these months is not known: not each of them has both a price and a number "
            "of people."
        )
    people = [count for count, _ in months]
    used = dict.fromkeys(price for _, price in months)
    rates = wording.listing(f"${each.dollars:,.0f}{_stated_by(each)}" for each in used)
    return say(
        "LEAD itself cost about {dollars} in these months: {number} to {number2} people in LEAD in a "
        "month, for each of them {rates}. That pays for all that LEAD does for everybody in it, and "
        "does not buy these nights: neither amount is to be taken off the other.",
        dollars=wording.dollars(sum(count * price.dollars for count, price in months)),
        number=wording.count(min(people)),
        number2=wording.count(max(people)),
        rates=rates,
    )


def _price(prices: Sequence[ProgramCost], day: date) -> ProgramCost | None:
    begun = [each for each in prices if each.from_day <= day]
    return max(begun, key=lambda each: each.from_day, default=None)


def _stated_by(price: ProgramCost) -> str:
    since = say("from {day}", day=wording.day(price.from_day))
    return f" ({since}, {price.source})" if price.source else f" ({since})"


def before_and_after(before: Published, after: Published) -> str:
    cells = [headlines.total(each) for each in (before, after)]
    if any(cell is None or cell.value is None for cell in cells):
        return headlines.headline(before)
    earlier, later = (wording.shown(before.metric, cell) for cell in cells)
    return say(
        "The {number} people with a full year on both sides spent {earlier} nights in jail per "
        "person in the year before and {later} in the year after",
        number=wording.count(cells[0].people),
        earlier=earlier,
        later=later,
    )


def bookings_before_and_after(before: Published, after: Published) -> str:
    cells = [headlines.total(each) for each in (before, after)]
    if any(cell is None or cell.value is None for cell in cells):
        return headlines.headline(before)
    earlier, later = (wording.shown(before.metric, cell) for cell in cells)
    return say(
        "For each year at liberty, they were booked {earlier} times before and {later} times after",
        earlier=earlier,
        later=later,
    )


def busy_years(published: Published) -> tuple[str, str] | None:
    """What choosing people at their worst does by itself, and a comment; None without two years before LEAD to tell."""
    cells = {cell.category: cell for cell in published.cells}
    (before, after), (busy, later) = ([cells.get(name) for name in names] for names in BUSY)
    if any(cell is None or cell.value is None for cell in (before, after)):
        return None
    first, second = (wording.shown(published.metric, cell) for cell in (before, after))
    said = say(
        "With nobody diverted, {number} people booked at least twice in a year before LEAD were "
        "booked {first} times in it and {second} times in the next",
        number=wording.count(before.people),
        first=first,
        second=second,
    )
    explained = say(
        "A bad year is partly bad luck, and the next is nearer to their own usual one. People are "
        "referred to LEAD when things are bad, so a part of any fall after referral is of this kind."
    )
    if any(cell is None or cell.value is None for cell in (busy, later)):
        return said, explained
    difference = {
        1: say("which is more than by itself"),
        0: say("and chance alone could explain the difference"),
        -1: say("which is less than by itself"),
    }[_clearly(after, later)]
    return said, (
        say(
            "{explained} Of {number} people referred with such a year before, it was {number2} and "
            "{number3} times, {difference}.",
            explained=explained,
            number=wording.count(busy.people),
            number2=wording.shown(published.metric, busy),
            number3=wording.shown(published.metric, later),
            difference=difference,
        )
    )


def can_compare(quarters: Published) -> bool:
    """Whether the two groups moved alike enough before for their difference after to mean anything."""
    return course_before(quarters) == SAME_COURSE


def against_others(changes: Published, difference: Published) -> str:
    cells = {cell.category: cell for cell in changes.cells}
    beyond = headlines.total(difference)
    groups = [cells.get(name) for name in GROUPS]
    if beyond is None or beyond.value is None or any(cell is None or cell.value is None for cell in groups):
        return headlines.headline(changes)
    ours, theirs = (_moved(cell.value) for cell in groups)
    return say(
        "Nights in jail {ours} among people referred and {theirs} among people arrested and not "
        "diverted: {points} beyond them ({points2} to {points3})",
        ours=ours,
        theirs=theirs,
        points=wording.signed(beyond.value, 1),
        points2=wording.signed(beyond.low, 1),
        points3=wording.signed(beyond.high, 1),
    )


def _moved(change: float) -> str:
    if not rounding.rounded(change, 1):
        return say("stayed the same")
    template = (
        message("fell by {number} per person-year")
        if change < 0
        else message("rose by {number} per person-year")
    )
    return say(template, number=rounding.rounded(abs(change), 1))


def course_before(quarters: Published) -> str:
    """Says whether the two groups were already moving differently before; if that is not seen, that it proves little."""
    groups = {
        name: [cell for cell in quarters.cells if cell.category.startswith(f"{name}, ")]
        for name in (say("Referred"), say("Not diverted"))
    }
    if any(len(cells) < 2 or any(cell.low is None for cell in cells) for cells in groups.values()):
        return say("The course of the two groups before cannot be shown, so the difference says little")
    moved = {name: _clearly(cells[0], cells[-1]) for name, cells in groups.items()}
    if len(set(moved.values())) > 1:
        ours, theirs = (
            say(
                "from {number} to {number2}",
                number=wording.shown(quarters.metric, cells[0]),
                number2=wording.shown(quarters.metric, cells[-1]),
            )
            for cells in groups.values()
        )
        return say(
            "Before, the groups were on different courses: {ours} nights among people referred, {theirs} "
            "among the others. The difference in what came after cannot be attributed to LEAD",
            ours=ours,
            theirs=theirs,
        )
    return SAME_COURSE


def _clearly(first: Cell, last: Cell) -> int:
    """1 or -1 if the ranges do not overlap, 0 if chance could explain it."""
    return (last.low > first.high) - (last.high < first.low)


def flow_check(counted: Published, by_flow: Published) -> tuple[str, str]:
    """Headline and explanation: the midnight count against bookings times stays."""
    cells = [headlines.total(each) for each in (counted, by_flow)]
    if any(cell is None or not cell.value for cell in cells):
        return headlines.headline(counted), ""
    count, flow = (cell.value for cell in cells)
    gap = abs(flow - count) / count
    months = counted.filters
    is_year = (months.next_day - months.first_month).days >= YEAR - 1
    said = say(
        "{number} people inside on an average midnight; bookings a day times mean stay give "
        "{number2} ({range})",
        number=format(rounding.rounded(count, 1), ","),
        number2=format(rounding.rounded(flow, 1), ","),
        range=wording.interval(by_flow.metric, cells[1]),
    )
    if not is_year:
        return said, say("Over less than a year the two may differ by much: stays reach over both ends.")
    if cells[1].low <= count <= cells[1].high:
        return said, say("Chance alone could explain the difference: a few long stays weigh much.")
    if gap <= SAME_FLOW:
        return (
            said,
            say(
                "They differ by {share}; up to a tenth, stays that reach over the ends explain it.",
                share=wording.percent(100 * gap, 1000),
            ),
        )
    return (
        said,
        say(
            "They differ by {share}: bookings or releases may be missing from the export.",
            share=wording.percent(100 * gap, 1000),
        ),
    )


def stages(published: Published) -> str:
    """What became of the people referred, in the order of the stages, as far as it may be shown."""
    cells = {cell.category: cell for cell in published.cells}
    told = [
        say(phrase).format(wording.count(cells[name].value))
        for name, phrase in STAGES.items()
        if name in cells and cells[name].value is not None
    ]
    if not told:
        return headlines.headline(published)
    when = wording.since(wording.period(None, published.filters))
    return say("Of the people referred {when}, {list}", when=when, list=wording.listing(told))


def then_and_now(published: Published) -> str:
    values = _values(published)
    if values is None:
        return headlines.headline(published)
    both, lost, gained, neither, unknown = values.values()
    known = both + lost + gained + neither
    if not known:
        return say("{title}: nobody is known at both ends", title=published.metric.title)
    change, low, high = (100 * share for share in intervals.paired_change(int(gained), int(lost), int(known)))
    may_be = say("; chance alone could explain that") if low <= 0 <= high else ""
    return say(
        "Of {number} people known at both ends, {number2} had a home of their own when LEAD began "
        "and {number3} have one now: {points} points ({points2} to {points3}){may_be}. {number4} are "
        "not known",
        number=wording.count(known),
        number2=wording.count(both + lost),
        number3=wording.count(both + gained),
        points=wording.signed(change),
        points2=wording.signed(low),
        points3=wording.signed(high),
        may_be=may_be,
        number4=wording.count(unknown),
    )


def _values(published: Published) -> Mapping[str, float] | None:
    """Category -> number, in the order of the metric; None if one is hidden or missing."""
    cells = {cell.category: cell.value for cell in published.cells}
    ordered = {name: cells.get(name) for name in published.metric.categories}
    return None if None in ordered.values() else ordered
