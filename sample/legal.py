"""What the legal coordinator of the invented program keeps: cases of people referred, at prosecutor and court."""

import numpy as np
import pandas as pd
import pyarrow as pa

from sample.casework import ARCHIVE, CHARGE_WORDS
from sample.cohort import Cohort
from sample.files import Files, numbers, spoiled, words
from sample.lives import CHARGES, NEVER, take

OUTCOMES = ("Pending", "Plea", "Dismissed", "Declined to file", "Deferred prosecution")
PENDING, PLEA, DISMISSED, DECLINED, DEFERRED = range(len(OUTCOMES))
YEARS_KEPT = 1  # before LEAD opened
FILED, FILED_AFTER_DIVERSION = 0.62, 0.13
DECLINED_SHARE = 0.6  # of what is not filed; of the rest nobody has decided


def write_legal(random: np.random.Generator, files: Files, cohort: Cohort) -> None:
    """random: a stream of its own, so that no other file changes with this one."""
    files.add(f"{ARCHIVE}/LegalCases.csv", _cases(random, cohort))


def _cases(random: np.random.Generator, cohort: Cohort) -> pa.Table:
    arrests = cohort.arrests
    known = np.unique(cohort.program.referrals["person"])
    is_kept = (
        ~arrests["is_spared"]
        & arrests["person"].isin(known)
        & (take(CHARGES, "name", arrests["charge"]) != "Warrant")
        & (arrests["day"] >= cohort.calendar.opened - 365 * YEARS_KEPT)
    )
    cases = arrests[is_kept.to_numpy()]
    number, offense = len(cases), cases["day"].to_numpy()
    is_diverted = cases["is_diverted"].to_numpy()
    is_filed = random.random(number) < np.where(is_diverted, FILED_AFTER_DIVERSION, FILED)
    is_declined = ~is_filed & (random.random(number) < np.where(is_diverted, 0.08, DECLINED_SHARE))
    rows = is_filed | is_declined | (random.random(number) < 0.15) & ~is_diverted
    filed = np.where(is_filed, offense + random.integers(2, np.where(is_diverted, 260, 60), number), NEVER)
    declined = np.where(is_declined, offense + random.integers(5, 90, number), NEVER)
    is_met = _is_enrolled(cases, cohort.program.enrollments, filed)
    ends = random.random(number)
    is_dismissed = is_filed & (ends < np.where(is_met, 0.46, 0.30))
    dismissed = np.where(is_dismissed, filed + random.integers(40, 320, number), NEVER)
    is_warrant = is_filed & (random.random(number) < np.where(is_met, 0.18, 0.31))
    issued = np.where(is_warrant, filed + random.integers(14, 120, number), NEVER)
    is_warrant &= issued < dismissed
    issued = np.where(is_warrant, issued, NEVER)
    is_cleared = is_warrant & (random.random(number) < np.where(is_met, 0.78, 0.52))
    cleared = np.where(is_cleared, issued + random.integers(7, 400, number), NEVER)
    end = cohort.calendar.end
    outcome = np.select(
        [
            declined < end,
            dismissed < end,
            is_filed & (ends > 0.55) & (filed + 150 < end),
            is_filed & (ends > 0.5),
        ],
        [DECLINED, DISMISSED, PLEA, DEFERRED],
        PENDING,
    )
    table = pa.table(
        {
            "Cause #": numbers("L", cohort.before["arrests"] + 40_001 + cases.index.to_numpy()),
            "Participant ID": numbers("P", cohort.participant(cases["person"])),
            "Incident #": numbers("", cohort.incident(cases.index), missing=random.random(number) < 0.06),
            "Offense Date": cohort.day(offense),
            "Top Charge": words(cases["charge"], CHARGE_WORDS),
            "Filed": cohort.day(filed),
            "Declined": cohort.day(declined),
            "Dismissed": cohort.day(dismissed),
            "Warrant Issued": cohort.day(issued),
            "Warrant Cleared": spoiled(
                random, cohort.day(cleared), ("see docket",), cohort.slips(1 / 2), among=cleared < end
            ),
            "Outcome": words(outcome, OUTCOMES),
        }
    )
    return table.take(pa.array(np.flatnonzero(rows & (offense < end))))


def _is_enrolled(cases: pd.DataFrame, enrollments: pd.DataFrame, day: np.ndarray) -> np.ndarray:
    """Whether the person was in LEAD on a day."""
    main = enrollments[enrollments["is_main"]]
    asked = pd.DataFrame({"case": np.arange(len(cases)), "person": cases["person"].to_numpy(), "day": day})
    joined = asked.merge(main[["person", "start", "exit"]], on="person")
    inside = joined[(joined["start"] <= joined["day"]) & (joined["day"] < joined["exit"])]
    return asked["case"].isin(inside["case"]).to_numpy()
