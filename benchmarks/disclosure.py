"""How much a release of a dense plan keeps, how long hiding and attacking take: python -m benchmarks.disclosure

One measure of 3,000 invented people over 60 months, 50 neighborhoods in 10 zones, 8 races, 3 pathways
and 3 sexes, in tables that overlap in a ring: 7,038 cells, most of them small. Asserts nothing.
"""

import collections
import sys
import time

import numpy as np

from benchmarks.replay import NOTHING_BEFORE, printed
from leadstats.audit.inference import attack
from leadstats.audit.linking import systems
from leadstats.release.disclosure.cube import Cube, build
from leadstats.release.disclosure.suppression import hide_counts
from leadstats.release.hierarchy import Hierarchy
from leadstats.release.ordering import order_of
from leadstats.release.plan import load_plan, time_hierarchy

PEOPLE, YEARS = 3_000, (2020, 2024)
TABLES = (
    {"time": "month", "place": "neighborhood"},
    {"time": "month", "pathway": "pathway"},
    {"time": "quarter", "race": "race", "sex": "sex"},
    {"time": "year", "race": "race", "pathway": "pathway"},
    {"time": "year", "place": "zone", "race": "race"},
)
SHARES = {
    "race": (0.3, 0.22, 0.15, 0.11, 0.09, 0.06, 0.05, 0.02),
    "pathway": (0.55, 0.3, 0.15),
    "sex": (0.66, 0.3, 0.04),
}
ZONES = {f"Place {place:02}": f"Zone {place // 5}" for place in range(50)}


def cube(seed: int) -> Cube:
    dice = np.random.default_rng(seed)
    time = time_hierarchy("month", f"{YEARS[0]}-01", f"{YEARS[1]}-12")
    place = Hierarchy(
        "place", ("neighborhood", "zone"), {"neighborhood": ZONES, "zone": dict.fromkeys(ZONES.values())}
    )
    kinds = [
        Hierarchy(name, (name,), {name: dict.fromkeys(f"{name} {code}" for code in range(len(shares)))})
        for name, shares in SHARES.items()
    ]
    size = np.exp(dice.normal(0, 0.6, len(ZONES)))
    columns = [
        dice.choice(time.codes(0), PEOPLE),
        dice.choice(place.codes(0), PEOPLE, p=size / size.sum()),
        *(dice.choice(kind.codes(0), PEOPLE, p=SHARES[kind.name]) for kind in kinds),
    ]
    people = collections.Counter(tuple(map(str, row)) for row in zip(*columns, strict=True))
    return build([time, place, *kinds], TABLES, dict(people))


def main(seeds: list[str]) -> None:
    print(
        "seed  cells  empty  small  large  hidden beside  large shown  city totals  seconds  attack  broken"
    )
    plan = load_plan(None)
    for seed in map(int, seeds or ["1"]):
        start = time.perf_counter()
        hidden = hide_counts(cube(seed), NOTHING_BEFORE, plan, order_of(b"", "people"))
        protected = time.perf_counter()
        found = attack(systems([printed(hidden, "2024-12.1", plan, ZONES)])["people"])
        attacked = time.perf_counter()
        values, is_large = hidden.values, ~hidden.is_small
        beside = int((is_large & hidden.is_hidden).sum())
        totals = [at for at, key in enumerate(hidden.cube.keys) if len(key) == 1 and is_large[at]]
        print(
            f"{seed:>4} {len(values):>6} {(values == 0).sum():>6} {(hidden.is_small & (values > 0)).sum():>6}"
            f" {is_large.sum():>6} {beside:>14} {100 * (1 - beside / is_large.sum()):>10.1f} %"
            f" {(~hidden.is_hidden[totals]).sum():>5} of {len(totals)}"
            f" {protected - start:>8.0f} {attacked - protected:>7.0f} {len(found.breaks):>7}"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
