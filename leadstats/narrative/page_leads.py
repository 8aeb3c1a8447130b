"""The first sentence of each page: its question answered by rule from numbers that may be shown."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from leadstats.analysis import control_charts
from leadstats.analysis.equity import EquityTable
from leadstats.counting.database import Database
from leadstats.counting.view import Cell, Published
from leadstats.model import rounding
from leadstats.narrative import equity_sentences, headlines, wording


class Source(Protocol):
    """Where a page takes its numbers from, under its filters."""

    database: Database

    def published(self, metric: str, followed_days: int = 0, **changes: Any) -> Published: ...

    def equity(self, stage: str, reference: str = "White") -> EquityTable: ...


def overview(view: Source) -> str:
    people = [_clause(view, "people_referred", "were referred"), _clause(view, "people_enrolled", "enrolled")]
    arrests = _clause(view, "arrests_diverted", "were diverted")
    sentence = "; ".join(filter(None, (wording.listing(filter(None, people)), arrests)))
    if not sentence:
        return "None of the exports that this page draws on has been loaded yet."
    when = wording.since(wording.period(None, view.published("people_referred", by="total").filters))
    return f"{wording.capital(when)}, {sentence}."


def enrollment(view: Source) -> str:
    met, waiting = (
        _only(view.published("intake_within_30_days", 30, by="total")),
        _total(view, "waiting_for_intake"),
    )
    sentences = []
    if met and met.value is not None:
        sentences.append(
            f"Of 100 referrals, {wording.count(met.value)} led to an intake within 30 days "
            f"({wording.count(met.low)} to {wording.count(met.high)})"
        )
    if waiting and waiting.value is not None:
        sentences.append(
            f"{wording.count(waiting.value)} {wording.noun('people', waiting.value)} "
            f"{'is' if waiting.value == 1 else 'are'} waiting for one"
        )
    return f"{'; '.join(sentences)}." if sentences else _nothing(view, "intake_within_30_days")


def diversion(view: Source) -> str:
    cell = _total(view, "diversion_rate")
    if cell is None or cell.value is None:
        return _nothing(view, "diversion_rate")
    return (
        f"Officers diverted {wording.count(cell.numerator)} of {wording.count(cell.denominator)} eligible arrests: "
        f"{wording.percent(cell.value, cell.denominator)} "
        f"({wording.interval(view.published('diversion_rate', by='total').metric, cell)} by chance alone)."
    )


def jail_beds(view: Source) -> str:
    nights, beds = (
        view.published("jail_nights_avoided", by="total"),
        view.published("jail_beds_avoided", by="total"),
    )
    cell, bed = _only(nights), _only(beds)
    if cell is None or cell.value is None:
        if cell and cell.gross is not None and not cell.hidden:
            return (
                f"Diverted arrests would have led to about {rounding.significant(cell.gross):,f} jail nights; "
                "what followed on them anyway is not in the exports, so the nights avoided stay unknown."
            )
        return _nothing(view, "jail_nights_avoided")
    beds_text = f", {wording.shown(beds.metric, bed)} beds on an average night" if bed and bed.value else ""
    return (
        f"We estimate that diversion avoided {wording.with_unit(nights.metric, cell)} in jail "
        f"(range {wording.interval(nights.metric, cell)}){beds_text}. This is a calculation, not a count."
    )


def housing(view: Source) -> str:
    placed = _total(view, "people_placed_in_permanent_housing")
    kept = _only(view.published("still_housed_at_365_days", 365, by="total"))
    if placed is None or placed.value is None:
        return _nothing(view, "people_placed_in_permanent_housing")
    sentence = (
        f"{wording.count(placed.value)} {wording.noun('people', placed.value)} moved into permanent housing"
    )
    if kept and kept.value is not None:
        sentence += (
            f"; of 100 who did a year before, {wording.count(kept.value)} still lived there a year later "
            f"({wording.count(kept.low)} to {wording.count(kept.high)})"
        )
    return f"{sentence}."


def equity(view: Source) -> str:
    tables = [view.equity(stage) for stage in equity_sentences.STAGES]
    known = [table for table in tables if not table.missing]
    return equity_sentences.steepest(known) if known else equity_sentences.of_stage(tables[0])


def neighborhoods(view: Source) -> str:
    """Speaks of difference where chance does not explain it, else of where people are referred."""
    rates = view.published("diversion_rate", by="total", breakdown="neighborhood")
    if any(cell.value is not None for cell in rates.cells):
        everyone = headlines.total(view.published("diversion_rate", by="total"))
        return f"{headlines.beyond(rates, control_charts.beyond_chance(rates.cells, everyone))}."
    return f"{headlines.headline(view.published('people_referred', by='total', breakdown='neighborhood'))}."


def explore(view: Source) -> str:
    return "Choose a number and how to break it down. The address in your browser is a lasting link to what you see."


def data_quality(view: Source) -> str:
    """What was left out, and what unknown race could move."""
    if view.database.is_public:
        numbers = [number for held in view.database.tables.values() for number in held.values()]
        shown = sum(number is not None for number in numbers)
        return f"{wording.count(shown)} numbers can be shown; {wording.count(len(numbers) - shown)} are {wording.HIDDEN}."
    files = view.database.exports.files
    read, rejected = (sum(getattr(each, part) for each in files) for part in ("read", "rejected"))
    left_out = f"{wording.count(rejected)} of {wording.count(read)} rows could not be used."
    told = (equity_sentences.unknown_race(view.equity(stage)) for stage in equity_sentences.STAGES)
    return " ".join([left_out, *next(filter(None, told), [])])


def definitions(view: Source) -> str:
    return f"{len(view.database.metrics)} numbers: what each counts, what it leaves out, and the query behind it."


def _clause(view: Source, metric: str, verb: str) -> str:
    published = view.published(metric, by="total")
    cell = _only(published)
    if cell is None:
        return ""
    if cell.value is None:
        return f"how many {published.metric.unit} {verb} is {wording.HIDDEN}" if cell.hidden else ""
    singular = verb.replace("were ", "was ") if cell.value == 1 else verb
    return f"{wording.with_unit(published.metric, cell)} {singular}"


def _total(view: Source, metric: str) -> Cell | None:
    return _only(view.published(metric, by="total"))


def _only(published: Published) -> Cell | None:
    return published.cells[0] if len(published.cells) == 1 else None


def _nothing(view: Source, metric: str) -> str:
    published = view.published(metric, by="total")
    if published.missing:
        return wording.missing(published)
    if few := [cell.too_few for cell in published.cells if cell.too_few]:
        return f"{published.metric.title}: {few[0]}."
    if any(cell.hidden for cell in published.cells):
        return f"For this choice, the answer is {wording.HIDDEN}: too few people stand behind it."
    return "There are no records for this choice."


def of_page(page: str, view: Source) -> str:
    """Of a release, the sentences that it brings along: what it counts is not quite what pages count."""
    if view.database.is_public and page in RELEASED:
        asked = (metric for metric in RELEASED[page] if view.database.can_name(metric))
        return " ".join(filter(None, (_released(view, metric) for metric in asked)))
    return OPENINGS[page](view) if page in OPENINGS else ""


def _released(view: Source, metric: str) -> str:
    published = view.published(metric, by="total")
    cell = _only(published)
    if cell is None:
        return ""
    when = wording.since(wording.period(None, published.filters))
    if cell.value is None:
        return f"{published.metric.title} {when}: {wording.HIDDEN}."
    number = cell.value if cell.numerator is None else cell.numerator
    sentence = published.metric.sentence.replace("In {period}", wording.capital(when)).replace(
        "in {period}", when
    )
    return sentence.format(
        number=wording.count(number),
        whole=wording.count(cell.denominator or 0),
        percent=wording.shown(published.metric, cell),
    )


RELEASED = {
    "overview": ("people_referred", "people_enrolled", "arrests_diverted"),
    "enrollment": ("people_referred", "intake_within_30_days"),
    "diversion": ("diversion_rate",),
    "jail_beds": ("participants_in_jail", "participants_in_jail_nights"),
    "housing": ("people_placed_in_permanent_housing",),
}
OPENINGS: Mapping[str, Callable[[Source], str]] = {
    "overview": overview,
    "enrollment": enrollment,
    "diversion": diversion,
    "jail_beds": jail_beds,
    "housing": housing,
    "equity": equity,
    "neighborhoods": neighborhoods,
    "explore": explore,
    "data_quality": data_quality,
    "definitions": definitions,
}
