"""What a control chart says: where the latest period lies, and what chance seldom does."""

from collections.abc import Iterable

from leadstats.analysis import control_charts, usual_range
from leadstats.counting.view import Published
from leadstats.model.language import message, say
from leadstats.model.metrics import Metric
from leadstats.narrative import wording

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


def listed(published: Published, usual: control_charts.ControlLimits) -> list[str]:
    """What is not chance among the periods shown, the latest first, and where the usual range comes from."""
    cells = usual_range.complete(published.cells)[-len(usual.center) :]

    def when(first: int, last: int) -> str:
        ends = dict.fromkeys(
            wording.period(cells[point].period, published.filters) for point in (first, last)
        )
        return wording.since(_ends(ends))

    noun = say(wording.PERIOD_NOUNS[published.filters.by])
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


def against(metric: Metric, usual: control_charts.ControlLimits) -> str:
    """Where the last period lies, and whether anything that chance seldom does ends with it."""
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
    """The same without numbers."""
    last = len(usual.center) - 1
    latest = usual_range.complete(published.cells)[-1]
    when = wording.since(wording.period(latest.period, published.filters))
    if usual.is_outside(last):
        if latest.value > usual.center[-1]:
            return say("above the usual range {when}", when=when)
        return say("below the usual range {when}", when=when)
    runs = [say(ENDINGS[signal.rule]) for signal in usual.signals if signal.last == last]
    if not runs:
        return say("inside the usual range {when}", when=when)
    return say("inside the usual range {when}, but {ending}", when=when, ending=runs[-1])


def _amount(metric: Metric, value: float) -> str:
    """A limit without decimals, since it is not a count of anything."""
    return wording.percent(value, 0) if metric.unit == "percent" else wording.count(max(value, 0))
