"""Programs of nobody, of one person, of one kind: a release is made of them or refused, and never breaks."""

import pytest

from leadstats import audit
from leadstats.counting.release_counts import ReleaseCounts
from leadstats.release import programs, selection

MONTHS = [f"2025-{month:02}" for month in range(1, 13)]
KINDS = ("White", "Asian", "Unknown")


def people(measure, number, periods=MONTHS, races=KINDS, outcomes=("yes", "no"), place="Pier"):
    """So many people in each period, race and outcome."""
    usual = {"sex": "Male", "age_band": "25-34", "pathway": "community", "neighborhood": place}
    periods = periods if measure.every == "month" else sorted({period[:4] for period in periods})
    found = {}
    for period in periods:
        for race in races:
            for outcome in outcomes if "outcome" in measure.breakdowns else ("",):
                kind = usual | {"race": race, "outcome": outcome}
                found[(period, *(kind[name] for name in measure.breakdowns))] = number
    totals = {key: 30 * number for key, number in found.items()} if measure.sum_unit else {}
    return ReleaseCounts(found, totals, dict.fromkeys(totals, [30, 30]))


PROGRAMS = {
    "nobody": lambda measure: ReleaseCounts({}, {}, {}),
    "one person": lambda measure: people(measure, 1, MONTHS[:1], KINDS[:1], ["yes"]),
    "one day": lambda measure: people(measure, 40, MONTHS[:1]),
    "all small": lambda measure: people(measure, 1),
    "none small": lambda measure: people(measure, 500),
    "one race": lambda measure: people(measure, 40, races=KINDS[:1]),
    "one outcome": lambda measure: people(measure, 40, outcomes=["yes"]),
    "a place that nobody listed": lambda measure: people(measure, 40, place="A shed"),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_of_any_shape_is_published_or_refused(county, tmp_path, monkeypatch, name):
    monkeypatch.setattr(selection, "release_counts", lambda _, measure: PROGRAMS[name](measure))

    publication = county.publish(tmp_path)

    assert publication.exit_code == 0, publication.as_text()
    report = audit.audit([publication.release], programs([publication.release]))
    assert (report.exit_code, report.as_json()["is_safe"]) == (0, True)
    assert report.as_text()
