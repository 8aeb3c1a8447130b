"""Settings are read strictly: a slip of the pen is named, with what was probably meant."""

from datetime import date

import pytest
from conftest import found

from leadstats.model.messages import Fault
from leadstats.model.settings import (
    EligibleCharge,
    Event,
    Goal,
    JailCost,
    ProgramCost,
    Site,
    read_mapping,
    read_site,
)

SITE = """
name = "Example County LEAD"
data_through = 2026-10-31
[caseload]
target = 15
[baseline]
first = 2021-01-01
last = 2021-12-31
[[eligible_charges]]
charge_class = "Drug"
first = 2021-01-01
[[jail_costs]]
kind = "step"
dollars = 900
unit_beds = 64
from = 2021-01-01
[[program_costs]]
dollars = 540
from = 2021-01-01
source = "County budget"
[[goals]]
metric = "people_enrolled"
value = 40
set_by = "Policy Coordinating Group"
[[events]]
day = 2024-07-01
text = "Divertible charges widened"
"""
MAPPING = """
[[files]]
pattern = "Refs_*.csv"
table = "referral"
missing = ["NULL"]
[files.columns]
referral_id = "Number"
person_id = ["County", "Person"]
[files.formats]
referred_on = "%m/%d/%Y"
[files.values.pathway]
Street = "social_contact"
[files.only]
Kind = ["LEAD"]
"""


def test_every_setting_has_a_default():
    assert read_site(b"") == Site()


def test_all_settings_are_read():
    site = read_site(SITE.encode())

    assert site.name == "Example County LEAD"
    assert site.data_through == date(2026, 10, 31)
    assert (site.caseload.target, site.caseload.maximum) == (15, 25)
    assert site.baseline.next_day == date(2022, 1, 1)
    assert site.eligible_charges == (EligibleCharge("Drug", date(2021, 1, 1)),)
    assert site.jail_costs == (JailCost("step", 900, date(2021, 1, 1), 64),)
    assert site.program_costs == (ProgramCost(540, date(2021, 1, 1), "County budget"),)
    assert site.goals == (Goal("people_enrolled", 40, set_by="Policy Coordinating Group"),)
    assert site.events == (Event(date(2024, 7, 1), "Divertible charges widened"),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nam = 'x'", '"name"'),
        ("name = 3", "a text in quotation marks"),
        ("is_sample = 1", "true or false"),
        ("intake_deadline_days = 'x'", "a whole number"),
        ("data_through = '2026-10-31'", "a date without quotation marks"),
        ("data_through = 2026-10-31T10:00:00", "a date without quotation marks"),
        ("timezone = 'America/Los_Angles'", '"America/Los_Angeles"'),
        ("intake_deadline_days = -1", "a whole number, 0 or more"),
        ("intake_deadline_days = true", "a whole number"),
        ("[[goals]]\nmetric = 'people_enrolled'\nvalue = 40\nby = 'weekly'", "goals.by"),
        ("caseload = 20", "a table [caseload]"),
        ("[caseload]\ntargt = 20", '"target"'),
        ("[baseline]\nfirst = 2021-01-01", "first and last, or neither"),
        ("goals = 3", "tables that start with [[goals]]"),
        ("[[events]]\nday = 2024-07-01", "a value for events.text"),
        ("[[jail_costs]]\nkind = 'marginal'\ndollars = 1\nfrom = 2021-01-01", '"short-run marginal"'),
        ("[[program_costs]]\ndollars = -1\nfrom = 2021-01-01", "a number, 0 or more"),
        ("[[jail_costs]]\nkind = 'step'\ndollars = 1\nfrom = 2021-01-01", "unit_beds with the kind step"),
        ("[[jail_costs]]\nkind = 'average'\ndollars = 'x'\nfrom = 2021-01-01", "a number"),
        ("name =", "valid TOML"),
    ],
)
def test_a_wrong_setting_is_named(text, words):
    with pytest.raises(Fault) as fault:
        read_site(text.encode())

    assert words in fault.value.problem.as_text()
    assert (fault.value.problem.file, fault.value.problem.code) == ("site.toml", "LD-108")


def test_a_setting_of_a_former_version_is_told_and_left_out(program):
    report = program.add(person=[{"birth_year": 1980}]).site(name="Here", fiscal_year_start_month=7).check()

    told = found(report, "LD-120")
    assert (told.file, told.value, report.exit_code) == ("site.toml", "fiscal_year_start_month", 0)


def test_a_mapping_is_read():
    (mapping,) = read_mapping(MAPPING.encode())

    assert mapping.columns == {"referral_id": ("Number",), "person_id": ("County", "Person")}
    assert mapping.only == {"Kind": ("LEAD",)}
    assert mapping.values == {"pathway": {"Street": "social_contact"}}
    assert mapping.matches("exports/refs_2026.csv")
    assert not mapping.matches("refs.csv")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[file]]\ntable = 'referral'", '"files"'),
        ("files = 3", "tables that start with [[files]]"),
        ("[[files]]\npattern = 'x'", "a value for files.table"),
        ("[[files]]\npattern = 'x'\ntable = 'referals'", '"referral"'),
        ("[[files]]\npattern = 'x'\ntable = 'referral'\n[files.columns]\nrefered_on = 'x'", '"referred_on"'),
        ("[[files]]\npattern = 'x'\ntable = 'referral'\n[files.columns]\nreferred_on = 3", "lists of texts"),
        ("[[files]]\npattern = 'x'\ntable = 'referral'\nmissing = 'NULL'", "a list of texts"),
        ("[[files]]\npattern = 'x'\ntable = 'population'\n[files.wide]\nx = 'Whte'", '"White"'),
        ("[[files]]\npattern = 'x'\ntable = 'referral'\n[files.values]\npathway = 'x'", "tables of texts"),
    ],
)
def test_a_wrong_mapping_is_named(text, words):
    with pytest.raises(Fault) as fault:
        read_mapping(text.encode())

    assert words in fault.value.problem.as_text()
