"""HMIS exports of three versions become the same rows, by HUD's own rules."""

import pytest
from hmis_exports import (
    DEFAULTS,
    ONE_OF_EACH,
    VERSIONS,
    account,
    export,
    said,
    staged_export,
    stays,
    table,
    told,
)

from leadstats.counting.view import NOT_RECORDED
from leadstats.ingest import hmis
from leadstats.model.messages import exit_code
from leadstats.narrative import not_recorded


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
        assert "Services.csv" in not_recorded.gaps(published)
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


def test_nothing_of_a_name_or_number_reaches_the_database(program):
    tables = export(program).rows(
        "SELECT table_name AS name FROM duckdb_tables() WHERE database_name = 'program'"
    )

    for found in tables:
        content = str(program.rows(f"FROM program.{found['name']}"))
        assert "Quixotica" not in content
        assert "987654321" not in content


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
