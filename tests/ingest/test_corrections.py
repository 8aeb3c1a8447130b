"""A site's corrections change the cell they name, are listed, and tell nobody whom they are about."""

import json

import pytest
from conftest import found

HEADER = "table,key,column,new_value,reason,who,when"
SIGNED = "typed wrong,R. Office,2026-02-01"


def corrected(program, *lines, header=HEADER):
    return program.file("corrections.csv", "\n".join([header, *lines, ""]))


@pytest.fixture
def referrals(program):
    return program.add(
        referral=[
            {"referral_id": "R-1", "person_id": "P-1", "pathway": "community"},
            {"referral_id": "R-2", "person_id": "P-2", "pathway": "communal"},
        ]
    )


def account(program):
    (mine,) = (each for each in program.report.accounts if each.table == "correction")
    return mine.read, mine.loaded, mine.rejected


def test_a_correction_changes_its_cell_and_is_listed(referrals):
    corrected(
        referrals, f"referral,R-1,pathway,social_contact,{SIGNED}", f"Referral,R-2,Pathway,community,{SIGNED}"
    )

    pathways = referrals.rows("SELECT dimensions.pathway FROM program.referral ORDER BY ALL")

    assert [row["pathway"] for row in pathways] == ["community", "social_contact"]
    notes = [each for each in referrals.report.problems if each.code == "LD-331"]
    assert [(each.row, each.table, each.column, each.value) for each in notes] == [
        (2, "referral", "pathway", "social_contact"),
        (3, "referral", "pathway", "community"),
    ]
    assert (referrals.report.exit_code, account(referrals)) == (0, (2, 2, 0))


def test_nothing_that_tells_of_a_person_leaves_the_file(program):
    program.add(person=[{"person_id": "P-1", "birth_date": "1980-01-01"}], referral=[{"person_id": "P-1"}])
    corrected(program, "person,P-1,birth_date,1985-05-05,says her sister Zelda,R. Office,2026-02-01")

    told = json.dumps(program.build().as_json())

    assert program.rows("SELECT year(birth_date) AS year FROM program.person") == [{"year": 1985}]
    assert found(program.report, "LD-331").value == "1•••-0•••-0•••"
    assert not [secret for secret in ("P-1", "1985-05", "Zelda", "R. Office") if secret in told]


def test_keys_are_the_numbers_of_the_export_whatever_its_columns_are_called(program):
    program.file(
        "mapping.toml",
        '[[files]]\npattern = "bookings.csv"\ntable = "jail_stay"\n[files.columns]\n'
        'stay_id = ["Inmate", "In"]\nperson_id = "Inmate"\nbooked_at = "In"\nreleased_at = "Out"\n',
    )
    program.file("bookings.csv", "Inmate,In,Out\n9,2026-01-01,\n")
    corrected(program, f"jail_stay,9|2026-01-01,released_at,2026-01-04,{SIGNED}")

    assert program.rows("SELECT out_at::VARCHAR AS out FROM program.stay") == [{"out": "2026-01-04 00:00:00"}]


def test_records_of_hmis_can_be_corrected(program):
    program.file(
        "Export.csv", "ExportID,CSVVersion,ExportDate,ExportEndDate\n1,2024 v1.3,2026-03-01,2026-03-01\n"
    )
    program.file("Client.csv", "PersonalID,White,RaceNone\n5,,99\n").file(
        "Project.csv", "ProjectID,ProjectType\nP,3\n"
    )
    program.file("Enrollment.csv", "EnrollmentID,PersonalID,ProjectID,EntryDate\nE,5,P,2026-01-10\n")
    program.file("Exit.csv", "EnrollmentID,PersonalID,ExitDate,Destination\n")
    corrected(program, f"person,5,race,Asian,{SIGNED}")

    assert program.rows("SELECT races FROM program.person") == [{"races": ["Asian"]}]


def test_an_empty_new_value_makes_a_cell_missing(program):
    program.add(enrollment=[{"enrollment_id": 1, "started_on": "2026-01-01", "exited_on": "2025-01-01"}])
    corrected(program, f"enrollment,1,exited_on,,{SIGNED}")

    assert program.rows("SELECT exited_on FROM program.enrollment") == [{"exited_on": None}]
    assert program.report.exit_code == 0


def test_later_corrections_of_one_cell_stand_upon_earlier_ones(referrals):
    corrected(
        referrals,
        "referral,R-1,pathway,jail_or_court,second thought,R. Office,2026-03-01",
        "referral,R-1,pathway,social_contact,first thought,R. Office,2026-02-01",
    )

    rows = referrals.rows(
        "SELECT dimensions.pathway FROM program.referral WHERE dimensions.pathway <> 'unknown'"
    )
    assert [row["pathway"] for row in rows] == ["jail_or_court"]


def test_a_correction_of_what_has_changed_meanwhile_is_left_out(referrals):
    corrected(
        referrals,
        f"referral,R-1,pathway,social_contact,{SIGNED},unknown",
        f"referral,R-1,neighborhood,Mill Row,{SIGNED},",
        header=f"{HEADER},old_value",
    )

    report = referrals.check()

    stale = found(report, "LD-334")
    assert (stale.severity, stale.row, stale.value) == ("warning", 2, "community")
    assert found(report, "LD-331").row == 3


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        (f"referral,R-9,pathway,community,{SIGNED}", "LD-333", "the number of a row of referral"),
        (f"referal,R-1,pathway,community,{SIGNED}", "LD-332", 'Likely   "referral"'),
        (f"referral,R-1,patway,community,{SIGNED}", "LD-332", 'Likely   "pathway"'),
        (f"contact,R-1,need,food,{SIGNED}", "LD-332", "a table of this inbox"),
        ("referral,R-1,pathway,unknown,,R. Office,2026-02-01", "LD-332", "a value for reason"),
        ("referral,R-1,pathway,unknown,wrong,,2026-02-01", "LD-332", "a value for who"),
    ],
)
def test_a_correction_that_fits_nothing_is_a_warning(referrals, line, code, words):
    report = corrected(referrals, line).build()

    assert (found(report, code).severity, found(report, code).row) == ("warning", 2)
    assert words in found(report, code).as_text()
    assert account(referrals) == (1, 0, 1)


def test_a_correction_that_the_export_has_caught_up_with_is_no_longer_needed(referrals):
    assert found(corrected(referrals, f"referral,R-1,pathway,community,{SIGNED}").check(), "LD-335").row == 2


def test_corrections_without_a_column_stop_the_build(referrals):
    report = corrected(
        referrals, "referral,R-1,pathway,community", header="table,key,column,new_value"
    ).build()

    assert (found(report, "LD-201").field, report.exit_code) == ("reason", 2)
