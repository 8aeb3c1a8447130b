"""What a gap in diversion is made of, in words."""

from results import BLACK, WHITE

from leadstats.analysis.decomposition import Mix
from leadstats.narrative import decomposition_sentences


def test_the_parts_of_a_gap_are_said_together():
    found = Mix(BLACK, -10.0, -4.1667, -5.8333, None, 1.0)
    assert decomposition_sentences.of_mix({"charge_class": found, "neighborhood": None}, BLACK, WHITE) == (
        "Diversion of Black or African American people against White people: a gap of -10.0 points. Of it, -4.2 "
        "through other charges and -5.8 within the same charges"
    )
    assert "cannot be split" in decomposition_sentences.of_mix({"charge_class": None}, BLACK, WHITE)


def test_two_yardsticks_and_what_makes_the_difference():
    said = decomposition_sentences.two_yardsticks(
        BLACK, WHITE, (6.0, 4.0, 9.0), (0.6667, 0.4, 1.1), (0.0032, -0.0012)
    )
    assert said == [
        "Diverted arrests of Black or African American people against White people: 6.0 times as often per resident, "
        "0.67 times per eligible arrest",
        "Per 1,000 residents, 2.0 more diverted arrests: 3.2 more through arrests, 1.2 fewer through how often the "
        "offer follows.",
    ]
    assert decomposition_sentences.two_yardsticks(BLACK, WHITE, None, None, ()) == [
        "Two yardsticks: residents and eligible arrests"
    ]
