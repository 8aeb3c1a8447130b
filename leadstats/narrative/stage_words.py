"""How stages and groups are called, and how a stage reads aloud, with the system as the one who acts."""

from collections.abc import Mapping
from dataclasses import dataclass

from leadstats.analysis.equity import ALL_OTHERS, EVERYONE_ELSE
from leadstats.model.language import message, say
from leadstats.model.schema import TWO_OR_MORE, UNKNOWN

STAGES = {
    "arrest_to_diversion": message("Arrest to diversion"),
    "referral_to_intake": message("Referral to intake"),
    "intake_to_engaged": message("Enrollment to contact"),
    "homeless_to_housed": message("Homeless to housed"),
    "arrest_to_booking": message("Arrest to jail"),
}
RECORDS = {
    "arrest_to_diversion": message("eligible arrests"),
    "referral_to_intake": message("referrals"),
    "intake_to_engaged": message("people who enrolled"),
    "homeless_to_housed": message("people homeless at enrollment"),
    "arrest_to_booking": message("eligible arrests"),
}


@dataclass(frozen=True)
class Phrases:
    """How a stage reads aloud, with the system as the one who acts."""

    did: str  # takes the share and the people
    as_for: str  # the same for the reference
    would_have: str  # after "12 more"


PHRASES: Mapping[str, Phrases] = {
    "arrest_to_diversion": Phrases(
        message("Officers diverted {share} of eligible arrests of {people}"),
        message("{share} of those of {people}"),
        message("would have been diverted"),
    ),
    "arrest_to_booking": Phrases(
        message("Officers booked {share} of eligible arrests of {people} into jail"),
        message("{share} of those of {people}"),
        message("would have led to jail"),
    ),
    "referral_to_intake": Phrases(
        message("LEAD completed intake within 90 days for {share} of referrals of {people}"),
        message("{share} of those of {people}"),
        message("would have led to an intake"),
    ),
    "intake_to_engaged": Phrases(
        message("Case managers had contact within 90 days with {share} of {people} who enrolled"),
        message("{share} of {people}"),
        message("would have been reached"),
    ),
    "homeless_to_housed": Phrases(
        message("Housing was found within a year for {share} of {people} who were homeless at enrollment"),
        message("{share} of {people}"),
        message("would have been housed"),
    ),
}


def name_of(stage: str) -> str:
    return say(STAGES[stage])


def people_of(group: str) -> str:
    if group == EVERYONE_ELSE:
        return say("everyone else")
    if group == ALL_OTHERS:
        return say("people of all other groups together")
    if group == UNKNOWN:
        return say("people of unknown race")
    return say("people of two or more races") if group == TWO_OR_MORE else say(f"{group} people")
