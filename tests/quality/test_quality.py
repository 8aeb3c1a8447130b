"""How far the numbers can be trusted: bounds worked by hand, nobody to be recognized, one plain file."""

import re
from datetime import date
from xml.etree import ElementTree

import pytest

from leadstats import quality
from leadstats.briefing import View, default_months

UNTIL = date(2026, 3, 31)


def _view(database, audience):
    return View(database, audience, default_months(database))


def sections(program, audience="analyst"):
    return {section.title: section for section in quality.sections(_view(program.database, audience))}


def effects(program, audience="analyst"):
    """What is said of each figure, by the first words of its line."""
    (gaps,) = (
        each for title, each in sections(program, audience).items() if title.startswith("What each gap")
    )
    return {figure.partition(":")[0]: (figure, said) for figure, said in gaps.tables[0].rows}


def everything_said(program, audience):
    return repr(list(quality.sections(_view(program.database, audience))))


def test_stays_that_no_roster_confirms_give_a_range_of_nights(program):
    program.add(
        jail_stay=[
            {"person_id": 1, "booked_at": "2026-03-01", "released_at": "2026-03-11"},
            {"person_id": 2, "booked_at": "2026-03-22", "is_on_roster": "no"},
        ]
    ).site(data_through=UNTIL)

    assert "are left out: between 10 and 20 nights" in effects(program)["Jail nights, whole jail"][1]


def test_without_a_roster_open_stays_count_and_the_range_goes_down(program):
    program.add(
        jail_stay=[
            {"person_id": 1, "booked_at": "2026-03-01", "released_at": "2026-03-11"},
            {"person_id": 2, "booked_at": "2026-03-22"},
        ]
    ).site(data_through=UNTIL)

    figure, said = effects(program)["Jail nights, whole jail"]
    assert figure.endswith("20 nights")
    assert "still inside: between 10 and 20 nights" in said


def test_rows_that_could_not_be_used_move_a_number_by_so_much_at_most(program):
    program.add(
        referral=[{"person_id": n} for n in range(1, 19)] + [{"referred_on": "soon"}, {"referred_on": ""}]
    )
    program.site(data_through=UNTIL)

    figure, said = effects(program)["People referred"]
    assert figure == "People referred: 18 people"
    assert "2 referral rows (10%) could not be used: at most 2 more." in said


def test_rows_that_could_not_be_used_give_a_rate_two_ends(program):
    flags = ["yes"] * 6 + ["no"] * 12
    program.add(
        arrest=[
            {"person_id": n, "is_charge_eligible": "yes", "is_diverted": flag} for n, flag in enumerate(flags)
        ]
        + [{"arrested_at": "soon"}] * 2
    ).site(data_through=UNTIL)

    # 6 of 18; with two more, between 6 and 8 of 20.
    assert "between 30% and 40% whatever they hold" in effects(program)["Diversion rate"][1]


def test_net_nights_need_the_arrest_behind_a_stay(program):
    before, since = "2024-06-01", "2026-01-10"
    program.add(
        arrest=[
            {
                "arrest_id": f"b{n}",
                "person_id": n,
                "arrested_at": before,
                "charge_class": "Theft",
                "is_charge_eligible": "yes",
                "is_booked": "yes",
            }
            for n in range(30)
        ]
        + [
            {
                "arrest_id": "d",
                "person_id": 99,
                "arrested_at": since,
                "charge_class": "Theft",
                "is_charge_eligible": "yes",
                "is_diverted": "yes",
            }
        ],
        jail_stay=[
            {"person_id": n, "booked_at": before, "released_at": "2024-06-04", "charge_class": "Theft"}
            for n in range(30)
        ],
        referral=[{"person_id": 99, "referred_on": "2025-01-05"}],
    ).site(data_through=UNTIL)

    assert (
        "only the gross number, 3 nights, stands"
        in effects(program)["Jail nights avoided by diversion, estimated"][1]
    )


@pytest.fixture
def half_linked(program):
    """20 people followed for a year; the arrests and the jail number people their own way. Four of the
    20 are linked and arrested again, four more linked and not; five unlinked people were arrested."""
    program.add(
        referral=[{"person_id": n + 1, "referred_on": "2024-06-01"} for n in range(20)],
        person_link=[
            {"source": source, "source_person_id": f"X{n}", "person_id": n + 1}
            for n in range(8)
            for source in ("arrest", "jail_stay")
        ],
        arrest=[
            {"person_id": f"X{n}", "arrested_at": "2024-07-01" if n < 4 else "2023-01-01"} for n in range(8)
        ]
        + [{"person_id": f"U{n}", "arrested_at": "2024-08-01"} for n in range(5)],
        jail_stay=[
            {"person_id": f"X{n}", "booked_at": "2024-07-01", "released_at": "2024-07-11"} for n in range(8)
        ]
        + [{"person_id": "U1", "booked_at": "2024-08-01", "released_at": "2024-08-21"}],
    )
    return program.site(data_through=date(2025, 7, 10))


def test_unlinked_people_bound_what_is_said_of_participants(half_linked):
    said, followed = effects(half_linked), "July 2023 to June 2024"

    # 4 of 20 at best; 5 more if every unlinked person were one of the 12 who are in no arrest record.
    figure, arrests = said[f"Arrested again within 365 days, {followed}"]
    assert figure.endswith("20%")
    assert (
        "5 people arrested since are linked to nobody, and 12 of the people followed have no such record"
        in arrests
    )
    assert "if all are, it is up to 45%" in arrests
    # 80 nights of 20 people; 20 more.
    assert (
        "up to 5 nights"
        in said[
            f"Jail nights in the year after referral, people referred with a full year on both sides, {followed}"
        ][1]
    )


def test_match_rates_are_shown_and_protected(half_linked):
    table = sections(half_linked)["Whose records they are"].tables[0]
    assert {row[0]: row[1:] for row in table.rows}["Arrest"] == ("8 of 13 (62%)", "8 of 20 (40%)")

    table = sections(half_linked, "coordinating_group")["Whose records they are"].tables[0]
    assert {row[0]: row[1:] for row in table.rows}["Arrest"] == ("hidden to protect privacy",) * 2
    assert "5 people" not in everything_said(half_linked, "coordinating_group")


def test_what_few_rows_hold_is_for_analysts_alone(program):
    program.add(referral=[{"pathway": "Zebra", "person_id": n} for n in range(3)] + [{"pathway": "Yak"}] * 0)
    program.add(referral=[{"pathway": "Heron", "person_id": n} for n in range(10, 30)])
    program.add(referral=[{"person_id": 50}])

    group, analyst = (everything_said(program, audience) for audience in ("coordinating_group", "analyst"))

    assert "Zebra" in analyst and "Heron" in analyst
    assert "Zebra" not in group and "fewer than 11" in group and "Heron" in group


def test_a_value_that_stands_for_others_is_one_persons_and_not_shown(program):
    program.add(
        enrollment=[
            {"person_id": n, "started_on": "2026-01-15", "exited_on": f"2025-12-{n:02}"} for n in range(1, 21)
        ]
        + [{"person_id": 50}]
    )

    assert "2025-12-01" in everything_said(program, "analyst")
    assert "2025-12-01" not in everything_said(program, "coordinating_group")


def test_a_source_that_thins_out_is_told(program):
    days = [date.fromordinal(UNTIL.toordinal() - shift) for shift in range(28, 420)]
    program.add(referral=[{"person_id": n, "referred_on": day} for n, day in enumerate(days)])
    program.add(contact=[{"contacted_on": "2026-03-20"}]).site(data_through=UNTIL)

    reach = sections(program)["How far each export reaches"]

    assert any(
        sentence.startswith("Referral hold clearly fewer events than usual") for sentence in reach.sentences
    )
    assert {row[0]: row[-1] for row in reach.tables[0].rows} == {
        "Contact": "too few to tell",
        "Referral": "under half",
    }


def test_an_export_that_ends_early_is_told_with_what_it_holds_back(program):
    program.add(referral=[{"referred_on": "2026-03-31"}], arrest=[{"arrested_at": "2026-01-31"}])

    assert "Arrest end earlier" in sections(program)["How far each export reaches"].sentences[0]
    assert "It ends on 31 January 2026, as far as arrest reach." in effects(program)["Diversion rate"][1]


def test_fields_are_counted_for_each_race(program):
    program.add(
        person=[{"person_id": n + 1, "race": "White" if n < 20 else "Asian"} for n in range(40)],
        referral=[{"person_id": n + 1, "neighborhood": "" if n < 5 else "Mill Row"} for n in range(40)],
    ).site(data_through=UNTIL)

    _, by_race = sections(program)["How complete the fields are"].tables

    place = by_race.head.index("Place of people referred")
    assert {row[0]: row[place] for row in by_race.rows if row[0] in ("White", "Asian")} == {
        "White": "25%",
        "Asian": "0%",
    }


def test_corrections_stand_in_a_table_without_key_or_reason(program):
    program.add(referral=[{"referral_id": "R-77"}])
    program.file(
        "corrections.csv",
        "table,key,column,new_value,reason,who,when\n"
        "referral,R-77,pathway,social_contact,told by Zelda,Q. Office,2026-02-01\n",
    )

    (table,) = sections(program)["Corrections"].tables

    assert table.rows == [("row 2", "Referral", "pathway")]
    assert not re.search("R-77|Zelda|Q. Office", everything_said(program, "analyst"))


def test_the_report_is_one_file_that_needs_nothing_else(half_linked, tmp_path):
    half_linked.site(name="<script>alert(1)</script> & Co", data_through=date(2025, 7, 10))
    half_linked.build()
    file = tmp_path / "report.html"

    quality.write_report(half_linked.data, file)

    text = file.read_text(encoding="utf-8")
    assert "<script>alert" not in text and "&lt;script&gt;alert(1)" in text
    page = ElementTree.fromstring(re.sub(r"<meta[^>]*>", "", text.removeprefix("<!doctype html>")))
    assert not [node.tag for node in page.iter() if node.tag in ("script", "img", "link", "iframe")]
    assert all(node.get("href").startswith("#") for node in page.iter("a"))
    titles = [node.text for node in page.iter("h2")]
    assert titles == list(sections(half_linked, "coordinating_group"))
    quality.write_report(half_linked.data, file)
    assert file.read_text(encoding="utf-8") == text


def test_hardly_any_data_give_a_report_all_the_same(program, tmp_path):
    program.add(population=[{"people": 10}]).build()

    quality.write_report(program.data, tmp_path / "report.html")

    assert "needs referral" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_what_is_wrong_with_a_file_is_shown_to_everybody(program):
    program.file(
        "referral.csv", "referral_id;person_id;referred_on;pathway;Weather\n1;1;2026-01-15;community;dry\n"
    )

    said = everything_said(program, "coordinating_group")

    assert (
        "'Found': 'Weather'" in said
        and "Note: Another separator than the comma, referral.csv, LD-112" in said
    )
