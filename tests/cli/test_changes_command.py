"""`leadstats changes`: by folder, by file and by snapshot name, with exit codes and one line for what is wrong."""

import json
from datetime import date

import pytest
from conftest import Program

from leadstats.__main__ import main


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    """A program built in September and again in October: three came late, two are gone. To be read only."""
    program = Program(tmp_path_factory.mktemp("twice"))
    first = [(f"p{n}", f"2025-0{1 + n % 9}-1{n % 10}") for n in range(30)]
    second = [row for row in first if row[0] not in ("p4", "p5")]
    second += [(f"late{n}", f"2025-03-2{n}") for n in range(3)]
    second += [("p1", "2025-10-05"), ("new", "2025-10-05")]
    built = []
    for rows, through in ((first, date(2025, 9, 30)), (second, date(2025, 10, 31))):
        lines = (f"{n},{person},{day},community" for n, (person, day) in enumerate(rows))
        program.file("referral.csv", "\n".join(["referral_id,person_id,referred_on,pathway", *lines]))
        built.append(program.site(data_through=through).build().snapshot)
    return program.data, *built


def asked(capsys, *arguments):
    code = main(["changes", *map(str, arguments)])
    said = capsys.readouterr()
    return code, said.out, said.err


def rows(text):
    return {(row["metric"], row["unit"]): row for row in json.loads(text)["rows"]}


def test_snapshots_are_named_by_mark_file_or_path(twice, capsys):
    data, first, second = twice
    ways = [
        (first, second, "--data", data),
        (first.removeprefix("program-")[:10], second.removeprefix("program-")[:10], "--data", data),
        (data / first, data / second),
        (data / first, data),
    ]
    for way in ways:
        code, out, _ = asked(capsys, *way, "--format", "json", "--audience", "analyst")
        found = rows(out)["people_referred", "referrals"]
        numbers = [found[name] for name in ("old", "new_activity", "late", "corrected", "new")]
        assert (code, numbers) == (0, [30, 2, 3, -2, 33])
        assert (found["from"], found["to"]) == ("2024-10", "2025-10")
    people = rows(out)["people_referred", "people"]
    assert [people[name] for name in ("old", "new_activity", "late", "corrected", "new")] == [
        30,
        1,
        3,
        -2,
        32,
    ]


def test_partners_see_no_part_of_few_people(twice, capsys):
    data, first, second = twice
    code, out, _ = asked(capsys, first, second, "--data", data, "--format", "csv")
    head, line, *_ = out.splitlines()
    assert code == 0 and head == "metric,unit,from,to,old,new_activity,late,corrected,new,hidden"
    assert line == "people_referred,people,2024-10,2025-10,,,,,32,too few"


def test_text_says_what_the_parts_are(twice, capsys):
    data, first, second = twice
    _, out, _ = asked(capsys, first, second, "--data", data, "--audience", "analyst")
    assert "came late" in out and "Before and the three parts add up to now" in out


@pytest.mark.parametrize("wrong", ["nowhere", "0123456789"])
def test_what_is_not_there_is_named_in_one_line(twice, capsys, wrong):
    data, first, _ = twice
    code, out, err = asked(capsys, first, wrong, "--data", data)
    assert (code, out) == (2, "") and wrong in err and len(err.splitlines()) == 1


def test_without_a_folder_a_name_cannot_be_found(twice, capsys):
    _, first, second = twice
    code, out, err = asked(capsys, first, second)
    assert (code, out) == (4, "") and len(err.splitlines()) == 1
