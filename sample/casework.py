"""The exports of LEAD's case management system: headers and spellings of its own, and slips of people."""

import numpy as np
import pandas as pd
import pyarrow as pa

from sample.cohort import US_DATE, Cohort
from sample.county import NEIGHBORHOODS
from sample.files import Files, dates, numbers, some, spoiled, words
from sample.lives import AGENCIES, NEVER, NOBODY, RACE_SETS
from sample.program import (
    ARREST_DIVERSION,
    COMMUNITY,
    DECLINED,
    EXIT_REASONS,
    INELIGIBLE,
    JAIL_OR_COURT,
    SOCIAL_CONTACT,
)

ARCHIVE = "LEAD_case_management_20261101.zip"

PLACES = [place.name for place in NEIGHBORHOODS]
WORN_PLACES = (
    [name.upper() for name in PLACES] + [f"{name}  " for name in PLACES] + ["N. End", "Mill Row/Slips"]
)
PATHWAY_WORDS = ("Arrest diversion", "Social contact", "Community referral", "Jail / court", "SOCIAL CONTACT",
                 "Pre-booking diversion", "Soc. contact ")  # fmt: skip
OTHER_REFERRERS = (
    "Downtown businesses",
    "Outreach team",
    "County Hospital",
    "Public Defense",
    "Self or family",
)
CHARGE_WORDS = ("Misd. theft", "Misd. drug", "Felony drug possession", "Prostitution", "Trespass / public order",
                "Felony property", "Assault / person", "Domestic violence", "DUI", "Warrant", "Other")  # fmt: skip
SCREENING_WORDS = ("Eligible", "Not eligible", "Declined", "Pending")
RACE_WORDS = {
    "White": "White",
    "Black or African American": "Black/African American",
    "Hispanic or Latino": "Hispanic/Latino",
    "Asian": "Asian",
    "American Indian or Alaska Native": "American Indian/Alaska Native",
    "Native Hawaiian or Pacific Islander": "Native Hawaiian/Pacific Islander",
    "Middle Eastern or North African": "Middle Eastern/North African",
}
NOTE_KINDS = ("In person", "Phone or text", "Field outreach", "With a partner agency", "Transport",
              "Attempt - no contact", "Administrative")  # fmt: skip
NEEDS = ("Housing", "Health", "Behavioral health", "Legal", "Benefits and ID", "Food and clothing",
         "Work and income", "Family and other")  # fmt: skip
NOTES = ("Met as planned, see plan.", "Talked about next steps; will call again.", "Brought papers to the office.",
         "Rescheduled, asked for Thursday.", "Went along to an appointment.", "Short check-in, \"doing okay\".",
         "Left word at the drop-in.", "Looked at rooms together, two options.")  # fmt: skip
SITUATION_WORDS = {
    116: "Outside / vehicle / encampment",
    101: "Emergency shelter",
    302: "Transitional program",
    336: "Friend's place (temporary)",
    335: "Family's place (temporary)",
    205: "Detox / treatment facility",
    207: "Jail",
    314: "Hotel or motel, self-paid",
    410: "Own rental, no subsidy",
    421: "Owned home, with subsidy",
    435: "Own rental, with subsidy",
}


def write_case_management(random: np.random.Generator, files: Files, cohort: Cohort) -> None:
    tables = {
        "Referrals": _referrals,
        "Participants": _participants,
        "ProgramEntries": _entries,
        "CaseNotes": _notes,
        "LivingStatus": _living_status,
    }
    for name, table in tables.items():
        files.add(f"{ARCHIVE}/{name}.csv", table(random, cohort))


def _worn_places(random: np.random.Generator, places: np.ndarray, missing_share: float) -> pa.Array:
    """Neighborhoods as people type them."""
    codes = places.copy()
    typed = random.random(len(codes))
    codes[typed < 0.05] += len(PLACES)
    codes[(typed >= 0.05) & (typed < 0.08)] += 2 * len(PLACES)
    for spelled, name in enumerate(("North End", "Mill Row")):
        codes[(places == PLACES.index(name)) & (typed > 0.80)] = 3 * len(PLACES) + spelled
    return words(codes, PLACES + WORN_PLACES, missing=random.random(len(codes)) < missing_share)


def _referrals(random: np.random.Generator, cohort: Cohort) -> pa.Table:
    referrals, end = _with_repeats(random, cohort), cohort.calendar.end
    number, pathway = len(referrals), referrals["pathway"].to_numpy()
    written = pathway.copy()
    typed = random.random(number)
    written[(pathway == SOCIAL_CONTACT) & (typed < 0.06)] = 4
    written[(pathway == ARREST_DIVERSION) & (typed < 0.12)] = 5
    written[(pathway == SOCIAL_CONTACT) & (typed > 0.95)] = 6
    others = len(AGENCIES) + random.choice(len(OTHER_REFERRERS), number, p=[0.34, 0.26, 0.14, 0.08, 0.18])
    referrer = np.where(pathway == COMMUNITY, others, referrals["agency"])
    referrer = np.where(pathway == JAIL_OR_COURT, len(AGENCIES) + len(OTHER_REFERRERS), referrer)
    has_arrest = referrals["arrest"].to_numpy() != NOBODY
    arrest = np.where(has_arrest, referrals["arrest"], 0)
    screening = referrals["screening"].to_numpy()
    lost = 2 + random.choice(3, number, p=[0.66, 0.22, 0.12])
    reason = np.select([screening == INELIGIBLE, screening == DECLINED], [0, 1], lost)
    is_copy = ~referrals["is_first"].to_numpy()
    referred = spoiled(
        random, cohort.day(referrals["day"]), ("13/45/2024", "unk"), cohort.slips(5 / 12), among=~is_copy
    )
    closed = spoiled(
        random,
        cohort.day(referrals["closed"]),
        ("00/00/0000",),
        cohort.slips(),
        among=referrals["closed"] < end,
    )
    return pa.table(
        {
            "Referral #": numbers("R", cohort.before["referrals"] + 10_001 + referrals["number"].to_numpy()),
            "Participant ID": spoiled(
                random,
                numbers("P", cohort.participant(referrals["person"])),
                (None,),
                cohort.slips(1 / 3),
                among=~is_copy,
            ),
            "Date Referred": referred,
            "Referral Type": words(written, PATHWAY_WORDS),
            "Referring Agency": words(referrer, [*AGENCIES, *OTHER_REFERRERS, "Jail or court"]),
            "Neighborhood of Contact": _worn_places(random, referrals["place"].to_numpy(), 0.03),
            "Top Charge": words(
                cohort.arrests["charge"].to_numpy()[arrest], CHARGE_WORDS, missing=~has_arrest
            ),
            "Incident #": numbers(
                "", cohort.incident(arrest), missing=~has_arrest | (random.random(number) < 0.03)
            ),
            "Screening Result": words(screening, SCREENING_WORDS),
            "Approved": cohort.day(referrals["approved"]),
            "ROI Signed": cohort.day(referrals["roi"]),
            "Intake Completed": cohort.day(referrals["intake"]),
            "Closed": closed,
            "Closed Reason": words(
                reason,
                ("Not eligible", "Declined", "Could not be located", "Declined at intake", "Moved away"),
                missing=referrals["closed"].to_numpy() >= end,
            ),
            "Record Owner": words(
                random.integers(0, 4, number), ("intake desk 1", "intake desk 2", "import", "")
            ),
        }
    )


def _with_repeats(random: np.random.Generator, cohort: Cohort) -> pd.DataFrame:
    """Some referrals are entered twice, others made again within the week."""
    referrals = cohort.program.referrals
    referrals = referrals.assign(number=np.arange(len(referrals)), is_first=True)
    twice = referrals.sample(min(cohort.slips(7 / 12), len(referrals)), random_state=random).assign(
        is_first=False
    )
    again = referrals[referrals["pathway"] == SOCIAL_CONTACT]
    again = again.sample(min(cohort.slips(2), len(again)), random_state=random).assign(is_first=False)
    again["number"] = len(referrals) + np.arange(len(again))
    again["day"] += random.integers(1, 8, len(again))
    again[["approved", "roi", "intake", "closed"]] = NEVER
    return pd.concat([referrals, twice, again]).sort_values(
        ["day", "number"], kind="stable", ignore_index=True
    )


def _participants(random: np.random.Generator, cohort: Cohort) -> pa.Table:
    person = np.unique(cohort.program.referrals["person"])
    people = cohort.people.loc[person]
    labels = [", ".join(RACE_WORDS[race] for race in group.races) for group in RACE_SETS]
    declines = random.random(len(person)) < 0.035
    born = people["born"].to_numpy().astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970
    return pa.table(
        {
            "Participant ID": numbers("P", cohort.participant(person)),
            "Birth Year": spoiled(random, numbers("", born), ("NULL", "19??"), cohort.slips()),
            "Sex": words(people["sex"], ("Male", "Female", "Another")),
            "Race / Ethnicity": words(
                np.where(declines, len(labels), people["race"]), [*labels, "Declined to state"]
            ),
            "Date of Death": dates(people["died"], US_DATE, cohort.calendar.end),
            "Preferred Language": words(
                random.choice(3, len(person), p=[0.9, 0.08, 0.02]), ("English", "Spanish", "")
            ),
        }
    )


def _entries(random: np.random.Generator, cohort: Cohort) -> pa.Table:
    entries, end = cohort.program.enrollments, cohort.calendar.end
    motel = entries.sample(len(entries) // 12, random_state=random)
    program = np.concatenate([np.where(entries["is_main"], 0, 1), np.full(len(motel), 2)])
    rows = pd.concat([entries, motel], ignore_index=True)
    died = cohort.people["died"].to_numpy()[rows["person"]]
    reason = np.where(rows["exit"] >= died, len(EXIT_REASONS) - 1, rows["reason"])
    is_closed = (rows["exit"] < end).to_numpy() & (program == 0)
    early = some(random, is_closed, cohort.slips())
    exits = rows["exit"].to_numpy().copy()
    exits[early] = rows["start"].to_numpy()[early] - random.integers(1, 40, len(early))
    ended = cohort.day(exits)
    return pa.table(
        {
            "Entry ID": numbers("E", cohort.before["entries"] + 20_001 + np.arange(len(rows))),
            "Participant ID": numbers("P", cohort.participant(rows["person"])),
            "Program": words(
                program, ("LEAD Case Management", "LEAD Housing Navigation", "Winter Motel Rooms")
            ),
            "Start": spoiled(random, cohort.day(rows["start"]), ("2/30/2025",), cohort.slips(1 / 4)),
            "End": ended,
            "Reason for Ending": words(reason, EXIT_REASONS, missing=rows["exit"].to_numpy() >= end),
            "Assigned Staff": numbers("CM-", 101 + rows["case_manager"].to_numpy()),
            "Service Neighborhood": _worn_places(random, rows["place"].to_numpy(), 0.02),
        }
    )


def _notes(random: np.random.Generator, cohort: Cohort) -> pa.Table:
    contacts = cohort.program.contacts
    other = contacts.sample(len(contacts) // 8, random_state=random)
    rows = pd.concat([contacts, other], ignore_index=True)
    kind = np.concatenate([contacts["kind"], 5 + random.integers(0, 2, len(other))])
    number = cohort.before["notes"] + 300_001 + np.arange(len(rows))
    twice = np.r_[
        np.arange(len(rows)), np.sort(random.choice(len(rows), min(cohort.slips(), len(rows)), replace=False))
    ]
    table = pa.table(
        {
            "Note ID": numbers("N", number),
            "Participant ID": numbers("P", cohort.participant(rows["person"])),
            "Note Date": spoiled(
                random, cohort.day(rows["day"]), ("", "yesterday", "6/31/2025"), cohort.slips()
            ),
            "Note Type": words(kind, NOTE_KINDS),
            "Need Addressed": words(rows["need"], NEEDS, missing=random.random(len(rows)) < 0.04),
            "Note": words(random.integers(0, len(NOTES), len(rows)), NOTES),
        }
    )
    return table.take(pa.array(twice))


def _living_status(random: np.random.Generator, cohort: Cohort) -> pa.Table:
    seen = cohort.housing.situations
    codes = list(SITUATION_WORDS)
    status = words(
        np.searchsorted(sorted(codes), seen["situation"]), [SITUATION_WORDS[c] for c in sorted(codes)]
    )
    return pa.table(
        {
            "Participant ID": numbers("P", cohort.participant(seen["person"])),
            "Status Date": cohort.day(seen["day"]),
            "Living Status": spoiled(random, status, ("Unknown", "See note", None), cohort.slips(3)),
            "Recorded By": words(
                random.integers(0, 3, len(seen)), ("case manager", "outreach", "supervisor")
            ),
        }
    )
