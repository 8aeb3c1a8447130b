"""The attacker who runs the program himself: what the choice of hidden numbers tells, and that ours tells nothing."""

import itertools
import random

import pytest

from leadstats.audit.inference import attack
from leadstats.audit.linking import systems
from leadstats.audit.replay import ONLY_SMALL, TELLS, all_tables, replay
from leadstats.release.black_box import BlackBox
from leadstats.release.disclosure.cube import build
from leadstats.release.ordering import KEY, order_of, site_secret
from leadstats.release.plan import ReleasePlan, time_hierarchy
from tests.release.worlds import NOTHING_BEFORE, before, flat, printed, protected, release, table, world

THRESHOLD = 5  # keeps the number of tables that fit small; the rule is the same
LOW = ReleasePlan(threshold=THRESHOLD)


def by_sex(another, female, male):
    return world({("2025", "Another"): another, ("2025", "Female"): female, ("2025", "Male"): male}, ["sex"])


def page(male):
    """Sex of 80 people; of Another and Female nothing is shown."""
    groups = {("2025", "Another"): None, ("2025", "Female"): None, ("2025", "Male"): male}
    return release([table(["year"], {"2025": 80}), table(["year", "sex"], groups)])


class Whole:
    """A program that chooses among all cells of a release at once."""

    def __init__(self, system, choose):
        self._cells, self._choose = {*system.known, *system.cells}, choose

    def pieces(self, hidden):
        return [self._cells]

    def __call__(self, numbers, wanted, draw):
        return self._choose(numbers, wanted, draw)


def cheapest_by_value(numbers, wanted, draw):
    """How the second number was once chosen: a line with one hidden number hides its smallest other."""
    line = {cell: number for cell, number in numbers.items() if len(cell) == 2}
    hidden = [cell for cell, number in line.items() if number < 11]
    if len(hidden) == 1:
        others = sorted((number, cell) for cell, number in line.items() if cell not in hidden)
        hidden.append(others[0][1])
    return hidden


def ours(cube, plan=ReleasePlan()):
    return BlackBox(cube, NOTHING_BEFORE, plan)


def broken(found):
    return {(each.cell.removesuffix(", year 2025"), each.low, each.high) for each in found.breaks}


def test_a_choice_by_value_gives_the_number_away():
    """Of all programs with 35 men only 10/35/35 gave this page."""
    (system,) = systems([page(35)]).values()

    found = replay(system, Whole(system, cheapest_by_value))

    assert not attack(system).breaks  # sums alone say nothing
    assert found.is_complete
    assert found.possible["sex Another, year 2025"][0] == 10
    assert {each.why for each in found.breaks} == {TELLS}
    assert ("sex Another", 10, None) in broken(found)


def test_the_order_is_a_secret_so_that_every_small_number_is_possible():
    (system,) = systems([page(35)]).values()

    found = replay(system, ours(by_sex(10, 35, 35)))

    assert (found.is_complete, found.breaks) == (True, ())
    for values in found.possible.values():
        assert set(range(11)) <= set(values) and max(values) >= 11


def test_a_fixed_public_order_gives_two_numbers_away():
    """Two of ten each: alone, either would have been hidden together with the first of the order."""
    groups = {("2025", "A"): 30, ("2025", "B"): None, ("2025", "C"): None}
    shown = release([table(["year"], {"2025": 50}), table(["year", "race"], groups)])

    def first_of_all(numbers, wanted, draw):
        line = {cell: number for cell, number in numbers.items() if len(cell) == 2}
        hidden = [cell for cell, number in line.items() if number < 11]
        return hidden + [cell for cell in sorted(line) if cell not in hidden][: len(hidden) == 1]

    (system,) = systems([shown]).values()
    found = replay(system, Whole(system, first_of_all))

    assert broken(found) == {("race B", 10, 10), ("race C", 10, 10)}
    assert {each.why for each in found.breaks} == {ONLY_SMALL}


def small_programs():
    """Lines and crossed tables of few people, so that every table that fits can be tried."""
    for seed in [*range(19), 22]:
        dice = random.Random(seed)
        races, paths = [("abcd", "x"), ("ab", "xy"), ("abc", "xy")][seed % 3]
        yield {
            ("2025", race, path): dice.choice([dice.randrange(5), dice.randrange(2), dice.randrange(5, 15)])
            for race, path in itertools.product(races, paths)
        }


@pytest.mark.parametrize("counts", [*small_programs()], ids=itertools.count())
def test_nothing_falls_to_who_runs_the_program_on_every_table(counts):
    cube = world(counts, ["race", "pathway"])
    (system,) = systems([printed(protected(cube, LOW), LOW)]).values()

    found = replay(system, ours(cube, LOW))

    assert found.is_complete
    assert not found.breaks


def quarters(secret, *people):
    """A year of two kinds of people, of whom 3 are many; what of it is hidden, and what falls."""
    months = ("2025-01", "2025-04", "2025-07", "2025-10")
    counts = {
        (month, kind): number
        for month, own in zip(months, people, strict=True)
        for kind, number in zip("ab", own, strict=True)
    }
    plan, times = ReleasePlan(threshold=3), time_hierarchy("month", "2025-01", "2025-12")
    cube = build([times, flat("race", "ab")], [{"time": "quarter", "race": "race"}], counts)
    hidden = protected(cube, plan, order=order_of(b"", secret))
    (system,) = systems([printed(hidden, plan)]).values()
    return system.names, replay(system, ours(cube, plan), complete=5_000)


def test_that_a_total_is_hidden_tells_nothing_of_what_is_beside_it():
    """The last quarter has 2 people: with it the total of the first is hidden. Totals are shown wherever they
    can be, so everybody knows which of the two is small. Once that told that somebody of kind b came in the
    second quarter."""
    _, found = quarters("23", (3, 6), (0, 4), (1, 2), (2, 0))

    assert found.is_complete and not found.breaks
    assert set(range(4)) <= set(found.possible["quarter 2025-Q2, race b"])


def test_that_a_third_total_is_hidden_tells_nothing_of_what_is_beside_it():
    """The first two quarters have one person each. Had they 3 together, each would hide the other; that the last
    is hidden too says that they have 2 at most. Once that told that somebody of kind b came in the third."""
    names, found = quarters("239", (0, 1), (0, 1), (2, 1), (6, 5))

    assert {name for name in names if "race" not in name} == {f"quarter 2025-Q{each}" for each in (1, 2, 4)}
    assert found.is_complete and not found.breaks
    assert set(range(4)) <= set(found.possible["quarter 2025-Q3, race b"])


def test_what_is_hidden_beside_a_number_of_an_earlier_release_tells_nothing():
    """The first quarter was hidden when it came out, and is large; so the last is hidden beside it. That one of its
    kinds is shown once told that the other is not 0: the last quarter could not have been one less."""
    plan, times = ReleasePlan(threshold=3), time_hierarchy("month", "2025-01", "2025-12")
    months = ("2025-01", "2025-04", "2025-07", "2025-10")
    numbers = dict(zip(itertools.product(months, "ab"), (2, 6, 3, 0, 11, 3, 2, 3), strict=True))
    quarter = ["2025-Q1", "2025-Q2", "2025-Q3"]
    old = release(
        [
            table(["quarter"], dict(zip(quarter, (None, 3, 14), strict=True))),
            table(
                ["quarter", "race"],
                dict(zip(itertools.product(quarter, "ab"), (None, None, None, None, 11, 3), strict=True)),
            ),
        ],
        threshold=3,
    )
    known = before(old)
    cube = build([times, flat("race", "ab")], [{"time": "quarter", "race": "race"}], numbers)
    hidden = protected(cube, plan, known, order_of(b"", "0"))
    (system,) = systems([old, printed(hidden, plan, "2026-02.1")]).values()

    found = replay(system, BlackBox(cube, known, plan), complete=5_000)

    assert found.is_complete and not found.breaks
    assert set(range(4)) <= set(found.possible["quarter 2025-Q4, race a"])


def test_all_tables_that_fit_are_found():
    (system,) = systems([page(35)]).values()

    assert sorted(table.tolist() for table in all_tables(system)) == [[n, 45 - n] for n in range(46)]
    assert all_tables(system, most=45) is None


def test_a_larger_release_is_sampled_and_says_so():
    dice = random.Random(1)
    counts = {("2025", a, b): dice.randrange(40) for a in "abcdefgh" for b in "xyz"}
    cube = world(counts, ["race", "pathway"])
    (system,) = systems([printed(protected(cube))]).values()

    found = replay(system, ours(cube))

    possible, looked_at = found.coverage
    assert not found.is_complete and not found.breaks
    assert 0 < possible < looked_at
    assert "0 of 1 pieces, a sample in the others" in found.in_words()


def test_the_secret_is_made_once_and_is_for_its_owner_alone(tmp_path):
    first = site_secret(tmp_path)

    assert (site_secret(tmp_path), len(first)) == (first, 32)
    assert [path.name for path in tmp_path.iterdir()] == [KEY]
    assert (tmp_path / KEY).stat().st_mode & 0o777 == 0o600
    draws = {order_of(secret, series)((("year", "2025"),)) for secret in (first, b"other") for series in "ab"}
    assert len(draws) == 4 and all(0 <= draw < 1 for draw in draws)


def test_the_pattern_hangs_on_names_and_never_on_numbers():
    """Whichever other group is larger, the same one protects: 10/35/35 and its mirror images."""
    patterns = {
        tuple(protected(by_sex(4, female, 76 - female)).is_hidden.tolist()) for female in range(12, 65)
    }

    assert len(patterns) == 1
