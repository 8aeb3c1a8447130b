"""The mapping assistant: exports of systems it has never seen become mapping.toml, and doubts become questions."""

import collections
import csv
import json
import tomllib
from pathlib import Path

import pytest

from leadstats import ingest
from leadstats.assistant import make_plan, write_plan
from leadstats.assistant.patterns import pattern_of
from leadstats.cli.commands import main
from leadstats.model.messages import Fault
from leadstats.model.schema import TABLES, TWO_OR_MORE
from leadstats.model.settings import FileMapping, as_toml, read_mapping
from leadstats.recognition import vocabulary

ROOT = Path(__file__).resolve().parents[2]
EXPORTS = ROOT / "tests" / "exports"
REAL = ROOT.parent / "shared" / "realdata"
REFERRALS = "Ref No,Client ID,Date Referred,Referral Type,Race\n"


def inbox_of(folder, **files):
    """Files by name, with dots for the underscores that Python's names need."""
    for name, content in files.items():
        path = folder / name.replace("__", ".")
        path.write_text(content, encoding="utf-8")
    return folder


def meanings(mapping):
    """{header: our columns}, as the truth beside the exports writes it."""
    found = collections.defaultdict(set)
    for ours, theirs in mapping.columns.items():
        for header in theirs:
            found[header].add(ours)
    for header in mapping.wide:
        found[header].add("people")
    for header in mapping.marked:
        found[header].add("race")
    return found


def mappings_by_file(folder):
    plan = make_plan(folder)
    return {(name, m.table): m for each in plan.files for name in each.names for m in each.mappings}


# How often it is right


def test_nine_of_ten_headers_of_unknown_systems_are_understood():
    truth = tomllib.loads((EXPORTS / "truth.toml").read_text(encoding="utf-8"))
    wrong, right = [], 0
    found = {folder: mappings_by_file(EXPORTS / folder) for folder in {name.split("/")[0] for name in truth}}
    for path, tables in truth.items():
        folder, name = path.split("/")
        for table, headers in tables.items():
            mapping = found[folder].get((name, table), FileMapping(name, table))
            for header, ours in headers.items():
                if meanings(mapping)[header] == set(filter(None, ours.split(", "))):
                    right += 1
                else:
                    wrong.append((path, header))

    assert len(found) >= 6
    assert right / (right + len(wrong)) >= 0.9, wrong


def test_the_truth_names_every_header_of_every_export():
    truth = tomllib.loads((EXPORTS / "truth.toml").read_text(encoding="utf-8"))
    for path, tables in truth.items():
        lines = (EXPORTS / path).read_text(encoding="utf-8").splitlines()
        told = {header for headers in tables.values() for header in headers}
        assert any(
            told == set(next(csv.reader([line], delimiter=mark))) for line in lines[:5] for mark in ",;|"
        ), path


@pytest.mark.skipif(not REAL.is_dir(), reason="no real exports beside the repository")
def test_nine_of_ten_columns_of_real_exports_are_understood(tmp_path):
    wrong, right = [], 0
    for settings in sorted((ROOT / "tests" / "realdata").glob("*/mapping.toml")):
        wanted = read_mapping(settings.read_bytes())
        inbox = tmp_path / settings.parent.name
        inbox.mkdir()
        for path in REAL.rglob("*"):
            if any(mapping.matches(path.name) for mapping in wanted):
                (inbox / path.name).write_bytes(path.read_bytes())
        found = mappings_by_file(inbox)
        for mapping in wanted:
            mine = next((m for (_, table), m in found.items() if table == mapping.table), None)
            for ours, theirs in mapping.columns.items():
                is_same = mine and {h.lower() for h in mine.columns.get(ours, ())} == {
                    h.lower() for h in theirs
                }
                # Which columns together number a row can be answered in several ways.
                is_key = len(theirs) > 1 and mine and len(mine.columns.get(ours, ())) > 1
                right += bool(is_same or is_key)
                wrong += [] if is_same or is_key else [(settings.parent.name, ours)]
            for header, race in mapping.wide.items():
                is_same = mine and mine.wide.get(header) == race
                right += bool(is_same)
                wrong += [] if is_same else [(settings.parent.name, header)]

    assert right / (right + len(wrong)) >= 0.9, wrong


def test_what_it_proposes_can_be_built(tmp_path):
    exports = [path for path in EXPORTS.glob("*/*") if path.is_file()]
    for path in exports:
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "site.toml").write_text('timezone = "America/Denver"\n')
    plan = make_plan(tmp_path)
    answers = {question.key: question.default or question.options[0][0] for question in plan.questions}

    write_plan(tmp_path, make_plan(tmp_path, answers))
    report = ingest.check(tmp_path)

    assert report.exit_code in (0, 1), report.as_text()
    assert {account.file for account in report.accounts} == {path.name for path in exports}
    assert sum(account.rejected for account in report.accounts) == 0, report.as_text()
    assert all(account.loaded for account in report.accounts)
    assert not {"LD-203", "LD-204"} & {found.code for found in report.problems}, report.as_text()


def test_the_vocabulary_names_only_columns_that_exist():
    for table, entry in vocabulary.load()["tables"].items():
        assert set(entry.get("columns", {})) <= {column.name for column in TABLES[table].columns}
    everything = {column.name for table in TABLES.values() for column in table.columns}
    assert set(vocabulary.load()["columns"]) <= everything


# What it asks


def test_only_what_is_ambiguous_is_asked(tmp_path):
    plan = make_plan(
        inbox_of(
            tmp_path,
            Referrals__csv=REFERRALS + "1,7,2026-01-31,Social contact,White\n2,8,2026-02-01,Court,B\n",
        )
    )

    assert plan.questions == ()
    (mapping,) = (m for m in plan.files[0].mappings if m.table == "referral")
    assert mapping.values["pathway"] == {"Social contact": "social_contact", "Court": "jail_or_court"}


@pytest.mark.parametrize(
    ("day", "asks", "formats"),
    [
        ("1/2/2026", True, ("%m/%d/%Y",)),
        ("1/31/2026", False, ("%m/%d/%Y",)),
        ("31/1/2026", False, ("%d/%m/%Y",)),
        ("9/17/25 1:48", False, ("%m/%d/%y %H:%M",)),
        ("08-MAY-25", False, ("%d-%b-%y",)),
        ("Jan 5, 2026", False, ("%b %d, %Y",)),
        ("45678", False, ("excel",)),
        ("2026-01-05T10:00:00-08:00", False, None),
        ("01/31/2026 10:00 -0800", False, ("%m/%d/%Y %H:%M %z",)),
    ],
)
def test_forms_of_dates_are_recognized_and_only_an_open_order_is_asked(tmp_path, day, asks, formats):
    plan = make_plan(
        inbox_of(tmp_path, Referrals__csv=REFERRALS + f'1,7,"{day}",Court,W\n2,8,"{day}",Court,B\n')
    )

    assert [question.key for question in plan.questions] == ["Referrals.csv: dates"] * asks
    assert plan.files[0].mappings[0].formats.get("referred_on") == formats


def test_an_answer_turns_the_order_of_dates(tmp_path):
    inbox_of(tmp_path, Referrals__csv=REFERRALS + "1,7,1/2/2026,Court,W\n")

    plan = make_plan(tmp_path, {"Referrals.csv: dates": "day first"})

    assert plan.files[0].mappings[0].formats == {"referred_on": ("%d/%m/%Y",)}
    assert plan.questions == ()


def test_a_value_nobody_can_tell_is_asked_and_remembered(tmp_path):
    inbox_of(tmp_path, Referrals__csv=REFERRALS + "1,7,2026-01-31,Court,N\n2,8,2026-02-01,Zebra,W\n")
    plan = make_plan(tmp_path)
    assert {question.key for question in plan.open_questions} == {
        "Referrals.csv: pathway = Zebra",
        "Referrals.csv: race = N",
    }
    answers = {"Referrals.csv: pathway = Zebra": "community", "Referrals.csv: race = N": "as it is"}

    write_plan(tmp_path, make_plan(tmp_path, answers))

    assert make_plan(tmp_path).questions == ()
    assert not make_plan(tmp_path).is_changed


def test_two_columns_for_one_field_force_a_choice(tmp_path):
    header = "Ref No,Client ID,Referral Date,Date Referred,Referral Type\n"
    plan = make_plan(inbox_of(tmp_path, Referrals__csv=header + "1,7,2026-01-31,2026-02-01,Court\n"))

    (question,) = plan.questions
    offered = [answer for answer, _ in question.options]
    assert (question.key, offered[:2]) == ("Referrals.csv: referred_on", ["Referral Date", "Date Referred"])
    assert {*offered} == {*header.strip().split(",")}, "every column can be chosen"
    assert "differently in 1 of 1 rows" in question.text and question.default is None


def test_a_file_without_the_way_people_came_is_asked_for_it(tmp_path):
    inbox_of(tmp_path, Referrals__csv="Ref No,Client ID,Referral Date,Race\n1,7,2026-01-31,W\n")
    assert [question.key for question in make_plan(tmp_path).open_questions] == ["Referrals.csv: pathway"]

    plan = make_plan(tmp_path, {"Referrals.csv: pathway": "community"})

    assert plan.files[0].mappings[0].constants == {"pathway": "community"}


def test_a_file_can_be_left_out_for_good(tmp_path):
    inbox_of(
        tmp_path,
        Referrals__csv=REFERRALS + "1,7,2026-01-31,Court,W\n",
        contact__csv="contact_id,person_id,contacted_on\n1,7,2026-02-01\n",
    )

    write_plan(tmp_path, make_plan(tmp_path, {"Referrals.csv: table": "nothing"}))

    assert 'table = "nothing"' in (tmp_path / "mapping.toml").read_text()
    report = ingest.check(tmp_path)
    assert ("LD-113", "Referrals.csv") in {(found.code, found.file) for found in report.problems}
    assert report.exit_code == 0


def test_what_is_no_export_is_left_alone(tmp_path):
    plan = make_plan(
        inbox_of(
            tmp_path, codes__csv="code,meaning\n1,one\n2,two\n", notes__txt="Called the jail on Friday.\n"
        )
    )

    assert {each.status for each in plan.files} == {"not recognized"}
    assert not plan.is_changed
    # A table is asked about, a note is none; what is no export is left out by an answer.
    (question,) = plan.open_questions
    assert (question.key, question.default) == ("codes.csv: table", None)
    assert [m.table for m in make_plan(tmp_path, {question.key: "nothing"}).files[0].mappings] == ["nothing"]


# Forms of race


def races(program, content):
    program.file("Jail.csv", content)
    write_plan(program.inbox, make_plan(program.inbox))
    return collections.Counter(
        row["race"] for row in program.rows("SELECT dimensions.race AS race FROM program.custody_episode")
    )


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        ("Race", ["W, I", "B", "O", "U"], ["Two or more", "Black or African American", "Unknown", "Unknown"]),
        ("Race", ["Black;White", "Caucasian"], ["Two or more", "White"]),
        ("Race", ["Multi-Racial", "Blk"], ["Two or more", "Black or African American"]),
        ("Race,Ethnicity", ["W,H", "W,N", "B,U"], ["Two or more", "White", "Black or African American"]),
        ("Race,Hispanic", ["H,H", ",H"], ["Hispanic or Latino", "Hispanic or Latino"]),
        ("race_white,race_black,race_asian", ["1,0,0", "1,1,0", "0,0,0"], ["White", "Two or more", "Unknown"]),
    ],
)  # fmt: skip
def test_races_in_one_column_or_many_become_a_set(program, header, cells, expected):
    quoted = [f'"{cell}"' if "," not in header else cell for cell in cells]
    rows = [f"{n},{n},2026-01-0{n},2026-02-01,{cell}" for n, cell in enumerate(quoted, 1)]

    found = races(program, f"Booking No,Inmate No,Booked,Released,{header}\n" + "\n".join(rows) + "\n")

    assert found == collections.Counter(expected)


def test_two_or_more_without_saying_which_is_a_race_and_no_group(program):
    program.add(person=[{"race": TWO_OR_MORE}], referral=[{}])

    assert program.values("people_referred", breakdown="race", month="2026-01")[TWO_OR_MORE] == 1
    several = program.values("people_referred", breakdown="race_alone_or_in_combination", month="2026-01")
    assert several["Unknown"] == 1
    assert program.report.exit_code == 0


def test_a_person_file_of_the_same_people_tells_their_race_and_one_of_others_does_not(tmp_path):
    inbox_of(
        tmp_path,
        Referrals__csv=REFERRALS + "1,7,2026-01-31,Court,W\n2,8,2026-02-01,Court,B\n",
        People__csv="Client ID,Date of Birth,Sex,Race\n7,1980-01-01,F,White\n8,1981-01-01,M,Black\n",
    )
    assert [m.table for m in make_plan(tmp_path).files[1].mappings] == ["referral"]

    (tmp_path / "People.csv").write_text(
        "Client ID,Date of Birth,Sex,Race\nA,1980-01-01,F,White\nB,1981-01-01,M,B\n"
    )
    assert [m.table for m in make_plan(tmp_path).files[1].mappings] == ["referral", "person"]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        (("Social Contact", "Arrest Diversion", "Community"), "pathway"),
        (("Police", "Sheriff", "Community"), "source_agency"),
        (("Community", "Community", "Community"), "source_agency"),
    ],
)
def test_cells_that_are_all_pathways_tell_more_than_the_header(tmp_path, cells, column):
    rows = [f"{n},{n},2026-01-0{n},{cell}" for n, cell in enumerate(cells, 1)]
    inbox_of(
        tmp_path, Referrals__csv="\n".join(["Ref No,Client ID,Referral Date,Referral Source", *rows, ""])
    )

    (mapping, *_) = make_plan(tmp_path).files[0].mappings

    assert mapping.columns[column] == ("Referral Source",)


def test_a_time_in_a_column_of_its_own_joins_its_day(tmp_path):
    header = "Booking No,Inmate No,Booking Day,Booking Date,Booking Time,Release Date,Release Time,Court Time"
    rows = [f"{n},{n},Monday,1/{n}/2026,{n}:30 PM,2/{n}/2026,{n}15,9:00" for n in range(10, 13)]
    inbox_of(tmp_path, Jail__csv="\n".join([header, *rows, ""]))

    (mapping,) = make_plan(tmp_path).files[0].mappings

    assert mapping.columns["booked_at"] == ("Booking Date", "Booking Time")
    assert mapping.columns["released_at"] == ("Release Date", "Release Time")
    assert mapping.formats["booked_at"] == ("%m/%d/%Y",)


def test_names_of_places_become_those_of_the_map(tmp_path):
    squares = [
        {
            "type": "Feature",
            "properties": {"name": name},
            "geometry": {"type": "Polygon", "coordinates": [[[x, 47], [x + 1, 47], [x + 1, 48], [x, 47]]]},
        }
        for x, name in enumerate(["College View / South", "Mill Row"])
    ]
    (tmp_path / "map.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": squares}))
    rows = "1,7,2026-01-31,Court,College View - South\n2,8,2026-02-01,Court,MILL ROW\n3,8,2026-02-21,Court,Elsewhere\n"
    plan = make_plan(inbox_of(tmp_path, Referrals__csv=REFERRALS.replace("Race", "Neighborhood") + rows))

    (mapping,) = plan.files[1].mappings
    assert mapping.values["neighborhood"] == {"College View - South": "College View / South"}


# Second month


@pytest.fixture
def january(tmp_path):
    inbox_of(tmp_path, Referrals_2026_01__csv=REFERRALS + "1,7,2026-01-31,Court,W\n")
    write_plan(tmp_path, make_plan(tmp_path))
    return tmp_path


def test_the_second_month_asks_nothing_unless_something_is_new(january):
    inbox_of(january, Referrals_2026_02__csv=REFERRALS + "2,8,2026-02-01,Court,W\n")
    plan = make_plan(january)

    assert (plan.questions, plan.is_changed) == ((), False)
    assert {each.status for each in plan.files} == {"known"}


def test_a_new_value_is_added_if_clear_and_asked_if_not(january):
    inbox_of(
        january, Referrals_2026_02__csv=REFERRALS + "2,8,2026-02-01,Zebra,W\n3,9,2026-02-02,Self referral,B\n"
    )
    plan = make_plan(january)

    assert [question.key for question in plan.questions] == ["Referrals_*.csv: referral.pathway = Zebra"]
    (mapping,) = (m for m in plan.files[-1].mappings if m.table == "referral")
    assert mapping.values["pathway"]["Self referral"] == "community"


def test_a_column_with_a_new_name_is_asked_for(january):
    (january / "Referrals_2026_01.csv").unlink()
    header = REFERRALS.replace("Date Referred", "Referral Dt")
    inbox_of(january, Referrals_2026_02__csv=header + "2,8,2026-02-01,Court,W\n")
    plan = make_plan(january)

    (question,) = plan.questions
    assert (question.key, question.default) == ("Referrals_*.csv: referral.referred_on", "Referral Dt")
    (mapping,) = (
        m
        for m in make_plan(january, {question.key: "Referral Dt"}).files[-1].mappings
        if m.table == "referral"
    )
    assert mapping.renamed == {"Referral Dt": "Date Referred"}


def test_what_a_site_wrote_in_mapping_toml_stays_as_it_is(tmp_path):
    own = "# Asked the jail on 3 May.\n[[files]]\npattern = 'x.csv'  # theirs\ntable = 'contact'\n[files.columns]\ncontact_id = 'Q'\n"
    (tmp_path / "mapping.toml").write_text(own)
    inbox_of(tmp_path, Referrals__csv=REFERRALS + "1,7,2026-01-31,Court,W\n")

    write_plan(tmp_path, make_plan(tmp_path))

    assert (tmp_path / "mapping.toml").read_text().startswith(own)
    assert len(read_mapping((tmp_path / "mapping.toml").read_bytes())) == 3


def test_a_wrong_mapping_toml_is_told(tmp_path):
    (tmp_path / "mapping.toml").write_text("[[files]]\npatern = 'x'\n")
    with pytest.raises(Fault) as fault:
        make_plan(tmp_path)
    assert fault.value.problem.code == "LD-108"


def test_a_mapping_is_written_so_that_it_is_read_back():
    mappings = [
        FileMapping(
            "a [1].csv",
            "referral",
            sheet="May",
            header_row=3,
            missing=("NULL", "-"),
            columns={"referral_id": ("A", 'B "x"'), "person_id": ("Ü = ü",)},
            formats={"referred_on": ("%m/%d/%y", "%m/%d/%Y")},
            values={"pathway": {"O'x\n": "community", "": "unknown"}},
            split={"neighborhood": "\t"},
            constants={"source_agency": "Sheriff"},
            only={"Flag": ("Y", "")},
        ),
        FileMapping("p.csv", "population", wide={"Total": "", "Mixed": TWO_OR_MORE}, skip_after_header=1),
        FileMapping("q.csv", "person", marked={"W": "White"}),
        FileMapping("z.csv", "nothing"),
    ]

    assert list(read_mapping(as_toml(mappings).encode())) == mappings


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("Referrals_2026-10.csv", "Referrals_*.csv"),
        ("export/Jail 2026_10_31.csv", "Jail *.csv"),
        ("arrests May 2026.csv", "arrests *.csv"),
        ("JMS_0926.txt", "JMS_*.txt"),
        ("Person.csv", "Person.csv"),
        ("2026-10.csv", "2026-10.csv"),
        ("List [new].csv", "List [[]new].csv"),
    ],
)
def test_next_months_file_fits_the_pattern(name, pattern):
    assert pattern_of(name) == pattern
    assert FileMapping(pattern, "person").matches(name)


def test_a_pattern_fits_no_file_of_another_kind(tmp_path):
    inbox_of(
        tmp_path,
        Data_2026_01__csv=REFERRALS + "1,7,2026-01-31,Court,W\n",
        Data_2026_02__csv="Booking No,Inmate No,Booked,Released\n1,7,2026-01-31,2026-02-01\n",
    )

    found = {each.names: each.mappings[0].pattern for each in make_plan(tmp_path).files}

    assert found == {("Data_2026_01.csv",): "Data_2026_01.csv", ("Data_2026_02.csv",): "Data_2026_02.csv"}


def test_values_of_a_file_with_our_names_are_mapped_too(tmp_path):
    header = "referral_id,person_id,referred_on,pathway,screening\n"
    inbox_of(
        tmp_path,
        referral__csv=header + "1,7,1/31/2026,Social contact,Not eligible\n2,7,2/1/2026,community,\n",
    )
    assert ingest.check(tmp_path).accounts[0].loaded == 0

    write_plan(tmp_path, make_plan(tmp_path))

    assert ingest.check(tmp_path).accounts[0].loaded == 2
    assert not make_plan(tmp_path).is_changed


# What it shows


def test_a_preview_shows_no_person(tmp_path):
    header = "Client ID,Note ID,Note Date,Note Type,Need Area\n"
    text = "Called the sister of Aster about the eviction."
    rows = "".join(f"QZX-{n},NZX-{n},2026-02-{n:02},Phone,{text} {n}\n" for n in range(1, 27))
    plan = make_plan(inbox_of(tmp_path, CaseNotes__csv=header + rows))

    found = plan.as_json()
    shown = json.dumps(found) + plan.as_text(tmp_path)

    assert found["files"][0]["previews"][0]["after"]
    assert "Phone" in shown and "2026-02-01" in shown
    assert "QZX" not in shown and "NZX" not in shown and "Aster" not in shown


def test_unused_columns_are_named_and_their_cells_are_not_shown(tmp_path):
    header = REFERRALS.strip() + ",Last Name,SSN\n"
    plan = make_plan(
        inbox_of(tmp_path, Referrals__csv=header + "1,7,2026-01-31,Court,W,Zinnia,123-45-6789\n")
    )

    assert plan.files[0].unused == ("Last Name", "SSN")
    assert "Zinnia" not in json.dumps(plan.as_json()) and "6789" not in json.dumps(plan.as_json())


# On the command line


def run(capsys, *arguments):
    code = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_an_unknown_export_goes_from_check_by_map_to_check(tmp_path, capsys):
    inbox_of(
        tmp_path, Diversions__csv="Case No,Defendant ID,Referral Date,Race\n1,7,1/31/2026,W\n2,8,2/1/2026,B\n"
    )

    code, out, _ = run(capsys, "check", tmp_path)
    assert code == 3
    assert "LD-206" in out and "How did the people in this file come to LEAD?" in out

    code, out, _ = run(capsys, "map", tmp_path, "--write")
    assert code == 3 and not (tmp_path / "mapping.toml").exists()

    answer = "Diversions.csv: pathway=jail_or_court"
    code, out, _ = run(capsys, "map", tmp_path, "--answer", answer, "--write")
    assert code == 0 and "Saved as" in out

    code, out, _ = run(capsys, "check", tmp_path)
    assert code == 0
    assert "Nothing new" in run(capsys, "map", tmp_path)[1]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("Diversions.csv: pathwy=community", "did you mean 'Diversions.csv: pathway'?"),
        ("Diversions.csv: pathway=comunity", "unknown answer 'comunity'; did you mean 'community'?"),
    ],
)
def test_a_wrong_answer_is_told_with_the_nearest(tmp_path, capsys, answer, words):
    inbox_of(tmp_path, Diversions__csv="Case No,Defendant ID,Referral Date,Race\n1,7,1/31/2026,W\n")

    code, out, err = run(capsys, "map", tmp_path, "--answer", answer)

    assert (code, out) == (2, "")
    assert words in err


def test_the_proposal_as_json_holds_the_mapping(tmp_path, capsys):
    inbox_of(tmp_path, Referrals__csv=REFERRALS + "1,7,2026-01-31,Court,W\n")

    code, out, _ = run(capsys, "map", tmp_path, "--format", "json")

    told = json.loads(out)
    assert code == 0
    assert read_mapping(told["mapping"].encode())[0].table == "referral"
    assert told["files"][0]["status"] == "new"


def test_an_inbox_without_exports_says_so(tmp_path, capsys):
    assert "Nothing to map" in run(capsys, "map", tmp_path)[1]
