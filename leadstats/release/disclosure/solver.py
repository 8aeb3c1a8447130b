"""Linear programs that differ little from one another, solved one after the other by HiGHS."""

import highspy
import numpy as np
from scipy import sparse

from leadstats.release.hierarchy import PlanError

INFINITY = highspy.kHighsInf
NEAR = 1e-6
INTEGER_SECONDS = 20.0
NO_SOLUTION = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)


class SolverError(PlanError):
    """The solver neither found the best solution nor that there is none: nothing follows from its answer."""


def is_whole(numbers: np.ndarray) -> bool:
    return bool(np.abs(numbers - np.rint(numbers)).max(initial=0) < NEAR)


class _Solver(highspy.Highs):
    """Without call-backs: setting them up prints a banner on standard output."""

    def __init__(self):
        super(highspy.Highs, self).__init__()


class LinearProgram:
    """min cost @ x with equations @ x = right and lower <= x <= upper.

    The basis of one solution starts the next, which makes a changed bound or cost cheap. One
    thread and a fixed seed: the same calls give the same answers.
    """

    def __init__(self, equations, right: np.ndarray, lower: np.ndarray, upper: np.ndarray, cost: np.ndarray):
        columns = sparse.csc_array(equations)
        model = highspy.HighsLp()
        model.num_row_, model.num_col_ = columns.shape
        model.col_cost_, model.col_lower_, model.col_upper_ = (
            np.asarray(values, dtype=np.float64) for values in (cost, lower, upper)
        )
        model.row_lower_ = model.row_upper_ = np.asarray(right, dtype=np.float64)
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_, model.a_matrix_.index_ = columns.indptr, columns.indices
        model.a_matrix_.value_ = columns.data.astype(np.float64)
        self._size = columns.shape[1]
        self._solver = _Solver()
        for option, value in (
            ("output_flag", False),
            ("threads", 1),
            ("random_seed", 1),
            ("log_to_console", False),
        ):
            self._solver.setOptionValue(option, value)
        self._solver.passModel(model)

    def bound(self, column: int, lower: float, upper: float) -> None:
        self._solver.changeColBounds(int(column), float(lower), float(upper))

    def right(self, values: np.ndarray) -> None:
        rows = np.arange(len(values), dtype=np.int32)
        sides = np.asarray(values, dtype=np.float64)
        self._solver.changeRowsBounds(len(rows), rows, sides, sides)

    def price(self, columns: np.ndarray, costs: np.ndarray) -> None:
        self._solver.changeColsCost(
            len(columns), columns.astype(np.int32), np.asarray(costs, dtype=np.float64)
        )

    def solve(self) -> np.ndarray | None:
        """The optimal x, or None where there is none. Raises SolverError where the solver cannot tell."""
        return self._solution(highspy.HighsModelStatus.kOptimal)

    def solve_in_integers(self) -> np.ndarray | None:
        """A good x of whole numbers (within the time allowed), or None."""
        everything = np.arange(self._size, dtype=np.int32)
        self._solver.setOptionValue("time_limit", self._solver.getRunTime() + INTEGER_SECONDS)
        self._kinds(everything, highspy.HighsVarType.kInteger)
        found = self._solution(highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kTimeLimit)
        self._kinds(everything, highspy.HighsVarType.kContinuous)
        self._solver.setOptionValue("time_limit", INFINITY)
        return found if found is not None and is_whole(found) else None

    def _kinds(self, columns: np.ndarray, kind: highspy.HighsVarType) -> None:
        self._solver.changeColsIntegrality(len(columns), columns, np.full(len(columns), kind))

    def _solution(self, *accepted: highspy.HighsModelStatus) -> np.ndarray | None:
        run, status = self._solver.run(), self._solver.getModelStatus()
        if status == highspy.HighsModelStatus.kModelEmpty:
            # Without unknowns the solver looks at no equation.
            return None if np.any(self._solver.getLp().row_lower_) else np.zeros(0)
        if run == highspy.HighsStatus.kError or status not in (*accepted, *NO_SOLUTION):
            raise SolverError(f"linear program not solved: {self._solver.modelStatusToString(status)}")
        if status in NO_SOLUTION:
            return None
        values = np.array(self._solver.getSolution().col_value)
        return values if len(values) == self._size else None
