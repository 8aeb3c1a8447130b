"""Not recorded is not zero: what no export says has no number, and says what is missing."""

from datetime import date

import pytest

from leadstats.counting.view import NOT_RECORDED
from leadstats.narrative import headlines, not_recorded, spreadsheet, summaries


@pytest.fixture
def program(typed):
    return typed


QUARTER = {"first_month": "2026-01", "last_month": "2026-03"}
UNTIL = date(2026, 3, 31)
NUMBERS = ("people", "value", "low", "high", "numerator", "denominator", "events", "gross")


def referred(program, *months):
    return program.add(
        referral=[{"person_id": f"P{n}", "referred_on": f"{month}-10"} for n, month in enumerate(months)]
    ).site(data_through=UNTIL)


def nothing_in(cells):
    return all(getattr(cell, name) is None for cell in cells for name in NUMBERS)


def test_a_column_that_nobody_mapped_is_not_nobody(program):
    published = (
        referred(program, "2026-01", "2026-02")
        .lacks("referral.intake_completed_on")
        .measure("intake_within_30_days", **QUARTER)
    )
    assert [(cell.period, cell.hidden) for cell in published.cells] == [
        (month, NOT_RECORDED) for month in ("2026-01", "2026-02", "2026-03")
    ]
    assert nothing_in(published.cells)
    assert published.missing == published.not_recorded == ("referral.intake_completed_on",)
    assert published.data_through == UNTIL


def test_the_same_column_left_empty_is_nobody(program):
    referred(program, "2026-01", "2026-02")
    cell = program.cell("intake_within_30_days", **QUARTER, by="total")
    assert (cell.value, cell.numerator, cell.denominator) == (0, 0, 2)


def test_an_export_that_is_missing_is_named(program):
    published = referred(program, "2026-01").measure("jail_nights", **QUARTER)
    assert {cell.hidden for cell in published.cells} == {NOT_RECORDED}
    assert published.not_recorded == ("jail_stay",)  # and not its columns


def without_a_flag(program):
    """Nothing in the arrests themselves says who was diverted."""
    arrest = {"person_id": 1, "arrested_at": "2026-01-10", "is_charge_eligible": "yes"}
    return program.add(arrest=[arrest]).lacks("arrest.is_diverted").site(data_through=UNTIL)


DIVERTED = {"arrest_id": "arrest-1", "referred_on": "2026-01-10", "pathway": "arrest_diversion"}


def test_of_several_columns_that_would_do_the_one_to_map_is_named(program):
    assert without_a_flag(program).measure("arrests_diverted", **QUARTER).missing == ("arrest.is_diverted",)
    assert program.value("arrests", **QUARTER, by="total") == 1


def test_one_of_several_columns_is_enough(program):
    without_a_flag(program).add(referral=[DIVERTED])
    assert program.value("arrests_diverted", **QUARTER, by="total") == 1


def test_where_several_columns_lack_each_is_named(program):
    without_a_flag(program).add(referral=[DIVERTED]).lacks("referral.arrest_id")
    assert program.measure("arrests_diverted").missing == ("arrest.is_diverted or referral.arrest_id",)


def test_a_setting_that_is_not_made_is_named(program):
    program.add(arrest=[{"arrested_at": "2026-01-10", "charge_class": "Theft"}])
    program.lacks("arrest.is_charge_eligible").site(data_through=UNTIL)
    missing = program.measure("eligible_arrests").missing
    assert missing == ("arrest.is_charge_eligible or site.eligible_charges",)

    charges = [{"charge_class": "Theft", "first": date(2020, 1, 1)}]
    program.site(data_through=UNTIL, eligible_charges=charges)
    assert program.value("eligible_arrests", **QUARTER, by="total") == 1


def test_a_column_that_one_file_lacks_is_not_recorded_in_the_months_of_that_file(built):
    built.file(
        "mapping.toml",
        '[[files]]\npattern = "january.csv"\ntable = "referral"\n[[files]]\npattern = "february.csv"\ntable = "referral"\n',
    )
    head = "referral_id,person_id,referred_on,pathway"
    built.file("january.csv", f"{head}\nR1,P1,2026-01-10,community\nR2,P2,2026-01-20,community\n")
    built.file(
        "february.csv",
        f"{head},intake_completed_on\nR3,P3,2026-02-10,community,2026-02-20\nR4,P4,2026-02-12,community,\n",
    )
    built.site(data_through=UNTIL)
    published = built.measure("intake_within_30_days", **QUARTER)
    assert [(cell.value, cell.hidden) for cell in published.cells] == [
        (None, NOT_RECORDED),
        (50, None),
        (None, None),
    ]
    assert (published.missing, published.not_recorded) == ((), ("referral.intake_completed_on",))
    # A total that holds such months is not known either.
    assert built.cell("intake_within_30_days", **QUARTER, by="total").hidden == NOT_RECORDED
    assert not_recorded.gaps(published) == (
        "1 of 3 periods is not recorded: not all exports cover them with referral.intake_completed_on."
    )


@pytest.mark.parametrize("audience", ["analyst", "coordinating_group"])
def test_what_is_not_recorded_is_never_called_protected(program, audience):
    referred(program, "2026-01").lacks("referral.intake_completed_on")
    published = program.measure("intake_within_30_days", audience, **QUARTER, by="total")
    said = [
        headlines.headline(published),
        summaries.summary(published),
        not_recorded.missing(published),
        spreadsheet.as_csv(published),
    ]
    assert "not recorded" in said[0]
    assert "referral.intake_completed_on (day the intake was completed)" in said[2]
    assert "privacy" not in "".join(said)
    assert ",not recorded," in said[3]


def test_lists_of_who_is_in_jail_say_when_people_left(built):
    rosters = {
        "2026-01-01": ["J1", "J2"],
        "2026-01-02": ["J1"],
        "2026-01-03": ["J1"],
    }
    built.add(
        jail_roster=[{"person_id": p, "seen_on": day} for day, people in rosters.items() for p in people]
    )
    published = built.measure("jail_nights", first_month="2026-01", last_month="2026-01", by="total")
    assert published.missing == ()


JAILED = {"person_id": "J1", "booked_at": "2026-01-02", "released_at": "2026-01-05"}


def with_a_year_after(program, **tables):
    """Three people referred long enough ago for a year on each side, and the rows of another source."""
    referrals = [{"person_id": f"P{n}", "referred_on": "2024-01-10"} for n in range(3)]
    return program.add(referral=referrals, **tables).site(data_through=UNTIL)


@pytest.mark.parametrize(
    ("table", "row", "metric"),
    [
        ("jail_stay", JAILED, "jail_nights_after"),
        ("arrest", {"arrested_at": "2024-03-01"}, "rearrested_within_365_days"),
        ("contact", {}, "people_referred_by_stage"),
        ("housing", {"entered_on": "2024-02-01", "project_type": 3}, "people_placed_in_permanent_housing"),
    ],
)
def test_a_source_that_knows_nobody_of_lead_says_nothing_of_their_outcomes(program, table, row, metric):
    strangers = [row | {"person_id": f"J{n}"} for n in range(3)]
    months = {"first_month": "2024-01", "last_month": "2024-12", "by": "total"}
    published = with_a_year_after(program, **{table: strangers}).measure(metric, **months)
    assert {cell.hidden for cell in published.cells} == {NOT_RECORDED}
    assert nothing_in(published.cells)
    assert published.missing == (f"{table}.participants",)
    assert f"the numbers of people in {table} match nobody in LEAD" in not_recorded.missing(published)

    one_of_lead = [row | {"person_id": "P1"}]
    assert not program.add(**{table: one_of_lead}).measure(metric, **months).missing


def test_one_stranger_shows_nothing(program):
    with_a_year_after(program, jail_stay=[JAILED])
    assert program.value("jail_nights_after", first_month="2024-01", last_month="2024-01", by="total") == 0


def test_strangers_stay_in_figures_of_everybody(program):
    with_a_year_after(program, jail_stay=[JAILED])
    assert program.value("jail_nights", month="2026-01") == 3


def test_without_lead_nobody_is_a_stranger(program):
    program.add(
        housing=[
            {"person_id": "H1", "entered_on": "2026-01-02", "moved_in_on": "2026-01-05", "project_type": 3}
        ]
    )
    assert program.value("people_placed_in_permanent_housing", month="2026-01") == 1


BY_A_COLUMN_NOBODY_MAPPED = (
    ("people_referred", "neighborhood", "referral.neighborhood"),
    ("people_referred", "race", "person.race"),
    ("people_referred", "age_band", "referral.age"),
    ("arrests", "charge_class", "arrest.charge_class"),
    ("arrests", "race", "arrest.race"),
    ("jail_bookings", "sex", "jail_stay.sex"),
    ("housing_exits", "destination", "housing.destination"),
)


def test_groups_that_nobody_recorded_are_not_all_unknown(program):
    stay = {"person_id": "P0", "entered_on": "2026-01-03", "exited_on": "2026-01-20", "project_type": 3}
    referred(program, "2026-01").add(
        arrest=[{"arrested_at": "2026-01-10"}], jail_stay=[JAILED], housing=[stay]
    )
    program.lacks(*(column for _, _, column in BY_A_COLUMN_NOBODY_MAPPED))
    for metric, breakdown, column in BY_A_COLUMN_NOBODY_MAPPED:
        published = program.measure(metric, breakdown=breakdown, **QUARTER, by="total")
        assert published.cells and {cell.hidden for cell in published.cells} == {NOT_RECORDED}
        assert nothing_in(published.cells)
        assert published.missing == (column,)
        assert program.value(metric, **QUARTER, by="total") == 1


def test_groups_told_of_one_person_alone_are_recorded(program):
    referred(program, "2026-01", "2026-01").add(person=[{"person_id": "P0", "race": "White"}])
    assert program.values("people_referred", breakdown="race", **QUARTER, by="total")["Unknown"] == 1


def test_groups_of_other_people_are_not_those_of_lead(program):
    others = [{"person_id": f"H{n}", "race": "White"} for n in range(2)]
    referred(program, "2026-01").add(person=others)
    assert program.measure("people_referred", breakdown="race").missing == ("person.participants",)


def test_birthdays_are_no_days_of_which_a_file_tells_nothing(built):
    built.file(
        "mapping.toml",
        '[[files]]\npattern = "years.csv"\ntable = "person"\n[[files]]\npattern = "days.csv"\ntable = "person"\n',
    )
    built.file("years.csv", "person_id,birth_year\nP0,1980\n")
    built.file("days.csv", "person_id,birth_date\nP1,1990-02-03\nP2,2026-01-20\n")
    referred(built, "2026-01", "2026-01")
    cells = built.measure("people_referred", breakdown="age_band", **QUARTER, by="total").cells
    assert {cell.category: cell.value for cell in cells if cell.value} == {"35-44": 1, "45-54": 1}


def test_a_jail_that_knows_nobody_arrested_says_nothing_of_what_arrests_lead_to(program):
    arrests = [
        {"person_id": f"P{n}", "arrested_at": day, "is_charge_eligible": "yes", "is_diverted": diverted}
        for n, (day, diverted) in enumerate(
            (("2024-06-01", "no"), ("2024-07-01", "no"), ("2026-01-05", "yes"))
        )
    ]
    program.add(arrest=arrests, jail_stay=[JAILED | {"person_id": f"J{n}"} for n in range(2)])
    program.add(referral=[DIVERTED | {"person_id": "P2", "arrest_id": "arrest-3"}]).site(data_through=UNTIL)
    for metric in ("jail_nights_avoided", "jail_nights_avoided_by_choice", "jail_cost_avoided"):
        published = program.measure(metric, **QUARTER, by="total")
        assert {cell.hidden for cell in published.cells} == {NOT_RECORDED}, metric
        assert published.missing == ("jail_stay.arrests",)
