"""Jail metrics on rows that can be counted by hand; the numbers of careless counts stand beside them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from leadstats.briefing import View
from leadstats.briefing.before_after import costs
from leadstats.counting.view import FilterError, Filters
from leadstats.model.settings import ProgramCost

FEBRUARY = {"month": "2024-02", "by": "month"}

# Six people in February 2024, one of them with two overlapping stays, one inside still, one who is
# neither released nor on the roster.
WINTER = [
    {"person_id": 1, "booked_at": "2024-01-28 22:00", "released_at": "2024-02-03 09:00"},
    {"person_id": 2, "booked_at": "2024-02-05 10:00", "released_at": "2024-02-05 18:00"},
    {"person_id": 2, "booked_at": "2024-02-10 12:00", "released_at": "2024-02-14 08:00"},
    {"person_id": 2, "booked_at": "2024-02-12 12:00", "released_at": "2024-02-16 08:00"},
    {"person_id": 3, "booked_at": "2024-02-27 01:00", "released_at": "2024-03-08 09:00"},
    {"person_id": 4, "booked_at": "2024-02-20 15:00", "is_on_roster": "true"},
    {"person_id": 5, "booked_at": "2024-02-08 15:00", "is_on_roster": "false"},
    {"person_id": 6, "booked_at": "2024-02-16 23:50", "released_at": "2024-02-17 00:20"},
]


def day(start, shift):
    return (date.fromisoformat(start) + timedelta(days=shift)).isoformat()


@pytest.fixture
def winter(program):
    return program.add(jail_stay=WINTER).site(data_through=date(2024, 3, 9))


class TestWholeJail:
    def test_nights_are_midnights_inside(self, winter):
        # 25 unclipped, 24 without the union, 46 with the unresolved stay, 12 without open ones, 20 with
        # a month of 28 days, 23 if a day counted as a night, 26 with both ends.
        cell = winter.cell("jail_nights", **FEBRUARY)

        assert (cell.value, cell.people) == (22, 5)

    def test_nights_that_no_roster_confirms_stand_beside_the_others(self, winter):
        # Person 5 could have stayed from the 8th on.
        assert winter.value("jail_nights_in_doubt", **FEBRUARY) == 22

    def test_no_night_is_in_doubt_that_another_stay_accounts_for(self, winter):
        winter.add(
            jail_stay=[
                {"person_id": 5, "booked_at": "2024-02-10 09:00", "released_at": "2024-02-14 09:00"},
                {"person_id": 5, "booked_at": "2024-02-12 09:00", "released_at": "2024-02-15 09:00"},
                {"person_id": 5, "booked_at": "2024-02-20 09:00", "is_on_roster": "true"},
            ]
        )

        assert winter.value("jail_nights_in_doubt", **FEBRUARY) == 2 + 5

    def test_a_booking_without_a_night_is_a_booking(self, winter):
        cell = winter.cell("jail_bookings", **FEBRUARY)

        assert (cell.value, cell.people) == (5, 4)

    def test_average_daily_population(self, winter):
        cell = winter.cell("jail_average_daily_population", **FEBRUARY)

        assert (cell.value, cell.events) == (pytest.approx(22 / 29), 22)

    def test_nights_by_person_are_the_census_of_all_midnights(self, winter):
        census = winter.rows(
            """
            SELECT count(*) AS inside
            FROM range(TIMESTAMP '2024-02-02', TIMESTAMP '2024-03-02', INTERVAL 1 DAY) AS nights (midnight)
            INNER JOIN program.custody_episode ON in_at < midnight AND out_at >= midnight
            """
        )

        assert census == [{"inside": 22}]

    def test_three_means_of_the_length_of_stay(self, winter):
        assert winter.value("jail_nights_per_release", **FEBRUARY) == 3.25
        assert winter.value("jail_nights_per_booking", **FEBRUARY) == 4.4

    def test_a_release_belongs_to_the_month_of_its_day(self, program):
        program.add(
            jail_stay=[
                {"person_id": 1, "booked_at": "2024-01-30", "released_at": "2024-02-01"},
                {"person_id": 2, "booked_at": "2024-02-20", "released_at": "2024-02-29"},
                {"person_id": 3, "booked_at": "2024-02-01", "released_at": "2024-03-01"},
            ]
        ).site(data_through=date(2024, 4, 30))

        assert program.values("jail_nights_per_release", first_month="2024-01", last_month="2024-03") == {
            "2024-01": None,
            "2024-02": (2 + 9) / 2,
            "2024-03": 29,
        }

    def test_population_by_flow_is_bookings_a_day_times_mean_stay(self, winter):
        # Stays of 0, 1, 6, 10 and more than 19 nights: 7.2 on average, not the 4.25 of those that ended.
        cell = winter.cell("jail_population_by_flow", **FEBRUARY)

        assert (cell.value, cell.events) == (pytest.approx(5 / 29 * 7.2), 5)

    def test_months_add_up_to_the_quarter(self, winter):
        quarter = {"first_month": "2024-01", "last_month": "2024-03"}

        assert winter.values("jail_nights", **quarter, by="month") == {
            "2024-01": 4,
            "2024-02": 22,
            "2024-03": 7 + 9,
        }
        assert winter.value("jail_nights", **quarter, by="quarter") == 42

    def test_without_any_roster_an_open_stay_is_still_inside(self, program):
        program.add(jail_stay=[{"person_id": 5, "booked_at": "2024-02-08 15:00"}])
        program.site(data_through=date(2024, 2, 29))

        assert program.value("jail_nights_in_doubt", **FEBRUARY) == 22

        assert program.value("jail_nights", **FEBRUARY) == 22

    def test_out_in_the_morning_and_in_again_at_night_is_two_bookings_without_a_shared_night(self, program):
        program.add(
            jail_stay=[
                {"booked_at": "2024-02-01 12:00", "released_at": "2024-02-04 08:00"},
                {"booked_at": "2024-02-04 18:00", "released_at": "2024-02-06 08:00"},
            ]
        ).site(data_through=date(2024, 2, 29))

        assert program.value("jail_bookings", **FEBRUARY) == 2
        assert program.value("jail_nights", **FEBRUARY) == 5

    def test_a_stay_within_another_changes_nothing(self, program):
        program.add(
            jail_stay=[
                {"booked_at": "2024-02-01 12:00", "released_at": "2024-02-20 08:00"},
                {"booked_at": "2024-02-03 12:00", "released_at": "2024-02-04 08:00"},
                {"booked_at": "2024-02-20 08:00", "released_at": "2024-02-21 08:00"},
            ]
        ).site(data_through=date(2024, 2, 29))

        assert program.value("jail_bookings", **FEBRUARY) == 1
        assert program.value("jail_nights", **FEBRUARY) == 20

    def test_adp_is_not_admissions_per_day(self, program):
        # 12 people a day, each out the same evening: a manual calls 360 / 30 the population.
        program.add(
            jail_stay=[
                {
                    "person_id": person,
                    "booked_at": f"2024-04-{1 + person % 30:02} 08:00",
                    "released_at": f"2024-04-{1 + person % 30:02} 20:00",
                }
                for person in range(360)
            ]
        ).site(data_through=date(2024, 4, 30))

        assert program.value("jail_bookings", month="2024-04") == 360
        assert program.value("jail_average_daily_population", month="2024-04") == 0

    def test_the_race_the_jail_noted_wins_over_the_person_s(self, program):
        program.add(
            person=[{"person_id": 1, "race": "White", "sex": "Female", "birth_date": "1999-02-02"}],
            jail_stay=[
                {"booked_at": "2024-02-01", "released_at": "2024-02-02", "race": "Asian;White"},
                {"booked_at": "2024-02-05", "released_at": "2024-02-07", "sex": "Male"},
            ],
        ).site(data_through=date(2024, 2, 29))

        def shown(breakdown):
            values = program.values("jail_nights", breakdown=breakdown, **FEBRUARY)
            return {category: value for category, value in values.items() if value}

        assert shown("race") == {"Two or more": 1, "White": 2}
        assert shown("race_alone_or_in_combination") == {"Asian": 1, "White": 3}
        assert shown("sex") == {"Female": 1, "Male": 2}
        assert shown("age_band") == {"18-24": 1, "25-34": 2}

    def test_the_whole_jail_has_no_neighborhood_and_says_so(self, winter):
        for name in ("jail_bookings", "jail_nights", "jail_average_daily_population"):
            with pytest.raises(FilterError, match="cannot be filtered by place"):
                winter.measure(name, places=("Unknown",))
            assert "whole jail" in winter.measure(name).metric.title


# Nights before, nights after, days observed; the last person dies.
FIVE = [(40, 10, 365), (0, 5, 365), (90, 0, 365), (20, 30, 200), (10, 0, 100)]
REFERRED = ["2024-01-10", "2024-01-10", "2024-01-10", day("2025-06-01", -200), "2024-03-01"]
ALL_TIME = {"first_month": "2024-01", "last_month": "2025-05", "by": "total"}


@pytest.fixture
def five(program):
    stays = []
    for person, (start, (before, after, _)) in enumerate(zip(REFERRED, FIVE, strict=True)):
        stays += [
            {"person_id": person, "booked_at": day(start, -150), "released_at": day(start, before - 150)},
            {"person_id": person, "booked_at": day(start, 50), "released_at": day(start, after + 50)},
        ]
    return program.add(
        person=[{"person_id": 4, "death_date": day(REFERRED[4], 100)}],
        referral=[{"person_id": person, "referred_on": start} for person, start in enumerate(REFERRED)],
        jail_stay=stays,
    ).site(data_through=date(2025, 5, 31))


class TestBeforeAndAfter:
    def test_nights_are_divided_by_the_days_observed(self, five):
        before = five.cell("jail_nights_before", **ALL_TIME)
        after = five.cell("jail_nights_after", **ALL_TIME)

        # 9.0 as if all five had been followed for a year, 13.95 as the mean of their own rates.
        assert (before.value, before.people) == (pytest.approx(32.0), 5)
        assert (after.value, after.people) == (pytest.approx(11.774, abs=1e-3), 5)
        assert after.low < after.value < after.high

    def test_people_followed_for_the_full_year(self, five):
        before = five.cell("jail_nights_before_full_years", **ALL_TIME)
        after = five.cell("jail_nights_after_full_years", **ALL_TIME)

        assert (before.value, before.people) == (pytest.approx(130 / 3), 3)
        assert (after.value, after.people) == (pytest.approx(5), 3)

    def test_the_change_keeps_both_years_of_a_person_together(self, five):
        change = five.cell("jail_nights_change", **ALL_TIME)

        assert change.value == pytest.approx(-20.23, abs=0.01)
        assert (change.low, change.high) == pytest.approx((-58, 13), abs=1)

    def test_the_months_around_the_referral_hold_all_nights_of_theirs(self, five):
        cells = five.measure("jail_nights_around_referral", **ALL_TIME).cells

        assert [cell.category for cell in cells][10:14] == ["-2", "-1", "+1", "+2"]
        assert sum(cell.events for cell in cells[:12]) == 160
        assert sum(cell.events for cell in cells[12:]) == 45
        assert [cell.people for cell in cells[12:]] == [5] * 4 + [4] * 3 + [3] * 5

    def test_the_year_before_has_365_days(self, program):
        # Twelve calendar months would begin one day earlier and hold 6 nights.
        program.add(
            referral=[{"referred_on": "2024-03-01"}],
            jail_stay=[
                {"booked_at": "2023-02-20 12:00", "released_at": "2023-03-07 12:00"},
                {"booked_at": "2024-12-30 12:00", "released_at": "2024-12-31 12:00"},
            ],
        ).site(data_through=date(2024, 12, 30))

        assert program.cell("jail_nights_before", month="2024-03").events == 5
        after = program.cell("jail_nights_after", month="2024-03")
        assert (after.events, after.value) == (1, pytest.approx(365 / 305))

    def test_somebody_without_any_stay_has_no_night(self, program):
        program.add(
            referral=[{"person_id": 1, "referred_on": "2024-03-01"}],
            jail_stay=[{"person_id": 2, "booked_at": "2024-03-02", "released_at": "2024-03-03"}],
        ).site(data_through=date(2024, 6, 8))

        assert program.value("jail_nights_before", month="2024-03") == 0
        assert program.value("jail_nights_after", month="2024-03") == 0

    def test_the_first_referral_counts(self, program):
        program.add(
            referral=[{"referred_on": "2024-05-01"}, {"referred_on": "2024-03-01"}],
            jail_stay=[{"booked_at": "2024-03-02", "released_at": "2024-03-12"}],
        ).site(data_through=date(2024, 6, 8))

        assert program.values("jail_nights_after", first_month="2024-03", last_month="2024-05") == {
            "2024-03": pytest.approx(3650 / 100),
            "2024-04": None,
            "2024-05": None,
        }

    @pytest.mark.parametrize(
        ("pathway", "booked_at", "expected"),
        [
            ("jail_or_court", "2024-03-01 09:00", {"2024-03": None, "2024-04": 0}),
            ("community", "2024-02-28 09:00", {"2024-03": None, "2024-04": 0}),
            ("community", "2024-03-01 09:00", {"2024-03": 40 * 365 / 101, "2024-04": None}),
        ],
    )
    def test_referred_out_of_jail_counts_from_the_release(self, program, pathway, booked_at, expected):
        program.add(
            referral=[{"referred_on": "2024-03-01", "pathway": pathway}],
            jail_stay=[{"booked_at": booked_at, "released_at": "2024-04-10 09:00"}],
        ).site(data_through=date(2024, 6, 9))

        found = program.values("jail_nights_after", first_month="2024-03", last_month="2024-04")

        assert found == {
            month: None if value is None else pytest.approx(value) for month, value in expected.items()
        }

    def test_referred_in_jail_and_still_there_has_no_year_after_yet(self, program):
        program.add(
            referral=[{"referred_on": "2024-03-01", "pathway": "jail_or_court"}],
            jail_stay=[{"booked_at": "2024-02-01", "is_on_roster": "yes"}],
        ).site(data_through=date(2024, 6, 8))

        assert (
            program.cell("jail_nights_after", first_month="2024-03", last_month="2024-06", by="total").people
            == 0
        )


class TestAtLiberty:
    def test_who_was_inside_before_the_records_begin_was_not_booked_then(self, program):
        start = "2024-03-01"
        program.add(
            referral=[{"person_id": 1, "referred_on": start}],
            jail_stay=[
                {"booked_at": day(start, -300), "released_at": day(start, -235), "is_already_inside": "yes"},
                {"booked_at": day(start, -10), "released_at": day(start, -10)},
            ],
        ).site(data_through=date(2025, 12, 31))

        found = program.value("bookings_before_full_years", month="2024-03", by="total")

        assert found == pytest.approx(365 * 1 / 300)

    def test_bookings_and_arrests_are_divided_by_days_outside(self, program):
        start = "2024-03-01"
        program.add(
            referral=[{"person_id": 1, "referred_on": start}],
            jail_stay=[
                {"booked_at": day(start, -300), "released_at": day(start, -235)},
                {"booked_at": day(start, -10), "released_at": day(start, -10)},
                {"booked_at": day(start, 0), "released_at": day(start, 65)},
                {"booked_at": day(start, 364), "released_at": day(start, 400)},
            ],
            arrest=[
                {"person_id": 1, "arrested_at": day(start, shift)}
                for shift in (-366, -365, -1, 0, 1, 364, 365)
            ],
        ).site(data_through=date(2025, 12, 31))
        month = {"month": "2024-03", "by": "total"}

        # Over all days it would be 2.0 before and after.
        assert program.value("bookings_before_full_years", **month) == pytest.approx(365 * 2 / 300)
        assert program.value("bookings_after_full_years", **month) == pytest.approx(365 * 2 / (365 - 66))
        assert program.value("arrests_before_full_years", **month) == pytest.approx(365 * 2 / 300)
        assert program.value("arrests_after_full_years", **month) == pytest.approx(365 * 2 / (365 - 66))


class TestComparison:
    """Two people in LEAD, 32 nights before and 12 after on average; three not diverted, 30 and 24."""

    GROUPS = {"LEAD": [(40, 20), (24, 4)], "others": [(30, 24), (20, 30), (40, 18)]}
    MONTH = {"first_month": "2024-01", "last_month": "2024-12", "by": "total"}

    @pytest.fixture
    def both(self, program):
        stays, arrested, referred = [], [], []
        for group, people in self.GROUPS.items():
            for number, (before, after) in enumerate(people):
                person, start = f"{group}-{number}", "2024-03-05"
                stays += [
                    {
                        "person_id": person,
                        "booked_at": day(start, -100),
                        "released_at": day(start, before - 100),
                    },
                    {
                        "person_id": person,
                        "booked_at": day(start, 100),
                        "released_at": day(start, after + 100),
                    },
                ]
                arrested.append(
                    {
                        "person_id": person,
                        "arrested_at": start,
                        "is_charge_eligible": "yes",
                        "is_diverted": "yes" if group == "LEAD" else "no",
                    }
                )
                if group == "LEAD":
                    referred.append({"person_id": person, "referred_on": start})
        # Whom it led to LEAD later on stays where the first arrest put them.
        referred.append({"person_id": "others-0", "referred_on": "2025-02-01"})
        return program.add(jail_stay=stays, arrest=arrested, referral=referred).site(
            data_through=date(2025, 12, 31)
        )

    def test_change_of_each_group(self, both):
        assert both.values("jail_nights_change_by_group", **self.MONTH) == {
            "Referred to LEAD": pytest.approx(-20),
            "Arrested and not diverted": pytest.approx(-6),
        }

    def test_change_beyond_that_of_the_others(self, both):
        # -20 without them.
        cell = both.cell("jail_nights_change_beyond_comparison", **self.MONTH)

        assert (cell.value, cell.people, cell.numerator) == (pytest.approx(-14), 5, 2)
        assert cell.low < -14 < cell.high

    def test_quarters_before(self, both):
        values = both.values("jail_nights_before_by_group", **self.MONTH)

        # 100 days before begins in the second quarter before.
        assert values["Referred, 10 to 12 months before"] == 0
        assert values["Referred, 4 to 6 months before"] == pytest.approx(365 * 9 / 91)
        assert values["Referred, 1 to 3 months before"] == pytest.approx(365 * (31 + 15) / 2 / 91)

    def test_nobody_is_compared_who_was_in_lead_before_or_whose_charge_is_off_the_list(self, both):
        both.add(
            person=[{"person_id": "dead", "death_date": "2024-06-01"}],
            arrest=[
                {"person_id": "LEAD-0", "arrested_at": "2024-09-05", "is_charge_eligible": "yes"},
                {"person_id": "off", "arrested_at": "2024-09-05", "is_charge_eligible": "no"},
                {"person_id": "dead", "arrested_at": "2024-05-05", "is_charge_eligible": "yes"},
                {"person_id": "early", "arrested_at": "2024-02-05", "is_charge_eligible": "yes"},
                {"person_id": "young", "arrested_at": "2025-02-05", "is_charge_eligible": "yes"},
            ],
        )
        wide = {**self.MONTH, "last_month": "2025-12"}

        assert both.cell("jail_nights_change_by_group", "Arrested and not diverted", **wide).people == 3

    @pytest.mark.parametrize(
        ("seen", "died", "people"), [(364, "", 1), (363, "", 0), (400, 365, 1), (400, 364, 0)]
    )
    def test_a_full_year_is_365_days(self, program, seen, died, people):
        start = "2024-09-05"
        program.add(
            person=[{"person_id": "A", "death_date": day(start, died) if died else ""}],
            referral=[{"person_id": "A", "referred_on": start}],
            arrest=[{"person_id": "B", "arrested_at": "2024-09-01", "is_charge_eligible": "yes"}],
            jail_stay=[{"person_id": "B", "booked_at": day(start, -9), "released_at": day(start, -8)}],
        ).site(data_through=date.fromisoformat(day(start, seen)))

        assert (
            program.cell(
                "jail_nights_change_by_group", "Referred to LEAD", month="2024-09", by="total"
            ).people
            == people
        )


def arrests(charge_class, count, booked, stays, start):
    """`count` eligible arrests, the first `booked` of them with a stay of `stays[n]` nights."""
    rows, inside = [], []
    for number in range(count):
        person, arrested_on = f"{charge_class}-{number}", day(start, number % 300)
        rows.append(
            {
                "arrest_id": person,
                "person_id": person,
                "arrested_at": arrested_on,
                "charge_class": charge_class,
                "is_charge_eligible": "yes",
                "is_diverted": "no",
                "is_booked": "yes" if number < booked else "no",
            }
        )
        if number < booked:
            inside.append(
                {
                    "person_id": person,
                    "arrest_id": person,
                    "booked_at": f"{arrested_on} 12:00",
                    "released_at": f"{day(arrested_on, stays[number])} 09:00",
                    "charge_class": charge_class,
                }
            )
    return rows, inside


def county(program, **left_out):
    """Two charge classes: 400 arrests, 240 booked for 4 nights on average; 50, 45 and 20. Of 50 diverted
    people, three spend ten nights in jail on the same arrest."""
    easy, easy_stays = arrests("M", 400, 240, [10] * 80 + [1] * 160, "2023-01-01")
    hard, hard_stays = arrests("F", 50, 45, [10] * 15 + [20] * 15 + [30] * 15, "2023-01-01")
    diverted, referrals, later = [], [], []
    for number in range(50):
        arrested_on = day("2025-01-01", 7 * number)
        diverted.append(
            {
                "arrest_id": f"D-{number}",
                "person_id": f"D-{number}",
                "arrested_at": arrested_on,
                "charge_class": "M" if number < 40 else "F",
                "is_charge_eligible": "yes",
                "is_diverted": "yes",
                "is_booked": "no",
                "neighborhood": "North" if number < 10 else "South",
            }
        )
        referrals.append(
            {
                "person_id": f"D-{number}",
                "arrest_id": f"D-{number}",
                "referred_on": arrested_on,
                "pathway": "arrest_diversion",
            }
        )
        if number < 3:
            # The second stay overlaps the first, and a third is on another arrest.
            for arrest_id, first, last in ((f"D-{number}", 30, 38), (f"D-{number}", 33, 40), ("", 50, 90)):
                later.append(
                    {
                        "person_id": f"D-{number}",
                        "arrest_id": arrest_id,
                        "booked_at": day(arrested_on, first),
                        "released_at": day(arrested_on, last),
                    }
                )
    stays = easy_stays + hard_stays + later
    for name, rows in (("stays", stays), ("referrals", referrals)):
        if name in left_out:
            for row in rows:
                del row["arrest_id"]
    return program.add(arrest=easy + hard + diverted, referral=referrals, jail_stay=stays)


PRICED = {
    "data_through": date(2026, 12, 31),
    "baseline": {"first": date(2023, 1, 1), "last": date(2023, 12, 31)},
    "jail_costs": [
        {"kind": "short-run marginal", "dollars": 20, "from": date(2019, 1, 1)},
        {"kind": "short-run marginal", "dollars": 25, "from": date(2025, 12, 1)},
        {"kind": "short-run marginal", "dollars": 99, "from": date(2026, 1, 1)},
        {"kind": "average", "dollars": 150, "from": date(2019, 1, 1)},
        {"kind": "step", "dollars": 700_000, "unit_beds": 32, "from": date(2019, 1, 1)},
    ],
}
YEAR = {"first_month": "2025-01", "last_month": "2025-12", "by": "year"}


class TestNightsAvoided:
    def test_gross_and_net(self, program):
        cell = county(program).site(**PRICED).cell("jail_nights_avoided", **YEAR)

        # 360 without the share booked, 206.7 with one class for all.
        assert cell.gross == pytest.approx(276)
        assert cell.value == pytest.approx(246)
        assert cell.low < 246 < cell.high
        assert (cell.people, cell.events) == (50, 50)

    def test_a_diversion_off_the_list_is_no_part_of_it(self, program):
        """So that it counts the same arrests as the number of arrests diverted, and none can be subtracted."""
        county(program).site(**PRICED)
        before = program.cell("jail_nights_avoided", **YEAR)
        off = {"arrested_at": "2025-03-01", "is_diverted": "yes", "is_charge_eligible": "no"}
        program.add(arrest=[{**off, "person_id": "off", "charge_class": "M"}])

        cell = program.cell("jail_nights_avoided", **YEAR)

        assert (cell.value, cell.events) == (before.value, before.events)
        assert cell.events == program.value("arrests_diverted", **YEAR)

    def test_parts_by_charge_class_add_up(self, program):
        values = (
            county(program).site(**PRICED).values("jail_nights_avoided", breakdown="charge_class", **YEAR)
        )

        assert values == {"F": pytest.approx(180), "M": pytest.approx(66), "Unknown": 0}

    def test_places_are_those_of_the_arrests(self, program):
        county(program).site(**PRICED)

        assert program.value("jail_nights_avoided", places=("North",), **YEAR) == pytest.approx(10 * 2.4 - 30)
        assert program.values("jail_nights_avoided", breakdown="neighborhood", **YEAR)[
            "South"
        ] == pytest.approx(30 * 2.4 + 10 * 18)

    def test_beds_and_what_they_would_have_cost(self, program):
        county(program).site(**PRICED)

        assert program.value("jail_beds_avoided", **YEAR) == pytest.approx(246 / 365)
        assert program.values("jail_cost_avoided", **YEAR) == {
            "short-run marginal": pytest.approx(6_150),
            "step": 0,
            "average": pytest.approx(36_900),
        }

    def test_dollars_lead_only_where_the_cost_of_lead_stands_beside_them(self, program):
        county(program).add(
            enrollment=[{"person_id": f"D-{n}", "started_on": "2024-12-01"} for n in range(20)]
        )
        database = program.site(**PRICED).database
        prices = (ProgramCost(500, date(2019, 1, 1)),)
        priced = replace(database, site=replace(database.site, program_costs=prices))
        alone, beside = (
            costs(View(each, "analyst", Filters(date(2025, 1, 1), date(2025, 12, 1))))
            for each in (database, priced)
        )

        assert "$" not in alone.lead
        assert any("about $6,200" in said for said in alone.sentences)
        assert "about $6,200" in beside.lead
        assert any(said.startswith("LEAD itself cost about $120,000") for said in beside.sentences)

    def test_without_prices_there_is_no_cost(self, program):
        values = county(program).site(data_through=date(2026, 12, 31)).values("jail_cost_avoided", **YEAR)

        assert values == {"short-run marginal": None, "step": None, "average": None}

    def test_the_parts_of_the_interval_are_smaller_than_the_whole(self, program):
        county(program).site(**PRICED)
        whole, stays, bookings = (
            program.cell(name, **YEAR)
            for name in (
                "jail_nights_avoided",
                "jail_nights_avoided_by_stays",
                "jail_nights_avoided_by_bookings",
            )
        )

        assert whole.value == stays.value == bookings.value
        assert stays.high - stays.low < whole.high - whole.low
        assert bookings.high - bookings.low < whole.high - whole.low

    @pytest.mark.parametrize("left_out", ["stays", "referrals"])
    def test_without_arrests_on_both_sides_only_the_gross_number_stands(self, program, left_out):
        cell = county(program, **{left_out: True}).site(**PRICED).cell("jail_nights_avoided", **YEAR)

        assert cell.gross == pytest.approx(276)
        assert (cell.value, cell.low, cell.high) == (None, None, None)

    def test_stays_that_name_no_arrest_and_no_person_known_go_by_charge(self, program):
        _, stays = arrests("M", 40, 30, [10] * 30, "2023-01-01")
        rows, _ = arrests("M", 40, 30, [0] * 30, "2023-01-01")
        for row in rows:
            del row["person_id"]
        for stay in stays:
            del stay["arrest_id"]
        diverted = {"arrested_at": "2025-03-01", "is_diverted": "yes", "charge_class": "M"}
        program.add(
            arrest=[*rows, diverted],
            jail_stay=stays,
            referral=[{"person_id": "x", "referred_on": "2025-01-01"}],
        ).site(**PRICED)

        assert program.cell("jail_nights_avoided", **YEAR).gross == pytest.approx(30 / 40 * 10)

    def test_the_list_of_charges_came_after_the_baseline(self, program):
        listed = [{"charge_class": name, "first": date(2025, 1, 1)} for name in ("M", "F")]

        cell = county(program).site(eligible_charges=listed, **PRICED).cell("jail_nights_avoided", **YEAR)

        assert cell.gross == pytest.approx(276)

    def test_the_baseline_is_the_365_days_before_the_first_referral_unless_told(self, program):
        rows, stays = arrests("M", 60, 60, [10] * 60, "2024-05-01")
        for row in rows[:30]:
            row["arrested_at"] = "2024-03-01"
        program.add(
            arrest=[*rows, {"arrested_at": "2025-03-01", "is_diverted": "yes", "charge_class": "M"}],
            jail_stay=stays,
            referral=[{"person_id": "x", "referred_on": "2025-03-02"}],
        )

        program.site(data_through=date(2026, 12, 31)).measure("jail_nights_avoided", **YEAR)

        assert program.rows("SELECT * FROM program.baseline") == [
            {"first_day": date(2024, 3, 2), "next_day": date(2025, 3, 2)}
        ]
        cell = program.cell("bookings_avoided", **YEAR)
        assert (cell.numerator, cell.denominator) == (30, 30)

    def test_a_charge_that_came_onto_the_list_later_has_its_baseline_on_every_page(self, program):
        """Bookings and nights avoided rest on the same arrests, whatever the list of a day held."""
        listed = [
            {"charge_class": "M", "first": date(2020, 1, 1)},
            {"charge_class": "F", "first": date(2024, 7, 1)},
        ]
        county(program).site(eligible_charges=listed, **PRICED)

        nights = program.values("jail_nights_avoided", breakdown="charge_class", **YEAR)
        bookings = {
            cell.category: cell
            for cell in program.measure("bookings_avoided", breakdown="charge_class", **YEAR).cells
        }

        assert (nights["M"], nights["F"]) == (pytest.approx(66), pytest.approx(180))
        assert bookings["F"].value == pytest.approx(10 * 45 / 50)
        assert (bookings["F"].numerator, bookings["F"].denominator) == (45, 50)
        # 40 x 0.6 + 10 x 0.9: the charge that is new on the list is no arrest without a rate.
        assert program.value("bookings_avoided", **YEAR) == pytest.approx(33)

    def test_the_share_booked_is_compared_like_with_like(self, program):
        """Of 30 arrests for M and 10 for F, 24 and 9 booked by the shares of before; 12 were."""
        listed = [
            {"charge_class": "M", "first": date(2020, 1, 1)},
            {"charge_class": "F", "first": date(2024, 7, 1)},
        ]
        county(program).site(eligible_charges=listed, **PRICED)
        now = [
            {"arrested_at": "2025-05-01", "charge_class": name, "is_diverted": "no", "is_booked": booked}
            for name, booked, number in (("M", "yes", 9), ("M", "no", 21), ("F", "yes", 3), ("F", "no", 7))
            for _ in range(number)
        ]
        program.add(arrest=[{**row, "person_id": f"now-{place}"} for place, row in enumerate(now)])

        cell = program.cell("booking_rate_expected", month="2025-05")

        diverted = program.cell("arrests_diverted", month="2025-05").value
        m, f = 30 + diverted, 10
        assert cell.value == pytest.approx(100 * (m * 0.6 + f * 0.9) / (m + f))
        assert (cell.numerator, cell.denominator) == (12, m + f)
        # With the list of the baseline's own days, F would have no share, and the rest 60 percent.
        assert cell.value > 60

    def test_a_class_with_few_stays_is_not_everybody_else(self, program):
        """17 diverted, of a class with 143 arrests and 20 bookings of 2 nights: 5.2, and not 40 or 50."""
        county(program).site(**PRICED)
        rare, stays = arrests("P", 143, 20, [2] * 20, "2023-01-01")
        diverted = [
            {
                "arrest_id": f"P-{number}",
                "person_id": f"PD-{number}",
                "arrested_at": "2025-06-01",
                "charge_class": "P",
                "is_charge_eligible": "yes",
                "is_diverted": "yes",
            }
            for number in range(200, 217)
        ]
        program.add(arrest=[*rare, *diverted], jail_stay=stays)
        everybody = (240 * 4 + 45 * 20 + 40) / 305

        found = program.cell("jail_nights_avoided", "P", breakdown="charge_class", **YEAR)

        assert found.value == pytest.approx(17 * 20 / 143 * (40 + everybody) / 21)
        assert found.low < 17 * 20 / 143 * 2 < found.value < 6
        # The interval is as wide as the class is small: its own 20 stays are all alike.
        assert found.high - found.low > 3

    def test_few_people_booked_before_hide_how_many_would_have_been(self, program):
        """Five of 40 before: 20 diverted x 5/40 would give the five away, to whoever knows the 40."""
        county(program).site(**PRICED)
        rare, stays = arrests("P", 40, 5, [2] * 5, "2023-01-01")
        diverted = [
            {
                "arrest_id": f"P-{number}",
                "person_id": f"PD-{number}",
                "arrested_at": "2025-06-01",
                "charge_class": "P",
                "is_charge_eligible": "yes",
                "is_diverted": "yes",
            }
            for number in range(200, 220)
        ]
        program.add(arrest=[*rare, *diverted], jail_stay=stays)
        by_class = {"breakdown": "charge_class", **YEAR}

        assert program.value("bookings_avoided", category="P", **by_class) == pytest.approx(20 * 5 / 40)
        shown = {
            cell.category: cell
            for cell in program.measure("bookings_avoided", "coordinating_group", **by_class).cells
        }
        assert (shown["P"].hidden, shown["P"].value, shown["P"].numerator) == ("too few", None, None)
        # F has ten diverted people, so that the five cannot be had from the total either.
        assert shown["F"].hidden and shown["M"].value == pytest.approx(24)

    def test_a_class_without_a_stay_of_its_own_takes_that_of_all_arrests(self, program):
        """Nor does who was in jail for the same charge and never arrested for it tell how long arrests led to."""
        county(program).site(**PRICED)
        rare, _ = arrests("P", 40, 30, [0] * 30, "2023-01-01")
        diverted = {
            "arrest_id": "P-D",
            "arrested_at": "2025-06-01",
            "charge_class": "P",
            "is_diverted": "yes",
        }
        others = [
            {
                "person_id": f"P-X{n}",
                "booked_at": "2023-02-01",
                "released_at": "2023-12-01",
                "charge_class": "P",
            }
            for n in range(40)
        ]
        program.add(arrest=[*rare, diverted | {"person_id": "P-D"}], jail_stay=others)

        found = program.cell("jail_nights_avoided", "P", breakdown="charge_class", **YEAR)

        assert found.value == pytest.approx(0.75 * (240 * 4 + 45 * 20) / 285)

    def test_what_the_choice_of_comparison_does(self, program):
        """W6 with another year in which M was booked half as often, and people arrested now for M and held longer."""
        county(program)
        earlier, earlier_stays = arrests("M", 400, 120, [4] * 120, "2022-01-01")
        for row in (*earlier, *earlier_stays):
            for name in ("arrest_id", "person_id"):
                row[name] = f"early-{row[name]}"
        now, now_stays = arrests("M", 40, 30, [12] * 30, "2025-01-01")
        for row in (*now, *now_stays):
            for name in ("arrest_id", "person_id"):
                row[name] = f"now-{row[name]}"
        late = {
            "person_id": "D-0",
            "arrest_id": "D-0",
            "booked_at": "2026-02-01",
            "released_at": "2026-02-05",
        }
        program.add(arrest=[*earlier, *now], jail_stay=[*earlier_stays, *now_stays, late]).site(**PRICED)

        values = program.values("jail_nights_avoided_by_choice", **YEAR)

        assert values["As estimated"] == program.value("jail_nights_avoided", **YEAR) == pytest.approx(246)
        # F was not arrested in 2022 nor now: such diversions have nothing to be set beside.
        assert values["January 2022 to December 2022"] == pytest.approx(40 * 0.3 * 4 - 30)
        assert values["People not diverted in the same months"] == pytest.approx(40 * 0.75 * 12 - 30)
        # All nights on the diverted arrests lie within 40 days; four more within two years, and not one.
        assert values["Followed for half a year"] == pytest.approx(246)
        assert values["Followed for two years"] == pytest.approx(276 - 34)

    def test_a_year_that_the_exports_do_not_hold_is_no_choice(self, program):
        values = county(program).site(**PRICED).values("jail_nights_avoided_by_choice", **YEAR)

        assert set(values) == {
            "As estimated",
            "People not diverted in the same months",
            "Followed for half a year",
            "Followed for two years",
        }
        assert values["People not diverted in the same months"] is None

    def test_nights_after_a_year_are_not_on_the_diverted_arrest(self, program):
        rows, stays = arrests("M", 40, 30, [10] * 30, "2023-01-01")
        later = {"person_id": "x", "arrest_id": "x", "booked_at": "2026-02-25", "released_at": "2026-03-11"}
        program.add(
            arrest=[
                *rows,
                {
                    "arrest_id": "x",
                    "person_id": "x",
                    "arrested_at": "2025-03-01",
                    "is_diverted": "yes",
                    "charge_class": "M",
                },
            ],
            jail_stay=[*stays, later],
            referral=[{"person_id": "x", "arrest_id": "x", "referred_on": "2025-03-01"}],
        ).site(**PRICED)

        # Four nights lie within 365 days of 1 March 2025.
        assert program.value("jail_nights_avoided", **YEAR) == pytest.approx(7.5 - 4)


class TestBusyYears:
    def test_people_picked_for_a_busy_year_are_followed_for_the_next(self, program):
        """Before LEAD: A is booked three times and then once, B twice and never again, C once: not picked."""
        booked = {
            "A": ("2022-02-01", "2022-05-01", "2022-12-31", "2023-06-01"),
            "B": ("2022-01-01", "2022-03-01"),
            "C": ("2022-03-01", "2023-01-01", "2023-02-01"),
            "dead": ("2022-03-01", "2022-04-01"),
            "LEAD": ("2024-01-01", "2024-02-01", "2024-12-01"),
            "calm": ("2024-02-01",),
        }
        program.add(
            jail_stay=[
                {"person_id": person, "booked_at": f"{day} 09:00", "released_at": f"{day} 19:00"}
                for person, days in booked.items()
                for day in days
            ],
            person=[{"person_id": "dead", "death_date": "2023-06-01"}],
            arrest=[{"person_id": "A", "arrested_at": "2022-01-01", "is_charge_eligible": "yes"}],
            referral=[{"person_id": person, "referred_on": "2024-06-01"} for person in ("LEAD", "calm")],
        ).site(
            data_through=date(2026, 12, 31), baseline={"first": date(2023, 1, 1), "last": date(2023, 12, 31)}
        )

        assert program.values("bookings_after_busy_year", month="2024-06", by="total") == {
            "Before LEAD, the busy year": pytest.approx(5 / 2),
            "Before LEAD, the year after": pytest.approx(1 / 2),
            "Referred, the busy year before": pytest.approx(2),
            "Referred, the year after": pytest.approx(1),
        }

    def test_a_baseline_that_reaches_into_lead_is_no_year_before_it(self, program):
        booked = ("2022-01-05", "2022-05-01", "2023-03-01", "2023-04-01", "2024-02-01")
        program.add(
            jail_stay=[
                {"person_id": "A", "booked_at": f"{day} 09:00", "released_at": f"{day} 19:00"}
                for day in booked
            ],
            arrest=[
                {"person_id": "A", "arrested_at": f"{year}-01-01", "is_charge_eligible": "yes"}
                for year in (2022, 2023)
            ],
            referral=[{"person_id": "LEAD", "referred_on": "2023-07-01"}],
        ).site(
            data_through=date(2026, 12, 31), baseline={"first": date(2023, 1, 1), "last": date(2023, 12, 31)}
        )

        found = program.values("bookings_after_busy_year", month="2023-07", by="total")
        assert found.get("Before LEAD, the busy year") is None

    def test_without_two_years_before_lead_nothing_is_shown_of_them(self, program):
        county(program).site(**PRICED)

        found = program.measure(
            "bookings_after_busy_year", first_month="2025-01", last_month="2025-12", by="total"
        )

        assert {cell.category: (cell.value, cell.people) for cell in found.cells}[
            "Before LEAD, the busy year"
        ] == (None, 0)
