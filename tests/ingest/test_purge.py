"""A purged person is in no byte of what is kept, nobody else is touched, and the record names no one."""

import csv
import io
import zipfile
from datetime import date

import pytest

from leadstats.cli.commands import main
from leadstats.meetings import Amendment, Meetings
from leadstats.model.filenames import mark_of

REFERRALS = (
    "\ufeffreferral_id;person_id;referred_on;pathway;remark\r\n"
    'R-1;P-1001;2026-01-05;community;"first; with\r\na second line"\r\n'
    'R-2;P-2002;2026-01-06;community;"kept, ""as is"""\r\n'
    "R-3; P-1001 ;2026-03-07;social_contact;\r\n"
    "R-4;P-3003;2026-01-08;community;Peña\r\n"
)
STAYS = (
    "stay_id,person_id,booked_at,released_at\n"
    "S-1,J-11111,2026-01-10,2026-01-13\n"
    "S-2,J-22222,2026-01-10,2026-01-12\n"
    "S-3,J-33333,2026-01-20,2026-01-25"
)
LINKS = "source,source_person_id,person_id\njail_stay,J-11111,P-1001\njail_stay,J-22222,P-2002\n"
CORRECTIONS = (
    "table,key,column,new_value,reason,who,when\n"
    "referral,R-1,pathway,social_contact,typed wrong,Office,2026-02-01\n"
    "referral,R-2,pathway,social_contact,typed wrong,Office,2026-02-01\n"
)
JANUARY = {"month": "2026-01"}


@pytest.fixture(scope="module")
def unpurged(make_program, tmp_path_factory):
    program = make_program(tmp_path_factory.mktemp("unpurged")).site(data_through=date(2026, 3, 31))
    program.file("referral.csv", REFERRALS).file("jail_stay.csv", STAYS).file("person_link.csv", LINKS)
    program.file("corrections.csv", CORRECTIONS)
    assert program.build().snapshot, program.report.as_text()
    return program


@pytest.fixture
def county(unpurged, copy_of):
    return copy_of(unpurged)


def purge(program, person, *more):
    return main(
        ["purge", "--data", str(program.data), "--inbox", str(program.inbox), "--person", person, *more]
    )


def kept(*folders):
    return {path: path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("person", ["person:P-1001", "referral:P-1001", "jail_stay:J-11111"])
def test_the_person_is_in_no_byte_and_others_are_unchanged(county, person):
    before = county.report.snapshot

    assert purge(county, person, "--reason", "sealed by the court") == 0

    files = kept(county.inbox, county.data)
    assert not any(number in content for content in files.values() for number in (b"P-1001", b"J-11111"))
    lines = REFERRALS.encode().splitlines(keepends=True)
    assert (county.inbox / "referral.csv").read_bytes() == b"".join((lines[0], lines[3], lines[5]))
    lines = STAYS.encode().splitlines(keepends=True)
    assert (county.inbox / "jail_stay.csv").read_bytes() == b"".join((lines[0], *lines[2:]))
    assert (county.inbox / "person_link.csv").read_text() == LINKS.replace("jail_stay,J-11111,P-1001\n", "")
    assert [line.split(",")[1] for line in (county.inbox / "corrections.csv").read_text().splitlines()] == [
        "key",
        "R-2",
    ]
    databases = [path.name for path in county.data.glob("program-*.duckdb")]
    assert databases == [(county.data / "current").read_text().strip()]
    assert {path.stem for path in county.data.glob("program-*.cube")} <= {
        databases[0].removesuffix(".duckdb")
    }
    assert databases != [before]


def test_numbers_fall_by_the_persons_own(county):
    assert county.value("referrals_received", **JANUARY) == 3
    assert county.value("jail_nights", **JANUARY) == 3 + 2 + 5

    assert purge(county, "person:P-1001") == 0
    county._changed()

    assert county.value("referrals_received", **JANUARY) == 2
    assert county.value("jail_nights", **JANUARY) == 2 + 5


def test_the_record_does_not_name_and_a_second_run_finds_nobody(county, capsys):
    assert purge(county, "jail_stay:J-11111", "--reason", "expunged, order 7") == 0
    (row,) = csv.DictReader(io.StringIO((county.data / "purges.csv").read_text()))
    assert {name: row[name] for name in ("source", "files", "rows", "reason")} == {
        "source": "jail_stay",
        "files": "4",
        "rows": "5",
        "reason": "expunged, order 7",
    }
    capsys.readouterr()
    before = kept(county.inbox, county.data)

    assert purge(county, "jail_stay:J-11111") == 2

    assert "no row of the inbox is that person's" in capsys.readouterr().err
    assert kept(county.inbox, county.data) == before


def test_a_number_of_another_source_is_somebody_else(county):
    assert purge(county, "jail_stay:P-1001") == 2
    assert purge(county, "person:J-11111") == 2
    assert purge(county, "person:P-1001", "--reason", "P-1001 was sealed") == 2
    assert (county.inbox / "referral.csv").read_bytes() == REFERRALS.encode()


def test_the_same_number_at_another_provider_stays(program):
    visits = "contact_id,person_id,contacted_on\nC-1,P-1001,2026-01-05\nC-2,P-2002,2026-01-05\n"
    program.file("contact.csv", visits).file("south.csv", visits)
    program.file("mapping.toml", '[[files]]\npattern = "south.csv"\ntable = "contact"\nnumbering = "south"\n')
    assert program.build().snapshot, program.report.as_text()

    assert purge(program, "south:P-1001") == 0

    assert (program.inbox / "contact.csv").read_text() == visits
    assert (program.inbox / "south.csv").read_text() == visits.replace("C-1,P-1001,2026-01-05\n", "")


def test_a_merged_number_goes_with_the_other(program):
    program.add(
        referral=[{"person_id": who, "referred_on": "2026-01-10"} for who in ("P-1001", "P-2002", "P-3003")],
        person_link=[{"source": "referral", "source_person_id": "P-1001", "person_id": "P-2002"}],
    )
    assert program.build().snapshot

    assert purge(program, "referral:P-2002") == 0

    text = b"".join(kept(program.inbox).values())
    assert b"P-1001" not in text and b"P-2002" not in text and b"P-3003" in text


def test_rows_under_the_sites_own_words_are_found_and_those_left_out_too(program):
    program.file("Report.txt", "\n".join(["Client\tDay\tKind", "P-1001\t2026-01-01\tA", "P-1001\t2026-01-02\tB",
                                          "P-2002\t2026-01-03\tA", ""]).encode("utf-16"))  # fmt: skip
    program.file(
        "mapping.toml",
        '[[files]]\npattern = "Report.txt"\ntable = "contact"\n[files.columns]\ncontact_id = "(row)"\n'
        'person_id = "Client"\ncontacted_on = "Day"\n[files.only]\nKind = "A"\n',
    )
    assert program.build().snapshot, program.report.as_text()

    assert purge(program, "contact:P-1001") == 0

    text = (program.inbox / "Report.txt").read_bytes().decode("utf-16")
    assert text.split("\n") == ["Client\tDay\tKind", "P-2002\t2026-01-03\tA", ""]


def zipped(name, text):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    return stream.getvalue()


CONTACTS = "contact_id,person_id,contacted_on\nC-1,P-1001,2026-01-05\n"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("january.zip", zipped("contact.csv", CONTACTS)),
        ("old.zip", zipped("other.csv", "who,what\nP-1001,x\n")),
        ("notes.md", "Ask about P-1001 first."),
        ("referral_notes.csv", "text,day\nseen with P-1001,2026-01-01\n"),
    ],
)
def test_what_cannot_be_changed_safely_is_named_and_nothing_changes(county, capsys, name, content):
    county.file(name, content)
    before = kept(county.inbox, county.data)

    assert purge(county, "person:P-1001") == 3

    assert name in capsys.readouterr().err
    assert kept(county.inbox, county.data) == before


def test_a_row_that_a_correction_gave_to_somebody_else_is_left_to_decide(county, capsys):
    county.file("corrections.csv", CORRECTIONS.replace("R-1,pathway,social_contact", "R-1,person_id,P-9009"))
    assert county.build().snapshot
    before = kept(county.inbox, county.data)

    assert purge(county, "person:P-1001") == 3

    assert "referral.csv: it still names the person" in capsys.readouterr().err
    assert kept(county.inbox, county.data) == before


def test_an_inbox_that_cannot_be_built_is_left_as_it_is(county, capsys):
    county.file("enrollment.csv", "enrollment_id,started_on\nE-1,2026-01-01\n")
    before = kept(county.inbox, county.data)

    assert purge(county, "person:P-1001") in (2, 3)

    assert "nothing was changed" in capsys.readouterr().err
    assert kept(county.inbox, county.data) == before


@pytest.mark.parametrize("person", ["P-1001", "jail_stay:", ":7"])
def test_a_person_is_asked_for_by_source_and_number(county, capsys, person):
    assert purge(county, person) == 2
    assert "SOURCE:ID" in capsys.readouterr().err


def test_the_data_of_a_meeting_are_amended_and_say_so(county):
    before = mark_of(county.report.snapshot)
    Meetings(county.data).hold(date(2026, 2, 2), before, f"from=2026-01&to=2026-01&snapshot={before}")

    assert purge(county, "person:P-1001") == 0

    (left,) = county.data.glob("program-*.duckdb")
    assert Meetings(county.data).amendment(before) == Amendment(mark_of(left.name), date.today())
    assert Meetings(county.data).snapshots() == {mark_of(left.name)}
    county.add(contact=[{"person_id": "P-2002", "contacted_on": "2026-01-09"}])
    for _ in range(4):  # builds come and go; what stands in for a meeting's data stays
        county.add(contact=[{"person_id": "P-2002", "contacted_on": "2026-01-10"}]).build()
    assert left.exists()
