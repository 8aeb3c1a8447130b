"""Does `make mutate` change what it says, and nothing that a comment or a word of a user says?"""

import pytest

from benchmarks.mutation import ROOT, chosen_tests, mutants, survivors


def changes(text, is_sql):
    return [(mutant.line, mutant.old, mutant.new) for mutant in mutants(text, is_sql)]


def test_a_query_is_changed_a_token_at_a_time():
    text = "-- 1 < 2\nSELECT count(*) FROM a\nWHERE x BETWEEN 1 AND b AND c IS NOT NULL AND d = '1 < 2 – 3';"
    assert changes(text, is_sql=True) == [
        (3, "1", "2"),
        (3, "AND", "OR"),
        (3, "NOT", ""),
        (3, "AND", "OR"),
        (3, "=", "<>"),
    ]


def test_a_formula_is_changed_a_token_at_a_time():
    text = '"""1 < 2 – 3"""\nf = lambda *a, b=0.5: a[0] <= b or not b  # 1 + 1\n'
    assert changes(text, is_sql=False) == [
        (2, "0.5", "1.5"),
        (2, "0", "1"),
        (2, "<=", "<"),
        (2, "or", "and"),
        (2, "not", ""),
    ]


def test_the_rest_of_the_text_stays():
    (only,) = mutants("SELECT 'é' AS a WHERE b < c", True)
    assert only.text == "SELECT 'é' AS a WHERE b <= c"


def test_a_table_is_tried_by_the_metrics_that_read_it():
    assert "tests/metrics/test_enrollment.py" in chosen_tests(ROOT / "queries/tables/intake_wait.sql")
    assert "tests/statistics/test_intervals.py" in chosen_tests(ROOT / "leadstats/statistics/intervals.py")


@pytest.mark.parametrize(("passing", "alive"), [("True", 1), ("1 < 2 and answer() == 3", 0)])
def test_what_no_test_notices_survives(tmp_path, monkeypatch, passing, alive):
    monkeypatch.setattr("benchmarks.mutation.ROOT", tmp_path)
    path = tmp_path / "leadstats" / "statistics" / "formula.py"
    path.parent.mkdir(parents=True)
    path.write_text("def answer():\n    return 3\n")
    test = tmp_path / "tests" / "statistics" / "test_formula.py"
    test.parent.mkdir(parents=True)
    test.write_text(f"from leadstats.statistics.formula import answer\n\ndef test():\n    assert {passing}\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\npythonpath = .\n")
    tried, found = survivors(tmp_path, path, None)
    assert (tried, len(found)) == (1, alive)
    assert path.read_text() == "def answer():\n    return 3\n"
