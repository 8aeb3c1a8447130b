"""What became of numbers from one build to the next: by hand, and on random histories against plain Python."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typed import database_of

from leadstats.counting import changes as comparing
from leadstats.counting.changes import HEADLINES, PARTS, changes
from leadstats.counting.database import open_database
from leadstats.counting.measure import measure
from leadstats.counting.same_people import Person, same_people
from leadstats.counting.view import ANALYST, AUDIENCES, Filters
from leadstats.model.declarations import QUERIES
from leadstats.model.settings import Site

SOURCE = re.compile(r"'(\w+)'(?: AS source)?, person_key")
OLD_END, NEW_END = date(2026, 3, 31), date(2026, 4, 30)
FIRST, LAST = date(2025, 4, 1), date(2026, 3, 1)


def snapshot(referrals, end=OLD_END, arrests=(), enrollments=()):
    """referrals: (person, day); each person is born on a day of their own."""
    who = sorted({person for person, *_ in (*referrals, *arrests, *enrollments) if person})
    rows = {
        "person": [
            {"person_id": person, "birth_date": date(1970, 1, 1) + timedelta(person)} for person in who
        ],
        "referral": [
            {"referral_id": n, "person_id": person, "referred_on": day, "pathway": "community"}
            for n, (person, day) in enumerate(referrals)
        ],
        "arrest": [
            {
                "arrest_id": n,
                "person_id": person,
                "arrested_at": day,
                "is_diverted": diverted,
                "is_charge_eligible": "yes",
            }
            for n, (person, day, diverted) in enumerate(arrests)
        ],
        "enrollment": [
            {"enrollment_id": n, "person_id": person, "started_on": day}
            for n, (person, day) in enumerate(enrollments)
        ],
    }
    return database_of({name: held for name, held in rows.items() if held}, Site(data_through=end))


def told(found, metric, unit):
    (change,) = (each for each in found if (each.metric.name, each.unit) == (metric, unit))
    return tuple(getattr(change, name) for name in ("old", *PARTS, "new"))


def test_new_activity_late_entry_and_correction_are_told_apart():
    old = snapshot(
        [(1, "2025-05-01"), (2, "2025-06-01"), (3, "2025-07-01"), (3, "2025-09-01"), (4, "2025-12-01")]
    )
    new = snapshot(
        [
            (1, "2025-05-01"),
            (1, "2026-01-10"),  # came late, of somebody who counts already
            (2, "2025-06-09"),  # another day
            # 3: one of two is gone
            (3, "2025-07-01"),
            # 4: gone
            (5, "2025-08-01"),  # came late
            (1, "2026-04-02"),  # new, of somebody who counts already
            (6, "2026-04-03"),  # new
        ],
        NEW_END,
    )
    found = changes(old, new, ANALYST)
    assert told(found, "people_referred", "referrals") == (5, 2, 2, -2, 7)
    assert told(found, "people_referred", "people") == (4, 1, 1, -1, 5)
    (change, *_) = found
    assert (change.first_month, change.old_month, change.last_month) == (FIRST, LAST, date(2026, 4, 1))


def test_an_arrest_that_turns_out_to_be_a_diversion_is_a_correction():
    old = snapshot(
        [], arrests=[(1, "2025-05-01", "no"), (2, "2025-05-01", "yes"), (None, "2025-05-02", "yes")]
    )
    new = snapshot(
        [],
        arrests=[
            (1, "2025-05-01", "yes"),
            (2, "2025-05-01", "yes"),
            (3, "2025-05-01", "yes"),
            (None, "2025-05-03", "yes"),
        ],
    )
    # Those of 3 and nobody's of May 3 came late; that of 1 was known, as much more as nobody's of May 2 is less.
    assert told(changes(old, new, ANALYST), "arrests_diverted", "arrests") == (2, 0, 2, 0, 4)


@st.composite
def histories(draw):
    """A first build, and a second that holds late records, records gone, moved or of another person, and new ones."""
    day = st.dates(date(2025, 2, 1), OLD_END)
    people = st.integers(1, 12)
    first = draw(st.lists(st.tuples(people, day), min_size=1, max_size=25))
    second = []
    for person, when in first:
        fate = draw(st.sampled_from(("same", "same", "same", "gone", "moved")))
        second += [] if fate == "gone" else [(person, draw(day) if fate == "moved" else when)]
    second += draw(st.lists(st.tuples(st.integers(1, 16), day), max_size=6))
    second += draw(st.lists(st.tuples(st.integers(1, 18), st.dates(date(2026, 4, 1), NEW_END)), max_size=6))
    return first, _without_repeats(second)


def _without_repeats(rows):
    """As a build keeps them: not again within a week."""
    kept = []
    for person, when in sorted(rows, key=lambda row: row[1]):
        if all(other != person or (when - day).days > 7 for other, day in kept):
            kept.append((person, when))
    return kept


@settings(max_examples=15, deadline=None)
@given(histories())
def test_the_parts_add_up_and_are_those_of_a_plain_count(history):
    first, second = _without_repeats(history[0]), history[1]
    if not second:
        return
    old, new = snapshot(first), snapshot(second, NEW_END)

    found = changes(old, new, ANALYST)

    after = date(2026, 4, 1)

    def counts(rows, until):
        return Counter(person for person, day in rows if FIRST <= day < until)

    was, kept, now = counts(first, after), counts(second, after), counts(second, date(2026, 5, 1))
    grown = Counter(p for p, day in second if day < after)
    grown.subtract(Counter(p for p, _ in first))
    late = {p: max(0, min(kept[p] - was[p], grown[p])) for p in kept}
    corrected = sum(kept.values()) - sum(was.values()) - sum(late.values())
    wanted = (was.total(), now.total() - kept.total(), sum(late.values()), corrected, now.total())
    assert told(found, "people_referred", "referrals") == wanted
    late_people = sum(late[p] > 0 and not was[p] for p in kept)
    wanted = (len(was), len(now) - len(kept), late_people, len(kept) - len(was) - late_people, len(now))
    assert told(found, "people_referred", "people") == wanted
    for change in found:
        assert change.old + sum(getattr(change, part) for part in PARTS) == change.new
        asked = Filters(change.first_month, change.last_month, "total")
        cell = measure(new, change.metric, asked, ANALYST).only
        assert change.new == ((cell.people if change.unit == "people" else cell.events) or 0)


def many(count, start="2025-05-01"):
    return [(person, start) for person in range(1, count + 1)]


@pytest.fixture(scope="module")
def sixty():
    return snapshot(many(60))


@pytest.mark.parametrize(
    ("late", "gone", "hidden"),
    [(0, 0, ()), (12, 0, ()), (5, 0, PARTS), (15, 5, PARTS), (30, 5, PARTS), (30, 12, ())],
)
def test_partners_see_no_part_of_few_people_nor_what_would_tell_it(sixty, late, gone, hidden):
    new = snapshot([*many(60)[gone:], *((200 + n, "2025-08-01") for n in range(late))])

    (change,) = (each for each in changes(sixty, new, AUDIENCES[0]) if each.unit == "people")

    lacking = {name for name in ("old", *PARTS, "new") if getattr(change, name) is None}
    small_difference = 0 < abs(late - gone) < 11
    assert lacking == set(hidden) | ({"old"} if hidden and small_difference else set())
    assert bool(change.hidden) == bool(hidden)


def test_a_small_number_is_hidden_in_both_builds(sixty):
    (change,) = (each for each in changes(snapshot(many(5)), sixty, AUDIENCES[0]) if each.unit == "people")
    assert {getattr(change, name) for name in ("old", *PARTS, "new")} == {None}


def test_people_without_a_birth_date_are_known_again_by_their_records():
    def person(key, *days, birth=None):
        return Person(key, birth, str(birth), tuple(("referral", date.fromisoformat(day)) for day in days))

    old = [
        person(1, "2026-01-01", "2026-01-09"),
        person(2, "2026-01-05"),
        person(3, "2026-01-06", "2026-01-07"),
        person(4, "2026-02-01"),
    ]
    new = [
        person(11, "2026-01-01", "2026-01-09", "2026-01-30"),
        person(12, "2026-01-05"),
        person(13, "2026-01-08"),
        replace(person(14, "2026-01-06", "2026-01-07"), birth_date=date(1980, 1, 1), described="1980"),
        # One record in common is too little where all else differs.
        replace(person(15, "2026-02-01"), birth_date=date(1980, 1, 1), described="1980"),
    ]
    assert same_people(old, new) == {11: 1, 12: 2, 14: 3}


def test_every_headline_that_is_a_count_is_explained():
    from leadstats.quality.headlines import HEADLINES

    assert {*HEADLINES} - {*comparing.HEADLINES} == {"intake_within_30_days"}


def test_what_is_compared_is_what_the_metrics_count(county):
    """Else a drift of one from the other would be told as a correction of the records."""
    counted = (QUERIES / "changes" / "counted.sql").read_text(encoding="utf-8")
    months = Filters(date(2023, 6, 1), date(2025, 6, 1), "total")
    days = {"first_day": months.first_month, "next_day": months.next_day}
    database = open_database(county)
    compared, measured = {}, {}
    for name in HEADLINES:
        cell = measure(database, database.metrics[name], months, ANALYST).only
        if cell and not cell.hidden:
            measured[name] = cell.people if cell.events is None else cell.events
            rows = database.rows(counted, {**days, "metric": name})
            compared[name] = sum(row["amount"] for row in rows)
    assert compared == measured
    assert {*HEADLINES} - {*measured} == {"stops"} and all(measured.values())  # of which the county has none


def test_the_records_compared_are_those_that_headlines_count():
    listed = SOURCE.findall((QUERIES / "changes" / "recorded.sql").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted({source for source, _ in HEADLINES.values()})
