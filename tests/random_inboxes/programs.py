"""Random programs as they happened: people and what befell them, before any system wrote it down."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

FIRST, LAST = date(2025, 7, 1), date(2026, 6, 30)
Row = dict[str, Any]
Program = Mapping[str, list[Row]]

PATHWAYS = ("arrest_diversion", "social_contact", "community", "jail_or_court")
RACES = (
    "Black or African American", "White", "Hispanic or Latino", "Asian", "American Indian or Alaska Native",
    "Native Hawaiian or Pacific Islander",
)  # fmt: skip
SEXES = ("Female", "Male")
LIVING = (
    116,
    101,
    435,
    207,
    302,
)  # HUD's: the street, a shelter, a home of one's own, jail, transitional housing
AGENCIES = ("Harbor Police", "Transit Police", "Clínica Norte")
PLACES = ("Mill Row", "North End", "Old Town", "Harbor", "Eastgate")
# The program's own tables, and those of the county's other systems; a newcomer has a few of them.
OWN, OTHERS = (
    ("referral", "enrollment", "contact", "person", "living_situation"),
    ("arrest", "jail_stay", "stop"),
)


def invent(chance: Random) -> Program:
    """The rows of one to four tables, each table's by our columns; ids as the systems write them."""
    tables = chance.sample(OWN, chance.choice((1, 1, 2))) + chance.sample(OTHERS, chance.choice((0, 0, 1)))
    tables += ["population"] * (chance.random() < 0.1)
    if tables == ["person"]:
        tables = ["referral", "person"]  # people alone are no number
    year = _Year(chance)
    return {table: MAKERS[table](year) for table in tables}


class _Year:
    """Chance, the people, and the days of one program's year."""

    def __init__(self, chance: Random):
        self.chance = chance
        first, step = chance.randint(1_000, 90_000), chance.randint(3, 40)
        written = chance.choice(("K{}", "{:08}", "P {}", "{}", "{}-A", "MN{:07}"))
        self.people = [written.format(first + step * number) for number in range(chance.randint(25, 50))]
        # In a year of such days alone nobody can tell the day from the month.
        self.has_low_days = chance.random() < 0.15

    def day(self, before: int = 0) -> date:
        """Any day of the year, so many days before its end or more."""
        on = FIRST + timedelta(days=self.chance.randint(0, (LAST - FIRST).days - before))
        return on.replace(day=self.chance.randint(1, 12)) if self.has_low_days else on

    def moment(self, on: date) -> datetime:
        return datetime(on.year, on.month, on.day, self.chance.randint(0, 23), self.chance.randint(0, 59))

    def later(self, on: date, least: int, most: int, share: float) -> date | None:
        """A day after, for this share; None for the others, and past the end of the year."""
        found = on + timedelta(days=self.chance.randint(least, most))
        if self.has_low_days:
            found = found.replace(day=self.chance.randint(1, 12))
        return found if on < found <= LAST and self.chance.random() < share else None

    def numbers(self, count: int) -> list[str]:
        """Of events: no two alike, in one of the ways that systems number them."""
        start = self.chance.randint(1, 40_000)
        written = self.chance.choice(("{}", "26-{:05}", "R{:06}", "{:07}", "X {}"))
        return [written.format(start + number) for number in range(count)]


def _referrals(year: _Year) -> list[Row]:
    """A few people come again, but not so soon that both would be one referral."""
    people = year.people + year.chance.sample(year.people, 5)
    last: dict[str, date] = {}
    rows = []
    for number, who in zip(year.numbers(len(people)), people, strict=True):
        on = year.day()
        if who in last and abs(on - last[who]).days < 30:
            continue
        last[who] = on
        rows.append(
            {
                "referral_id": number,
                "person_id": who,
                "referred_on": on,
                "pathway": year.chance.choice(PATHWAYS),
                "intake_completed_on": year.later(on, 0, 80, 0.6),
                "source_agency": year.chance.choice(AGENCIES),
            }
        )
    return rows


def _enrollments(year: _Year) -> list[Row]:
    people = year.people[: len(year.people) * 4 // 5]
    rows = []
    for number, who in zip(year.numbers(len(people)), people, strict=True):
        on = year.day()
        rows.append(
            {
                "enrollment_id": number,
                "person_id": who,
                "started_on": on,
                "exited_on": year.later(on, 10, 200, 0.5),
            }
        )
    return rows


def _contacts(year: _Year) -> list[Row]:
    return [
        {"contact_id": number, "person_id": year.chance.choice(year.people), "contacted_on": year.day()}
        for number in year.numbers(year.chance.randint(60, 120))
    ]


def _arrests(year: _Year) -> list[Row]:
    rows = []
    for number in year.numbers(year.chance.randint(50, 90)):
        listed = year.chance.random() < 0.6
        rows.append(
            {
                "arrest_id": number,
                "person_id": year.chance.choice(year.people),
                "arrested_at": year.moment(year.day()),
                "is_charge_eligible": listed,
                "is_diverted": listed and year.chance.random() < 0.4,
                "race": _races(year.chance),
            }
        )
    return rows


def _stops(year: _Year) -> list[Row]:
    return [
        {
            "stop_id": number,
            "stopped_at": year.moment(year.day()),
            "is_arrested": year.chance.random() < 0.3,
            "race": _races(year.chance),
        }
        for number in year.numbers(year.chance.randint(50, 90))
    ]


def _stays(year: _Year) -> list[Row]:
    """One after another, so that no two stays of a person touch; a few still go on."""
    rows = []
    for who in year.people:
        on = FIRST + timedelta(days=year.chance.randint(1, 150))
        while on <= LAST:
            on = on.replace(day=year.chance.randint(1, 10)) if year.has_low_days else on
            longest = 12 - on.day if year.has_low_days else 30
            booked = year.moment(on)
            released = booked + timedelta(minutes=year.chance.randint(90, longest * 24 * 60))
            is_over = released.date() <= LAST and year.chance.random() < 0.97
            rows.append({"person_id": who, "booked_at": booked, "released_at": released if is_over else None})
            if not is_over:
                break
            on = released.date() + timedelta(days=year.chance.randint(32, 200))
    year.chance.shuffle(rows)
    return [{"stay_id": number, **row} for number, row in zip(year.numbers(len(rows)), rows, strict=True)]


def _people(year: _Year) -> list[Row]:
    return [
        {
            "person_id": who,
            "birth_date": date(1950, 1, 1) + timedelta(days=year.chance.randint(0, 18_000)),
            "race": _races(year.chance),
            "sex": year.chance.choice(SEXES),
        }
        for who in year.people
    ]


def _situations(year: _Year) -> list[Row]:
    """No two of a person on one day."""
    seen = {
        (year.chance.choice(year.people), year.day()): year.chance.choice(LIVING)
        for _ in range(year.chance.randint(50, 90))
    }
    return [{"person_id": who, "observed_on": on, "code": code} for (who, on), code in seen.items()]


def _residents(year: _Year) -> list[Row]:
    return [
        {"neighborhood": place, "race": frozenset({race}), "people": year.chance.randint(20, 5_000)}
        for place in PLACES
        for race in RACES
    ]


def _races(chance: Random) -> frozenset[str]:
    """One group, of a few people two, and of some nobody knows."""
    count = chance.choices((0, 1, 2), (1, 17, 2))[0]
    return frozenset(chance.sample(RACES, count))


MAKERS: Mapping[str, Callable[[_Year], list[Row]]] = {
    "referral": _referrals,
    "enrollment": _enrollments,
    "contact": _contacts,
    "arrest": _arrests,
    "stop": _stops,
    "jail_stay": _stays,
    "person": _people,
    "living_situation": _situations,
    "population": _residents,
}
