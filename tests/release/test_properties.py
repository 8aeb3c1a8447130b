"""Every list of people that fits a small release is tried: no hidden number may be pinned."""

import itertools
from collections.abc import Iterator, Mapping

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from leadstats.audit.inference import attack
from leadstats.audit.linking import systems
from leadstats.release.cube import build, join_tree
from leadstats.release.plan import Plan, time_hierarchy
from tests.release.worlds import flat, printed, protected, world

# A low threshold keeps the number of tables that can be tried small; the rule is the same.
THRESHOLD = 5
RULES = Plan((), threshold=THRESHOLD)
RACES, PATHS = ("a", "b", "c"), ("x", "y")

numbers = st.lists(st.integers(0, 8), min_size=6, max_size=6)


def two_way(values):
    kinds = list(itertools.product(RACES, PATHS))
    return world({("2025", *kind): n for kind, n in zip(kinds, values, strict=True)}, ["race", "pathway"])


def all_people(shown: Mapping[tuple[str, ...], int], most: int) -> Iterator[dict[tuple[str, str], int]]:
    """Each way to spread people over the six kinds that gives every shown number."""
    kinds = list(itertools.product(RACES, PATHS))
    groups = {key: [kind for kind in kinds if set(key) <= set(kind)] for key in shown}

    def spread(at: int, chosen: dict) -> Iterator[dict]:
        if at == len(kinds):
            if all(sum(chosen[kind] for kind in groups[key]) == number for key, number in shown.items()):
                yield dict(chosen)
            return
        limits = [
            number - sum(chosen.get(kind, 0) for kind in groups[key])
            for key, number in shown.items()
            if kinds[at] in groups[key]
        ]
        for number in range(min([most, *limits]) + 1):
            chosen[kinds[at]] = number
            yield from spread(at + 1, chosen)
        chosen.pop(kinds[at], None)

    yield from spread(0, {})


@settings(max_examples=12, deadline=None)
@given(numbers)
def test_every_hidden_number_can_be_nobody_and_can_be_large(values):
    hidden = protected(two_way(values), RULES)
    codes = [tuple(code for level, code in key if level != "year") for key in hidden.cube.keys]
    shown = {code: int(hidden.values[at]) for at, code in enumerate(codes) if not hidden.is_hidden[at]}
    assume(() in shown)  # without a total there is no end to what can be tried
    wanted = {
        (code, is_up) for at, code in enumerate(codes) if hidden.is_hidden[at] for is_up in (True, False)
    }
    least = {code: 10**6 for code, _ in wanted}

    for people in all_people(shown, most=sum(values)):
        for code in least:
            number = sum(n for kind, n in people.items() if set(code) <= set(kind))
            least[code] = min(least[code], number)
            if number >= THRESHOLD:
                wanted.discard((code, True))
            if number == 0:
                wanted.discard((code, False))
        if not wanted:
            break

    # What cannot be nobody must be provably large.
    assert all(not is_up and least[code] >= THRESHOLD for code, is_up in wanted), (shown, wanted, least)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=24, max_size=24), st.sampled_from([0, 5]))
def test_the_attacker_finds_nothing(values, rounding):
    plan = Plan((), rounding=rounding)
    hidden = protected(_year_of_months(values), plan)

    assert not hidden.unsafe
    assert not attack(systems([printed(hidden, plan)])["m"]).breaks
    assert not (hidden.counted() & ~hidden.is_hidden & (hidden.values < 11)).any()


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=24, max_size=24))
def test_the_order_of_the_records_changes_nothing(values):
    cube = _year_of_months(values)
    again = _year_of_months(values, is_reversed=True)

    assert cube.keys == again.keys
    assert (protected(cube).is_hidden == protected(again).is_hidden).all()


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=24, max_size=24))
def test_all_equations_hold_and_say_everything(values):
    cube = _year_of_months(values)

    assert not (cube.equations @ cube.values).any()
    # As many equations as cells that are sums of others, and none of them follows from the rest.
    assert np.linalg.matrix_rank(cube.equations.toarray()) == cube.equations.shape[0]
    everyone = cube.values[cube.positions[(("year", "2025"),)]]
    assert everyone == sum(values)


def test_tables_that_overlap_in_a_ring_get_their_joint():
    hierarchies = [
        time_hierarchy("year", "2025", "2025"),
        *(flat(name, "pq") for name in ("race", "sex", "pathway")),
    ]
    ring = [(0, 0, 0, 1), (0, 0, 1, 0), (0, 1, 0, 0)]

    assert (0, 0, 0, 0) in [grid for grid, _ in join_tree(hierarchies, ring)]
    assert len(join_tree(hierarchies, ring[:2])) == 2


def _year_of_months(values, is_reversed=False):
    """Twelve months by two groups, and the quarters by group."""
    times = time_hierarchy("month", "2025-01", "2025-12")
    kinds = list(itertools.product(times.codes(0), ("a", "b")))
    counts = dict(zip(kinds, values, strict=True))
    if is_reversed:
        counts = dict(reversed(counts.items()))
    tables = [{"time": "month"}, {"time": "quarter", "race": "race"}]
    return build([times, flat("race", ("a", "b"))], tables, counts)
