"""Bad input is refused in plain words, good input is counted to the last row, and nothing is half done."""

import dataclasses
import json
import signal
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadstats import ingest
from leadstats.ingest import pipeline, rows
from leadstats.measure import open_database
from leadstats.schema import TABLES

ROOT = Path(__file__).resolve().parent.parent
REFERRALS = "referral_id,person_id,referred_on,pathway\n"
SQUARES = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"name": name},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[x, 47], [x + 1, 47], [x + 1, 48], [x, 48], [x, 47]]],
            },
        }
        for name, x in (("Mill Row", -123), ("North End", -122))
    ],
}


def found(report, code):
    """The one problem of that code."""
    (problem,) = (problem for problem in report.problems if problem.code == code)
    return problem


def counts(report, table):
    (account,) = (account for account in report.accounts if account.table == table)
    return {name: getattr(account, name) for name in pipeline.COUNTS if getattr(account, name)}


def checked(program, name, content):
    return program.file(name, content).check()


# Reading what is asked for


def test_a_clean_inbox_is_loaded_without_a_word(program):
    program.add(referral=[{"person_id": 1}, {"person_id": 2}], enrollment=[{"person_id": 1}])

    report = program.build()

    assert (report.exit_code, report.problems) == (0, ())
    assert counts(report, "referral") == {"read": 2, "loaded": 2}
    assert "No problems. The new data are in force" in report.as_text()


def test_a_check_writes_nothing(program):
    program.add(referral=[{"person_id": 1}])
    program.build()
    before = sorted(program.data.iterdir())

    assert program.check().snapshot is None
    assert sorted(program.data.iterdir()) == before


def test_an_archive_of_the_inbox_gives_the_same_numbers(program, tmp_path):
    program.add(referral=[{"person_id": 1}])
    report = program.build()
    with zipfile.ZipFile(tmp_path / "inbox.zip", "w") as archive:
        archive.write(program.inbox / "referral.csv", "exports/referral.csv")

    packed = ingest.build(tmp_path / "inbox.zip", tmp_path / "other")

    assert [a.loaded for a in packed.accounts] == [a.loaded for a in report.accounts]


# One broken file per rule


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
        " mapping.toml. Rows without it are left out.",
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

    assert program.rows("SELECT counted_on FROM program.referral") == [{"counted_on": date(2026, 1, 5)}]


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
    report = checked(program, "referral.csv", REFERRALS + "1,,2026-01-05,community\n")

    assert counts(report, "referral") == {"read": 1, "rejected": 1}
    assert (found(report, "LD-202").row, found(report, "LD-202").column) == (2, "person_id")


def test_an_unknown_choice_is_refused_with_the_nearest(program):
    report = checked(program, "referral.csv", REFERRALS + "1,1,2026-01-05,socal_contact\n")

    assert counts(report, "referral") == {"read": 1, "rejected": 1}
    assert found(report, "LD-203").likely == "social_contact"


def test_many_wrong_values_are_grouped_by_cause(program):
    wrong = "".join(f"a{n},1,2026-01-05,p{n:02}\nb{n},1,2026-01-05,p{n:02}\n" for n in range(25))

    problems = checked(program, "referral.csv", REFERRALS + wrong).problems

    assert [problem.count for problem in problems] == [2] * 20 + [10]
    assert (problems[0].value, problems[0].rows) == ("p00", (2, 3))
    assert problems[-1].value is None


def test_flags_are_read_in_any_case(program):
    written = ["true", "FALSE", "1", "0", "Yes", "no", "maybe"]
    program.add(arrest=[{"arrest_id": n, "is_booked": flag} for n, flag in enumerate(written)])

    read = program.rows("SELECT is_booked FROM program.arrest ORDER BY arrest_key")

    assert [row["is_booked"] for row in read] == [True, False, True, False, True, False, None]
    assert found(program.report, "LD-204").value == "maybe"


def test_races_are_a_set_in_any_case_and_what_fits_none_is_unknown(program):
    written = ["white; ASIAN", "Other", "", "Unknown", "Whte"]
    program.add(
        person=[{"person_id": n, "race": race} for n, race in enumerate(written)],
        referral=[{"person_id": n} for n in range(len(written))],
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

    report = program.build()

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

    report = program.build()

    assert counts(report, "jail_stay") == {"read": 3, "loaded": 1, "rejected": 2}
    assert found(report, "LD-312").rows == (2, 4)


def test_long_stays_and_future_dates_count_but_are_told(program):
    tomorrow = (date.today() + timedelta(days=2)).isoformat()
    program.add(
        jail_stay=[{"booked_at": "2019-01-01", "released_at": "2026-01-01"}],
        referral=[{"referred_on": tomorrow}, {"referred_on": "2026-01-05"}],
    )

    report = program.build()

    assert found(report, "LD-314").title == "A stay of more than five years"
    assert (found(report, "LD-315").row, found(report, "LD-315").value) == (2, tomorrow)
    assert counts(report, "referral") == {"read": 2, "loaded": 2}
    assert report.sources == {"referral": date(2026, 1, 5), "jail_stay": date(2026, 1, 1)}


def test_stays_without_release_are_told_by_what_the_roster_says(program):
    program.add(jail_stay=[{"booked_at": "2026-01-01"}])
    assert found(program.build(), "LD-319").severity == "note"

    program.add(
        jail_stay=[
            {"booked_at": "2026-01-01", "is_on_roster": flag, "released_at": released}
            for flag, released in (("yes", ""), ("no", ""), ("no", "2026-01-02"))
        ]
    )
    assert found(program.build(), "LD-318").rows == (2, 4)


def test_codes_that_hud_does_not_have_are_told(program):
    program.add(housing=[{"destination": 3}, {"destination": 410}], living_situation=[{"code": 16}])

    problems = [problem for problem in program.build().problems if problem.code == "LD-317"]

    assert [(problem.file, problem.value) for problem in problems] == [
        ("housing.csv", "3"),
        ("living_situation.csv", "16"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("referral.csv", b"", "LD-104"),
        ("referral.csv", b"\0\1\2", "LD-105"),
        ("referral.csv", REFERRALS.encode() + b'1,"1,2026-01-05,community\n', "LD-106"),
        ("referral.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "LD-107"),
        ("referral.zip", b"PK\3\4 and no more", "LD-102"),
        ("boundaries.geojson", b"{}", "LD-401"),
        ("site.toml", b"name =", "LD-108"),
        ("mapping.toml", b"[[files]]", "LD-108"),
        ("referral.csv", b"referral_id^person_id^referred_on^pathway\n1^1^2026-01-05^community\n", "LD-201"),
    ],
)
def test_a_file_that_cannot_be_used_stops_the_build_and_the_former_data_stay(program, name, content, code):
    program.add(enrollment=[{"person_id": 1}])
    before = program.build()
    pointer = (program.data / "current").read_text()

    program.file(name, content)
    report = program.build()

    assert (report.exit_code, report.snapshot) == (2, None)
    assert found(report, code).severity == "error"
    if name != "referral.xls":
        assert found(report, code).file == name
    assert (program.data / "current").read_text() == pointer
    assert before.snapshot in pointer


def test_an_inbox_that_is_not_there_cannot_be_read(tmp_path):
    report = ingest.build(tmp_path / "nothing", tmp_path / "data")

    assert (report.exit_code, report.snapshot) == (4, None)


def test_an_empty_inbox_is_an_error(program):
    assert found(program.build(), "LD-209").severity == "error"


def test_a_file_without_any_row_is_fine(program):
    report = checked(program, "referral.csv", REFERRALS)

    assert (report.exit_code, counts(report, "referral")) == (0, {})


# Repetition


def test_a_repeated_row_counts_once(program):
    program.add(contact=[{"contact_id": 1}, {"contact_id": 1}, {"contact_id": 2}])

    report = program.build()

    assert (report.exit_code, counts(report, "contact")) == (0, {"read": 3, "loaded": 2, "duplicate": 1})
    assert found(report, "LD-302").rows == (3,)


def test_of_two_rows_with_one_number_the_fuller_counts(program):
    span = {"enrollment_id": 1, "started_on": "2026-01-01"}
    program.add(enrollment=[span, span | {"exited_on": "2026-01-05"}, span | {"enrollment_id": 2}])

    report = program.build()

    assert counts(report, "enrollment") == {"read": 3, "loaded": 2, "duplicate": 1}
    assert (found(report, "LD-301").rows, report.exit_code) == ((2,), 1)
    assert "one row for each enrollment_id" in found(report, "LD-301").as_text()


def test_the_same_rows_in_two_files_count_once(program):
    program.add(contact=[{"contact_id": 1}])
    program.file("mapping.toml", '[[files]]\npattern = "older.csv"\ntable = "contact"\n').file(
        "older.csv", "contact_id,person_id,contacted_on\n1,1,2026-01-15\n2,1,2026-01-15\n"
    )

    report = program.build()

    assert sorted((a.file, a.loaded, a.duplicate) for a in report.accounts) == [
        ("contact.csv", 1, 0),
        ("older.csv", 1, 1),
    ]


def test_rows_without_a_number_repeat_only_as_a_whole_and_residents_never_do(program):
    program.add(
        housing=[{"project_type": 3}, {"project_type": 3}, {"project_type": 13}],
        population=[{"people": 10}, {"people": 10}],
    )

    report = program.build()

    assert counts(report, "housing") == {"read": 3, "loaded": 2, "duplicate": 1}
    assert counts(report, "population") == {"read": 2, "loaded": 2}


def test_a_referral_within_seven_days_of_the_last_kept_one_is_a_repeat(program):
    # Day 5 repeats day 0; day 10 is 10 days after the last kept one, though 5 after the last.
    first = date(2026, 1, 1)
    days = {0: "community", 5: "community", 10: "community", 17: "community", 18: "community", 2: "unknown"}
    program.add(
        referral=[
            {"person_id": 1, "referred_on": first + timedelta(days=day), "pathway": pathway}
            for day, pathway in days.items()
        ]
    )

    kept = program.rows("SELECT counted_on FROM program.referral ORDER BY counted_on")

    assert [(row["counted_on"] - first).days for row in kept] == [0, 2, 10, 18]
    assert counts(program.report, "referral") == {"read": 6, "loaded": 4, "duplicate": 2}
    assert found(program.report, "LD-303").count == 2


# People


def test_equal_numbers_are_equal_people(program):
    program.add(referral=[{"person_id": 7}], jail_stay=[{"person_id": 7}, {"person_id": 8}])

    assert program.rows("SELECT count(*) AS people FROM program.person WHERE is_participant") == [
        {"people": 1}
    ]
    assert program.rows("SELECT count(*) AS people FROM program.person") == [{"people": 2}]


def test_a_source_with_links_has_its_own_numbers(program):
    program.add(
        referral=[{"person_id": 7}, {"person_id": 8}],
        jail_stay=[{"person_id": "J1"}, {"person_id": 8}],
        person_link=[{"source": "jail_stay", "source_person_id": "J1", "person_id": 7}],
    )

    (row,) = program.rows(
        "SELECT count(*) FILTER (WHERE is_participant) AS linked, count(*) AS people"
        " FROM (SELECT DISTINCT person_key FROM program.stay) JOIN program.person USING (person_key)"
    )

    assert row == {"linked": 1, "people": 2}
    assert found(program.report, "LD-304").rows == (3,)


def test_a_link_for_an_unknown_source_is_left_out(program):
    program.add(person_link=[{"source": "jial_stay", "source_person_id": 1}], referral=[{}])

    assert found(program.build(), "LD-313").value == "jial_stay"


def hmis_export(program, person):
    program.file(
        "hmis/Export.csv", "ExportID,CSVVersion,ExportDate,ExportEndDate\n1,2024 v1.3,2026-03-01,2026-03-01\n"
    )
    program.file("hmis/Client.csv", f"PersonalID,White,RaceNone\n{person},1,\n")
    program.file("hmis/Project.csv", "ProjectID,ProjectType\nP,3\n")
    program.file(
        "hmis/Enrollment.csv", f"EnrollmentID,PersonalID,ProjectID,EntryDate\nE,{person},P,2026-01-10\n"
    )
    program.file(
        "hmis/Exit.csv", f"EnrollmentID,PersonalID,ExitDate,Destination\nE,{person},2026-02-10,410\n"
    )
    return program


@pytest.mark.parametrize("is_linked", [False, True])
def test_people_of_hmis_are_participants_only_if_linked(program, is_linked):
    hmis_export(program, 7).add(referral=[{"person_id": 7}])
    if is_linked:
        program.add(person_link=[{"source": "hmis", "source_person_id": 7, "person_id": 7}])

    assert program.rows("SELECT is_participant FROM program.housing") == [{"is_participant": is_linked}]


def test_an_enrollment_file_of_lead_beside_an_hmis_export_is_told_by_its_columns(program):
    for path in ("Export", "Client", "Project"):
        hmis_export(program, 7)
        content = (program.inbox / "hmis" / f"{path}.csv").read_bytes()
        program.file(f"{path}.csv", content)
    program.file("Exit.csv", (program.inbox / "hmis" / "Exit.csv").read_bytes())
    program.add(enrollment=[{"person_id": 1}])

    report = program.build()

    assert ("enrollment.csv", "enrollment") in {(account.file, account.table) for account in report.accounts}


# Mapping


def test_a_file_that_looks_like_an_export_needs_a_decision(program):
    program.add(enrollment=[{}])
    report = checked(program, "referrals.csv", REFERRALS + "1,1,2026-01-05,community\n")

    assert report.exit_code == 3
    assert "Rename it to referral.csv" in found(report, "LD-206").as_text()


def test_any_other_file_is_listed_as_not_used(program):
    program.add(enrollment=[{}])
    report = checked(program, "notes.txt", "call the jail\n")

    assert (report.exit_code, found(report, "LD-113").file) == (0, "notes.txt")
    assert [(file, table) for file, table, *_ in report.files()] == [
        ("enrollment.csv", "enrollment"),
        ("notes.txt", None),
    ]


def test_columns_that_are_not_used_are_listed(program):
    report = checked(program, "referral.csv", "Referral_ID,person_id,referred_on,pathway,Shoe size\n")

    assert (found(report, "LD-114").value, report.exit_code) == ("Shoe size", 0)


MAPPING = """
[[files]]
pattern = "Refs*.csv"
table = "referral"
missing = ["NULL"]
[files.columns]
referral_id = ["County", "Number"]
person_id = "Person"
referred_on = "Date"
pathway = "Door"
[files.formats]
referred_on = "%m/%d/%Y %I:%M %p"
[files.values.pathway]
Street = "social_contact"
"" = "unknown"
[files.constants]
source_agency = "Sheriff"
[files.only]
Kind = ["LEAD"]
[[files]]
pattern = "Refs*.csv"
table = "person"
[files.columns]
person_id = "Person"
race = "Race"
[files.split]
race = ","
[files.values.race]
W = "White"
H = "Hispanic or Latino"
X = ""
[[files]]
pattern = "people/*.csv"
table = "population"
[files.columns]
neighborhood = "Area"
[files.wide]
All = ""
Whites = "White"
"""


def test_a_mapping_translates_columns_values_dates_and_shapes(program):
    program.file("mapping.toml", MAPPING)
    program.file(
        "Refs_2026.csv",
        "County,NUMBER,Person,Date,Door,Kind,Race\n"
        'K,1,7,01/05/2026 02:30 PM,Street,LEAD,"W, h"\n'
        "K,2,8,01/06/2026 02:30 PM,NULL,LEAD,X\n"
        "K,3,9,01/07/2026 02:30 PM,Street,Other,\n",
    )
    program.file("people/2020.csv", "Area,All,Whites\nMill Row,100,60\nNorth End,50,\n")

    referrals = program.rows(
        "SELECT counted_on, traits.pathway, traits.source_agency FROM program.referral ORDER BY 1"
    )
    races = program.rows("SELECT races FROM program.person ORDER BY person_key")
    residents = program.rows("SELECT place, race, people FROM program.population ORDER BY ALL")

    assert referrals == [
        {"counted_on": date(2026, 1, 5), "pathway": "social_contact", "source_agency": "Sheriff"},
        {"counted_on": date(2026, 1, 6), "pathway": "unknown", "source_agency": "Sheriff"},
    ]
    assert [row["races"] for row in races] == [["Hispanic or Latino", "White"], ["Unknown"], ["Unknown"]]
    assert [tuple(row.values()) for row in residents if row["place"] == "Mill Row"] == [
        ("Mill Row", "Unknown", 40),
        ("Mill Row", "White", 60),
    ]
    assert counts(program.report, "referral") == {"read": 3, "loaded": 2, "out_of_scope": 1}
    # One row gives a piece for everyone and one for each group; an empty piece costs no row.
    assert counts(program.report, "population") == {"read": 2, "loaded": 2}


@pytest.mark.parametrize(
    ("columns", "header", "code", "words"),
    [
        ('person_id = "Persn"', "referral_id,Person,referred_on,pathway", "LD-208", 'Likely   "Person"'),
        ('person_id = "P"', "referral_id,P,P,referred_on,pathway", "LD-207", "P_2"),
        ('screening = "Result"', REFERRALS.strip(), "LD-210", "counts as empty"),
    ],
)
def test_a_mapping_that_does_not_fit_the_file_is_told(program, columns, header, code, words):
    program.file(
        "mapping.toml", f'[[files]]\npattern = "r.csv"\ntable = "referral"\n[files.columns]\n{columns}\n'
    )

    assert words in found(checked(program, "r.csv", header + "\n"), code).as_text()


# Places


def test_points_get_the_place_of_the_map_and_names_its_spelling(program):
    program.file("map.geojson", json.dumps(SQUARES))
    program.add(
        arrest=[
            {"arrest_id": 1, "latitude": 47.5, "longitude": -122.5},
            {"arrest_id": 2, "latitude": 40, "longitude": -122.5},
            {"arrest_id": 3, "neighborhood": "north END", "latitude": 47.5, "longitude": -122.5},
            {"arrest_id": 4, "neighborhood": "Nrth End"},
            {"arrest_id": 5},
        ]
    )

    read = program.rows("SELECT traits.place FROM program.arrest ORDER BY arrest_key")

    assert [row["place"] for row in read] == ["Mill Row", "Outside", "North End", "Nrth End", "Unknown"]
    assert (found(program.report, "LD-402").value, found(program.report, "LD-402").likely) == (
        "Nrth End",
        "North End",
    )
    assert counts(program.report, "boundary") == {"read": 2, "loaded": 2}


def test_two_maps_need_a_decision_that_the_site_can_take(program):
    program.file("beats.geojson", json.dumps(SQUARES)).file("areas.geojson", json.dumps(SQUARES))
    program.add(referral=[{}])
    assert found(program.build(), "LD-207").severity == "decision"
    assert program.report.exit_code == 3

    assert program.site(boundary_file="beats.geojson").build().exit_code == 0


# How far the data reach


def test_each_source_reaches_to_its_latest_event_unless_the_site_says_otherwise(program):
    program.add(
        referral=[{"referred_on": "2026-01-05", "intake_completed_on": "2026-02-01"}],
        enrollment=[{"started_on": "2026-01-20"}],
        person=[{"death_date": "2026-05-01"}],
    )
    report = program.build()
    assert report.sources == {
        "person": date(2026, 2, 1),
        "referral": date(2026, 2, 1),
        "enrollment": date(2026, 1, 20),
    }
    assert report.data_through == date(2026, 1, 20)

    report = program.site(data_through=date(2026, 3, 31)).build()
    assert set(report.sources.values()) == {date(2026, 3, 31)}
    assert report.as_json()["data_through"] == "2026-03-31"


# Every row is accounted for, whatever its place

REFERRAL_COLUMNS = ("referral_id", "person_id", "referred_on", "pathway", "intake_completed_on")
ANY_ROW = st.fixed_dictionaries(
    {
        "referral_id": st.sampled_from(["", "1", "2", "3"]),
        "person_id": st.sampled_from(["", "1", "2"]),
        "referred_on": st.sampled_from(["2026-01-01", "2026-01-05", "2026-01-12", "soon", ""]),
        "pathway": st.sampled_from(["community", "COMMUNITY", "street", ""]),
        "intake_completed_on": st.sampled_from(["", "2026-01-20", "later"]),
    }
)
QUICK = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def outcome(folder: Path, **files):
    """Accounts and referrals of a build from files of rows; file numbers follow the names."""
    folder.mkdir()
    for name, some in files.items():
        lines = [",".join(row) for row in [REFERRAL_COLUMNS, *(row.values() for row in some)]]
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n")
    (folder / "mapping.toml").write_text('[[files]]\npattern = "*.csv"\ntable = "referral"\n')
    report = ingest.build(folder, folder / "data")
    database = open_database(folder / "data")
    referrals = database.rows("SELECT * FROM program.referral ORDER BY referral_key")
    database.root.close()
    return report.accounts, referrals


@QUICK
@given(st.lists(ANY_ROW, max_size=12), st.lists(ANY_ROW, max_size=4), st.randoms())
def test_every_row_is_accounted_for_and_no_order_of_rows_or_files_changes_a_number(
    tmp_path_factory, some, others, chance
):
    folder = tmp_path_factory.mktemp("orders")
    shuffled = chance.sample(some, len(some))

    accounts, referrals = outcome(folder / "one", a=some, b=others)
    again, same = outcome(folder / "other", a=others, b=shuffled)

    assert [account.read for account in accounts] == [len(some), len(others)]
    for account in (*accounts, *again):
        assert account.read == account.loaded + account.rejected + account.duplicate + account.out_of_scope
    assert len(referrals) == sum(account.loaded for account in accounts)
    assert referrals == same


def test_a_row_that_is_lost_stops_the_build(program, monkeypatch):
    def forgetful(*arguments):
        loaded = rows.accept_rows(*arguments)
        accounts = tuple(
            dataclasses.replace(account, loaded=account.loaded - 1) for account in loaded.accounts
        )
        return dataclasses.replace(loaded, accounts=accounts)

    monkeypatch.setattr(pipeline, "accept_rows", forgetful)
    program.add(referral=[{}])

    report = program.build()

    assert (report.exit_code, report.snapshot) == (2, None)
    assert found(report, "LD-501").value == "1 read, 0 accounted for"


# One snapshot after the other


def test_the_same_inbox_gives_the_same_report_and_the_same_snapshot(program, tmp_path):
    program.add(referral=[{"referred_on": "soon"}, {}], person=[{"race": "Other"}])

    assert program.build().as_json() == ingest.build(program.inbox, tmp_path / "elsewhere").as_json()


def test_three_snapshots_are_kept(program):
    names = [program.add(referral=[{}]).build().snapshot for _ in range(5)]

    assert sorted(path.name for path in program.data.glob("*.duckdb")) == sorted(names[-3:])
    assert (program.data / "current").read_text() == names[-1] + "\n"
    assert not [path for path in program.data.iterdir() if path.is_dir()]


KILL = """
import os, signal, sys
from pathlib import Path
from leadstats import ingest
from leadstats.ingest import {module}

def die(*arguments):
    os.kill(os.getpid(), signal.SIGKILL)

{module}.{function} = die
ingest.build(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.mark.parametrize(
    ("module", "function"), [("pipeline", "accept_rows"), ("pipeline", "_identity"), ("snapshot", "publish")]
)
def test_a_killed_build_leaves_the_former_data_in_force(program, module, function):
    former = program.add(referral=[{}]).build().snapshot
    program.add(referral=[{}]).write()
    script = KILL.format(module=module, function=function)

    killed = subprocess.run([sys.executable, "-c", script, program.inbox, program.data], cwd=ROOT)

    assert killed.returncode == -signal.SIGKILL
    assert (program.data / "current").read_text() == former + "\n"
    assert list(program.data.glob(".building-*"))
    assert ingest.build(program.inbox, program.data).snapshot != former
    assert not list(program.data.glob(".building-*"))


def test_a_build_waits_for_the_one_before_it(program):
    program.add(referral=[{}]).write()
    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(lambda _: ingest.build(program.inbox, program.data), range(2)))

    assert len({report.snapshot for report in reports}) == 1


def test_no_identifier_reaches_the_database(program):
    canary = "Zanzibar"
    identifiers = {
        table.name: {c.name: f"{canary}-{c.name}" for c in table.columns if c.privacy == "identifier"}
        for table in TABLES.values()
    }
    program.add(**{name: [row | {"Full name": canary}] for name, row in identifiers.items()})
    program.add(referral=[{"referral_id": f"{canary}-2", "person_id": canary, "referred_on": "soon"}])
    program.add(person_link=[{"source": "jail_stay", "source_person_id": f"{canary}-J"}])

    report = program.build()

    assert canary not in json.dumps(report.as_json())
    assert canary.encode() not in (program.data / report.snapshot).read_bytes()
    # Strings in the file may be compressed, so the tables are searched as well.
    for table in program.rows("SELECT table_name FROM duckdb_tables()"):
        name = {"table": f"program.{table['table_name']}"}
        held = program.database.rows("SELECT line::VARCHAR AS line FROM query_table($table) AS line", name)
        assert canary not in str(held), table
