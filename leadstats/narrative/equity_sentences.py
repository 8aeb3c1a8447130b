"""What comparisons of groups say as sentences made by rule: a stage, its verdict, who is missing."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from leadstats.analysis.decomposition import Mix
from leadstats.analysis.equity import ALL_OTHERS, EVERYONE_ELSE, SMALL_GROUP, EquityRow, EquityTable
from leadstats.counting.view import NOT_RELEASED
from leadstats.model import rounding
from leadstats.model.metrics import PublicMetric
from leadstats.model.schema import TWO_OR_MORE, UNKNOWN
from leadstats.narrative import headlines, wording

CLASSES = {"charge_class": "charges", "neighborhood": "places"}
Ratio = tuple[float, float, float]  # with its interval

STAGES = {
    "arrest_to_diversion": "Arrest to diversion",
    "referral_to_intake": "Referral to intake",
    "intake_to_engaged": "Enrollment to contact",
    "homeless_to_housed": "Homeless to housed",
    "arrest_to_booking": "Arrest to jail",
}


RECORDS = {
    "arrest_to_diversion": "eligible arrests",
    "referral_to_intake": "referrals",
    "intake_to_engaged": "people who enrolled",
    "homeless_to_housed": "people homeless at enrollment",
    "arrest_to_booking": "eligible arrests",
}


@dataclass(frozen=True)
class Phrases:
    """How a stage reads aloud, with the system as the one who acts."""

    did: str  # takes the share and the people
    as_for: str  # the same for the reference
    would_have: str  # after "12 more"


PHRASES: Mapping[str, Phrases] = {
    "arrest_to_diversion": Phrases(
        "Officers diverted {share} of eligible arrests of {people}",
        "{share} of those of {people}",
        "would have been diverted",
    ),
    "arrest_to_booking": Phrases(
        "Officers booked {share} of eligible arrests of {people} into jail",
        "{share} of those of {people}",
        "would have led to jail",
    ),
    "referral_to_intake": Phrases(
        "LEAD completed intake within 90 days for {share} of referrals of {people}",
        "{share} of those of {people}",
        "would have led to an intake",
    ),
    "intake_to_engaged": Phrases(
        "Case managers had contact within 90 days with {share} of {people} who enrolled",
        "{share} of {people}",
        "would have been reached",
    ),
    "homeless_to_housed": Phrases(
        "Housing was found within a year for {share} of {people} who were homeless at enrollment",
        "{share} of {people}",
        "would have been housed",
    ),
}


def people_words(group: str) -> str:
    if group == EVERYONE_ELSE:
        return "everyone else"
    if group == ALL_OTHERS:
        return "people of all other groups together"
    if group == UNKNOWN:
        return "people of unknown race"
    return "people of two or more races" if group == TWO_OR_MORE else f"{group} people"


def sentence(table: EquityTable, row: EquityRow) -> str:
    """One group at a stage, read aloud: its rate, that of the reference, and what that amounts to."""
    people = people_words(row.group)
    if row.hidden:
        return f"For {people}: {wording.why_hidden(row.hidden)}."
    if not row.n:
        return f"For {people}: {wording.NOTHING}."
    phrases = Phrases(*_published_words(table)[:3]) if _published_words(table) else PHRASES[table.stage]
    did = phrases.did.format(share=wording.percent(row.rate, row.n), people=people)
    if row.gap is None:
        return f"{did}."
    share = wording.percent(row.reference_rate, row.reference_n)
    as_for = phrases.as_for.format(share=share, people=people_words(table.reference))
    small = " Small group." if row.n < SMALL_GROUP else ""
    return f"{did} and {as_for}{_finding(table, row, phrases)}{small}"


def _finding(table: EquityTable, row: EquityRow, phrases: Phrases) -> str:
    """What the comparison amounts to: by rule, so that no two readers are told different things."""
    if row.gap_low <= 0 <= row.gap_high:
        # The two intervals are not of one method: a range of ratios that leaves 1 out would contradict.
        reach = f"; anything from {wording.signed(row.gap_low)} to {wording.signed(row.gap_high)} points fits"
        if row.ratio_high is not None and row.ratio_low <= 1 <= row.ratio_high:
            reach = f"; anything from {wording.ratio(row.ratio_low)} to {wording.ratio(row.ratio_high)} times as often fits"
        return f": no clear difference{reach}."
    points = f"{rounding.rounded(abs(row.gap))} points {'more' if row.gap > 0 else 'less'}"
    often = f"{wording.ratio(row.ratio)} times as often" if row.ratio is not None else points
    if not row.is_clear:
        return f": {often}, but not clear of chance among the {table.comparisons} comparisons that the data allow."
    if not row.fares_worse:  # what fewer of them would have had is no loss to count
        return f": {often}, clear of chance."
    return (
        f": {often}. At the same rate, {_more(row.additional_people)} {phrases.would_have}"
        f" ({_more(row.additional_low)} to {_more(row.additional_high)})."
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
        return wording.not_released([STAGES[table.stage]])
    if table.missing:
        return wording.lacking(table.metric, "This stage", table.missing)
    compared = [row for row in table.rows if row.gap is not None]
    if not compared:
        return f"No group can be compared with {people_words(table.reference)} for this choice: {_why_not(table)}."
    clear = [row for row in compared if row.is_clear]
    if not clear:
        largest = max(compared, key=lambda row: row.n)
        return sentence(table, largest)
    return sentence(table, max(clear, key=lambda row: abs(row.additional_people)))


def _why_not(table: EquityTable) -> str:
    """Why nothing is compared: without records of the reference, a group hidden beside it is not the reason."""
    if any(row.group == table.reference and not row.hidden and not row.n for row in table.rows):
        return wording.NOTHING
    reasons = {wording.why_hidden(row.hidden) for row in table.rows if row.hidden}
    return next((why for why in (wording.HIDDEN, wording.NOT_RECORDED) if why in reasons), wording.NOTHING)


def verdict(table: EquityTable) -> str:
    """A stage in half a sentence, for a headline."""
    if table.missing:
        return wording.NOT_RECORDED
    compared = [row for row in table.rows if row.gap is not None]
    if not compared:
        return "no group can be compared for this choice"
    clear = [row.group for row in compared if row.is_clear]
    whom = people_words(table.reference)
    if not clear:
        return f"the data cannot tell a gap from none between {whom} and other groups"
    return f"{wording.listing(people_words(group) for group in clear)} fared differently from {whom}"


def ratio_range(row: EquityRow) -> str:
    if row.ratio_low is None:
        return "no range"
    high = wording.ratio(row.ratio_high) if row.ratio_high is not None else "without limit"
    return f"{wording.ratio(row.ratio_low)} to {high}"


def unknown_race(table: EquityTable) -> list[str]:
    """Who is missing, and how far that could move the ratio most spoken of; nothing where either part of the share
    is hidden."""
    unknown, total = table.unknown, table.total
    if unknown is None or not unknown.denominator or not total:
        return []
    what = _published_words(table)[-1] if _published_words(table) else RECORDS[table.stage]
    share = wording.percent(100 * unknown.denominator / total, total)
    sentences = [f"Race is unknown for {share} of {' '.join(filter(None, (what, months(table))))}."]
    told = [row for row in table.rows if row.ratio is not None and row.group in table.ratio_bounds]
    if told:
        row = max(told, key=lambda row: row.n)
        low, high = table.ratio_bounds[row.group]
        if None not in (low, high):
            sentences.append(
                f"Were it known, the ratio of {people_words(row.group)} to {people_words(table.reference)} "
                f"could lie anywhere between {wording.ratio(low)} and {wording.ratio(high)}."
            )
    return sentences


def alt_stage(table: EquityTable) -> str:
    return headlines.short(
        f"Dots with intervals on a log scale: {STAGES[table.stage].lower()} by race. {of_stage(table)}"
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
            return f"No group can be compared with {against} at any stage for this choice."
        # The verdict says that none is clear. Chosen by size, since chance made the largest of the gaps.
        return f"Most records tell of this: {sentence(*max(compared, key=lambda pair: pair[1].n))}"
    in_people = max(found, key=lambda pair: abs(pair[1].additional_people))
    with_ratio = [pair for pair in found if pair[1].ratio is not None] or [in_people]
    as_ratio = max(with_ratio, key=lambda pair: abs(math.log(pair[1].ratio)) if pair[1].ratio else math.inf)
    if in_people == as_ratio:
        return _largest("The largest clear gap, in people and as a ratio,", *in_people)
    return (
        f"{_largest('The largest clear gap in people', *in_people)} "
        f"{_largest('The largest as a ratio', *as_ratio)}"
    )


def _largest(what: str, table: EquityTable, row: EquityRow) -> str:
    when = f" {months(table)}" if months(table) else ""
    return f"{what} arises at {STAGES[table.stage].lower()}{when}. {sentence(table, row)}"


def own_months(tables: Sequence[EquityTable]) -> str:
    """The same for several stages, those of the same months together; nothing if all are the page's."""
    said = []
    for why, is_pooled in (
        ("Where people have to be followed, they are those of the latest months that allow it", False),
        ("Where groups with more than a tenth of the people would be hidden, more months are counted", True),
    ):
        together: dict[str, list[str]] = {}
        for table in tables:
            if months(table) and table.is_pooled == is_pooled:
                together.setdefault(months(table), []).append(STAGES[table.stage].lower())
        told = "; ".join(f"{wording.listing(stages)} {when}" for when, stages in together.items())
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
            f"Counted over {table.filters.months} months: in the months chosen, groups with more than a tenth of "
            "the people would be hidden."
        )
    if table.others:
        members = wording.listing(people_words(group) for group in table.members)
        said.append(
            f"All other groups together: {members}. Some of them are too few to be shown by themselves."
        )
    return said


def where(tables: Sequence[EquityTable]) -> str:
    """At which stages a gap is clear, for whom, and at how many nothing can be told."""
    told = [f"{STAGES[table.stage].lower()} {_for_whom(table)}" for table in tables if _for_whom(table)]
    compared = sum(any(row.gap is not None for row in table.rows) for table in tables)
    against = f"Compared with {people_words(tables[0].reference)}" if tables else ""
    if not compared:
        return "No stage can be compared for this choice"
    stages = f"{compared} {'stage' if compared == 1 else 'stages'} that can be compared"
    if not told:
        return f"{against}: no clear gap at {'the' if compared == 1 else 'any of'} {stages}"
    return f"{against}: a clear gap at {wording.listing(told)}; {len(told)} of {stages}"


def _for_whom(table: EquityTable) -> str:
    """Against everyone else, a gap in favor of one group is one to the disadvantage of all others."""
    worse = [people_words(row.group) for row in table.rows if row.is_adverse]
    better = [people_words(row.group) for row in table.rows if row.is_clear and not row.fares_worse]
    said = [f"for {wording.listing(worse)}"] if worse else []
    return wording.listing([*said, *([f"in favor of {wording.listing(better)}"] if better else [])])


def alt_chain(tables: Sequence[EquityTable]) -> str:
    return headlines.short(
        f"Dots with intervals on a log scale, by group and stage of the way. {where(tables)}."
    )


def pooled(table: EquityTable, years: EquityTable, in_combination: EquityTable) -> list[str]:
    """What can be said after all of groups too small at a stage: from more years, then of everybody who
    names the group, then as a count. Nobody is added to another group to reach a number."""
    longer, wider = ({row.group: row for row in each.rows} for each in (years, in_combination))
    what = _published_words(table)[-1] if _published_words(table) else RECORDS[table.stage]
    said, hidden = [], []
    for row in table.rows:
        if row.ratio is not None or row.group == table.reference or not (row.hidden or row.n):
            continue
        long, wide = longer.get(row.group), wider.get(row.group)
        if long is not None and long.ratio is not None:
            said.append(sentence(years, long))
        elif wide is not None and wide.ratio is not None:
            said.append(
                f"{sentence(in_combination, wide)} Counted here: everybody who named this group, also with others."
            )
        elif wide is not None and wide.n and not wide.hidden:
            who = people_words(row.group)
            said.append(f"{wording.count(wide.n)} {what} of {who}, also with others; too few for a ratio.")
        else:
            hidden.append(people_words(row.group))
    return [*said, *([f"Too few even then, and hidden: {wording.listing(hidden)}."] if hidden else [])]


def of_mix(mixes: Mapping[str, Mix | None], group: str, reference: str) -> str:
    """The parts of a group's gap in diversion, by charge and by place."""
    known = {by: each for by, each in mixes.items() if each}
    if not known:
        return "The gap in diversion cannot be split for this choice: too much of what it needs is hidden"
    gap = next(iter(known.values())).gap
    parts = "; ".join(
        f"{wording.signed(each.mix, 1)} through other {CLASSES[by]} and {wording.signed(each.within, 1)} "
        f"within the same {CLASSES[by]}"
        for by, each in known.items()
    )
    return (
        f"Diversion of {people_words(group)} against {people_words(reference)}: a gap of "
        f"{wording.signed(gap, 1)} points. Of it, {parts}"
    )


def two_yardsticks(
    group: str, reference: str, by_resident: Ratio | None, by_arrest: Ratio | None, parts: Sequence[float]
) -> list[str]:
    """One group against the reference, measured by residents and by eligible arrests; then what makes
    the difference between the two, where it can be told."""
    if by_resident is None or by_arrest is None:
        return ["Two yardsticks: residents and eligible arrests"]
    often, offered = wording.ratio(by_resident[0]), wording.ratio(by_arrest[0])
    said = [
        f"Diverted arrests of {people_words(group)} against {people_words(reference)}: "
        f"{often} times as often per resident, {offered} times per eligible arrest"
    ]
    if len(parts) == 2:
        total, exposure, offer = (_more(1000 * part, 1) for part in (sum(parts), *parts))
        said.append(
            f"Per 1,000 residents, {total} diverted arrests: {exposure} through arrests, {offer} through how "
            "often the offer follows."
        )
    return said


def _more(value: float, digits: int = 0) -> str:
    return f"{rounding.rounded(abs(value), digits):,} {'more' if value >= 0 else 'fewer'}"
