"""Why a number changed from one build to the next: new activity, late entry and correction, which add up."""

import functools
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from leadstats.counting.coverage import coverage
from leadstats.counting.database import ProgramDatabase
from leadstats.counting.measure import measure
from leadstats.counting.same_people import Person, same_people
from leadstats.counting.suppression import THRESHOLD, TOO_FEW
from leadstats.counting.view import ANALYST, NOT_RECORDED, Filters, default_filters
from leadstats.model.declarations import QUERIES
from leadstats.model.metrics import Metric

# The headlines that are counts: the records they count, and the name of their events; "" where nobody has more than
# one. A rate has no late part, but the counts it is made of do.
HEADLINES: Mapping[str, tuple[str, str]] = {
    "people_referred": ("referral", "referrals"),
    "people_enrolled": ("enrollment", "enrollments"),
    "people_exited": ("enrollment", "exits"),
    "contacts_made": ("contact", "contacts"),
    "arrests_diverted": ("arrest", "arrests"),
    "arrests": ("arrest", "arrests"),
    "stops": ("stop", "stops"),
    "jail_bookings": ("jail_stay", "bookings"),
    "jail_nights": ("jail_stay", "nights"),
    "people_placed_in_permanent_housing": ("housing", ""),
}
SPANS = ("jail_nights",)  # counted by how long they are
PEOPLE = "people"
PARTS = ("new_activity", "late", "corrected")
Who = Hashable  # a person by their key in the earlier snapshot, a newcomer by their key in the later one, or a day for nobody known


@dataclass(frozen=True)
class Change:
    """One number of a later snapshot over `first_month` to `last_month`, explained from the earlier one's.

    old: the earlier snapshot's number, up to its own last complete month, `old_month`. new_activity: from the months
    after it. late: from records of earlier months that the earlier snapshot did not have. corrected: from records that
    have changed or are gone. These four add up to `new`. hidden: why a number that is None is not shown.
    """

    metric: Metric
    unit: str
    first_month: date
    old_month: date
    last_month: date
    old: int | None = None
    new_activity: int | None = None
    late: int | None = None
    corrected: int | None = None
    new: int | None = None
    hidden: str | None = None


@functools.lru_cache(maxsize=8)
def changes(old: ProgramDatabase, new: ProgramDatabase, audience: str) -> tuple[Change, ...]:
    """Each headline that both snapshots record, in people and in events: from the first month that the earlier
    one shows by default to the last complete month of the later one."""
    found = tuple(_Comparison(old, new).headlines())
    return found if audience == ANALYST else tuple(_protected(found))


class _Comparison:
    def __init__(self, old: ProgramDatabase, new: ProgramDatabase):
        self.old, self.new = old, new
        held, holds = (_Snapshot.of(each, old.reach) for each in (old, new))
        self.held = held
        self.holds = replace(holds, known_as=same_people(held.people, holds.people))

    def headlines(self) -> Iterator[Change]:
        for name in HEADLINES:
            metric = self.new.metrics[name]
            covered = [coverage(each, metric) for each in (self.old, self.new)]
            if any(each.missing or each.through is None for each in covered):
                continue
            before, after = (default_filters(each.through, "total") for each in covered)
            asked = replace(before, last_month=max(after.last_month, before.first_month))
            yield from self._changes(
                metric, replace(before, last_month=min(before.last_month, asked.last_month)), asked
            )

    def _changes(self, metric: Metric, known: Filters, asked: Filters) -> Iterator[Change]:
        was, kept, now = (
            _numbers(*each, metric) for each in ((self.old, known), (self.new, known), (self.new, asked))
        )
        late = self._late(metric.name, known)
        blank = Change(metric, "", asked.first_month, known.last_month, asked.last_month)
        for number, unit in enumerate(filter(None, (PEOPLE, HEADLINES[metric.name][1]))):
            here = replace(blank, unit=unit)
            if None in (was[number], kept[number], now[number]):
                yield replace(here, hidden=NOT_RECORDED)
                continue
            yield replace(
                here,
                old=was[number],
                new_activity=now[number] - kept[number],
                late=late[number],
                corrected=kept[number] - was[number] - late[number],
                new=now[number],
            )

    def _late(self, metric: str, known: Filters) -> tuple[int, int]:
        """How many more people and events the earlier months have because of records that came late.

        For one person, at most the number of records of this kind that were added; any more than that were changed
        from something else, such as an arrest that turned out to be a diversion.
        """
        before, after = (each.counted(metric, known) for each in (self.held, self.holds))
        source, _ = HEADLINES[metric]
        people = events = 0
        for who, amount in after.items():
            more = amount - before[who]
            grown = self.holds.records[source, who] - self.held.records[source, who]
            if more > 0 and grown > 0:
                events += more if metric in SPANS else min(more, grown)
                people += not before[who] and not isinstance(who, date)
        return people, events


@dataclass(frozen=True)
class _Snapshot:
    """What a snapshot holds about each person up to a day. known_as: from its keys to those of an earlier snapshot."""

    database: ProgramDatabase
    people: tuple[Person, ...]
    rows: tuple[tuple[str, int | None, date], ...]
    known_as: Mapping[int, int] | None = None  # None: this is the earlier one

    @classmethod
    def of(cls, database: ProgramDatabase, reach: Mapping[str, date]) -> "_Snapshot":
        rows = tuple(
            (row["source"], row["person_key"], row["day"])
            for row in database.rows(_sql("recorded"))
            if row["day"] <= reach.get(row["source"], date.max)
        )
        histories: dict[int, list[tuple[str, date]]] = {}
        for source, person_key, day in rows:
            if person_key is not None:
                histories.setdefault(person_key, []).append((source, day))
        people = tuple(
            Person(
                row["person_key"],
                row["birth_date"],
                row["described"],
                tuple(sorted(histories[row["person_key"]])),
            )
            for row in database.rows(_sql("people"))
            if row["person_key"] in histories
        )
        return cls(database, people, rows)

    def who(self, person_key: int | None, day: date) -> Who:
        if person_key is None:
            return day
        if self.known_as is None:
            return person_key
        return self.known_as.get(person_key, ("newcomer", person_key))

    @functools.cached_property
    def records(self) -> Counter[tuple[str, Who]]:
        """How many records of each kind each person has."""
        return Counter((source, self.who(person_key, day)) for source, person_key, day in self.rows)

    def counted(self, metric: str, months: Filters) -> Counter[Who]:
        """How much each person adds to a metric."""
        found: Counter[Who] = Counter()
        days = {"first_day": months.first_month, "next_day": months.next_day}
        for row in self.database.rows(_sql("counted"), {**days, "metric": metric}):
            found[self.who(row["person_key"], row["event_date"])] += row["amount"]
        return found


def _numbers(database: ProgramDatabase, filters: Filters, metric: Metric) -> tuple[int | None, int | None]:
    """People and events; None if not recorded."""
    cell = measure(database, metric, filters, ANALYST).only
    if cell is None or cell.hidden:
        return None, None
    return cell.people, 0 if cell.events is None and not cell.people else cell.events


def _protected(found: Sequence[Change]) -> Iterator[Change]:
    """Anybody who knows all of these numbers but one can work it out. So if a part is small, no part is shown, and
    neither is the earlier number if it would give the part away."""
    for change in found:
        both = [each for each in found if each.metric is change.metric and not each.hidden]
        if change.hidden or not both:
            yield change
        elif any(0 < each < THRESHOLD for whole in both for each in (whole.old, whole.new)):
            yield _without(change, "old", *PARTS, "new")
        elif any(0 < abs(getattr(each, part)) < THRESHOLD for each in both for part in PARTS):
            is_told = any(0 < abs(each.new - each.old) < THRESHOLD for each in both)
            yield _without(change, *(("old",) if is_told else ()), *PARTS)
        else:
            yield change


def _without(change: Change, *fields: str) -> Change:
    return replace(change, **dict.fromkeys(fields), hidden=TOO_FEW)


def _sql(name: str) -> str:
    return (QUERIES / "changes" / f"{name}.sql").read_text(encoding="utf-8")
