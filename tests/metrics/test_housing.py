"""Housing metrics on rows that can be counted by hand."""

from datetime import date, timedelta

import pytest

END = {"data_through": date(2026, 12, 31)}
SHELTER, TRANSITIONAL, SUPPORTIVE, OUTREACH, SAFE_HAVEN, SERVICES, RAPID, COORDINATED_ENTRY = (
    1,
    2,
    3,
    4,
    8,
    6,
    13,
    14,
)
STREET, OWN_RENTAL = 116, 410
JANUARY = {"month": "2025-01"}
YEAR = {"first_month": "2025-01", "last_month": "2025-12", "by": "total"}
SPRING = {"first_month": "2025-03", "last_month": "2025-06"}
MAY = {"month": "2025-05"}


def day(start, shift):
    return (date.fromisoformat(start) + timedelta(days=shift)).isoformat()


class TestExits:
    def leave(self, program, destinations, **also):
        return program.add(
            housing=[
                {
                    "person_id": person,
                    "project_type": SHELTER,
                    "entered_on": "2025-04-01",
                    "exited_on": "2025-05-10",
                    "destination": destination,
                    **also,
                }
                for person, destination in enumerate(destinations)
            ]
        ).site(**END)

    def test_ten_last_exits(self, program):
        # A source that does not tell projects apart: its exits stand in both measures.
        self.leave(program, [435, 410, 422, 423, 101, 116, 207, 24, 206, 30], project_type="")

        # 40 if nobody were taken out of the denominator, 57 if the unknown were too.
        permanent = program.cell("exits_to_permanent_housing", **MAY)
        assert (permanent.value, permanent.numerator, permanent.denominator) == (50.0, 4, 8)
        assert (permanent.low, permanent.high) == pytest.approx((22, 78), abs=0.6)
        assert (permanent.people, permanent.events) == (4, 4)
        safer = program.cell("exits_from_the_street", **MAY)
        assert (safer.value, safer.numerator, safer.denominator) == (62.5, 5, 8)
        unknown = program.cell("exits_to_unknown_destinations", **MAY)
        assert (unknown.numerator, unknown.denominator) == (1, 8)

    @pytest.mark.parametrize("code", [24, 206, 215, 225])
    def test_death_hospital_foster_and_long_term_care_are_no_failure(self, program, code):
        self.leave(program, [code, 435, 116])

        cell = program.cell("exits_to_permanent_housing", **MAY)

        assert (cell.numerator, cell.denominator) == (1, 2)

    @pytest.mark.parametrize("code", [434, 419, 335, ""])
    def test_kinds_of_subsidy_and_empty_cells_are_no_destination(self, program, code):
        self.leave(program, [code, 435])

        cell = program.cell("exits_to_permanent_housing", **MAY)

        assert (cell.numerator, cell.denominator) == (1, 2)

    @pytest.mark.parametrize(
        ("project_type", "moved_in_on", "measure_7b", "measure_7a"),
        [
            (0, "", 1, 0),
            (SHELTER, "", 1, 0),
            (SAFE_HAVEN, "", 1, 0),
            (TRANSITIONAL, "", 1, 0),
            (RAPID, "", 1, 0),
            (RAPID, "2025-04-02", 1, 0),
            (SUPPORTIVE, "", 1, 0),
            (SUPPORTIVE, "2025-04-02", 0, 0),
            (9, "", 1, 0),
            (10, "2025-05-10", 0, 0),
            (OUTREACH, "", 0, 1),
            (SERVICES, "", 0, 0),
            (7, "", 0, 0),
            (11, "", 0, 0),
            (12, "", 0, 0),
            (COORDINATED_ENTRY, "", 0, 0),
        ],
    )
    def test_which_projects_stand_in_which_measure(
        self, program, project_type, moved_in_on, measure_7b, measure_7a
    ):
        self.leave(program, [410], project_type=project_type, moved_in_on=moved_in_on)

        found = [
            program.cell(name, **MAY).denominator
            for name in (
                "exits_to_permanent_housing",
                "exits_to_unknown_destinations",
                "exits_from_the_street",
            )
        ]
        assert found == [measure_7b, measure_7b, measure_7a]

    def test_an_exit_from_services_does_not_overrule_one_from_shelter(self, program):
        self.leave(program, [435])
        self.leave(program, [116], project_type=COORDINATED_ENTRY, exited_on="2025-05-20")
        self.leave(program, [101], project_type=OUTREACH, exited_on="2025-05-25")

        assert program.value("exits_to_permanent_housing", **MAY) == 100
        assert program.value("exits_from_the_street", **MAY) == 100
        assert program.value("housing_exits", **MAY) == 3

    def test_the_last_exit_of_a_person_counts_and_all_exits_are_events(self, program):
        self.leave(program, [435])
        self.leave(program, [411, 410], entered_on="2025-05-01", exited_on="2025-05-20")
        self.leave(program, [116], entered_on="2025-05-21", exited_on="2025-05-31")

        cell = program.cell("exits_to_permanent_housing", **MAY)

        assert (cell.numerator, cell.denominator) == (1, 2)
        assert (cell.people, cell.events) == (2, 3)
        assert program.value("housing_exits", **MAY) == 4

    def test_stayers_are_not_failures(self, program):
        self.leave(program, [435, ""], exited_on="")

        cell = program.cell("exits_to_permanent_housing", **MAY)

        assert (cell.value, cell.denominator) == (None, 0)

    def test_exits_by_destination(self, program):
        self.leave(program, [435, 435, 116, ""])

        assert program.values("housing_exits", breakdown="destination", **MAY) == {
            "116": 1,
            "435": 2,
            "Unknown": 1,
        }

    def test_participants_where_lead_data_are_loaded(self, program):
        self.leave(program, [435, 116])
        program.add(referral=[{"person_id": 1, "referred_on": "2025-01-01", "neighborhood": "North"}])

        assert program.cell("exits_to_permanent_housing", **MAY).denominator == 1
        assert program.value("people_in_housing_system", **MAY) == 2
        assert program.values("housing_exits", breakdown="neighborhood", **MAY) == {
            "North": 1,
            "Unknown": 0,
        }


class TestInterimHousing:
    def test_any_day_of_the_period_counts_once(self, program):
        program.add(
            housing=[
                {"project_type": SHELTER, "entered_on": "2025-03-31", "exited_on": "2025-04-01"},
                {"project_type": SAFE_HAVEN, "entered_on": "2025-04-20", "exited_on": "2025-04-21"},
                {"person_id": 2, "project_type": TRANSITIONAL, "entered_on": "2025-05-31"},
                {"person_id": 3, "project_type": 0, "entered_on": "2025-06-02", "exited_on": "2025-06-02"},
                {"person_id": 4, "project_type": OUTREACH, "entered_on": "2025-03-01"},
                {"person_id": 5, "project_type": SUPPORTIVE, "entered_on": "2025-03-01"},
            ]
        ).site(**END)

        assert program.values("people_in_interim_housing", **SPRING) == {
            "2025-03": 1,
            "2025-04": 1,
            "2025-05": 1,
            "2025-06": 2,
        }
        assert program.value("people_in_interim_housing", by="total", **SPRING) == 3
        assert program.values("people_in_housing_system", **SPRING) == {
            "2025-03": 3,
            "2025-04": 3,
            "2025-05": 3,
            "2025-06": 4,
        }

    def test_being_seen_there_counts_too(self, program):
        program.add(
            housing=[{"person_id": 9, "project_type": SERVICES, "entered_on": "2025-03-01"}],
            living_situation=[
                {"person_id": person, "observed_on": "2025-04-09", "code": code}
                for person, code in enumerate([101, 118, 302, 116, 312, 410])
            ],
        ).site(**END)

        assert program.value("people_in_interim_housing", month="2025-04") == 3


class TestPlacement:
    @pytest.mark.parametrize(
        ("row", "placed"),
        [
            ({"project_type": SUPPORTIVE, "moved_in_on": "2025-03-01"}, 1),
            ({"project_type": RAPID, "moved_in_on": "2025-02-01"}, 1),
            ({"project_type": 9, "moved_in_on": "2025-05-01", "exited_on": "2025-05-01"}, 1),
            ({"project_type": "", "moved_in_on": "2025-03-01"}, 1),
            ({"project_type": SUPPORTIVE}, 0),
            ({"project_type": SHELTER, "moved_in_on": "2025-03-01"}, 0),
            ({"project_type": SUPPORTIVE, "moved_in_on": "2025-01-31"}, 0),
            ({"project_type": SUPPORTIVE, "moved_in_on": "2025-05-02", "exited_on": "2025-05-01"}, 0),
        ],
    )
    def test_a_move_in_within_permanent_housing(self, program, row, placed):
        program.add(housing=[{"entered_on": "2025-02-01", **row}]).site(**END)

        assert program.value("people_placed_in_permanent_housing", **YEAR) == placed

    @pytest.mark.parametrize(
        ("seen", "placed"),
        [
            ([(0, STREET), (10, OWN_RENTAL), (40, STREET)], 1),
            ([(0, STREET), (10, OWN_RENTAL), (39, STREET)], 0),
            ([(0, STREET), (10, OWN_RENTAL), (20, 99), (25, 435), (41, STREET)], 1),
            ([(0, STREET), (10, OWN_RENTAL)], 1),
            ([(0, STREET), (306, OWN_RENTAL)], 0),
            ([(10, OWN_RENTAL)], 0),
            ([(0, STREET), (10, 329)], 0),
        ],
    )
    def test_a_permanent_situation_of_30_days(self, program, seen, placed):
        program.add(
            housing=[{"person_id": 9, "project_type": SERVICES, "entered_on": "2025-03-01"}],
            living_situation=[
                {"observed_on": day("2025-03-01", after), "code": code} for after, code in seen
            ],
        ).site(data_through=date(2026, 1, 30))

        assert program.value("people_placed_in_permanent_housing", **YEAR) == placed

    def test_housed_when_first_seen_long_after_lead_began(self, program):
        program.add(
            housing=[{"person_id": 9, "project_type": SERVICES, "entered_on": "2025-03-01"}],
            enrollment=[
                {"person_id": 1, "started_on": "2025-01-01"},
                {"person_id": 2, "started_on": "2025-03-01"},
            ],
            living_situation=[
                {"person_id": person, "observed_on": "2025-03-01", "code": OWN_RENTAL} for person in (1, 2)
            ],
        ).site(**END)

        assert program.value("people_placed_in_permanent_housing", **YEAR) == 1

    def test_either_export_is_enough(self, program):
        program.add(
            living_situation=[
                {"observed_on": f"2025-0{month}-01", "code": code} for month, code in ((1, STREET), (3, 410))
            ]
        ).site(**END)

        assert program.value("people_placed_in_permanent_housing", **YEAR) == 1
        assert program.value("still_housed_at_182_days", month="2025-03") == 100
        program.add(housing=[{"entered_on": "2025-02-01", "moved_in_on": "2025-02-01"}])
        assert program.value("still_housed_at_182_days", month="2025-03") is None

    def test_neither_export_is_missing_both(self, program):
        program.add(referral=[{}]).site(**END)

        published = program.measure("people_placed_in_permanent_housing", **YEAR)

        assert published.missing == ("housing", "living_situation")
        assert program.measure("housed_within_90_days").missing == ("enrollment", "living_situation")

    def test_one_first_placement_per_person(self, program):
        program.add(
            housing=[
                {"project_type": SUPPORTIVE, "entered_on": start, "moved_in_on": start, "exited_on": end}
                for start, end in (("2025-06-01", ""), ("2025-02-01", "2025-04-01"))
            ]
        ).site(**END)

        values = program.values(
            "people_placed_in_permanent_housing", first_month="2025-01", last_month="2025-12"
        )

        assert {month: value for month, value in values.items() if value} == {"2025-02": 1}


class TestTimeToHousing:
    def begin(self, program, code=STREET, people=4, **enrollment):
        return program.add(
            enrollment=[
                {"person_id": person, "started_on": "2025-01-10", **enrollment} for person in range(people)
            ],
            living_situation=[
                {"person_id": person, "observed_on": "2025-01-10", "code": code} for person in range(people)
            ],
        ).site(**END)

    def house(self, program, person, after):
        start = day("2025-01-10", after)
        return program.add(
            housing=[{"person_id": person, "project_type": RAPID, "entered_on": start, "moved_in_on": start}]
        )

    def test_people_are_followed_until_they_move_in(self, program):
        self.begin(program)
        for person, after in ((0, 90), (1, 91), (2, 365)):
            self.house(program, person, after)

        for days, expected in ((90, 25), (182, 50), (365, 75)):
            cell = program.cell(f"housed_within_{days}_days", **JANUARY)
            assert (cell.value, cell.denominator) == (pytest.approx(expected), 4)

    def test_the_dead_do_not_go_on_searching(self, program):
        # As censored they would make it 2/3: 1 - 2/3 x 1/2.
        self.begin(program, people=3)
        program.add(person=[{"person_id": 0, "death_date": day("2025-01-10", 20)}])
        self.house(program, 1, 50)

        assert program.value("housed_within_90_days", **JANUARY) == pytest.approx(100 / 3)

    @pytest.mark.parametrize(
        ("reason", "expected"),
        [("moved away", 100 / 3), ("prison", 100 / 3), ("died", 100 / 3), ("needs met", 200 / 3)],
    )
    def test_moving_away_and_prison_end_the_search(self, program, reason, expected):
        self.begin(program, people=2)
        self.begin_one(program, exited_on="2025-01-20", exit_reason=reason)
        self.house(program, 0, 50)
        if reason == "needs met":
            self.house(program, 7, 60)

        assert program.value("housed_within_90_days", **JANUARY) == pytest.approx(expected)

    def begin_one(self, program, **enrollment):
        program.add(
            enrollment=[{"person_id": 7, "started_on": "2025-01-10", **enrollment}],
            living_situation=[{"person_id": 7, "observed_on": "2025-01-10", "code": STREET}],
        )

    @pytest.mark.parametrize(
        ("observed_on", "code", "expected"),
        [
            ("2024-10-12", 101, 1),
            ("2024-10-11", 101, 0),
            ("2025-02-09", 101, 1),
            ("2025-02-10", 101, 0),
            ("2025-01-10", 302, 0),
            ("2025-01-10", 207, 0),
        ],
    )
    def test_homeless_at_the_start(self, program, observed_on, code, expected):
        program.add(
            enrollment=[{"started_on": "2025-01-10"}],
            living_situation=[{"observed_on": observed_on, "code": code}],
        ).site(**END)

        assert program.cell("housed_within_90_days", **JANUARY).denominator == expected

    def test_the_latest_observation_before_the_start_wins_over_one_after(self, program):
        program.add(
            enrollment=[{"started_on": "2025-01-10"}],
            living_situation=[
                {"observed_on": "2024-12-01", "code": STREET},
                {"observed_on": "2025-01-05", "code": OWN_RENTAL},
                {"observed_on": "2025-01-20", "code": STREET},
            ],
        ).site(**END)

        assert program.cell("housed_within_90_days", **JANUARY).denominator == 0

    def test_jail_does_not_stop_the_clock(self, program):
        self.begin(program, people=1)
        program.add(jail_stay=[{"person_id": 0, "booked_at": "2025-01-11", "released_at": "2025-04-30"}])
        self.house(program, 0, 100)

        assert program.value("housed_within_90_days", **JANUARY) == 0
        assert program.value("housed_within_182_days", **JANUARY) == 100


class TestStillHoused:
    def move_in(self, program, person=1, **row):
        return program.add(
            housing=[
                {
                    "person_id": person,
                    "project_type": SUPPORTIVE,
                    "entered_on": "2025-01-10",
                    "moved_in_on": "2025-01-10",
                    **row,
                }
            ]
        ).site(**END)

    def still(self, program, days=182):
        return program.value(f"still_housed_at_{days}_days", month="2025-01")

    @pytest.mark.parametrize(
        ("destination", "expected"), [(116, 0), (207, 0), (30, 0), ("", 0), (435, 100), (410, 100)]
    )
    def test_an_exit_to_anywhere_not_permanent_is_a_loss(self, program, destination, expected):
        self.move_in(program, exited_on="2025-03-10", destination=destination)

        assert self.still(program) == expected

    def test_a_loss_counts_in_the_month_in_which_it_happened_and_once_a_person(self, program):
        self.move_in(program, 1, exited_on="2025-03-10", destination=116)
        self.move_in(program, 2, exited_on="2025-03-10", destination=410)  # to another home
        self.move_in(program, 3, exited_on="2025-03-10", destination=24)  # died
        program.add(living_situation=[{"person_id": 1, "observed_on": "2025-05-01", "code": STREET}])

        lost = [program.value("people_who_lost_first_home", month=f"2025-0{month}") for month in range(1, 6)]
        assert lost == [0, 0, 1, 0, 0]

    @pytest.mark.parametrize(("gap", "expected"), [(14, 100), (15, 0), (-30, 100)])
    def test_a_transfer_within_14_days_is_no_loss(self, program, gap, expected):
        self.move_in(program, exited_on="2025-03-10", destination=329)
        start = day("2025-03-10", gap)
        self.move_in(program, entered_on=start, moved_in_on=start)

        assert self.still(program) == expected

    @pytest.mark.parametrize("code", [116, 101, 118])
    def test_being_seen_homeless_is_a_loss(self, program, code):
        self.move_in(program).add(living_situation=[{"observed_on": "2025-05-01", "code": code}])

        assert self.still(program) == 0

    def test_homeless_on_the_day_of_the_move_is_not(self, program):
        self.move_in(program).add(living_situation=[{"observed_on": "2025-01-10", "code": STREET}])

        assert self.still(program) == 100

    @pytest.mark.parametrize("project_type", [0, 1, SAFE_HAVEN])
    def test_a_shelter_entry_is_a_loss(self, program, project_type):
        self.move_in(program).add(housing=[{"project_type": project_type, "entered_on": "2025-08-01"}])

        assert self.still(program, 182) == 100
        assert self.still(program, 365) == 0

    def test_death_is_no_loss_of_a_home(self, program):
        for person in (1, 2):
            self.move_in(program, person)
        self.move_in(program, 3, exited_on="2025-03-10", destination=24)
        self.move_in(program, 4, exited_on="2025-04-10", destination=116)

        # The dead count until their death: of three then followed, one lost the home.
        cell = program.cell("still_housed_at_182_days", month="2025-01")
        assert (cell.value, cell.denominator) == (pytest.approx(200 / 3), 4)


class TestReturns:
    WINDOWS = (180, 365, 730)

    def leave(self, program, person=1, exited_on="2023-01-10", destination=435):
        return program.add(
            housing=[
                {
                    "person_id": person,
                    "project_type": RAPID,
                    "entered_on": "2022-06-01",
                    "moved_in_on": "2022-06-01",
                    "exited_on": exited_on,
                    "destination": destination,
                }
            ]
        ).site(**END)

    def returned(self, program):
        return [
            program.value(f"returned_to_homelessness_within_{days}_days", month="2023-01")
            for days in self.WINDOWS
        ]

    def test_days_at_the_edges_of_the_windows(self, program):
        afters = (0, 180, 181, 365, 366, 730, 731)
        for person, after in enumerate(afters):
            self.leave(program, person)
            program.add(
                housing=[
                    {"person_id": person, "project_type": SHELTER, "entered_on": day("2023-01-10", after)}
                ]
            )

        assert self.returned(program) == [pytest.approx(100 * count / 7) for count in (2, 4, 6)]

    @pytest.mark.parametrize(
        ("project_type", "after", "expected"),
        [
            (OUTREACH, 3, 100),
            (SAFE_HAVEN, 3, 100),
            (TRANSITIONAL, 3, 100),
            (SUPPORTIVE, 14, 0),
            (SUPPORTIVE, 15, 100),
            (SERVICES, 20, 0),
            (SHELTER, -1, 0),
        ],
    )
    def test_what_is_a_return(self, program, project_type, after, expected):
        self.leave(program).add(
            housing=[{"project_type": project_type, "entered_on": day("2023-01-10", after)}]
        )

        assert self.returned(program)[0] == expected

    @pytest.mark.parametrize(
        ("home", "came", "expected"),
        [
            # Another home from 20 January to 20 March: within it, and 14 days after it, moving is no return.
            ((10, 69), 69, 0),
            ((10, 69), 83, 0),
            ((10, 69), 84, 100),
            ((10, None), 170, 0),
            # The first day of a home is not within it, so of two on one day each is a return.
            ((20, None), 20, 100),
            ((14, None), 20, 0),
        ],
    )
    def test_moving_from_one_home_to_another_is_no_return(self, program, home, came, expected):
        start, end = home
        self.leave(program).add(
            housing=[
                {
                    "project_type": SUPPORTIVE,
                    "entered_on": day("2023-01-10", start),
                    "exited_on": "" if end is None else day("2023-01-10", end),
                    "destination": "" if end is None else 116,
                },
                {"project_type": 9, "entered_on": day("2023-01-10", came)},
            ]
        )

        assert self.returned(program)[0] == expected

    @pytest.mark.parametrize("project_type", [SHELTER, OUTREACH, TRANSITIONAL])
    def test_a_shelter_is_a_return_even_from_within_a_home(self, program, project_type):
        self.leave(program).add(
            housing=[
                {"project_type": SUPPORTIVE, "entered_on": "2023-01-12"},
                {"project_type": project_type, "entered_on": "2023-03-01"},
            ]
        )

        assert self.returned(program)[0] == 100

    @pytest.mark.parametrize(
        ("project_type", "expected"), [(OUTREACH, 1), (SERVICES, 0), (COORDINATED_ENTRY, 0), (12, 0), ("", 1)]
    )
    def test_exits_from_services_are_not_followed(self, program, project_type, expected):
        program.add(
            housing=[
                {
                    "project_type": project_type,
                    "entered_on": "2022-06-01",
                    "exited_on": "2023-01-10",
                    "destination": 410,
                },
                {"person_id": 2, "project_type": SHELTER, "entered_on": "2023-01-10"},
            ]
        ).site(**END)

        cell = program.cell("returned_to_homelessness_within_180_days", month="2023-01")
        assert cell.denominator == expected

    def test_other_destinations_cannot_be_returned_from(self, program):
        self.leave(program, destination=116).add(
            housing=[{"project_type": SHELTER, "entered_on": "2023-02-01"}]
        )

        assert self.returned(program) == [None] * 3

    def test_only_exits_old_enough_for_the_window(self, program):
        self.leave(program, exited_on="2025-01-01")
        self.leave(program, person=2, exited_on="2025-01-02")

        # 1 January 2025 is 729 days before the data end.
        cells = {
            days: program.cell(f"returned_to_homelessness_within_{days}_days", month="2025-01").denominator
            for days in self.WINDOWS
        }
        assert cells == {180: 2, 365: 2, 730: 0}


class TestLivingSituation:
    def test_thirty_people_then_and_now(self, program):
        kinds = (
            [(OWN_RENTAL, 435)] * 5 + [(435, STREET)] * 2 + [(STREET, OWN_RENTAL)] * 9 + [(STREET, 101)] * 14
        )
        program.add(
            enrollment=[{"person_id": person, "started_on": "2026-01-10"} for person in range(33)],
            living_situation=[
                {"person_id": person, "observed_on": observed_on, "code": code}
                for person, pair in enumerate([*kinds, (STREET, 99), (8, OWN_RENTAL)])
                for observed_on, code in zip(("2026-01-10", "2026-11-10"), pair, strict=True)
            ],
        ).site(**END)

        assert program.values("living_situation_since_start", month="2026-01") == {
            "Improved": 9,
            "Same": 19,
            "Worse": 2,
            "Not known": 3,
        }
        assert program.values("housed_then_and_now", month="2026-01") == {
            "Both times": 5,
            "Only when LEAD began": 2,
            "Only now": 9,
            "Neither time": 14,
            "Not known": 3,
        }

    @pytest.mark.parametrize(
        ("then", "now", "expected"),
        [
            (STREET, 302, "Improved"),
            (STREET, 207, "Same"),
            (302, 207, "Worse"),
            (302, 225, "Same"),
            (OWN_RENTAL, 312, "Worse"),
        ],
    )
    def test_how_settled_a_place_is(self, program, then, now, expected):
        program.add(
            enrollment=[{"started_on": "2026-01-10"}],
            living_situation=[
                {"observed_on": "2026-01-10", "code": then},
                {"observed_on": "2026-11-10", "code": now},
            ],
        ).site(**END)

        values = program.values("living_situation_since_start", month="2026-01")

        assert [category for category, value in values.items() if value] == [expected]

    def test_seen_91_days_ago_is_not_known_now(self, program):
        program.add(
            enrollment=[{"started_on": "2026-01-10"}],
            living_situation=[
                {"observed_on": "2026-01-10", "code": STREET},
                {"observed_on": "2026-10-01", "code": OWN_RENTAL},
            ],
        ).site(**END)

        assert program.values("living_situation_since_start", month="2026-01")["Not known"] == 1
