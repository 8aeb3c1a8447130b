"""Invents a county with a LEAD program and writes what its agencies would export."""

import json
import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely

from sample.casework import write_case_management
from sample.cohort import invent_cohort, numbers_taken
from sample.county import NEIGHBORHOODS, RESIDENT_GROUPS, County, invent_county
from sample.files import Files, open_inbox
from sample.hmis import write_hmis
from sample.justice import write_justice
from sample.legal import write_legal
from sample.lives import Calendar
from sample.settings import site_settings

SEED = 1
PEOPLE = 4_300  # referred in the whole time
MONTHS = 60
END = np.datetime64("2026-11-01")  # the first day after the data
# Of all people police and jail know, about so many are referred in five years.
SHARE_REFERRED = 0.203
PEOPLE_IN_COHORT = 25_000


def write_sample(to: Path, seed: int = SEED, people: int | None = None, months: int = MONTHS) -> None:
    """Writes an inbox of invented exports; about so many people are referred to LEAD in it.

    Same arguments, same bytes. Large inboxes are invented in cohorts of the same county, so that
    memory does not grow with their size.
    """
    calendar = Calendar.of(END, months)
    known = _known_to_police(people or PEOPLE, months)
    random = np.random.default_rng(seed)
    county = invent_county(random)
    cohorts = -(-known // PEOPLE_IN_COHORT)
    with open_inbox(to) as inbox:
        _write_county(inbox, county)
        inbox.write("site.toml", site_settings(calendar))
        shutil.copy(Path(__file__).parent / "mapping.toml", to / "mapping.toml")
        before = dict.fromkeys(
            ("people", "clients", "arrests", "referrals", "entries", "notes", "stays", "hmis"), 0
        )
        for number, random_of_cohort in zip(_split(known, cohorts), random.spawn(cohorts), strict=True):
            cohort = invent_cohort(random_of_cohort, county, calendar, number, before)
            write_case_management(random_of_cohort, inbox, cohort)
            write_justice(random_of_cohort, inbox, cohort)
            write_hmis(random_of_cohort, inbox, cohort)
            # Streams of their own: what is invented further moves nothing that was invented before.
            write_legal(random_of_cohort.spawn(1)[0], inbox, cohort)
            before = numbers_taken(cohort)


def _known_to_police(referred: int, months: int) -> int:
    """People to invent: in a shorter time, fewer of them get as far as a referral."""
    share = SHARE_REFERRED * (months / (months + 38)) / (MONTHS / (MONTHS + 38))
    return max(200, round(referred / share))


def _split(total: int, parts: int) -> list[int]:
    return [total * (part + 1) // parts - total * part // parts for part in range(parts)]


def _write_county(inbox: Files, county: County) -> None:
    features = [
        {
            "type": "Feature",
            "properties": {"OBJECTID": number, "NAME": place.name},
            "geometry": shapely.geometry.mapping(outline),
        }
        for number, (place, outline) in enumerate(zip(NEIGHBORHOODS, county.outlines, strict=True), start=1)
    ]
    inbox.write(
        "neighborhoods.geojson", json.dumps({"type": "FeatureCollection", "features": features}) + "\n"
    )
    residents = {
        "Neighborhood": [place.name for place in NEIGHBORHOODS],
        "Total": county.residents.sum(axis=1),
    }
    columns = dict(zip(RESIDENT_GROUPS, county.residents.T, strict=True))
    inbox.add("Residents_by_race.csv", pa.table(residents | columns))
