"""Sentences by rule about comparisons of groups: a stage, its verdict, who is missing."""

import math
from collections.abc import Sequence
from typing import Any

from leadstats.analysis.equity import SMALL_GROUP, EquityRow, EquityTable
from leadstats.counting.view import NOT_RELEASED
from leadstats.model import rounding
from leadstats.model.language import message, say, say_plural
from leadstats.model.metrics import PublicMetric
from leadstats.narrative import headlines, not_recorded, stage_words, wording


def sentence(table: EquityTable, row: EquityRow) -> str:
    """One group at a stage, read aloud: its rate, that of the reference, and what that amounts to."""
    people = stage_words.people_of(row.group)
    if row.hidden:
        return say("For {people}: {why}.", people=people, why=wording.why_hidden(row.hidden))
    if not row.n:
        return say("For {people}: {why}.", people=people, why=say(wording.NOTHING))
    phrases = (
        stage_words.Phrases(*_published_words(table)[:3])
        if _published_words(table)
        else stage_words.PHRASES[table.stage]
    )
    did = say(phrases.did, share=wording.percent(row.rate, row.n), people=people)
    if row.gap is None:
        return f"{did}."
    share = wording.percent(row.reference_rate, row.reference_n)
    as_for = say(phrases.as_for, share=share, people=stage_words.people_of(table.reference))
    small = f" {say('Small group.')}" if row.n < SMALL_GROUP else ""
    return f"{say('{did} and {as_for}', did=did, as_for=as_for)}{_finding(table, row, phrases)}{small}"


def _finding(table: EquityTable, row: EquityRow, phrases: stage_words.Phrases) -> str:
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
        more=wording.more(row.additional_people),
        would_have=say(phrases.would_have),
        more2=wording.more(row.additional_low),
        more3=wording.more(row.additional_high),
    )


def _published_words(table: EquityTable) -> tuple[str, ...]:
    """The words of a stage that is worded differently in a release."""
    return table.metric.wording if isinstance(table.metric, PublicMetric) else ()


def rows(table: EquityTable) -> list[dict[str, Any]]:
    """The numbers of each group, unrounded, and its sentence."""
    return [vars(row) | {"sentence": sentence(table, row)} for row in table.rows]


def of_others(table: EquityTable) -> list[dict[str, Any]]:
    """The same for the groups that are too small, taken together; empty if they may not be shown that way."""
    return [vars(row) | {"sentence": sentence(table, row)} for row in (table.others,) if row]


def of_stage(table: EquityTable) -> str:
    """The clearest difference at a stage, by the gap in people, or that there is none."""
    if table.missing == NOT_RELEASED:
        return not_recorded.not_released([stage_words.name_of(table.stage)])
    if table.missing:
        return not_recorded.lacking(table.metric, stage_words.name_of(table.stage), table.missing)
    compared = [row for row in table.rows if row.gap is not None]
    if not compared:
        return say(
            "No group can be compared with {people} for this choice: {why_not}.",
            people=stage_words.people_of(table.reference),
            why_not=_why_not(table),
        )
    clear = [row for row in compared if row.is_clear]
    if not clear:
        largest = max(compared, key=lambda row: row.n)
        return sentence(table, largest)
    return sentence(table, max(clear, key=lambda row: abs(row.additional_people)))


def _why_not(table: EquityTable) -> str:
    """Why nothing is compared: if the reference has no records, hidden groups are not the reason."""
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
    whom = stage_words.people_of(table.reference)
    if not clear:
        return say("the data cannot tell a gap from none between {whom} and other groups", whom=whom)
    return say(
        "{list} fared differently from {whom}",
        list=wording.listing(stage_words.people_of(group) for group in clear),
        whom=whom,
    )


def ratio_range(row: EquityRow) -> str:
    if row.ratio_low is None:
        return say("no range")
    high = wording.ratio(row.ratio_high) if row.ratio_high is not None else say("without limit")
    return say("{ratio} to {high}", ratio=wording.ratio(row.ratio_low), high=high)


def unknown_race(table: EquityTable) -> list[str]:
    """Who is missing, and how far that could move the main ratio; empty if either part of the share is hidden."""
    unknown, total = table.unknown, table.total
    if unknown is None or not unknown.denominator or not total:
        return []
    what = say(_published_words(table)[-1] if _published_words(table) else stage_words.RECORDS[table.stage])
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
                    stage=stage_words.name_of(table.stage).lower(),
                    people=stage_words.people_of(row.group),
                    people2=stage_words.people_of(table.reference),
                    ratio=wording.ratio(low),
                    ratio2=wording.ratio(high),
                )
            )
    return sentences


def alt_stage(table: EquityTable) -> str:
    return headlines.short(
        say(
            "Dots with intervals on a log scale: {stage_name} by race. {of_stage}",
            stage_name=stage_words.name_of(table.stage).lower(),
            of_stage=of_stage(table),
        )
    )


def steepest(tables: Sequence[EquityTable]) -> str:
    """At which stage, and for whom, the largest clear gaps arise among all stages and groups: in people, and as a ratio.
    If these are two different gaps, both are said, since either alone would choose whom to talk about. Without any, what
    the most records say; `where` gives the verdict."""
    against = stage_words.people_of(tables[0].reference)
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
            "Most records are about this: {sentence}",
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
        stage_name=stage_words.name_of(table.stage).lower(),
        when=when,
        sentence=sentence(table, row),
    )


def own_months(tables: Sequence[EquityTable]) -> str:
    """The same for several stages, grouped by months; empty if all are the page's."""
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
                together.setdefault(months(table), []).append(stage_words.name_of(table.stage).lower())
        told = "; ".join(
            say("{stages} {when}", stages=wording.listing(stages), when=when)
            for when, stages in together.items()
        )
        said += [f"{why}: {told}."] if told else []
    return " ".join(said)


def months(table: EquityTable) -> str:
    """The months of the people at a stage, if they had to be followed or come from more months than were chosen; empty if
    they are the page's."""
    if not table.metric.horizon_days and not table.is_pooled:
        return ""
    return wording.since(wording.period(None, table.filters))


def put_together(table: EquityTable) -> list[str]:
    """What was counted differently than group by group over the chosen months, and why."""
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
        members = wording.listing(stage_words.people_of(group) for group in table.members)
        said.append(
            say(
                "All other groups together: {members}. Some of them are too few to be shown by themselves.",
                members=members,
            )
        )
    return said


def where(tables: Sequence[EquityTable]) -> str:
    """At which stages a gap is clear and for whom, and at how many stages groups can be compared."""
    told = [
        f"{stage_words.name_of(table.stage).lower()} {_for_whom(table)}"
        for table in tables
        if _for_whom(table)
    ]
    compared = sum(any(row.gap is not None for row in table.rows) for table in tables)
    against = (
        say("Compared with {people}", people=stage_words.people_of(tables[0].reference)) if tables else ""
    )
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
    """For which groups. Against everyone else, a gap in favor of one group is to the disadvantage of all others."""
    worse = [stage_words.people_of(row.group) for row in table.rows if row.is_adverse]
    better = [stage_words.people_of(row.group) for row in table.rows if row.is_clear and not row.fares_worse]
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
    """What can still be said about groups too small at a stage: from more years, then about everybody who names the group,
    then as a count. Nobody is added to another group to reach a number."""
    longer, wider = ({row.group: row for row in each.rows} for each in (years, in_combination))
    what = say(_published_words(table)[-1] if _published_words(table) else stage_words.RECORDS[table.stage])
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
            who = stage_words.people_of(row.group)
            said.append(
                say(
                    "{number} {what} of {who}, also with others; too few for a ratio.",
                    number=wording.count(wide.n),
                    what=what,
                    who=who,
                )
            )
        else:
            hidden.append(stage_words.people_of(row.group))
    return [
        *said,
        *([say("Too few even then, and hidden: {list}.", list=wording.listing(hidden))] if hidden else []),
    ]
