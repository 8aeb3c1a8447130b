"""Tells, without a linear program, that hiding the small rows of a view is enough."""

import itertools
from collections.abc import Mapping

import numpy as np

from leadstats.counting.ties import MEASURES, NO_LIMIT, Key, known_of_hidden

# Ways to move a row by one: its people with a part, one part for the other, one measure alone; and all of them back.
WAYS = np.array([(1, 1, 0), (1, 0, 1), (0, 1, -1), (1, 0, 0), (0, 1, 0), (0, 0, 1)])
WAYS = np.concatenate([WAYS, -WAYS])
RISES, FALLS = WAYS > 0, WAYS < 0
# For each measure the two ways that move it up, or down, and still make up the people: one can follow the other.
UPWARD, DOWNWARD = ((0, 1), (0, 2), (1, 8)), ((6, 7), (6, 8), (7, 2))


def suffice(counts: Mapping[Key, tuple[int, int, int]], threshold: int) -> bool:
    """Whether simple sums show that each small row, once hidden, could be anything from 1 to threshold - 1.

    Works for views with one axis, which is most of what pages ask. When one row falls or rises, the other small rows
    make up for it; if people are in several rows, so can the total.
    """
    axes = [axis for axis in range(3) if len({key[axis] for key in counts}) > 1]
    if len(axes) > 1:
        return False
    totals = [measures for key, measures in counts.items() if axes and key[axes[0]] is None]
    rows = [measures for key, measures in counts.items() if not axes or key[axes[0]] is not None]
    if any(any(parts) for _, *parts in counts.values()):
        return _parts_suffice([*(totals or [(0, 0, 0)]), *rows], threshold)
    if not totals or not rows:
        return True
    total, counted = totals[0][0], [people for people, *_ in rows]
    excess = sum(counted) - total
    if excess < 0 or max(counted) > total:
        return True  # nothing ties such rows: see ties.between
    if 0 < total < threshold:
        # All rows are hidden along with it, and each can move, except ten rows of 1 under a total of 10 or less.
        return bool(excess) or total < threshold - 1 or max(counted) > 1
    small = [people for people in counted if 0 < people < threshold]
    up, down = sum(threshold - 1 - people for people in small), sum(people - 1 for people in small)
    # If every row with people is hidden, there is nothing more to hide: then it is enough that each can move at all.
    is_all = len(small) == sum(people > 0 for people in counted)
    for people in small:
        falls = min(people - 1, up - (threshold - 1 - people) + excess)
        rises = threshold - 1 - people if excess else min(threshold - 1 - people, down - (people - 1))
        if not (falls or rises) or not is_all and falls + rises < threshold - 2:
            return False
    return True


def _parts_suffice(measures: list[tuple[int, int, int]], threshold: int) -> bool:
    """The same for a total and its rows when people are in two parts. Each row is moved in several ways, and the other
    rows, or a hidden total, make up for what would show."""
    value = np.array([row for number, row in enumerate(measures) if any(row) or not number], dtype=float)
    small = (value > 0) & (value < threshold)
    hidden = small.any(axis=1)
    limits = known_of_hidden(value.ravel(), small.ravel(), threshold, True)
    lower, upper = (limit.reshape(-1, MEASURES) for limit in limits)
    excess, largest = value[1:].sum(axis=0) - value[0], value[1:].max(axis=0, initial=0)
    is_tied = (excess >= 0) & (largest <= value[0])
    spare, is_within = np.where(is_tied, excess, NO_LIMIT), is_tied & (excess > 0)
    upper[1:] = np.where(is_within, np.minimum(upper[1:], value[0] - value[1:]), upper[1:])
    lower[0] = np.where(is_within, np.maximum(lower[0], largest - value[0]), lower[0])
    # How far each row can move: ways x rows. The second half of the ways undo the first.
    room = np.where(RISES[:, None], upper, np.where(FALLS[:, None], -lower, NO_LIMIT)).min(axis=2)
    room = np.where(hidden, np.minimum(room, _room_for_parts(value)), 0)
    back = np.roll(room, len(WAYS) // 2, axis=0)[:, 1:]
    others = back.sum(axis=1, keepdims=True) - back
    # A sum may fall by its excess, and its total rise by it; anything else must be made up for in full.
    is_even = (WAYS != 0) @ (spare == 0)
    of_falls, of_rises = (
        np.where(is_even, 0, np.where(each, spare, NO_LIMIT).min(axis=1))[:, None] for each in (FALLS, RISES)
    )
    of_total = room[:, 1:].sum(axis=1, keepdims=True) + of_rises
    moves = np.minimum(room, np.hstack([of_total, np.maximum(others, room[:, :1]) + of_falls]))
    reach = np.zeros(value.shape)
    for each, limit, pairs, most in (
        (RISES, upper, UPWARD, threshold - 1 - value),
        (FALLS, np.minimum(-lower, spare), DOWNWARD, value - 1),
    ):
        far = (moves[..., None] * each[:, None]).max(axis=0)
        for measure, pair in enumerate(pairs):
            for first, then in itertools.permutations(pair):
                more = np.minimum(room[then], limit[:, measure] - moves[first])
                both = moves[first] + np.minimum(more, of_falls[then])
                far[1:, measure] = np.maximum(far[1:, measure], both[1:])
        reach += np.minimum(far, most)
    return bool((reach >= (1 if hidden[1:].all() else threshold - 2))[small].all())


def _room_for_parts(value: np.ndarray) -> np.ndarray:
    """How far each row can move each way while its parts still make up its people, as `ties.between` demands."""
    people, parts = value[:, 0], value[:, 1:]
    excess = parts.sum(axis=1) - people
    is_tied = (excess >= 0) & (parts.max(axis=1) <= people)
    lost = WAYS[:, :1] - WAYS[:, 1:].sum(axis=1, keepdims=True)
    room = np.where(lost > 0, excess, np.where((lost < 0) & (excess == 0), 0, NO_LIMIT))
    gains = (WAYS[:, 1:] > WAYS[:, :1])[:, None] & (excess > 0)[:, None]
    within = np.where(gains, people[:, None] - parts, NO_LIMIT).min(axis=2)
    return np.where(is_tied, np.minimum(room, within), NO_LIMIT)
