"""The second opinion on housing and re-arrest: day by day, in plain Python."""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from recount import DAY, Cell, Definition, Record, Recount, dated, events, incidence, people, retention, share

PERMANENT = {410, 411, 421, 422, 423, 426, 435}
INTERIM, PERMANENT_PROJECTS = {0, 1, 2, 8}, {3, 9, 10, 13}
UNKNOWN = {8, 9, 17, 30, 37, 99}
GONE = ("moved away", "prison", "died")
SAFER = PERMANENT | {101, 118, 204, 205, 215, 225, 302, 312, 313, 314, 327, 332}


@dataclass(frozen=True)
class Exit(Record):
    row: dict[str, Any] = field(default_factory=dict)


def is_counted(program: Recount, person_id: Any) -> bool:
    lead = [program.by("person_id", table) for table in ("referral", "enrollment")]
    return not any(lead) or any(person_id in people for people in lead)


def housing(program: Recount) -> list[dict[str, Any]]:
    return [row for row in program.table("housing") if is_counted(program, row["person_id"])]


def moved_in(row: dict[str, Any]) -> date | None:
    day = row.get("moved_in_on")
    is_valid = (
        day
        and row["project_type"] in PERMANENT_PROJECTS
        and row["entered_on"] <= day <= (row.get("exited_on") or day)
    )
    return day if is_valid else None


def seen(program: Recount, person_id: Any) -> list[tuple[date, int]]:
    rows = program.of(person_id, "living_situation")
    found = ((row["observed_on"], row["code"]) for row in rows if row["code"] >= 100)
    return program.once(("seen", person_id), lambda: sorted(found))


def placements(program: Recount, person_id: Any) -> list[date]:
    found = [moved_in(row) for row in program.of(person_id, "housing") if is_counted(program, person_id)]
    situations = seen(program, person_id)
    for number, (day, code) in enumerate(situations):
        before = [each for _, each in situations[:number]]
        started = any(row["started_on"] < day for row in program.of(person_id, "enrollment"))
        is_first = code >= 400 and (before[-1] < 400 if before else started)
        left = [when for when, each in situations[number:] if each < 400]
        if is_first and ((left or [program.as_of])[0] - day).days >= 30 and is_counted(program, person_id):
            found.append(day)
    return sorted(day for day in found if day)


def first_placements(program: Recount) -> Iterator[Record]:
    people_seen = {
        row["person_id"] for table in ("housing", "living_situation") for row in program.table(table)
    }
    for person_id in sorted(people_seen):
        days = placements(program, person_id)
        if days:
            yield Record(
                days[0],
                person_id,
                program.now(person_id, days[0]),
                followed=walk(
                    program,
                    days[0],
                    days_written(program, person_id),
                    lambda day, person_id=person_id, start=days[0]: lost(program, person_id, start, day),
                    lambda day: False,
                    program.death(person_id),
                ),
            )


def losses(program: Recount) -> Iterator[Record]:
    for record in program.once(first_placements, lambda: list(first_placements(program))):
        kind, after = record.followed
        if kind == "event":
            yield Record(record.day + after * DAY, record.person, record.dimensions)


def days_written(program: Recount, person_id: Any) -> set[date | None]:
    stays = program.of(person_id, "housing")
    return {
        *(day for day, _ in seen(program, person_id)),
        *(row.get(column) for row in stays for column in ("entered_on", "exited_on")),
    }


def lost(program: Recount, person_id: Any, start: date, day: date) -> bool:
    own = program.of(person_id, "housing")
    if day > start and any(when == day and code < 200 for when, code in seen(program, person_id)):
        return True
    if day > start and any(row["entered_on"] == day and row["project_type"] in {0, 1, 8} for row in own):
        return True
    for row in own:
        left = moved_in(row) and row.get("exited_on") == day
        if left and row.get("destination") not in PERMANENT | {24}:
            has_other = any(
                moved_in(other)
                and moved_in(other) <= day + 14 * DAY
                and (other.get("exited_on") or date.max) > day
                for other in own
            )
            if not has_other:
                return True
    return False


def walk(
    program: Recount,
    start: date,
    days: Iterable[date | None],
    happens: Callable[[date], bool],
    is_ruled_out: Callable[[date], bool],
    censored_on: date | None = None,
) -> tuple[str, int]:
    """Along the days of which something is written, those of `days`: on others nothing can happen."""
    last = censored_on if censored_on and start <= censored_on < program.as_of else program.as_of
    for day in sorted({*days, last} - {None}):
        if start <= day <= last:
            if happens(day):
                return "event", (day - start).days
            if is_ruled_out(day):
                return "competing", (day - start).days
    return "censored", (last - start).days


def homeless_starts(program: Recount) -> Iterator[Record]:
    found: dict[Any, Record] = {}
    for person_id, _, first, _, members in program.episodes():
        if person_id in found or not 100 <= (start_situation(program, person_id, first) or 0) <= 199:
            continue
        days = placements(program, person_id)
        gone = {program.death(person_id)} | {
            row["exited_on"] for row in program.of(person_id, "enrollment") if row.get("exit_reason") in GONE
        }
        followed = walk(
            program,
            first,
            {*days, *gone},
            lambda day, days=days: day in days,
            lambda day, gone=gone: day in gone,
        )
        found[person_id] = Record(first, person_id, program.enrolled_as(members[0]), followed=followed)
    yield from found.values()


def start_situation(program: Recount, person_id: Any, first: date) -> int | None:
    situations = seen(program, person_id)
    before = [code for day, code in situations if first - 90 * DAY <= day <= first]
    after = [code for day, code in situations if first < day <= first + 30 * DAY]
    return before[-1] if before else after[0] if after else None


def situations_since_start(program: Recount, first: date, last: date) -> tuple[list[Record], Callable]:
    """Told apart by a trait of its own, since the metric has categories of its own."""

    def settled(code: int | None) -> int | None:
        if code is None:
            return None
        return 0 if code < 200 or code == 207 else 1 if code < 400 else 2

    records = []
    for person_id, number, start, _, members in program.episodes():
        if number > 1 or not first <= start <= last:
            continue
        recent = [
            code for day, code in seen(program, person_id) if program.as_of - 90 * DAY <= day <= program.as_of
        ]
        then, now = (
            settled(start_situation(program, person_id, start)),
            settled(recent[-1] if recent else None),
        )
        if then is None or now is None:
            kind = "Not known"
        else:
            kind = "Improved" if now > then else "Worse" if now < then else "Same"
        records.append(Record(start, person_id, program.enrolled_as(members[0]) | {"own": [kind]}))
    return records, people


def housed_then_and_now(program: Recount) -> Iterator[Record]:
    for person_id, number, start, _, members in program.episodes():
        if number > 1:
            continue
        recent = [
            code for day, code in seen(program, person_id) if program.as_of - 90 * DAY <= day <= program.as_of
        ]
        then, now = start_situation(program, person_id, start), (recent or [None])[-1]
        if then is None or now is None:
            kind = "Not known"
        elif then >= 400:
            kind = "Both times" if now >= 400 else "Only when LEAD began"
        else:
            kind = "Only now" if now >= 400 else "Neither time"
        yield Record(start, person_id, program.enrolled_as(members[0]) | {"own": [kind]})


def exits(program: Recount) -> Iterator[Exit]:
    for row in housing(program):
        day = row.get("exited_on")
        if not day:
            continue
        destination = row.get("destination")
        dimensions = program.now(row["person_id"], day) | {
            "destination": ["Unknown" if destination is None else str(destination)]
        }
        yield Exit(day, row["person_id"], dimensions, row=row)


def exits_in(measure: str) -> Callable[[Recount], Iterator[Exit]]:
    """The exits that stand in one of HUD's system measures: 2, 7a or 7b."""

    def stands(row: dict[str, Any]) -> bool:
        kind = row["project_type"]
        if measure == "7a":
            return kind == 4
        if measure == "7b":
            return kind in INTERIM | {13} or (kind in PERMANENT_PROJECTS - {13} and not moved_in(row))
        return kind in INTERIM | PERMANENT_PROJECTS | {4}

    return lambda program: (record for record in exits(program) if stands(record.row))


def by_last_exit(success: Callable[[int], bool], removed: set[int]) -> Callable[[list[Exit]], Cell]:
    def cell(records: list[Exit]) -> Cell:
        last: dict[Any, Exit] = {}
        for record in sorted(records, key=lambda each: (each.day, *order(each.row))):
            last[record.person] = record
        codes = [record.row.get("destination") or 99 for record in last.values()]
        numerator = sum(success(code) for code in codes)
        denominator = sum(code not in removed for code in codes)
        return {
            "numerator": numerator,
            "denominator": denominator,
            "value": 100 * numerator / denominator if denominator else None,
        }

    return cell


def order(row: dict[str, Any]) -> tuple:
    return (
        row["entered_on"],
        row["project_type"],
        row.get("moved_in_on") or date.max,
        row.get("destination") or math.inf,
    )


def exits_to_permanent_housing(records: list[Exit]) -> Cell:
    permanent = [record for record in records if record.row.get("destination") in PERMANENT]
    return by_last_exit(lambda code: code in PERMANENT, {24, 206, 215, 225})(records) | {
        "events": len(permanent),
        "people": len({record.person for record in permanent}),
    }


def returns(days: int) -> Callable[[Recount], Iterator[Record]]:
    def records(program: Recount) -> Iterator[Record]:
        for record in exits_in("2")(program):
            left = record.day
            if record.row.get("destination") not in PERMANENT or left + days * DAY > program.as_of:
                continue
            came_back = any(
                other is not record.row
                and left <= other["entered_on"] <= left + days * DAY
                and (
                    other["project_type"] in INTERIM | {4}
                    or (
                        other["project_type"] in PERMANENT_PROJECTS
                        and (other["entered_on"] - left).days > 14
                        and not is_within_a_home(program, other)
                    )
                )
                for other in program.of(record.person, "housing")
            )
            yield Record(left, record.person, record.dimensions, has=came_back)

    return records


def is_within_a_home(program: Recount, entry: dict[str, Any]) -> bool:
    """Whether the day of entry is one of another permanent housing project: its second, ... 14 after its end."""
    for home in program.of(entry["person_id"], "housing"):
        if home is entry or home["project_type"] not in PERMANENT_PROJECTS:
            continue
        day, end = home["entered_on"] + DAY, (home.get("exited_on") or program.as_of) + 14 * DAY
        while day <= end:
            if day == entry["entered_on"]:
                return True
            day += DAY
    return False


BED_NIGHT = "HMIS, bed night"


def times(program: Recount, rows: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], date, date]]:
    """The days of each enrollment; of night-by-night shelter, where nights are told, those of entry and exit."""
    nights = program.by("source", "living_situation").get(BED_NIGHT, [])
    for row in rows:
        entered, left = row["entered_on"], row.get("exited_on")
        if row["project_type"] != 1 or not nights:
            yield row, entered, left or date.max
        else:
            yield row, entered, entered
            if left:
                yield row, left, left
    for night in nights:
        day = night["observed_on"]
        own = [
            row
            for row in rows
            if row["person_id"] == night["person_id"]
            and row["project_type"] == 1
            and row["entered_on"] <= day
        ]
        if own:
            yield max(own, key=lambda row: row["entered_on"]), day, day


def in_the_system(program: Recount, first: date, last: date) -> tuple[list[Record], Callable]:
    """People in any project on some day of the period, counted or not."""
    found = [
        Record(max(start, first), row["person_id"], program.now(row["person_id"], row["entered_on"]))
        for row, start, end in times(program, program.table("housing"))
        if start <= last and first <= end
    ]
    return found, people


def interim(program: Recount, first: date, last: date) -> tuple[list[Record], Callable]:
    """People in shelter or transitional housing, or seen there, on some day of the period, walked day by day."""
    by_nights = bool(program.by("source", "living_situation").get(BED_NIGHT))
    found = []
    for row in housing(program):
        day = first
        is_interim = row["project_type"] in INTERIM - ({1} if by_nights else set())
        while day <= last and is_interim:
            if row["entered_on"] <= day <= (row.get("exited_on") or date.max):
                found.append(Record(day, row["person_id"], program.now(row["person_id"], row["entered_on"])))
                break
            day += DAY
    for row in program.table("living_situation"):
        day = row["observed_on"]
        if row["code"] in {101, 118, 302} and first <= day <= last and is_counted(program, row["person_id"]):
            found.append(Record(day, row["person_id"], program.now(row["person_id"], day)))
    return found, people


def first_referrals(program: Recount) -> Iterator[dict[str, Any]]:
    for person_id in sorted({row["person_id"] for row in program.table("referral")} - {None}):
        yield program.referrals_of(person_id)[0]


def rearrests(
    counts: Callable[[dict[str, Any]], Any] = lambda arrest: True,
) -> Callable[[Recount], Iterator[Record]]:
    def records(program: Recount) -> Iterator[Record]:
        for row in first_referrals(program):
            start = row["referred_on"]
            days = {
                arrest["arrested_at"].date()
                for arrest in program.of(row["person_id"], "arrest")
                if not arrest.get("is_prior_warrant") and counts(arrest)
            } - {start}
            died = program.death(row["person_id"])
            followed = walk(
                program,
                start,
                {*days, died},
                lambda day, days=days: day in days,
                lambda day, died=died: day == died,
            )
            yield Record(start, row["person_id"], program.referred_as(row), followed=followed)

    return records


REARRESTS = rearrests()


def whole_window(
    records: Callable[[Recount], Iterator[Record]], days: int
) -> Callable[[Recount], Iterator[Record]]:
    def found(program: Recount) -> Iterator[Record]:
        for record in program.once(records, lambda: list(records(program))):
            if record.day + days * DAY <= program.as_of:
                kind, after = record.followed
                yield Record(record.day, record.person, record.dimensions, kind == "event" and after <= days)

    return found


METRICS: dict[str, Definition] = {
    "people_placed_in_permanent_housing": dated(first_placements, people),
    "people_who_lost_first_home": dated(losses, people),
    "people_in_interim_housing": interim,
    "people_in_housing_system": in_the_system,
    "housing_exits": dated(exits, events),
    "exits_to_permanent_housing": dated(exits_in("7b"), exits_to_permanent_housing),
    "exits_from_the_street": dated(exits_in("7a"), by_last_exit(lambda code: code in SAFER, {24, 206, 329})),
    "exits_to_unknown_destinations": dated(
        exits_in("7b"), by_last_exit(lambda code: code in UNKNOWN, {24, 206, 215, 225})
    ),
    **{f"housed_within_{days}_days": dated(homeless_starts, incidence(days)) for days in (90, 182, 365)},
    **{f"still_housed_at_{days}_days": dated(first_placements, retention(days)) for days in (182, 365)},
    **{
        f"returned_to_homelessness_within_{days}_days": dated(returns(days), share)
        for days in (180, 365, 730)
    },
    **{f"rearrested_within_{days}_days": dated(REARRESTS, incidence(days)) for days in (182, 365, 730)},
    "people_housed_in_365_days": dated(whole_window(homeless_starts, 365), share),
    "rearrested_of_those_followed_365_days": dated(whole_window(REARRESTS, 365), share),
    "rearrested_for_new_conduct_within_365_days": dated(
        rearrests(lambda arrest: not arrest.get("is_warrant")), incidence(365)
    ),
    "rearrested_on_new_warrant_within_365_days": dated(
        rearrests(lambda arrest: arrest.get("is_warrant")), incidence(365)
    ),
    "living_situation_since_start": situations_since_start,
    "housed_then_and_now": dated(housed_then_and_now, people),
}
