"""What was hidden for others is shown again once it protects nobody."""

import numpy as np
from scipy import sparse

from leadstats.release.disclosure.problem import SuppressionProblem
from leadstats.release.disclosure.unsuppress import Review


def task(must_hide, **changes):
    """A total of 84 and its three months 31, 27 and 26."""
    values = np.array([84, 31, 27, 26])
    nobody = np.zeros(4, dtype=bool)
    given = {
        "equations": sparse.csr_array([[1, -1, -1, -1]]),
        "values": values,
        "is_hidden": np.isin(np.arange(4), must_hide),
        "is_fixed": nobody,
        "price": np.log1p(values),
        "is_dear": nobody,
        "need": np.full(4, 11),
        "must_reach_zero": ~nobody,
        "small": np.full(4, 11),
        "least": values,
        "most": values,
    }
    return SuppressionProblem(**{**given, **changes})


def known_again(given, hidden):
    review = Review(given, np.isin(np.arange(4), hidden), [])
    review._show_what_is_known()
    return np.flatnonzero(review.is_hidden).tolist()


def test_a_cell_left_alone_in_its_sum_is_shown():
    assert known_again(task([]), [1]) == []


def test_two_hidden_cells_protect_each_other():
    assert known_again(task([]), [1, 2]) == [1, 2]


def test_what_must_be_hidden_is_never_shown():
    assert known_again(task([1]), [1]) == [1]


def test_rounding_keeps_the_missing_cell_unknown():
    values = np.array([84, 31, 27, 26])
    assert known_again(task([], least=values - 2, most=values + 2), [1]) == [1]
