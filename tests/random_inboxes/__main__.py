"""How random inboxes come out: python -m tests.random_inboxes [COUNT] [FIRST]

FIRST is the seed of the first one. Prints every difference, every question without a right answer and every refusal as it is found, then
how many inboxes came out how, what was asked, and what of it was needless.
"""

import re
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.random_inboxes.trial import EQUAL, REFUSED, inbox, run


def main(count: int = 100, first: int = 0) -> None:
    outcomes, asked, needless, marked = Counter(), Counter(), Counter(), Counter()
    compared = plain = 0
    start = time.process_time()
    for seed in range(first, first + count):
        with tempfile.TemporaryDirectory() as folder:
            trial = run(inbox(seed), Path(folder))
        outcomes[trial.outcome] += 1
        compared += trial.compared
        plain += trial.outcome == EQUAL and not trial.needless
        asked.update(map(_kind, trial.questions))
        needless.update(map(_kind, trial.needless))
        marked.update(trial.marked)
        said = [*trial.differences, *trial.unanswered, *([trial.report] if trial.outcome == REFUSED else ())]
        for text in said:
            print(f"{seed} {trial.outcome}: {text}", flush=True)
        if seed % 100 == 99:
            print(f"{seed + 1 - first} inboxes: {dict(outcomes)}", flush=True)
    print(f"{count} inboxes from {first}: {dict(outcomes)}, {plain} equal without a needless question")
    print(f"{compared:,} numbers equal or told above, {time.process_time() - start:.0f} CPU seconds")
    for title, found in (("asked", asked), ("needless", needless), ("not recorded or Unknown", marked)):
        print(f"{title}: {', '.join(f'{what} {number}' for what, number in found.most_common())}")


def _kind(key: str) -> str:
    """A question without its file, its table and the word that it is about."""
    return re.sub(r"^\w+\.| = .*", "", key.partition(": ")[2])


main(*map(int, sys.argv[1:]))
