"""What a table of protected numbers says, as sentences made by rule: headline, summary, alt text."""

import itertools
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from leadstats.analysis import clear, control_charts
from leadstats.counting import reliability
from leadstats.counting.view import Cell, Published
from leadstats.model import periods, rounding
from leadstats.model.language import SOURCE, message, say, say_plural, spoken
from leadstats.model.metrics import Metric
from leadstats.model.schema import EVERYONE, UNKNOWN
from leadstats.narrative import wording

PERIOD_NOUNS = {"month": message("months"), "quarter": message("quarters"), "year": message("years")}
ALT_LIMIT = 250
ARRIVING = ("arrests", "referrals")  # events that come one by one, so that chance alone is Poisson's
MOST_SIGNALS = 3
SIGNALS = {
    control_charts.OUTSIDE: (
        message("Below the usual range {when}."),
        message("Above the usual range {when}."),
    ),
    control_charts.SHIFT: (
        message("{size} {nouns} in a row below the usual level, {when}."),
        message("{size} {nouns} in a row above the usual level, {when}."),
    ),
    control_charts.TREND: (
        message("Fell {size} {nouns} in a row, {when}."),
        message("Rose {size} {nouns} in a row, {when}."),
    ),
    control_charts.NEAR: (
        message("Two of three {nouns} far below the usual level, {when}."),
        message("Two of three {nouns} far above the usual level, {when}."),
    ),
}
ENDINGS = {
    control_charts.SHIFT: message("long on one side of the usual level"),
    control_charts.TREND: message("moving one way for long"),
    control_charts.NEAR: message("often near its edge"),
}
USUAL_NOTE = message("Between the dotted lines is what chance alone does around the level of {basis}.")
PROVISIONAL_NOTE = message(
    "Between the dotted lines is what chance alone does around the level of {basis}, "
    "provisional: fewer than {number} {nouns}."
)


def said(metric: Metric, cell: Cell) -> str:
    """A number with what it counts: '27 people referred', 'Active caseload: 118 people'."""
    number, unit = wording.with_unit(metric, cell), wording.noun(metric.unit)
    # Only in English do words that describe the unit stay the same after a one.
    has_rest = cell.value is not None and not cell.hidden and (cell.value != 1 or spoken() is SOURCE)
    if unit and has_rest and metric.title.lower().startswith(f"{unit} "):
        return f"{number}{metric.title[len(unit) :]}"
    return f"{metric.title}: {number}"


def told(cells: Sequence[Cell]) -> list[Cell]:
    """The cells that carry a number and cover their whole period."""
    return [cell for cell in cells if cell.value is not None and not cell.is_partial]


def usual_range(
    published: Published, history: Published | None = None, changes: Collection[str | None] = ()
) -> control_charts.ControlLimits | None:
    """What the complete periods may do by chance alone, in the metric's unit, one limit for each of
    the last of `told`. None where periods are hidden or too few.

    history: the same as far back as the data go, since its first periods are the baseline. `changes`:
    periods in which something known changed for good, each the start of a new baseline.
    """
    metric = published.metric
    cells = _after_the_last_hidden(history or published)
    shown = [cell.period for cell in told(published.cells)]
    size = sum(cell.period in shown for cell in cells)
    if not size or [cell.period for cell in cells[-size:]] != shown[-size:]:
        return None
    starts = [index for index, cell in enumerate(cells) if cell.period in changes]
    if metric.estimator == "proportion":
        counts, totals = [cell.numerator for cell in cells], [cell.denominator for cell in cells]
        found, factors = control_charts.p_chart(counts, totals, starts=starts), [100.0] * len(cells)
    elif metric.estimator == "count" and metric.unit in ARRIVING and not metric.is_stock:
        days = [periods.days(cell.period) for cell in cells]
        found = control_charts.u_chart([cell.value for cell in cells], days, starts=starts)
        factors = [each / control_charts.DAYS for each in days]
    else:
        values = [cell.value for cell in cells]
        found, factors = control_charts.xmr_chart(values, starts=starts), [1.0] * len(cells)
    if found is None:
        return None
    basis = tuple(cells[point].period for point in found.baseline)
    return replace(found.scaled(factors).since(len(cells) - size), basis=basis)


def _after_the_last_hidden(history: Published) -> list[Cell]:
    """The latest unbroken stretch, from the first event on: before LEAD began nothing was usual."""
    hidden = max((index for index, cell in enumerate(history.cells) if cell.hidden), default=-1)
    return list(itertools.dropwhile(lambda cell: not cell.value, told(history.cells[hidden + 1 :])))


def signals(published: Published, usual: control_charts.ControlLimits) -> list[str]:
    """From where the usual range comes, and what is not chance among the periods shown, latest first."""
    cells = told(published.cells)[-len(usual.center) :]

    def when(first: int, last: int) -> str:
        ends = dict.fromkeys(
            wording.period(cells[point].period, published.filters) for point in (first, last)
        )
        return wording.since(_ends(ends))

    noun = say(PERIOD_NOUNS[published.filters.by])
    said = [
        say(
            SIGNALS[signal.rule][signal.is_high],
            size=signal.last - signal.first + 1,
            nouns=noun,
            when=when(signal.first, signal.last),
        )
        for signal in reversed(usual.signals)
    ]
    if len(said) > MOST_SIGNALS:
        said = [*said[:MOST_SIGNALS], say("And {number} more before.", number=len(said) - MOST_SIGNALS)]
    basis = _ends(dict.fromkeys(wording.period(label, published.filters) for label in usual.basis))
    if usual.is_provisional:
        return [*said, say(PROVISIONAL_NOTE, basis=basis, number=control_charts.BASELINE, nouns=noun)]
    return [*said, say(USUAL_NOTE, basis=basis)]


def _ends(ends: Iterable[str]) -> str:
    """A period, or the first to the last of several."""
    first, *others = ends
    return say(wording.SPAN, first=first, last=others[-1]) if others else first


def headline(
    published: Published, usual: control_charts.ControlLimits | None = None, since: str | None = None
) -> str:
    """The main finding. `since`: the first whole period after something changed for good what is counted;
    the latest is compared with none before it."""
    if published.missing:
        return f"{published.metric.title}: {say(wording.NOT_RECORDED)}"
    if not any(cell.value is not None for cell in published.cells):
        return f"{published.metric.title}: {_why_empty(published)}"
    if published.filters.by != "total":
        is_one = len({(cell.category, cell.second_category) for cell in published.cells}) == 1
        return _over_time(published, usual, since) if is_one else _over_time_by_group(published)
    if len(published.cells) > 1:
        return _by_category(published)
    cell = published.cells[0]
    return f"{said(published.metric, cell)} {wording.since(wording.period(None, published.filters))}"


def _why_empty(published: Published) -> str:
    if any(cell.is_protected for cell in published.cells):
        return say("every number of this choice is hidden to protect privacy")
    if any(cell.hidden for cell in published.cells):
        return say("not recorded for the chosen months")
    if few := [cell.too_few for cell in published.cells if cell.too_few]:
        return few[0] if len(published.cells) == 1 else say("too few people for any rate of this choice")
    return (
        say("no records for this choice")
        if published.cells
        else say("the chosen months lie outside the data")
    )


def _over_time(published: Published, usual: control_charts.ControlLimits | None, since: str | None) -> str:
    metric = published.metric
    cells = told(published.cells)
    if not cells:
        return say("{title}: no complete period can be shown yet", title=metric.title)
    *before, last = cells
    when = wording.since(wording.period(last.period, published.filters))
    if usual is not None and len(before) >= 3:
        return f"{said(metric, last)} {when}, {_against(metric, usual)}"
    before = [cell for cell in before if since is None or cell.period >= since]
    if len(before) < 3:
        return f"{said(metric, last)} {when}"
    # Whether that is a change is for limits of chance to say, and for nothing else.
    low, high = (wording.shown(metric, end(before, key=lambda cell: cell.value)) for end in (min, max))
    return say(
        "{said} {when}; {low} to {high} in the {number} {nouns} before",
        said=said(metric, last),
        when=when,
        low=low,
        high=high,
        number=len(before),
        nouns=say(PERIOD_NOUNS[published.filters.by]),
    )


def _against(metric: Metric, usual: control_charts.ControlLimits) -> str:
    """Where the last of the periods lies, and whether anything that chance seldom does ends with it."""
    limits = say(
        "({low} to {high})", low=_amount(metric, usual.lower[-1]), high=_amount(metric, usual.upper[-1])
    )
    last = len(usual.center) - 1
    if usual.is_outside(last):
        return say("outside the usual range {limits}: ask what changed", limits=limits)
    runs = [signal for signal in usual.signals if signal.last == last]
    if not runs:
        return say("inside the usual range {limits}", limits=limits)
    return say(
        "inside the usual range {limits}, but {ending}: ask what changed",
        limits=limits,
        ending=say(ENDINGS[runs[-1].rule]),
    )


def verdict(published: Published, usual: control_charts.ControlLimits) -> str:
    """The same without numbers: where the latest of the periods lies."""
    last = len(usual.center) - 1
    latest = told(published.cells)[-1]
    when = wording.since(wording.period(latest.period, published.filters))
    if usual.is_outside(last):
        if latest.value > usual.center[-1]:
            return say("above the usual range {when}", when=when)
        return say("below the usual range {when}", when=when)
    runs = [say(ENDINGS[signal.rule]) for signal in usual.signals if signal.last == last]
    if not runs:
        return say("inside the usual range {when}", when=when)
    return say("inside the usual range {when}, but {ending}", when=when, ending=runs[-1])


def _over_time_by_group(published: Published) -> str:
    """Too much for one finding: says what is there, and how much of it."""
    filters = published.filters
    parts = filter(None, (filters.breakdown or "group", filters.second_breakdown, filters.by))
    what = wording.listing(map(wording.what, parts))
    shown = sum(cell.value is not None for cell in published.cells)
    return say(
        "{title} by {what}: {shown} of {count} numbers can be shown",
        title=published.metric.title,
        what=what,
        shown=shown,
        count=len(published.cells),
    )


def _group_noun(published: Published) -> str:
    return wording.what(published.filters.breakdown or "group")


def stands_out(usual: control_charts.ControlLimits) -> bool:
    """Whether anything that chance seldom does ends with the latest of the periods."""
    return any(signal.last == len(usual.center) - 1 for signal in usual.signals)


def _amount(metric: Metric, value: float) -> str:
    """A limit is no count of anything, so it needs no decimal."""
    return wording.percent(value, 0) if metric.unit == "percent" else wording.count(max(value, 0))


def _by_category(published: Published) -> str:
    metric = published.metric
    cells = ranked(published)
    known = [cell for cell in cells if cell.category.lower() != UNKNOWN.lower() and cell.value]
    if not known:
        return say("{title}: no group can be shown", title=metric.title)
    if metric.unit == "percent" and len(known) > 1:
        return _rates(published, known)
    if published.filters.breakdown == "neighborhood" and len(known) > 1:
        return _by_place(published, known)
    write = wording.shown if say(metric.unit) in metric.title.lower() else wording.with_unit
    names = [f"{_name(published, cell)} {write(metric, cell)}" for cell in known]
    if len(names) <= 3:
        return f"{metric.title}: {wording.listing(names)}"
    return say(
        "{title}: {names}, then {names2} and {names3}",
        title=metric.title,
        names=names[0],
        names2=names[1],
        names3=names[2],
    )


def _by_place(published: Published, known: Sequence[Cell]) -> str:
    """How far places lie apart, without their names: the largest is mostly the one where most people are."""
    high, low = known[0], known[-1]
    span = say(
        "from {number} to {number2}",
        number=wording.shown(published.metric, low),
        number2=wording.with_unit(published.metric, high),
    )
    return say(
        "{title}: {span} in {count} places that can be shown",
        title=published.metric.title,
        span=span,
        count=len(known),
    )


def _rates(published: Published, known: Sequence[Cell]) -> str:
    """Speaks of a difference only where it is clear of chance, the ends being chosen among all groups."""
    metric = published.metric
    high, low = known[0], known[-1]
    span = say(
        "from {number} ({name}) to {number2}",
        number=wording.shown(metric, low),
        name=_name(published, low),
        number2=wording.shown(metric, high),
    )
    span = f"{metric.title}: {span} ({_name(published, high)})"
    if not clear.are_apart(high, low, clear.of_pairs(published.cells)):
        if published.filters.breakdown == "neighborhood":  # no place is named for what may be chance
            span = say(
                "{title}: from {number} to {number2}",
                title=metric.title,
                number=wording.shown(metric, low),
                number2=wording.shown(metric, high),
            )
        return say("{span}; chance alone could explain it", span=span)
    return span


def ranked(published: Published) -> list[Cell]:
    """Cells with a number, largest first; Unknown last, since it is no group of people."""
    cells = [cell for cell in published.cells if cell.value is not None]
    return sorted(
        cells, key=lambda cell: (cell.category.lower() == UNKNOWN.lower(), -cell.value, cell.category)
    )


def _name(published: Published, cell: Cell) -> str:
    name = wording.category(cell.category, published.filters.breakdown)
    if cell.second_category is None:
        return name
    return f"{name}, {wording.category(cell.second_category, published.filters.second_breakdown)}"


def summary(published: Published, *others: Published) -> str:
    """What the numbers hold beside the finding: how sure, what they rest on, what is hidden or missing."""
    metric = published.metric
    hidden = _hidden_note([cell for each in (published, *others) for cell in each.cells])
    if others or published.filters.by == "total" or published.filters.breakdown:
        small = _small_note(published) if published.filters.by == "total" else ""
        return " ".join(filter(None, (_gross(published), _unknown_share(published), small, hidden)))
    cells = told(published.cells)
    if len(cells) < 2 or metric.unit != "percent":
        return hidden
    last = cells[-1]
    template = (
        message("The last value, of a small group, could be {range} by chance alone.")
        if reliability.is_small(metric, last)
        else message("The last value could be {range} by chance alone.")
    )
    return f"{say(template, range=wording.interval(metric, last))} {hidden}".rstrip()


def course(published: Published) -> str:
    """A line in words: first, last, highest, lowest; nothing where there is no line."""
    cells = told(published.cells)
    if published.filters.by == "total" or published.filters.breakdown or len(cells) < 2:
        return ""
    return say(
        "{title}: {point} at the start, {point2} at the end. Highest {point3}, lowest {point4}.",
        title=published.metric.title,
        point=_point(published, cells[0]),
        point2=_point(published, cells[-1]),
        point3=_point(published, max(cells, key=lambda cell: cell.value)),
        point4=_point(published, min(cells, key=lambda cell: cell.value)),
    )


def _small_note(published: Published) -> str:
    """Which rates are of few, and which numbers are counts alone for that reason."""
    small = [
        _name(published, cell) for cell in published.cells if reliability.is_small(published.metric, cell)
    ]
    return (
        say(
            "Small group, fewer than {number}: {list}.",
            number=reliability.SMALL_GROUP,
            list=wording.listing(small),
        )
        if small
        else ""
    )


def _gross(published: Published) -> str:
    """What a net number rests on, and what is missing where there is only the gross."""
    known = [cell for cell in published.cells if cell.gross is not None]
    if len(published.cells) > 1 or not known:
        return ""
    before = say(
        "about {number}", number=f"{rounding.significant(known[0].gross):,f} {say(published.metric.unit)}"
    )
    if known[0].value is None:
        return say(
            "Before what followed on the same arrests: {before}. For the rest, stays and referrals must "
            "name the arrest.",
            before=before,
        )
    return say("Before taking off what followed on the same arrests: {before}.", before=before)


def _point(published: Published, cell: Cell) -> str:
    return f"{wording.shown(published.metric, cell)} ({wording.period(cell.period, published.filters)})"


def _hidden_note(cells: Sequence[Cell]) -> str:
    hidden = sum(cell.is_protected for cell in cells)
    if not hidden:
        return ""
    return say_plural(
        "{number} of {all} numbers is hidden to protect privacy.",
        "{number} of {all} numbers are hidden to protect privacy.",
        hidden,
        number=hidden,
        all=len(cells),
    )


def _unknown_share(published: Published) -> str:
    """Who is missing is a finding of its own; shares are of events or people that add up."""
    breakdown = published.filters.breakdown
    if (
        published.filters.by != "total"
        or breakdown in (None, "race_alone_or_in_combination")
        or any(cell.hidden for cell in published.cells)
    ):
        return ""
    sizes = {cell.category: cell.denominator or cell.value or 0 for cell in published.cells}
    total = sum(sizes.values())
    if (
        UNKNOWN not in sizes
        or not sizes[UNKNOWN]
        or published.metric.unit not in ("percent", "people", "arrests")
    ):
        return ""
    what = wording.what(breakdown)
    share = wording.percent(100 * sizes[UNKNOWN] / total, round(total))
    return say("{what} is unknown for {share}.", what=wording.capital(what), share=share)


def alt(published: Published, kind: str, usual: control_charts.ControlLimits | None = None) -> str:
    """Kind of chart, what is measured, main finding; short enough to be read aloud."""
    metric = published.metric
    breakdown = published.filters.breakdown
    by = say(" by {what}", what=wording.what(breakdown)) if breakdown else ""
    return short(
        say(
            "{kind} of {title}{by}. {finding}.",
            kind=kind,
            title=metric.title.lower(),
            by=by,
            finding=headline(published, usual),
        )
    )


def number(published: Published) -> str:
    """The one number of a result, for a sentence written around it."""
    cell = total(published)
    if cell is None or cell.value is None:
        return (
            say("a hidden number")
            if cell and cell.is_protected
            else (cell and cell.too_few) or say("an unknown number")
        )
    return wording.with_unit(published.metric, cell)


def together(results: Sequence[Published]) -> str:
    """Several measures in one sentence, each with its latest complete number."""
    parts = []
    for published in results:
        cells = told(published.cells) or [cell for cell in published.cells if cell.hidden]
        if cells:
            parts.append(said(published.metric, cells[-1]))
    if not parts:
        return headline(results[0])
    last = next((cells[-1] for each in results if (cells := told(each.cells))), None)
    when = wording.since(wording.period(last.period if last else None, results[0].filters))
    return f"{wording.capital(when)}: {'; '.join(parts)}"


FLOW_HIDDEN = message(
    "How many came and left in between cannot all stand here: one of these numbers is small, and "
    "the others would tell it."
)


def flow(results: Sequence[Published]) -> str:
    """A caseload from the first day of the months to the last."""
    without = [each for each in results if not each.cells or each.cells[0].value is None]
    if without:
        return headline(without[0])
    start, new, back, left, end = (wording.count(published.cells[0].value) for published in results)
    when = wording.period(None, results[0].filters)
    return say(
        "{when}: from {start} people to {end}; {new} came new, {back} came back, {left} left",
        when=wording.capital(when),
        start=start,
        end=end,
        new=new,
        back=back,
        left=left,
    )


def alt_flow(results: Sequence[Published]) -> str:
    return short(say("Bar chart of the flow through the caseload. {flow}.", flow=flow(results)))


def around(published: Published) -> str:
    """Before and after in plain numbers, with no word of cause."""
    known = [cell for cell in published.cells if cell.value is not None]
    if not known:
        return headline(published)
    peak = max(known, key=lambda cell: cell.value)
    last = known[-1]
    return say(
        "Jail nights were highest in month {category} ({number} per person-year) and {number2} in "
        "month {category2}",
        category=peak.category,
        number=wording.shown(published.metric, peak),
        number2=wording.shown(published.metric, last),
        category2=last.category,
    )


def beyond(published: Published, outliers: Sequence[Cell]) -> str:
    """Which places differ by more than chance allows; a ranking would make news of noise."""
    shown = [cell for cell in published.cells if cell.value is not None]
    title = published.metric.title
    if published.missing or not shown:
        return headline(published)
    if not outliers:
        return say(
            "{title}: none of {count} places differs from all together by more than chance allows",
            title=title,
            count=len(shown),
        )
    names = wording.listing(f"{cell.category} ({wording.shown(published.metric, cell)})" for cell in outliers)
    return say_plural(
        "{title}: {names} differs by more than chance allows",
        "{title}: {names} differ by more than chance allows",
        len(outliers),
        title=title,
        names=names,
    )


def alt_together(results: Sequence[Published]) -> str:
    return short(say("Dots with intervals. {together}.", together=together(results)))


def spread(published: Published, shown: int) -> str:
    """What small multiples show: how many groups have a course that can be drawn."""
    what = _group_noun(published)
    if not shown:
        return say(
            "{title} by {what} over time: every group is too small to show",
            title=published.metric.title,
            what=what,
        )
    return say(
        "{title} by {what} and {what2}: {shown} can be shown",
        title=published.metric.title,
        what=what,
        what2=wording.what(published.filters.by),
        shown=shown,
    )


def short(sentence: str) -> str:
    return sentence if len(sentence) <= ALT_LIMIT else sentence[: ALT_LIMIT - 1].rsplit(" ", 1)[0] + "…"


def total(published: Published) -> Cell | None:
    """The one cell of a result without periods and categories."""
    return next((cell for cell in published.cells if cell.category == EVERYONE), None)
