"""Who is nobody, which numbers are one person's, and what is asked where only the site can know."""

from datetime import date

import pytest
from conftest import counts, found

END = {"data_through": date(2026, 3, 31)}
MARCH = {"month": "2026-03"}
STAND_INS = (
    "UNKNOWN", "unknown", "NULL", "n/a", "-1", "0", "000", "999999", "Unidentified", "-", "xxx", "No ID", "?", "-99.0",
    "John Doe", "",
)  # fmt: skip


def codes(report):
    return {each.code for each in report.problems}


# Nobody


def test_bookings_of_nobody_are_bookings_and_never_one_persons(program):
    program.add(
        jail_stay=[
            {"person_id": written, "booked_at": "2026-03-10T09:00", "released_at": "2026-03-12T09:00"}
            for written in STAND_INS
        ]
        + [{"person_id": "J7", "booked_at": "2026-03-10", "released_at": "2026-03-11"}]
    ).site(**END)

    bookings, nights = program.cell("jail_bookings", **MARCH), program.cell("jail_nights", **MARCH)

    assert (bookings.value, bookings.people) == (len(STAND_INS) + 1, 1)
    assert (nights.value, nights.people) == (2 * len(STAND_INS) + 1, 1)
    assert program.rows("SELECT count(*) AS n FROM program.person") == [{"n": 1}]
    told = [each for each in program.report.problems if each.code == "LD-341"]
    assert {each.value for each in told} == {*STAND_INS} - {""}
    assert {(each.severity, each.column) for each in told} == {("warning", "person_id")}


def test_nights_in_doubt_of_nobody_are_each_their_own(program):
    program.add(jail_stay=[{"person_id": "UNKNOWN", "booked_at": "2026-03-30"} for _ in range(3)]).site(**END)

    cell = program.cell("jail_nights_in_doubt", **MARCH)

    assert (cell.value, cell.people) == (6, None)


def test_referrals_and_contacts_of_nobody_are_events_of_no_person(program):
    program.add(
        referral=[{"person_id": who, "referred_on": "2026-03-10"} for who in ("unknown", "N/A", "A", "A")],
        contact=[{"person_id": who, "contacted_on": "2026-03-11"} for who in ("-1", "A", "REFUSED")],
        arrest=[{"person_id": who, "arrested_at": "2026-03-01"} for who in ("0", "A", "99999", "")],
        stop=[{"person_id": "-1", "stopped_at": "2026-03-01", "race": race} for race in ("Asian", "White")],
    ).site(**END)

    # The second of the same person on one day is a repeat; nobody repeats nobody.
    assert program.value("referrals_received", **MARCH) == 3
    assert program.value("people_referred", **MARCH) == 1
    assert program.value("waiting_for_intake", **MARCH) == 1
    assert (program.cell("contacts_made", **MARCH).value, program.cell("contacts_made", **MARCH).people) == (
        3,
        1,
    )
    assert (program.cell("arrests", **MARCH).value, program.cell("arrests", **MARCH).people) == (4, 1)
    assert (program.cell("stops", **MARCH).value, program.cell("stops", **MARCH).people) == (2, None)


def test_what_is_said_of_nobody_is_left_out_and_told(program):
    program.add(
        person=[{"person_id": "UNKNOWN", "race": "White"}, {"person_id": "A", "race": "Asian"}],
        enrollment=[{"person_id": "none", "started_on": "2026-03-10"}, {"person_id": "A"}],
        housing=[{"person_id": "0", "project_type": 0, "entered_on": "2026-03-10"}],
    )

    report = program.check()

    assert counts(report, "person") == counts(report, "enrollment") == {"read": 2, "loaded": 1, "rejected": 1}
    assert counts(report, "housing") == {"read": 1, "rejected": 1}
    assert sum(each.count for each in report.problems if each.code == "LD-341") == 3


def test_the_site_knows_more_stand_ins_and_numbers_that_are_none(program):
    booked = {"booked_at": "2026-03-10", "released_at": "2026-03-11"}
    program.add(jail_stay=[{"person_id": who, **booked} for who in ("J-0", "J-0", "0", "0", "7")])
    program.site(**END, identity={"nobody": ["J-0"], "people": ["0"]})

    assert program.cell("jail_bookings", **MARCH).people == 2
    assert program.value("jail_bookings", **MARCH) == 4
    assert found(program.report, "LD-341").value == "J-0"


@pytest.mark.parametrize("table", ["arrest", "jail_stay"])
def test_a_number_on_an_absurd_share_of_rows_is_nobody(program, table):
    day = {"arrest": "arrested_at", "jail_stay": "booked_at"}[table]
    rows = [{"person_id": f"P{n % 40}", day: f"2026-03-{n % 28 + 1:02}"} for n in range(80)]
    rows += [{"person_id": "777", day: f"2026-03-{n % 28 + 1:02}"} for n in range(30)]
    program.add(**{table: rows}, contact=[{"person_id": "777", "contacted_on": "2026-03-02"}]).site(**END)

    cell = program.cell({"arrest": "arrests", "jail_stay": "jail_bookings"}[table], **MARCH)

    assert (cell.events, cell.people) == ({"arrest": 110, "jail_stay": cell.events}[table], 40)
    assert (found(program.report, "LD-343").value, found(program.report, "LD-343").count) == ("7•••", 30)
    # The same number is nobody in all exports that number people so.
    assert program.cell("contacts_made", **MARCH).people is None


def test_somebody_who_is_often_in_jail_is_somebody(program):
    rows = [{"person_id": f"P{n % 40}", "booked_at": f"2026-03-{n % 28 + 1:02}"} for n in range(160)]
    rows += [{"person_id": "often", "booked_at": f"2026-03-{n + 1:02}"} for n in range(25)]

    report = program.add(jail_stay=rows).check()

    assert "LD-343" not in codes(report)


def test_a_number_with_three_dates_of_birth_is_nobody(program):
    births = ("1980-01-05", "1971-02-06", "1990-03-07")
    program.add(
        person=[{"person_id": "55", "birth_date": day} for day in births]
        + [{"person_id": "56", "birth_date": "1980-01-05"}],
        referral=[{"person_id": who, "referred_on": "2026-03-10"} for who in ("55", "56")],
    ).site(**END)

    assert program.value("referrals_received", **MARCH) == 2
    assert program.value("people_referred", **MARCH) == 1
    assert found(program.report, "LD-343").count == 3


@pytest.mark.parametrize(
    ("table", "column"),
    [("jail_stay", "person_id"), ("arrest", "arrest_id"), ("person_link", "source_person_id")],
)
def test_numbers_that_a_spreadsheet_has_shortened_stop_the_build(program, table, column):
    program.add(**{table: [{column: "2.02401E+11"}, {column: "202401000017"}]})

    report = program.build()

    problem = found(report, "LD-342")
    assert (report.exit_code, report.snapshot) == (2, None)
    assert (problem.column, problem.value, problem.rows) == (column, "2.02401E+11", (2,))
    assert "as text" in problem.fix


# One person, two spellings

SPELLINGS = {
    "leading zeros": ("000{n}", "{n}"),
    "decimals": ("4{n}.0", "4{n}"),
    "case": ("AB{n}", "ab{n}"),
    "braces": ("{{F{n}}}", "F{n}"),
    "spaces and hyphens": ("J {n}", "J-{n}"),
}


def spelled(program, kind, same=0, **site):
    """Twelve people of LEAD, four nights in jail each before the referral; `same` of them spelled alike."""
    ours, theirs = SPELLINGS[kind]
    program.add(
        referral=[{"person_id": ours.format(n=n), "referred_on": "2026-01-01"} for n in range(11, 23)],
        jail_stay=[
            {
                "person_id": (ours if n < 11 + same else theirs).format(n=n),
                "booked_at": "2025-06-01T09:00",
                "released_at": "2025-06-05T09:00",
            }
            for n in range(11, 23)
        ],
    )
    return program.site(**END, **site)


@pytest.mark.parametrize("kind", SPELLINGS)
def test_numbers_that_meet_only_if_written_alike_are_asked_about(program, kind):
    report = spelled(program, kind).build()

    problem = found(report, "LD-345")
    assert (report.exit_code, report.snapshot) == (3, None)
    assert "0 of 12 (0 %) people of jail_stay" in problem.expected
    assert f"12 of 12 (100 %) without {kind}" in problem.expected
    assert f'ignore = ["{kind}"]' in problem.fix


@pytest.mark.parametrize("kind", SPELLINGS)
def test_they_are_the_same_people_once_the_site_says_so(program, kind):
    spelled(program, kind, identity={"ignore": [kind]})

    cell = program.cell("jail_nights_before", month="2026-01")
    assert (cell.value, cell.people) == (4, 12)
    assert not {"LD-345", "LD-346", "LD-347"} & codes(program.report)


def test_they_are_others_once_the_site_says_so(program):
    report = spelled(program, "leading zeros", identity={"own_numbers": ["jail_stay"]}).check()

    assert "LD-345" not in codes(report)
    assert found(report, "LD-347").count == 12


def test_where_some_meet_the_others_are_told_with_both_shares(program):
    report = spelled(program, "leading zeros", same=9).build()

    problem = found(report, "LD-346")
    assert (problem.severity, problem.count, report.snapshot is None) == ("warning", 3, False)
    assert "9 of 12 (75 %)" in problem.expected
    assert "12 of 12 (100 %) without leading zeros" in problem.expected


def test_nobody_known_to_lead_is_said_at_the_top(program):
    program.add(
        referral=[{"person_id": "A"}],
        arrest=[{"person_id": "X1"}],
        jail_stay=[{"person_id": "A"}],
        contact=[{"person_id": "A"}],
    )

    report = program.check()

    problem = found(report, "LD-347")
    assert (problem.severity, problem.table, problem.file, report.exit_code) == ("warning", "arrest", None, 1)
    assert report.problems[0] is problem


def test_without_lead_nobody_is_missed(program):
    report = program.add(jail_stay=[{"person_id": "1"}], arrest=[{"person_id": "2"}]).check()

    assert not {"LD-345", "LD-346", "LD-347"} & codes(report)


# Merges


def people(program, table):
    (row,) = program.rows(f"SELECT count(DISTINCT person_key) AS people FROM program.{table}")
    return row["people"]


@pytest.mark.parametrize("source", ["referral", "enrollment", "contact"])
def test_a_merge_of_two_numbers_says_nothing_of_others(program, source):
    program.add(
        referral=[{"person_id": who} for who in ("P1", "P2", "P3")],
        enrollment=[{"person_id": who} for who in ("P1", "P2", "P3")],
        contact=[{"person_id": who} for who in ("P1", "P2", "P3", "P4")],
        jail_stay=[{"person_id": "P2"}, {"person_id": "P3"}],
        person_link=[{"source": source, "source_person_id": "P1", "person_id": "P2"}],
    )

    assert people(program, "enrollment") == 2
    assert people(program, "contact") == 3
    assert program.rows("SELECT count(*) AS n FROM program.person WHERE is_unlinked") == [{"n": 0}]
    (jail,) = (match for match in program.report.matches if match.source == "jail_stay")
    assert (jail.has_own_numbers, jail.participants) == (False, 2)


def test_merges_run_on_whatever_their_order_and_a_circle_is_one_person(program):
    merges = [("P1", "P2"), ("P2", "P3"), ("P4", "P5"), ("P5", "P4"), ("P6", "P3")]
    program.add(
        referral=[{"person_id": f"P{n}"} for n in range(1, 9)],
        person_link=[
            {"source": "referral", "source_person_id": one, "person_id": other} for one, other in merges
        ],
    )

    assert people(program, "referral") == 4


def test_a_source_with_its_own_numbers_may_merge_two_of_them(program):
    program.add(
        referral=[{"person_id": "P1"}, {"person_id": "P2"}],
        jail_stay=[{"person_id": f"J{n}"} for n in (1, 2, 3, 4)],
        person_link=[
            {"source": "jail_stay", "source_person_id": one, "person_id": other}
            for one, other in (("J1", "P1"), ("J2", "J1"), ("J4", "J3"))
        ],
    )

    assert program.rows(
        "SELECT count(*) AS stays, is_participant FROM program.stay JOIN program.person USING (person_key)"
        " GROUP BY ALL ORDER BY ALL"
    ) == [{"stays": 2, "is_participant": False}, {"stays": 2, "is_participant": True}]
    assert people(program, "stay") == 2


def crosswalk(program, **site):
    """Six small numbers of the jail that mean six others of LEAD; each side has them all."""
    return program.add(
        referral=[{"person_id": n} for n in range(1, 7)],
        jail_stay=[
            {"person_id": n, "booked_at": f"2026-01-0{n}", "released_at": f"2026-01-0{n}"}
            for n in range(1, 7)
        ],
        person_link=[
            {"source": "jail_stay", "source_person_id": n, "person_id": n % 6 + 1} for n in range(1, 7)
        ],
    ).site(**END, **site)


def test_links_between_numbers_that_both_sides_have_are_asked_about(program):
    report = crosswalk(program).check()

    problem = found(report, "LD-344")
    assert (report.exit_code, problem.value, problem.count) == (3, "jail_stay", 6)
    assert 'own_numbers = ["jail_stay"]' in problem.fix


@pytest.mark.parametrize(("answer", "expected"), [("own_numbers", 6), ("shared_numbers", 1)])
def test_the_answer_says_whether_they_are_links_or_merges(program, answer, expected):
    crosswalk(program, identity={answer: ["jail_stay"]})

    assert people(program, "stay") == expected


@pytest.mark.parametrize("nobody", ["", "NULL", "n/a", "UNKNOWN", "0"])
@pytest.mark.parametrize(
    ("table", "metric"), [("referral", "referrals_received"), ("contact", "contacts_made")]
)
def test_an_event_of_nobody_known_counts_however_that_is_written(program, nobody, table, metric):
    day = {"referral": "referred_on", "contact": "contacted_on"}[table]
    rows = [{"person_id": who, day: "2026-03-10"} for who in ("P1", nobody, nobody)]
    program.add(**{table: rows}).site(data_through=date(2026, 3, 31))

    assert program.value(metric, month="2026-03") == 3
    assert counts(program.report, table) == {"read": 3, "loaded": 3}


@pytest.mark.parametrize("written", ["", "n/a", "curbside"])
def test_a_referral_of_no_known_pathway_counts_as_one_of_an_unknown_pathway(program, written):
    rows = [
        {"person_id": n, "referred_on": "2026-03-10", "pathway": pathway}
        for n, pathway in enumerate(("community", written, written))
    ]
    program.add(referral=[*rows, rows[1]]).site(data_through=date(2026, 3, 31))

    found = program.values("referrals_received", month="2026-03", by="total", breakdown="pathway")
    assert (found["community"], found["unknown"]) == (1, 2)
    assert counts(program.report, "referral") == {"read": 4, "loaded": 3, "duplicate": 1}
