"""What a cube adds up equals what the SQL counts: every metric, for random periods, breakdowns, filters and audiences."""

import dataclasses
import itertools
import math
import random

import pytest

from leadstats.counting import cube
from leadstats.counting.catalog import load_metrics
from leadstats.counting.coverage import coverage
from leadstats.counting.database import open_database
from leadstats.counting.measure import measure
from leadstats.counting.view import AUDIENCES, Filters
from leadstats.model import periods
from metrics import test_recount, test_recount_outcomes

MONTHS_BACK = 40


@pytest.fixture(scope="module")
def databases(county, make_program, tmp_path_factory):
    """A county with people enough to be shown, and two small programs in which everything turns."""
    found = {"county": open_database(county)}
    for module in (test_recount, test_recount_outcomes):
        program = make_program(tmp_path_factory.mktemp("world"))
        rows = module.random_rows(7)
        program.add(**{table: test_recount.as_text(each) for table, each in rows.items()})
        found[module.__name__.removeprefix("metrics.")] = program.site(data_through=module.AS_OF).database
    return found


def questions(database, metric, dice):
    """Some breakdowns, each by a period of another length, with any months, places and pathways."""
    through = coverage(database, metric).through
    breakdowns = [None, *dice.sample(metric.breakdowns, min(2, len(metric.breakdowns)))]
    for breakdown, by in zip(breakdowns, dice.sample(periods.VIEWED, 3), strict=False):
        first, last = sorted(dice.choices(range(MONTHS_BACK), k=2), reverse=True)
        months = (periods.months_before(through.replace(day=1), back) for back in (first, last))
        filters = Filters(*months, by, breakdown=breakdown)
        others = [each for each in metric.breakdowns if each != breakdown]
        if breakdown and others and dice.random() < 0.3:
            filters = dataclasses.replace(filters, second_breakdown=dice.choice(others))
        for kind, known in (("place", "neighborhood"), ("pathway", "pathway")):
            categories = database.categories.get(known, ())
            if kind in metric.filters and categories and dice.random() < 0.4:
                chosen = tuple(dice.sample(categories, min(2, len(categories))))
                filters = dataclasses.replace(filters, **{f"{kind}s": chosen})
        yield filters


def alike(one, other):
    """Equal, but for the order in which halves of a mean were added."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    return one == other


# As the program has it, always a place for all that could be, never: the sums are the same.
FLAGS_EACH = {"county": cube.FLAGS_EACH, "test_recount": cube.MOST_FLAGS, "test_recount_outcomes": 0}


@pytest.mark.parametrize("name", FLAGS_EACH)
def test_a_cube_adds_up_to_what_the_sql_counts(databases, name, monkeypatch):
    monkeypatch.setattr(cube, "FLAGS_EACH", FLAGS_EACH[name])
    database, dice = databases[name], random.Random(name)
    folded, compared = cube.Cube(database), 0
    for metric in load_metrics().values():
        if coverage(database, metric).missing or not coverage(database, metric).through:
            continue
        for filters in questions(database, metric, dice):
            audience = dice.choice(AUDIENCES)
            counted = measure(database, metric, filters, audience)
            added = measure(database, metric, filters, audience, folded.rows)
            context = (metric.name, filters, audience)
            assert len(added.cells) == len(counted.cells), context
            for one, other in zip(counted.cells, added.cells, strict=True):
                pairs = ((getattr(each, f.name) for each in (one, other)) for f in dataclasses.fields(one))
                assert all(itertools.starmap(alike, pairs)), (*context, one, other)
            compared += len(counted.cells)
    assert compared > 2000


def test_most_metrics_add_up(databases):
    asked_anew = [metric.name for metric in load_metrics().values() if not metric.adds_up]
    assert len(asked_anew) < len(load_metrics()) / 5
