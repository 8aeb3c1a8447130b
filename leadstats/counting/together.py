"""Which categories are shown as one, so that a question has an answer even when parts of it are too small to show.

This is decided before anything is hidden, by rules that are the same for every view: neighbors that the metric's
header puts together, and groups of people that are each too small. Being put together says no more than the reason
"too few" would, and the whole is checked, as in any other view, so that no member can be worked out from it.
"""

from collections.abc import Mapping
from typing import Any

from leadstats.counting.suppression import PROTECTS_ANOTHER, THRESHOLD, TOO_FEW, is_small, protect
from leadstats.counting.ties import Key
from leadstats.model.metrics import Metric

ALL_OTHERS = "All other groups"  # shown as one because each is too small
Rows = Mapping[Key, dict[str, Any]]
Counts = Mapping[Key, tuple[int, int, int]]


def neighbors(
    metric: Metric, rows: Rows, threshold: int = THRESHOLD
) -> tuple[dict[Key, dict[str, Any]], dict[str, str]]:
    """The rows with neighboring categories added together, if one of them is too small in any period or category of the
    view; and, for each of these categories, the name it is shown under. Nobody is in two of them, so people add up."""
    small = {category for (_, category, _), row in rows.items() if is_small([row["people"]], threshold)}
    named = {part: name for name, parts in metric.together.items() if small & {*parts} for part in parts}
    found: dict[Key, dict[str, Any]] = {}
    for (period, category, second), row in rows.items():
        key = (period, named.get(category, category), second)
        people = row["people"] + (found[key]["people"] if key in found else 0)
        found[key] = {**row, "category": key[1], "people": people}
    return found, named


def small_groups(counts: Counts, hidden: Mapping[Key, str], threshold: int = THRESHOLD) -> dict[Key, str]:
    """The groups to show as one, each with the reason it is hidden by itself: those that are too small, plus the
    smallest of the others for as long as that is not enough. Empty if they may not be shown as one, or if that would
    hide more people than hiding alone.

    counts: as for `protect`, for one period, with the total. hidden: what `protect` hides of them. Together the
    groups have at least the people that the others leave of the total (some may be in two groups). That must be
    enough to show, and each small count must be able to have another value.
    """
    total = next((key for key in counts if key[1] is None), None)
    groups = sorted((key for key in counts if key != total), key=lambda key: (counts[key], key))
    small = [key for key in groups if is_small(counts[key], threshold)]
    if total is None or not small or is_small(counts[total], threshold):
        return {}
    others = [key for key in groups if key not in small and counts[key][0]]
    for added in range(len(others) - 1):
        members = [*small, *others[:added]]
        rest = [counts[key] for key in others[added:]]
        left = tuple(whole - sum(row[part] for row in rest) for part, whole in enumerate(counts[total]))
        is_enough = len(members) > 1 and min(left) >= 0 and not is_small(left, threshold)
        if sum(counts[key][0] for key in members) > sum(counts[key][0] for key in hidden):
            return {}
        if is_enough and total not in protect(
            {total: left, **{key: counts[key] for key in members}}, threshold
        ):
            return {key: TOO_FEW if key in small else PROTECTS_ANOTHER for key in members}
    return {}


def summed(rows: Rows, members: Mapping[Key, str]) -> dict[str, Any]:
    """The members' rows added up: numerator, denominator and people, who count once in each group they are in."""
    parts = [rows[key] for key in members]  # none of them is empty
    return {name: sum(row[name] or 0 for row in parts) for name in ("people", "numerator", "denominator")}
