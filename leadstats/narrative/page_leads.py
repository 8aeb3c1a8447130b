"""The first sentence of each page: its question answered by rule from numbers that may be shown.

A number of people who had to be followed says of which months they are, since these are not always the
months that the page shows.
"""

from collections.abc import Sequence
from datetime import date

from leadstats.analysis.equity import EquityTable
from leadstats.counting.reliability import is_small
from leadstats.counting.view import Cell, Published
from leadstats.model import rounding
from leadstats.model.language import message, plural_message, say, say_plural
from leadstats.narrative import before_after, equity_sentences, headlines, not_recorded, wording

REFERRED = (
    *plural_message("{number} person was referred", "{number} people were referred"),
    message("how many people were referred is {why}"),
)
ENROLLED = (
    *plural_message("{number} person enrolled", "{number} people enrolled"),
    message("how many people enrolled is {why}"),
)
DIVERTED = (
    *plural_message("{number} arrest was diverted", "{number} arrests were diverted"),
    message("how many arrests were diverted is {why}"),
)
EXPLORE = message(
    "Choose a number and how to break it down. The address in your browser leads back to what "
    "you see: the latest snapshots are kept, and those that a meeting looked at."
)
JAIL_BEDS_NOT_PUBLIC = message(
    "What diversion spared the jail is not among the public numbers yet. It is an estimate, made from the arrests and jail "
    "stays of single people: it is published for calendar years with 100 diverted arrests or more, a year late, and only "
    "where enough of it is left once it is rounded so that none of them can be seen in it."
)

CASE_WORK_NOT_PUBLIC = message(
    "What case work has to do next is for those who do it; it is not among the public numbers."
)
WAITING = plural_message(
    "{number} person was waiting for an intake on {day}",
    "{number} people were waiting for an intake on {day}",
)
WAITING_LONG = plural_message(
    "{number} person was waiting for longer than 30 days on {day}",
    "{number} people were waiting for longer than 30 days on {day}",
)
DUE = plural_message(
    "{number} person was due to be met on {day}", "{number} people were due to be met on {day}"
)


def overview(referred: Published, enrolled: Published, diverted: Published) -> str:
    people = [_clause(referred, REFERRED), _clause(enrolled, ENROLLED)]
    arrests = _clause(diverted, DIVERTED)
    sentence = "; ".join(filter(None, (wording.listing(filter(None, people)), arrests)))
    if not sentence or all(each.missing for each in (referred, enrolled, diverted)):
        return say("None of the exports that this page draws on has been loaded yet.")
    return f"{wording.capital(wording.since(wording.period(None, referred.filters)))}, {sentence}."


def enrollment(met: Published, waiting: Published) -> str:
    rate = met.only
    sentences = []
    if rate and rate.denominator and is_small(met.metric, rate):
        sentences.append(
            say(
                "Of {whole} referrals {months}, {number} led to an intake within 30 days",
                whole=wording.count(rate.denominator),
                months=_months(met),
                number=wording.count(rate.numerator),
            )
        )
    elif rate and rate.value is not None:
        sentences.append(
            say(
                "Of 100 referrals {months}, {number} led to an intake within 30 days ({number2} to "
                "{number3})",
                months=_months(met),
                number=wording.count(rate.value),
                number2=wording.count(rate.low),
                number3=wording.count(rate.high),
            )
        )
    if told := _on_the_last_day(waiting, WAITING):
        sentences.append(told)
    return f"{'; '.join(sentences)}." if sentences else nothing(met)


def case_work(waiting: Published, due: Published) -> str:
    clauses = (
        _on_the_last_day(waiting, WAITING_LONG),
        _on_the_last_day(due, DUE),
    )
    said = "; ".join(filter(None, clauses))
    return f"{said}." if said else nothing(waiting)


def diversion(rate: Published) -> str:
    cell = rate.only
    if cell is None or cell.value is None:
        return nothing(rate)
    return say(
        "Officers diverted {number} of {number2} eligible arrests: {share} ({range} by chance alone).",
        number=wording.count(cell.numerator),
        number2=wording.count(cell.denominator),
        share=wording.percent(cell.value, cell.denominator),
        range=wording.interval(rate.metric, cell),
    )


def jail_beds(nights: Published, beds: Published, choices: Published) -> str:
    """The lead with both ranges: of chance, and of the choice of what diverted arrests are compared with."""
    cell, bed = nights.only, beds.only
    if cell is None or cell.value is None:
        if cell and cell.gross is not None and not cell.hidden:
            return say(
                "Diverted arrests would have led to about {significant} jail nights; what followed on them "
                "anyway is not in the exports, so the nights avoided stay unknown.",
                significant=format(rounding.significant(cell.gross), ",f"),
            )
        return nothing(nights)
    beds_text = (
        say(", {number} beds on an average night", number=wording.shown(beds.metric, bed))
        if bed and bed.value
        else ""
    )
    spanned = before_after.spanned(choices)
    by_choice = say("; {spanned} by the choice of comparison", spanned=spanned) if spanned else ""
    return say(
        "We estimate that diversion avoided {number} in jail ({range} by chance in the year before "
        "LEAD{by_choice}){beds_text}. This is a calculation, not a count.",
        number=wording.with_unit(nights.metric, cell),
        range=wording.interval(nights.metric, cell),
        by_choice=by_choice,
        beds_text=beds_text,
    )


def are_avoided(nights: Published, choices: Published) -> str:
    """Says whether nights were avoided beyond doubt, by the range of the estimate and of every other choice of comparison."""
    cell = nights.only
    if cell is None or cell.value is None or cell.low is None:
        return ""
    if cell.high < 0:
        return say("more nights followed than were avoided: all of the range lies below none")
    if cell.low <= 0:
        return say("the range includes none at all")
    lows = [other.low for other in choices.cells]
    if any(low is not None and low <= 0 for low in lows):
        return say("whether any nights were avoided depends on the comparison that is chosen")
    if not lows or None in lows:
        return say("nights were avoided as estimated; what every other comparison would say is not known")
    return say("nights were avoided, whichever comparison is chosen: all of the ranges lie above none")


def housing(placed: Published, kept: Published) -> str:
    number, rate = placed.only, kept.only
    if number is None or number.value is None:
        return nothing(placed)
    sentence = say_plural(
        "{number} person moved into permanent housing",
        "{number} people moved into permanent housing",
        number.value,
        number=wording.count(number.value),
    )
    if rate and rate.denominator and is_small(kept.metric, rate):
        sentence += say(
            "; of {whole} who did {months}, {number} are known to have lived there a year later",
            whole=wording.count(rate.denominator),
            months=_months(kept),
            number=wording.count(rate.numerator),
        )
    elif rate and rate.value is not None:
        sentence += say(
            "; of 100 who did {months}, {number} still lived there a year later ({number2} to {number3})",
            months=_months(kept),
            number=wording.count(rate.value),
            number2=wording.count(rate.low),
            number3=wording.count(rate.high),
        )
    return f"{sentence}."


def equity(tables: Sequence[EquityTable]) -> str:
    known = [table for table in tables if not table.missing]
    return equity_sentences.steepest(known) if known else equity_sentences.of_stage(tables[0])


def places_apart(rates: Published, outliers: Sequence[Cell]) -> str:
    """Mentions a difference only if chance does not explain it."""
    return f"{headlines.beyond(rates, outliers)}."


def how_many_differ(rates: Published, outliers: Sequence[Cell]) -> str:
    """Empty if none does, since the lead says so in the same words."""
    shown = sum(cell.value is not None for cell in rates.cells)
    return (
        say_plural(
            "{number} of {all} places differs",
            "{number} of {all} places differ",
            len(outliers),
            number=len(outliers),
            all=shown,
        )
        if outliers
        else ""
    )


def headline(published: Published) -> str:
    return f"{headlines.headline(published)}."


def rows_left_out(read: int, rejected: int, tables: Sequence[EquityTable]) -> str:
    """What could not be used, and what unknown race could change."""
    left_out = say(
        "{number} of {number2} rows could not be used.",
        number=wording.count(rejected),
        number2=wording.count(read),
    )
    told = (equity_sentences.unknown_race(table) for table in tables)
    return " ".join([left_out, *next(filter(None, told), [])])


def share_left_out(read: int, rejected: int) -> str:
    if not read:
        return ""
    share = 100 * rejected / read
    told = wording.percent(share, read) if share >= 0.1 or not share else say("fewer than 0.1%")
    return say("{share} of rows left out", share=told)


def numbers_hidden(shown: int, hidden: int) -> str:
    return say(
        "{number} numbers can be shown; {number2} are hidden to protect privacy.",
        number=wording.count(shown),
        number2=wording.count(hidden),
    )


def definitions(metrics: int) -> str:
    return say(
        "{metrics} numbers: what each counts, what it leaves out, and the query behind it.", metrics=metrics
    )


def released(published: Published) -> str:
    """The sentence a release brings along, since what it counts is not quite what pages count."""
    cell = published.only
    if cell is None:
        return ""
    when = wording.since(wording.period(None, published.filters))
    if cell.value is None:
        return f"{published.metric.title} {when}: {say(wording.HIDDEN)}."
    number = cell.value if cell.numerator is None else cell.numerator
    told = say("in {month}", month="{period}")
    metric = published.metric
    sentence = say(metric.bounded_sentence if cell.bound and metric.bounded_sentence else metric.sentence)
    sentence = sentence.replace(wording.capital(told), wording.capital(when))
    return sentence.replace(told, when).format(
        number=wording.count(number),
        whole=wording.count(cell.denominator or 0),
        percent=wording.shown(metric, cell),
        low="" if cell.low is None else wording.count(cell.low),
        high="" if cell.high is None else wording.count(cell.high),
        bounded="" if not cell.bound else say(wording.BOUNDS[cell.bound], share=wording.count(number)),
    )


def not_published(threshold: int) -> str:
    """Why a release has no answer, as in a small county; never which of the two reasons, which would say something about its people."""
    return say(
        "No published number answers this: a table is published only if the records hold what it "
        "asks for and enough of its numbers stand for {threshold} people or more.",
        threshold=threshold,
    )


def nothing(published: Published) -> str:
    """Why a question has no answer."""
    if published.missing:
        return not_recorded.missing(published)
    if few := [cell.too_few for cell in published.cells if cell.too_few]:
        return f"{published.metric.title}: {few[0]}."
    if any(cell.is_protected for cell in published.cells):
        return say(
            "For this choice, the answer is hidden to protect privacy: too few people stand behind it."
        )
    if said := not_recorded.gaps(published):
        return f"{published.metric.title}: {say(wording.NOT_RECORDED)}. {said}"
    return say("There are no records for this choice.")


def _on_the_last_day(stock: Published, said: tuple[str, str]) -> str:
    """For how many people something is so on the last day; empty if the number may not be shown."""
    number = stock.only
    if number is None or number.value is None:
        return ""
    _, last = stock.filters.days_of(None, stock.data_through or date.max)
    return say_plural(*said, number.value, number=wording.count(number.value), day=wording.day(last))


def _months(published: Published) -> str:
    return wording.since(wording.period(None, published.filters))


def _clause(published: Published, words: tuple[str, str, str]) -> str:
    """words: for one, for many, and for a number that is not shown."""
    cell, (one, many, unknown) = published.only, words
    if cell is None:
        return ""
    if cell.value is None:
        return say(unknown, why=wording.why_hidden(cell.hidden)) if cell.hidden else ""
    return say_plural(one, many, cell.value, number=wording.count(cell.value))
