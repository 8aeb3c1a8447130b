"""A cohort of the invented county, with the numbers that its agencies give to people and papers."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from sample.county import County
from sample.files import dates, scattered
from sample.housing import Housing, house
from sample.lives import Calendar, invent_arrests, invent_holds, invent_people, invent_rough_times
from sample.program import Program, book, run_program

US_DATE = "%m/%d/%Y"
PEOPLE_PER_SLIP = 1_700


@dataclass(frozen=True)
class Cohort:
    """A part of the county's people, and how many of everything came before it."""

    county: County
    calendar: Calendar
    people: pd.DataFrame
    arrests: pd.DataFrame  # all, also those that did not happen
    stays: pd.DataFrame
    program: Program
    housing: Housing
    before: dict[str, int]

    def participant(self, person) -> np.ndarray:
        """The number of a person in LEAD's own system; police, jail and HMIS have numbers of their own."""
        return scattered(self.before["people"] + np.asarray(person), 3_571_429)

    def arrestee(self, person) -> np.ndarray:
        return scattered(self.before["people"] + np.asarray(person), 1_618_033)

    def inmate(self, person) -> np.ndarray:
        return scattered(self.before["people"] + np.asarray(person), 2_236_067)

    def hmis_client(self, person) -> np.ndarray:
        return scattered(self.before["clients"] + np.asarray(person), 5_196_152)

    def incident(self, arrest) -> np.ndarray:
        return scattered(self.before["arrests"] + np.asarray(arrest), 4_142_135)

    def slips(self, share: float = 1.0) -> int:
        """How many cells or rows are wrong, of each kind: some, and few beside the good ones."""
        return round(share * max(1, len(self.people) // PEOPLE_PER_SLIP))

    def day(self, days) -> pa.Array:
        return dates(days, US_DATE, self.calendar.end)


def invent_cohort(
    random: np.random.Generator, county: County, calendar: Calendar, number: int, before: dict[str, int]
) -> Cohort:
    """So many people whom police, jail or outreach know, and all that happens to them."""
    people = invent_people(random, county, number, calendar)
    rough = invent_rough_times(random, people, calendar)
    arrests = invent_arrests(random, county, people, rough, calendar)
    program = run_program(random, county, people, rough, arrests, calendar)
    booked = book(random, arrests, program.referrals, calendar)
    holds = invent_holds(random, people, calendar, len(booked) // 18)
    stays = pd.concat([booked, holds]).sort_values(["booked", "person"], kind="stable", ignore_index=True)
    housing = house(random, people, program, calendar)
    return Cohort(county, calendar, people, arrests, stays, program, housing, before)


def numbers_taken(cohort: Cohort) -> dict[str, int]:
    """How many numbers are taken once the cohort is written; generous, as exports add rows of their own."""
    sizes = {
        "people": len(cohort.people),
        "clients": int(cohort.housing.clients["person"].max()) + 1,
        "arrests": len(cohort.arrests),
        "referrals": 2 * len(cohort.program.referrals),
        "entries": 2 * len(cohort.program.enrollments),
        "notes": 2 * len(cohort.program.contacts),
        "stays": len(cohort.stays),
        "hmis": len(cohort.housing.stays) + len(cohort.housing.sightings),
    }
    return {name: cohort.before[name] + max(size, 100) for name, size in sizes.items()}
