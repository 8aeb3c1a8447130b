"""What the equity page says: where a gap is clear, how small groups are pooled, and what a yardstick decides."""

from dataclasses import replace
from datetime import date

import pytest
from results import BLACK, OCTOBER, SPAN, WHITE, arrests, result

from leadstats.analysis.equity import EVERYONE_ELSE, IN_COMBINATION, EquityRow, EquityTable, equity
from leadstats.counting.catalog import load_metrics
from leadstats.counting.view import Cell
from leadstats.narrative import equity_sentences, stage_words

ASIAN = "Asian"


def stage(name, *rows, unknown=None, bounds=(), total=None):
    return EquityTable(
        name, result("diversion_rate").metric, WHITE, OCTOBER, rows, unknown, total, dict(bounds), (), 40
    )


def row(group, ratio=None, **more):
    """Of 200, a tenth; the reference has 40 of 200."""
    numbers = dict(n=200, x=20, rate=10.0, gap=-10.0, gap_low=-17.0, gap_high=-3.0)
    numbers |= dict(additional_people=20.0, additional_low=6.0, additional_high=34.0)
    return EquityRow(group, **(numbers | {"reference_n": 200, "reference_rate": 20.0, "ratio": ratio} | more))


ADVERSE = {"is_clear": True, "is_adverse": True, "fares_worse": True}
CLEAR = row(BLACK, 0.7, **ADVERSE)
CLEARER = row(ASIAN, 0.4, **ADVERSE)
VAGUE, BETTER = row(ASIAN, 0.3), row(ASIAN, 5.0, is_clear=True)
MAY_BE_NONE = {"gap_low": -22.4, "gap_high": 2.0, "ratio_low": 0.41, "ratio_high": 1.09}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            EquityRow(BLACK, hidden="too few"),
            "For Black or African American people: hidden to protect privacy.",
        ),
        (EquityRow(ASIAN), "For Asian people: no records."),
        (EquityRow(WHITE, 80, 24, 30.0), "Officers diverted 30% of eligible arrests of White people."),
        (
            row(BLACK, 0.67, **MAY_BE_NONE),
            "Officers diverted 10.0% of eligible arrests of Black or African American people and 20.0% of those of "
            "White people: no clear difference; anything from 0.41 to 1.1 times as often fits.",
        ),
        (
            CLEAR,
            "Officers diverted 10.0% of eligible arrests of Black or African American people and 20.0% of those of "
            "White people: 0.70 times as often. At the same rate, 20 more would have been diverted (6 more to 34 "
            "more).",
        ),
        (
            VAGUE,
            "Officers diverted 10.0% of eligible arrests of Asian people and 20.0% of those of White people: 0.30 "
            "times as often, but not clear of chance among the 40 comparisons that the data allow.",
        ),
    ],
)
def test_a_group_is_told_with_its_rate_its_reference_and_what_it_amounts_to(row, said):
    assert equity_sentences.sentence(stage("arrest_to_diversion", row), row) == said


def test_without_a_ratio_the_gap_is_told_in_points_and_a_small_group_is_named_one():
    few = row(BLACK, n=20, x=2, **ADVERSE)
    told = equity_sentences.sentence(stage("arrest_to_diversion", few), few)
    assert ": 10 points less. At the same rate" in told
    assert told.endswith(" Small group.")
    unsure = row(BLACK, gap_high=2.0, n=20)
    told = equity_sentences.sentence(stage("arrest_to_diversion", unsure), unsure)
    assert "no clear difference; anything from -17 to +2 points fits." in told


def test_at_a_burden_fewer_would_have_had_it():
    more = row(BLACK, 2.0, gap=10.0, gap_low=3.0, gap_high=17.0, additional_people=-20.0, **ADVERSE)
    told = equity_sentences.sentence(stage("arrest_to_booking", more), more)
    assert "2.0 times as often. At the same rate, 20 fewer would have led to jail" in told


def test_nothing_of_a_hidden_group_is_told():
    told = equity_sentences.rows(stage("arrest_to_diversion", EquityRow(BLACK, hidden="too few")))[0]
    assert {name for name, value in told.items() if value not in (None, False)} == {
        "group",
        "hidden",
        "sentence",
    }
    assert not any(character.isdigit() for character in told["sentence"])


def test_a_stage_speaks_of_the_largest_clear_gap_in_people():
    clear, vague = row("A", additional_people=10.0, **ADVERSE), row("C", n=900, gap_high=1.0)
    larger = row("B", n=500, additional_people=50.0, **ADVERSE)
    found = stage("arrest_to_diversion", clear, larger, vague)
    assert "of B people" in equity_sentences.of_stage(found)
    assert "of C people" in equity_sentences.of_stage(stage("arrest_to_diversion", vague))
    assert equity_sentences.verdict(found) == "A people and B people fared differently from White people"
    assert (
        equity_sentences.verdict(stage("arrest_to_diversion", vague))
        == "the data cannot tell a gap from none between White people and other groups"
    )


def test_unknown_race_is_a_finding_with_its_consequence():
    row = EquityRow("Black", 120, 24, 20.0, ratio=0.67)
    reference = EquityRow("White", 80, 24, 30.0)
    unknown = Cell(None, "Unknown", numerator=6, denominator=20)
    bounds = {"Black": (0.512, 0.932)}.items()
    known = stage("arrest_to_diversion", row, reference, unknown=unknown, bounds=bounds, total=220)
    assert equity_sentences.unknown_race(known) == [
        "Race is unknown for 9.1% of eligible arrests.",
        "Were it known, the ratio of Black people to White people at arrest to diversion could lie anywhere between 0.51 and 0.93.",
    ]


def test_the_share_of_unknown_race_is_of_hidden_groups_too_and_of_nothing_where_the_total_is_hidden(program):
    races = {BLACK: (10, 40), WHITE: (20, 48), ASIAN: (1, 6), "nobody knows": (3, 12)}
    program.add(arrest=arrests(**races)).site(data_through=date(2026, 6, 30))
    found = equity(program.database, "arrest_to_diversion", SPAN, "analyst")
    assert equity_sentences.unknown_race(found)[0].startswith("Race is unknown for 11.3% of")  # 12 of 106
    rows = tuple(EquityRow(each.group, hidden="too few") if each.n == 6 else each for each in found.rows)
    assert equity_sentences.unknown_race(replace(found, rows=rows)) == equity_sentences.unknown_race(found)
    assert equity_sentences.unknown_race(replace(found, total=None)) == []


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ((EquityRow(BLACK, hidden="too few"), EquityRow(WHITE, 80, 24, 30.0)), "hidden to protect privacy"),
        ((EquityRow(BLACK, hidden="too few"), EquityRow(WHITE)), "no records"),
        ((EquityRow(BLACK), EquityRow(WHITE, 80, 24, 30.0)), "no records"),
        ((EquityRow(BLACK, hidden="not recorded"), EquityRow(WHITE, hidden="not recorded")), "not recorded"),
    ],
)
def test_a_stage_is_called_hidden_only_where_something_is(rows, why):
    said = equity_sentences.of_stage(stage("arrest_to_diversion", *rows))
    assert said == f"No group can be compared with White people for this choice: {why}."


def test_every_stage_has_words():
    staged = {metric.stage for metric in load_metrics().values() if metric.stage}
    assert staged == set(stage_words.PHRASES) == set(stage_words.STAGES)


def test_the_largest_clear_gap_is_named_in_people_and_as_a_ratio_each_with_its_stage():
    """0.4 is farther from 1 than 0.7; 20 more people are as many, of whom the first is told."""
    many = row(BLACK, 0.7, additional_people=120.0, **ADVERSE)
    said = equity_sentences.steepest(
        [stage("arrest_to_diversion", many), stage("homeless_to_housed", CLEARER)]
    )
    assert said.startswith(
        "The largest clear gap in people arises at arrest to diversion. Officers diverted 10.0% of eligible arrests of "
        "Black or African American people"
    )
    assert "The largest as a ratio arises at homeless to housed. Housing was found" in said
    both = equity_sentences.steepest([stage("homeless_to_housed", CLEARER)])
    assert both.startswith(
        "The largest clear gap, in people and as a ratio, arises at homeless to housed. Housing"
    )


def test_of_a_group_that_fares_better_no_sentence_asks_for_fewer():
    """Booked less often, or diverted more often: neither is a loss to make good."""
    more = row(BLACK, 2.0, gap=10.0, gap_low=3.0, gap_high=17.0, additional_people=-20.0, is_clear=True)
    for name in ("arrest_to_diversion", "arrest_to_booking"):
        told = equity_sentences.sentence(stage(name, more), more)
        assert told.endswith("2.0 times as often, clear of chance.")


def test_a_gap_in_favor_of_one_group_against_everyone_else_is_a_gap():
    """It read "no clear gap to anybody's disadvantage", though all others together fared worse than one group."""
    found = replace(stage("arrest_to_diversion", replace(BETTER, ratio=1.4)), reference=EVERYONE_ELSE)
    assert equity_sentences.where([found]) == (
        "Compared with everyone else: a clear gap at arrest to diversion in favor of Asian people, the one stage that can be compared"
    )
    assert equity_sentences.steepest([found]).endswith("1.4 times as often, clear of chance.")


def test_every_sentence_of_a_stage_names_the_group_it_compares_with():
    against = replace(stage("arrest_to_diversion", CLEAR, VAGUE), reference=EVERYONE_ELSE)
    nothing = replace(against, rows=(VAGUE,))
    hidden = replace(against, rows=(EquityRow(BLACK, hidden="too few"),))
    for table in (against, nothing, hidden):
        said = (equity_sentences.steepest([table]), equity_sentences.of_stage(table))
        assert all("everyone else" in each and "White" not in each for each in said), said
    for table in (against, nothing):
        said = (equity_sentences.where([table]), equity_sentences.verdict(table))
        assert all("everyone else" in each for each in said), said


def test_the_largest_clear_gap_is_found_among_all_stages():
    tables = [
        stage("arrest_to_diversion", CLEAR, VAGUE),
        stage("homeless_to_housed", CLEARER),
        stage("referral_to_intake", BETTER),
    ]
    assert equity_sentences.steepest(tables).startswith(
        "The largest clear gap in people arises at arrest to diversion. Officers diverted"
    )
    assert equity_sentences.where(tables) == (
        "Compared with White people: a clear gap at arrest to diversion for Black or African American people, homeless to "
        "housed for Asian people and referral to intake in favor of Asian people; 3 of 3 stages that can be compared"
    )


def test_without_a_clear_gap_none_is_named_and_none_denied():
    vague = [stage("arrest_to_diversion", VAGUE)]
    assert equity_sentences.steepest(vague).startswith(
        "Most records are about this: Officers diverted 10.0% of eligible arrests of Asian people and 20.0% of those of White"
    )
    assert "not clear of chance" in equity_sentences.steepest(vague)
    assert equity_sentences.where(vague) == (
        "Compared with White people: no clear gap at the one stage that can be compared"
    )
    hidden = [stage("arrest_to_diversion", EquityRow(BLACK, hidden="too few"))]
    assert equity_sentences.steepest(hidden) == (
        "No group can be compared with White people at any stage for this choice."
    )
    assert equity_sentences.where(hidden) == "No stage can be compared for this choice"


def test_more_often_is_the_disadvantage_where_the_stage_is_a_burden(program):
    booked = [
        {"arrested_at": "2026-02-10", "is_charge_eligible": "yes", "is_booked": answer, "race": race}
        for race, yes, no in ((BLACK, 60, 40), (WHITE, 30, 70))
        for answer in ["yes"] * yes + ["no"] * no
    ]
    diverted = arrests(**{ASIAN: (60, 100)})
    program.add(arrest=booked + diverted).site(data_through=date(2026, 6, 30))
    rows = {each.group: each for each in equity(program.database, "arrest_to_booking", SPAN, "analyst").rows}
    assert rows[BLACK].ratio == 2 and rows[BLACK].is_clear and rows[BLACK].is_adverse


def test_small_groups_are_pooled_over_years_then_alone_or_with_others_then_counted(program):
    records = arrests(**{BLACK: (3, 20), ASIAN: (2, 12), WHITE: (40, 90), "Asian;White": (9, 18)})
    for number, record in enumerate(records):
        if record["race"] == BLACK:
            record["arrested_at"] = ("2024-03-01", "2026-02-10")[number % 2]
    earlier = [
        {**record, "person_id": f"x{record['person_id']}", "arrested_at": "2024-03-01T10:00"}
        for record in arrests(**{BLACK: (20, 60)})
    ]
    few = arrests(**{"Native Hawaiian or Pacific Islander": (0, 6)})
    program.add(arrest=[*records, *earlier, *few]).site(data_through=date(2026, 6, 30))
    years = replace(SPAN, first_month=date(2023, 7, 1))
    views = [
        equity(program.database, "arrest_to_diversion", filters, "coordinating_group")
        for filters in (SPAN, years, replace(years, breakdown=IN_COMBINATION))
    ]
    said = {sentence.split(" people")[0]: sentence for sentence in equity_sentences.pooled(*views)}
    assert len(said) == 3
    black = next(each for each in said.values() if BLACK in each and "also with others" not in each)
    assert "Officers diverted 29% of eligible arrests of Black or African American people" in black
    asian = next(each for each in said.values() if "arrests of Asian people" in each)
    assert "also with others" in asian
    hidden = next(each for each in said.values() if each.startswith("Too few even then"))
    assert "Native Hawaiian or Pacific Islander people" in hidden


def test_alone_or_in_combination_is_held_against_people_of_the_reference_only(program):
    program.add(arrest=arrests(**{BLACK: (10, 40), WHITE: (20, 50), f"{BLACK};White": (5, 10)})).site(
        data_through=date(2026, 6, 30)
    )
    found = equity(
        program.database, "arrest_to_diversion", replace(SPAN, breakdown=IN_COMBINATION), "analyst"
    )
    rows = {each.group: each for each in found.rows}
    assert (rows[BLACK].x, rows[BLACK].n) == (15, 50)
    assert (rows[WHITE].x, rows[WHITE].n) == (20, 50)  # not 25 of 60
    assert rows[BLACK].ratio == pytest.approx(0.75)
