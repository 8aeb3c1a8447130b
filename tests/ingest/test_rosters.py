"""Daily lists of who is inside become stays that claim no more than the lists show."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadstats.model.filenames import day_in_name

MAPPING = '[[files]]\npattern = "roster_*.csv"\ntable = "{table}"\n[files.columns]\nperson_id = "Who"\n'
BOOKED = 'booked_at = "Booked"\n'


def rosters(program, lists, table="jail_roster", columns=""):
    """A file for each day, of (person, booking) pairs; bookings may be empty."""
    program.file("mapping.toml", MAPPING.format(table=table) + columns)
    for day, people in lists.items():
        lines = [",".join(map(str, person)) for person in people]
        program.file(f"roster_{day:%Y%m%d}.csv", "\n".join(["Who,Booked", *lines, ""]))
    return program


def stays(program):
    """(booked, released) by booking and release, without whom."""
    rows = program.rows("SELECT booked_at, out_at, is_open FROM program.stay ORDER BY ALL")
    return [(row["booked_at"], None if row["is_open"] else row["out_at"]) for row in rows]


def said(program):
    return {found.code: found for found in program.report.problems}


def day(number):
    return date(2026, 1, number)


def midnight(number):
    return datetime(2026, 1, number)


def test_a_stay_lasts_from_the_booking_to_the_day_after_the_last_list(program):
    early = "2025-12-20 08:00"
    rosters(
        program,
        {day(1): [("A", early)], day(2): [("A", early)], day(3): [("B", "2026-01-03 07:00")]},
        columns=BOOKED,
    )

    assert stays(program) == [(datetime(2025, 12, 20, 8), midnight(3)), (datetime(2026, 1, 3, 7), None)]
    assert {code: found.count for code, found in said(program).items() if code >= "LD-320"} == {
        "LD-321": 2,
        "LD-323": 1,
        "LD-324": 1,
    }


def test_days_without_a_list_end_no_stay_and_are_told(program):
    inside = [("A", ""), ("B", "")]
    rosters(program, {day(1): inside, day(2): inside, day(6): inside[:1], day(7): inside[:1]})

    assert stays(program) == [(midnight(1), midnight(3)), (midnight(1), None)]
    gap = said(program)["LD-322"]
    assert (gap.severity, gap.count) == ("warning", 3)
    assert "1 stays ended in such a gap" in gap.fix and "up to 3 higher" in gap.fix


def test_who_is_missing_from_a_list_was_released_in_between(program):
    rosters(program, {day(1): [], day(2): [("A", "")], day(3): [("B", "")], day(4): [("A", ""), ("B", "")]})

    assert stays(program) == [(midnight(2), midnight(3)), (midnight(3), None), (midnight(4), None)]


def test_a_booking_that_is_named_goes_on_over_a_list_that_lacks_it(program):
    booking = ("A", "2026-01-01 09:00")
    rosters(program, {day(1): [booking], day(2): [("B", "")], day(3): [booking]}, columns=BOOKED)

    assert (datetime(2026, 1, 1, 9), None) in stays(program)
    assert said(program)["LD-325"].count == 1


def test_a_stay_already_under_way_is_no_booking(program):
    inside = [("A", ""), ("B", "")]
    rosters(program, {day(n): inside if n < 20 else [("C", "")] for n in range(1, 31)})

    assert program.value("jail_nights", month="2026-01", by="total") == 2 * 19 + 11
    assert program.value("jail_bookings", month="2026-01", by="total") == 1
    assert program.value("jail_nights_per_booking", month="2026-01", by="total") == 2 * 19 + 11


def test_open_stays_reach_to_the_last_list(program):
    rosters(program, {day(n): [("A", "")] for n in range(1, 6)})

    program.build()

    assert program.report.sources == {"jail_roster": day(5), "jail_stay": day(5)}


def test_an_extract_of_stays_is_believed_before_a_list(program):
    rosters(program, {day(n): [("A", ""), ("B", "")] for n in range(1, 6)} | {day(6): [("B", "")]})
    program.add(jail_stay=[{"person_id": "A", "booked_at": "2025-12-30", "released_at": "2026-01-05"}])

    assert stays(program) == [(datetime(2025, 12, 30), midnight(5)), (midnight(1), None)]


def test_links_of_the_jail_hold_for_its_lists(program):
    rosters(program, {day(1): [("J1", ""), ("J2", "")]})
    program.add(
        referral=[{"person_id": "P"}],
        person_link=[{"source": "jail_stay", "source_person_id": "J1", "person_id": "P"}],
    )

    (row,) = program.rows(
        "SELECT count(*) AS stays, count(*) FILTER (WHERE is_participant) AS linked"
        " FROM program.stay JOIN program.person USING (person_key)"
    )

    assert row == {"stays": 2, "linked": 1}


def test_lists_that_are_read_as_stays_need_a_decision(program):
    columns = BOOKED + 'stay_id = ["Who", "Booked"]\n'
    inside = [("A", "2025-12-20"), ("B", "2025-12-21")]
    report = rosters(program, {day(1): inside, day(2): inside[:1]}, "jail_stay", columns).check()

    found = next(found for found in report.problems if found.code == "LD-320")
    assert (report.exit_code, found.file, found.count) == (3, "roster_20260101.csv", 2)
    assert 'table = "jail_roster"' in found.fix


def test_lists_of_bookings_are_no_rosters(program):
    columns = BOOKED + 'stay_id = ["Who", "Booked"]\n'
    lists = {day(1): [("A", "2025-12-20")], day(2): [("A", "2025-12-20"), ("B", "2026-01-02")]}

    assert rosters(program, lists, "jail_stay", columns).check().exit_code == 0


def test_what_is_wrong_with_every_list_is_said_once(program):
    rosters(program, {day(n): [("A", "")] for n in range(1, 5)})

    report = program.check()

    (unused,) = (found for found in report.problems if found.code == "LD-114")
    assert (unused.file, unused.files) == ("roster_20260101.csv", 4)
    assert "roster_20260101.csv and 3 more" in unused.as_text()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("DOC_Daily_20230101.csv", date(2023, 1, 1)),
        ("roster 2023-01-31.csv", date(2023, 1, 31)),
        ("2023_02_30.csv", None),
        ("01-02-2023.csv", None),
        ("20230101_to_20230107.csv", None),
        ("booking 1202301015.csv", None),
    ],
)
def test_a_day_is_read_from_a_name_only_if_it_can_be_one_day(name, expected):
    assert day_in_name(name) == expected


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from("ABC"), st.integers(1, 12), st.integers(0, 8)), max_size=8))
def test_daily_lists_made_from_stays_give_the_nights_of_the_stays(make_program, tmp_path_factory, spans):
    nights = {(who, first + night) for who, first, length in spans for night in range(length)}
    lists = {
        day(1) + timedelta(days=n - 1): [(who, "") for who, at in sorted(nights) if at == n]
        for n in range(1, 22)
    }
    lists[day(22)] = [("Z", "")]
    program = rosters(make_program(tmp_path_factory.mktemp("lists")), lists)

    # A list that names nobody is no list, so only runs that end before a day with people are exact.
    listed = sorted(n for n in range(1, 22) if any(at == n for _, at in nights))
    runs = program.rows("SELECT booked_at, out_at FROM program.stay WHERE booked_at < '2026-01-22'")
    counted = sum((row["out_at"] - row["booked_at"]).days for row in runs)
    filled = sum(
        1
        for who in "ABC"
        for n, following in zip(listed, listed[1:], strict=False)
        for _ in range(n + 1, following)
        if (who, n) in nights and (who, following) in nights
    )
    program.close()
    assert counted == len(nights) + filled


# Lists that were cut short


def listed(program, *lists):
    """One file a day; each a number of people, of whom the first so many are on the list."""
    for day, inside in enumerate(lists, start=1):
        people = "".join(f"P{n}\n" for n in inside)
        program.file(f"roster_2026-01-{day:02}.csv", f"Who\n{people}")
    return program.file(
        "mapping.toml",
        '[[files]]\npattern = "roster_*.csv"\ntable = "jail_roster"\n[files.columns]\nperson_id = "Who"\n',
    )


@pytest.mark.parametrize("cut", [1, 2])
def test_who_is_back_after_a_short_list_was_inside(program, cut):
    whole = range(20)
    listed(program, whole, whole, *[range(1)] * cut, whole, whole)

    january = {"month": "2026-01"}
    assert program.value("jail_bookings", **january) == 0
    assert program.value("jail_nights", **january) == 20 * (4 + cut)
    told = [each for each in program.report.problems if each.code == "LD-329"]
    assert [(each.value, each.count) for each in told] == [(f"2026-01-0{3 + n}", 19) for n in range(cut)]
    assert told[0].file == "roster_2026-01-03.csv"


def test_who_stays_away_was_released(program):
    listed(program, range(20), range(20), range(5), range(5), range(5))

    assert program.value("jail_nights", month="2026-01") == 2 * 20 + 3 * 5
    assert "LD-329" not in {each.code for each in program.report.problems}


def test_a_few_who_come_back_were_out(program):
    listed(program, range(40), range(40), range(36), range(40), range(40))

    assert program.value("jail_nights", month="2026-01") == 5 * 40 - 4


@pytest.mark.parametrize(("short", "consequence"), [(1, "booked after"), (8, "released before")])
def test_a_short_list_at_an_end_is_told(program, short, consequence):
    inside = [(f"P{n}", "") for n in range(20)]
    rosters(program, {day(n): inside[: 12 if n == short else 20] for n in range(1, 9)})
    assert program.rows("SELECT count(*) AS stays FROM program.stay") == [{"stays": 20}]
    found = said(program)["LD-336"]
    assert (found.value, found.count) == (str(day(short)), 8)
    assert "about 20 people" in found.expected and "with 12 people" in found.fix and consequence in found.fix


def test_lists_that_grow_or_shrink_by_a_few_are_whole(program):
    inside = [(f"P{n}", "") for n in range(20)]
    rosters(program, {day(n): inside[: 15 + n] for n in range(1, 6)})
    assert program.build().snapshot and "LD-336" not in said(program)
