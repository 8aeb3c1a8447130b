"""The sample's numbers a second time, in plain Python over its typed rows, for one quarter and a cohort year."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from leadstats.catalog import load_metrics
from leadstats.ingest import build
from leadstats.measure import Filters, measure, open_database

SAMPLE = Path(__file__).resolve().parent.parent / "data" / "sample"
FIRST, NEXT = date(2026, 4, 1), date(2026, 7, 1)
LAST = NEXT - timedelta(1)
AS_OF = date(2026, 10, 31)


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    data = tmp_path_factory.mktemp("sample")
    build(SAMPLE, data)
    return open_database(data)


@pytest.fixture(scope="module")
def rows(sample):
    tables = (
        "referral",
        "episode",
        "enrollment",
        "contact",
        "arrest",
        "custody_episode",
        "housing",
        "permanent_exit",
        "person",
    )
    return {table: sample.rows(f"FROM program.{table}") for table in tables}


def shown(sample, name, first=FIRST, last=date(2026, 6, 1)):
    filters = Filters(first, last, by="total")
    (cell,) = measure(sample, load_metrics()[name], filters, audience="analyst").cells
    return cell


def in_quarter(day):
    return day is not None and FIRST <= day < NEXT


def open_on(row, day):
    return row["started_on"] <= day and (row["exited_on"] is None or row["exited_on"] > day)


def people(found):
    return len({row["person_key"] for row in found})


def test_referrals_and_arrests(sample, rows):
    referrals = [row for row in rows["referral"] if in_quarter(row["counted_on"])]
    assert shown(sample, "referrals_received").value == len(referrals)
    assert shown(sample, "people_referred").value == people(referrals)
    for name, pathway in (
        ("social_contact_referrals", "social_contact"),
        ("community_referrals", "community"),
    ):
        assert shown(sample, name).value == sum(row["traits"]["pathway"] == pathway for row in referrals)
    arrests = [row for row in rows["arrest"] if in_quarter(row["counted_on"])]
    eligible = [row for row in arrests if row["is_eligible"]]
    diverted = [row for row in eligible if row["is_diverted"]]
    assert shown(sample, "arrests").value == len(arrests)
    assert shown(sample, "eligible_arrests").value == len(eligible)
    assert shown(sample, "diversion_rate").value == pytest.approx(100 * len(diverted) / len(eligible))
    assert shown(sample, "off_list_diversions").value == sum(
        bool(row["is_diverted"]) and row["is_eligible"] is False for row in arrests
    )


def test_caseload(sample, rows):
    episodes = rows["episode"]
    active = {row["person_key"] for row in episodes if open_on(row, LAST)}
    touched = {
        row["person_key"] for row in rows["contact"] if LAST - timedelta(90) < row["contacted_on"] <= LAST
    }
    assert shown(sample, "active_caseload").value == len(active)
    assert shown(sample, "engaged_caseload").value == len(active & touched)
    assert shown(sample, "people_enrolled").value == people(
        row for row in episodes if in_quarter(row["started_on"])
    )
    assert shown(sample, "people_exited").value == people(
        row for row in episodes if in_quarter(row["exited_on"])
    )
    assert shown(sample, "people_served").value == people(
        row
        for row in episodes
        if row["started_on"] < NEXT and (row["exited_on"] is None or row["exited_on"] >= FIRST)
    )
    assert shown(sample, "contacts_made").value == sum(
        in_quarter(row["contacted_on"]) for row in rows["contact"]
    )


def test_jail_nights_are_midnights(sample, rows):
    nights = sum(
        max(0, (min(row["last_day"], NEXT) - max(row["first_day"], FIRST)).days)
        for row in rows["custody_episode"]
    )
    assert shown(sample, "jail_nights").value == nights
    assert shown(sample, "jail_average_daily_population").value == pytest.approx(nights / (NEXT - FIRST).days)
    assert shown(sample, "jail_bookings").value == sum(
        in_quarter(row["first_day"]) for row in rows["custody_episode"]
    )


def test_exits_from_housing(sample, rows):
    last = {}
    leaving = [row for row in rows["housing"] if row["is_participant"] and in_quarter(row["exited_on"])]
    for row in sorted(leaving, key=lambda each: each["exited_on"]):
        last[row["person_key"]] = row["destination"]
    universe = [code for code in last.values() if code not in (24, 206, 215, 225)]
    permanent = [code for code in universe if code in (410, 411, 421, 422, 423, 426, 435)]
    cell = shown(sample, "exits_to_permanent_housing")
    assert abs(cell.denominator - len(universe)) <= 1  # two exits on one day: either is the last
    assert abs(cell.numerator - len(permanent)) <= 1


def test_arrested_again_within_a_year_of_the_first_referral(sample, rows):
    """Everybody of that year was watched for 365 days, so incidence is a plain share."""
    first, following = date(2024, 7, 1), date(2025, 7, 1)
    start, death = {}, {row["person_key"]: row["death_date"] for row in rows["person"]}
    for row in rows["referral"]:
        day = start.get(row["person_key"], date.max)
        start[row["person_key"]] = min(day, row["counted_on"])
    cohort = {person: day for person, day in start.items() if first <= day < following}
    again = {
        row["person_key"]
        for row in rows["arrest"]
        if row["person_key"] in cohort
        and not row["is_prior_warrant"]
        and 0 < (row["counted_on"] - cohort[row["person_key"]]).days <= 365
        and not (death.get(row["person_key"]) and death[row["person_key"]] < row["counted_on"])
    }
    cell = shown(sample, "rearrested_within_365_days", first, date(2025, 6, 1))
    assert cell.people == len(cohort)
    assert cell.value == pytest.approx(100 * len(again) / len(cohort))
