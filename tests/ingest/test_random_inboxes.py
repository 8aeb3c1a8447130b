"""Whatever layout a program comes in: its numbers are those of a careful person, or something was asked, or marked."""

from collections import Counter

import pytest

from leadstats.recognition.vocabulary import load, plain
from tests.random_inboxes.layouts import HEADERS
from tests.random_inboxes.trial import ASKED, EQUAL, inbox, run

INBOXES = 50  # `python -m tests.random_inboxes 2000` builds more of them
TOGETHER = 10


@pytest.mark.parametrize("first", range(0, INBOXES, TOGETHER))
def test_random_inboxes_give_the_right_numbers_or_ask(tmp_path, first):
    outcomes: Counter[str] = Counter()
    for seed in range(first, first + TOGETHER):
        folder = tmp_path / str(seed)
        folder.mkdir()
        trial = run(inbox(seed), folder)
        assert trial.outcome in (EQUAL, ASKED), (seed, trial.differences, trial.report)
        outcomes[trial.outcome] += 1
        outcomes["compared"] += trial.compared
    # An answer that nobody has is no way out: such are few, and most numbers are there to be compared.
    assert outcomes[EQUAL] >= 0.8 * TOGETHER and outcomes["compared"] > 20 * TOGETHER


def test_their_headers_are_none_that_the_assistant_lists():
    known = load()
    for table, columns in HEADERS.items():
        for column, headers in columns.items():
            listed = {
                *known["columns"].get(column, ()),
                *known["tables"].get(table, {}).get("columns", {}).get(column, ()),
                column,
            }
            assert not {*map(plain, headers)} & {*map(plain, listed)}, (table, column)
