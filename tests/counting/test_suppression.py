"""Can anything small be recovered from what a view shows? Attacked by walking all tables, and by programs."""

import itertools

import numpy as np
import pytest
import scipy
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from leadstats.counting import small_rows, suppression
from leadstats.counting.suppression import PROTECTS_ANOTHER, TOO_FEW, protect


def line(*people, total=None):
    """One period per count, everyone, with the total over the periods."""
    counts = {(f"2026-{month:02}", "Everyone", "Everyone"): (n, 0, 0) for month, n in enumerate(people, 1)}
    counts[None, "Everyone", "Everyone"] = (sum(people) if total is None else total, 0, 0)
    return counts


def grid(rows, by_people=False):
    """Periods by categories with all margins; a cell is a count, or (numerator, complement)."""
    cells = np.array(rows)
    cells = cells if by_people else np.stack([cells, cells * 0, cells * 0], axis=-1)
    if by_people:
        cells = np.concatenate([cells.sum(axis=-1, keepdims=True), cells], axis=-1)
    counts = {}
    for row, column in itertools.product([*range(len(cells)), None], [*range(len(cells[0])), None]):
        part = cells[slice(None) if row is None else [row]][:, slice(None) if column is None else [column]]
        key = (
            None if row is None else f"{2001 + row}",
            None if column is None else "abcdefghi"[column],
            "Everyone",
        )
        counts[key] = tuple(int(n) for n in part.sum(axis=(0, 1)))
    return counts


def too_few(counts, threshold=11):
    """What stands hidden before anything protects it."""
    return {key: TOO_FEW for key, row in counts.items() if any(0 < n < threshold for n in row)}


# The attackers know the rules of docs/security.md: lines, reasons, and that zeros are shown.


def lines_of(counts):
    """(total, parts) of cells (key, measure), and whether the parts add up; written apart from privacy.py."""
    for total in counts:
        for axis in range(3):
            parts = [
                key
                for key in counts
                if total[axis] is None
                and key[axis] is not None
                and key[:axis] + key[axis + 1 :] == total[:axis] + total[axis + 1 :]
            ]
            for measure in range(3):
                yield (total, measure), [(part, measure) for part in parts]
        if any(row[1] or row[2] for row in counts.values()):
            yield (total, 0), [(total, 1), (total, 2)]


def relations(counts):
    for total, parts in lines_of(counts):
        whole, ns = counts[total[0]][total[1]], [counts[key][measure] for key, measure in parts]
        if parts and max(ns) <= whole <= sum(ns):
            yield total, parts, sum(ns) == whole


def has_hidden_zero(counts, hidden):
    return any(not any(counts[key]) for key in hidden)


def fits(row, reason, threshold, least):
    """Whether a row may stand hidden with this reason."""
    is_small = any(0 < n < threshold for n in row)
    if reason == TOO_FEW:
        return row[0] >= least and (is_small or not any(row))
    return row[0] >= threshold and not is_small


def can_be(counts, hidden, cell, wanted, threshold):
    """Walks the whole-number tables that show the same until one has `wanted` in the cell."""
    least = 0 if has_hidden_zero(counts, hidden) else 1
    top = max(row[0] for row in counts.values()) + 2
    measures = range(3) if any(row[1] or row[2] for row in counts.values()) else range(1)
    domain = {(key, m): (n, n) for key, row in counts.items() for m, n in enumerate(row)}
    domain |= {(key, m): (0, top) for key in hidden for m in measures}
    domain |= {
        (key, 0): (least, threshold - 1) for key in hidden if len(measures) == 1 and hidden[key] == TOO_FEW
    }
    domain[cell] = (wanted, wanted)
    ties = list(relations(counts))
    ties_of = {c: [tie for tie in ties if c == tie[0] or c in tie[1]] for c in domain}

    def room(cell):
        """The least and the most it can be for what is known of the others."""
        low, high = domain[cell]
        for total, parts, adds_up in ties_of[cell]:
            lows, highs = zip(*(domain[part] for part in parts), strict=True)
            if cell == total:
                low, high = max(low, sum(lows) if adds_up else max(lows)), min(high, sum(highs))
            else:
                least_of_total, most_of_total = domain[total]
                others = sum(lows) - domain[cell][0] if adds_up else 0
                low = max(low, least_of_total - sum(highs) + domain[cell][1])
                high = min(high, most_of_total - others)
        return low, high

    def may_stand(key):
        return fits([domain[key, m][0] for m in range(3)], hidden[key], threshold, least)

    def walk(open_cells):
        if not open_cells:
            return all(map(may_stand, hidden))
        rooms = {c: room(c) for c in open_cells}
        first = min(rooms, key=lambda c: rooms[c][1] - rooms[c][0])
        low, high = rooms[first]
        before = domain[first]
        others = [c for c in open_cells if c != first]
        ends_row = all(key != first[0] for key, _ in others)
        for n in range(low, high + 1):
            domain[first] = (n, n)
            if (not ends_row or may_stand(first[0])) and walk(others):
                return True
        domain[first] = before
        return False

    if not all(room(c) == domain[c] for c, (low, high) in domain.items() if low == high):
        return False
    return walk([c for c, (low, high) in domain.items() if low < high])


def pinned_by_walking(counts, hidden, threshold):
    return {
        (key, measure)
        for key in hidden
        for measure, n in enumerate(counts[key])
        if 0 < n < threshold
        and not any(
            can_be(counts, hidden, (key, measure), other, threshold) for other in range(n + 3) if other != n
        )
    }


class Attack:
    """Integer programs over the hidden rows: the least and the most each measure can be."""

    def __init__(self, counts, hidden, threshold=11):
        self.cells = {cell: place for place, cell in enumerate(itertools.product(counts, range(3)))}
        size = len(self.cells)
        top = 3 * max(max(row) for row in counts.values()) + 3 * threshold
        least = 0 if has_hidden_zero(counts, hidden) else 1
        has_parts = any(row[1] or row[2] for row in counts.values())
        low = np.array([n for row in counts.values() for n in row], float)
        high = low.copy()
        choices, rows = [], []  # a 0/1 column for each "this measure is small", or "this one is zero"
        for key, reason in hidden.items():
            for measure in range(3 if has_parts else 1):
                cell = self.cells[key, measure]
                low[cell], high[cell] = (least if measure == 0 else 0), top
                choices.append((cell, reason))
            if reason == PROTECTS_ANOTHER:
                low[self.cells[key, 0]] = threshold
        self.low, self.high = np.append(low, np.zeros(len(choices))), np.append(high, np.ones(len(choices)))
        small_of = {}
        for number, (cell, reason) in enumerate(choices, size):
            if reason == TOO_FEW:
                rows.append(({cell: 1, number: top}, -np.inf, threshold - 1 + top))
                rows.append(({cell: 1, number: -least}, 0, np.inf))
                small_of.setdefault(cell // 3, {})[number] = 1
            else:
                rows.append(({cell: 1, number: top}, -np.inf, top))
                rows.append(({cell: 1, number: threshold}, threshold, np.inf))
        rows.extend((columns, 1, np.inf) for columns in small_of.values())
        for total, parts, adds_up in relations(counts):
            tie = {self.cells[part]: 1 for part in parts} | {self.cells[total]: -1}
            rows.append((tie, 0, 0 if adds_up else np.inf))
            if not adds_up:
                rows.extend(({self.cells[part]: 1, self.cells[total]: -1}, -np.inf, 0) for part in parts)
        matrix = np.zeros((len(rows), size + len(choices)))
        for place, (columns, _, _) in enumerate(rows):
            matrix[place, list(columns)] = list(columns.values())
        self.constraints = LinearConstraint(matrix, [row[1] for row in rows], [row[2] for row in rows])

    def interval(self, key, measure=0):
        def end(sign):
            goal = np.zeros(self.low.size)
            goal[self.cells[key, measure]] = sign
            result = milp(
                goal,
                bounds=Bounds(self.low, self.high),
                integrality=np.ones_like(goal),
                constraints=self.constraints,
            )
            assert result.success, result.message
            return sign * round(result.fun)

        return end(1), end(-1)


def small_cells(counts, hidden, threshold=11):
    return [(key, m) for key in hidden for m, n in enumerate(counts[key]) if 0 < n < threshold]


def random_view(seed, mean, has_parts=False, is_overlapping=False, size=(4, 5)):
    """People by period and category; overlapping people stand in several periods and count once over all."""
    random = np.random.default_rng(seed)
    population = random.poisson(mean * np.exp(random.normal(0, 0.7, size[1])) * size[0])
    counts = {}
    for category, people in enumerate(population):
        spread = 0.3 if is_overlapping else 0.0
        home = random.integers(size[0], size=people)
        present = (home[:, None] == np.arange(size[0])) | (random.random((people, size[0])) < spread)
        housed = present & (random.random((people, 1)) < 0.3)
        for period in [*range(size[0]), None]:
            seen = present.any(axis=1) if period is None else present[:, period]
            inside = housed.any(axis=1) if period is None else housed[:, period]
            outside = seen & ~inside
            row = (seen.sum(), inside.sum() * has_parts, outside.sum() * has_parts)
            counts[None if period is None else f"{period}", f"{category}", "Everyone"] = tuple(
                int(n) for n in row
            )
    for period in [*map(str, range(size[0])), None]:
        rows = [row for key, row in counts.items() if key[0] == period]
        counts[period, None, "Everyone"] = tuple(map(sum, zip(*rows, strict=True)))
    return counts


KNOWN = {
    "1": (line(42, 7, 31), {("2026-02", 0): 7}),
    "2a": (grid([[24, 8, 15], [19, 30, 12], [13, 14, 4]]), {("2001", "b"): 8, ("2003", "c"): 4}),
    "5a": (line(12, 4, 15), {("2026-02", 0): 4}),
    "7a": (line(22, 1, 1, 1, 0), {("2026-02", 0): 1, ("2026-03", 0): 1, ("2026-04", 0): 1}),
    "7c": (line(30, 10, 10), {("2026-02", 0): 10, ("2026-03", 0): 10}),
    "13": (line(85, 12, 9), {("2026-03", 0): 9}),
    "14": (line(26, 40, 2), {("2026-03", 0): 2}),
    "16b": (
        grid([[30, 47, 64, 89], [90, 124, 5, 31], [92, 100, 59, 85], [800, 991, 651, 685]]),
        {("2002", "c"): 5},
    ),
}


@pytest.mark.parametrize("number", KNOWN)
def test_tables_with_a_known_answer_keep_it_to_themselves(number):
    counts, answers = KNOWN[number]
    before = Attack(counts, too_few(counts))
    after = Attack(counts, protect(counts))
    # What could be had at best: every row hidden but zeros and margins.
    widest = {key: PROTECTS_ANOTHER for key, row in counts.items() if None not in key and any(row)}
    best = Attack(counts, widest | too_few(counts))
    for (period, category), value in answers.items():
        key = (period, category or "Everyone", "Everyone")
        assert before.interval(key) == (value, value)
        assert after.interval(key) == best.interval(key)
        assert best.interval(key) in {(1, 9), (1, 10)}


def test_two_hidden_rows_in_every_line_may_still_be_exact():
    counts = grid([[3, 0, 21], [33, 14, 9], [16, 18, 0]])
    hidden = too_few(counts) | {
        ("2002", "b", "Everyone"): PROTECTS_ANOTHER,
        ("2003", "a", "Everyone"): PROTECTS_ANOTHER,
    }
    assert Attack(counts, hidden).interval(("2001", "a", "Everyone")) == (3, 3)
    attack = Attack(counts, protect(counts))
    for key in too_few(counts):
        low, high = attack.interval(key)
        assert low < high


@pytest.mark.parametrize(
    "row",
    [(30, 29, 1), (37, 6, 31), (23, 1, 22), (1, 1, 0)],
    ids=["29 of 30", "6 of 37", "1 of 23", "1 of 1"],
)
def test_a_small_part_hides_its_row(row):
    key = (None, "Everyone", "Everyone")
    assert protect({key: row}) == {key: TOO_FEW}


def test_a_part_cannot_be_had_from_the_other_rows():
    counts = grid([[(29, 1), (40, 30)], [(35, 25), (50, 60)]], by_people=True)
    key = ("2001", "a", "Everyone")
    assert Attack(counts, too_few(counts)).interval(key, 2) == (1, 1)
    low, high = Attack(counts, protect(counts)).interval(key, 2)
    assert low <= 1 and high >= 10


def test_equal_small_parts_stay_free_whatever_order_a_chart_draws_them_in():
    counts = line(30, 5, 5, 4)
    attack = Attack(counts, protect(counts))
    for key, measure in small_cells(counts, protect(counts)):
        assert attack.interval(key, measure) == (1, 10)


def test_hides_no_more_than_one_partner_where_one_will_do():
    hidden = protect(line(42, 7, 31))
    assert sorted(hidden.values()) == [PROTECTS_ANOTHER, TOO_FEW]


def test_margins_go_only_where_nothing_else_helps():
    counts = line(10, 10)
    assert protect(counts) == {key: TOO_FEW if key[0] else PROTECTS_ANOTHER for key in counts}


def test_a_zero_joins_ten_rows_that_would_each_be_one():
    counts = line(*[1] * 10, 0, 0)
    hidden = protect(counts)
    assert sum(not any(counts[key]) for key in hidden) == 1
    attack = Attack(counts, hidden)
    for key, measure in small_cells(counts, hidden):
        low, high = attack.interval(key, measure)
        assert low < high


def test_people_counted_once_over_the_periods_bound_but_do_not_tell():
    counts = line(25, 20, 6, total=31)
    assert Attack(counts, too_few(counts)).interval(("2026-03", "Everyone", "Everyone")) == (1, 10)
    assert protect(counts) == too_few(counts)
    nearly = line(25, 6, total=30)
    assert Attack(nearly, too_few(nearly)).interval(("2026-02", "Everyone", "Everyone")) == (5, 10)
    assert Attack(nearly, protect(nearly)).interval(("2026-02", "Everyone", "Everyone")) == (1, 10)


def test_neither_zeros_nor_large_counts_hide_anything_or_call_a_solver(monkeypatch):
    monkeypatch.setattr(scipy.optimize, "milp", None)
    assert protect({}) == {}
    assert protect(grid([[0, 0], [0, 0]])) == {}
    assert protect(grid([[0, 11], [40, 0]])) == {}


def test_the_order_of_the_rows_does_not_matter():
    counts = random_view(3, 15)
    assert protect(dict(reversed(counts.items()))) == protect(counts)


def test_refuses_a_threshold_that_leaves_a_hidden_row_one_value():
    with pytest.raises(ValueError, match="threshold"):
        protect(line(1, 5), threshold=2)


@given(st.integers(0, 10**6), st.sampled_from([2, 8, 20, 60]), st.booleans(), st.booleans())
@settings(max_examples=40, deadline=None)
def test_shows_nothing_small_gives_true_reasons_and_is_idempotent(seed, mean, has_parts, is_overlapping):
    counts = random_view(seed, mean, has_parts, is_overlapping)
    hidden = protect(counts)
    shown = {key: row for key, row in counts.items() if key not in hidden}
    assert too_few(shown) == {}
    assert protect(shown) == {}
    for key, reason in hidden.items():
        assert reason == (TOO_FEW if key in too_few(counts) or not any(counts[key]) else PROTECTS_ANOTHER)


def assert_pins_only_what_nothing_could_free(counts, threshold):
    """Two ones under a total of at most two are known however much is hidden."""
    hidden = protect(counts, threshold)
    if pinned := pinned_by_walking(counts, hidden, threshold):
        everything = {key: hidden.get(key, PROTECTS_ANOTHER) for key, row in counts.items() if any(row)}
        assert pinned <= pinned_by_walking(counts, everything, threshold)


@given(st.lists(st.tuples(*[st.integers(0, 4)] * 3), min_size=2, max_size=2), st.sampled_from([3, 4]))
@settings(max_examples=50, deadline=None)
def test_walking_all_tables_finds_nothing_exact(rows, threshold):
    assert_pins_only_what_nothing_could_free(grid(rows), threshold)


@given(st.lists(st.tuples(*[st.integers(0, 5)] * 2), min_size=2, max_size=3), st.sampled_from([3, 4]))
@settings(max_examples=40, deadline=None)
def test_walking_all_tables_of_parts_finds_nothing_exact(parts, threshold):
    counts = {(str(n), "Everyone", "Everyone"): (a + b, a, b) for n, (a, b) in enumerate(parts)}
    counts[None, "Everyone", "Everyone"] = tuple(map(sum, zip(*counts.values(), strict=True)))
    assert_pins_only_what_nothing_could_free(counts, threshold)


@given(st.integers(0, 10**6), st.sampled_from([4, 12, 30, 60]), st.booleans(), st.booleans(), st.data())
@settings(max_examples=25, deadline=None)
def test_programs_find_nothing_exact_in_larger_tables(seed, mean, has_parts, is_overlapping, data):
    counts = random_view(seed, mean, has_parts, is_overlapping)
    hidden = protect(counts)
    targets = small_cells(counts, hidden)
    attack = Attack(counts, hidden)
    for key, measure in data.draw(st.lists(st.sampled_from(targets or [None]), max_size=4 if targets else 0)):
        low, high = attack.interval(key, measure)
        assert low < high


@given(st.integers(0, 10**6), st.booleans())
@settings(max_examples=25, deadline=None)
def test_most_large_rows_stay_shown(seed, has_parts):
    counts = random_view(seed, 60 if has_parts else 30, has_parts, size=(12, 9))
    large = set(counts) - set(too_few(counts))
    assert len(large - set(protect(counts))) >= 0.7 * len(large)


def assert_programs_find_the_same(counts, threshold):
    """Along one axis: where hiding the small rows is seen to suffice, the programs hide nothing else."""
    if any(suppression.is_small(row, threshold) for row in counts.values()):
        view = suppression._View(counts, threshold)
        view.protect()
        hidden = {view.keys[row] for row in np.flatnonzero(view.hidden)}
        assert protect(counts, threshold).keys() == hidden
        if small_rows.suffice(counts, threshold):
            assert hidden == {key for key, row in counts.items() if suppression.is_small(row, threshold)}


@given(
    st.lists(st.one_of(st.integers(0, 12), st.integers(0, 60)), min_size=1, max_size=14),
    st.integers(-3, 20),
    st.sampled_from([3, 5, 11]),
)
@example([1] * 10, 0, 11)
@example([2, *[1] * 8], 0, 11)
@settings(max_examples=150, deadline=None)
def test_what_is_seen_without_programs_is_what_programs_find(people, excess, threshold):
    assert_programs_find_the_same(line(*people, total=max(0, sum(people) - excess)), threshold)


@given(
    st.lists(
        st.tuples(st.integers(0, 12), st.one_of(st.integers(0, 12), st.integers(0, 40)), st.integers(0, 2)),
        min_size=1,
        max_size=10,
    ),
    st.tuples(*[st.sampled_from([0, 0, 1, 4])] * 3),
    st.booleans(),
    st.sampled_from([3, 5, 11]),
)
@settings(max_examples=150, deadline=None)
def test_the_same_of_people_with_parts(parts, repeated, has_total, threshold):
    """Some people are in both parts, and some in several rows."""
    rows = [
        (inside + outside - min(both, inside, outside), inside, outside) for inside, outside, both in parts
    ]
    counts = {(f"2026-{month:02}", "Everyone", "Everyone"): row for month, row in enumerate(rows, 1)}
    sums = zip(zip(*rows, strict=True), repeated, strict=True)
    total = tuple(max(*column, sum(column) - twice) for column, twice in sums)
    if has_total:
        counts[None, "Everyone", "Everyone"] = total
    assert_programs_find_the_same(counts, threshold)
