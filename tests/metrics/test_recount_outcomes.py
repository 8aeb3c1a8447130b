"""Random small programs: jail, housing and re-arrest equal the plain-Python recount."""

import functools
import random
from datetime import date, datetime, timedelta

import pytest
import recount
import recount_jail
import recount_outcomes
from recount_outcomes import BED_NIGHT

from leadstats.counting.catalog import load_metrics
from leadstats.model.schema import PATHWAYS, RACES
from metrics.test_recount import AS_OF, PLACES, as_text, compare

DEFINITIONS = recount_jail.METRICS | recount_outcomes.METRICS
CHARGES = ("Misdemeanor drug", "Theft", "Trespass")
NOBODIES = 8  # stays of nobody known
CODES = (101, 116, 118, 204, 207, 302, 312, 410, 435, 436, 8, 99)
DESTINATIONS = (None, 24, 30, 99, 101, 116, 206, 207, 225, 302, 329, 410, 411, 421, 423, 426, 434, 435)


class Dice(random.Random):
    def perhaps(self, value, chance=0.6):
        return value if self.random() < chance else None

    def day(self, first=date(2024, 6, 1), span=680):
        return first + timedelta(self.randrange(span))

    def moment(self, *days):
        hour = self.choice((0, 0, 1, 8, 12, 18, 23))
        return datetime.combine(self.day(*days), datetime.min.time()) + timedelta(hours=hour)


def random_rows(seed):
    """Rows of thirty people: stays that overlap, touch and never end, homes found, lost and found again."""
    dice = Dice(seed)
    people = range(1, 31)
    rows = {
        "person": [
            {
                "person_id": each,
                "race": dice.perhaps(sorted(dice.sample(RACES, dice.choice((1, 1, 2))))),
                "sex": dice.perhaps(dice.choice(("Woman", "Man"))),
                "gender": dice.perhaps(dice.choice(("Woman", "Man", "Non-binary"))),
                "birth_date": dice.perhaps(dice.day(date(1950, 1, 1), 365 * 54)),
                "death_date": dice.perhaps(dice.day(date(2025, 6, 1), 300), 0.15),
            }
            for each in people
        ],
        "referral": [],
        "enrollment": [],
        "living_situation": [],
        "housing": [],
    }
    for each in people:
        referred = dice.day(date(2025, 1, 1), 200)
        for _ in range(dice.choice((0, 1, 1, 1, 2))):
            rows["referral"].append(
                {
                    "referral_id": len(rows["referral"]) + 1,
                    "person_id": each,
                    "arrest_id": dice.perhaps(dice.randrange(1, 200), 0.3),
                    "referred_on": referred,
                    "pathway": dice.choice(PATHWAYS),
                    "neighborhood": dice.choice(PLACES),
                    "charge_class": dice.perhaps(dice.choice(CHARGES)),
                    "source_agency": dice.perhaps("Police"),
                }
            )
            referred += timedelta(dice.randrange(8, 200))
        for _ in range(dice.choice((0, 1, 1, 2))):
            started = dice.day(date(2024, 12, 1), 400)
            exited = dice.perhaps(started + timedelta(dice.randrange(1, 300)), 0.4)
            rows["enrollment"].append(
                {
                    "enrollment_id": len(rows["enrollment"]) + 1,
                    "person_id": each,
                    "started_on": started,
                    "exited_on": exited,
                    "exit_reason": exited and dice.choice(("moved away", "prison", "needs met", None)),
                    "neighborhood": dice.choice(PLACES),
                }
            )
            observed = started + timedelta(dice.choice((-95, -90, -3, 0, 0, 0, 12, 30, 31)))
            for _ in range(dice.choice((1, 2, 4))):
                rows["living_situation"].append(
                    {"person_id": each, "observed_on": observed, "code": dice.choice(CODES)}
                )
                observed += timedelta(dice.choice((7, 15, 29, 30, 31, 60, 120)))
        entered = dice.day(date(2024, 6, 1), 300)
        for _ in range(dice.choice((0, 1, 2, 3, 4))):
            moved = entered + timedelta(dice.choice((-1, 0, 5, 40)))
            exited = dice.perhaps(entered + timedelta(dice.choice((0, 20, 60, 150))), 0.7)
            rows["housing"].append(
                {
                    "person_id": each,
                    "project_type": dice.choice((0, 1, 1, 2, 3, 3, 4, 6, 8, 9, 10, 13, 13)),
                    "entered_on": entered,
                    "moved_in_on": dice.perhaps(moved, 0.7),
                    "exited_on": exited,
                    "destination": exited and dice.choice(DESTINATIONS),
                }
            )
            # Every other world tells the nights of its night-by-night shelter.
            if seed % 2 and rows["housing"][-1]["project_type"] == 1:
                rows["living_situation"] += [
                    {
                        "person_id": each,
                        "observed_on": entered + timedelta(n),
                        "code": 101,
                        "source": BED_NIGHT,
                    }
                    for n in sorted(dice.sample(range(100), 4))
                ]
            entered = (exited or entered) + timedelta(dice.choice((0, 1, 14, 15, 90, 180, 181)))
    rows["arrest"] = arrests(dice, people)
    rows["jail_stay"] = stays(dice, people, rows["arrest"], has_roster=seed % 2 == 0)
    return rows


def arrests(dice, people):
    """Enough Misdemeanor drug and Theft arrests before the first referral to stand alone; few Trespass."""
    found = []
    for number in range(1, 201):
        is_before = number <= 130
        arrested = dice.moment(date(2024, 3, 1), 290) if is_before else dice.moment(date(2025, 1, 20), 420)
        found.append(
            {
                "arrest_id": number,
                "person_id": dice.perhaps(dice.choice(people), 0.8),
                "arrested_at": arrested,
                "neighborhood": dice.choice(PLACES),
                "charge_class": dice.choice((*CHARGES[:2] * 6, CHARGES[2])),
                "is_charge_eligible": dice.random() < 0.95,
                "is_diverted": False if is_before else dice.random() < 0.5,
                "is_booked": dice.random() < 0.9,
                "is_prior_warrant": dice.perhaps(dice.random() < 0.2),
                "is_warrant": dice.perhaps(dice.random() < 0.3),
            }
        )
    return found


def stays(dice, people, arrests, has_roster):
    found = []

    def stay(person_id, booked_at, arrest_id=None):
        nights = dice.choice((0, 0, 1, 2, 5, 9, 30, 80))
        released = booked_at + timedelta(days=nights, hours=dice.choice((0, 5, 20)))
        released = dice.perhaps(released, 0.93)
        found.append(
            {
                "stay_id": len(found) + 1,
                "person_id": person_id,
                "booked_at": booked_at,
                "released_at": released,
                "is_on_roster": None if released or not has_roster else dice.random() < 0.5,
                "arrest_id": arrest_id,
                "charge_class": dice.perhaps(dice.choice(CHARGES)),
                "race": dice.perhaps(sorted(dice.sample(RACES, dice.choice((1, 2)))), 0.3),
                "sex": dice.perhaps(dice.choice(("Woman", "Man")), 0.3),
            }
        )
        return released

    for row in arrests:
        if row["person_id"] and dice.random() < (0.3 if row["is_diverted"] else 0.8):
            delay = timedelta(days=dice.choice((0, 0, 1, 2, 30)))
            stay(row["person_id"], row["arrested_at"] + delay, dice.perhaps(row["arrest_id"], 0.8))
    for _ in range(60):
        person_id, booked_at = dice.choice(people), dice.moment()
        released = stay(person_id, booked_at)
        if released and dice.random() < 0.3:
            stay(person_id, released + timedelta(hours=dice.choice((-1, 0, 1))))
    for _ in range(NOBODIES):
        stay(None, dice.moment())
    return [row for row in found if not row["released_at"] or row["released_at"] >= row["booked_at"]]


@pytest.fixture(scope="module")
def worlds(make_program, tmp_path_factory):
    """The program of a seed and its rows: one build for all tests that only read it."""

    @functools.cache
    def world(seed):
        rows = random_rows(seed)
        built = make_program(tmp_path_factory.mktemp("world"))
        built.add(**{table: as_text(table_rows) for table, table_rows in rows.items()})
        return built.site(data_through=AS_OF), rows

    return world


@pytest.mark.parametrize(("seed", "by"), [(0, "month"), (1, "quarter"), (2, "total"), (3, "year")])
def test_every_metric_equals_its_recount(worlds, seed, by):
    built, rows = worlds(seed)
    again = recount.Recount(rows, AS_OF, begins=recount.begins_of(built.database))
    for name in DEFINITIONS:
        metric = load_metrics()[name]
        for breakdown in (None, *metric.breakdowns):
            compare(built, again, name, by, DEFINITIONS, breakdown=breakdown)
        for limits in ({"places": ("Ash",)}, {"pathways": ("community", "social_contact")}):
            if all(kind.removesuffix("s") in metric.filters for kind in limits):
                compare(built, again, name, by, DEFINITIONS, **limits)


@pytest.mark.parametrize("seed", [0, 1])
def test_no_person_has_more_nights_than_days_nor_more_than_their_stays(worlds, seed):
    built, rows = worlds(seed)
    apart = sum(
        (
            (stay["released_at"] or datetime.combine(AS_OF, datetime.max.time())).date()
            - stay["booked_at"].date()
        ).days
        + (stay["released_at"] is None)
        for stay in rows["jail_stay"]
    )
    cells = built.measure(
        "jail_nights", first_month=date(2024, 1, 1), last_month=AS_OF.replace(day=1), by="month"
    ).cells

    nights = {
        cell: cell.value for cell in cells if cell.value is not None
    }  # months before the records have none
    assert all(value <= 31 * ((cell.people or 0) + NOBODIES) for cell, value in nights.items())
    assert 0 < sum(nights.values()) <= apart
