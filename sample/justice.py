"""What police and jail of the invented county export, and who is who between the systems."""

import numpy as np
import pyarrow as pa
import pyarrow.compute

from sample.cohort import US_DATE, Cohort
from sample.files import Files, moments, numbers, scattered, some, spoiled, words
from sample.lives import AGENCIES, CHARGES, HISPANIC, NEVER, NOBODY, RACE_SETS, WHITE, take

POLICE_CHARGES = ("THEFT-M", "DRUG-M", "DRUG-F-POSS", "PROST", "TRESP-PUBORD", "PROP-F", "PERSON", "DV", "DUI",
                  "WARR", "OTHER")  # fmt: skip
UNITS = ("INTAKE", "A-1", "A-2", "B-1", "C-MED", "D-1")
COUNTS = ("SEE TOP CHARGE", "FAIL TO COMPLY", "ADDED COUNT")
RACE_LETTERS = {
    "White": "W",
    "Black or African American": "B",
    "Hispanic or Latino": "H",
    "Asian": "A",
    "American Indian or Alaska Native": "I",
    "Native Hawaiian or Pacific Islander": "P",
    "Middle Eastern or North African": "O",
}


def write_justice(random: np.random.Generator, files: Files, cohort: Cohort) -> None:
    files.add("Arrests_extract.csv.gz", _arrests(random, cohort))
    files.add("Jail_bookings_extract.csv.gz", _bookings(random, cohort))
    files.add("person_link.csv.gz", _person_links(random, cohort))


def _arrests(random: np.random.Generator, cohort: Cohort) -> pa.Table:
    arrests = cohort.arrests[~cohort.arrests["is_spared"]]
    person, end = arrests["person"].to_numpy(), cohort.calendar.end
    minutes = (arrests["day"] * 24 * 60 + arrests["minute"]).to_numpy()
    points = cohort.county.points[arrests["place"], arrests["spot"]].copy()
    stray = some(random, np.ones(len(points), dtype=bool), cohort.slips(2))
    points[stray[: len(stray) // 2]] += (0.4, 0.35)
    points[stray[len(stray) // 2 :]] = 0
    unplaced = random.random(len(points)) < 0.035
    is_warrant = take(CHARGES, "name", arrests["charge"]) == "Warrant"
    disposition = np.select([arrests["is_diverted"], arrests["would_be_booked"]], [0, 1], 2)
    disposition = np.where((disposition == 2) & (random.random(len(arrests)) < 0.15), 3, disposition)
    beat = arrests["place"].to_numpy() * 2 + random.integers(0, 2, len(arrests))
    return pa.table(
        {
            "INCIDENT_NO": numbers("", cohort.incident(arrests.index)),
            "PERSON_NO": numbers("", cohort.arrestee(person), missing=random.random(len(person)) < 0.012),
            "ARREST_DT": spoiled(
                random, moments(minutes, US_DATE, end), ("NULL", "99/99/9999 00:00"), cohort.slips(1 / 2)
            ),
            "AGENCY": words(arrests["agency"], [agency.upper() for agency in AGENCIES]),
            "BEAT": words(
                np.where(unplaced, 48, beat), [f"{chr(65 + b // 2)}{1 + b % 2}" for b in range(48)] + ["NULL"]
            ),
            "LATITUDE": _coordinate(points[:, 1], unplaced),
            "LONGITUDE": _coordinate(points[:, 0], unplaced),
            "TOP_CHARGE": words(arrests["charge"], POLICE_CHARGES),
            "DISPOSITION": words(disposition, ("LEAD DIVERSION", "BOOKED", "CITED AND RELEASED", "RELEASED")),
            "PRIOR_WARRANT": words(is_warrant & (random.random(len(arrests)) < 0.85), ("N", "Y")),
            "RACE": _race_letters(random, cohort.people["race"].to_numpy()[person], 0.22, 0.087),
        }
    )


def _coordinate(degrees: np.ndarray, unplaced: np.ndarray) -> pa.Array:
    # Steps of the blur are few, so that each is written as text once.
    steps, index = np.unique(degrees.round(3), return_inverse=True)
    return words(index, [f"{step:.3f}" for step in steps], missing=unplaced)


def _bookings(random: np.random.Generator, cohort: Cohort) -> pa.Table:
    """One row a housing move: what belongs to the booking stands in each of its rows."""
    stays, end = cohort.stays.reset_index(drop=True), cohort.calendar.end
    person, number = stays["person"].to_numpy(), len(stays)
    released = (stays["booked"] + stays["minutes"]).to_numpy().copy()
    is_open = released >= end * 24 * 60
    lapsed = some(random, ~is_open, cohort.slips())
    early = some(random, ~is_open, cohort.slips())
    released[early] = stays["booked"].to_numpy()[early] - random.integers(60, 9_000, len(early))
    no_release = is_open.copy()
    no_release[lapsed] = True
    has_arrest = (stays["arrest"] != NOBODY).to_numpy()
    known = has_arrest & (random.random(number) < 0.94)
    booking = pa.table(
        {
            "BOOKING_NO": numbers("B", scattered(cohort.before["stays"] + np.arange(number), 2_645_751)),
            "INMATE_NO": numbers("", cohort.inmate(person)),
            "BOOKED": moments(stays["booked"], US_DATE, end),
            "RELEASED": pa.compute.fill_null(
                moments(np.where(no_release, NEVER * 24 * 60, released), US_DATE, end), "NULL"
            ),
            "TOP_CHARGE": words(stays["charge"], POLICE_CHARGES),
            "IN_CUSTODY": words(is_open, ("N", "Y")),
            "CASE_NO": numbers("", cohort.incident(np.where(has_arrest, stays["arrest"], 0)), missing=~known),
            "RACE": _race_letters(random, cohort.people["race"].to_numpy()[person], 0.12, 0.03),
            "SEX": words(cohort.people["sex"].to_numpy()[person], ("M", "F", "N")),
        }
    )
    moves = 1 + random.poisson(np.minimum(6, 0.35 + stays["minutes"].to_numpy() / (24 * 60 * 12)))
    row = np.repeat(np.arange(number), moves)
    place_in_stay = np.arange(len(row)) - np.repeat(np.r_[0, moves.cumsum()[:-1]], moves)
    moved = {
        "MOVE_SEQ": numbers("", 1 + place_in_stay),
        "UNIT": words(np.where(place_in_stay == 0, 0, random.integers(1, len(UNITS), len(row))), UNITS),
        "CHARGE_DESC": words(random.integers(0, len(COUNTS), len(row)), COUNTS),
    }
    rows = booking.take(pa.array(row))
    return pa.table(dict(zip(rows.column_names, rows.columns, strict=True)) | moved)


def _race_letters(
    random: np.random.Generator, race: np.ndarray, hispanic_as_white: float, unknown: float
) -> pa.Array:
    """One letter as an officer sees it: of several groups one, of Hispanic people some as White."""
    first = np.array([RACE_LETTERS[group.races[0]] for group in RACE_SETS])[race]
    last = np.array([RACE_LETTERS[group.races[-1]] for group in RACE_SETS])[race]
    letter = np.where(random.random(len(race)) < 0.6, first, last)
    luck = random.random(len(race))
    letter = np.where((letter == RACE_LETTERS[HISPANIC]) & (luck < hispanic_as_white),
                      RACE_LETTERS[WHITE], letter)  # fmt: skip
    letter = np.where(luck > 1 - unknown, "U", letter)
    return pa.array(letter.astype(object), pa.string(), mask=luck > 1 - unknown / 3)


def _person_links(random: np.random.Generator, cohort: Cohort) -> pa.Table:
    """Who is who, for LEAD's people: most are found in the other systems, some never."""
    person = np.unique(cohort.program.referrals["person"])
    tables = []
    for source, own, share in (
        ("arrest", cohort.arrestee, 0.94),
        ("jail_stay", cohort.inmate, 0.96),
        ("hmis", cohort.hmis_client, 0.91),
    ):
        linked = person[random.random(len(person)) < share]
        if source == "hmis":
            linked = linked[np.isin(linked, cohort.housing.clients["person"])]
        tables.append(
            pa.table(
                {
                    "source": pa.array([source] * len(linked), pa.string()),
                    "source_person_id": numbers("" if source != "hmis" else "H", own(linked)),
                    "person_id": numbers("P", cohort.participant(linked)),
                }
            )
        )
    return pa.concat_tables(tables)
