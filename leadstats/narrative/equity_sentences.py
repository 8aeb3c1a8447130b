"""What comparisons of groups say as sentences made by rule: a stage, its verdict, who is missing."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from leadstats.analysis.decomposition import Mix
from leadstats.analysis.equity import ALL_OTHERS, EVERYONE_ELSE, SMALL_GROUP, EquityRow, EquityTable
from leadstats.counting.view import NOT_RELEASED
from leadstats.model import rounding
from leadstats.model.language import message, say, say_plural
from leadstats.model.metrics import PublicMetric
from leadstats.model.schema import TWO_OR_MORE, UNKNOWN
from leadstats.narrative import headlines, wording

CLASSES = {"charge_class": message("charges"), "neighborhood": message("places")}
Ratio = tuple[float, float, float]  # with its interval

STAGES = {
    "arrest_to_diversion": message("Arrest to diversion"),
    "referral_to_intake": message("Referral to intake"),
    "intake_to_engaged": message("Enrollment to contact"),
    "homeless_to_housed": message("Homeless to housed"),
    "arrest_to_booking": message("Arrest to jail"),
}


RECORDS = {
    "arrest_to_diversion": message("eligible arrests"),
    "referral_to_intake": message("referrals"),
    "intake_to_engaged": message("people who enrolled"),
    "homeless_to_housed": message("people homeless at enrollment"),
    "arrest_to_booking": message("eligible arrests"),
}


@dataclass(frozen=True)
class Phrases:
    """How a stage reads aloud, with the system as the one who acts."""

    did: str  # takes the share and the people
    as_for: str  # the same for the reference
    would_have: str  # after "12 more"


PHRASES: Mapping[str, Phrases] = {
    "arrest_to_diversion": Phrases(
        message("Officers diverted {share} of eligible arrests of {people}"),
        message("{share} of those of {people}"),
        message("would have been diverted"),
    ),
    "arrest_to_booking": Phrases(
        message("Officers booked {share} of eligible arrests of {people} into jail"),
        message("{share} of those of {people}"),
        message("would have led to jail"),
    ),
    "referral_to_intake": Phrases(
        message("LEAD completed intake within 90 days for {share} of referrals of {people}"),
        message("{share} of those of {people}"),
        message("would have led to an intake"),
    ),
    "intake_to_engaged": Phrases(
        message("Case managers had contact within 90 days with {share} of {people} who enrolled"),
        message("{share} of {people}"),
        message("would have been reached"),
    ),
    "homeless_to_housed": Phrases(
        message("Housing was found within a year for {share} of {people} who were homeless at enrollment"),
        message("{share} of {people}"),
        message("would have been housed"),
    ),
}


def stage_name(stage: str) -> str:
    return say(STAGES[stage])


def people_words(group: str) -> str:
    if group == EVERYONE_ELSE:
        return say("everyone else")
    if group == ALL_OTHERS:
        return say("people of all other groups together")
    if group == UNKNOWN:
        return say("people of unknown race")
    return say("people of two or more races") if group == TWO_OR_MORE else say(f"{group} people")


def sentence(table: EquityTable, row: EquityRow) -> str:
    """One group at a stage, read aloud: its rate, that of the reference, and what that amounts to."""
    people = people_words(row.group)
    if row.hidden:
        return say("For {people}: {why}.", people=people, why=wording.why_hidden(row.hidden))
    if not row.n:
        return say("For {people}: {why}.", people=people, why=say(wording.NOTHING))
    phrases = Phrases(*_published_words(table)[:3]) if _published_words(table) else PHRASES[table.stage]
    did = say(phrases.did, share=wording.percent(row.rate, row.n), people=people)
    if row.gap is None:
        return f"{did}."
    share = wording.percent(row.reference_rate, row.reference_n)
    as_for = say(phrases.as_for, share=share, people=people_words(table.reference))
    small = f" {say('Small group.')}" if row.n < SMALL_GROUP else ""
    return f"{say('{did} and {as_for}', did=did, as_for=as_for)}{_finding(table, row, phrases)}{small}"


def _finding(table: EquityTable, row: EquityRow, phrases: Phrases) -> str:
    """What the comparison amounts to: by rule, so that no two readers are told different things."""
    if row.gap_low <= 0 <= row.gap_high:
        # The two intervals are not of one method: a range of ratios that leaves 1 out would contradict.
        reach = say(
            "; anything from {points} to {points2} points fits",
            points=wording.signed(row.gap_low),
            points2=wording.signed(row.gap_high),
        )
        if row.ratio_high is not None and row.ratio_low <= 1 <= row.ratio_high:
            reach = say(
                "; anything from {ratio} to {ratio2} times as often fits",
                ratio=wording.ratio(row.ratio_low),
                ratio2=wording.ratio(row.ratio_high),
            )
        return say(": no clear difference{reach}.", reach=reach)
    template = message("{points} points more") if row.gap > 0 else message("{points} points less")
    often = say(template, points=rounding.rounded(abs(row.gap)))
    if row.ratio is not None:
        often = say("{ratio} times as often", ratio=wording.ratio(row.ratio))
    if not row.is_clear:
        return say(
            ": {often}, but not clear of chance among the {comparisons} comparisons that the data allow.",
            often=often,
            comparisons=table.comparisons,
        )
    if not row.fares_worse:  # what fewer of them would have had is no loss to count
        return say(": {often}, clear of chance.", often=often)
    return say(
        ": {often}. At the same rate, {more} {would_have} ({more2} to {more3}).",
        often=often,
        more=_more(row.additional_people),
        would_have=say(phrases.would_have),
        more2=_more(row.additional_low),
        more3=_more(row.additional_high),
    )


def _published_words(table: EquityTable) -> tuple[str, ...]:
    """The words of a stage that reads otherwise in a release than inside."""
    return table.metric.wording if isinstance(table.metric, PublicMetric) else ()


def rows(table: EquityTable) -> list[dict[str, Any]]:
    """The numbers of each group, unrounded, and its sentence."""
    return [vars(row) | {"sentence": sentence(table, row)} for row in table.rows]


def of_others(table: EquityTable) -> list[dict[str, Any]]:
    """The same of the groups that are too small, together; nothing where they may not stand so."""
    return [vars(row) | {"sentence": sentence(table, row)} for row in (table.others,) if row]


def of_stage(table: EquityTable) -> str:
    """The clearest difference at a stage, else that there is none; the gap in people decides."""
    if table.missing == NOT_RELEASED:
        return wording.not_released([stage_name(table.stage)])
    if table.missing:
        return wording.lacking(table.metric, stage_name(table.stage), table.missing)
    compared = [row for row in table.rows if row.gap is not None]
    if not compared:
        return say(
            "No group can be compared with {people} for this choice: {why_not}.",
            people=people_words(table.reference),
            why_not=_why_not(table),
        )
    clear = [row for row in compared if row.is_clear]
    if not clear:
        largest = max(compared, key=lambda row: row.n)
        return sentence(table, largest)
    return sentence(table, max(clear, key=lambda row: abs(row.additional_people)))


def _why_not(table: EquityTable) -> str:
    """Why nothing is compared: without records of the reference, a group hidden beside it is not the reason."""
    if any(row.group == table.reference and not row.hidden and not row.n for row in table.rows):
        return say(wording.NOTHING)
    reasons = {wording.why_hidden(row.hidden) for row in table.rows if row.hidden}
    known = map(say, (wording.HIDDEN, wording.NOT_RECORDED))
    return next((why for why in known if why in reasons), say(wording.NOTHING))


def verdict(table: EquityTable) -> str:
    """A stage in half a sentence, for a headline."""
    if table.missing:
        return say(wording.NOT_RECORDED)
    compared = [row for row in table.rows if row.gap is not None]
    if not compared:
        return say("no group can be compared for this choice")
    clear = [row.group for row in compared if row.is_clear]
    whom = people_words(table.reference)
    if not clear:
        return say("the data cannot tell a gap from none between {whom} and other groups", whom=whom)
    return say(
        "{list} fared differently from {whom}",
        list=wording.listing(people_words(group) for group in clear),
        whom=whom,
    )


def ratio_range(row: EquityRow) -> str:
    if row.ratio_low is None:
        return say("no range")
    high = wording.ratio(row.ratio_high) if row.ratio_high is not None else say("without limit")
    return say("{ratio} to {high}", ratio=wording.ratio(row.ratio_low), high=high)


def unknown_race(table: EquityTable) -> list[str]:
    """Who is missing, and how far that could move the ratio most spoken of; nothing where either part of the share
    is hidden."""
    unknown, total = table.unknown, table.total
    if unknown is None or not unknown.denominator or not total:
        return []
    what = say(_published_words(table)[-1] if _published_words(table) else RECORDS[table.stage])
    share = wording.percent(100 * unknown.denominator / total, total)
    sentences = [
        say(
            "Race is unknown for {share} of {join}.",
            share=share,
            join=" ".join(filter(None, (what, months(table)))),
        )
    ]
    told = [row for row in table.rows if row.ratio is not None and row.group in table.ratio_bounds]
    if told:
        row = max(told, key=lambda row: row.n)
        low, high = table.ratio_bounds[row.group]
        if None not in (low, high):
            sentences.append(
                say(
                    "Were it known, the ratio of {people} to {people2} at {stage} could lie anywhere between {ratio} "
                    "and {ratio2}.",
                    stage=stage_name(table.stage).lower(),
                    people=people_words(row.group),
                    people2=people_words(table.reference),
                    ratio=wording.ratio(low),
                    ratio2=wording.ratio(high),
                )
            )
    return sentences


def alt_stage(table: EquityTable) -> str:
    return headlines.short(
        say(
            "Dots with intervals on a log scale: {stage_name} by race. {of_stage}",
            stage_name=stage_name(table.stage).lower(),
            of_stage=of_stage(table),
        )
    )


def steepest(tables: Sequence[EquityTable]) -> str:
    """At which stage, and for whom, the largest clear gaps arise, of all stages and groups at once: in people, and
    as a ratio. Where these are two, both are said; either alone would choose whom to speak of. Without any, what
    is known best; `where` says the verdict."""
    against = people_words(tables[0].reference)
    clear = [(table, row) for table in tables for row in table.rows if row.is_clear]
    found = [pair for pair in clear if pair[1].is_adverse] or clear
    if not found:
        compared = [(table, row) for table in tables for row in table.rows if row.gap is not None]
        if not compared:
            return say(
                "No group can be compared with {against} at any stage for this choice.", against=against
            )
        # The verdict says that none is clear. Chosen by size, since chance made the largest of the gaps.
        return say(
            "Most records tell of this: {sentence}",
            sentence=sentence(*max(compared, key=lambda pair: pair[1].n)),
        )
    in_people = max(found, key=lambda pair: abs(pair[1].additional_people))
    with_ratio = [pair for pair in found if pair[1].ratio is not None] or [in_people]
    as_ratio = max(with_ratio, key=lambda pair: abs(math.log(pair[1].ratio)) if pair[1].ratio else math.inf)
    if in_people == as_ratio:
        return _largest(say("The largest clear gap, in people and as a ratio,"), *in_people)
    return (
        f"{_largest(say('The largest clear gap in people'), *in_people)} "
        f"{_largest(say('The largest as a ratio'), *as_ratio)}"
    )


def _largest(what: str, table: EquityTable, row: EquityRow) -> str:
    when = f" {months(table)}" if months(table) else ""
    return say(
        "{what} arises at {stage_name}{when}. {sentence}",
        what=what,
        stage_name=stage_name(table.stage).lower(),
        when=when,
        sentence=sentence(table, row),
    )


def own_months(tables: Sequence[EquityTable]) -> str:
    """The same for several stages, those of the same months together; nothing if all are the page's."""
    said = []
    for why, is_pooled in (
        (say("Where people have to be followed, they are those of the latest months that allow it"), False),
        (
            say("Where groups with more than a tenth of the people would be hidden, more months are counted"),
            True,
        ),
    ):
        together: dict[str, list[str]] = {}
        for table in tables:
            if months(table) and table.is_pooled == is_pooled:
                together.setdefault(months(table), []).append(stage_name(table.stage).lower())
        told = "; ".join(
            say("{stages} {when}", stages=wording.listing(stages), when=when)
            for when, stages in together.items()
        )
        said += [f"{why}: {told}."] if told else []
    return " ".join(said)


def months(table: EquityTable) -> str:
    """Of which months the people of a stage are, where they had to be followed, or are those of more months than
    were chosen; else they are the page's."""
    if not table.metric.horizon_days and not table.is_pooled:
        return ""
    return wording.since(wording.period(None, table.filters))


def put_together(table: EquityTable) -> list[str]:
    """What was counted in another way than group by group over the months chosen, and why."""
    said = []
    if table.is_pooled:
        said.append(
            say(
                "Counted over {months} months: in the months chosen, groups with more than a tenth of the "
                "people would be hidden.",
                months=table.filters.months,
            )
        )
    if table.others:
        members = wording.listing(people_words(group) for group in table.members)
        said.append(
            say(
                "All other groups together: {members}. Some of them are too few to be shown by themselves.",
                members=members,
            )
        )
    return said


def where(tables: Sequence[EquityTable]) -> str:
    """At which stages a gap is clear, for whom, and at how many nothing can be told."""
    told = [f"{stage_name(table.stage).lower()} {_for_whom(table)}" for table in tables if _for_whom(table)]
    compared = sum(any(row.gap is not None for row in table.rows) for table in tables)
    against = say("Compared with {people}", people=people_words(tables[0].reference)) if tables else ""
    if not compared:
        return say("No stage can be compared for this choice")
    if not told:
        return say_plural(
            "{against}: no clear gap at the one stage that can be compared",
            "{against}: no clear gap at any of {number} stages that can be compared",
            compared,
            against=against,
            number=compared,
        )
    return say_plural(
        "{against}: a clear gap at {stages}, the one stage that can be compared",
        "{against}: a clear gap at {stages}; {clear} of {number} stages that can be compared",
        compared,
        against=against,
        stages=wording.listing(told),
        clear=len(told),
        number=compared,
    )


def _for_whom(table: EquityTable) -> str:
    """Against everyone else, a gap in favor of one group is one to the disadvantage of all others."""
    worse = [people_words(row.group) for row in table.rows if row.is_adverse]
    better = [people_words(row.group) for row in table.rows if row.is_clear and not row.fares_worse]
    said = [say("for {list}", list=wording.listing(worse))] if worse else []
    return wording.listing(
        [*said, *([say("in favor of {list}", list=wording.listing(better))] if better else [])]
    )


def alt_chain(tables: Sequence[EquityTable]) -> str:
    return headlines.short(
        say(
            "Dots with intervals on a log scale, by group and stage of the way. {where}.", where=where(tables)
        )
    )


def pooled(table: EquityTable, years: EquityTable, in_combination: EquityTable) -> list[str]:
    """What can be said after all of groups too small at a stage: from more years, then of everybody who
    names the group, then as a count. Nobody is added to another group to reach a number."""
    longer, wider = ({row.group: row for row in each.rows} for each in (years, in_combination))
    what = say(_published_words(table)[-1] if _published_words(table) else RECORDS[table.stage])
    said, hidden = [], []
    for row in table.rows:
        if row.ratio is not None or row.group == table.reference or not (row.hidden or row.n):
            continue
        long, wide = longer.get(row.group), wider.get(row.group)
        if long is not None and long.ratio is not None:
            said.append(sentence(years, long))
        elif wide is not None and wide.ratio is not None:
            said.append(
                say(
                    "{sentence} Counted here: everybody who named this group, also with others.",
                    sentence=sentence(in_combination, wide),
                )
            )
        elif wide is not None and wide.n and not wide.hidden:
            who = people_words(row.group)
            said.append(
                say(
                    "{number} {what} of {who}, also with others; too few for a ratio.",
                    number=wording.count(wide.n),
                    what=what,
                    who=who,
                )
            )
        else:
            hidden.append(people_words(row.group))
    return [
        *said,
        *([say("Too few even then, and hidden: {list}.", list=wording.listing(hidden))] if hidden else []),
    ]


def of_mix(mixes: Mapping[str, Mix | None], group: str, reference: str) -> str:
    """The parts of a group's gap in diversion, by charge and by place."""
    known = {by: each for by, each in mixes.items() if each}
    if not known:
        return say(
            "The gap in diversion cannot be split for this choice: too much of what it needs is hidden"
        )
    gap = next(iter(known.values())).gap
    parts = "; ".join(
        say(
            "{points} through other {classes} and {points2} within the same {classes}",
            points=wording.signed(each.mix, 1),
            classes=say(CLASSES[by]),
            points2=wording.signed(each.within, 1),
        )
        for by, each in known.items()
    )
    return say(
        "Diversion of {people} against {people2}: a gap of {points} points. Of it, {parts}",
        people=people_words(group),
        people2=people_words(reference),
        points=wording.signed(gap, 1),
        parts=parts,
    )


def two_yardsticks(
    group: str, reference: str, by_resident: Ratio | None, by_arrest: Ratio | None, parts: Sequence[float]
) -> list[str]:
    """One group against the reference, measured by residents and by eligible arrests; then what makes
    the difference between the two, where it can be told."""
    if by_resident is None or by_arrest is None:
        return [say("Two yardsticks: residents and eligible arrests")]
    often, offered = wording.ratio(by_resident[0]), wording.ratio(by_arrest[0])
    said = [
        say(
            "Diverted arrests of {people} against {people2}: {often} times as often per resident, "
            "{offered} times per eligible arrest",
            people=people_words(group),
            people2=people_words(reference),
            often=often,
            offered=offered,
        )
    ]
    if len(parts) == 2:
        total, exposure, offer = (_more(1000 * part, 1) for part in (sum(parts), *parts))
        said.append(
            say(
                "Per 1,000 residents, {total} diverted arrests: {exposure} through arrests, {offer} through "
                "how often the offer follows.",
                total=total,
                exposure=exposure,
                offer=offer,
            )
        )
    return said


def _more(value: float, digits: int = 0) -> str:
    number = f"{rounding.rounded(abs(value), digits):,}"
    return say("{number} more", number=number) if value >= 0 else say("{number} fewer", number=number)
