"""What stands twice in the exports counts once."""

from datetime import date, datetime, timedelta

from conftest import counts, found


def test_a_repeated_row_counts_once(program):
    program.add(contact=[{"contact_id": 1}, {"contact_id": 1}, {"contact_id": 2}])

    report = program.check()

    assert (report.exit_code, counts(report, "contact")) == (0, {"read": 3, "loaded": 2, "duplicate": 1})
    assert found(report, "LD-302").rows == (3,)


def test_of_two_rows_with_one_number_the_fuller_counts(program):
    span = {"enrollment_id": 1, "started_on": "2026-01-01"}
    program.add(enrollment=[span, span | {"exited_on": "2026-01-05"}, span | {"enrollment_id": 2}])

    report = program.check()

    assert counts(report, "enrollment") == {"read": 3, "loaded": 2, "duplicate": 1}
    assert (found(report, "LD-301").rows, report.exit_code) == ((2,), 1)
    assert "one row for each enrollment_id" in found(report, "LD-301").as_text()


def test_the_same_rows_in_two_files_count_once(program):
    program.add(contact=[{"contact_id": 1}])
    program.file("mapping.toml", '[[files]]\npattern = "older.csv"\ntable = "contact"\n').file(
        "older.csv", "contact_id,person_id,contacted_on\n1,1,2026-01-15\n2,1,2026-01-15\n"
    )

    report = program.check()

    assert sorted((a.file, a.loaded, a.duplicate) for a in report.accounts) == [
        ("contact.csv", 1, 0),
        ("older.csv", 1, 1),
    ]


def test_rows_without_a_number_repeat_only_as_a_whole_and_residents_never_do(program):
    program.add(
        housing=[{"project_type": 3}, {"project_type": 3}, {"project_type": 13}],
        population=[{"people": 10}, {"people": 10}],
    )

    report = program.check()

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

    kept = program.rows("SELECT event_date FROM program.referral ORDER BY event_date")

    assert [(row["event_date"] - first).days for row in kept] == [0, 2, 10, 18]
    assert counts(program.report, "referral") == {"read": 6, "loaded": 4, "duplicate": 2}
    assert found(program.report, "LD-303").count == 2


# Rows that are parts of one stay


def test_housing_moves_of_one_booking_are_one_stay(program):
    moves = [
        ("2026-01-01 10:00", "2026-01-03 09:00"),
        ("2026-01-03 09:00", "2026-01-07 12:00"),
        ("2026-01-07 12:00", ""),
    ]
    program.add(
        jail_stay=[{"stay_id": "B1", "booked_at": moved, "released_at": left} for moved, left in moves]
        + [
            {"stay_id": "B2", "person_id": 2, "booked_at": moved, "released_at": left}
            for moved, left in moves[:2]
        ]
    )

    rows = program.rows("SELECT booked_at, out_at, is_open FROM program.stay ORDER BY person_key")

    assert [(row["booked_at"], row["is_open"]) for row in rows] == [
        (datetime(2026, 1, 1, 10), True),
        (datetime(2026, 1, 1, 10), False),
    ]
    assert rows[1]["out_at"] == datetime(2026, 1, 7, 12)
    assert counts(program.report, "jail_stay") == {"read": 5, "loaded": 2, "duplicate": 3}
    assert (found(program.report, "LD-306").severity, found(program.report, "LD-306").count) == ("note", 3)


def test_charges_of_one_booking_are_one_stay_that_ends_with_the_last_release(program):
    charges = [("Theft", ""), ("Trespass", "2026-01-04"), ("Warrant", "2026-01-09")]
    program.add(
        jail_stay=[
            {"stay_id": 1, "booked_at": "2026-01-01", "charge_class": charge, "released_at": left}
            for charge, left in charges
        ]
    )

    (stay,) = program.rows("SELECT out_at, is_open FROM program.stay")

    assert stay == {"out_at": datetime(2026, 1, 9), "is_open": False}


def test_one_number_for_two_people_is_a_contradiction(program):
    program.add(jail_stay=[{"stay_id": 1, "person_id": 1}, {"stay_id": 1, "person_id": 2}])

    report = program.check()

    assert (found(report, "LD-301").count, report.exit_code) == (1, 1)
    assert counts(report, "jail_stay") == {"read": 2, "loaded": 1, "duplicate": 1}
