"""Numbers as files for a spreadsheet."""

from results import result

from leadstats.counting.view import Cell
from leadstats.narrative import spreadsheet


def test_csv_holds_what_the_screen_shows_and_no_formula():
    published = result(
        "people_referred",
        Cell(None, "=HYPERLINK(1)", people=12, value=12),
        Cell(None, "-1 negative", value=-3.5),
        Cell(None, "Unknown", hidden="too few"),
    )
    head, first, second, third = spreadsheet.as_csv(published).splitlines()
    assert head.startswith("metric,period,category,second_category,shown,value")
    assert first.startswith("people_referred,,'=HYPERLINK(1),,12,12,")
    assert second.startswith("people_referred,,'-1 negative,,-3.5,-3.5,")
    assert third.startswith("people_referred,,Unknown,,hidden to protect privacy,,,,,,,,,too few,")
