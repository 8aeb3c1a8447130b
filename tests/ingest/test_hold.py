"""A build that loses what decides numbers, or changes a headline by a factor, waits for a person."""

import json
from datetime import date, timedelta

import pytest

from leadstats import ingest
from leadstats.cli.commands import main
from leadstats.ingest.report import Headline
from leadstats.quality.headlines import headlines


def stays(count, first=date(2026, 1, 5), **more):
    days = [first + timedelta(days=n % 60) for n in range(count)]
    return [
        {
            "person_id": f"P{n}",
            "stay_id": f"S{n}",
            "booked_at": day,
            "released_at": day + timedelta(days=2),
            **more,
        }
        for n, day in enumerate(days)
    ]


def enrollments(count):
    return [
        {
            "person_id": f"P{n}",
            "enrollment_id": f"E{n}",
            "started_on": date(2026, 1, 2) + timedelta(days=n % 80),
        }
        for n in range(count)
    ]


def again(program, **tables):
    """The next month: the same inbox with other rows."""
    program._rows.clear()
    for path in program.inbox.glob("*.csv"):
        path.unlink()
    return program.add(**tables).write()


def built(program, **more):
    return ingest.build(program.write(), program.data, weigh=headlines, **more)


def codes(report, severity):
    return {found.code for found in report.problems if found.severity == severity}


@pytest.fixture(scope="module")
def first_build(make_program, tmp_path_factory):
    program = make_program(tmp_path_factory.mktemp("february")).site(data_through=date(2026, 3, 31))
    program.add(jail_stay=stays(40), enrollment=enrollments(30))
    assert built(program).snapshot
    return program


@pytest.fixture
def february(first_build, copy_of):
    return copy_of(first_build)


def test_a_second_month_with_nothing_strange_is_put_in_force(february):
    again(february, jail_stay=stays(42), enrollment=enrollments(31))
    report = built(february)

    assert report.snapshot and not codes(report, "held")
    told = {each.metric: (each.old, each.new) for each in report.headlines}
    assert told["jail_nights"] == (80, 84) and told["people_enrolled"] == (30, 31)


def test_a_lost_end_is_held_until_confirmed_with_both_numbers(february):
    in_force = (february.data / "current").read_text()
    without = [{name: cell for name, cell in row.items() if name != "released_at"} for row in stays(40)]
    again(february, jail_stay=without, enrollment=enrollments(30))
    february.lacks("jail_stay.released_at")

    held = built(february)
    assert (held.exit_code, held.snapshot) == (3, None)
    assert "LD-712" in codes(held, "held") and (february.data / "current").read_text() == in_force

    confirmed = built(february, is_confirmed=True)
    assert (confirmed.exit_code, codes(confirmed, "held")) == (1, set())
    assert confirmed.snapshot and "LD-712" in codes(confirmed, "warning")


@pytest.mark.parametrize(("column", "table"), [("Out", "jail_stay"), ("Left", "enrollment")])
def test_a_mapped_column_that_is_gone_is_held(program, column, table):
    day = {"jail_stay": ("booked_at", "released_at"), "enrollment": ("started_on", "exited_on")}[table]
    key = {"jail_stay": "stay_id", "enrollment": "enrollment_id"}[table]
    mapping = f'[[files]]\npattern = "x_*.csv"\ntable = "{table}"\n[files.columns]\n'
    names = {key: "No", "person_id": "Who", day[0]: "In", day[1]: column}
    program.file(
        "mapping.toml", mapping + "".join(f'{ours} = "{theirs}"\n' for ours, theirs in names.items())
    )
    program.file("x_1.csv", f"No,Who,In,{column}\n1,1,2026-01-05,2026-01-07\n")
    assert built(program).snapshot
    program.file("x_1.csv", "No,Who,In,Gone Home\n1,1,2026-01-05,2026-01-07\n")

    report = built(program)

    assert report.snapshot is None and report.exit_code == 3
    (found,) = (each for each in report.problems if each.code == "LD-242")
    assert (found.value, found.field) == (column, day[1]) and "Gone Home" in found.expected
    assert built(program, is_confirmed=True).snapshot


def test_a_headline_that_doubled_in_the_same_months_is_held(february):
    again(february, jail_stay=stays(40), enrollment=enrollments(70))

    report = built(february)

    (found,) = (each for each in report.problems if each.code == "LD-711")
    assert report.snapshot is None and report.exit_code == 3
    assert "70" in found.value and "last time 30" in found.value


def test_new_months_and_an_earlier_beginning_are_no_doubt(february):
    february.site(data_through=date(2026, 9, 30))
    later = stays(40) + [
        {**row, "stay_id": f"T{n}", "person_id": f"Q{n}"} for n, row in enumerate(stays(80, date(2026, 5, 1)))
    ]
    earlier = [
        {**row, "stay_id": f"U{n}", "person_id": f"R{n}"} for n, row in enumerate(stays(80, date(2025, 8, 1)))
    ]
    again(february, jail_stay=later + earlier, enrollment=enrollments(30))

    report = built(february)

    assert report.snapshot and not codes(report, "held")


@pytest.mark.parametrize(
    ("old", "new", "is_doubtful"),
    [
        (100, 199, False),
        (100, 200, True),
        (200, 100, True),
        (100, None, True),
        (None, 100, False),
        (4, 9, False),
    ],
)
def test_what_is_a_factor(old, new, is_doubtful):
    assert Headline("m", "M", "2026-01", "2026-02", old, new).is_doubtful is is_doubtful


def test_the_command_line_holds_and_confirms(february, capsys):
    inbox = again(february, jail_stay=stays(40), enrollment=enrollments(70))
    arguments = ["build", str(inbox), "--to", str(february.data), "--format", "json"]

    assert main(arguments) == 3
    report = json.loads(capsys.readouterr().out)
    assert report["snapshot"] is None
    (doubtful,) = (each for each in report["headlines"] if each["is_doubtful"])
    assert (doubtful["metric"], doubtful["old"], doubtful["new"]) == ("people_enrolled", 30, 70)

    assert main([*arguments, "--confirm"]) == 1
    assert json.loads(capsys.readouterr().out)["snapshot"]


def test_a_check_shows_the_headlines_before_they_are_in_force(february, capsys):
    inbox = again(february, jail_stay=stays(41), enrollment=enrollments(30))

    assert main(["check", str(inbox), "--data", str(february.data), "--format", "json"]) in (0, 1)

    told = {
        each["metric"]: (each["old"], each["new"])
        for each in json.loads(capsys.readouterr().out)["headlines"]
    }
    assert told["jail_nights"] == (80, 82)
