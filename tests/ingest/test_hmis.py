"""HMIS exports of three versions become the same rows, and bad rows are told one by one."""

import csv
import io
import itertools
import random

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadstats.counting.view import NOT_RECORDED
from leadstats.ingest import hmis, stations
from leadstats.ingest.reading import StagedFile
from leadstats.model.messages import exit_code
from leadstats.narrative import wording

VERSIONS = {"FY2022": "FY2022", "FY2024": "2024 v1.3", "FY2026": "2026 v1.0"}
DEFAULTS = {
    "Export": {"CSVVersion": "2024 v1.3", "ExportDate": "2024-10-01 08:00:00", "ExportEndDate": "2024-09-30"},
    "Organization": {"OrganizationID": "org", "VictimServiceProvider": "0", "DateDeleted": ""},
    "Project": {"ProjectID": "project", "OrganizationID": "org", "ProjectType": "13", "DateDeleted": ""},
    "Client": {
        "PersonalID": "a",
        "FirstName": "Quixotica",
        "SSN": "987654321",
        "DOB": "1980-05-01",
        "DateDeleted": "",
    },
    "Enrollment": {
        "EnrollmentID": "e",
        "PersonalID": "a",
        "ProjectID": "project",
        "HouseholdID": "",
        "RelationshipToHoH": "1",
        "EntryDate": "2024-01-01",
        "MoveInDate": "",
        "LivingSituation": "116",
        "DateDeleted": "",
    },
    "Exit": {
        "EnrollmentID": "e",
        "PersonalID": "a",
        "ExitDate": "2024-06-30",
        "Destination": "410",
        "DateDeleted": "",
    },
    "Services": {
        "ServicesID": "s",
        "EnrollmentID": "e",
        "PersonalID": "a",
        "DateProvided": "2024-02-01",
        "RecordType": "200",
        "DateDeleted": "",
    },
    "CurrentLivingSituation": {
        "CurrentLivingSitID": "c",
        "EnrollmentID": "e",
        "PersonalID": "a",
        "InformationDate": "2024-02-01",
        "CurrentLivingSituation": "116",
        "DateDeleted": "",
    },
}
ONE_OF_EACH = {name: [{}] for name in DEFAULTS if name != "Services"}


def table(name, rows):
    full = [{**DEFAULTS[name], **row} for row in rows]
    columns = list(dict.fromkeys(key for row in full or [DEFAULTS[name]] for key in row))
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, restval="")
    writer.writeheader()
    writer.writerows(full)
    return stream.getvalue()


def export(program, **files):
    """One good row in each file, but for the files that are given."""
    for name, rows in (ONE_OF_EACH | files).items():
        if rows is not None:
            program.file(f"hmis/{name}.csv", table(name, rows))
    return program


def account(program, file, table_name=None):
    """(loaded, rejected, duplicate, out of scope) of a file."""
    found = [
        each
        for each in (program.report or program.build()).accounts
        if each.file == f"hmis/{file}.csv" and table_name in (None, each.table)
    ]
    assert found[0].read == found[0].loaded + found[0].rejected + found[0].duplicate + found[0].out_of_scope
    return found[0].loaded, found[0].rejected, found[0].duplicate, found[0].out_of_scope


def told(program, file):
    """The problems of a file: code, column, rows."""
    report = program.report or program.build()
    return {
        (found.code, found.column, found.rows)
        for found in report.problems
        if found.file == f"hmis/{file}.csv" and found.code != "LD-113"
    }


def said(loaded, file):
    """The problems of a file: code, column, rows."""
    return {(found.code, found.column, found.rows) for found in loaded.problems if found.file == file}


def stays(program, *columns):
    rows = program.rows("FROM program.housing ORDER BY ALL")
    return [
        tuple(str(row[column]) if row[column] is not None else None for column in columns) for row in rows
    ]


def test_an_export_is_known_by_the_names_of_its_files():
    assert hmis.is_hmis(["Export.csv", "Client.csv", "notes.txt"])
    assert hmis.is_hmis(["EXPORT.CSV", "enrollment.csv"])
    assert not hmis.is_hmis(["enrollment.csv", "person.csv"])
    assert not hmis.is_hmis(["Export.csv", "referral.csv"])


WORDS = {  # the same facts as each version writes them
    "FY2022": {
        "race": {"Ethnicity": "1", "White": "0"},
        "gender": {"Female": "1", "Male": "0", "NoSingleGender": "1"},
        "destinations": ["3", "19", "10", "30"],
        "situation": "35",
        "shelter": {"ProjectType": "1", "TrackingMethod": "0"},
    },
    "FY2024": {
        "race": {"HispanicLatinaeo": "1", "White": "0"},
        "gender": {"Woman": "1", "Man": "0", "NonBinary": "1"},
        "destinations": ["435", "435", "410", "30"],
        "situation": "335",
        "shelter": {"ProjectType": "0"},
    },
    "FY2026": {
        "race": {"HispanicLatinao": "1", "White": "0"},
        "gender": {"Sex": "0"},
        "destinations": ["435", "435", "410", "30"],
        "situation": "335",
        "shelter": {"ProjectType": "0"},
    },
}


@pytest.mark.parametrize("states_version", [True, False])
@pytest.mark.parametrize("version", VERSIONS)
def test_three_versions_say_the_same(program, version, states_version):
    words = WORDS[version]
    export(
        program,
        Export=[{"CSVVersion": VERSIONS[version] if states_version else ""}],
        Project=[words["shelter"]],
        Client=[{"PersonalID": "a", "BlackAfAmerican": "1", **words["race"], **words["gender"]}],
        Enrollment=[{"EnrollmentID": str(n), "LivingSituation": words["situation"]} for n in range(4)],
        Exit=[{"EnrollmentID": str(n), "Destination": code} for n, code in enumerate(words["destinations"])],
        CurrentLivingSituation=[{"EnrollmentID": "0", "CurrentLivingSituation": words["situation"]}],
    )

    (person,) = program.rows("FROM program.person")

    assert person["races"] == ["Black or African American", "Hispanic or Latino"]
    assert person["sex"] == ("Female" if version == "FY2026" else None)
    assert sorted(stays(program, "project_type", "destination")) == [
        ("0", "30"),
        ("0", "410"),
        ("0", "435"),
        ("0", "435"),
    ]
    assert {row["code"] for row in program.rows("FROM program.living_situation")} == {335}


def test_gender_is_kept_as_asked_and_says_nothing_of_sex():
    connection = staged_export(Client=[{"Woman": "1", "Transgender": "1"}, {"PersonalID": "b", "Man": "0"}])[
        0
    ]

    assert connection.sql("SELECT sex, gender FROM raw.person ORDER BY person_id").fetchall() == [
        (None, "Transgender;Woman"),
        (None, None),
    ]


def test_an_unknown_version_stops_the_build(program):
    export(program, Export=[{"CSVVersion": "FY2020"}])

    assert told(program, "Export") >= {("LD-601", "CSVVersion", ())}
    assert program.report.exit_code == 2


@pytest.mark.parametrize("name", ["Client", "Enrollment", "Exit", "Project"])
def test_a_missing_file_stops_the_build(name):
    _, loaded = staged_export(**{name: None})

    assert [(found.code, found.expected) for found in loaded.problems] == [
        ("LD-602", f"{name}.csv beside Export.csv")
    ]
    assert exit_code(loaded.problems) == 2


def test_a_missing_column_stops_the_build(program):
    export(program).file("hmis/Exit.csv", "EnrollmentID,PersonalID,Destination\ne,a,410\n")

    assert ("LD-201", None, ()) in told(program, "Exit")
    assert program.report.exit_code == 2


def test_organizations_and_current_situations_may_be_missing(program):
    report = export(program, Organization=None, CurrentLivingSituation=None).build()

    assert report.exit_code == 0
    assert account(program, "Enrollment", "housing") == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("project_type", "move_in", "exit_day", "counts"),
    [
        (3, "2024-02-01", "2024-06-30", True),
        (3, "2023-12-31", "2024-06-30", False),  # before entry
        (3, "2024-07-01", "2024-06-30", False),  # after exit
        (3, "2024-06-30", "2024-06-30", False),  # supportive housing, on the day of exit
        (13, "2024-06-30", "2024-06-30", True),  # rapid re-housing, the same day
        (13, "2024-01-01", "", True),  # on the day of entry
        (13, "2024-10-01", "", True),  # on the day of the export, after the days it covers
        (13, "2024-10-02", "", False),  # after the export was made
        (2, "2024-02-01", "2024-06-30", False),  # not permanent housing
    ],
)
def test_a_move_in_counts_by_hud_rules(project_type, move_in, exit_day, counts):
    connection, loaded = staged_export(
        Project=[{"ProjectType": str(project_type)}],
        Enrollment=[{"MoveInDate": move_in}],
        Exit=[{"ExitDate": exit_day}] if exit_day else [],
    )

    (found,) = connection.sql("SELECT moved_in_on FROM raw.housing").fetchall()
    assert found == (move_in if counts else None,)
    assert said(loaded, "Enrollment") == (set() if counts else {("LD-607", "MoveInDate", (2,))})


def test_a_household_moves_in_with_its_head(program):
    people = {
        # person: (relationship, entry, own move-in, exit) -> counted move-in
        "head": ("1", "2024-01-01", "2024-03-01", "", "2024-03-01"),
        "partner": ("3", "2024-01-01", "2024-01-15", "", "2024-03-01"),
        "child born later": ("2", "2024-05-05", "", "", "2024-05-05"),
        "one who left before": ("4", "2024-01-01", "", "2024-02-01", None),
    }
    export(
        program,
        Client=[{"PersonalID": person} for person in people],
        Enrollment=[
            {
                "EnrollmentID": person,
                "PersonalID": person,
                "HouseholdID": "h",
                "RelationshipToHoH": relationship,
                "EntryDate": entry,
                "MoveInDate": move_in,
            }
            for person, (relationship, entry, move_in, _, _) in people.items()
        ],
        Exit=[
            {"EnrollmentID": person, "PersonalID": person, "ExitDate": leave}
            for person, (*_, leave, _) in people.items()
            if leave
        ],
    )

    assert sorted(stays(program, "entered_on", "moved_in_on"), key=str) == sorted(
        ((entry, counted) for _, entry, _, _, counted in people.values()), key=str
    )


def test_a_household_whose_head_has_not_moved_in_has_not_moved_in(program):
    household = {"HouseholdID": "h"}
    export(
        program,
        Client=[{}, {"PersonalID": "b"}],
        Enrollment=[
            household,
            {
                **household,
                "EnrollmentID": "f",
                "PersonalID": "b",
                "RelationshipToHoH": "2",
                "MoveInDate": "2024-02-01",
            },
        ],
        Exit=[],
    )

    assert stays(program, "moved_in_on") == [(None,), (None,)]


def test_a_household_number_used_again_is_another_household(program):
    spans = {
        # person: (relationship, entry, exit, own move-in) -> counted move-in
        "first head": ("1", "2023-01-01", "2023-06-01", "2023-03-01", "2023-03-01"),
        "first child": ("2", "2023-01-01", "2023-06-01", "", "2023-03-01"),
        "second head": ("1", "2024-01-01", "", "", None),
        "second child": ("2", "2024-01-01", "", "", None),
        "third child": ("2", "2023-06-01", "2023-12-31", "", None),
    }
    export(
        program,
        Client=[{"PersonalID": person} for person in spans],
        Enrollment=[
            {
                "EnrollmentID": person,
                "PersonalID": person,
                "HouseholdID": "h",
                "RelationshipToHoH": relationship,
                "EntryDate": entry,
                "MoveInDate": move_in,
            }
            for person, (relationship, entry, _, move_in, _) in spans.items()
        ],
        Exit=[
            {"EnrollmentID": person, "PersonalID": person, "ExitDate": leave}
            for person, (_, _, leave, _, _) in spans.items()
            if leave
        ],
    )

    assert sorted(stays(program, "entered_on", "moved_in_on"), key=str) == sorted(
        ((entry, counted) for _, entry, _, _, counted in spans.values()), key=str
    )


@pytest.mark.parametrize("leave", ["2024-02-30", "", "2042-06-30", "soon"])
def test_an_exit_that_nobody_can_read_is_no_open_enrollment(program, leave):
    export(
        program,
        Project=[{"ProjectType": "0"}],
        Client=[{}, {"PersonalID": "b"}],
        Enrollment=[{}, {"EnrollmentID": "f", "PersonalID": "b"}],
        Exit=[{"ExitDate": leave}],
    )

    assert sorted(stays(program, "exited_on", "is_end_known"), key=str) == [
        ("2024-01-01", "False"),
        (None, "True"),
    ]
    months = {"first_month": "2024-01", "last_month": "2024-03"}
    assert program.values("people_in_interim_housing", **months) == {"2024-01": 2, "2024-02": 1, "2024-03": 1}


@pytest.mark.parametrize("leave", ["9999-12-31", "1900-01-01", "0000-00-00"])
def test_an_exit_that_stands_for_none_leaves_the_enrollment_open(program, leave):
    export(program, Exit=[{"ExitDate": leave}])

    assert stays(program, "exited_on", "is_end_known") == [(None, "True")]
    assert told(program, "Exit") == {("LD-211", "ExitDate", (2,))}


def test_the_export_reaches_as_far_as_it_states(program):
    export(
        program,
        Export=[{"ExportDate": "2024-10-01", "ExportEndDate": "2024-09-30"}],
        Enrollment=[{"MoveInDate": "2024-08-15", "LivingSituation": ""}],
        Exit=[],
        CurrentLivingSituation=[],
    )

    assert program.values(
        "people_placed_in_permanent_housing", first_month="2024-08", last_month="2024-09"
    ) == {
        "2024-08": 1,
        "2024-09": 0,
    }
    assert {day.isoformat() for day in program.report.sources.values()} == {"2024-09-30"}


def test_an_end_to_come_is_the_day_of_the_export(program):
    export(program, Export=[{"ExportDate": "2024-10-01", "ExportEndDate": "2099-12-30"}]).build()

    assert {day.isoformat() for day in program.report.sources.values()} == {"2024-10-01"}


NIGHTS = [
    ("e", "a", "2023-11-01"),
    ("f", "b", "2024-05-20"),
    ("f", "b", "2024-05-31"),
    ("e", "a", "2024-05-02"),
]


def night_by_night(program, **files):
    return export(
        program,
        Project=[{"ProjectType": "1"}],
        Client=[{}, {"PersonalID": "b"}],
        Enrollment=[
            {"EntryDate": "2021-11-01", "LivingSituation": ""},
            {"EnrollmentID": "f", "PersonalID": "b", "EntryDate": "2024-05-20", "LivingSituation": ""},
        ],
        Exit=[],
        CurrentLivingSituation=[],
        **files,
    )


def test_in_night_by_night_shelter_a_stay_is_its_nights(program):
    others = [{"ServicesID": f"o{n}", "RecordType": code} for n, code in enumerate(("144", "300", ""))]
    night_by_night(
        program,
        Services=[
            {"ServicesID": f"s{n}", "EnrollmentID": enrollment, "PersonalID": person, "DateProvided": night}
            for n, (enrollment, person, night) in enumerate(NIGHTS)
        ]
        + [{"ServicesID": "s0", "EnrollmentID": "e", "PersonalID": "a", "DateProvided": "2023-11-01"}]
        + others,
    )

    months = {"first_month": "2023-11", "last_month": "2024-06"}
    expected = {"2023-11": 1, "2023-12": 0, "2024-01": 0, "2024-02": 0, "2024-03": 0, "2024-04": 0}
    expected |= {"2024-05": 2, "2024-06": 0}
    assert program.values("people_in_interim_housing", **months) == expected
    assert program.values("people_in_housing_system", **months) == expected
    assert account(program, "Services") == (4, 0, 1, 3)


def test_without_services_the_nights_are_not_known(program):
    night_by_night(program)

    assert told(program, "Enrollment") == {("LD-609", "EntryDate", (2, 3))}
    months = {"first_month": "2021-10", "last_month": "2024-06", "by": "year"}
    for metric in ("people_in_interim_housing", "people_in_housing_system"):
        published = program.measure(metric, **months)
        assert {cell.hidden for cell in published.cells} == {NOT_RECORDED}
        assert published.not_recorded == ("housing.bed_nights",)
        assert "Services.csv" in wording.gaps(published)
    # Before the first of these enrollments there is nothing that would be missing.
    assert program.value("people_in_interim_housing", month="2021-09") == 0


def test_ethnicity_of_fy2022_is_a_group_beside_the_races(program):
    export(
        program,
        Export=[{"CSVVersion": "FY2022"}],
        Project=[{"ProjectType": "13", "TrackingMethod": ""}],
        Client=[
            {"Ethnicity": "1", "White": "1"},
            {"PersonalID": "b", "Ethnicity": "1"},
            {"PersonalID": "c", "Ethnicity": "0", "White": "1"},
        ],
    )

    people = program.rows("SELECT races FROM program.person ORDER BY person_key")

    assert [row["races"] for row in people] == [
        ["Hispanic or Latino", "White"],
        ["Hispanic or Latino"],
        ["White"],
    ]
    assert told(program, "Client") == {("LD-610", "Ethnicity", (2, 3))}


def test_records_of_victim_service_providers_are_out_of_scope(program):
    # Said by a deleted row of the provider and by one of two rows of its project.
    export(
        program,
        Organization=[
            {},
            {"OrganizationID": "safe", "VictimServiceProvider": "1", "DateDeleted": "2024-01-01"},
        ],
        Project=[{}, {"ProjectID": "haven"}, {"ProjectID": "haven", "OrganizationID": "safe"}],
        Client=[{}, {"PersonalID": "b"}],
        Enrollment=[
            {},
            {"EnrollmentID": "f", "PersonalID": "b", "ProjectID": "haven"},
            {"EnrollmentID": "g", "PersonalID": "a", "ProjectID": "haven"},
        ],
        Exit=[{}, {"EnrollmentID": "f", "PersonalID": "b"}],
        CurrentLivingSituation=[{}, {"CurrentLivingSitID": "d", "EnrollmentID": "f", "PersonalID": "b"}],
    )

    assert account(program, "Project") == (1, 0, 0, 2)
    assert account(program, "Client") == (1, 0, 0, 1)
    assert account(program, "Enrollment", "housing") == (1, 0, 0, 2)
    assert account(program, "Exit") == (1, 0, 0, 1)
    assert account(program, "CurrentLivingSituation") == (1, 0, 0, 1)
    assert program.report.exit_code == 0


def test_deleted_records_are_out_of_scope_and_so_is_what_hangs_on_them(program):
    deleted = {"DateDeleted": "2024-05-05 10:00:00"}
    export(
        program,
        Client=[{}, {"PersonalID": "b", **deleted}],
        Enrollment=[{}, {"EnrollmentID": "f", **deleted}, {"EnrollmentID": "g", "PersonalID": "b"}],
        Exit=[deleted, {"EnrollmentID": "f"}, {"EnrollmentID": "g", "PersonalID": "b"}],
    )

    assert account(program, "Client") == (1, 0, 0, 1)
    assert account(program, "Enrollment", "housing") == (1, 0, 0, 2)
    assert account(program, "Exit") == (0, 0, 0, 3)
    assert stays(program, "exited_on") == [(None,)]


def test_cells_in_the_wrong_columns_are_no_deletion(program):
    export(program, CurrentLivingSituation=[{"DateDeleted": "b6585c2320f6"}])

    assert account(program, "CurrentLivingSituation") == (0, 1, 0, 0)
    assert told(program, "CurrentLivingSituation") == {("LD-203", "DateDeleted", (2,))}


@pytest.mark.parametrize(
    ("file", "row", "problem"),
    [
        ("Client", {"PersonalID": ""}, ("LD-202", "PersonalID")),
        ("Project", {"ProjectID": ""}, ("LD-202", "ProjectID")),
        ("Organization", {"OrganizationID": " "}, ("LD-202", "OrganizationID")),
        ("Enrollment", {"EnrollmentID": ""}, ("LD-202", "EnrollmentID")),
        ("Enrollment", {"EnrollmentID": "x", "PersonalID": ""}, ("LD-202", "PersonalID")),
        ("Enrollment", {"EnrollmentID": "x", "ProjectID": ""}, ("LD-202", "ProjectID")),
        ("Enrollment", {"EnrollmentID": "x", "EntryDate": ""}, ("LD-202", "EntryDate")),
        ("Enrollment", {"EnrollmentID": "x", "EntryDate": "2024-02-30"}, ("LD-203", "EntryDate")),
        ("Enrollment", {"EnrollmentID": "x", "PersonalID": "nobody"}, ("LD-603", "PersonalID")),
        ("Enrollment", {"EnrollmentID": "x", "ProjectID": "nowhere"}, ("LD-603", "ProjectID")),
        ("Exit", {"EnrollmentID": ""}, ("LD-202", "EnrollmentID")),
        ("Exit", {"PersonalID": ""}, ("LD-202", "PersonalID")),
        ("Exit", {"EnrollmentID": "orphan"}, ("LD-603", "EnrollmentID")),
        ("Exit", {"PersonalID": "another"}, ("LD-603", "PersonalID")),
        ("Exit", {"ExitDate": ""}, ("LD-202", "ExitDate")),
        ("Exit", {"ExitDate": "soon"}, ("LD-203", "ExitDate")),
        ("CurrentLivingSituation", {"EnrollmentID": "orphan"}, ("LD-603", "EnrollmentID")),
        ("CurrentLivingSituation", {"PersonalID": "another"}, ("LD-603", "PersonalID")),
        ("CurrentLivingSituation", {"InformationDate": ""}, ("LD-202", "InformationDate")),
        ("CurrentLivingSituation", {"CurrentLivingSituation": ""}, ("LD-202", "CurrentLivingSituation")),
        ("CurrentLivingSituation", {"CurrentLivingSituation": "435.5"}, ("LD-203", "CurrentLivingSituation")),
        ("CurrentLivingSituation", {"CurrentLivingSituation": "422"}, ("LD-203", "CurrentLivingSituation")),
        ("Enrollment", {"EnrollmentID": "x", "EntryDate": "2024-10-02"}, ("LD-608", "EntryDate")),
        ("Exit", {"ExitDate": "2042-06-30"}, ("LD-608", "ExitDate")),
        ("CurrentLivingSituation", {"InformationDate": "2024-10-02"}, ("LD-608", "InformationDate")),
        ("Services", {"DateProvided": "2024-10-02"}, ("LD-608", "DateProvided")),
        ("Services", {"DateProvided": "2024-02-30"}, ("LD-203", "DateProvided")),
        ("Services", {"EnrollmentID": "orphan"}, ("LD-603", "EnrollmentID")),
    ],
)
def test_a_bad_row_is_rejected_and_the_good_one_stays(file, row, problem):
    good = {"CurrentLivingSituation": {"CurrentLivingSitID": "d"}, "Services": {"ServicesID": "t"}}.get(
        file, {}
    )

    _, loaded = staged_export(**{file: [row, good]})

    found = next(each for each in loaded.accounts if each.file == file)
    assert (found.read, found.rejected, found.duplicate, found.out_of_scope) == (2, 1, 0, 0)
    assert said(loaded, file) == {(*problem, (2,))}
    assert exit_code(loaded.problems) == 1


@pytest.mark.parametrize(
    ("file", "cell", "column"),
    [
        ("Exit", {"Destination": "999"}, "destination"),
        ("Exit", {"Destination": "434"}, "destination"),  # a kind of subsidy
        ("Exit", {"Destination": "335"}, "destination"),  # a living situation only
        ("Exit", {"Destination": "22"}, "destination"),  # of FY2022
        ("Project", {"ProjectType": "999"}, "project_type"),
        ("Enrollment", {"MoveInDate": "32/1/2024"}, "moved_in_on"),
    ],
)
def test_a_bad_optional_cell_becomes_missing(file, cell, column):
    connection, loaded = staged_export(**{file: [cell]})

    assert connection.table("raw.housing").select(column).fetchall() == [(None,)]
    assert said(loaded, file) == {("LD-204", *cell, (2,))}


@pytest.mark.parametrize(
    ("file", "cell"),
    [
        ("Organization", {"VictimServiceProvider": "999"}),
        ("Client", {"Sex": "2"}),
        ("Client", {"DOB": "unknown"}),
        ("Enrollment", {"RelationshipToHoH": "999"}),
        ("Enrollment", {"LivingSituation": "999"}),
    ],
)
def test_code_999_is_told_of_and_changes_nothing(file, cell):
    connection, loaded = staged_export(**{file: [cell]})

    assert len(connection.table("raw.housing").fetchall()) == 1
    assert said(loaded, file) == {("LD-204", *cell, (2,))}


def test_a_box_of_race_that_is_neither_ticked_nor_empty_is_told_of():
    connection, loaded = staged_export(Client=[{"White": "1", "Asian": "5"}])

    assert connection.sql("SELECT race FROM raw.person").fetchall() == [("White",)]
    assert said(loaded, "Client") == {("LD-204", "the columns of race", (2,))}


def test_dates_of_birth_and_numbers_of_people_are_masked():
    _, loaded = staged_export(Client=[{"DOB": "unknown"}], Exit=[{"EnrollmentID": "8812"}])

    shown = {found.column: found.value for found in loaded.problems}
    assert shown["DOB"] == "u•••"
    assert shown["EnrollmentID"] == "8•••"


def test_nothing_of_a_name_or_number_reaches_the_database(program):
    tables = export(program).rows(
        "SELECT table_name AS name FROM duckdb_tables() WHERE database_name = 'program'"
    )

    for found in tables:
        content = str(program.rows(f"FROM program.{found['name']}"))
        assert "Quixotica" not in content
        assert "987654321" not in content


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        ("1984-01-08", "1984-01-08"),
        ("1984-01-08 00:00:00", "1984-01-08"),
        ("1984-01-08T00:00:00Z", "1984-01-08"),
        ("1/8/1984", "1984-01-08"),
        ("01-08-1984", "1984-01-08"),
        ("01-08-1984 12:00:00", "1984-01-08"),
        ("08-MAY-1967", "1967-05-08"),
        ("08-MAY-67", "1967-05-08"),  # 2067 is not yet
        ("17-JUN-30", "1930-06-17"),
        ("17-JUN-20", None),  # 1920 or 2020
        ("5/8/67", "1967-05-08"),
        ("04-08-19", None),
        ("31-12-1984", None),
        ("1784-01-08", None),
        ("0", None),  # none at all, rather than one that cannot be read
        ("1900-01-01", None),
        ("1902-05-08", "1902-05-08"),
    ],
)
def test_a_date_is_understood_if_it_can_mean_one_day_only(written, understood):
    connection, loaded = staged_export(Client=[{"DOB": written}])

    assert connection.sql("SELECT birth_date FROM raw.person").fetchall() == [(understood,)]
    codes = {found.code for found in loaded.problems}
    if understood and written.startswith(understood):
        assert codes == set()
    elif written in ("0", "1900-01-01"):
        assert codes == {"LD-211"}
    else:
        assert codes == {"LD-606" if understood else "LD-204"}


def test_of_repeated_rows_the_fullest_counts_whatever_the_order(program):
    rows = [
        {"Destination": ""},
        {"Destination": "410"},
        {"Destination": "410"},
        {"Destination": "302"},
        {"ExitDate": "2023-01-01", "Destination": "435"},
    ]
    for ordered in (rows, rows[::-1]):
        connection, loaded = staged_export(Exit=ordered)

        # Of two full ones the first by content, since nothing else tells them apart.
        assert connection.sql("SELECT destination FROM raw.housing").fetchall() == [("302",)]
        (found,) = (each for each in loaded.accounts if each.file == "Exit")
        assert (found.loaded, found.rejected, found.duplicate) == (1, 0, 4)
        assert {(each.code, each.count) for each in loaded.problems} == {("LD-301", 4)}


def test_an_exit_before_entry_counts_on_the_day_of_entry():
    connection, loaded = staged_export(Exit=[{"ExitDate": "2023-12-31"}])

    assert connection.sql("SELECT exited_on, destination FROM raw.housing").fetchall() == [
        ("2024-01-01", "410")
    ]
    assert said(loaded, "Exit") == {("LD-604", "ExitDate", (2,))}
    assert exit_code(loaded.problems) == 1


def test_equal_rows_are_only_noted(program):
    export(program, Client=[{}, {"FirstName": "Other"}], Enrollment=[{}, {}])

    assert told(program, "Client") == {("LD-302", "PersonalID", (3,))}
    assert account(program, "Enrollment", "housing") == (1, 0, 1, 0)
    assert program.report.exit_code == 0


def test_a_row_without_a_living_situation_is_out_of_that_table_only(program):
    export(program, Enrollment=[{}, {"EnrollmentID": "f", "LivingSituation": ""}])

    assert account(program, "Enrollment", "housing") == (2, 0, 0, 0)
    assert account(program, "Enrollment", "living_situation") == (1, 0, 0, 1)


def test_people_of_hmis_are_participants_only_if_linked(program):
    export(program, Client=[{}, {"PersonalID": "b"}])
    program.add(
        referral=[{"person_id": "a"}, {"person_id": "lead"}],
        person_link=[{"source": "hmis", "source_person_id": "b", "person_id": "lead"}],
    )

    assert len(program.rows("FROM program.person WHERE is_participant")) == 2
    assert program.rows(
        "SELECT is_participant FROM program.housing_system JOIN program.person USING (person_key)"
    ) == [{"is_participant": False}]


def test_canonical_files_may_lie_beside_an_export(program):
    program.add(
        referral=[{"person_id": "p"}],
        person_link=[{"source": "hmis", "source_person_id": "a", "person_id": "p"}],
    )
    for name in ONE_OF_EACH:
        program.file(f"{name}.csv", table(name, [{}]))

    assert program.build().exit_code == 0
    assert {each.file for each in program.report.accounts} == {
        "referral.csv",
        "person_link.csv",
        *(f"{name}.csv" for name in ONE_OF_EACH),
    }


def test_two_exports_in_one_inbox_need_a_decision(program):
    export(program)
    for name in ONE_OF_EACH:
        program.file(f"older/{name}.csv", table(name, [{}]))

    assert program.build().exit_code == 3
    assert [found.expected for found in program.report.problems if found.code == "LD-207"] == [
        "one of: hmis, older"
    ]


def test_an_export_whose_files_are_all_mapped_is_no_export(program):
    export(program, Client=[{}]).file("hmis/notes.csv", "a\n1\n")
    tables = "".join(
        f'[[files]]\npattern = "{name}.csv"\ntable = "person"\n[files.columns]\nperson_id = "{next(iter(row))}"\n'
        for name, row in DEFAULTS.items()
    )

    program.file("mapping.toml", tables)

    assert program.build().exit_code <= 1
    assert {each.table for each in program.report.accounts} == {"person"}


def staged_export(**files):
    """The load alone, from rows as they stand after reading; each file is named by its number."""
    connection = duckdb.connect()
    stations.create(connection)
    staged = {}
    given = {name: rows for name, rows in (ONE_OF_EACH | files).items() if rows is not None}
    for number, (name, rows) in enumerate(given.items(), start=1):
        full = [{**DEFAULTS[name], **row} for row in rows]
        columns = list(dict.fromkeys(key for row in [*full, DEFAULTS[name]] for key in row))
        cells = {column: pa.array([row.get(column, "") for row in full], pa.string()) for column in columns}
        numbers = {"row_number": pa.array(range(2, len(full) + 2), pa.int64())}
        connection.from_arrow(pa.table(numbers | cells)).create(f"staged.file_{number}")
        staged[name.lower()] = StagedFile(
            name, number, f"staged.file_{number}", tuple(columns), len(full), 0, ()
        )
    return connection, hmis.load_hmis(connection, staged)


IDS = st.sampled_from(["", "1", "2", "3"])
DAYS = st.sampled_from(["", "2024-01-01", "2024-03-01", "03/05/2024", "31-31-2024", "1-1-24", "x"])
CODES = st.sampled_from(["", "1", "3", "13", "116", "410", "435", "999", "x'; DROP TABLE raw.person"])
DELETED = st.sampled_from(["", "", "", "2024-01-01"])
ANY_EXPORT = st.fixed_dictionaries(
    {
        name: st.lists(
            st.fixed_dictionaries(
                {
                    column: DELETED
                    if column == "DateDeleted"
                    else IDS
                    if column.endswith("ID")
                    else DAYS
                    if "Date" in column or column == "DOB"
                    else CODES
                    for column in DEFAULTS[name]
                    if column not in ("FirstName", "SSN")
                }
            ),
            max_size=6,
        )
        for name in DEFAULTS
        if name != "Export"
    }
)


@settings(max_examples=15, deadline=None)
@given(ANY_EXPORT, st.randoms(use_true_random=False))
def test_whatever_the_rows_each_is_accounted_for_once_and_their_order_says_nothing(files, shuffler):
    connection, loaded = staged_export(**files)

    in_raw = {
        (table_name, file): count
        for table_name in ("person", "housing", "living_situation")
        for file, count in connection.sql(
            f"SELECT file_number, count(*) FROM raw.{table_name} GROUP BY ALL"
        ).fetchall()
    }
    for found in loaded.accounts:
        reached = in_raw.get((found.table, found.file_number), 0)
        assert found.read == found.loaded + reached + found.rejected + found.duplicate + found.out_of_scope
    shuffled = {
        name: random.Random(shuffler.random()).sample(rows, len(rows)) for name, rows in files.items()
    }
    again = staged_export(**shuffled)[0]
    for table_name in ("person", "housing", "living_situation"):
        content = f"SELECT * EXCLUDE (file_number, row_number) FROM raw.{table_name} ORDER BY ALL"
        assert connection.sql(content).fetchall() == again.sql(content).fetchall()


def recounted(enrollments, exits):
    """Plain Python's own opinion of the good enrollments with their exits, of known people alone."""
    for enrollment in enrollments:
        if not all(enrollment[key] for key in ("EnrollmentID", "PersonalID", "ProjectID", "EntryDate")):
            continue
        ends = [row["ExitDate"] for row in exits if row["EnrollmentID"] == enrollment["EnrollmentID"]]
        yield enrollment["EntryDate"], max(ends[0], enrollment["EntryDate"]) if ends else None


def test_the_sql_agrees_with_plain_python_on_thousands_of_rows():
    chance = random.Random(7)
    enrollments = [
        {
            "EnrollmentID": str(number),
            "PersonalID": chance.choice(["a", ""]),
            "ProjectID": "project",
            "EntryDate": chance.choice(["", "2024-01-01", "2024-02-01", "2024-03-01"]),
        }
        for number in range(1500)
    ]
    exits = [
        {
            "EnrollmentID": str(number),
            "PersonalID": "a",
            "ExitDate": chance.choice(["2024-01-31", "2024-02-29"]),
        }
        for number in itertools.chain(range(0, 1500, 2), range(2000, 2100))
    ]

    connection, _ = staged_export(Enrollment=enrollments, Exit=exits, CurrentLivingSituation=[])

    found = connection.sql("SELECT entered_on, exited_on FROM raw.housing").fetchall()
    assert sorted(found, key=str) == sorted(recounted(enrollments, exits), key=str)
