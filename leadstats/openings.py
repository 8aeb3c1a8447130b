"""The first sentence of each page: its question answered by rule from numbers that may be shown."""

from collections.abc import Callable, Mapping

from leadstats import words
from leadstats.measure import Cell, Published

Ask = Callable[..., Published]  # a metric by name, under the filters of the page, changed as told


def overview(ask: Ask) -> str:
    people = [_clause(ask, "people_referred", "were referred"), _clause(ask, "people_enrolled", "enrolled")]
    arrests = _clause(ask, "arrests_diverted", "were diverted")
    sentence = "; ".join(filter(None, (words.listing(filter(None, people)), arrests)))
    if not sentence:
        return "None of the exports that this page draws on has been loaded yet."
    when = words.since(words.period(None, ask("people_referred", by="total").filters))
    return f"{words.capital(when)}, {sentence}."


def enrollment(ask: Ask) -> str:
    met, waiting = _total(ask, "intake_within_30_days"), _total(ask, "waiting_for_intake")
    sentences = []
    if met and met.value is not None:
        sentences.append(
            f"Of 100 referrals, {words.count(met.value)} led to an intake within 30 days "
            f"({words.count(met.low)} to {words.count(met.high)})"
        )
    if waiting and waiting.value is not None:
        sentences.append(
            f"{words.count(waiting.value)} {words.noun('people', waiting.value)} "
            f"{'is' if waiting.value == 1 else 'are'} waiting for one"
        )
    return f"{'; '.join(sentences)}." if sentences else _nothing(ask, "intake_within_30_days")


def diversion(ask: Ask) -> str:
    cell = _total(ask, "diversion_rate")
    if cell is None or cell.value is None:
        return _nothing(ask, "diversion_rate")
    return (
        f"Officers diverted {words.count(cell.numerator)} of {words.count(cell.denominator)} eligible arrests: "
        f"{words.percent(cell.value, cell.denominator)} "
        f"({words.interval(ask('diversion_rate', by='total').metric, cell)} by chance alone)."
    )


def jail_beds(ask: Ask) -> str:
    nights, beds = ask("jail_nights_avoided", by="total"), ask("jail_beds_avoided", by="total")
    cell, bed = _only(nights), _only(beds)
    if cell is None or cell.value is None:
        if cell and cell.gross is not None and not cell.hidden:
            return (
                f"Diverted arrests would have led to about {words.significant(cell.gross):,f} jail nights; "
                "what followed on them anyway is not in the exports, so the nights avoided stay unknown."
            )
        return _nothing(ask, "jail_nights_avoided")
    beds_text = f", {words.shown(beds.metric, bed)} beds on an average night" if bed and bed.value else ""
    return (
        f"We estimate that diversion avoided {words.with_unit(nights.metric, cell)} in jail "
        f"(range {words.interval(nights.metric, cell)}){beds_text}. This is a calculation, not a count."
    )


def housing(ask: Ask) -> str:
    placed, kept = _total(ask, "people_placed_in_permanent_housing"), _total(ask, "still_housed_at_365_days")
    if placed is None or placed.value is None:
        return _nothing(ask, "people_placed_in_permanent_housing")
    sentence = (
        f"{words.count(placed.value)} {words.noun('people', placed.value)} moved into permanent housing"
    )
    if kept and kept.value is not None:
        sentence += (
            f"; of 100 who do, {words.count(kept.value)} still live there a year later "
            f"({words.count(kept.low)} to {words.count(kept.high)})"
        )
    return f"{sentence}."


def explore(ask: Ask) -> str:
    return (
        "Choose a number and how to break it down; the address in your browser is a lasting link to the view."
    )


def neighborhoods(ask: Ask) -> str:
    published = ask("people_referred", by="total", breakdown="neighborhood")
    shown = sorted(
        (cell for cell in published.cells if cell.value), key=lambda cell: (-cell.value, cell.category)
    )
    named = [cell for cell in shown if cell.category not in ("Unknown", "Outside")]
    if published.missing or not named:
        return _nothing(ask, "people_referred")
    return (
        f"People were referred in {words.count(len(named))} of the places that can be shown; "
        f"most in {words.listing(f'{cell.category} ({words.count(cell.value)})' for cell in named[:3])}."
    )


def _clause(ask: Ask, metric: str, verb: str) -> str:
    published = ask(metric, by="total")
    cell = _only(published)
    if cell is None:
        return ""
    if cell.value is None:
        return f"how many {published.metric.unit} {verb} is {words.HIDDEN}" if cell.hidden else ""
    singular = verb.replace("were ", "was ") if cell.value == 1 else verb
    return f"{words.with_unit(published.metric, cell)} {singular}"


def _total(ask: Ask, metric: str) -> Cell | None:
    return _only(ask(metric, by="total"))


def _only(published: Published) -> Cell | None:
    return published.cells[0] if len(published.cells) == 1 else None


def _nothing(ask: Ask, metric: str) -> str:
    published = ask(metric, by="total")
    if published.missing:
        return words.missing(published)
    if any(cell.hidden for cell in published.cells):
        return f"For this choice, the answer is {words.HIDDEN}: too few people stand behind it."
    return "There are no records for this choice."


OPENINGS: Mapping[str, Callable[[Ask], str]] = {
    "overview": overview,
    "enrollment": enrollment,
    "diversion": diversion,
    "jail_beds": jail_beds,
    "housing": housing,
    "neighborhoods": neighborhoods,
    "explore": explore,
}
