"""Days and times as columns write them."""

import pytest

from leadstats.recognition import moments


def test_a_column_of_days_text_and_day_numbers_is_one_of_days():
    found = moments.dates({"2026-01-05": 5, "1/25/2026": 4, "46030": 3}, may_be_serial=True)

    assert (found.share, found.formats) == (1, ("%m/%d/%Y", "excel"))


@pytest.mark.parametrize(
    ("cells", "formats", "states"),
    [
        (["2026-02-01T05:30:00Z"], (), True),
        (["2026/02/01 05:30:00+00"], ("%Y/%m/%d %H:%M:%S%z",), True),
        (["1769923800000"], ("epoch",), True),
        (["2026-02-01T00:00:00Z", "2026-02-02T00:00:00.000+00:00"], (), False),
        (["1769904000000"], ("epoch",), False),
        (["2026-02-01", "2026-02-01T05:30"], (), False),
    ],
)
def test_which_moments_state_a_zone(cells, formats, states):
    assert moments.states_zone(cells, formats) is states
