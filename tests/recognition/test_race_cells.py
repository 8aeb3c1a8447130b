"""Races as cells name them."""

from leadstats.recognition import race_cells


def test_the_ending_of_a_word_is_no_letter_for_a_group():
    words = race_cells.races({"Chicano/a": 5, "Black": 4, "White/Chicano/a": 1, "W/A": 2, "Latino/a/x": 1})

    assert "Chicano/a" in words.unclear and "a" not in {each.lower() for each in words.unclear}
    assert words.in_ours({"Chicano/a": "Hispanic or Latino"})["White/Chicano/a"] == "White;Hispanic or Latino"
    assert words.in_ours({})["W/A"] == "White;Asian"
