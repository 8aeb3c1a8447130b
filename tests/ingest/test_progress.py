"""Progress only ever goes forward, costs nothing, and says what is being done."""

import io

from leadstats import ingest
from leadstats.ingest.progress import SMALLEST_STEP


def test_a_listener_hears_each_stage_once_or_in_steps_that_are_worth_it(program):
    program.add(contact=[{"person_id": n} for n in range(3000)], referral=[{}])
    told = []

    ingest.build(program.write(), program.data, progress=lambda doing, share: told.append((doing, share)))

    shares = [share for _, share in told]
    assert shares == sorted(shares) and shares[-1] == 1
    assert len(told) < 3 / SMALLEST_STEP
    doings = list(dict.fromkeys(doing for doing, _ in told))
    assert doings[:2] == ["reading contact.csv", "reading referral.csv"]
    assert doings[2:] == [
        "checking cells",
        "comparing rows",
        "replacing identifiers",
        "deriving tables",
        "putting the data in force",
        "done",
    ]


def test_a_build_is_the_same_with_and_without_a_listener(program, tmp_path):
    program.add(referral=[{}, {"referred_on": "soon"}])
    heard = ingest.build(program.write(), program.data, progress=lambda *_: None)

    assert ingest.build(program.inbox, tmp_path / "again").as_json() == heard.as_json()


def test_the_bar_is_one_line_and_gone_in_the_end():
    screen = io.StringIO()
    tell = ingest.bar(screen)

    tell("reading jail.csv", 0.5)
    tell("done", 1.0)

    first, second, rest = screen.getvalue().split("\r")[1:]
    assert first.startswith("[###############...............]  50% reading jail.csv")
    assert (second.strip(), rest, "\n" in screen.getvalue()) == ("", "", False)
