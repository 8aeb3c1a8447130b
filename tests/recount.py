"""A second opinion on the metrics: counted again in slow, plain Python, day by day, from the definitions.

Nothing here knows the SQL. Rows are dictionaries with the canonical names and Python values.
"""

import functools
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

DAY = timedelta(days=1)
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Record:
    """Something that is counted: on which day, of whom, with which dimensions, with which result."""

    day: date
    person: Any
    dimensions: dict[str, list[str]]
    has: bool = False
    followed: tuple[str, int] = ("", 0)  # how the follow-up ended and after how many days


def begins_of(database: Any) -> dict[str, date]:
    """By source, the first day that it covers, as the build found it; where that is known."""
    return {
        each.source: each.data_from
        for each in database.exports.sources
        if each.is_past_untold and each.data_from
    }


def walked_once(walk: Callable[..., Iterable[Any]]) -> Callable[..., list[Any]]:
    """A walk of a `Recount` that is remembered: many metrics go on from the same one."""

    @functools.wraps(walk)
    def walked(program: "Recount", *arguments: Any) -> list[Any]:
        return program.once((walk, *arguments), lambda: list(walk(program, *arguments)))

    return walked


@dataclass
class Recount:
    """The rows of a program, and the last day that counts."""

    rows: dict[str, Rows]
    as_of: date
    inactivity_days: int = 90
    eligible_charges: list[tuple[str, date, date | None]] = field(default_factory=list)
    baseline: tuple[date, date] | None = None  # first and last day; None: the 365 days before LEAD began
    jail_costs: list[dict[str, Any]] = field(default_factory=list)
    begins: dict[str, date] = field(
        default_factory=dict
    )  # by source, the first day that it covers, if that is known
    remembered: dict[Any, Any] = field(default_factory=dict)

    def once(self, key: Any, work: Callable[[], Any]) -> Any:
        """The walks are slow, and breakdowns ask for the same ones again."""
        if key not in self.remembered:
            self.remembered[key] = work()
        return self.remembered[key]

    def table(self, name: str) -> Rows:
        return self.rows.get(name, [])

    def by(self, column: str, table: str) -> dict[Any, Rows]:
        if (column, table) not in self.remembered:
            found = self.remembered[column, table] = defaultdict(list)
            for row in self.table(table):
                found[row.get(column)].append(row)
        return self.remembered[column, table]

    def of(self, person_id: Any, table: str) -> Rows:
        return self.by("person_id", table).get(person_id, [])

    # Who, where, how.

    def person(self, person_id: Any) -> dict[str, Any]:
        return next(iter(self.of(person_id, "person")), {})

    def in_force(self, person_id: Any, day: date) -> Rows:
        """The enrollments of a day, the one that started last at the end."""
        found = [
            row
            for row in self.of(person_id, "enrollment")
            if row["started_on"] <= day and not (row.get("exited_on") and row["exited_on"] <= day)
        ]
        return sorted(found, key=lambda row: (row["started_on"], row["enrollment_id"]))

    def death(self, person_id: Any) -> date | None:
        died = [
            row["exited_on"]
            for row in self.of(person_id, "housing")
            if row.get("destination") == 24 and row.get("exited_on")
        ]
        return self.person(person_id).get("death_date") or min(died, default=None)

    @walked_once
    def referrals_of(self, person_id: Any) -> Rows:
        return sorted(
            self.of(person_id, "referral"), key=lambda row: (row["referred_on"], row["referral_id"])
        )

    def place(self, person_id: Any, day: date) -> str:
        enrolled = [row["neighborhood"] for row in self.in_force(person_id, day) if row.get("neighborhood")]
        referred = [
            row["neighborhood"]
            for row in self.referrals_of(person_id)
            if row["referred_on"] <= day and row.get("neighborhood")
        ]
        return (enrolled or referred or ["Unknown"])[-1]

    def pathway(self, person_id: Any, day: date) -> str:
        referrals = self.referrals_of(person_id)
        before = [row["pathway"] for row in referrals if row["referred_on"] <= day]
        return (before or [row["pathway"] for row in referrals[:1]] or ["unknown"])[-1]

    def dimensions(self, person_id: Any, day: date, own: dict[str, Any]) -> dict[str, list[str]]:
        """`own`: what the record itself says; it wins over what is known of the person."""
        person = self.person(person_id)
        races = own.get("race") or person.get("race") or ["Unknown"]
        return {
            "race": races if len(races) == 1 else ["Two or more"],
            "race_alone_or_in_combination": races,
            "sex": [person.get("sex") or "Unknown"],
            "gender": [person.get("gender") or "Unknown"],
            "age_band": [age_band(person, day)],
            "pathway": [own.get("pathway") or "unknown"],
            "neighborhood": [own.get("neighborhood") or "Unknown"],
            "charge_class": [own.get("charge_class") or "Unknown"],
            "source_agency": [own.get("source_agency") or "Unknown"],
            "closed_reason": [words(own.get("closed_reason"))],
            "exit_reason": [words(own.get("exit_reason"))],
            "need": [words(own.get("need"))],
            "contact_kind": [words(own.get("kind"))],
            "agency": [own.get("agency") or "Unknown"],
            "hour_band": [part_of_day(own.get("arrested_at"))],
            "offense_timing": ["Unknown"],
        }

    def now(self, person_id: Any, day: date) -> dict[str, list[str]]:
        own = {"neighborhood": self.place(person_id, day), "pathway": self.pathway(person_id, day)}
        return self.dimensions(person_id, day, own)

    def enrolled_as(self, row: dict[str, Any]) -> dict[str, list[str]]:
        """The dimensions an enrollment has from its first day on."""
        start, person_id = row["started_on"], row["person_id"]
        own = {
            "neighborhood": row.get("neighborhood") or self.place(person_id, start),
            "pathway": self.pathway(person_id, start),
        }
        return self.dimensions(person_id, start, own)

    # Times in LEAD.

    @walked_once
    def episodes(self) -> Iterator[tuple[Any, int, date, date | None, Rows]]:
        """Person, number, first day, day of exit, enrollments: walked along days and the nights between."""
        for person_id in sorted({row["person_id"] for row in self.table("enrollment")}):
            own = sorted(
                self.of(person_id, "enrollment"), key=lambda row: (row["started_on"], row["enrollment_id"])
            )
            end = max([self.as_of, *(row.get("exited_on") or row["started_on"] for row in own)]) + DAY
            days, nights = set(), set()
            for row in own:
                day, last = row["started_on"], row.get("exited_on") or end
                days.add(day)
                while day < last:
                    nights.add(day)
                    day += DAY
                    days.add(day)
            first = None
            number = 0
            for day in sorted(days):
                first = first or day
                if day not in nights:
                    number += 1
                    members = [row for row in own if first <= row["started_on"] <= day]
                    is_open = any(not row.get("exited_on") for row in members)
                    yield person_id, number, first, None if is_open else day, members
                    first = None

    @walked_once
    def starts(self) -> Iterator[Record]:
        for person_id, number, first, _, members in self.episodes():
            yield Record(first, person_id, self.enrolled_as(members[0]), has=number > 1)

    @walked_once
    def ends(self) -> Iterator[Record]:
        for person_id, _, _, exit_day, members in self.episodes():
            if exit_day:
                ended = [row for row in members if row.get("exited_on") == exit_day]
                last = max(ended, key=lambda row: row["enrollment_id"])
                is_dead = self.death(person_id) and self.death(person_id) <= exit_day
                own = {
                    "age_band": [age_band(self.person(person_id), exit_day)],
                    "exit_reason": [words("died" if is_dead else last.get("exit_reason"))],
                }
                yield Record(exit_day, person_id, self.enrolled_as(last) | own)

    @walked_once
    def caseload(self, day: date) -> Iterator[tuple[Record, dict[str, Any]]]:
        for person_id in {row["person_id"] for row in self.table("enrollment")}:
            enrolled = self.in_force(person_id, day)
            if enrolled:
                yield Record(day, person_id, self.enrolled_as(enrolled[-1])), enrolled[-1]

    def is_in_touch(self, person_id: Any, day: date) -> bool:
        return any(
            timedelta(0) <= day - row["contacted_on"] < self.inactivity_days * DAY
            for row in self.of(person_id, "contact")
        )

    def is_due(self, person_id: Any, day: date) -> bool:
        """In touch, and not any more in 30 days if nobody meets them."""
        met = [row["contacted_on"] for row in self.of(person_id, "contact") if row["contacted_on"] <= day]
        return bool(met) and self.inactivity_days - 30 <= (day - max(met)).days < self.inactivity_days

    @walked_once
    def engagement(self) -> Iterator[Record]:
        """First episodes, walked day by day until touch is lost, the person leaves, or the data end."""
        for person_id, number, first, exit_day, members in self.episodes():
            if number > 1:
                continue
            touches = {row["contacted_on"] for row in self.of(person_id, "contact")}
            leaving = {exit_day, self.death(person_id)}
            day, touch, outcome = first, first, "censored"
            while day <= self.as_of:
                touch = day if day in touches else touch
                if (day - touch).days == self.inactivity_days:
                    outcome = "event"
                elif any(left and left <= day for left in leaving):
                    outcome = "competing"
                if outcome != "censored" or day == self.as_of:
                    reached = any(first <= each <= first + 90 * DAY for each in touches)
                    followed = (outcome, (day - first).days)
                    yield Record(first, person_id, self.enrolled_as(members[0]), reached, followed)
                    break
                day += DAY

    @walked_once
    def first_contacts(self) -> Iterator[Record]:
        """First episodes, walked day by day until the first contact, the person leaves, or the data end."""
        for person_id, number, first, exit_day, members in self.episodes():
            touches = {row["contacted_on"] for row in self.of(person_id, "contact")}
            leaving = {exit_day, self.death(person_id)}
            day, outcome = first, "censored"
            while number == 1 and day <= self.as_of:
                if day in touches:
                    outcome = "event"
                elif any(left and left <= day for left in leaving):
                    outcome = "competing"
                if outcome != "censored" or day == self.as_of:
                    followed = (outcome, (day - first).days)
                    yield Record(first, person_id, self.enrolled_as(members[0]), followed=followed)
                    break
                day += DAY

    def consents(self, day: date) -> Iterator[Record]:
        for record, _ in self.caseload(day):
            signed = (row.get("roi_signed_on") for row in self.of(record.person, "referral"))
            yield replace(record, has=any(each and each <= day for each in signed))

    # Referrals.

    @walked_once
    def referrals(self) -> Iterator[Record]:
        for row in self.table("referral"):
            yield Record(row["referred_on"], row["person_id"], self.referred_as(row))

    def referred_as(self, row: dict[str, Any]) -> dict[str, list[str]]:
        return self.once(
            ("referred as", row["referral_id"]),
            lambda: self.dimensions(row["person_id"], row["referred_on"], {**row, "race": None}),
        )

    def arrested_as(self, row: dict[str, Any]) -> dict[str, list[str]]:
        return self.once(
            ("arrested as", row["arrest_id"]),
            lambda: self.dimensions(
                row.get("person_id"), row["arrested_at"].date(), {**row, "pathway": None}
            ),
        )

    @walked_once
    def waits(self, until: date) -> Iterator[Record]:
        for row in self.table("referral"):
            yield from self.waits_of(row, until)

    def waits_of(self, row: dict[str, Any], until: date) -> Iterator[Record]:
        """A referral of somebody not enrolled then, walked day by day until intake, leaving or `until`."""
        person_id, start = row["person_id"], row["referred_on"]
        if any(each["started_on"] < start for each in self.in_force(person_id, start)):
            return
        leaving = {row.get("closed_on"), self.death(person_id)}
        day, outcome = start, "censored"
        while day <= until:
            if row.get("intake_completed_on") == day:
                outcome = "event"
            elif any(left and left <= day for left in leaving):
                outcome = "competing"
            if outcome != "censored" or day == until:
                yield Record(start, person_id, self.referred_as(row), followed=(outcome, (day - start).days))
                break
            day += DAY

    def diversions(self) -> Iterator[Record]:
        """Referrals followed to the result of their diversion; under "own" the result in words."""
        for row in self.table("referral"):
            person_id, start, result = row["person_id"], row["referred_on"], row.get("diversion_result")
            ended = None if result == "open" else row.get("diversion_ended_on")
            is_lost = bool(ended) != (
                result in ("graduated", "failed")
            )  # an end or a result without the other
            label = {"graduated": "Graduated", "failed": "Failed"}.get(
                result, "Ended, result unknown" if ended else "Open, or no result recorded"
            )
            if ended and result and ended > self.as_of:
                label = "Open, or no result recorded"
            dies = self.death(person_id)
            ends = {
                "event": None if is_lost else ended,
                "competing": dies,
                "censored": start if is_lost else None,
            }
            last = min([day for day in ends.values() if day] + [self.as_of])
            how = next((how for how in ("event", "competing") if ends[how] and ends[how] <= last), "censored")
            dimensions = {**self.referred_as(row), "own": [label]}
            yield Record(start, person_id, dimensions, followed=(how, max(0, (last - start).days)))

    def diversion_ends(self) -> Iterator[Record]:
        for row in self.table("referral"):
            if row.get("diversion_ended_on") and row.get("diversion_result") in ("graduated", "failed"):
                has = row["diversion_result"] == "graduated"
                yield Record(row["diversion_ended_on"], row["person_id"], self.referred_as(row), has)

    def stages(self, first: date, last: date) -> list[Record]:
        """People referred and not enrolled then, by how far their latest referral has come."""
        found: dict[Any, Record] = {}
        for row in sorted(self.table("referral"), key=lambda row: (row["referred_on"], row["referral_id"])):
            is_within = first <= row["referred_on"] <= last
            for wait in self.waits_of(row, self.as_of) if is_within else ():
                intake = row.get("intake_completed_on")
                is_approved = row.get("screening") == "eligible" or (
                    row.get("approved_on") and row["approved_on"] <= self.as_of
                )
                is_served = intake and any(
                    intake <= each["contacted_on"] <= min(intake + 30 * DAY, self.as_of)
                    for each in self.of(row["person_id"], "contact")
                )
                own = {
                    "event": "Intake, and a contact within 30 days"
                    if is_served
                    else "Intake, no such contact yet",
                    "competing": "Left before intake",
                    "censored": "Approved, waiting for intake" if is_approved else "Waiting for approval",
                }[wait.followed[0]]
                told = wait.dimensions | {"own": [own], "closed_reason": [self.why_closed(row)]}
                found[wait.person] = Record(wait.day, wait.person, told)
        return [record for record in found.values() if record.person is not None]

    def left(self, first: date, last: date) -> list[Record]:
        """Those of them who left before intake."""
        left = [each for each in self.stages(first, last) if each.dimensions["own"] == ["Left before intake"]]
        for each in left:
            del each.dimensions["own"]
        return left

    def why_closed(self, row: dict[str, Any]) -> str:
        died = self.death(row["person_id"])
        if died and died < (row.get("closed_on") or date.max):
            return "Died"
        screened = {"ineligible": "not eligible", "declined": "declined"}
        return words(row.get("closed_reason") or screened.get(row.get("screening")))

    # Police.

    def arrests(self, wanted: Callable[[dict[str, Any], Any, Any], bool], has: str = "") -> Iterator[Record]:
        """`wanted` takes the row, whether it is eligible and whether it is diverted (None: not known)."""
        for row in self.table("arrest"):
            day = row["arrested_at"].date()
            result = {"is_diverted": self.is_diverted(row), "is_booked": row.get("is_booked")}
            if wanted(row, self.is_eligible(row, day), result["is_diverted"]):
                yield Record(day, row.get("person_id"), self.arrested_as(row), bool(result.get(has)))

    def is_eligible(self, row: dict[str, Any], day: date, ever: bool = False) -> bool | None:
        return self.once(("eligible", row["arrest_id"], day, ever), lambda: self._is_eligible(row, day, ever))

    def _is_eligible(self, row: dict[str, Any], day: date, ever: bool) -> bool | None:
        born = birth(self.person(row.get("person_id")))
        if born and years(born, day) < 18:
            return False
        if self.eligible_charges and row.get("charge_class"):
            return any(
                charge == row["charge_class"] and (ever or first <= day <= (last or date.max))
                for charge, first, last in self.eligible_charges
            )
        return row.get("is_charge_eligible")

    def is_diverted(self, row: dict[str, Any]) -> bool | None:
        if row.get("is_diverted") is not None:
            return row["is_diverted"]
        named = self.by("arrest_id", "referral")
        says = (*named, *self.by("is_diverted", "arrest"))
        if all(each is None for each in says):
            return None
        return any(each["pathway"] == "arrest_diversion" for each in named.get(row["arrest_id"], []))

    # Prosecutor and court.

    def legal_steps(self, column: str) -> Iterator[Record]:
        """Steps in cases of people with an enrollment at any time."""
        for row in self.table("legal_case"):
            starts = [each["started_on"] for each in self.of(row["person_id"], "enrollment")]
            if not starts or row["person_id"] is None:
                continue
            day, offense = row.get(column), row["offense_on"]
            if column == "warrant_cleared_on":
                day = cleared(row)
            if day:
                timing = "Before LEAD" if offense < min(starts) else "Since LEAD began"
                own = {"charge_class": row.get("charge_class")}
                dimensions = self.dimensions(row["person_id"], offense, own) | {"offense_timing": [timing]}
                yield Record(day, row["person_id"], dimensions)

    def open_warrants(self, day: date) -> Iterator[Record]:
        for record, _ in self.caseload(day):
            # Nobody can say of some whether they are still open.
            cases = [
                row
                for row in self.of(record.person, "legal_case")
                if "warrant_cleared_on" not in (row.get("unread") or ())
            ]
            issued = [
                row for row in cases if row.get("warrant_issued_on") and row["warrant_issued_on"] <= day
            ]
            if any(cleared(row) is None or cleared(row) > day for row in issued):
                yield record

    def diversions_filed(self, days: int) -> Iterator[Record]:
        for row in self.table("arrest"):
            day, person_id = row["arrested_at"].date(), row.get("person_id")
            counts = self.is_diverted(row) and self.is_eligible(row, day) is not False
            if person_id is None or not counts or day + days * DAY > self.as_of:
                continue
            cases = [
                *self.by("arrest_id", "legal_case").get(row["arrest_id"], []),
                *(
                    case
                    for case in self.of(person_id, "legal_case")
                    if not case.get("arrest_id") and case["offense_on"] == day
                ),
            ]
            is_filed = any(
                case.get("filed_on") and day <= case["filed_on"] <= day + days * DAY for case in cases
            )
            yield Record(day, person_id, self.arrested_as(row), is_filed)

    @walked_once
    def stops(self) -> Iterator[Record]:
        for row in self.table("stop"):
            day = row["stopped_at"].date()
            dimensions = self.dimensions(row.get("person_id"), day, {**row, "pathway": None})
            yield Record(day, row.get("person_id"), dimensions, bool(row.get("is_arrested")))

    @walked_once
    def contacts(self) -> Iterator[Record]:
        for row in self.table("contact"):
            own = {"need": [words(row.get("need"))], "contact_kind": [words(row.get("kind"))]}
            now = self.now(row["person_id"], row["contacted_on"])
            yield Record(row["contacted_on"], row["person_id"], now | own)


# The numbers.

Cell = dict[str, Any]


def people(records: list[Record]) -> Cell:
    return {
        "people": len({record.person for record in records}),
        "value": len({record.person for record in records}),
    }


def events(records: list[Record]) -> Cell:
    return {"people": len({record.person for record in records} - {None}) or None, "value": len(records)}


def share(records: list[Record]) -> Cell:
    numerator = sum(record.has for record in records)
    return {
        "people": len({record.person for record in records} - {None}) or None,
        "numerator": numerator,
        "denominator": len(records),
        "value": 100 * numerator / len(records) if records else None,
    }


def incidence(days: int) -> Callable[[list[Record]], Cell]:
    def cell(records: list[Record]) -> Cell:
        ends = [record.followed for record in records]
        reached, _, _ = course(ends, days, {"event"})
        return {
            "people": len({record.person for record in records}),
            "denominator": len(records),
            "numerator": sum(kind == "event" and after <= days for kind, after in ends),
            "value": None if reached is None else float(100 * reached),
        }

    return cell


def retention(days: int) -> Callable[[list[Record]], Cell]:
    def cell(records: list[Record]) -> Cell:
        ends = [record.followed for record in records]
        _, staying, _ = course(ends, days, {"event", "competing"})
        return {
            "people": len({record.person for record in records}),
            "denominator": len(records),
            "numerator": sum(after > days or (after == days and kind == "censored") for kind, after in ends),
            "value": None if staying is None else float(100 * staying),
        }

    return cell


def median(records: list[Record]) -> Cell:
    ends = [
        (kind if kind == "event" else "censored", after)
        for kind, after in (record.followed for record in records)
    ]
    _, _, half = course(ends, math.inf, {"event"})
    return {"people": len({record.person for record in records}), "denominator": len(records), "value": half}


def course(
    ends: list[tuple[str, int]], until: float, causes: set[str]
) -> tuple[Fraction | None, Fraction | None, int | None]:
    """Share with an end of these causes by a day, share with no end at all, first day at one half or below."""
    staying, reached, half = Fraction(1), Fraction(0), None
    last = max((after for _, after in ends), default=-1)
    # On a day without an end nobody leaves, and nothing moves.
    for day in sorted({after for kind, after in ends if kind != "censored" and 0 <= after <= until}):
        at_risk = sum(after >= day for _, after in ends)
        today = [kind for kind, after in ends if after == day and kind != "censored"]
        reached += staying * Fraction(sum(kind in causes for kind in today), at_risk)
        staying *= 1 - Fraction(len(today), at_risk)
        if half is None and staying <= Fraction(1, 2):
            half = day
    if last < until and (staying > 0 or not ends):
        return None, None, half
    return reached, staying, half


def age_band(person: dict[str, Any], day: date) -> str:
    born = birth(person)
    if born is None or born > day:
        return "Unknown"
    bands = {18: "Under 18", 25: "18-24", 35: "25-34", 45: "35-44", 55: "45-54", 65: "55-64"}
    return next((band for limit, band in bands.items() if years(born, day) < limit), "65 and over")


def cleared(row: dict[str, Any]) -> date | None:
    """The day a warrant was cleared, or its case dismissed; a case without a warrant has none to clear."""
    issued, dismissed = row.get("warrant_issued_on"), row.get("dismissed_on")
    ended = max(dismissed, issued) if dismissed and issued else None
    return min([day for day in (row.get("warrant_cleared_on"), ended) if day], default=None)


def words(choice: str | None) -> str:
    return choice[0].upper() + choice[1:] if choice else "Unknown"


def part_of_day(moment: datetime | None) -> str:
    if moment is None or moment.time() == datetime.min.time():
        return "Unknown"
    return ("Midnight to 6 am", "6 am to noon", "Noon to 6 pm", "6 pm to midnight")[moment.hour // 6]


def birth(person: dict[str, Any]) -> date | None:
    year = person.get("birth_year")
    return person.get("birth_date") or (date(year, 7, 1) if year else None)


def years(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def recount(
    program: Recount,
    metric: str,
    period: tuple[date, date],
    breakdown: str | None = None,
    places: Iterable[str] = (),
    pathways: Iterable[str] = (),
    definitions: dict[str, "Definition"] | None = None,
) -> dict[str, Cell]:
    """Category -> cell, for one half-open period; categories with nothing in them are left out."""
    first, after = period
    last = min(after - DAY, program.as_of)
    records, number = program.once(
        (metric, first, last), lambda: (definitions or METRICS)[metric](program, first, last)
    )
    by_category: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if places and not set(places) & set(record.dimensions["neighborhood"]):
            continue
        if pathways and not set(pathways) & set(record.dimensions["pathway"]):
            continue
        for category in (
            record.dimensions[breakdown] if breakdown else record.dimensions.get("own", ["Everyone"])
        ):
            by_category[category].append(record)
    return {category: number(members) for category, members in by_category.items()}


Definition = Callable[[Recount, date, date], tuple[list[Record], Callable[[list[Record]], Cell]]]


def dated(
    records: Callable[[Recount], Iterable[Record]], number: Callable[[list[Record]], Cell]
) -> Definition:
    """A metric of what is dated in the period."""
    return lambda program, first, last: (
        [
            record
            for record in program.once(records, lambda: list(records(program)))
            if first <= record.day <= last
        ],
        number,
    )


def served(program: Recount, first: date, last: date) -> tuple[list[Record], Callable[[list[Record]], Cell]]:
    found = []
    for row in program.table("enrollment"):
        day = row["started_on"]
        while day <= last and day <= (row.get("exited_on") or date.max):
            if day >= first:
                found.append(Record(day, row["person_id"], program.enrolled_as(row)))
                break
            day += DAY
    return found, people


def per_manager(
    program: Recount, first: date, last: date
) -> tuple[list[Record], Callable[[list[Record]], Cell]]:
    held = {
        record.person: row["case_manager"]
        for record, row in program.caseload(last)
        if row.get("case_manager") is not None
    }

    def cell(records: list[Record]) -> Cell:
        managers = {held[record.person] for record in records}
        return {"people": len(records), "value": len(records) / len(managers)}

    return [record for record, _ in program.caseload(last) if record.person in held], cell


def managers(
    program: Recount, first: date, last: date
) -> tuple[list[Record], Callable[[list[Record]], Cell]]:
    """The people of each manager, under how many they are."""
    held: dict[Any, list[Record]] = defaultdict(list)
    for record, row in program.caseload(last):
        if row.get("case_manager") is not None:
            held[row["case_manager"]].append(record)
    bands = {
        15: "1 to 15 people",
        20: "16 to 20 people",
        25: "21 to 25 people",
        math.inf: "More than 25 people",
    }
    found = []
    for manager, members in held.items():
        band = next(name for most, name in bands.items() if len(members) <= most)
        found += [Record(last, (manager, each.person), {"own": [band]}) for each in members]

    def cell(records: list[Record]) -> Cell:
        return {"people": len(records), "value": len({record.person[0] for record in records})}

    return found, cell


METRICS: dict[str, Definition] = {
    "referrals_received": dated(Recount.referrals, events),
    "people_referred": dated(Recount.referrals, people),
    "social_contact_referrals": dated(
        lambda program: (
            each for each in program.referrals() if each.dimensions["pathway"] == ["social_contact"]
        ),
        events,
    ),
    "community_referrals": dated(
        lambda program: (each for each in program.referrals() if each.dimensions["pathway"] == ["community"]),
        events,
    ),
    "people_enrolled": dated(Recount.starts, people),
    "new_people": dated(lambda program: (each for each in program.starts() if not each.has), people),
    "people_reentered": dated(lambda program: (each for each in program.starts() if each.has), people),
    "people_exited": dated(Recount.ends, people),
    "active_caseload": lambda program, first, last: ([each for each, _ in program.caseload(last)], people),
    "caseload_at_start": lambda program, first, last: (
        [each for each, _ in program.caseload(first - DAY)],
        people,
    ),
    "engaged_caseload": lambda program, first, last: (
        [each for each, _ in program.caseload(last) if program.is_in_touch(each.person, last)],
        people,
    ),
    "due_for_contact": lambda program, first, last: (
        [each for each, _ in program.caseload(last) if program.is_due(each.person, last)],
        people,
    ),
    "people_served": served,
    "people_per_case_manager": per_manager,
    "waiting_for_intake": lambda program, first, last: (
        [each for each in program.waits(last) if each.followed[0] == "censored"],
        people,
    ),
    "waiting_over_30_days": lambda program, first, last: (
        [
            each
            for each in program.waits(last)
            if each.followed[0] == "censored" and last - each.day > 30 * DAY
        ],
        people,
    ),
    "people_left_before_intake": lambda program, first, last: (program.left(first, last), people),
    "case_managers_by_caseload": managers,
    "consent_on_file": lambda program, first, last: (list(program.consents(last)), share),
    "median_days_to_first_contact": dated(Recount.first_contacts, median),
    "cases_filed": dated(lambda program: program.legal_steps("filed_on"), events),
    "cases_declined": dated(lambda program: program.legal_steps("declined_on"), events),
    "cases_dismissed": dated(lambda program: program.legal_steps("dismissed_on"), events),
    "warrants_cleared": dated(lambda program: program.legal_steps("warrant_cleared_on"), events),
    "people_with_open_warrant": lambda program, first, last: (list(program.open_warrants(last)), people),
    "diverted_and_filed_within_182_days": dated(lambda program: program.diversions_filed(182), share),
    "people_contacted": dated(Recount.contacts, people),
    "people_referred_by_stage": lambda program, first, last: (program.stages(first, last), people),
    "diversions_by_result": dated(Recount.diversions, events),
    "diversions_graduated": dated(Recount.diversion_ends, share),
    "median_days_to_diversion_end": dated(
        lambda program: (
            replace(each, dimensions={name: held for name, held in each.dimensions.items() if name != "own"})
            for each in program.diversions()
        ),
        median,
    ),
    "contacts_made": dated(Recount.contacts, events),
    **{
        f"intake_within_{days}_days": dated(lambda program: program.waits(program.as_of), incidence(days))
        for days in (14, 30, 90)
    },
    "median_days_to_intake": dated(lambda program: program.waits(program.as_of), median),
    **{f"retained_at_{days}_days": dated(Recount.engagement, retention(days)) for days in (182, 365)},
    "arrests": dated(lambda program: program.arrests(lambda row, eligible, diverted: True), events),
    "eligible_arrests": dated(
        lambda program: program.arrests(lambda row, eligible, diverted: eligible), events
    ),
    "arrests_diverted": dated(
        lambda program: program.arrests(lambda row, eligible, diverted: diverted and eligible is not False),
        events,
    ),
    "off_list_diversions": dated(
        lambda program: program.arrests(lambda row, eligible, diverted: diverted and eligible is False),
        events,
    ),
    "diversion_rate": dated(
        lambda program: program.arrests(
            lambda row, eligible, diverted: eligible and diverted is not None, "is_diverted"
        ),
        share,
    ),
    "booking_rate": dated(
        lambda program: program.arrests(
            lambda row, eligible, diverted: eligible and row.get("is_booked") is not None, "is_booked"
        ),
        share,
    ),
    "stops": dated(Recount.stops, events),
    "stops_with_arrest": dated(lambda program: (each for each in program.stops() if each.has), events),
    "referrals_with_intake_in_90_days": dated(
        lambda program: (
            Record(
                each.day, each.person, each.dimensions, each.followed[0] == "event" and each.followed[1] <= 90
            )
            for each in program.waits(program.as_of)
            if each.day + 90 * DAY <= program.as_of
        ),
        share,
    ),
    "diversions_completed": dated(
        lambda program: (
            Record(
                each.day, each.person, each.dimensions, each.followed[0] == "event" and each.followed[1] <= 30
            )
            for each in program.waits(program.as_of)
            if each.dimensions["pathway"] == ["arrest_diversion"] and each.day + 30 * DAY <= program.as_of
        ),
        share,
    ),
    "contacted_within_90_days": dated(
        lambda program: (each for each in program.engagement() if each.day + 90 * DAY <= program.as_of), share
    ),
}
