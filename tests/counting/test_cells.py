"""What is wrong with a cell or a row is said in plain words, and costs no more than it must."""

import json
from datetime import date, timedelta

import pytest
from conftest import checked, counts, found

REFERRALS = "referral_id,person_id,referred_on,pathway\n"


def test_a_missing_required_column_stops_the_build_and_names_the_nearest(program):
    report = checked(program, "referral.csv", "referral_id,person_id,refered_on,pathway\n1,1,2026-01-01,x\n")

    problem = found(report, "LD-201")
    assert report.exit_code == 2
    assert (problem.field, problem.likely) == ("referred_on", "refered_on")
    assert 'a column "referred_on"' in problem.as_text()


def test_a_required_date_that_cannot_be_read_costs_its_row(program):
    report = checked(
        program, "referral.csv", REFERRALS + "1,1,2026-01-05,community\n2,1,13/45/2026,community\n"
    )

    problem = found(report, "LD-203")
    assert report.exit_code == 1
    assert counts(report, "referral") == {"read": 2, "loaded": 1, "rejected": 1}
    assert problem.as_text().splitlines() == [
        "LD-203  A required cell cannot be read                     warning",
        "File     referral.csv",
        'Where    row 3, column "referred_on"',
        'Found    "13/45/2026"',
        "Expected a date such as 2026-10-31",
        "Fix      Correct it in your system and export again; if all rows look so, state the form in"
        " mapping.toml (python -m leadstats map INBOX does it). Rows without it are left out.",
        "Help     docs/errors.md#LD-203",
    ]


@pytest.mark.parametrize(
    "written", ["05.01.2026", "26-01-05", "2026-02-30", "46027", "0026-01-05", "2026-01-05T25:00", "2026-1-5"]
)
def test_dates_are_not_guessed(program, written):
    report = checked(program, "referral.csv", REFERRALS + f"1,1,{written},community\n")

    assert found(report, "LD-203").value == written


@pytest.mark.parametrize(
    "written", ["2026-01-05", "2026-01-05T14:05", "2026-01-05 14:05:30", "2026-01-05T14:05:30.000"]
)
def test_dates_and_moments_are_read(program, written):
    program.add(referral=[{"referred_on": written}])

    assert program.rows("SELECT event_date FROM program.referral") == [{"event_date": date(2026, 1, 5)}]


def test_a_moment_that_states_its_zone_becomes_local(program):
    program.add(arrest=[{"arrested_at": "2026-01-06T03:30:00Z"}, {"arrested_at": "2026-01-05 19:30-08:00"}])
    program.site(timezone="America/Los_Angeles")

    (moments,) = program.rows("SELECT list(DISTINCT arrested_at::VARCHAR) AS at FROM program.arrest")

    assert moments == {"at": ["2026-01-05 19:30:00"]}


def test_an_optional_cell_that_cannot_be_read_is_missing_with_a_warning(program):
    program.add(referral=[{"intake_completed_on": "soon"}])

    problem = found(program.build(), "LD-204")

    assert (problem.row, problem.column, problem.value) == (2, "intake_completed_on", "soon")
    assert program.rows("SELECT intake_on FROM program.referral") == [{"intake_on": None}]


def test_an_empty_required_cell_costs_its_row(program):
    report = checked(program, "referral.csv", REFERRALS + "1,1,,community\n")

    assert counts(report, "referral") == {"read": 1, "rejected": 1}
    assert (found(report, "LD-202").row, found(report, "LD-202").column) == (2, "referred_on")


def test_an_unknown_choice_is_missing_and_told_with_the_nearest(program):
    report = checked(program, "referral.csv", REFERRALS + "1,1,2026-01-05,socal_contact\n")

    assert counts(report, "referral") == {"read": 1, "loaded": 1}
    assert found(report, "LD-204").likely == "social_contact"


def test_many_wrong_values_are_grouped_by_cause(program):
    wrong = "".join(f"a{n},1,p{n:02},community\nb{n},1,p{n:02},community\n" for n in range(25))

    report = checked(program, "referral.csv", REFERRALS + wrong)
    problems = report.problems

    assert [problem.count for problem in problems] == [2] * 20 + [10]
    assert (problems[0].value, problems[0].rows) == ("p00", (2, 3))
    assert problems[-1].value is None
    assert report.as_text().count("LD-203  ") == 1
    assert '"p00" (2 rows: 2, 3)' in report.as_text()
    assert "and 11 other values (30 rows)" in report.as_text()


def test_flags_are_read_in_any_case(program):
    written = ["true", "FALSE", "1", "0", "Yes", "no", "maybe"]
    program.add(arrest=[{"arrest_id": n, "is_booked": flag} for n, flag in enumerate(written)])

    read = program.rows("SELECT is_booked FROM program.arrest ORDER BY arrest_key")

    assert [row["is_booked"] for row in read] == [True, False, True, False, True, False, None]
    assert found(program.report, "LD-204").value == "maybe"


def test_races_are_a_set_in_any_case_and_what_fits_none_is_unknown(program):
    written = ["white; ASIAN", "Other", "", "Unknown", "Whte"]
    program.add(
        person=[{"person_id": n, "race": race} for n, race in enumerate(written, 1)],
        referral=[{"person_id": n} for n, _ in enumerate(written, 1)],
    )

    read = program.rows("SELECT races FROM program.person ORDER BY person_key")

    assert [row["races"] for row in read] == [["Asian", "White"], *[["Unknown"]] * 4]
    assert found(program.report, "LD-205").value == "Other"
    assert (found(program.report, "LD-204").value, found(program.report, "LD-204").likely) == (
        "Whte",
        "White",
    )


def test_values_that_may_point_to_a_person_are_masked(program):
    program.add(person=[{"birth_date": "8 May 1967"}])

    problem = found(program.build(), "LD-204")

    assert problem.value == "8••• M••• 1•••"
    assert "1967" not in json.dumps(program.report.as_json())


def test_an_exit_before_the_entry_costs_its_row(program):
    program.add(
        enrollment=[{"started_on": "2026-02-01", "exited_on": "2026-01-31"}, {"started_on": "2026-02-01"}],
        housing=[{"entered_on": "2026-02-01", "exited_on": "2026-01-31"}, {"entered_on": "2026-02-01"}],
    )

    report = program.check()

    assert (
        counts(report, "enrollment") == counts(report, "housing") == {"read": 2, "loaded": 1, "rejected": 1}
    )
    first, second = (problem for problem in report.problems if problem.code == "LD-311")
    assert {first.file, second.file} == {"enrollment.csv", "housing.csv"}
    assert (first.title, first.row, first.value) == ("Exit before entry", 2, "2026-01-31")


def test_a_release_before_the_booking_costs_its_row_but_a_bare_date_counts_all_day(program):
    program.add(
        jail_stay=[
            {"booked_at": "2026-02-01T14:00", "released_at": "2026-02-01T13:00"},
            {"booked_at": "2026-02-01T14:00", "released_at": "2026-02-01"},
            {"booked_at": "2026-02-01T14:00", "released_at": "2026-01-31"},
        ]
    )

    report = program.check()

    assert counts(report, "jail_stay") == {"read": 3, "loaded": 1, "rejected": 2}
    assert found(report, "LD-312").rows == (2, 4)


def test_long_stays_and_future_dates_count_but_are_told(program):
    tomorrow = (date.today() + timedelta(days=2)).isoformat()
    program.add(
        jail_stay=[{"booked_at": "2019-01-01", "released_at": "2026-01-01"}],
        referral=[{"referred_on": tomorrow}, {"referred_on": "2026-01-05"}],
    )

    report = program.check()

    assert found(report, "LD-314").title == "A stay of more than five years"
    assert (found(report, "LD-315").row, found(report, "LD-315").value) == (2, tomorrow)
    assert counts(report, "referral") == {"read": 2, "loaded": 2}
    assert report.sources == {"referral": date(2026, 1, 5), "jail_stay": date(2026, 1, 1)}


def test_stays_without_release_are_told_by_what_the_roster_says(program):
    program.add(jail_stay=[{"booked_at": "2026-01-01"}])
    assert found(program.check(), "LD-319").severity == "note"

    program.add(
        jail_stay=[
            {"booked_at": "2026-01-01", "is_on_roster": flag, "released_at": released}
            for flag, released in (("yes", ""), ("no", ""), ("no", "2026-01-02"))
        ]
    )
    assert found(program.check(), "LD-318").rows == (2, 4)


def test_codes_that_hud_does_not_have_are_told(program):
    program.add(housing=[{"destination": 3}, {"destination": 410}], living_situation=[{"code": 16}])

    problems = [problem for problem in program.check().problems if problem.code == "LD-317"]

    assert [(problem.file, problem.value) for problem in problems] == [
        ("housing.csv", "3"),
        ("living_situation.csv", "16"),
    ]
