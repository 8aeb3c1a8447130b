"""What speaks for a mapping, and what is asked: files that meet, what cannot be otherwise, cells, headers."""

import itertools

import pytest

from leadstats import ingest
from leadstats.assistant import make_plan, undo, write_plan
from leadstats.cli.commands import main

DAYS = [f"2026-{month:02}-{day:02}" for month, day in itertools.product(range(1, 7), range(1, 26, 4))]


def lines(header, rows):
    return "\n".join([header, *(",".join(map(str, row)) for row in rows), ""])


def inbox_of(folder, **files):
    """Files by name, with __ for the dot and _ for itself."""
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_text(content, encoding="utf-8")
    return folder


def mapping_of(plan, table):
    return next(m for each in plan.files for m in each.mappings if m.table == table)


def keys(plan):
    return {question.key for question in plan.open_questions}


def question(plan, key):
    return next(each for each in plan.questions if each.key == key)


# How files meet


@pytest.mark.parametrize("carrier", ["Referrals", "Bookings"])
def test_the_number_that_joins_wins_over_the_one_whose_header_says_so(tmp_path, carrier):
    arrests = [(f"AR{n}", f"26-{4000 + n}", f"N{n}", day, "Misd") for n, day in enumerate(DAYS[:20])]
    carried = {
        "Referrals": lines(
            "Referral No,Client ID,Referral Date,Pathway,Police Report",
            [
                (n, f"C{n}", DAYS[n], "Court" if n % 2 else "Arrest diversion", f"26-{4000 + n}")
                for n in range(8)
            ],
        ),
        "Bookings": lines(
            "Booking No,Inmate No,Booked,Released,Agency Case Number",
            [(n, f"J{n}", DAYS[n], DAYS[n + 1], f"26-{4000 + n}") for n in range(8)],
        ),
    }[carrier]
    inbox_of(
        tmp_path,
        Arrests__csv=lines("Arrest Number,Event Ref,Name ID,Arrest Date,Charge Class", arrests),
        **{f"{carrier}__csv": carried},
    )

    plan = make_plan(tmp_path)

    assert mapping_of(plan, "arrest").columns["arrest_id"] == ("Event Ref",)
    asked = question(plan, "Arrests.csv: arrest_id")
    assert asked.default == "Event Ref" and "8 of 8 numbers" in asked.text


def test_small_numbers_of_two_systems_meet_by_chance(tmp_path):
    people = [(n, DAYS[n % 20], "Court") for n in range(1, 30)]
    inbox_of(
        tmp_path,
        Referrals__csv=lines(
            "Ref No,Client ID,Referral Date,Pathway", [(f"R{n}", n, *rest) for n, *rest in people]
        ),
        Jail__csv=lines(
            "Booking No,Inmate No,Booked,Released",
            [(f"B{n}", n, DAYS[n % 20], DAYS[n % 20 + 1]) for n in range(1, 40)],
        ),
    )

    asked = question(make_plan(tmp_path), "Jail.csv: numbering")

    assert asked.default is None and "by chance" in asked.text
    plan = make_plan(tmp_path, {asked.key: "its own numbers"})
    assert mapping_of(plan, "jail_stay").numbering == "jail" and not plan.open_questions


@pytest.mark.parametrize(
    ("births", "default"), [("the same", "asked nothing"), ("others", "its own numbers")]
)
def test_births_tell_whether_equal_numbers_are_equal_people(tmp_path, births, default):
    def enrollments(year):
        rows = [(f"{year}E{n}", n, f"{year + n}-03-0{n % 9 + 1}", DAYS[n]) for n in range(1, 20)]
        return lines("Enrollment No,Client ID,Date of Birth,Program Start", rows)

    second = enrollments(1960) if births == "the same" else enrollments(1980)
    inbox_of(tmp_path, Northside_enrollments__csv=enrollments(1960), Southside_enrollments__csv=second)
    plan = make_plan(tmp_path)
    asked = [each.default for each in plan.questions if each.key.endswith(": numbering")]

    assert asked == ([] if births == "the same" else [default])
    numberings = {each.mappings[0].pattern: each.mappings[0].numbering for each in plan.files}
    assert numberings["Southside_enrollments.csv"] == (None if births == "the same" else "southside")


def test_a_crosswalk_of_one_row_a_person_links_each_system(program):
    program.file(
        "ids.csv", lines("Client ID,Inmate #,Police Person", [(f"c{n}", f"j{n}", f"m{n}") for n in range(9)])
    )
    program.add(
        referral=[{"person_id": f"c{n}", "referred_on": "2026-01-10"} for n in range(9)],
        jail_stay=[
            {"person_id": f"j{n}", "stay_id": n, "booked_at": "2025-06-01", "released_at": "2025-06-05"}
            for n in range(6)
        ],
        stop=[{"person_id": f"m{n}", "stop_id": n, "stopped_at": "2026-02-01"} for n in range(4)],
    )
    plan = make_plan(program.write())
    write_plan(program.inbox, plan)

    assert mapping_of(plan, "person_link").links == {"Inmate #": ("jail_stay",), "Police Person": ("stop",)}
    linked = {each.source: each.people - each.unlinked_people for each in program.build().matches}
    assert linked["jail_stay"] == 6 and linked["stop"] == 4


# What cannot be otherwise


@pytest.mark.parametrize(
    ("table", "header", "name"),
    [
        ("jail_stay", "Booking No,Inmate No,Booked,Released", "Jail"),
        ("enrollment", "Enrollment No,Client ID,Start,End", "Programs"),
    ],
)
def test_an_end_before_its_beginning_is_no_end(tmp_path, table, header, name):
    rows = [(n, f"P{n}", DAYS[n + 10], DAYS[n]) for n in range(12)]
    plan = make_plan(inbox_of(tmp_path, **{f"{name}__csv": lines(header, rows)}))

    end = {"jail_stay": "released_at", "enrollment": "exited_on"}[table]
    mapping = plan.files[0].mappings[0]
    assert mapping.table == table and end not in mapping.columns


@pytest.mark.parametrize(
    ("name", "header", "key"),
    [
        ("Arrests", "Drivers License,Name ID,Arrest Date,Race", "arrest_id"),
        ("Bookings", "SSN,Inmate No,Booked,Released", "stay_id"),
    ],
)
def test_a_number_of_a_person_never_numbers_an_event(tmp_path, name, header, key):
    rows = [(f"D{n}", f"N{n}", DAYS[n], DAYS[n + 1] if "Released" in header else "White") for n in range(12)]
    (mapping,) = make_plan(inbox_of(tmp_path, **{f"{name}__csv": lines(header, rows)})).files[0].mappings

    assert mapping.columns[key] == tuple(header.split(",")[1:3])  # the person and the time


@pytest.mark.parametrize(
    ("odd", "is_asked"),
    [
        (("N40", "", ""), False),  # without a day no event, and turned away whatever the number is
        (("", DAYS[3], DAYS[4]), True),  # of nobody known, it would have no number
        (("N3", DAYS[3], DAYS[5]), True),  # one event or two?
    ],
)
def test_the_person_and_the_time_number_rows_that_have_both(tmp_path, odd, is_asked):
    rows = [(f"N{n}", DAYS[n], DAYS[n + 1]) for n in range(20)]
    plan = make_plan(inbox_of(tmp_path, Bookings__csv=lines("Inmate No,Booked,Released", [*rows, odd])))

    assert ("Bookings.csv: stay_id" in keys(plan)) == is_asked


def test_rows_without_any_number_are_numbered_and_equal_ones_count_each(program):
    header = "Contact Time,Area,Lat,Long"
    rows = [("2026-01-03 10:05", "East", 47.61, -122.31)] * 2 + [("2026-01-04 11:15", "West", 47.62, -122.32)]
    program.file("police stops.csv", lines(header, rows))
    write_plan(program.write(), make_plan(program.inbox, {"police stops.csv: table": "stop"}))

    assert program.value("stops", month="2026-01", by="total") == 3


# What cells hold


@pytest.mark.parametrize("name", ["People", "Jail"])
@pytest.mark.parametrize(
    ("header", "cells", "hispanic"),
    [
        ("Ethnicity", ["Not Hispanic or Latino", "Hispanic or Latino", "Unknown"], ("Hispanic or Latino",)),
        ("Hispanic Origin", ["N", "Y", ""], ("Y",)),
        ("Ethn Cd", ["NH", "H", "U"], ("H",)),
    ],
)
def test_ethnicity_is_joined_with_race_however_it_is_written(tmp_path, name, header, cells, hispanic):
    first = {"People": "Client ID,Date of Birth,Sex", "Jail": "Booking No,Inmate No,Booked"}[name]
    rows = [(f"B{n}", f"19{60 + n}-01-02" if name == "People" else f"P{n}", "F" if name == "People" else DAYS[n], "White" if n % 2 else "Black", cells[n % 3]) for n in range(12)]  # fmt: skip
    plan = make_plan(inbox_of(tmp_path, **{f"{name}__csv": lines(f"{first},Race,{header}", rows)}))
    mapping = plan.files[0].mappings[0]

    assert mapping.columns["race"] == ("Race",)
    assert mapping.marked == {header: "Hispanic or Latino"} and mapping.yes == {header: hispanic}


def test_check_boxes_of_races_are_joined_in_either_form(tmp_path):
    header = (
        "record_id,Client ID,Date of Birth,Sex,Race (choice=White),Race (choice=Black or African American)"
    )
    rows = [
        (n, f"P{n}", f"19{60 + n}-01-02", "Female", "Checked" if n % 2 else "Unchecked", "Checked")
        for n in range(9)
    ]
    plan = make_plan(inbox_of(tmp_path, people__csv=lines(header, rows)))

    assert set(mapping_of(plan, "person").marked.values()) == {"White", "Black or African American"}


@pytest.mark.parametrize(("header", "column"), [("X1", "race"), ("Col 9", "is_diverted")])
def test_cells_tell_what_no_header_says(tmp_path, header, column):
    cells = {"race": ["White", "Black", "Asian", "Hispanic"], "is_diverted": ["LEAD", "BKD", "CITE"]}[column]
    rows = [(f"A{n}", f"N{n}", day, cells[n % len(cells)]) for n, day in enumerate(DAYS[:24])]
    plan = make_plan(
        inbox_of(tmp_path, Arrests__csv=lines(f"Arrest Number,Name ID,Arrest Date,{header}", rows))
    )

    assert mapping_of(plan, "arrest").columns[column] == (header,)


def test_the_state_of_a_form_is_nobody_who_refers(tmp_path):
    rows = [(n, f"P{n}", DAYS[n], "Court", n % 3) for n in range(20)]
    header = "record_id,client_id,referral_date,pathway,referral_source_complete"
    plan = make_plan(inbox_of(tmp_path, form__csv=lines(header, rows)))

    assert "source_agency" not in mapping_of(plan, "referral").columns


@pytest.mark.parametrize("word", ["IN CUSTODY", "not yet"])
@pytest.mark.parametrize(("name", "header", "column"), [("Jail", "Booking No,Inmate No,Booked,Released", "released_at"), ("Programs", "Enrollment No,Client ID,Start,End", "exited_on")])  # fmt: skip
def test_a_few_words_among_days_make_no_other_column_of_them(tmp_path, name, header, column, word):
    rows = [(n, f"P{n}", DAYS[n % 30], word if n in (3, 4) else DAYS[n % 30 + 1]) for n in range(40)]
    plan = make_plan(inbox_of(tmp_path, **{f"{name}__csv": lines(header, rows)}))

    assert plan.files[0].mappings[0].columns[column] == (header.rpartition(",")[2],)


# What is asked once, and what is answered


@pytest.mark.parametrize(
    ("name", "header", "table"),
    [
        ("Enrollments", "Enrollment No,Client ID,Start Date,Program Name", "enrollment"),
        ("Contacts", "Contact No,Client ID,Contact Date,Program", "contact"),
    ],
)
def test_whether_every_row_counts_is_asked_once_and_again_for_a_new_program(tmp_path, name, header, table):
    def file(*programs):
        rows = [(f"E{n}", f"P{n}", DAYS[n], programs[n % len(programs)]) for n in range(12)]
        return {f"{name}__csv": lines(header, rows)}

    column = header.rpartition(",")[2]
    plan = make_plan(inbox_of(tmp_path, **file("LEAD", "Street Team")))
    key = f"{name}.csv: rows by {column}"
    asked = question(plan, key)
    assert key in keys(plan) and asked.rows == 12 and asked.people == 12 and asked.changes

    write_plan(tmp_path, make_plan(tmp_path, {key: "LEAD"}))
    assert not make_plan(tmp_path).questions
    assert ingest.check(tmp_path).accounts[0].out_of_scope == 6

    inbox_of(tmp_path, **file("LEAD", "Street Team", "Night Owls"))
    assert keys(make_plan(tmp_path)) == {f"{name}.csv: {table}.{column} = Night Owls"}
    report = ingest.check(tmp_path)
    assert "LD-243" in {found.code for found in report.problems} and report.exit_code == 3


def test_charges_that_may_be_diverted_are_asked_and_kept(program):
    rows = [
        (f"A{n}", f"N{n}", f"2026-01-{n + 1:02}", "MISD" if n % 3 else "FEL", "LEAD" if n == 1 else "BOOKED")
        for n in range(9)
    ]
    program.file("Arrests.csv", lines("Arrest Number,Name ID,Arrest Date,Charge Class,Disposition", rows))
    key = "Arrests.csv: divertible charges"
    assert question(make_plan(program.write()), key).default == "not known"

    write_plan(program.inbox, make_plan(program.inbox, {key: "MISD"}))

    assert not make_plan(program.inbox).questions
    assert program.value("eligible_arrests", month="2026-01", by="total") == 6
    assert program.value("arrests_diverted", month="2026-01", by="total") == 1


def test_every_column_is_offered_and_an_answer_that_loses_most_rows_is_refused(tmp_path, capsys):
    rows = [(n, f"P{n}", DAYS[n], "Court", f"note {n}") for n in range(12)]
    header = "Ref No,Client ID,Date Referred,Referral Type,Words"
    inbox_of(tmp_path, Referrals__csv=lines(header, rows))

    plan = make_plan(tmp_path, {"Referrals.csv: referred_on": "Words"})
    (refused,) = plan.refused
    assert (refused.lost, refused.rows) == (12, 12) and "12 of 12 rows" in plan.as_text(tmp_path)
    code = main(["map", str(tmp_path), "--write", "--answer", "Referrals.csv: referred_on=Words"])
    assert code == 2 and not (tmp_path / "mapping.toml").exists()

    taken = make_plan(
        tmp_path, {"Referrals.csv: neighborhood": "Words", "Referrals.csv: referral_id": "(row)"}
    )
    columns = mapping_of(taken, "referral").columns
    assert columns["neighborhood"] == ("Words",) and columns["referral_id"] == ("(row)",)


def test_none_is_an_answer_that_is_remembered(tmp_path):
    rows = [(n, f"P{n}", DAYS[n], DAYS[n + 1]) for n in range(12)]
    inbox_of(tmp_path, Jail__csv=lines("Booking No,Inmate No,Booked,Left Custody On", rows))
    asked = question(make_plan(tmp_path), "Jail.csv: released_at")
    assert asked.default is None and "Left Custody On" in dict(asked.options)

    write_plan(tmp_path, make_plan(tmp_path, {asked.key: "(none)"}))

    assert mapping_of(make_plan(tmp_path), "jail_stay").absent == ("released_at",)
    assert not make_plan(tmp_path).questions


def test_answers_end_whatever_they_say_and_everything_can_be_undone(tmp_path, capsys):
    rows = [(n, f"P{n}", DAYS[n], "Court") for n in range(12)]
    inbox_of(tmp_path, Referrals__csv=lines("Ref No,Client ID,Date Referred,Referral Type", rows))
    assert main(["map", str(tmp_path), "--answer", "nothing at all"]) == 2
    assert main(["map", str(tmp_path), "--answer", "Referrals.csv: shoe size=44"]) == 2

    assert main(["map", str(tmp_path), "--write"]) == 0
    first = (tmp_path / "mapping.toml").read_text()
    assert (
        main(["map", str(tmp_path), "--write", "--answer", "Referrals.csv: referral.referred_on=Ref No"]) == 2
    )
    assert (
        main(
            [
                "map",
                str(tmp_path),
                "--write",
                "--answer",
                "Referrals.csv: referral.source_agency=Referral Type",
            ]
        )
        == 0
    )
    assert (tmp_path / "mapping.toml").read_text() != first

    assert undo(tmp_path) and (tmp_path / "mapping.toml").read_text() == first
    assert undo(tmp_path) and not (tmp_path / "mapping.toml").exists() and not undo(tmp_path)


def test_a_mapping_written_by_hand_is_not_undone(tmp_path):
    (tmp_path / "mapping.toml").write_text("# by hand\n")
    assert not undo(tmp_path) and (tmp_path / "mapping.toml").read_text() == "# by hand\n"
    write_plan(tmp_path, make_plan(tmp_path))
    assert undo(tmp_path) and (tmp_path / "mapping.toml").read_text() == "# by hand\n"


def test_the_mapping_says_why_and_names_what_was_overlooked(tmp_path):
    rows = [
        (n, f"P{n}", DAYS[n], "Court", "M" if n % 2 else "F", ("Open", "Shut")[n % 2], DAYS[n])
        for n in range(12)
    ]
    header = "Ref No,Client ID,Date Referred,Referral Type,Officer Sex,Case Status,Hearing"
    plan = make_plan(inbox_of(tmp_path, Referrals__csv=lines(header, rows)))

    assert (
        'referred_on = "Date Referred" # 100% of the cells are days; the header is a known name' in plan.text
    )
    assert plan.files[0].overlooked == (("Case Status", "status"), ("Hearing", "a date"))
    assert "looks like status: Case Status" in plan.as_text(tmp_path)


# The second month


@pytest.mark.parametrize(
    ("name", "old", "new", "column"),
    [
        (
            "Programs",
            "Enrollment No,Client ID,Start,End",
            "Enrollment No,Client ID,Start,Closed Out On",
            "exited_on",
        ),
        (
            "Jail",
            "Booking No,Inmate No,Booked,Released",
            "Booking No,Inmate No,Booked,Out Dttm",
            "released_at",
        ),
    ],
)
def test_an_end_under_another_name_is_found_or_asked_for_and_never_lost(tmp_path, name, old, new, column):
    rows = [(n, f"P{n}", DAYS[n], DAYS[n + 1]) for n in range(12)]
    inbox_of(tmp_path, **{f"{name}__csv": lines(old, rows)})
    write_plan(tmp_path, make_plan(tmp_path))
    inbox_of(tmp_path, **{f"{name}__csv": lines(new, rows)})
    plan = make_plan(tmp_path)
    theirs = new.rpartition(",")[2]

    asked = next(each for each in plan.questions if each.key.endswith(column))
    assert theirs in dict(asked.options)
    answered = make_plan(tmp_path, {asked.key: theirs})
    assert answered.files[0].mappings[0].renamed == {theirs: old.rpartition(",")[2]}
    write_plan(tmp_path, answered)
    assert not make_plan(tmp_path).questions and ingest.check(tmp_path).exit_code in (0, 1)


def test_values_find_a_renamed_column_beside_one_of_numbers(tmp_path):
    def arrests(header):
        rows = [(f"A{n}", f"N{n}", DAYS[n], n % 3, ("LEAD", "BKD", "CITE")[n % 3]) for n in range(12)]
        return lines(f"Arrest Number,Name ID,Arrest Date,Seq,{header}", rows)

    inbox_of(tmp_path, Arrests__csv=arrests("Disposition"))
    write_plan(tmp_path, make_plan(tmp_path))
    inbox_of(tmp_path, Arrests__csv=arrests("Z7"))

    plan = make_plan(tmp_path)

    assert mapping_of(plan, "arrest").renamed == {"Z7": "Disposition"} and not plan.open_questions
    assert "values that Disposition had" in plan.text


@pytest.mark.parametrize("is_mapped_again", [True, False])
def test_the_same_headers_are_the_same_mapping_whatever_the_file_is_called(tmp_path, is_mapped_again):
    rows = [(n, f"P{n}", DAYS[n], DAYS[n + 1]) for n in range(12)]
    inbox_of(tmp_path, JMS_export__csv=lines("Booking No,Inmate No,Booked,Released", rows))
    write_plan(tmp_path, make_plan(tmp_path))
    (tmp_path / "JMS_export.csv").rename(tmp_path / "from the sheriff.csv")

    if is_mapped_again:
        plan = make_plan(tmp_path)
        assert not plan.questions and plan.is_changed
        write_plan(tmp_path, plan)
    report = ingest.check(tmp_path)

    assert report.exit_code == 0 and report.accounts[0].loaded == 12
    assert ("LD-241" in {found.code for found in report.problems}) is not is_mapped_again


# Two providers


def test_two_exports_that_number_others_alike_stop_the_build_until_one_has_its_own(program):
    def referrals(people):
        rows = [(n, f"{people}{n}", f"2026-01-{n:02}", "community") for n in range(1, 10)]
        return lines("referral_id,person_id,referred_on,pathway", rows)

    program.file("north/referral.csv", referrals("a"))
    program.file("south/referral.csv", referrals("b"))
    report = program.build()
    (found,) = (each for each in report.problems if each.code == "LD-244")
    assert report.exit_code == 3 and report.snapshot is None and "9 of 9" in found.value

    program.file(
        "mapping.toml", '[[files]]\npattern = "south/referral.csv"\ntable = "referral"\nnumbering = "south"\n'
    )
    assert program.value("referrals_received", month="2026-01", by="total") == 18


def test_a_source_with_its_own_numbers_is_linked_by_its_name(program):
    program.add(enrollment=[{"person_id": "P1", "enrollment_id": "E1", "started_on": "2026-01-02"}])
    program.file(
        "south.csv",
        lines("enrollment_id,person_id,started_on", [("E1", "P1", "2026-02-02"), ("E2", "P7", "2026-02-03")]),
    )
    program.file(
        "mapping.toml", '[[files]]\npattern = "south.csv"\ntable = "enrollment"\nnumbering = "south"\n'
    )
    program.file("person_link.csv", lines("source,source_person_id,person_id", [("south", "P7", "P1")]))

    people = program.value("people_enrolled", first_month="2026-01", last_month="2026-02", by="total")

    assert people == 2  # south's P7 is P1; south's P1 is somebody else
