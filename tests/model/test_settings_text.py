"""site.toml edited by the page: values change, what people wrote beside them stays."""

import tomllib
from datetime import date

from leadstats.model.settings_text import changes, edited

WRITTEN = """\
# Agreed with the sheriff in May.
name = "Lake County"  # as on the letterhead
inactivity_days = 60

[[events]]
day = 2026-05-01  # first day of the new shift
text = "Night shift begins"
"""


def test_what_is_not_touched_stays_as_written():
    values = tomllib.loads(WRITTEN) | {"inactivity_days": 90}

    text = edited(WRITTEN, values)

    assert text == WRITTEN.replace("60", "90")


def test_rows_are_added_and_empty_cells_left_out():
    costs = [{"kind": "average", "dollars": 120, "from": date(2025, 1, 1), "unit_beds": None}]

    text = edited(WRITTEN, {"jail_costs": costs})

    assert tomllib.loads(text)["jail_costs"] == [
        {"kind": "average", "dollars": 120, "from": date(2025, 1, 1)}
    ]
    assert text.startswith(WRITTEN)


def test_an_emptied_key_leaves_the_file():
    assert "events" not in tomllib.loads(edited(WRITTEN, {"events": []}))
    assert tomllib.loads(edited(WRITTEN, {"name": None, "baseline": {"first": None}})).keys() == {
        "inactivity_days",
        "events",
    }


def test_changes_are_told_row_by_row():
    old = tomllib.loads(WRITTEN)
    new = old | {"inactivity_days": 90, "events": [{"day": date(2026, 6, 1), "text": "Doors open"}]}

    assert changes(old, new) == [
        "events: taken out day 2026-05-01, text Night shift begins",
        "events: added day 2026-06-01, text Doors open",
        "inactivity_days: 60 to 90",
    ]
    assert changes({}, {"is_sample": True}) == ["is_sample: not set to yes"]
