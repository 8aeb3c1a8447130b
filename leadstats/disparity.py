"""What comparisons of groups say as sentences made by rule: a stage, its verdict, who is missing."""

from collections.abc import Mapping

from leadstats import findings, words
from leadstats.compare import EquityRow, EquityTable, people_words
from leadstats.measure import NOT_RELEASED, Cell
from leadstats.schema import UNKNOWN

STAGES = {
    "arrest_to_diversion": "Arrest to diversion",
    "referral_to_intake": "Referral to intake",
    "intake_to_engaged": "Enrollment to regular contact",
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


def of_stage(table: EquityTable) -> str:
    """The clearest difference at a stage, else that there is none; the gap in people decides."""
    if table.missing == NOT_RELEASED:
        return words.not_released([STAGES[table.stage]])
    if table.missing:
        exports = words.listing(f"{source}.csv" for source in table.missing)
        return f"This stage needs {exports}, not among the exports that were loaded."
    compared = [row for row in table.rows if row.gap is not None]
    if not compared:
        return (
            f"No group can be compared with {people_words(table.reference)} for this choice: {words.HIDDEN}."
        )
    clear = [row for row in compared if not row.gap_low <= 0 <= row.gap_high]
    if not clear:
        largest = max(compared, key=lambda row: row.n)
        return largest.sentence
    return max(clear, key=lambda row: abs(row.additional_people)).sentence


def verdict(table: EquityTable) -> str:
    """A stage in half a sentence, for a headline."""
    if table.missing:
        return "no data yet"
    compared = [row for row in table.rows if row.gap is not None]
    if not compared:
        return "no group can be compared for this choice"
    clear = [row.group for row in compared if not row.gap_low <= 0 <= row.gap_high]
    whom = people_words(table.reference)
    if not clear:
        return f"the data cannot tell a gap from none between {whom} and other groups"
    return f"{words.listing(people_words(group) for group in clear)} fared differently from {whom}"


def ratio_range(row: EquityRow) -> str:
    if row.ratio_low is None:
        return "no range"
    high = words.ratio(row.ratio_high) if row.ratio_high is not None else "without limit"
    return f"{words.ratio(row.ratio_low)} to {high}"


def unknown_race(table: EquityTable) -> list[str]:
    """Who is missing, and how far that could move the ratio most spoken of."""
    unknown = table.unknown
    known = sum(row.n or 0 for row in table.rows)
    if unknown is None or not unknown.denominator:
        return []
    total = known + unknown.denominator
    what = table.metric.wording[-1] if table.metric.wording else RECORDS[table.stage]
    sentences = [f"Race is unknown for {words.percent(100 * unknown.denominator / total, total)} of {what}."]
    told = [row for row in table.rows if row.ratio is not None and row.group in table.ratio_bounds]
    if told:
        row = max(told, key=lambda row: row.n)
        low, high = table.ratio_bounds[row.group]
        if None not in (low, high):
            sentences.append(
                f"Were it known, the ratio of {people_words(row.group)} to {people_words(table.reference)} "
                f"could lie anywhere between {words.ratio(low)} and {words.ratio(high)}."
            )
    return sentences


def alt_stage(table: EquityTable) -> str:
    return findings.short(
        f"Dots with intervals on a log scale: {STAGES[table.stage].lower()} by race. {of_stage(table)}"
    )


def two_yardsticks(cells: Mapping[str, Mapping[str, Cell]], reference: str) -> str:
    """The largest group against the reference, measured by residents and by eligible arrests."""
    residents, eligible, diverted = (
        cells[name] for name in ("population", "eligible_arrests", "arrests_diverted")
    )

    def rate(group: str, above: Mapping[str, Cell], below: Mapping[str, Cell]) -> float | None:
        top, bottom = above.get(group), below.get(group)
        if top is None or bottom is None or not top.value or not bottom.value:
            return None
        return top.value / bottom.value

    others = [group for group, cell in eligible.items() if cell.value and group not in (reference, UNKNOWN)]
    for group in sorted(others, key=lambda group: -eligible[group].value):
        pairs = [
            (rate(group, diverted, base), rate(reference, diverted, base)) for base in (residents, eligible)
        ]
        if all(ours and theirs for ours, theirs in pairs):
            by_resident, by_arrest = (words.ratio(ours / theirs) for ours, theirs in pairs)
            return (
                f"Diverted arrests of {people_words(group)} against {people_words(reference)}: "
                f"{by_resident} times as often per resident, {by_arrest} times per eligible arrest"
            )
    return "Two yardsticks: residents and eligible arrests"
