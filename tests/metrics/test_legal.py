"""Cases at the prosecutor and the court, on rows that can be counted by hand."""

from datetime import date

import pytest

AS_OF = date(2026, 3, 31)


@pytest.fixture
def program(program):
    return program.add(enrollment=[{"person_id": 1, "started_on": "2025-06-01"}]).site(data_through=AS_OF)


def case(**dates):
    return {"person_id": 1, "offense_on": "2025-05-01", **dates}


def test_steps_are_told_by_whether_the_offense_lies_before_lead(program):
    program.add(
        legal_case=[
            case(filed_on="2026-01-10", dismissed_on="2026-02-01"),
            case(filed_on="2026-01-20", offense_on="2025-06-01"),  # the first day in LEAD
            case(declined_on="2026-01-20"),
            case(filed_on="2026-01-20", person_id=2),  # never in LEAD
            case(filed_on="2025-12-31"),
        ]
    )
    january = {"month": "2026-01", "breakdown": "offense_timing"}
    assert program.values("cases_filed", **january) == {"Before LEAD": 1, "Since LEAD began": 1, "Unknown": 0}
    assert program.value("cases_declined", month="2026-01") == 1
    assert program.values("cases_dismissed", first_month="2026-01", last_month="2026-02") == {
        "2026-01": 0,
        "2026-02": 1,
    }


def test_a_warrant_is_open_until_it_is_cleared_or_its_case_dismissed(program):
    program.add(
        enrollment=[{"person_id": n, "started_on": "2025-06-01"} for n in (2, 3, 4)],
        legal_case=[
            case(warrant_issued_on="2026-01-10"),
            case(warrant_issued_on="2026-01-10", warrant_cleared_on="2026-02-10", person_id=2),
            case(warrant_issued_on="2026-01-10", dismissed_on="2026-02-20", person_id=3),
            case(warrant_issued_on="2026-03-01", person_id=4),
            case(warrant_issued_on="2026-01-10", person_id=9),  # not in LEAD
        ],
    )
    open_ones = program.values("people_with_open_warrant", first_month="2026-01", last_month="2026-03")
    assert open_ones == {"2026-01": 3, "2026-02": 1, "2026-03": 2}
    cleared = program.values("warrants_cleared", first_month="2026-01", last_month="2026-03")
    assert cleared == {"2026-01": 0, "2026-02": 2, "2026-03": 0}


def test_a_dismissal_clears_no_warrant_where_none_was_issued(program):
    program.add(
        legal_case=[
            case(filed_on="2026-01-10", dismissed_on="2026-02-01"),
            case(warrant_issued_on="2026-01-10", dismissed_on="2026-02-20"),
            case(warrant_cleared_on="2026-02-15"),  # the day it was issued was not written down
        ]
    )
    assert program.value("warrants_cleared", month="2026-02") == 2


def test_a_diverted_charge_filed_after_all_is_found_by_its_arrest_or_by_person_and_day(program):
    program.add(
        arrest=[
            {"arrest_id": f"a{n}", "person_id": n, "arrested_at": "2025-08-01T12:00", "is_diverted": diverted}
            for n, diverted in ((1, "yes"), (2, "yes"), (3, "yes"), (4, "yes"), (5, "no"))
        ],
        legal_case=[
            case(arrest_id="a1", offense_on="2025-07-31", filed_on="2026-01-30"),  # 182 days
            case(person_id=2, offense_on="2025-08-01", filed_on="2025-09-01"),
            case(person_id=3, offense_on="2025-08-02", filed_on="2025-09-01"),  # another offense
            case(person_id=4, arrest_id="a4", offense_on="2025-08-01", filed_on="2026-01-31"),  # 183 days
            case(person_id=5, arrest_id="a5", offense_on="2025-08-01", filed_on="2025-09-01"),  # not diverted
        ],
    )
    cell = program.cell("diverted_and_filed_within_182_days", month="2025-08")
    assert (cell.numerator, cell.denominator, cell.value) == (2, 4, 50)


def test_without_an_export_of_cases_nothing_is_zero(program):
    assert program.cell("cases_filed", month="2026-01").hidden == "not recorded"
