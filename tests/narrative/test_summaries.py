"""What is said beside a headline."""

from results import MONTHS, months, result

from leadstats.narrative import summaries


def test_a_summary_counts_what_is_hidden_and_a_course_tells_the_rest():
    found = result("people_referred", *months(19, None, 31), filters=MONTHS)
    assert summaries.summary(found) == "1 of 3 numbers is hidden to protect privacy."
    assert summaries.course(found) == (
        "People referred: 19 (January 2026) at the start, 31 (March 2026) at the end. Highest 31 (March 2026), "
        "lowest 19 (January 2026)."
    )
