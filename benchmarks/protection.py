"""How long protecting one view takes, and what it hides: python -m benchmarks.protection. Asserts nothing."""

import itertools
import statistics
import sys
import time

import numpy as np

from leadstats.counting.suppression import TOO_FEW, protect

SIZES = ((12, 1, 1), (1, 9, 1), (12, 9, 1), (12, 26, 1), (60, 26, 1), (12, 9, 5))
MEANS = (3, 12, 30, 100)
REPEATS = 3


def view(size: tuple[int, int, int], mean: int, has_parts: bool) -> dict:
    """Counts of invented people by period, category and second category, with all margins."""
    random = np.random.default_rng(1)
    rate = mean * np.exp(random.normal(0, 0.8, (1, *size[1:])))
    people = random.poisson(np.broadcast_to(rate, size))
    inside = random.binomial(people, 0.3) * has_parts
    cells = np.stack([people, inside, (people - inside) * has_parts], axis=-1)
    counts = {}
    for place in itertools.product(*([*range(n), None] if n > 1 else [0] for n in size)):
        part = cells
        for axis, position in enumerate(place):
            part = part if position is None else part.take([position], axis=axis)
        key = tuple(None if position is None else f"{position:02}" for position in place)
        counts[key] = tuple(int(n) for n in part.sum(axis=(0, 1, 2)))
    return counts


def main() -> None:
    print("  view        mean  parts   too few  protect another  of large       ms")
    for has_parts, size, mean in itertools.product((False, True), SIZES, MEANS):
        counts = view(size, mean, has_parts)
        times = []
        for _ in range(REPEATS):
            start = time.perf_counter()
            hidden = protect(counts)
            times.append(1000 * (time.perf_counter() - start))
        few = sum(reason == TOO_FEW for reason in hidden.values())
        large = sum(any(row) and all(n == 0 or n > 10 for n in row) for row in counts.values())
        print(
            f"{'x'.join(map(str, size)):>9} {mean:>9} {'yes' if has_parts else 'no':>6}"
            f" {few:>9} {len(hidden) - few:>16} {large:>9} {statistics.median(times):>8.1f}"
        )


if __name__ == "__main__":
    sys.exit(main())
