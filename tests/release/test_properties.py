"""Every list of people that fits a small release is tried: no hidden number may be pinned."""

import itertools
from collections.abc import Iterator, Mapping

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from leadstats.audit.inference import attack
from leadstats.audit.linking import systems
from leadstats.release.disclosure.cube import build, grid_of, join_tree, size
from leadstats.release.hierarchy import Hierarchy
from leadstats.release.plan import ReleasePlan, time_hierarchy
from tests.release.worlds import flat, printed, protected, world

# A low threshold keeps the number of tables that can be tried small; the rule is the same.
THRESHOLD = 5
RULES = ReleasePlan((), threshold=THRESHOLD)
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
    plan = ReleasePlan((), rounding=rounding)
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
    # Of 27 cells only 12 months, and one of two groups in each of 4 quarters, can be chosen freely.
    assert len(cube.values) - np.linalg.matrix_rank(cube.equations.toarray()) == 12 + 4
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


def test_what_joins_a_ring_is_kept_small():
    """Places by month, pathways by month, races by pathway and races by zone go around in a ring: the whole
    of it would have 12 x 6 x 4 x 3 cells in the finest tables alone."""
    times = time_hierarchy("month", "2025-01", "2025-12")
    zones = {f"place {at}": f"zone {at % 2}" for at in range(6)}
    places = Hierarchy(
        "place", ("neighborhood", "zone"), {"neighborhood": zones, "zone": dict.fromkeys(zones.values())}
    )
    hierarchies = [times, places, flat("race", "abcd"), flat("pathway", "xyz")]
    tables = [
        {"time": "month", "place": "neighborhood"},
        {"time": "month", "pathway": "pathway"},
        {"time": "year", "race": "race", "pathway": "pathway"},
        {"time": "year", "place": "zone", "race": "race"},
    ]
    tree = join_tree(hierarchies, [grid_of(hierarchies, table) for table in tables])

    finest = sorted(size(hierarchies, grid) for grid, _ in tree)
    # Month by zone by pathway (72) and year by zone by race by pathway (24) close it.
    assert finest == [24, 72, 72]


RING = [["race", "sex"], ["sex", "pathway"], ["pathway", "age_band"], ["age_band", "race"]]
KINDS = list(itertools.product(("a", "b", "c"), "mf", "xy", "op"))
two_lists = st.lists(st.integers(0, 9), min_size=2 * len(KINDS), max_size=2 * len(KINDS))


def ring(values):
    counts = {("2025", *kind): n for kind, n in zip(KINDS, values, strict=True)}
    return world(counts, ["race", "sex", "pathway", "age_band"], RING)


@settings(max_examples=25, deadline=None)
@given(two_lists)
def test_other_people_are_found_where_there_are_some(values):
    one, other = ring(values[: len(KINDS)]), ring(values[len(KINDS) :])
    found = one.joints.complete(other.values - one.values)

    assert found is not None and found.min() >= 0
    assert not (one.joints.outer @ other.values + one.joints.own @ found).any()


def test_numbers_that_no_people_give_are_told_apart():
    """Each two tables agree, and yet nobody can stand in all of them."""
    counts = {("2025", *kind): 0 for kind in KINDS}
    cube = world(counts, ["race", "sex", "pathway", "age_band"], RING)
    change = np.zeros(len(cube.values), dtype=np.int64)
    where = {
        frozenset(code for level, code in key if level != "year"): at for at, key in enumerate(cube.keys)
    }
    # Everybody is a with m, m with x, x with o, and o with b, who are others than a.
    for pair in (set(), "am", "bf", "mx", "fy", "xo", "yp", "ob", "pa", *"ambfxyop"):
        change[where[frozenset(pair)]] = 2 if not pair else 1

    assert not (cube.equations @ change).any()
    assert cube.joints.complete(change) is None


@settings(max_examples=8, deadline=None)
@given(two_lists)
def test_a_ring_of_tables_keeps_its_secrets(values):
    hidden = protected(ring(values[: len(KINDS)]))

    assert not hidden.unsafe
    assert not attack(systems([printed(hidden)])["m"]).breaks


def _year_of_months(values, is_reversed=False):
    """Twelve months by two groups, and the quarters by group."""
    times = time_hierarchy("month", "2025-01", "2025-12")
    kinds = list(itertools.product(times.codes(0), ("a", "b")))
    counts = dict(zip(kinds, values, strict=True))
    if is_reversed:
        counts = dict(reversed(counts.items()))
    tables = [{"time": "month"}, {"time": "quarter", "race": "race"}]
    return build([times, flat("race", ("a", "b"))], tables, counts)


@settings(deadline=None, max_examples=20)
@given(numbers, numbers, numbers)
def test_what_is_hidden_of_one_year_has_to_do_with_no_other(first, second, other):
    """What hangs together by no sum is protected by itself."""
    kinds = list(itertools.product(("2024", "2025"), RACES, PATHS))

    def hidden_of_first(values):
        times = time_hierarchy("year", "2024", "2025")
        cube = world(dict(zip(kinds, values, strict=True)), ["race", "pathway"], times=times)
        hidden = protected(cube, RULES)
        return [at for at, key in enumerate(cube.keys) if key[0][1] == "2024" and hidden.is_hidden[at]]

    assert hidden_of_first([*first, *second]) == hidden_of_first([*first, *other])
