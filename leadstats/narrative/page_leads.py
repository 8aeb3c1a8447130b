"""The first sentence of each page: its question answered by rule from numbers that may be shown.

A number of people who had to be followed says of which months they are, since these are not always the
months that the page shows.
"""

from collections.abc import Sequence
from datetime import date

from leadstats.analysis.equity import EquityTable
from leadstats.counting.view import Cell, Published
from leadstats.model import rounding
from leadstats.narrative import before_after, equity_sentences, headlines, wording

EXPLORE = (
    "Choose a number and how to break it down. The address in your browser leads back to what you see: the last three "
    "snapshots are kept, and those that a meeting looked at."
)
JAIL_BEDS_NOT_PUBLIC = (
    "What diversion spared the jail is not among the public numbers: it is an estimate from single arrests and stays, "
    "and the attack that every public number has to withstand tests counts alone."
)


def overview(referred: Published, enrolled: Published, diverted: Published) -> str:
    people = [_clause(referred, "were referred"), _clause(enrolled, "enrolled")]
    arrests = _clause(diverted, "were diverted")
    sentence = "; ".join(filter(None, (wording.listing(filter(None, people)), arrests)))
    if not sentence or all(each.missing for each in (referred, enrolled, diverted)):
        return "None of the exports that this page draws on has been loaded yet."
    return f"{wording.capital(wording.since(wording.period(None, referred.filters)))}, {sentence}."


def enrollment(met: Published, waiting: Published) -> str:
    rate, number = met.only, waiting.only
    sentences = []
    if rate and rate.value is not None:
        sentences.append(
            f"Of 100 referrals {_months(met)}, {wording.count(rate.value)} led to an intake within 30 days "
            f"({wording.count(rate.low)} to {wording.count(rate.high)})"
        )
    if number and number.value is not None:
        _, last = waiting.filters.days_of(None, waiting.data_through or date.max)
        sentences.append(
            f"{wording.count(number.value)} {wording.noun('people', number.value)} "
            f"{'was' if number.value == 1 else 'were'} waiting for an intake on {wording.day(last)}"
        )
    return f"{'; '.join(sentences)}." if sentences else nothing(met)


def diversion(rate: Published) -> str:
    cell = rate.only
    if cell is None or cell.value is None:
        return nothing(rate)
    return (
        f"Officers diverted {wording.count(cell.numerator)} of {wording.count(cell.denominator)} eligible arrests: "
        f"{wording.percent(cell.value, cell.denominator)} "
        f"({wording.interval(rate.metric, cell)} by chance alone)."
    )


def jail_beds(nights: Published, beds: Published, choices: Published) -> str:
    """Both ranges: that of chance, and that of the choice of what the diverted arrests are set beside."""
    cell, bed = nights.only, beds.only
    if cell is None or cell.value is None:
        if cell and cell.gross is not None and not cell.hidden:
            return (
                f"Diverted arrests would have led to about {rounding.significant(cell.gross):,f} jail nights; "
                "what followed on them anyway is not in the exports, so the nights avoided stay unknown."
            )
        return nothing(nights)
    beds_text = f", {wording.shown(beds.metric, bed)} beds on an average night" if bed and bed.value else ""
    spanned = before_after.spanned(choices)
    by_choice = f"; {spanned} by the choice of comparison" if spanned else ""
    return (
        f"We estimate that diversion avoided {wording.with_unit(nights.metric, cell)} in jail "
        f"({wording.interval(nights.metric, cell)} by chance in the year before LEAD{by_choice}){beds_text}. "
        "This is a calculation, not a count."
    )


def are_avoided(nights: Published, choices: Published) -> str:
    """Whether the ranges, of the estimate and under every other choice of comparison, leave a doubt that there are any."""
    cell = nights.only
    if cell is None or cell.value is None or cell.low is None:
        return ""
    if cell.high < 0:
        return "more nights followed than were avoided: all of the range lies below none"
    if cell.low <= 0:
        return "the range includes none at all"
    lows = [other.low for other in choices.cells]
    if any(low is not None and low <= 0 for low in lows):
        return "whether any nights were avoided hangs on the comparison that is chosen"
    if not lows or None in lows:
        return "nights were avoided as estimated; what every other comparison would say is not known"
    return "nights were avoided, whichever comparison is chosen: all of the ranges lie above none"


def housing(placed: Published, kept: Published) -> str:
    number, rate = placed.only, kept.only
    if number is None or number.value is None:
        return nothing(placed)
    sentence = (
        f"{wording.count(number.value)} {wording.noun('people', number.value)} moved into permanent housing"
    )
    if rate and rate.value is not None:
        sentence += (
            f"; of 100 who did {_months(kept)}, {wording.count(rate.value)} still lived there a year later "
            f"({wording.count(rate.low)} to {wording.count(rate.high)})"
        )
    return f"{sentence}."


def equity(tables: Sequence[EquityTable]) -> str:
    known = [table for table in tables if not table.missing]
    return equity_sentences.steepest(known) if known else equity_sentences.of_stage(tables[0])


def places_apart(rates: Published, outliers: Sequence[Cell]) -> str:
    """Speaks of difference only where chance does not explain it."""
    return f"{headlines.beyond(rates, outliers)}."


def how_many_differ(rates: Published, outliers: Sequence[Cell]) -> str:
    """Nothing where none does: the lead says that in the same words."""
    shown = sum(cell.value is not None for cell in rates.cells)
    return (
        f"{len(outliers)} of {shown} places {'differs' if len(outliers) == 1 else 'differ'}"
        if outliers
        else ""
    )


def headline(published: Published) -> str:
    return f"{headlines.headline(published)}."


def rows_left_out(read: int, rejected: int, tables: Sequence[EquityTable]) -> str:
    """What could not be used, and what unknown race could move."""
    left_out = f"{wording.count(rejected)} of {wording.count(read)} rows could not be used."
    told = (equity_sentences.unknown_race(table) for table in tables)
    return " ".join([left_out, *next(filter(None, told), [])])


def share_left_out(read: int, rejected: int) -> str:
    if not read:
        return ""
    share = 100 * rejected / read
    return (
        f"{wording.percent(share, read) if share >= 0.1 or not share else 'fewer than 0.1%'} of rows left out"
    )


def numbers_hidden(shown: int, hidden: int) -> str:
    return f"{wording.count(shown)} numbers can be shown; {wording.count(hidden)} are {wording.HIDDEN}."


def definitions(metrics: int) -> str:
    return f"{metrics} numbers: what each counts, what it leaves out, and the query behind it."


def released(published: Published) -> str:
    """The sentence that a release brings along: what it counts is not quite what pages count."""
    cell = published.only
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


def not_published(threshold: int) -> str:
    """Why a release has no answer, as in a small county: never which of the two it is, which would tell of its people."""
    return (
        "No published number answers this: a table is published only if the records hold what it asks for "
        f"and enough of its numbers stand for {threshold} people or more."
    )


def nothing(published: Published) -> str:
    """Why a question has no answer."""
    if published.missing:
        return wording.missing(published)
    if few := [cell.too_few for cell in published.cells if cell.too_few]:
        return f"{published.metric.title}: {few[0]}."
    if any(cell.is_protected for cell in published.cells):
        return f"For this choice, the answer is {wording.HIDDEN}: too few people stand behind it."
    if said := wording.gaps(published):
        return f"{published.metric.title}: {wording.NOT_RECORDED}. {said}"
    return "There are no records for this choice."


def _months(published: Published) -> str:
    return wording.since(wording.period(None, published.filters))


def _clause(published: Published, verb: str) -> str:
    cell = published.only
    if cell is None:
        return ""
    if cell.value is None:
        reason = wording.why_hidden(cell.hidden) if cell.hidden else ""
        return f"how many {published.metric.unit} {verb} is {reason}" if reason else ""
    singular = verb.replace("were ", "was ") if cell.value == 1 else verb
    return f"{wording.with_unit(published.metric, cell)} {singular}"
