#!/usr/bin/env bash
# highspy 1.16.0 (HiGHS 1.16.0): once one solver in a process has run with a number of threads, another solver
# that asks for a different number does not solve. run() gives a status of error and no exception, the model
# status stays "not set", and the objective reads 0.0, which looks like an answer. Asking for the first number
# again solves as before.
# Seen: threads 1 -> kOk, optimal, -5.0; threads 2 -> kError, kNotset, 0.0; threads 1 -> kOk, optimal, -5.0.
# So: check what run() returns, and set one number of threads for the whole process.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check highspy==1.16.0 numpy==2.4.6
cat > "$work/solve.py" <<'PYTHON'
import highspy


def solve(threads):
    """max x + y with x + y <= 5 and both at most 4."""
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", threads)
    x, y = (solver.addVariable(lb=0, ub=4, obj=-1) for _ in range(2))
    solver.addConstr(x + y <= 5)
    status = solver.run()
    return status.name, solver.getModelStatus().name, solver.getInfo().objective_function_value


seen = [solve(1), solve(2), solve(1)]
print("highspy", highspy.Highs().version(), *seen, sep="\n")
good = ("kOk", "kOptimal", -5.0)
assert seen == [good, ("kError", "kNotset", 0.0), good], "the behavior has changed"
PYTHON
"$work/venv/bin/python" "$work/solve.py"
