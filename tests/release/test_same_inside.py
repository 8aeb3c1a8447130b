"""What a release says is what partners read of the same year, or both sides say what is different about it."""

import math
import random
from datetime import date, timedelta

import pytest

from leadstats import release
from leadstats.counting.catalog import load_metrics
from leadstats.counting.view import ANALYST
from leadstats.model.measures import load_estimates, load_measures, public_numbers
from leadstats.release.estimates import estimate_tables
from leadstats.release.plan import PlannedTable, ReleasePlan
from leadstats.release.tables import public_tables
from leadstats.ui.cards.method import facts

YEAR = {"first_month": "2024-01", "last_month": "2024-12", "by": "total"}
PLAN = ReleasePlan(
    tables=(
        PlannedTable("people_first_referred", ("year",), ("outcome",)),
        PlannedTable("people_first_enrolled", ("year",)),
        PlannedTable("people_first_housed", ("year",)),
        PlannedTable("people_first_home_lost", ("year",)),
        PlannedTable("people_died", ("year",)),
        PlannedTable("people_eligible_for_diversion", ("year",), ("outcome",)),
    ),
    estimates=tuple(load_estimates()),
    launch=date(2024, 1, 1),
)
# Of first times and of people, where partners count all times, or records: their titles say so.
OTHERWISE = {"people_referred", "referrals_received", "people_enrolled", "intake_within_30_days"}
PEOPLE = 300


@pytest.fixture(scope="module")
def rows():
    """Of 300 people a year some come twice, lose the home they found, die; of their arrests since LEAD one in three is diverted."""
    dice = random.Random(5)

    def day(year):
        return date(year, 1, 1) + timedelta(days=dice.randrange(360))

    found = {name: [] for name in ("person", "referral", "enrollment", "arrest", "jail_stay", "housing")}
    for number in range(2 * PEOPLE):
        first = 2024 + number // PEOPLE
        person, came = {"person_id": number}, day(first)
        found["person"].append(
            person | ({"death_date": came + timedelta(days=1)} if number % 17 == 0 else {})
        )
        for times in range(1 + (number % 6 == 0)):
            on = came + timedelta(days=20 * times)
            found["referral"].append(
                person
                | {
                    "referral_id": f"R{number}-{times}",
                    "referred_on": on,
                    "arrest_id": f"A{number}-1",
                    "intake_completed_on": on + timedelta(days=10 + 40 * (number % 3 == 0)),
                }
            )
            found["enrollment"].append(person | {"started_on": on, "exited_on": on + timedelta(days=1)})
        moved = day(first)
        lost = moved + timedelta(days=200) if number % 8 == 0 else ""
        if number % 2 == 0:
            found["housing"].append(
                person
                | {"project_type": 3, "entered_on": moved, "moved_in_on": moved, "exited_on": lost}
                | ({"destination": 116} if lost else {})
            )
        for times, year in enumerate((2023, first, first)):
            arrest = f"A{number}-{times}"
            at = day(year)
            found["arrest"].append(
                person
                | {
                    "arrest_id": arrest,
                    "arrested_at": at,
                    "charge_class": dice.choice(["Drugs", "Theft"]),
                    "is_charge_eligible": "yes",
                    "is_diverted": "yes" if year == first and number % 3 == times % 3 else "no",
                    "is_booked": "yes" if year == 2023 else "no",
                }
            )
            if year == 2023:
                stay = {"stay_id": f"S{number}", "arrest_id": arrest, "booked_at": at}
                nights = dice.randrange(1, 40)
                found["jail_stay"].append(person | stay | {"released_at": at + timedelta(days=nights)})
    return found


@pytest.fixture
def published(typed, rows):
    """By the name of a public number what a release says of the year."""
    typed.add(**rows).site(
        data_through=date(2026, 6, 30),
        baseline={"first": date(2023, 1, 1), "last": date(2023, 12, 31)},
        eligible_charges=[{"charge_class": each, "first": date(2023, 1, 1)} for each in ("Drugs", "Theft")],
    )
    parts = release.prepare(typed.database, PLAN, [], b"a secret of the site")
    tables = [
        table
        for part in parts
        for hidden in part.hidden
        for table in public_tables(part.measure, hidden, PLAN, is_sum=hidden is part.sums)
    ]
    found = {}
    for table in tables:
        told = {codes[1:]: number for codes, number in table.numbers.items() if codes[0] == "2024"}
        if table.levels == ("year",):
            found[f"{table.measure.name}_{table.measure.sum_unit}" if table.is_sum else table.series] = told[
                ()
            ]
        elif table.levels == ("year", "outcome") and (table.is_sum or not table.measure.sum_unit):
            yes, no = told["yes",], told["no",]
            found |= {
                f"{table.measure.name}_yes": yes,
                f"{table.measure.name}_percent": 100 * yes / (yes + no),
            }
    for table in estimate_tables(typed.database, PLAN, tables, ()):
        found[table.estimate.series] = table.rows["2024"]
    return found


def test_the_same_question_has_the_same_answer_or_the_cards_say_why_not(typed, published):
    looked_at, estimates = set(), load_estimates()
    for name, number in published.items():
        public = public_numbers()[name]
        for asked in public.stands_for:
            metric = load_metrics()[asked]
            (inside,) = typed.measure(asked, ANALYST, **YEAR).cells
            looked_at.add(asked)
            if asked in estimates:
                assert abs(inside.value - number.value) <= number.step / 2
                assert number.low <= inside.low
                assert inside.high <= number.high
            elif asked in OTHERWISE:
                assert public.title != metric.title
            else:
                assert math.isclose(inside.value, number, abs_tol=1e-9), (asked, inside.value, number)
            assert public.definition in str(facts(metric))
    asked_for = {asked for each in public_numbers().values() for asked in each.stands_for}
    assert looked_at == asked_for, asked_for - looked_at
    assert len(load_measures()) == len(PLAN.tables)
