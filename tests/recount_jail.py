"""The second opinion on jail: night by night, in plain Python."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from recount import DAY, Cell, Definition, Record, Recount, dated
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

    def episodes(self) -> Iterator[tuple[Any, datetime, datetime, dict[str, list[str]]]]:
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
    night = start.date()
    while midnight(night + DAY) <= end:
        yield night
        night += DAY


def jail_nights(program: Recount) -> Iterator[Record]:
    for person_id, start, end, dimensions in custody_of(program).episodes():
        for night in nights_of(start, end):
            yield Record(night, person_id, dimensions)


def nights_in_doubt(program: Recount) -> Iterator[Record]:
    """Each night from an unconfirmed booking on that no confirmed stay of the person accounts for."""
    custody = custody_of(program)
    for person_id in sorted({holder(row) for row in program.table("jail_stay")}, key=str):
        held = [row for row in program.table("jail_stay") if holder(row) == person_id]
        stays = [row for row in held if row["booked_at"] < custody.end]
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
        starts = [night for night in nights if night - DAY not in nights]
        for night in nights:
            start = max(day for day in starts if day <= night)
            yield Record(
                night, person_id, custody.dimensions(person_id, datetime(*start.timetuple()[:3]), own)
            )


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


def years(program: Recount) -> Iterator[Year]:
    for row, start, nights, died in parted(program):
        days_before = [start - shift * DAY for shift in range(1, 366)]
        days_after = observed(program, start, range(365), died)
        yield Year(
            start,
            row["person_id"],
            program.referred_as(row),
            before=(sum(day in nights for day in days_before), 365),
            after=(sum(day in nights for day in days_after), len(days_after)),
        )


def observed(program: Recount, start: date, shifts: range, died: date | None) -> list[date]:
    days = [start + shift * DAY for shift in shifts]
    return [day for day in days if day <= program.as_of and not (died and day >= died)]


def at_liberty(happened: Callable[[Recount, Any], list[date]], first_shift: int) -> Callable:
    """Events of people with full years, over the days on which they were not inside."""

    def records(program: Recount) -> Iterator[Year]:
        for row, start, nights, died in parted(program):
            before = [start - shift * DAY for shift in range(1, 366)]
            after = observed(program, start, range(365), died)
            days = happened(program, row["person_id"])
            if len(after) == 365:
                yield Year(
                    start,
                    row["person_id"],
                    program.referred_as(row),
                    before=(sum(day in before for day in days), sum(day not in nights for day in before)),
                    after=(
                        sum(day in after[first_shift:] for day in days),
                        sum(day not in nights for day in after),
                    ),
                )

    return records


def booked_on(program: Recount, person_id: Any) -> list[date]:
    return [start.date() for start, _, _ in custody_of(program).episodes_of(person_id)]


def arrested_on(program: Recount, person_id: Any) -> list[date]:
    return [row["arrested_at"].date() for row in program.of(person_id, "arrest")]


def months_around(program: Recount) -> Iterator[Year]:
    for row, start, nights, died in parted(program):
        for step in range(-12, 12):
            days = observed(program, start, range(30 * step, 30 * step + 30), died)
            own = [str(step) if step < 0 else f"+{step + 1}"]
            dimensions = program.referred_as(row) | {"own": own}
            if days:
                inside = sum(day in nights for day in days)
                yield Year(start, row["person_id"], dimensions, after=(inside, len(days)))


def full_years(program: Recount) -> Iterator[Year]:
    return (year for year in years(program) if year.after[1] == 365)


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


def both_groups(program: Recount) -> Iterator[Year]:
    """People in LEAD and others, each with whole years on both sides."""
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
    if len(after) == 365:
        yield Year(
            start,
            person_id,
            {"own": [group], "neighborhood": [], "pathway": []},
            before=(sum(start - shift * DAY in nights for shift in range(1, 366)), 365),
            after=(sum(day in nights for day in after), 365),
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
            days = [start - shift * DAY for shift in range(step, step - 91, -1)]
            own = f"{'LEAD' if group == 'Referred to LEAD' else 'Not diverted'}, {label} months before"
            yield Year(
                start,
                each.person,
                each.dimensions | {"own": [own]},
                after=(sum(day in nights for day in days), 91),
            )


# Nights avoided.


def baseline(program: Recount) -> dict[str, list[dict[str, Any]]]:
    """Charge class -> eligible arrests of the baseline, with their nights.

    The list came with LEAD, so a charge counts that was on it at any time.
    """
    begun = min(row["referred_on"] for row in program.table("referral"))
    first, last = program.baseline or (begun - 365 * DAY, begun - DAY)
    custody = custody_of(program)
    found = defaultdict(list)
    for row in program.table("arrest"):
        day = row["arrested_at"].date()
        if (
            not first <= day <= last
            or program.is_diverted(row)
            or not program.is_eligible(row, day, ever=True)
        ):
            continue
        stays = custody.by_arrest.get(row["arrest_id"]) or [
            stay
            for stay in custody.by_person.get(row.get("person_id"), [])
            if not stay.get("arrest_id") and 0 <= (stay["booked_at"].date() - day).days <= 1
        ]
        found[row.get("charge_class") or "Unknown"].append(
            {"is_booked": row["is_booked"], **stay_of(custody, stays)}
            if stays
            else {"is_booked": row["is_booked"]}
        )
    return found


def stay_of(custody: Custody, stays: list[dict[str, Any]]) -> dict[str, Any]:
    first = min(stays, key=lambda stay: (stay["booked_at"], stay["stay_id"]))
    end = next(
        end for start, end, _ in custody.episodes_of(first["person_id"]) if start <= first["booked_at"] <= end
    )
    return {"nights": (end.date() - first["booked_at"].date()).days, "is_open": end == custody.end}


def stays_of(arrests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in arrests if row["is_booked"] and "nights" in row]


def nights_for_one(arrests: list[dict[str, Any]]) -> Fraction:
    booked, stays = [row for row in arrests if row["is_booked"]], stays_of(arrests)
    staying, area = Fraction(1), Fraction(0)
    for night in range(365):
        at_risk = sum(row["nights"] >= night for row in stays)
        ended = sum(row["nights"] == night and not row["is_open"] for row in stays)
        staying *= 1 - Fraction(ended, at_risk) if at_risk else 1
        area += staying
    return Fraction(len(booked), len(arrests)) * area


TOGETHER = "all classes"


def avoided(program: Recount, first: date, last: date) -> tuple[list[Record], Callable]:
    classes, custody = baseline(program), custody_of(program)
    together = [row for arrests in classes.values() for row in arrests]
    for_one = {
        name: nights_for_one(arrests) for name, arrests in {**classes, TOGETHER: together}.items() if arrests
    }
    records, saved, later = [], {}, {}
    for row in program.table("arrest"):
        day = row["arrested_at"].date()
        is_counted = program.is_diverted(row) and program.is_eligible(row, day) is not False
        if not is_counted or not first <= day <= last:
            continue
        name = row.get("charge_class") or "Unknown"
        arrests = classes.get(name)
        own = bool(arrests) and min(len(arrests), len(stays_of(arrests))) >= 30
        saved[row["arrest_id"]] = for_one[name if own else TOGETHER] if arrests else None
        nights = {
            night
            for stay in custody.by_arrest.get(row["arrest_id"], [])
            for night in nights_of(stay["booked_at"], stay["out"])
        }
        later[row["arrest_id"]] = sum(day <= night < day + 365 * DAY for night in nights)
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
            ("bookings", at_liberty(booked_on, 0)),
            ("arrests", at_liberty(arrested_on, 1)),
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
    "jail_beds_avoided": beds,
    "jail_cost_avoided": costs,
}
