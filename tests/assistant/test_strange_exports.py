"""Exports of systems whose words nobody has listed: what cells tell, what is asked, and what is never taken unasked."""

import itertools

import pytest

from leadstats.assistant import make_plan
from leadstats.assistant.questions import LEFT
from leadstats.model.schema import TABLES

DAYS = [f"2026-{month:02}-{day:02}" for month, day in itertools.product(range(1, 7), range(1, 26, 4))]


def plan_of(folder, name, header, rows, *answers):
    content = "\n".join([header, *(",".join(map(str, row)) for row in rows), ""])
    (folder / name).write_text(content, encoding="utf-8")
    return make_plan(folder, [f"{name}: {answer}" for answer in answers])


def columns_of(plan, table):
    return next(m.columns for each in plan.files for m in each.mappings if m.table == table)


def asked(plan):
    return {question.key.partition(": ")[2]: question for question in plan.questions}


@pytest.mark.parametrize(
    ("table", "key", "told"),
    [
        ("contact", "contact_id", ("person_id=Whom", "contacted_on=Day")),
        ("arrest", "arrest_id", ("person_id=Whom", "arrested_at=Day")),
    ],
)
def test_cells_that_number_the_rows_are_their_number_whatever_the_header(tmp_path, table, key, told):
    rows = [(f"W{n % 7}", day, f"L-{700 + n}", n % 5) for n, day in enumerate(DAYS)]
    copies = [*rows, rows[3], rows[9]]

    plan = plan_of(tmp_path, "book.csv", "Whom,Day,Line,Batch", copies, f"table={table}", *told)

    assert columns_of(plan, table)[key] == ("Line",)


def test_a_line_below_the_rows_does_not_hide_what_numbers_them(tmp_path):
    rows = [(f"L {700 + n}", day, f"W{n % 7}") for n, day in enumerate(DAYS)]
    told = ("table=contact", "person_id=Whom", "contacted_on=Day")

    plan = plan_of(tmp_path, "book.csv", "Line,Day,Whom", [*rows, rows[3], ("All rows: 40", "", "")], *told)

    assert columns_of(plan, "contact")["contact_id"] == ("Line",)


def test_a_column_of_days_is_not_the_only_one_beside_one_with_a_few_words(tmp_path):
    days = ["soon" if n % 7 == 0 else day for n, day in enumerate(DAYS)]
    rows = [(f"W{n}", day, DAYS[n] if n % 3 else "") for n, day in enumerate(days)]

    question = asked(plan_of(tmp_path, "book.csv", "Whom,Alpha,Omega", rows, "table=enrollment"))[
        "started_on"
    ]

    assert question.default is None and {"Alpha", "Omega"} <= {option for option, _ in question.options}


def test_a_counter_of_rows_numbers_nothing_since_next_month_begins_anew(tmp_path):
    rows = [(n, f"W{n % 7}", day) for n, day in enumerate(DAYS, start=1)]
    told = ("table=contact", "person_id=Whom", "contacted_on=Day")

    plan = plan_of(tmp_path, "book.csv", "Line,Whom,Day", rows, *told)

    assert columns_of(plan, "contact")["contact_id"] == ("(row)",)


def test_of_two_numbers_that_both_could_be_it_somebody_chooses_or_says_that_none_is(tmp_path):
    rows = [(f"L{n}", f"Z{90 - n}", f"W{n % 7}", day) for n, day in enumerate(DAYS)]
    told = ("table=contact", "person_id=Whom", "contacted_on=Day")

    question = asked(plan_of(tmp_path, "book.csv", "Line,Xref,Whom,Day", rows, *told))["contact_id"]

    offered = {option for option, _ in question.options}
    assert question.default is None and {"Line", "Xref", "(row)"} <= offered and "(none)" not in offered


@pytest.mark.parametrize("header", ["Day,Whom,Line", "Date noted,Client ID,Line"])
def test_a_number_a_person_and_a_day_are_in_many_a_table_so_that_it_is_asked(tmp_path, header):
    rows = [(day, f"W{n % 7}", f"L-{700 + n}") for n, day in enumerate(DAYS)]

    plan = plan_of(tmp_path, "book.csv", header, rows)

    assert asked(plan)["table"].default is None and not any(each.mappings for each in plan.files)


def test_an_answer_takes_its_column_from_whatever_else_it_was_thought_to_be(tmp_path):
    # Numbers of people that would be days as well, were a spreadsheet to read them.
    rows = [(34_000 + n, day, ("Court", "Walk-in")[n % 2]) for n, day in enumerate(DAYS)]

    plan = plan_of(
        tmp_path, "referrals.csv", "Person Ref,Came,Via", rows, "table=referral", "person_id=Person Ref"
    )

    columns = columns_of(plan, "referral")
    assert columns["person_id"] == ("Person Ref",) and columns["referred_on"] == ("Came",)


@pytest.mark.parametrize("words", [("VOID", "ok"), ("Entered in Error", "final")])
@pytest.mark.parametrize("table", ["contacts", "arrests"])
def test_rows_that_a_system_has_struck_out_are_asked_about_whatever_the_header(tmp_path, table, words):
    header = {"contacts": "Contact Date,Client ID,Contact ID", "arrests": "Arrest Date,Name ID,Arrest Number"}
    rows = [(day, f"W{n % 7}", f"L{n}", words[n % 6 > 0]) for n, day in enumerate(DAYS)]

    plan = plan_of(tmp_path, f"{table}.csv", f"{header[table]},Rcd", rows)

    assert words[0] in dict(asked(plan)["rows by Rcd"].options)


@pytest.mark.parametrize(
    ("mark", "said", "default", "read"),
    [
        (".", "day first", None, "%d.%m.%Y"),
        (".", "month first", None, "%m.%d.%Y"),
        ("/", "day first", "month first", "%d/%m/%Y"),
        ("/", "month first", "month first", "%m/%d/%Y"),
        ("-", "day first", "month first", "%d-%m-%y"),
    ],
)
@pytest.mark.parametrize("other", ["", "2025/03/01", "01-Mar-2025", "Mar 1 2025"])
def test_days_that_may_be_months_are_read_as_somebody_says(tmp_path, mark, said, default, read, other):
    """Some of them written in a way that leaves no doubt tell nothing of the others."""
    year = "25" if read.endswith("y") else "2025"
    days = [f"0{1 + n % 9}{mark}1{n % 3}{mark}{year}" if n % 3 or not other else other for n in range(24)]
    rows = [(f"W{n}", day, f"L{n}") for n, day in enumerate(days)]
    header = "Client ID,Contact Date,Contact ID"

    question = asked(plan_of(tmp_path, "contacts.csv", header, rows))["dates"]
    told = plan_of(tmp_path, "contacts.csv", header, rows, f"dates={said}")

    assert question.default == default
    (mapping,) = (m for each in told.files for m in each.mappings)
    assert read in mapping.formats["contacted_on"]
    assert len(mapping.formats["contacted_on"]) == 1 + bool(other)


def test_what_is_told_of_a_group_holds_where_it_stands_beside_others(tmp_path):
    races = ("Black", "Anglo", "Asian", "Anglo / Black", "Asian, Anglo", "Hispanic")
    rows = [(f"L{n}", day, f"W{n % 7}", f'"{races[n % 6]}"') for n, day in enumerate(DAYS)]
    answers = ("race=Kin", "race = Anglo=White")

    plan = plan_of(tmp_path, "arrests.csv", "Arrest Number,Arrest Date,Name ID,Kin", rows, *answers)

    (mapping,) = (m for each in plan.files for m in each.mappings)
    assert mapping.values["race"]["Anglo / Black"] == "White;Black or African American"
    assert mapping.values["race"]["Asian, Anglo"] == "Asian;White"


@pytest.mark.parametrize("header", ["Kin", "Race of officer", "ARR_RACE_TXT"])
@pytest.mark.parametrize(
    "known",
    [
        ("Black", "White"),
        ("Black", "A", "I"),
        ("Afro-American", "South Asian", "Latino/a/x"),
        ("Afro-American", "Hispanic", "A"),
        ("South Asian", "B", "South Asian|B"),
        ("BLK/AA", "H", "BLK/AA;H"),
        ("A", "B", "H", "A;H"),
    ],
)
def test_a_column_of_which_some_cells_name_groups_is_asked_about_and_is_no_place(tmp_path, header, known):
    races = (*known, "Oriental", "First Nations", "Islander")[:5]
    rows = [(f"L{n}", day, f"W{n % 7}", races[n % 5]) for n, day in enumerate(DAYS)]

    plan = plan_of(tmp_path, "arrests.csv", f"Arrest Number,Arrest Date,Name ID,{header}", rows)

    question = asked(plan)["race"]
    assert question.default is None and question.options[0][0] == header
    assert "neighborhood" not in columns_of(plan, "arrest")


@pytest.mark.parametrize(
    ("name", "header", "race"),
    [
        ("arrests.csv", "Arrest Number,Arrest Date,Name ID", "Race per ofc"),
        ("arrests.csv", "Arrest Number,Arrest Date,Name ID", "ARR_RACE_TXT"),
        ("stops.csv", "Stop Number,Stop Date,Officer ID", "Officer-perceived ethnicity"),
    ],
)
def test_a_column_called_race_is_asked_about_though_nobody_knows_a_word_of_it(tmp_path, name, header, race):
    words = ("Anglo", "First Nations", "Polynesian", "")
    rows = [(f"L{n}", day, f"W{n % 7}", words[n % 4]) for n, day in enumerate(DAYS)]

    question = asked(plan_of(tmp_path, name, f"{header},{race}", rows))["race"]
    told = plan_of(tmp_path, name, f"{header},{race}", rows, f"race={race}")

    first, second, *_ = (answer for answer, _ in question.options)
    assert (question.default, first, second) == (None, race, LEFT)
    assert {f"race = {each}" for each in words if each} <= {*asked(told)}


@pytest.mark.parametrize(
    ("table", "number", "day", "race", "key"),
    [
        ("arrest", "Blotter no.", "ARR_STAMP", "ARR_RACE_TXT", "arrest_id"),
        ("jail_stay", "Line", "BOOKED", "BOOKING_RACE", "stay_id"),
    ],
)
def test_words_of_races_number_nothing_though_their_header_is_the_likeliest(
    tmp_path, table, number, day, race, key
):
    words = ("Black", "W", "First Nations", "A", "A and Black", "Latino", "P", "Latino and W")
    rows = [(f"X 2{n:03}", words[n % 8], each, f"MN{n % 9:04}") for n, each in enumerate(DAYS)]
    answers = (f"table={table}", "person_id=Ref", f"{TABLES[table].dated_by}={day}")

    plan = plan_of(tmp_path, "events.csv", f"{number},{race},{day},Ref", rows, *answers)

    assert race not in columns_of(plan, table).get(key, ())
    assert asked(plan)["race"].options[0][0] == race


@pytest.mark.parametrize(
    ("table", "header"), [("arrest", "Arrest Number,Arrest Date"), ("stop", "Stop Number,Stop Date")]
)
def test_numbers_that_come_again_may_be_those_of_people_and_are_asked_about(tmp_path, table, header):
    rows = [(f"L{n}", day, f"W{n % 17}", f"Z{n}", n % 4) for n, day in enumerate(DAYS)]

    plan = plan_of(tmp_path, f"{table}s.csv", f"{header},KeyRef,Xref,Batch", rows)
    told = plan_of(tmp_path, f"{table}s.csv", f"{header},KeyRef,Xref,Batch", rows, "person_id=KeyRef")

    question = asked(plan)["person_id"]
    assert (question.default, [answer for answer, _ in question.options][:2]) == (LEFT, ["KeyRef", LEFT])
    assert columns_of(told, table)["person_id"] == ("KeyRef",)


@pytest.mark.parametrize(
    ("table", "header"),
    [("arrest", "Arrest Number,Arrest Date,Name ID"), ("stop", "Stop Number,Stop Date,Officer ID")],
)
@pytest.mark.parametrize(
    ("letters", "point", "held"),
    [("X,Y", (-99.73, 27.51), (("X",), ("Y",))), ("x,y", (1271004.5, 223041.5), (None, None))],
)
def test_x_and_y_are_a_point_if_they_are_degrees(tmp_path, table, header, letters, point, held):
    rows = [
        (*(round(each + n / 1000, 4) for each in point), f"L{n}", day, f"W{n % 7}")
        for n, day in enumerate(DAYS)
    ]

    plan = plan_of(tmp_path, f"{table}s.csv", f"{letters},{header}", rows)

    columns = columns_of(plan, table)
    assert (columns.get("longitude"), columns.get("latitude")) == held


@pytest.mark.parametrize(("arrested", "shared"), [(30, "20 of 20"), (12, "12 of 20")])
def test_numbers_of_people_whom_the_program_knows_join_whatever_the_header(tmp_path, arrested, shared):
    people = [(f"C{40 + n}", day, f"E{n}") for n, day in enumerate(DAYS[:20])]
    plan_of(tmp_path, "enrollments.csv", "Client ID,Start Date,Enrollment ID", people)
    arrests = [(f"A{n}", day, f"C{40 + n % arrested}") for n, day in enumerate(DAYS)]

    plan = plan_of(tmp_path, "arrests.csv", "Arrest Number,Arrest Date,Whom", arrests)

    question = asked(plan)["person_id"]
    assert question.default == "Whom" and f"{shared} numbers" in question.text


def test_columns_of_yes_and_no_are_offered_for_what_decides_numbers_and_are_no_class_of_charges(tmp_path):
    rows = [(f"L{n}", day, f"W{n % 7}", "X" if n % 3 else "", "Yes") for n, day in enumerate(DAYS)]
    rows[3] = (*rows[3][:4], "No")

    plan = plan_of(tmp_path, "arrests.csv", "Arrest Number,Arrest Date,Name ID,Chg OK,Handed", rows)

    questions = asked(plan)
    for name in ("is_charge_eligible", "is_diverted"):
        assert {option for option, _ in questions[name].options[:3]} == {"Chg OK", "Handed", "(none)"}
    assert "charge_class" not in columns_of(plan, "arrest")


def test_one_word_of_a_name_says_no_more_of_a_table_than_one_header(tmp_path):
    rows = [(day, f"W{n % 7}", f"L-{700 + n}") for n, day in enumerate(DAYS)]

    plan = plan_of(tmp_path, "case log.csv", "Day,Whom,Diary no.", rows)

    assert asked(plan)["table"].default is None


def test_places_of_a_table_beside_that_of_residents_are_not_theirs(tmp_path):
    groups = ("Black", "White", "Asian", "Hispanic")
    rows = [(f"Ward {n // 4}", groups[n % 4], 100 + n, "", "") for n in range(24)]
    rows[:3] = [
        (*row[:3], place, 9) for row, place in zip(rows, ("Mill", "Harbor", "Old Town"), strict=False)
    ]

    plan = plan_of(tmp_path, "population.csv", "Quarter,Race,Population,Place,n", rows)

    assert columns_of(plan, "population").get("neighborhood") != ("Place",)
