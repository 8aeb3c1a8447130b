"""Drawing kinds is drawing people: the same law, the same totals, the same draws for the same seed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from leadstats.statistics.resampling import drawn_again


def drawn(counts, draws=500, seed=1):
    parts = drawn_again(np.array(counts), np.random.default_rng(seed), draws)
    return np.concatenate(list(parts))


@given(st.lists(st.integers(0, 40), min_size=1, max_size=12).filter(any), st.integers(1, 30))
def test_every_draw_has_as_many_people_and_none_of_a_kind_that_is_not_there(counts, draws):
    found = drawn(counts, draws)

    assert found.shape == (draws, len(counts))
    assert (found.sum(axis=1) == sum(counts)).all()
    assert (found >= 0).all()
    assert not found[:, np.array(counts) == 0].any()


@pytest.mark.parametrize("counts", [[900, 30, 7, 6, 5, 2, 1, 1], [1] * 12, [500, 400], [3, 2, 1]])
def test_counts_follow_the_multinomial_law(counts):
    found = drawn(counts, 40_000)
    law = stats.multinomial(sum(counts), np.array(counts) / sum(counts))
    # Six standard errors: a fault of the law would be off by hundreds.
    error = np.sqrt(np.diag(law.cov()) / len(found))

    assert (np.abs(found.mean(axis=0) - counts) <= 6 * error + 1e-9).all()
    np.testing.assert_allclose(np.cov(found.T), law.cov(), atol=0.05 * np.max(law.cov()))


@pytest.mark.parametrize("kind", range(4))
def test_a_kind_alone_follows_the_binomial_law(kind):
    counts = [40, 8, 5, 2]
    found = drawn(counts, 20_000)[:, kind]
    law = stats.binom(sum(counts), counts[kind] / sum(counts))
    levels = np.arange(law.ppf(0.01), law.ppf(0.99) + 1)
    seen = (found[:, np.newaxis] <= levels).mean(axis=0)

    np.testing.assert_allclose(seen, law.cdf(levels), atol=0.02)


def test_a_seed_fixes_the_draws_and_parts_do_not_show():
    many = [3000] * 40 + [1] * 900  # more numbers than are drawn at once

    assert (drawn(many, 1500) == drawn(many, 1500)).all()
    assert (drawn(many, 1500, seed=2) != drawn(many, 1500)).any()
    assert len(drawn(many, 1501)) == 1501
