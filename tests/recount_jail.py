"""The second opinion on jail: night by night, in plain Python."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from recount import DAY, Cell, Definition, Record, Recount, dated, events, walked_once
from recount_outcomes import first_referrals


@dataclass(frozen=True)
class Arrest(Record):
    row: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Year(Record):
    """Nights and days of one person before and after the referral."""

    before: tuple[int, int] = (0, 0)
    after: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Nobody:
    """Who is inside on a stay of nobody known: no one else's stay is theirs."""

    stay_id: Any


def holder(row: dict[str, Any]) -> Any:
    return Nobody(row["stay_id"]) if row["person_id"] is None else row["person_id"]


class Custody:
    """Who was in jail on which night."""

    def __init__(self, program: Recount):
        self.program = program
        self.end = midnight(program.as_of + DAY)
        stays = program.table("jail_stay")
        has_roster = any(row.get("is_on_roster") is not None for row in stays)
        self.stays = [
            {**row, "out": min(row.get("released_at") or self.end, self.end)}
            for row in stays
            if row["booked_at"] < self.end
            and (row.get("released_at") or row.get("is_on_roster") or not has_roster)
        ]

        self.by_person, self.by_arrest = defaultdict(list), defaultdict(list)
        for row in self.stays:
            self.by_person[holder(row)].append(row)
            self.by_arrest[row.get("arrest_id")].append(row)

    def episodes(self) -> list[tuple[Any, datetime, datetime, dict[str, list[str]]]]:
        return self.program.once("custody episodes", lambda: list(self._episodes()))

    def _episodes(self) -> Iterator[tuple[Any, datetime, datetime, dict[str, list[str]]]]:
        for person_id in sorted(self.by_person, key=str):
            for start, end, members in self.episodes_of(person_id):
                yield person_id, start, end, self.dimensions(person_id, start, members)

    def episodes_of(self, person_id: Any) -> Iterator[tuple[datetime, datetime, list[dict[str, Any]]]]:
        own = self.by_person[person_id]
        starts = {
            row["booked_at"]
            for row in own
            if not any(other["booked_at"] < row["booked_at"] <= other["out"] for other in own)
        }
        for start in sorted(starts):
            end = start
            while later := [row["out"] for row in own if start <= row["booked_at"] <= end < row["out"]]:
                end = max(later)
            yield start, end, [row for row in own if start <= row["booked_at"] <= end]

    def dimensions(
        self, person_id: Any, start: datetime, members: list[dict[str, Any]]
    ) -> dict[str, list[str]]:
        members = sorted(members, key=lambda row: (row["booked_at"], row["stay_id"]))
        own = {
            name: next((row[name] for row in members if row.get(name)), None)
            for name in ("race", "sex", "charge_class")
        }
        dimensions = self.program.dimensions(person_id, start.date(), own)
        return dimensions | ({"sex": [own["sex"]]} if own["sex"] else {})

    def nights(self, person_id: Any) -> set[date]:
        """Days at whose end the person was inside."""
        return {
            night for row in self.by_person[person_id] for night in nights_of(row["booked_at"], row["out"])
        }


def custody_of(program: Recount) -> Custody:
    return program.once(Custody, lambda: Custody(program))


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def nights_of(start: datetime, end: datetime) -> Iterator[date]:
    """The days at whose end somebody is inside: all but that of the release."""
    return each_day(start.date(), end.date())


def inside(nights: set[date], days: Iterable[date]) -> int:
    """How many of the days were nights inside."""
    return len(nights.intersection(days))


def each_day(first: date, after: date) -> Iterator[date]:
    return map(date.fromordinal, range(first.toordinal(), after.toordinal()))


@walked_once
def jail_nights(program: Recount) -> Iterator[Record]:
    for person_id, start, end, dimensions in custody_of(program).episodes():
        for night in nights_of(start, end):
            yield Record(night, person_id, dimensions)


def nights_in_doubt(program: Recount) -> Iterator[Record]:
    """Each night from an unconfirmed booking on that no confirmed stay of the person accounts for."""
    custody, held = custody_of(program), defaultdict(list)
    for row in program.table("jail_stay"):
        held[holder(row)].append(row)
    for person_id in sorted(held, key=str):
        stays = [row for row in held[person_id] if row["booked_at"] < custody.end]
        confirmed = [row for row in stays if row.get("released_at") or row.get("is_on_roster")]
        own = [row for row in stays if row not in confirmed]
        if not own:
            continue
        first = min(own, key=lambda row: (row["booked_at"], row["stay_id"]))
        known = {
            night
            for row in confirmed
            for night in nights_of(row["booked_at"], min(row.get("released_at") or custody.end, custody.end))
        }
        nights = [night for night in nights_of(first["booked_at"], custody.end) if night not in known]
        last, dimensions = None, {}
        for night in nights:
            if last is None or night - last > DAY:
                dimensions = custody.dimensions(person_id, midnight(night), own)
            last = night
            yield Record(night, person_id, dimensions)


@walked_once
def bookings(program: Recount) -> Iterator[Record]:
    for person_id, start, _, dimensions in custody_of(program).episodes():
        yield Record(start.date(), person_id, dimensions)


def counted(records: list[Record]) -> Cell:
    known = {record.person for record in records if not isinstance(record.person, Nobody)}
    return {"people": len(known) or None, "value": len(records)}


def daily_population(program: Recount, first: date, last: date) -> tuple[list[Record], Callable]:
    def cell(records: list[Record]) -> Cell:
        return counted(records) | {"value": len(records) / ((last - first).days + 1)}

    return [record for record in jail_nights(program) if first <= record.day <= last], cell


def nights_per_booking(program: Recount, first: date, last: date) -> tuple[list[Record], Callable]:
    records = [
        *(Record(each.day, each.person, each.dimensions, has=True) for each in bookings(program)),
        *jail_nights(program),
    ]

    def cell(found: list[Record]) -> Cell:
        booked = sum(record.has for record in found)
        return {"denominator": booked, "value": (len(found) - booked) / booked if booked else None}

    return [record for record in records if first <= record.day <= last], cell


def nights_per_release(program: Recount, first: date, last: date) -> tuple[list[Record], Callable]:
    custody = custody_of(program)
    records = [
        Record(end.date(), person_id, dimensions, followed=("", (end.date() - start.date()).days))
        for person_id, start, end, dimensions in custody.episodes()
        if end != custody.end and first <= end.date() <= last
    ]

    def cell(found: list[Record]) -> Cell:
        return {"denominator": len(found), "value": sum(each.followed[1] for each in found) / len(found)}

    return records, cell


def population_by_flow(program: Recount, first: date, last: date) -> tuple[list[Record], Callable]:
    custody = custody_of(program)
    records = [
        Record(
            start.date(),
            person_id,
            dimensions,
            followed=("inside" if end == custody.end else "out", (end.date() - start.date()).days),
        )
        for person_id, start, end, dimensions in custody.episodes()
        if first <= start.date() <= last
    ]

    def cell(found: list[Record]) -> Cell:
        staying, mean_stay = Fraction(1), Fraction(0)
        for night in range(max(each.followed[1] for each in found)):
            left = sum(each.followed == ("out", night) for each in found)
            at_risk = sum(each.followed[1] >= night for each in found)
            staying *= 1 - Fraction(left, at_risk) if at_risk else 1
            mean_stay += staying
        return {
            "events": len(found),
            "value": float(len(found) * mean_stay / ((last - first).days + 1)),
        }

    return records, cell


# Before and after.


Parted = tuple[dict[str, Any], date, set[date], date | None]


def parted(program: Recount) -> list[Parted]:
    """First referral, the day that parts before from after, nights inside, death."""
    return program.once(parted, lambda: list(_parted(program)))


def _parted(program: Recount) -> Iterator[Parted]:
    custody = custody_of(program)
    for row in first_referrals(program):
        person_id, start, is_open = row["person_id"], row["referred_on"], False
        for in_at, out_at, _ in custody.episodes_of(person_id):
            was_inside = in_at.date() < start or (row["pathway"] == "jail_or_court" and in_at.date() == start)
            if was_inside and out_at.date() > row["referred_on"]:
                start, is_open = out_at.date(), out_at == custody.end
        if not is_open:
            yield row, start, custody.nights(person_id), program.death(person_id)


def has_past(program: Recount, day: date, *sources: str) -> bool:
    """Whether the sources cover the whole year before a day."""
    return all(day - 365 * DAY >= program.begins.get(source, date.min + 366 * DAY) for source in sources)


def years(program: Recount) -> Iterator[Year]:
    for row, start, nights, died in parted(program):
        if not has_past(program, start, "jail_stay"):
            continue
        days_before = each_day(start - 365 * DAY, start)
        days_after = observed(program, start, range(365), died)
        yield Year(
            start,
            row["person_id"],
            program.referred_as(row),
            before=(inside(nights, days_before), 365),
            after=(inside(nights, days_after), len(days_after)),
        )


def observed(program: Recount, start: date, shifts: range, died: date | None) -> list[date]:
    end = min(program.as_of + DAY, died or date.max)
    return list(each_day(start + shifts.start * DAY, min(start + shifts.stop * DAY, end)))


def at_liberty(happened: Callable[[Recount, Any], list[date]], source: str, first_shift: int) -> Callable:
    """Events of a source, of people with full years, over the days on which they were not inside."""

    def records(program: Recount) -> Iterator[Year]:
        for row, start, nights, died in parted(program):
            before = list(each_day(start - 365 * DAY, start))
            after = observed(program, start, range(365), died)
            days = happened(program, row["person_id"])
            if len(after) == 365 and has_past(program, start, "jail_stay", source):
                yield Year(
                    start,
                    row["person_id"],
                    program.referred_as(row),
                    before=(sum(day in before for day in days), len(before) - inside(nights, before)),
                    after=(
                        sum(day in after[first_shift:] for day in days),
                        len(after) - inside(nights, after),
                    ),
                )

    return records


def booked_on(program: Recount, person_id: Any) -> list[date]:
    return [start.date() for start, _, _ in custody_of(program).episodes_of(person_id)]


def arrested_on(program: Recount, person_id: Any) -> list[date]:
    return [row["arrested_at"].date() for row in program.of(person_id, "arrest")]


def months_around(program: Recount) -> Iterator[Year]:
    for row, start, nights, died in parted(program):
        if not has_past(program, start, "jail_stay"):
            continue
        for step in range(-12, 12):
            days = observed(program, start, range(30 * step, 30 * step + 30), died)
            own = [str(step) if step < 0 else f"+{step + 1}"]
            dimensions = program.referred_as(row) | {"own": own}
            if days:
                yield Year(start, row["person_id"], dimensions, after=(inside(nights, days), len(days)))


def full_years(program: Recount) -> Iterator[Year]:
    whole = program.once(years, lambda: list(years(program)))
    return (year for year in whole if year.after[1] == 365)


def rate(side: str) -> Callable[[list[Year]], Cell]:
    def cell(records: list[Year]) -> Cell:
        nights = sum(getattr(record, side)[0] for record in records)
        days = sum(getattr(record, side)[1] for record in records)
        return {
            "people": len(records),
            "events": nights,
            "value": 365 * nights / days if days else None,
        }

    return cell


def change(records: list[Year]) -> Cell:
    before, after = rate("before")(records)["value"], rate("after")(records)["value"]
    return {"people": len(records), "value": None if after is None else after - before}


# Against people arrested and not diverted.


def both_groups(program: Recount) -> list[Year]:
    """People in LEAD and others, each with whole years on both sides."""
    return program.once(both_groups, lambda: list(_both_groups(program)))


def _both_groups(program: Recount) -> Iterator[Year]:
    custody = custody_of(program)
    for row, start, nights, died in parted(program):
        yield from whole_years(program, "Referred to LEAD", row["person_id"], start, nights, died)
    began = min(row["referred_on"] for row in program.table("referral"))
    for person_id in sorted({row["person_id"] for row in program.table("arrest") if row.get("person_id")}):
        referred = [row["referred_on"] for row in program.referrals_of(person_id)[:1]] or [date.max]
        days = [
            row["arrested_at"].date()
            for row in program.of(person_id, "arrest")
            if program.is_eligible(row, row["arrested_at"].date())
            and not program.is_diverted(row)
            and began <= row["arrested_at"].date() < referred[0]
        ]
        if days:
            nights, died = custody.nights(person_id), program.death(person_id)
            yield from whole_years(program, "Arrested and not diverted", person_id, min(days), nights, died)


def whole_years(
    program: Recount, group: str, person_id: Any, start: date, nights: set[date], died: date | None
) -> Iterator[Year]:
    after = observed(program, start, range(365), died)
    if len(after) == 365 and has_past(program, start, "jail_stay"):
        yield Year(
            start,
            person_id,
            {"own": [group], "neighborhood": [], "pathway": []},
            before=(inside(nights, each_day(start - 365 * DAY, start)), 365),
            after=(inside(nights, after), 365),
        )


def beyond_comparison(program: Recount, first: date, last: date) -> tuple[list[Year], Callable]:
    def cell(records: list[Year]) -> Cell:
        groups = [
            [each for each in records if each.dimensions["group"] == [name]]
            for name in ("Referred to LEAD", "Arrested and not diverted")
        ]
        changes = [change(group)["value"] for group in groups]
        return {
            "people": len(records),
            "numerator": len(groups[0]),
            "value": None if None in changes else changes[0] - changes[1],
        }

    found = [
        Year(each.day, each.person, {"group": each.dimensions["own"]}, before=each.before, after=each.after)
        for each in both_groups(program)
        if first <= each.day <= last
    ]
    return found, cell


def quarters_before(program: Recount) -> Iterator[Year]:
    custody = custody_of(program)
    for each in both_groups(program):
        group, start = each.dimensions["own"][0], each.day
        nights = custody.nights(each.person)
        for step, label in ((364, "10 to 12"), (273, "7 to 9"), (182, "4 to 6"), (91, "1 to 3")):
            quarter = each_day(start - step * DAY, start - (step - 91) * DAY)
            own = f"{'Referred' if group == 'Referred to LEAD' else 'Not diverted'}, {label} months before"
            yield Year(
                start,
                each.person,
                each.dimensions | {"own": [own]},
                after=(inside(nights, quarter), 91),
            )


# Nights avoided.


Classes = dict[str, list[dict[str, Any]]]


def led_to(program: Recount) -> list[dict[str, Any]]:
    """Arrests that were not diverted, for a charge that is on the list on any day, with their nights."""
    return program.once(led_to, lambda: list(_led_to(program)))


def _led_to(program: Recount) -> Iterator[dict[str, Any]]:
    custody = custody_of(program)
    for row in program.table("arrest"):
        day = row["arrested_at"].date()
        if program.is_diverted(row) or not program.is_eligible(row, day, ever=True):
            continue
        stays = custody.by_arrest.get(row["arrest_id"]) or [
            stay
            for stay in custody.by_person.get(row.get("person_id"), [])
            if not stay.get("arrest_id") and 0 <= (stay["booked_at"].date() - day).days <= 1
        ]
        found = {
            "day": day,
            "is_booked": row["is_booked"],
            "charge_class": row.get("charge_class") or "Unknown",
            "is_eligible": program.is_eligible(row, day),
        }
        yield found | (stay_of(custody, stays) if stays else {})


def baseline_days(program: Recount) -> tuple[date, date]:
    begun = min(row["referred_on"] for row in program.table("referral"))
    return program.baseline or (begun - 365 * DAY, begun - DAY)


def results(program: Recount, first: date, last: date, is_on_day: bool = False) -> Classes:
    """Charge class -> such arrests of those days; is_on_day: only those on the list that very day."""
    found = defaultdict(list)
    for row in led_to(program):
        if first <= row["day"] <= last and (row["is_eligible"] or not is_on_day):
            found[row["charge_class"]].append(row)
    return found


def baseline(program: Recount) -> Classes:
    """The list came with LEAD, so a charge counts that was on it at any time."""
    return results(program, *baseline_days(program))


def stay_of(custody: Custody, stays: list[dict[str, Any]]) -> dict[str, Any]:
    first = min(stays, key=lambda stay: (stay["booked_at"], stay["stay_id"]))
    end = next(
        end for start, end, _ in custody.episodes_of(first["person_id"]) if start <= first["booked_at"] <= end
    )
    return {"nights": (end.date() - first["booked_at"].date()).days, "is_open": end == custody.end}


def stays_of(arrests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in arrests if row["is_booked"] and "nights" in row]


def share_of(arrests: list[dict[str, Any]]) -> Fraction:
    return Fraction(sum(row["is_booked"] for row in arrests), len(arrests))


def stay_for_one(arrests: list[dict[str, Any]]) -> Fraction:
    stays = stays_of(arrests)
    ends = Counter(row["nights"] for row in stays if not row["is_open"])
    staying, area = Fraction(1), Fraction(0)
    for night in range(365):
        if ends[night]:
            staying *= 1 - Fraction(ends[night], sum(row["nights"] >= night for row in stays))
        area += staying
    return area


def rates_of(classes: Classes) -> dict[str, tuple[Fraction, Fraction | None]]:
    """Charge class -> share booked and mean stay; of fewer than 30, with one more as of all classes.

    No mean stay where no stay of any class is known.
    """
    together = [row for arrests in classes.values() for row in arrests]
    found = {}
    for name, arrests in classes.items():
        share, number = share_of(arrests), len(stays_of(arrests))
        stay = stay_for_one(arrests) if number else Fraction(0)
        if len(arrests) < 30:
            share = (share * len(arrests) + share_of(together)) / (len(arrests) + 1)
        if not stays_of(together):
            stay = None
        elif number < 30:
            stay = (stay * number + stay_for_one(together)) / (number + 1)
        found[name] = share, stay
    return found


def rates_in(program: Recount, first: date, last: date) -> dict[str, tuple[Fraction, Fraction | None]]:
    return program.once((rates_in, first, last), lambda: rates_of(results(program, first, last)))


def rates_before(program: Recount) -> dict[str, tuple[Fraction, Fraction | None]]:
    return rates_in(program, *baseline_days(program))


def avoided(program: Recount, first: date, last: date) -> tuple[list[Record], Callable]:
    return _avoided(program, first, last, rates_before(program), 365)


def _avoided(
    program: Recount,
    first: date,
    last: date,
    rates: dict[str, tuple[Fraction, Fraction | None]],
    followed: int,
) -> tuple[list[Record], Callable]:
    custody = custody_of(program)
    records, saved, later = [], {}, {}
    for row in program.table("arrest"):
        day = row["arrested_at"].date()
        is_counted = program.is_diverted(row) and program.is_eligible(row, day) is not False
        if not is_counted or not first <= day <= last:
            continue
        share, stay = rates.get(row.get("charge_class") or "Unknown", (None, None))
        saved[row["arrest_id"]] = None if stay is None else share * stay
        nights = {
            night
            for stay in custody.by_arrest.get(row["arrest_id"], [])
            for night in nights_of(stay["booked_at"], stay["out"])
        }
        later[row["arrest_id"]] = sum(day <= night < day + followed * DAY for night in nights)
        dimensions = program.dimensions(row.get("person_id"), day, {**row, "pathway": None})
        records.append(Arrest(day, row.get("person_id"), dimensions, row=row))

    def cell(members: list[Arrest]) -> Cell:
        ids = [record.row["arrest_id"] for record in members]
        known = [saved[each] for each in ids if saved[each] is not None]
        return {
            "events": len(members),
            "gross": float(sum(known)) if known else None,
            "value": float(sum(known) - sum(later[each] for each in ids)) if known else None,
        }

    return records, cell


def avoided_by_choice(program: Recount, first: date, last: date) -> tuple[list[Record], Callable]:
    begun, ended = baseline_days(program)
    chosen = {"As estimated": 365, "Followed for half a year": 182, "Followed for two years": 730}
    choices = {
        name: _avoided(program, first, last, rates_before(program), days) for name, days in chosen.items()
    }
    now = rates_of(results(program, first, last, is_on_day=True))
    choices["People not diverted in the same months"] = _avoided(program, first, last, now, 365)
    lead = min(row["referred_on"] for row in program.table("referral"))
    held = max(
        min(row[column].date() for row in program.table(name)).replace(day=1)
        for name, column in (("arrest", "arrested_at"), ("jail_stay", "booked_at"))
    )
    for shift in (shift for shift in range(-9, 10) if shift):
        other = begun.replace(year=begun.year + shift), ended.replace(year=ended.year + shift)
        if held <= other[0] and other[1] < lead:
            name = f"{other[0]:%B %Y} to {other[1]:%B %Y}"
            choices[name] = _avoided(program, first, last, rates_in(program, *other), 365)
    records = [
        replace(each, dimensions=each.dimensions | {"own": [name]})
        for name, (found, _) in choices.items()
        for each in found
    ]

    def cell(members: list[Arrest]) -> Cell:
        (name,) = members[0].dimensions["own"]
        return choices[name][1](members)

    return records, cell


def bookings_avoided(program: Recount, first: date, last: date) -> tuple[list[Record], Callable]:
    classes, rates = baseline(program), rates_before(program)
    records, _ = avoided(program, first, last)

    def cell(members: list[Arrest]) -> Cell:
        names = [record.row.get("charge_class") or "Unknown" for record in members]
        before = [row for name in {*names} & {*classes} for row in classes[name]]
        return {
            "events": len(members),
            "value": float(sum(rates[name][0] for name in names if name in rates)),
            "numerator": sum(row["is_booked"] for row in before),
            "denominator": len(before),
        }

    return records, cell


def booking_rate_expected(program: Recount, first: date, last: date) -> tuple[list[Record], Callable]:
    rates, records = rates_before(program), []
    for row in program.table("arrest"):
        day = row["arrested_at"].date()
        if first <= day <= last and program.is_eligible(row, day) and row["is_booked"] is not None:
            dimensions = program.dimensions(row.get("person_id"), day, {**row, "pathway": None})
            records.append(Arrest(day, row.get("person_id"), dimensions, row=row))

    def cell(members: list[Arrest]) -> Cell:
        known = [record for record in members if (record.row.get("charge_class") or "Unknown") in rates]
        expected = sum(rates[record.row.get("charge_class") or "Unknown"][0] for record in known)
        return {
            "value": float(100 * expected / len(known)),
            "numerator": sum(record.row["is_booked"] for record in known),
            "denominator": len(known),
        }

    return records, cell


def by_referral(program: Recount) -> Iterator[Record]:
    """Diverted arrests, by whether a referral names them."""
    named = {row.get("arrest_id") for row in program.table("referral")} - {None}
    for row in program.table("arrest"):
        day, person_id = row["arrested_at"].date(), row.get("person_id")
        if not program.is_diverted(row) or program.is_eligible(row, day) is False:
            continue
        enrolled = [each for each in program.in_force(person_id, day) if each["started_on"] < day]
        own = (
            "No referral, already in LEAD"
            if person_id and enrolled
            else "No referral, not known to be in LEAD"
        )
        if row["arrest_id"] in named:
            own = "A referral names it"
        dimensions = program.dimensions(person_id, day, {**row, "pathway": None})
        yield Record(day, person_id, dimensions | {"own": [own]})


def by_result(program: Recount) -> Iterator[Record]:
    """Referrals by arrest diversion; who was in LEAD already waits for no intake."""
    words = {"event": "Led to an intake", "competing": "Left before an intake"}
    for row in program.table("referral"):
        if row["pathway"] != "arrest_diversion":
            continue
        waited = [each.followed[0] for each in program.waits_of(row, program.as_of)]
        own = words.get(waited[0] if waited else "", "Already in LEAD, or still waiting")
        yield Record(row["referred_on"], row["person_id"], program.referred_as(row) | {"own": [own]})


def busy_years(program: Recount, first: date, last: date) -> tuple[list[Year], Callable]:
    """People booked twice or more in a year, and their next one: before LEAD, and around the referral."""
    custody, (begun, ended) = custody_of(program), baseline_days(program)
    records = []
    before = begun.replace(year=begun.year - 1)
    for person_id in custody.by_person:
        died = program.death(person_id)
        if not isinstance(person_id, Nobody) and not (died and died <= ended):
            days = booked_on(program, person_id)
            counts = [
                (sum(start <= day <= end for day in days), (end + DAY - start).days)
                for start, end in ((before, begun - DAY), (begun, ended))
            ]
            names = ("Before LEAD, the busy year", "Before LEAD, the year after")
            records += busy(first, person_id, names, counts)
    for row, start, _, died in parted(program):
        is_whole = len(observed(program, start, range(365), died)) == 365
        if first <= start <= last and is_whole and has_past(program, start, "jail_stay"):
            days = booked_on(program, row["person_id"])
            counts = [
                (sum(start + shift * DAY <= day < start + (shift + 365) * DAY for day in days), 365)
                for shift in (-365, 0)
            ]
            names = ("Referred, the busy year before", "Referred, the year after")
            records += busy(start, row["person_id"], names, counts)
    return records, rate("after")


def busy(day: date, person_id: Any, names: tuple[str, str], counts: list[tuple[int, int]]) -> list[Year]:
    """Bookings and days of both years, of somebody with two or more in the first."""
    if counts[0][0] < 2:
        return []
    nowhere = {"neighborhood": [], "pathway": []}
    return [
        Year(day, person_id, nowhere | {"own": [name]}, after=both)
        for name, both in zip(names, counts, strict=True)
    ]


def beds(program: Recount, first: date, last: date) -> tuple[list[Record], Callable]:
    records, nights = avoided(program, first, last)

    def cell(members: list[Arrest]) -> Cell:
        found, days = nights(members), (last - first).days + 1
        return found | {name: found[name] and found[name] / days for name in ("gross", "value")}

    return records, cell


def costs(program: Recount, first: date, last: date) -> tuple[list[Record], Callable]:
    """At the price in force when the period ends; of a step only whole housing units count."""
    records, nights = avoided(program, first, last)
    days = (last - first).days + 1

    def cell(members: list[Arrest]) -> Cell:
        (kind,) = members[0].dimensions["own"]
        prices = [each for each in program.jail_costs if each["kind"] == kind and each["from"] <= last]
        found = nights(members)
        if not prices or found["value"] is None:
            return {"events": found["events"], "value": None}
        price = max(prices, key=lambda each: each["from"])
        if kind != "step":
            return {"events": found["events"], "value": found["value"] * price["dollars"]}
        units = int(max(found["value"], 0) / days / price["unit_beds"])
        return {"events": found["events"], "value": units * price["dollars"] * days / 365}

    kinds = ("short-run marginal", "step", "average")
    return [
        replace(each, dimensions=each.dimensions | {"own": [kind]}) for kind in kinds for each in records
    ], cell


METRICS: dict[str, Definition] = {
    "jail_bookings": dated(bookings, counted),
    "jail_nights": dated(jail_nights, counted),
    "jail_nights_in_doubt": dated(nights_in_doubt, counted),
    "jail_average_daily_population": daily_population,
    "jail_nights_before": dated(years, rate("before")),
    "jail_nights_after": dated(years, rate("after")),
    "jail_nights_before_full_years": dated(full_years, rate("before")),
    "jail_nights_after_full_years": dated(full_years, rate("after")),
    "jail_nights_change": dated(years, change),
    "jail_nights_around_referral": dated(months_around, rate("after")),
    **{
        f"{kind}_{side}_full_years": dated(records, rate(side))
        for kind, records in (
            ("bookings", at_liberty(booked_on, "jail_stay", 0)),
            ("arrests", at_liberty(arrested_on, "arrest", 1)),
        )
        for side in ("before", "after")
    },
    "jail_population_by_flow": population_by_flow,
    "jail_nights_change_by_group": dated(both_groups, change),
    "jail_nights_change_beyond_comparison": beyond_comparison,
    "jail_nights_before_by_group": dated(quarters_before, rate("after")),
    "jail_nights_per_booking": nights_per_booking,
    "jail_nights_per_release": nights_per_release,
    "jail_nights_avoided": avoided,
    "jail_nights_avoided_by_bookings": avoided,
    "jail_nights_avoided_by_stays": avoided,
    "jail_nights_avoided_by_choice": avoided_by_choice,
    "bookings_avoided": bookings_avoided,
    "bookings_after_busy_year": busy_years,
    "arrests_diverted_by_referral": dated(by_referral, events),
    "arrest_referrals_by_result": dated(by_result, counted),
    "booking_rate_expected": booking_rate_expected,
    "jail_beds_avoided": beds,
    "jail_cost_avoided": costs,
}
