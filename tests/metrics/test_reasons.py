"""Why people do not come in, how they leave, what they need, who waits and who died: rows to be counted by hand."""

from datetime import date

import pytest

AS_OF = date(2026, 3, 31)
JANUARY = {"month": "2026-01"}


def told(values):
    return {category: value for category, value in values.items() if value}


@pytest.fixture
def closed(program):
    """Seven referrals of January: five left before intake, one had it, one waits; and an older one again."""
    rows = {
        "nobody said why": {"closed_on": "2026-01-20"},
        "not found": {"closed_on": "2026-01-20", "closed_reason": "not found", "pathway": "community"},
        "screened out": {"closed_on": "2026-01-20", "screening": "ineligible"},
        "dead": {"closed_on": "2026-03-01", "closed_reason": "not found"},
        "came": {"intake_completed_on": "2026-01-20"},
        "waits": {},
    }
    again = [
        {"person_id": "again", "referred_on": day, "closed_on": "2026-01-29", "closed_reason": reason}
        for day, reason in (("2026-01-02", "declined"), ("2026-01-15", "moved away"))
    ]
    return program.add(
        person=[{"person_id": "dead", "death_date": "2026-02-01"}],
        referral=[{"person_id": name, "referred_on": "2026-01-10", **row} for name, row in rows.items()]
        + again,
    ).site(data_through=AS_OF)


def test_each_person_who_left_before_intake_has_the_reason_of_the_latest_referral(closed):
    assert told(closed.values("people_left_before_intake", breakdown="closed_reason", **JANUARY)) == {
        "Unknown": 1,
        "Not found": 1,
        "Not eligible": 1,
        "Died": 1,
        "Moved away": 1,
    }


def test_stages_and_reasons_add_up_to_the_people_referred(closed):
    stages = closed.values("people_referred_by_stage", **JANUARY)
    reasons = closed.values("people_left_before_intake", breakdown="closed_reason", **JANUARY)
    assert sum(reasons.values()) == stages.pop("Left before intake") == 5
    assert sum(stages.values()) + 5 == closed.value("people_referred", **JANUARY)


def test_reasons_are_told_by_pathway_and_race(closed):
    crossed = closed.measure(
        "people_left_before_intake", breakdown="closed_reason", second_breakdown="pathway", **JANUARY
    )
    assert {(cell.category, cell.second_category) for cell in crossed.cells if cell.value} >= {
        ("Not found", "community")
    }


def test_exits_are_told_by_reason_and_a_death_by_then_is_one(program):
    ends = {"A": "out of touch", "B": "needs met", "C": "out of touch", "D": None}
    program.add(
        person=[
            {"person_id": "C", "death_date": "2026-01-18"},
            {"person_id": "A", "death_date": "2026-02-18"},
        ],
        enrollment=[
            {"person_id": name, "started_on": "2025-06-01", "exited_on": "2026-01-20", "exit_reason": reason}
            for name, reason in ends.items()
        ],
    ).site(data_through=AS_OF)
    assert told(program.values("people_exited", breakdown="exit_reason", **JANUARY)) == {
        "Out of touch": 1,
        "Needs met": 1,
        "Died": 1,
        "Unknown": 1,
    }


def test_contacts_and_people_are_told_apart_by_need_and_kind(program):
    program.add(
        contact=[
            {"person_id": 1, "contacted_on": "2026-01-05", "need": "housing", "kind": "in person"},
            {"person_id": 1, "contacted_on": "2026-01-06", "need": "housing", "kind": "phone or text"},
            {"person_id": 1, "contacted_on": "2026-01-07", "need": "legal", "kind": "in person"},
            {"person_id": 2, "contacted_on": "2026-01-08", "need": "housing", "kind": "in person"},
            {"person_id": 2, "contacted_on": "2026-01-09"},
        ]
    ).site(data_through=AS_OF)
    assert told(program.values("contacts_made", breakdown="need", **JANUARY)) == {
        "Housing": 3,
        "Legal": 1,
        "Unknown": 1,
    }
    assert told(program.values("people_contacted", breakdown="need", **JANUARY)) == {
        "Housing": 2,
        "Legal": 1,
        "Unknown": 1,
    }
    assert told(program.values("contacts_made", breakdown="contact_kind", **JANUARY)) == {
        "In person": 3,
        "Phone or text": 1,
        "Unknown": 1,
    }
    assert program.value("people_contacted", **JANUARY) == 2


def test_the_first_contact_is_waited_for_from_the_first_day(program):
    program.add(
        enrollment=[{"person_id": n, "started_on": "2026-01-10"} for n in range(3)],
        contact=[
            {"person_id": 0, "contacted_on": "2026-01-05"},  # before the first day
            {"person_id": 0, "contacted_on": "2026-01-10"},
            {"person_id": 1, "contacted_on": "2026-01-14"},
            {"person_id": 2, "contacted_on": "2026-02-10"},
        ],
    ).site(data_through=AS_OF)
    assert program.value("median_days_to_first_contact", **JANUARY) == 4


class TestDeaths:
    @pytest.fixture
    def program(self, program):
        deaths = {
            "referred": "2025-05-01",
            "enrolled": "2025-06-01",
            "on the day of exit": "2025-07-01",
            "long after": "2025-08-01",
            "the year before": "2024-12-31",
            "never ours": "2025-05-01",
            "before any referral": "2024-01-01",
            "this year": "2026-02-01",
        }
        exits = {"on the day of exit": "2025-07-01", "long after": "2025-07-01", "enrolled": ""}
        return program.add(
            person=[{"person_id": name, "death_date": day} for name, day in deaths.items()],
            referral=[
                {"person_id": name, "referred_on": "2024-06-01"} for name in deaths if name != "never ours"
            ],
            enrollment=[
                {"person_id": name, "started_on": "2024-07-01", "exited_on": day}
                for name, day in exits.items()
            ],
        ).site(data_through=AS_OF)

    def test_they_are_told_by_year_and_how_far_the_person_had_come(self, program):
        asked = {"first_month": "2024-01", "last_month": "2026-03", "by": "year"}
        found = {
            (cell.period, cell.category): cell.value
            for cell in program.measure("people_who_died_by_time", **asked).cells
            if cell.value
        }
        assert found == {
            ("2024", "Referred, not yet enrolled"): 1,
            ("2025", "Referred, not yet enrolled"): 1,
            ("2025", "Enrolled in LEAD"): 2,
            ("2025", "After LEAD"): 1,
            ("2026", "Referred, not yet enrolled"): 1,
        }

    @pytest.mark.parametrize("by", ["month", "quarter", "year"])
    def test_no_months_tell_of_one_month(self, program, by):
        june = {"first_month": "2025-06", "last_month": "2025-06"}
        assert program.values("people_who_died", **june, by=by) == {"2025": 4}
        assert program.value("people_who_died", **june, by="total") == 4


def test_who_waits_longer_than_thirty_days_is_told_by_agency(program):
    program.add(
        referral=[
            {"person_id": 1, "referred_on": "2026-01-01", "source_agency": "City police"},
            {"person_id": 2, "referred_on": "2026-03-01", "source_agency": "City police"},  # 30 days
            {"person_id": 3, "referred_on": "2026-02-28", "source_agency": "Sheriff"},
            {"person_id": 4, "referred_on": "2026-01-01", "intake_completed_on": "2026-03-30"},
        ]
    ).site(data_through=AS_OF)
    found = program.values("waiting_over_30_days", month="2026-03", breakdown="source_agency")
    assert told(found) == {"City police": 1, "Sheriff": 1}


def test_managers_stand_by_how_many_people_they_have(program):
    loads = {"A": 15, "B": 16, "C": 20, "D": 25, "E": 26, "gone": 3}
    program.add(
        enrollment=[
            {
                "person_id": f"{manager}{n}",
                "started_on": "2026-01-01",
                "exited_on": "2026-03-31" if manager == "gone" else "",
                "case_manager": manager,
            }
            for manager, load in loads.items()
            for n in range(load)
        ]
    ).site(data_through=AS_OF)
    cells = program.measure("case_managers_by_caseload", month="2026-03").cells
    assert {cell.category: (cell.value, cell.people) for cell in cells} == {
        "1 to 15 people": (1, 15),
        "16 to 20 people": (2, 36),
        "21 to 25 people": (1, 25),
        "More than 25 people": (1, 26),
    }


def test_diversions_are_told_by_agency_and_part_of_the_day(program):
    when = {
        "2026-01-05T05:59": ("City police", True),
        "2026-01-05T06:00": ("City police", False),
        "2026-01-05T23:59": ("Sheriff", False),
        "2026-01-05T00:00": (None, False),  # as an export without times writes it
    }
    program.add(
        arrest=[
            {"arrested_at": at, "agency": agency, "is_diverted": is_diverted, "is_charge_eligible": "yes"}
            for at, (agency, is_diverted) in when.items()
        ]
    ).site(data_through=AS_OF)
    assert program.values("eligible_arrests", breakdown="hour_band", **JANUARY) == {
        "Midnight to 6 am": 1,
        "6 am to noon": 1,
        "Noon to 6 pm": 0,
        "6 pm to midnight": 1,
        "Unknown": 1,
    }
    rates = program.values("diversion_rate", breakdown="agency", **JANUARY)
    assert rates == {"City police": 50, "Sheriff": 0, "Unknown": 0}


def test_consent_counts_once_it_is_signed(program):
    signed = {
        "in time": ["2026-01-05"],
        "later": ["2026-02-05"],
        "never": [""],
        "on the second": ["", "2026-01-31"],
    }
    program.add(
        enrollment=[{"person_id": name, "started_on": "2026-01-02"} for name in signed],
        referral=[
            {"person_id": name, "referred_on": f"2026-01-{1 + 14 * n:02}", "roi_signed_on": day}
            for name, days in signed.items()
            for n, day in enumerate(days)
        ],
    ).site(data_through=AS_OF)
    assert program.values("consent_on_file", first_month="2026-01", last_month="2026-02") == {
        "2026-01": 50,
        "2026-02": 75,
    }
