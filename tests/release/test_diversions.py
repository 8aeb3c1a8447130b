"""The public diversion rate is of arrests, as inside, and no number of arrests stands for fewer people than it may."""

import itertools
import random
from dataclasses import replace
from datetime import date

import pytest

from leadstats import release
from leadstats.analysis.equity import equity
from leadstats.counting.catalog import load_metrics
from leadstats.counting.measure import measure
from leadstats.counting.release_counts import release_counts
from leadstats.counting.released import open_release
from leadstats.counting.view import Filters
from leadstats.model.measures import load_measures
from leadstats.model.schema import RACES
from leadstats.release.plan import PlannedTable, ReleasePlan
from leadstats.release.tables import public_tables, share_tables

NAME = "people_eligible_for_diversion"
PLAN = ReleasePlan(tables=(PlannedTable(NAME, ("year",), ("race", "outcome")),))
PEOPLE = 360
YEAR = Filters(date(2025, 1, 1), date(2025, 12, 1), "total")
GROUPS = (
    *RACES,
    "Asian;White",
    "",
)  # of all, since a public zero is hidden and needs others hidden beside it


def arrests(people, seed=1):
    """Of each person one to four arrests, of which some are diverted, in different places."""
    dice = random.Random(seed)
    return [
        {
            "person_id": number,
            "race": GROUPS[number % len(GROUPS)],
            "arrested_at": f"2025-{dice.randrange(1, 13):02}-{dice.randrange(1, 28):02}T10:00",
            "neighborhood": dice.choice(["Mill Row", "Pier"]),
            "is_charge_eligible": "yes",
            "is_diverted": dice.choice(["yes", "no", "no"]),
        }
        for number in range(people)
        for _ in range(dice.randrange(1, 5))
    ]


@pytest.fixture
def program(typed):
    return typed.add(arrest=arrests(PEOPLE)).site(data_through=date(2026, 3, 31))


def test_the_published_rate_is_the_rate_inside(program):
    """It was people diverted at least once among people arrested, which rises with every further arrest."""
    (part,) = release.prepare(program.database, PLAN, [], b"a secret of the site")
    tables = [
        table
        for hidden in part.hidden
        for table in public_tables(part.measure, hidden, PLAN, is_sum=hidden is part.sums)
    ]
    shares = {share.levels: share for share in share_tables(tables, PLAN)}
    (whole,) = measure(program.database, load_metrics()["diversion_rate"], YEAR, "analyst").cells
    (row,) = shares["year",].rows
    assert (row.numerator, row.denominator) == (whole.numerator, whole.denominator)
    assert row.denominator > len({each["person_id"] for each in arrests(PEOPLE)})

    by_race = measure(
        program.database, load_metrics()["diversion_rate"], replace(YEAR, breakdown="race"), "analyst"
    )
    inside = {cell.category: (cell.numerator, cell.denominator) for cell in by_race.cells}
    published = {row.codes[1]: (row.numerator, row.denominator) for row in shares["year", "race"].rows}
    assert published == inside


def test_of_two_arrests_in_two_places_the_person_stands_at_the_diverted_one(typed):
    two = [("2025-01-10", "Mill Row", "no"), ("2025-05-10", "Pier", "yes")]
    rows = [
        {
            "person_id": 1,
            "arrested_at": day,
            "neighborhood": place,
            "is_diverted": said,
            "is_charge_eligible": "yes",
        }
        for day, place, said in two
    ]
    typed.add(arrest=rows).site(data_through=date(2026, 3, 31))
    counts = release_counts(typed.database, load_measures()[NAME])
    found = {
        (row[1], row[-1]): (counts.people[row], counts.totals[row], counts.largest[row])
        for row in counts.people
    }
    assert found == {("Mill Row", "no"): (0, 1, [2]), ("Pier", "yes"): (1, 1, [2])}


def test_behind_any_number_of_arrests_there_are_as_many_people_as_are_said_to_be(program):
    """In every cell of every table and margin; and all people are said once."""
    counts = release_counts(program.database, load_measures()[NAME])
    kept = ("neighborhood", "race", "is_diverted")
    records = [tuple(each[name] for name in kept) + (each["person_id"],) for each in arrests(PEOPLE)]
    for wanted in itertools.product((None, "Mill Row", "Pier"), (None, *RACES), (None, "yes", "no")):

        def is_in(codes, wanted=wanted):
            return all(each in (None, code) for each, code in zip(wanted, codes, strict=True))

        cells = [row for row in counts.people if is_in((row[1], row[2], row[-1]))]
        inside = [record for record in records if is_in(record[:3])]
        assert sum(counts.totals[row] for row in cells) == len(inside)
        assert sum(counts.people[row] for row in cells) <= len({record[3] for record in inside})
    assert sum(counts.people.values()) == PEOPLE


def test_a_gap_is_clear_in_public_as_it_is_inside(typed, tmp_path, monkeypatch):
    """Within the same months, of every group that both show; the Asian group is hidden in public."""
    records = [
        {
            "person_id": f"{race}{number}",
            "race": race,
            "arrested_at": "2025-03-04T10:00",
            "is_charge_eligible": "yes",
            "is_diverted": "yes" if number < diverted else "no",
        }
        for race, diverted, people in (
            ("White", 120, 400),
            ("Black or African American", 80, 400),
            ("Hispanic or Latino", 90, 400),
            ("American Indian or Alaska Native", 60, 200),
            ("Asian;White", 30, 100),
            ("", 30, 100),
            ("Asian", 5, 40),
            ("Middle Eastern or North African", 5, 40),
            ("Native Hawaiian or Pacific Islander", 6, 40),
        )
        for number in range(people)
    ]
    typed.add(arrest=records).site(data_through=date(2026, 3, 31))
    monkeypatch.setattr(release, "open_database", lambda _: typed.database)
    # The secret decides which large groups are hidden beside the small; some would leave no clear gap to compare.
    monkeypatch.setattr(release, "site_secret", lambda _: b"another secret of the site")
    plan = tmp_path / "plan.toml"
    plan.write_text(f'[[tables]]\nmeasure = "{NAME}"\ntimes = ["year"]\nby = ["race", "outcome"]\n')
    publication = release.publish(tmp_path, tmp_path / "releases", "A. Approver", plan)
    assert publication.exit_code == 0, publication.as_text()
    public = open_release(tmp_path / "releases" / "latest")
    outside = equity(public, "arrest_to_diversion", YEAR, "public")
    inside = equity(typed.database, "arrest_to_diversion", YEAR, "coordinating_group")
    assert outside.comparisons == inside.comparisons == 40
    shown = {row.group: row for row in outside.rows if not row.hidden}
    assert {
        "White",
        "Black or African American",
        "Hispanic or Latino",
    } <= shown.keys() and "Asian" not in shown
    for row in inside.rows:
        if row.group in shown and not row.hidden:
            there = shown[row.group]
            assert (row.x, row.n, row.is_clear, row.ratio) == (there.x, there.n, there.is_clear, there.ratio)
    assert any(row.is_clear for row in shown.values()) and not all(row.is_clear for row in shown.values())
