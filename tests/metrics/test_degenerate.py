"""Programs at the edge of being one: every metric and every page answers, for everybody who may ask."""

from datetime import date, timedelta

import pytest

from leadstats.briefing.questions import QUESTIONS, answered, shown
from leadstats.briefing.view import View
from leadstats.counting.catalog import load_metrics
from leadstats.counting.view import GROUP, Published

START = date(2025, 1, 5)


def arrests(count, diverted=0, booked=0, first=START, **more):
    return [
        {
            "person_id": n,
            "arrested_at": first + timedelta(days=3 * n),
            "is_charge_eligible": "yes",
            "is_diverted": "yes" if n < diverted else "no",
            "is_booked": "yes" if n < booked else "no",
            "charge_class": "Theft",
            **more,
        }
        for n in range(count)
    ]


def referrals(count, **more):
    return [{"person_id": n, "referred_on": START + timedelta(days=2 * n), **more} for n in range(count)]


def stays(count, nights=4, first=START):
    return [
        {
            "person_id": n,
            "booked_at": first + timedelta(days=3 * n),
            "released_at": first + timedelta(days=3 * n + nights),
        }
        for n in range(count)
    ]


WORLDS = {
    "nobody": {"referral": []},
    "one person, one day": {
        "referral": referrals(1, intake_completed_on=START),
        "enrollment": [{"person_id": 0, "started_on": START}],
        "contact": [{"person_id": 0, "contacted_on": START}],
        "jail_stay": [{"person_id": 0, "booked_at": START, "released_at": START}],
        "housing": [{"person_id": 0, "project_type": 3, "entered_on": START, "moved_in_on": START}],
    },
    "no year before LEAD": {
        "referral": referrals(30, pathway="arrest_diversion"),
        "arrest": arrests(30, diverted=11),
        "jail_stay": stays(8),
    },
    "all small": {"referral": referrals(7), "arrest": arrests(7, diverted=3), "jail_stay": stays(5)},
    "one race, one place": {
        "person": [{"person_id": n, "race": "White", "sex": "Female"} for n in range(40)],
        "referral": referrals(40, neighborhood="Mill Row"),
        "arrest": arrests(40, diverted=20, booked=20, neighborhood="Mill Row"),
    },
    "nobody released": {
        "referral": referrals(3),
        "jail_stay": [{"person_id": n, "booked_at": START, "is_on_roster": "yes"} for n in range(15)],
    },
    "arrests without people": {"arrest": arrests(25, diverted=12, booked=5, person_id="")},
    "residents alone": {"population": [{"people": 1000}, {"people": 400, "race": "Asian"}]},
}


@pytest.mark.parametrize("world", WORLDS)
def test_every_metric_answers_on(typed, world):
    typed.add(**WORLDS[world])
    for name, metric in load_metrics().items():
        for audience in ("analyst", "coordinating_group"):
            for breakdown in (None, *metric.breakdowns[:1]):
                for cell in typed.measure(name, audience, by="total", breakdown=breakdown).cells:
                    assert cell.value is None or cell.value == cell.value, (name, cell)


@pytest.mark.parametrize("world", WORLDS)
def test_every_page_answers_on(typed, world):
    typed.add(**WORLDS[world])
    view = View(typed.database, GROUP, typed.filters("people_referred"))
    for page, question in QUESTIONS.items():
        answer = answered(page, view)
        assert bool(answer.lead) == (question.answer is not None), page
        for each in [answer, *shown(page, view)]:
            for published in each.results:
                cells = published.cells if isinstance(published, Published) else ()
                assert not [cell for cell in cells if cell.people in range(1, 11)], (page, each.name)
