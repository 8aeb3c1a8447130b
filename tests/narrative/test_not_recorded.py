"""What a number waits for, in words."""

from results import result

from leadstats.narrative import not_recorded


def test_a_missing_export_is_named_in_words():
    published = result("jail_nights", missing=("jail_stay",))
    assert not_recorded.missing(published) == (
        "Jail nights, whole jail needs jail_stay.csv (one row per stay in jail). "
        "It is not among the exports that were loaded."
    )
