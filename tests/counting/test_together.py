"""Categories that stand as one: the tables add up, nothing small is shown, and nobody can be worked out from them."""

import itertools
from collections import defaultdict
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from results import BLACK, SPAN, WHITE, arrests
from test_suppression import pinned_by_walking

from leadstats.counting import together
from leadstats.counting.catalog import load_metrics
from leadstats.counting.measure import measure
from leadstats.counting.suppression import PROTECTS_ANOTHER, TOO_FEW, is_small, protect
from leadstats.counting.view import ANALYST

STAGES = load_metrics()["people_referred_by_stage"]
THRESHOLD = 4
SMALL = ("Asian", "Middle Eastern or North African", "Native Hawaiian or Pacific Islander")


@pytest.fixture
def program(typed):
    return typed


def referred(program, **stages):
    """People by the stage that they have reached: approved and waiting, or waiting for approval."""
    rows, number = [], itertools.count(1)
    for approved, people in stages.items():
        for person in itertools.islice(number, people):
            rows.append(
                {
                    "referral_id": person,
                    "person_id": person,
                    "referred_on": "2026-02-01",
                    "approved_on": "2026-02-10" if approved == "approved" else "",
                    "closed_on": "2026-03-01" if approved == "left" else "",
                }
            )
    return program.add(referral=rows).site(data_through=date(2026, 6, 30))


def cells(program, audience="coordinating_group"):
    found = measure(program.database, STAGES, replace(SPAN, by="total"), audience).cells
    return {cell.category: (cell.value, cell.hidden) for cell in found}


def test_neighboring_stages_stand_as_one_where_either_is_small(program):
    """9 waited for approval, and that took those of the stage before with it."""
    referred(program, approved=40, waiting=9, left=60)
    assert cells(program) == {
        "Intake, and a contact within 30 days": (0, None),
        "Intake, no such contact yet": (0, None),
        "Waiting for intake": (49, None),
        "Left before intake": (60, None),
    }
    assert cells(program, ANALYST)["Waiting for approval"] == (9, None)


def test_stages_that_are_large_enough_stand_alone(program):
    referred(program, approved=40, waiting=11, left=60)
    shown = cells(program)
    assert shown["Approved, waiting for intake"] == (40, None) and shown["Waiting for approval"] == (11, None)


def test_what_is_small_even_together_is_hidden_as_ever(program):
    referred(program, approved=3, waiting=4, left=60)
    assert cells(program)["Waiting for intake"] == (None, "too few")


def test_whoever_knows_the_rule_cannot_tell_a_small_stage_from_what_is_shown():
    """Every table that there is, by what is shown of it: no small count is the same in all that look alike."""
    name, (first, second) = next(iter(STAGES.together.items()))
    alike = defaultdict(list)
    for counts in itertools.product(range(9), repeat=3):
        rows = {
            (None, category, "Everyone"): {"people": people}
            for category, people in zip(
                (first, second, "Left before intake", None), (*counts, sum(counts)), strict=True
            )
        }
        found, named = together.neighbors(STAGES, rows, THRESHOLD)
        hidden = protect({key: (row["people"], 0, 0) for key, row in found.items()}, THRESHOLD)
        shown = tuple(
            (key, None if key in hidden else row["people"], hidden.get(key)) for key, row in found.items()
        )
        if named and not hidden:
            alike[shown].append(counts)
    assert alike
    for tables in alike.values():
        for place in (0, 1):
            values = {table[place] for table in tables}
            assert not (len(values) == 1 and is_small(values, THRESHOLD)), tables


def by_race(program, **counts):
    program.add(arrest=arrests(**counts)).site(data_through=date(2026, 6, 30))
    filters = replace(SPAN, by="total", breakdown="race", is_together=True)
    return {
        cell.category: cell
        for cell in measure(
            program.database, load_metrics()["diversion_rate"], filters, "coordinating_group"
        ).cells
    }


def test_small_groups_stand_as_one_and_all_add_up(program):
    counts = {BLACK: (30, 80), WHITE: (60, 200), **dict.fromkeys(SMALL, (5, 30)), "nobody knows": (20, 50)}
    found = by_race(program, **counts)
    others = found[together.ALL_OTHERS]
    assert {name for name, cell in found.items() if cell.hidden} == {*SMALL}
    assert (others.numerator, others.denominator, others.value) == (15, 90, pytest.approx(100 / 6))
    assert sum(cell.denominator or 0 for cell in found.values()) == sum(total for _, total in counts.values())


def test_a_large_group_is_shown_that_would_be_hidden_to_protect_others(program):
    """3 and 3 are no secret beside a shown third: so the Black group was hidden with them. Now the smallest is."""
    counts = {
        BLACK: (60, 160),
        "Two or more": (12, 40),
        WHITE: (90, 300),
        SMALL[0]: (3, 20),
        SMALL[1]: (3, 20),
    }
    plain = protect(
        {(None, name, ""): (n, x, n - x) for name, (x, n) in counts.items()}
        | {(None, None, ""): (540, 168, 372)}
    )
    found = together.small_groups(
        {(None, name, ""): (n, x, n - x) for name, (x, n) in counts.items()}
        | {(None, None, ""): (540, 168, 372)},
        plain,
    )
    assert {key[1]: why for key, why in found.items()} == {
        SMALL[0]: TOO_FEW,
        SMALL[1]: TOO_FEW,
        "Two or more": PROTECTS_ANOTHER,
    }


def test_where_more_would_be_hidden_groups_stay_as_they_were():
    counts = {
        (None, name, ""): row
        for name, row in {"A": (40, 3, 37), "B": (50, 25, 25), "C": (60, 30, 30)}.items()
    }
    counts[None, None, ""] = (150, 58, 92)
    assert together.small_groups(counts, {(None, "A", ""): TOO_FEW}) == {}


groups = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=3, max_size=5)


@settings(max_examples=60, deadline=None)
@given(groups)
def test_nothing_small_is_shown_and_nothing_can_be_worked_out(found):
    counts = {(None, "abcde"[at], ""): (x + rest, x, rest) for at, (x, rest) in enumerate(found)}
    counts[None, None, ""] = tuple(map(sum, zip(*counts.values(), strict=True)))
    members = together.small_groups(counts, protect(counts, THRESHOLD), THRESHOLD)
    if not members:
        return
    assert not any(is_small(row, THRESHOLD) for key, row in counts.items() if key not in members)
    assert not is_small(map(sum, zip(*(counts[key] for key in members), strict=True)), THRESHOLD)
    assert pinned_by_walking(counts, members, THRESHOLD) == set()
