"""Whose records they are: equal ids, links, and people whom nobody has linked."""

import pytest
from conftest import found


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

    assert found(program.check(), "LD-313").value == "jial_stay"


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

    assert program.rows(
        "SELECT is_participant FROM program.housing_system JOIN program.person USING (person_key)"
    ) == [{"is_participant": is_linked}]


def test_an_enrollment_file_of_lead_beside_an_hmis_export_is_told_by_its_columns(program):
    for path in ("Export", "Client", "Project"):
        hmis_export(program, 7)
        content = (program.inbox / "hmis" / f"{path}.csv").read_bytes()
        program.file(f"{path}.csv", content)
    program.file("Exit.csv", (program.inbox / "hmis" / "Exit.csv").read_bytes())
    program.add(enrollment=[{"person_id": 1}])

    report = program.check()

    assert ("enrollment.csv", "enrollment") in {(account.file, account.table) for account in report.accounts}


def test_what_the_own_export_lacks_is_taken_from_the_linked_hmis_record(program):
    hmis_export(program, 70).add(
        person=[{"person_id": 7, "sex": "Woman"}, {"person_id": 8, "race": "Asian"}],
        referral=[{"person_id": 7}, {"person_id": 8}],
        person_link=[{"source": "hmis", "source_person_id": 70, "person_id": 7}],
    )

    people = program.rows("SELECT sex, races FROM program.person ORDER BY sex")

    assert people == [{"sex": "Woman", "races": ["White"]}, {"sex": None, "races": ["Asian"]}]
    assert (found(program.report, "LD-305").severity, found(program.report, "LD-305").count) == ("note", 1)
    assert program.values("people_referred", breakdown="race", month="2026-01", by="total")["White"] == 1


def test_what_the_own_export_says_wins_over_hmis(program):
    hmis_export(program, 7).add(
        person=[{"person_id": 7, "race": "Asian"}],
        referral=[{"person_id": 7}],
        person_link=[{"source": "hmis", "source_person_id": 7, "person_id": 7}],
    )

    assert program.rows("SELECT races FROM program.person") == [{"races": ["Asian"]}]


def test_the_match_rate_of_each_source_is_told(program):
    program.add(
        referral=[{"person_id": 7}, {"person_id": 8}],
        jail_stay=[{"person_id": "J1"}, {"person_id": "J2"}, {"person_id": "J2"}],
        arrest=[{"person_id": 7}, {"person_id": ""}],
        person_link=[{"source": "jail_stay", "source_person_id": "J1", "person_id": 7}],
    )

    report = program.check()
    by_source = {match.source: match for match in report.matches}

    jail = by_source["jail_stay"]
    assert (jail.people, jail.unlinked_people, jail.records, jail.unlinked_records) == (2, 1, 3, 2)
    assert (jail.rate, jail.participants, jail.all_participants) == ("50%", 1, 2)
    assert (by_source["arrest"].rate, by_source["arrest"].nameless_records) == (None, 1)
    (said,) = (row for row in report.as_json()["people"] if row["source"] == "jail_stay")
    assert said["linked_people"] == 1
    assert "jail_stay                  2       50%" in report.as_text()


def test_people_whom_nobody_linked_are_marked(program):
    program.add(
        referral=[{"person_id": 7}],
        jail_stay=[{"person_id": "J1"}, {"person_id": "J2"}],
        person_link=[{"source": "jail_stay", "source_person_id": "J1", "person_id": 7}],
    )

    assert program.rows("SELECT is_participant, is_unlinked FROM program.person ORDER BY ALL") == [
        {"is_participant": False, "is_unlinked": True},
        {"is_participant": True, "is_unlinked": False},
    ]
