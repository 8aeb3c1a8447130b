"""An answer that the solver did not prove is no answer."""

import highspy
import numpy as np
import pytest
from scipy import sparse

from leadstats.audit import search
from leadstats.release.disclosure.solver import INFINITY, LinearProgram, SolverError

ROW = sparse.csr_array([[1, 1]])


def program(right, upper=INFINITY):
    return LinearProgram(ROW, np.array([right]), np.zeros(2), np.full(2, upper), np.array([1.0, 2.0]))


def test_the_best_solution_or_none():
    assert program(3).solve().tolist() == [3, 0]
    assert program(3, upper=1).solve() is None
    assert program(3).solve_in_integers().tolist() == [3, 0]


@pytest.mark.parametrize(("right", "found"), [(0, []), (3, None)])
def test_without_unknowns_only_nothing_can_be_asked(right, found):
    none, rows, sides = np.zeros(0), sparse.csr_array((1, 0)), np.array([right])
    theirs = search._LinearProgram(rows, sides, none, none)
    ours = LinearProgram(rows, sides, none, none, none)

    for solved in (theirs.solve(), ours.solve(), ours.solve_in_integers()):
        assert (None if solved is None else solved.tolist()) == found


@pytest.mark.parametrize("status", ["kTimeLimit", "kSolveError", "kUnknown", "kUnbounded"])
def test_a_program_that_was_not_solved_is_an_error_and_not_a_verdict(status, monkeypatch):
    found = getattr(highspy.HighsModelStatus, status)
    theirs = search._LinearProgram(ROW, np.array([3]), np.full(2, 9.0), np.ones(2))
    ours = program(3)
    monkeypatch.setattr(highspy.Highs, "getModelStatus", lambda _: found)

    with pytest.raises(SolverError, match="not solved"):
        ours.solve()
    with pytest.raises(RuntimeError, match="not solved"):
        theirs.solve()


def test_the_solver_says_when_it_stopped_at_an_error(monkeypatch):
    ours = program(3)
    monkeypatch.setattr(highspy.Highs, "run", lambda _: highspy.HighsStatus.kError)

    with pytest.raises(SolverError):
        ours.solve()
