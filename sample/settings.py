"""site.toml and mapping.toml of the invented county: what a site would write about itself and its exports."""

import numpy as np

from sample.lives import CHARGES, Calendar

SITE = """\
# An invented county in the open Pacific. No person, place or agency in these files is real.
name = "Harbor County LEAD (invented)"
is_sample = true
data_through = {data_through}
timezone = "America/Los_Angeles"
intake_deadline_days = 30
inactivity_days = 90
boundary_name_property = "NAME"

[caseload]
target = 20
maximum = 25

# The year before LEAD: what happened to arrests that would be diverted now.
[baseline]
first = {baseline_first}
last = {baseline_last}
{charges}
# Dollars of one jail night; a step is the yearly cost of a housing unit that could be closed.
[[jail_costs]]
kind = "short-run marginal"
dollars = 26
from = {first}

[[jail_costs]]
kind = "short-run marginal"
dollars = 31
from = {widened}

[[jail_costs]]
kind = "step"
dollars = 1_150_000
unit_beds = 24
from = {first}

[[jail_costs]]
kind = "average"
dollars = 149
from = {first}

[[jail_costs]]
kind = "average"
dollars = 172
from = {widened}

# Dollars that LEAD costs for each person and month.
[[program_costs]]
dollars = 540
from = {first}
source = "invented budget"

[[goals]]
metric = "people_enrolled"
value = 45
by = "month"
set_by = "Policy Coordinating Group"
due = {due}

[[goals]]
metric = "diversion_rate"
value = 20
by = "quarter"
set_by = "Policy Coordinating Group"
due = {due}

[[goals]]
metric = "intake_within_30_days"
value = 45
by = "quarter"
set_by = "Policy Coordinating Group"
due = {due}

[[goals]]
metric = "people_placed_in_permanent_housing"
value = 50
by = "quarter"
set_by = "Housing subcommittee"
due = {due}

[[events]]
day = {opened}
text = "LEAD opens in the center and Mill Row"

[[events]]
day = {joined}
text = "County Sheriff joins"

[[events]]
day = {widened}
text = "Divertible charges widened: trespass, public order and felony property"
is_new_baseline = true

[[events]]
day = {backlog}
text = "Seven case managers leave; intakes wait"

[[events]]
day = {hired}
text = "New case managers start"

[[notes]]
day = {noted}
metric = "waiting_for_intake"
text = "The new case managers carry full caseloads since spring; intakes are caught up by the oldest referral first."
role = "Program manager"
"""

CHARGE = """
[[eligible_charges]]
charge_class = "{name}"
first = {first}
"""


def site_settings(calendar: Calendar) -> str:
    """The text of site.toml."""

    def day(number: int) -> str:
        return str(np.datetime64(number, "D"))

    first_days = {"start": day(calendar.first), "widened": day(calendar.widened)}
    return SITE.format(
        data_through=day(calendar.end - 1),
        baseline_first=day(calendar.opened - 365),
        baseline_last=day(calendar.opened - 1),
        charges="".join(
            CHARGE.format(name=charge.name, first=first_days[charge.eligible])
            for charge in CHARGES
            if charge.eligible
        ),
        first=day(calendar.first),
        opened=day(calendar.opened),
        joined=day(calendar.joined),
        widened=day(calendar.widened),
        backlog=day(calendar.backlog),
        hired=day(calendar.hired),
        due=day(calendar.end + 242),
        noted=day(calendar.end + 3),
    )
