"""Random small programs: every metric equals the plain-Python recount, for all breakdowns and periods."""

import functools
import random
from datetime import date, datetime, timedelta

import pytest
import recount

from leadstats.counting.catalog import load_metrics
from leadstats.model import periods
from leadstats.model.schema import PATHWAYS, RACES

AS_OF = date(2026, 3, 17)
FIRST, LAST = date(2025, 4, 1), date(2026, 3, 1)
PLACES = ("Ash", "Elm", None)
CHARGES = ("Misdemeanor drug", "Theft", None)
LIST = [("Misdemeanor drug", date(2025, 1, 1), date(2025, 10, 31)), ("Theft", date(2025, 9, 1), None)]


def random_rows(seed):
    """Rows of about twenty people, with what real exports have: gaps, overlaps, returns, late news."""
    dice, ends = random.Random(seed), random.Random(f"ends of {seed}")
    reasons = random.Random(f"reasons of {seed}")
    people = range(1, 21)

    def day():
        """Mostly a day on which something turns: a month's end, or a window before one."""
        month_end = periods.following_month(date(2024, 9, 1) + timedelta(dice.randrange(560))) - timedelta(1)
        return month_end - timedelta(dice.choice((-1, 0, 0, 1, 89, 90, 90, 91, dice.randrange(30))))

    def birthday():
        years = dice.choice((18, 18, 25, 35, 45, 55, 65))
        turns = day()
        return turns.replace(year=turns.year - years, day=min(turns.day, 28))

    def perhaps(value, chance=0.6):
        return value if dice.random() < chance else None

    def races():
        return sorted(dice.sample(RACES, dice.choice((1, 1, 1, 2, 3))))

    person = [
        {
            "person_id": each,
            "race": perhaps(races(), 0.8),
            "sex": perhaps(dice.choice(("Woman", "Man"))),
            "gender": perhaps(dice.choice(("Woman", "Man", "Non-binary"))),
            "birth_date": perhaps(birthday(), 0.7),
            "birth_year": perhaps(dice.randrange(1960, 2009)),
        }
        for each in people
        if dice.random() < 0.9
    ]
    referral, enrollment, contact, arrest, stop = [], [], [], [], []
    for each in people:
        own_days = []
        for _ in range(dice.choice((0, 1, 1, 2, 3))):
            referred = day()
            own_days.append(referred)
            referral.append(
                {
                    "referral_id": len(referral) + 1,
                    "person_id": each,
                    "arrest_id": perhaps(dice.randrange(1, 60), 0.3),
                    "referred_on": referred,
                    "pathway": dice.choice(PATHWAYS),
                    "neighborhood": dice.choice(PLACES),
                    "charge_class": dice.choice(CHARGES),
                    "source_agency": perhaps(dice.choice(("Police", "Sheriff"))),
                    "intake_completed_on": perhaps(
                        referred + timedelta(dice.choice((0, 7, 14, 15, 30, 60, 90, 120)))
                    ),
                    "closed_on": perhaps(referred + timedelta(dice.choice((0, 5, 14, 45, 100))), 0.3),
                    "screening": perhaps(dice.choice(("eligible", "pending"))),
                    "approved_on": perhaps(referred + timedelta(dice.choice((0, 7, 30))), 0.3),
                    "closed_reason": reasons.choice(("not found", "declined", "other reason", None)),
                    "roi_signed_on": reasons.choice((None, referred, referred + timedelta(30))),
                    "diversion_result": ends.choice(("graduated", "failed", "open", None)),
                    "diversion_ended_on": ends.choice(
                        (None, *(referred + timedelta(n) for n in (0, 30, 90)))
                    ),
                }
            )
        for _ in range(dice.choice((0, 1, 1, 1, 2, 3))):
            # On the day of a referral, of an exit, or the day after one.
            started = dice.choice([day(), *own_days]) + timedelta(dice.choice((0, 0, 1)))
            exited = perhaps(started + timedelta(dice.choice((0, 1, 30, 90, 180, 400))), 0.6)
            own_days.append(exited or started)
            enrollment.append(
                {
                    "enrollment_id": len(enrollment) + 1,
                    "person_id": each,
                    "started_on": started,
                    "exited_on": exited,
                    "exit_reason": exited and reasons.choice(("needs met", "died", None)),
                    "case_manager": perhaps(dice.choice(("Manager 1", "Manager 2"))),
                    "neighborhood": dice.choice(PLACES),
                }
            )
            # Before exits, contacts come in bursts: at, just inside and just outside of the window.
            touched = started
            for _ in range(dice.choice((0, 2, 6))):
                touched += timedelta(dice.choice((0, 3, 30, 60, 89, 90, 91)))
                contact.append(
                    {
                        "contact_id": len(contact) + 1,
                        "person_id": each,
                        "contacted_on": touched,
                        "kind": reasons.choice(("in person", "outreach", None)),
                        "need": reasons.choice(("housing", "legal", "other need", None)),
                    }
                )
    for row in person:
        starts = [each["referred_on"] for each in referral if each["person_id"] == row["person_id"]]
        if starts and dice.random() < 0.3:
            row["death_date"] = max(starts) + timedelta(dice.choice((0, 14, 60)))
    for number in range(1, 61):
        arrest.append(
            {
                "arrest_id": number,
                "person_id": perhaps(dice.choice(people), 0.8),
                "arrested_at": datetime.combine(day(), datetime.min.time())
                + timedelta(seconds=dice.choice((0, 86399))),
                "neighborhood": dice.choice(PLACES),
                "charge_class": dice.choice(CHARGES),
                "agency": reasons.choice(("Police", "Sheriff", None)),
                "is_charge_eligible": dice.choice((True, True, False, None)),
                "is_diverted": dice.choice((True, False, None, None)),
                "is_booked": dice.choice((True, False, None)),
                "race": perhaps(races(), 0.5),
            }
        )
        stop.append(
            {
                "stop_id": number,
                "stopped_at": datetime.combine(day(), datetime.min.time()),
                "neighborhood": dice.choice(PLACES),
                "race": perhaps(races()),
                "is_arrested": perhaps(dice.random() < 0.3),
            }
        )
    legal = random.Random(f"law of {seed}")
    cases = []
    for number, row in enumerate((*arrest, *arrest[::3]), 1):
        offense = row["arrested_at"].date()

        def later(chance, *days, offense=offense):
            return offense + timedelta(legal.choice(days)) if legal.random() < chance else None

        cases.append(
            {
                "case_id": number,
                "person_id": row["person_id"] if legal.random() < 0.9 else legal.choice(people),
                "arrest_id": row["arrest_id"] if legal.random() < 0.5 else None,
                "offense_on": offense,
                "charge_class": row["charge_class"],
                "filed_on": later(0.6, 0, 30, 182, 183),
                "declined_on": later(0.2, 10, 60),
                "dismissed_on": later(0.3, 40, 200),
                "warrant_issued_on": later(0.4, 20, 80),
                "warrant_cleared_on": later(0.3, 90, 150),
            }
        )
    return {
        "legal_case": cases,
        "person": person,
        "referral": referral,
        "enrollment": enrollment,
        "contact": contact,
        "arrest": arrest,
        "stop": stop,
    }


def as_text(rows):
    def cell(value):
        return ";".join(value) if isinstance(value, list) else "" if value is None else value

    return [{name: cell(value) for name, value in row.items()} for row in rows]


def spans_of(by):
    """Label -> half-open span of days, walked month by month."""
    spans, month = {}, FIRST
    while month <= LAST:
        label = periods.label(month, by)
        spans[label] = (spans.get(label, (month,))[0], periods.following_month(month))
        month = periods.following_month(month)
    return spans


@pytest.fixture(scope="module")
def worlds(make_program, tmp_path_factory):
    """The program of a seed and its recount: one build for all tests that only read it."""

    @functools.cache
    def world(seed):
        rows = random_rows(seed)
        listed = LIST if seed else []
        built = make_program(tmp_path_factory.mktemp("world"))
        built.add(**{table: as_text(table_rows) for table, table_rows in rows.items()})
        charges = [
            {"charge_class": charge, "first": first} | ({"last": last} if last else {})
            for charge, first, last in listed
        ]
        built.site(data_through=AS_OF, **({"eligible_charges": charges} if charges else {}))
        rows["referral"] = without_repeats(rows["referral"])
        return built, recount.Recount(rows, AS_OF, eligible_charges=listed)

    return world


@pytest.fixture
def counted_twice(seed, worlds):
    return worlds(seed)


def without_repeats(referrals):
    kept = []
    for row in sorted(referrals, key=lambda row: (row["referred_on"], row["referral_id"])):
        earlier = [
            each
            for each in kept
            if (each["person_id"], each["pathway"]) == (row["person_id"], row["pathway"])
        ]
        if not earlier or (row["referred_on"] - earlier[-1]["referred_on"]).days > 7:
            kept.append(row)
    return kept


@pytest.mark.parametrize(("seed", "by"), [(0, "month"), (1, "quarter"), (2, "total"), (3, "year")])
def test_every_metric_equals_its_recount(counted_twice, by):
    program, again = counted_twice
    for name in recount.METRICS:
        metric = load_metrics()[name]
        for breakdown in (None, *metric.breakdowns):
            compare(program, again, name, by, breakdown=breakdown)
        for limits in ({"places": ("Ash",)}, {"pathways": ("community", "social_contact")}):
            if all(kind.removesuffix("s") in metric.filters for kind in limits):
                compare(program, again, name, by, **limits)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("by", ["month", "quarter", "year", "total"])
def test_who_was_there_and_who_came_less_who_left_are_who_is_there(counted_twice, by):
    program, _ = counted_twice

    def events(name):
        cells = program.measure(name, first_month=FIRST, last_month=LAST, by=by).cells
        return [cell.value if cell.events is None else cell.events for cell in cells]

    start, new, back, left, end = map(
        events,
        ("caseload_at_start", "new_people", "people_reentered", "people_exited", "active_caseload"),
    )
    assert [sum(each) for each in zip(start, new, back, strict=True)] == [
        sum(each) for each in zip(left, end, strict=True)
    ]
    if by == "month":
        assert start[1:] == end[:-1]


def compare(program, again, name, by, definitions=recount.METRICS, **limits):
    published = program.measure(name, first_month=FIRST, last_month=LAST, by=by, **limits)
    expected = {
        (label, category): cell
        for label, span in spans_of(by).items()
        for category, cell in recount.recount(again, name, span, definitions=definitions, **limits).items()
    }
    for cell in published.cells:
        wanted = expected.pop((cell.period, cell.category), None)
        context = (name, by, limits, cell, wanted)
        if wanted is None:
            assert not cell.people and not cell.denominator and not cell.value, context
            continue
        for what, number in wanted.items():
            assert getattr(cell, what) == pytest.approx(number, abs=1e-9), context
    assert not expected, (name, by, limits, expected)
