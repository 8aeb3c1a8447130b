"""What is missing, and how far it could move each headline figure. Hides how each bound is worked out."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta

from leadstats.analysis.equity import EquityTable
from leadstats.briefing import View
from leadstats.counting.lookups import lookup
from leadstats.counting.site_facts import FileRows
from leadstats.counting.view import Cell, Published
from leadstats.model.language import message, say
from leadstats.narrative import equity_sentences, not_recorded, stage_words, wording
from leadstats.narrative.wording import TextTable
from leadstats.quality.account import (
    Section,
    account,
    named,
)

# The figures that meetings start from.
FIGURES = (
    "people_referred",
    "people_enrolled",
    "diversion_rate",
    "jail_nights_avoided",
    "jail_nights",
    "jail_nights_after_full_years",
    "rearrested_within_365_days",
    "people_placed_in_permanent_housing",
)
SHARES = ("proportion", "incidence")
TOO_FEW_UNLINKED = message("Some people {did} are linked to nobody; too few to say what they could move.")
MANY_UNKNOWN = 10  # percent, from which a rate of single groups or places is a rate of some of them


def sections(view: View) -> Iterator[Section]:
    """The whole report: first what the gaps could do, then what is known about the data."""
    yield gaps(view)
    yield from account(view)


def gaps(view: View) -> Section:
    """One line for each figure, the gaps that touch it, and what each could do to it."""
    body = []
    for name in FIGURES:
        published = view.figure(name)
        cell = published.only or Cell(None, "")
        value = say(wording.NOT_RECORDED) if published.missing else wording.with_unit(published.metric, cell)
        said = [not_recorded.missing(published)] if published.missing else [*_gaps(view, published, cell)]
        title = f"{published.metric.title}{_own_span(view, published)}"
        body.append((f"{title}: {value}", " ".join(said) or say("No gap is known.")))
    for stage in stage_words.STAGES:
        table = view.equity(stage)
        if said := equity_sentences.unknown_race(table):
            title = say(
                "Gaps by race, {stage_name}{own_span}",
                stage_name=stage_words.name_of(stage).lower(),
                own_span=_own_span(view, table),
            )
            body.append((f"{title}: {equity_sentences.verdict(table)}", " ".join(said)))
    span = wording.span(view.filters.first_month, view.filters.last_month)
    return Section(
        say("What each gap could do to the headline figures"),
        [
            say(
                "Over {span}. Figures of people who have to be followed name the latest months that allow "
                "it.",
                span=span,
            )
        ],
        [
            TextTable(
                say("Gaps and their effect"),
                (say("Figure as it stands"), say("What is missing, and what it could move")),
                body,
                labels=2,
            )
        ],
    )


def _own_span(view: View, found: Published | EquityTable) -> str:
    """The months of a figure if they are not those of the report."""
    return f", {wording.period(None, found.filters)}" if view.is_moved(found) else ""


def _gaps(view: View, published: Published, cell: Cell) -> Iterator[str]:
    yield from _left_out(view, published, cell)
    if "neighborhood" in published.metric.breakdowns:
        yield from _without_place(view, published, cell)
    yield from OWN.get(published.metric.name, _nothing)(view, published, cell)
    yield from _ends_early(view, published)


def _nothing(view: View, published: Published, cell: Cell) -> Iterable[str]:
    return ()


def _left_out(view: View, published: Published, cell: Cell) -> Iterator[str]:
    """Rows that could not be used, and what they could change if all of them were from these months."""
    loaded = map(view.database.exports.of_table, sorted(published.metric.sources))
    lost = [rows for rows in loaded if rows and rows.rejected]
    if not lost:
        return
    listed = wording.listing(
        say(
            "{number} {table} rows ({share})",
            number=wording.count(rows.rejected),
            table=_table(rows),
            share=_share(rows),
        )
        for rows in lost
    )
    number = sum(rows.rejected for rows in lost)
    effect = ""
    if cell.value is not None and published.metric.estimator == "count" and published.metric.unit != "nights":
        effect = say(": at most {number} more", number=wording.count(number))
    elif cell.value is not None and published.metric.estimator in SHARES and cell.denominator:
        low, high = (
            100 * (cell.value / 100 * cell.denominator + more) / (cell.denominator + number)
            for more in (0, number)
        )
        effect = say(
            ": between {percent} and {percent2} whatever they hold",
            percent=_percent(low, cell),
            percent2=_percent(high, cell),
        )
    yield say("{listed} could not be used{effect}.", listed=listed, effect=effect)


def _table(rows: FileRows) -> str:
    return say(rows.table.replace("_", " "))


def _share(rows: FileRows) -> str:
    share = 100 * rows.rejected / rows.read
    return wording.percent(share, rows.read) if share >= 0.1 else say("under 0.1%")


def _percent(value: float, cell: Cell) -> str:
    return wording.percent(min(value, 100.0), cell.denominator)


def _without_place(view: View, published: Published, cell: Cell) -> Iterator[str]:
    split = view.published(published.metric.name, **_span(published), by="total", breakdown="neighborhood")
    unknown = next((each for each in split.cells if each.category.lower() == "unknown"), None)
    count, whole = (_size(each) for each in (unknown, cell))
    if count and whole:
        share = 100 * count / whole
        doubt = say("; neighborhoods show a part only") if share >= MANY_UNKNOWN else ""
        yield say(
            "The place is unknown for {share} of what is counted{doubt}.",
            share=wording.percent(share, round(whole)),
            doubt=doubt,
        )


def _size(cell: Cell | None) -> float | None:
    """What a cell counts: its denominator, or the number itself."""
    if cell is None or cell.hidden:
        return None
    return cell.denominator if cell.denominator is not None else cell.people


def _span(published: Published) -> dict[str, object]:
    return {"first_month": published.filters.first_month, "last_month": published.filters.last_month}


def _doubtful_nights(view: View, published: Published, cell: Cell) -> Iterator[str]:
    doubt = view.published("jail_nights_in_doubt", **_span(published), by="total").cells
    if len(doubt) != 1 or cell.value is None:
        return
    if doubt[0].is_protected:
        yield say("A few stays have no release and no roster that shows them.")
    elif nights := doubt[0].value:
        has_roster = any(found.code == "LD-318" for found in view.database.exports.problems)
        low, high = (cell.value, cell.value + nights) if has_roster else (cell.value - nights, cell.value)
        how = say("are left out") if has_roster else say("count as if the people were still inside")
        yield (
            say(
                "Stays without a release that no roster confirms {how}: between {number} and {number2} "
                "nights.",
                how=how,
                number=wording.count(low),
                number2=wording.count(high),
            )
        )
    yield from sorted(found.fix for found in view.database.exports.problems if found.code == "LD-322")


def _no_net(view: View, published: Published, cell: Cell) -> Iterator[str]:
    if cell.value is None and cell.gross is not None:
        yield (
            say(
                "Stays or referrals do not name their arrest, so later nights on the same arrest cannot be "
                "taken off: only the gross number, {number} nights, stands.",
                number=wording.count(cell.gross),
            )
        )


def _unlinked_arrests(view: View, published: Published, cell: Cell) -> Iterator[str]:
    found = _unlinked(view, published, "unlinked_arrests")
    if not found or cell.value is None or not cell.denominator:
        return
    if found["unlinked"] is None:
        yield say(TOO_FEW_UNLINKED, did=say("arrested since"))
        return
    could = min(found["unlinked"], found["without_record"])
    yield _bounds(found, say("arrested since"), _percent(cell.value + 100 * could / cell.denominator, cell))


def _unlinked_nights(view: View, published: Published, cell: Cell) -> Iterator[str]:
    found = _unlinked(view, published, "unlinked_nights")
    if not found or cell.value is None or not cell.people:
        return
    if found["unlinked"] is None:
        yield say(TOO_FEW_UNLINKED, did=say("in jail since"))
        return
    nights = cell.value + found["nights"] / cell.people
    yield _bounds(found, say("in jail since"), say("{number} nights", number=wording.count(nights)))


def _unlinked(view: View, published: Published, name: str) -> Mapping[str, int]:
    """What unlinked records could change over all the time people of a figure were followed; empty if all are linked."""
    next_day = published.filters.next_day
    until_day = min(published.data_through + timedelta(days=1), next_day + timedelta(days=365))
    days = {"from_day": published.filters.first_month, "next_day": next_day, "until_day": until_day}
    (row,) = lookup(view.database, name, view.audience, days)
    return {} if row["unlinked"] == 0 else row


def _bounds(found: Mapping[str, int], did: str, most: str) -> str:
    missing = wording.count(found["without_record"])
    return say(
        "{number} people {did} are linked to nobody, and {missing} of the people followed have no "
        "such record. If none of these {missing} is among the unlinked the number stands; if all "
        "are, it is up to {most}.",
        number=wording.count(found["unlinked"]),
        did=did,
        missing=missing,
        most=most,
    )


def _ends_early(view: View, published: Published) -> Iterator[str]:
    last = max(view.database.reach.values(), default=None)
    if published.data_through and last and published.data_through < last:
        early = [
            say(named(name).lower())
            for name in published.metric.sources
            if view.database.reach.get(name) == published.data_through
        ]
        yield say(
            "It ends on {day}, as far as {list} reach.",
            day=wording.day(published.data_through),
            list=wording.listing(early),
        )


OWN: dict[str, Callable[[View, Published, Cell], Iterable[str]]] = {
    "jail_nights": _doubtful_nights,
    "jail_nights_avoided": _no_net,
    "jail_nights_after_full_years": _unlinked_nights,
    "rearrested_within_365_days": _unlinked_arrests,
}
