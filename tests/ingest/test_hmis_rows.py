"""Rows of an HMIS export that are bad, repeated or dirty: each is told, and none takes another with it."""

import itertools
import random

import pytest
from hmis_exports import DEFAULTS, account, export, said, staged_export, told
from hypothesis import given, settings
from hypothesis import strategies as st

from leadstats.model.messages import exit_code


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
