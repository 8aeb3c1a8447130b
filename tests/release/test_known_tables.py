"""Tables whose answers are known from the literature or by hand, for the attacker and for the protector."""

from fractions import Fraction

import numpy as np
import pytest
from scipy import sparse

from leadstats.audit.inference import System, attack, explain, interval, proves
from leadstats.audit.linking import revisions, systems
from leadstats.audit.shares import counts_behind
from leadstats.release.tables import public_tables, share_tables
from tests.release.worlds import (
    MEASURE,
    RULES,
    flat,
    grid,
    printed,
    protected,
    release,
    table,
    three_way,
    world,
)

CROSSED = {"Black": (24, 8, 15), "White": (19, 30, 12), "Native": (13, 14, 4)}
PATHS = ("arrest", "social", "community")
RING = {
    ("a1", "b1", "c1"): 12,
    ("a1", "b1", "c2"): 11,
    ("a1", "b2", "c1"): 1,
    ("a1", "b2", "c2"): 13,
    ("a2", "b1", "c1"): 14,
    ("a2", "b1", "c2"): 1,
    ("a2", "b2", "c1"): 17,
    ("a2", "b2", "c2"): 20,
}


def ranges(*releases) -> dict[str, tuple[int, int | None]]:
    """What the attacker knows of each hidden number, by what distinguishes it."""
    system = systems(releases)["m"]
    return {
        system.names[cell].replace(", year 2025", ""): interval(system, cell)
        for cell in np.flatnonzero(system.targets & ~system.is_joint())
    }


def reasons(*releases) -> dict[str, str]:
    return {b.cell.replace(", year 2025", ""): b.why for b in attack(systems(releases)["m"]).breaks}


def year(total, **groups):
    return release(
        [
            table(["year"], {"2025": total}),
            table(["year", "race"], {("2025", k): n for k, n in groups.items()}),
        ]
    )


def test_one_hidden_number_in_a_line_is_known():
    shown = year(80, A=42, B=None, C=31)

    assert ranges(shown) == {"race B": (7, 7)}
    (broken,) = attack(systems([shown])["m"]).breaks
    assert explain(systems([shown])["m"], broken.proof[0]) == (
        "+ 80 (year 2025) - 42 (race A, year 2025) - 31 (race C, year 2025)"
    )


def test_a_place_is_what_the_city_and_the_other_place_leave():
    city = table(["year"], {"2025": 31})
    places = table(["year", "neighborhood"], {("2025", "1"): None, ("2025", "2"): 27})

    assert ranges(release([city, places])) == {"neighborhood 1": (4, 4)}


def test_a_tile_gives_away_the_slice_that_a_pie_leaves_out():
    assert interval(_sums({"A": 26, "B": 40, "C": None}, {"ABC": 68}), 0) == (2, 2)


def test_one_hidden_number_in_each_line_is_known():
    shown = grid(CROSSED, PATHS, [("Black", "social"), ("Native", "community")])

    assert set(ranges(shown).values()) == {(8, 8), (4, 4)}


def test_two_hidden_numbers_in_each_line_leave_ranges():
    hidden = [("Black", "social"), ("Native", "community"), ("Black", "community"), ("Native", "social")]

    assert ranges(grid(CROSSED, PATHS, hidden)) == {
        "pathway social, race Black": (4, 22),
        "pathway community, race Native": (0, 18),
        "pathway community, race Black": (1, 19),
        "pathway social, race Native": (0, 18),
    }


def test_two_hidden_numbers_in_each_line_can_still_all_be_known():
    rows = {"1": (3, 0, 21), "2": (33, 14, 9), "3": (16, 18, 0)}
    hidden = [("1", "x"), ("1", "y"), ("2", "y"), ("2", "z"), ("3", "x"), ("3", "z")]

    found = ranges(grid(rows, "xyz", hidden))

    assert sorted(found.values()) == [(0, 0), (0, 0), (3, 3), (9, 9), (14, 14), (16, 16)]
    assert set(reasons(grid(rows, "xyz", hidden)).values()) == {"is known exactly"}


def test_a_filter_for_two_groups_gives_away_the_third():
    shown = _sums({"A": None, "B": None, "C": None}, {"ABC": 61, "AC": 58})

    assert [interval(shown, cell) for cell in range(3)] == [(0, 58), (3, 3), (0, 58)]


def test_areas_that_overlap_give_away_what_differs():
    shown = _sums({"1": None, "2": None, "3": 12, "4": None}, {"123": 37, "124": 28})

    assert [interval(shown, cell) for cell in range(3)] == [(0, 25), (0, 25), (3, 3)]


@pytest.mark.parametrize(
    ("months", "quarter", "expected"),
    [
        ((12, None, 15), 31, {"month 2025-02": (4, 4)}),
        ((12, None, None), 22, {"month 2025-02": (0, 10), "month 2025-03": (0, 10)}),
    ],
)
def test_months_and_their_quarter(months, quarter, expected):
    monthly = table(["month"], {f"2025-0{at}": number for at, number in enumerate(months, start=1)})
    shown = release([monthly, table(["quarter"], {"2025-Q1": quarter})])

    assert ranges(shown) == expected
    # Both months together are 10: a group that may not be known either.
    assert len(reasons(shown)) == len(expected)


def test_sums_over_moving_windows_give_months_away():
    shown = _sums(
        {"1": 14, "2": None, "3": 12, "4": None, "5": None, "6": 15},
        {"123": 35, "234": 24, "345": 25, "456": 28},
    )

    assert [interval(shown, cell) for cell in range(3)] == [(9, 9), (3, 3), (10, 10)]


def test_a_total_since_launch_gives_each_new_month_away():
    shown = _sums({"before": 118, "new": None, "newer": None}, {"before+new": 126, "before+new+newer": 139})

    assert [interval(shown, cell) for cell in range(2)] == [(8, 8), (13, 13)]


def test_a_hidden_zero_among_ones_is_safe_only_from_being_exact():
    assert ranges(year(25, A=22, B=None, C=None, D=None, E=None)) == dict.fromkeys(
        ["race B", "race C", "race D", "race E"], (0, 3)
    )
    assert len(reasons(year(25, A=22, B=None, C=None, D=None, E=None))) == 4


def test_a_legend_that_says_1_to_10_gives_ones_and_tens_away():
    ones = _sums({"A": 22, "B": None, "C": None, "D": None, "E": 0}, {"ABCDE": 25}, lower=1, upper=10)
    tens = _sums({"A": 30, "B": None, "C": None}, {"ABC": 50}, lower=1, upper=10)

    assert [interval(ones, cell) for cell in range(3)] == [(1, 1)] * 3
    assert [interval(tens, cell) for cell in range(2)] == [(10, 10)] * 2


def test_three_two_way_tables_bound_what_nobody_printed():
    shown = three_way(RING, ("race", "sex", "pathway"))
    system = systems([shown])["m"]
    found = {system.names[cell]: interval(system, cell) for cell in range(len(system.names))}

    assert found["pathway c1, race a1, sex b2, year 2025"] == (0, 2)
    assert found["pathway c2, race a2, sex b1, year 2025"] == (0, 2)
    assert all(high - low == 2 for low, high in found.values())
    assert len(attack(system).breaks) == 2


def test_a_number_entered_late_shows_between_two_releases():
    april, july = year(12, A=12), year(13, A=13)

    assert {(old, new) for _, old, new in revisions([april, july])} == {(12, 13)}


def test_a_later_release_narrows_an_earlier_one():
    april, july = year(36, A=14, B=None, C=None), year(38, A=14, B=11, C=13)

    assert ranges(april, july) == {
        "race B (release 1 of those given)": (9, 11),
        "race C (release 1 of those given)": (11, 13),
    }


def test_stock_and_flow_give_the_flow_away():
    shown = _sums({"start": 85, "new": 12, "end": 88, "exits": None}, {})
    shown = _equation(shown, {"exits": 1}, 85 + 12 - 88)

    assert interval(shown, 0) == (9, 9)


def test_bars_in_true_order_tell_more_than_their_numbers():
    free = _sums({"A": 30, "B": None, "C": None, "D": None}, {"ABCD": 44})
    ordered = _ordered(free)

    assert [interval(free, cell) for cell in range(3)] == [(0, 14)] * 3
    assert [interval(ordered, cell) for cell in range(3)] == [(5, 14), (0, 7), (0, 4)]


def test_two_safe_tables_together_give_a_number_away():
    inner = {"A": None, "B": None, "I": 8, "J": 8, "K": None, "L": None, "M": None, "N": 7}
    shown = _sums(inner, {"ABIJ": 20, "KLMN": 16, "LM": 6, "ABIJKN": 30})

    assert interval(shown, 2) == (3, 3)


def test_sdctable_four_by_four():
    rows = {"w": (30, 47, 64, 89), "x": (90, 124, 5, 31), "y": (92, 100, 59, 85), "z": (800, 991, 651, 685)}
    hidden = [
        ("w", "a"),
        ("w", "b"),
        ("w", "c"),
        ("x", "a"),
        ("x", "c"),
        ("y", "b"),
        ("y", "d"),
        ("z", "b"),
        ("z", "d"),
    ]

    assert ranges(grid(rows, "abcd", hidden))["pathway b, race w"] == (47, 47)
    assert ranges(grid(rows, "abcd", [*hidden, ("x", "d")]))["pathway b, race w"] == (0, 78)


def test_three_people_alone_in_their_lines_are_bounded_by_their_sum():
    """sdcTools, issue 135: even with the totals of A and B hidden, each row keeps a group of 3."""
    unknown = dict.fromkeys(("A1", "B1", "M1", "A2", "B2", "M2"))
    shown = _sums(unknown, {"A1+B1+M1": 10 - 7, "A2+B2+M2": 11 - 8, "M1+M2": 3})

    assert [interval(shown, cell) for cell in range(6)] == [(0, 3)] * 6


def test_whole_numbers_tell_what_fractions_do_not():
    equations = sparse.csr_array(np.array([[3, 3, 2]]))
    bounds = np.zeros(3), np.array([np.inf, np.inf, 3.0])
    system = System(("a", "b", "c"), equations, np.array([11]), *bounds, np.ones(3, dtype=bool))

    assert interval(system, 2) == (1, 1)


@pytest.mark.parametrize(
    ("percent", "step", "denominators", "expected"),
    [
        ("16.2", "0.1", [37], {6}),
        ("20", "10", [37], {6, 7, 8, 9}),
        ("4.3", "0.1", [23], {1}),
        # A ratio of 0.62 to a group with 12 of 50: the share is 0.62 times 24 %.
        ("14.88", "0.24", [27], {4}),
        ("66.7", "0.1", range(1, 11), {(2, 3), (4, 6), (6, 9)}),
        ("8.3", "0.1", range(11, 31), {(1, 12), (2, 24)}),
    ],
)
def test_a_percentage_gives_its_counts_away(percent, step, denominators, expected):
    found = counts_behind(Fraction(percent), Fraction(step), denominators)

    assert set(found if len(denominators) > 1 else [part for part, _ in found]) == expected


def test_two_percentages_of_one_hidden_whole_give_it_away():
    wholes = [
        {whole for _, whole in counts_behind(Fraction(text), Fraction("0.1"), range(1, 31))}
        for text in ("33.3", "22.2")
    ]

    assert wholes[0] & wholes[1] == {9, 18, 27}
    assert {whole for whole in wholes[0] & wholes[1] if whole > 10} == {18, 27}


def test_a_proof_holds_in_fractions_and_a_wrong_one_does_not():
    system = systems([year(80, A=42, B=None, C=31)])["m"]

    assert proves(system, 0, -1, 7, [(0, Fraction(1))]) or proves(system, 0, -1, 7, [(0, Fraction(-1))])
    assert not proves(system, 0, -1, 6, [(0, Fraction(1))])
    assert not proves(system, 0, -1, 7, [])


WORLDS = {
    "one line": world({("2025", "A"): 42, ("2025", "B"): 7, ("2025", "C"): 31}, ["race"]),
    "crossed": world(
        {("2025", r, c): n for r, line in CROSSED.items() for c, n in zip(PATHS, line, strict=True)},
        ["race", "pathway"],
    ),
    "all exact": world(
        {
            ("2025", str(r), str(c)): n
            for r, line in enumerate([(3, 0, 21), (33, 14, 9), (16, 18, 0)])
            for c, n in enumerate(line)
        },
        ["race", "pathway"],
    ),
    "ones": world({("2025", k): n for k, n in zip("ABCDE", (22, 1, 1, 1, 0), strict=True)}, ["race"]),
    "tens": world({("2025", k): n for k, n in zip("ABC", (30, 10, 10), strict=True)}, ["race"]),
    "ring": world(
        {("2025", *codes): n for codes, n in RING.items()},
        ["race", "sex", "pathway"],
        [["race", "sex"], ["sex", "pathway"], ["race", "pathway"]],
    ),
    "nearly all housed": world({("2025", "yes"): 29, ("2025", "no"): 1}, ["outcome"]),
    "the only one is housed": world({("2025", "yes"): 1, ("2025", "no"): 0}, ["outcome"]),
    "sdctable": world(
        {
            ("2025", r, c): n
            for r, line in {
                "w": (30, 47, 64, 89),
                "x": (90, 124, 5, 31),
                "y": (92, 100, 59, 85),
                "z": (800, 991, 651, 685),
            }.items()
            for c, n in zip("abcd", line, strict=True)
        },
        ["race", "pathway"],
    ),
    "sdctools 135": world(
        {
            ("2025", r, c): n
            for r, line in {"1": (1, 1, 7, 1, 0), "2": (1, 0, 0, 2, 8)}.items()
            for c, n in zip("ABCMW", line, strict=True)
        },
        ["race", "pathway"],
    ),
}


@pytest.mark.parametrize("name", WORLDS)
def test_what_the_protector_prints_the_attacker_cannot_break(name):
    hidden = protected(WORLDS[name])

    assert not hidden.unsafe
    assert not attack(systems([printed(hidden)])["m"]).breaks


@pytest.mark.parametrize("name", ["nearly all housed", "the only one is housed"])
def test_a_share_of_nearly_all_is_not_printed(name):
    tables = list(public_tables(MEASURE, protected(WORLDS[name]), RULES))

    (shares,) = share_tables(tables, RULES)
    assert [row.percent for row in shares.rows] == [None]


@pytest.mark.parametrize(("name", "others"), [("one line", 1), ("crossed", 4)])
def test_no_more_is_hidden_than_the_known_best(name, others):
    hidden = protected(WORLDS[name])

    assert (hidden.is_hidden & ~hidden.is_small).sum() == others
    assert not hidden.is_hidden[hidden.cube.positions[(("year", "2025"),)]]


def _sums(cells, totals, lower=0, upper=np.inf) -> System:
    """Cells that are hidden (None) or shown, and shown sums of some of them."""
    unknown = [name for name, number in cells.items() if number is None]
    rows, right = [], []
    for members, total in totals.items():
        names = members.split("+") if "+" in members else list(members)
        rows.append([int(name in names) for name in unknown])
        right.append(total - sum(cells[name] or 0 for name in names))
    size = len(unknown)
    return System(
        tuple(unknown),
        sparse.csr_array(np.array(rows, dtype=np.int64).reshape(len(rows), size)),
        np.array(right, dtype=np.int64),
        np.full(size, float(lower)),
        np.full(size, float(upper)),
        np.ones(size, dtype=bool),
    )


def _equation(system: System, signs, right: int) -> System:
    row = sparse.csr_array(np.array([[signs.get(name, 0) for name in system.names]]))
    equations = sparse.csr_array(sparse.vstack([system.equations, row])) if system.equations.shape[0] else row
    rights = np.append(system.right, right)
    return System(system.names, equations, rights, system.lower, system.upper, system.targets)


def _ordered(system: System) -> System:
    """B >= C >= D, each difference being one more unknown."""
    rows = np.array([[1, -1, 0, -1, 0], [0, 1, -1, 0, -1]])
    wide = sparse.hstack([system.equations, sparse.csr_array((1, 2), dtype=np.int64)])
    return System(
        (*system.names, "B-C", "C-D"),
        sparse.csr_array(sparse.vstack([wide, sparse.csr_array(rows)])),
        np.append(system.right, [0, 0]),
        np.zeros(5),
        np.full(5, np.inf),
        np.ones(5, dtype=bool),
    )


def test_a_breakdown_may_have_codes_that_nobody_has():
    cube = world({("2025", "A"): 42, ("2025", "B"): 0, ("2025", "C"): 31}, ["race"])

    assert flat("race", "ABC").codes(0) == ("A", "B", "C")
    assert protected(cube).is_hidden[cube.positions[("year", "2025"), ("race", "B")]]


def test_a_measure_of_which_nothing_is_hidden_is_attacked_too():
    shown = year(80, A=42, B=38)

    (system,) = systems([shown]).values()

    assert not system.is_joint().any() and not (~system.is_joint()).sum()
    assert not attack(system).breaks
