"""What every figure promises: words, an axis from zero, hidden told from zero, labels that stay text."""

import itertools
import json
import math
import re
from dataclasses import replace
from datetime import date

import pytest
from county import HOSTILE
from results import BY_PLACE, MONTHS, QUIET, diverted, months, result

from leadstats import charts
from leadstats.analysis import usual_range
from leadstats.charts import drawing, places, template
from leadstats.counting.view import Cell
from leadstats.narrative import headlines
from leadstats.ui.shell.markup import tag, text

TREND = result("people_referred", *months(19, None, 31, 22, 20, 7, partial_last=True), filters=MONTHS)
RATES = result(
    "diversion_rate",
    Cell(None, "Mill Row", value=20.0, low=15.0, high=26.0, denominator=200, numerator=40),
    Cell(None, "North End", value=24.0, low=18.0, high=31.0, denominator=200, numerator=48),
    Cell(None, "Old Town", hidden="too few"),
    filters=BY_PLACE,
)
COUNTS = result(
    "people_referred",
    Cell(None, "Mill Row", value=31),
    Cell(None, "Old Town", hidden="too few"),
    filters=BY_PLACE,
)
SQUARE = json.dumps({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]})


def traces(figure, kind):
    return [trace for trace in figure["data"] if trace["type"] == kind]


@pytest.mark.parametrize(
    "chart",
    [
        charts.trend(TREND),
        charts.lines([TREND, TREND]),
        charts.by_category(RATES),
        charts.by_category(COUNTS),
        charts.funnel(RATES, Cell(None, "Everyone", value=22.0, numerator=88, denominator=400)),
        charts.around(
            result("jail_nights_around_referral", *(Cell(None, n, value=1.0) for n in ("-1", "+1")))
        ),
    ],
    ids=["trend", "lines", "dots", "bars", "funnel", "around"],
)
def test_every_chart_is_plain_data_with_words(chart):
    assert json.loads(json.dumps(chart.figure)) == chart.figure
    assert 0 < len(chart.alt) <= headlines.ALT_LIMIT
    layout = chart.figure["layout"]
    assert layout["dragmode"] is False and layout["xaxis"]["fixedrange"] and layout["yaxis"]["fixedrange"]
    assert layout["height"] > 0


def test_a_trend_starts_at_zero_and_leaves_a_gap_where_a_month_is_hidden():
    figure = charts.trend(TREND).figure
    assert figure["layout"]["yaxis"]["range"][0] == 0
    (line,) = [trace for trace in traces(figure, "scatter") if trace["mode"] == "lines+markers"]
    assert line["y"] == [19, None, 31, 22, 20, None]
    (hatched,) = traces(figure, "bar")
    assert hatched["x"] == [1]
    assert hatched["marker"]["pattern"]["shape"] == "/"


def test_an_unfinished_month_is_hollow():
    figure = charts.trend(TREND).figure
    (hollow,) = [trace for trace in traces(figure, "scatter") if trace["mode"] == "markers"]
    assert (hollow["x"], hollow["y"]) == ([5], [7])
    assert hollow["marker"]["color"] == template.PAPER


def test_bands_stop_at_gaps():
    cells = [replace(cell, low=1.0, high=2.0) if cell.value else cell for cell in months(1, 2, None, 4, 5)]
    figure = charts.trend(result("diversion_rate", *cells, filters=MONTHS)).figure
    bands = [trace["x"] for trace in traces(figure, "scatter") if trace.get("fill") == "toself"]
    assert bands == [[0, 1, 1, 0], [3, 4, 4, 3]]


def test_events_are_numbered_only_in_their_month():
    figure = charts.trend(
        TREND, events=[charts.EventMark(1, "2026-03"), charts.EventMark(2, "2019-01")]
    ).figure
    numbers = [note["text"] for note in figure["layout"]["annotations"] if note.get("bgcolor")]
    assert numbers == ["1"]


def test_signals_have_a_shape_of_their_own_and_limits_stand_at_their_months():
    shown = diverted(*QUIET, *[20] * 7, 60)
    usual = usual_range.limits(shown)
    figure = charts.trend(shown, usual).figure
    diamonds = [
        trace for trace in traces(figure, "scatter") if trace.get("marker", {}).get("symbol") == "diamond"
    ]
    assert [(trace["x"], trace["y"]) for trace in diamonds] == [([19], [60])]
    late = diverted(*QUIET, *[20] * 7, 60, start=13)
    upper = next(
        trace
        for trace in traces(charts.trend(late, usual_range.limits(late, shown)).figure, "scatter")
        if trace.get("line", {}).get("dash") == "dot"
    )
    assert upper["x"] == list(range(8))


def test_a_curve_of_odds_names_the_chosen_point():
    chart = charts.share_fewer([(0.1, 0.55), (0.9, 0.12)], (0.9, 0.12), "12% fewer")
    (point,) = [trace for trace in traces(chart.figure, "scatter") if trace["mode"] == "markers"]
    assert (point["x"], point["y"]) == ([90], [12])
    assert chart.figure["layout"]["annotations"][0]["text"] == "<b>12%</b> fewer people"


def test_a_heading_is_bold_and_has_no_ink():
    figure = charts.dots(
        [charts.Mark("Black people", "", is_heading=True), charts.Mark("Intake", "0.9", 0.9, 0.8, 1.0)]
    )
    assert [note["text"] for note in figure["layout"]["annotations"]] == [
        "<b>Black people</b>",
        "<b>0.9</b>  Intake",
    ]
    (dots,) = [trace for trace in traces(figure, "scatter") if trace["mode"] == "markers"]
    assert dots["y"] == [-1]


def test_a_hidden_group_is_hatched_and_says_so():
    figure = charts.by_category(COUNTS).figure
    (bar,) = traces(figure, "bar")
    assert bar["x"] == [31, 31]
    assert bar["marker"]["pattern"]["shape"] == ["", "/"]
    assert [note["text"] for note in figure["layout"]["annotations"]] == [
        "<b>31</b>  Mill Row",
        "Old Town: hidden to protect privacy",
    ]


def test_a_rate_carries_its_numerator_and_denominator():
    labels = [note["text"] for note in charts.by_category(RATES).figure["layout"]["annotations"]]
    assert labels[0] == "<b>20.0% (40 of 200)</b>  Mill Row"


def test_ratios_lie_on_a_log_axis_around_the_same_rate():
    rows = [charts.Mark("Black", "0.67 times", 0.67, 0.41, 1.09), charts.Mark("Asian", "0", None)]
    layout = charts.dots(rows, 1, "same rate", is_log=True)["layout"]
    assert layout["xaxis"]["type"] == "log"
    assert layout["shapes"][0]["x0"] == 1
    assert any(note["text"] == "same rate" and note["x"] == 0 for note in layout["annotations"])


def test_a_flow_goes_from_state_to_state():
    rows = [charts.Mark("start", "10", 10.0), charts.Mark("new", "+4", 4.0), charts.Mark("left", "-3", -3.0)]
    rows.append(charts.Mark("end", "11", 11.0))
    (bar,) = traces(charts.steps(rows), "bar")
    assert bar["base"] == [0.0, 10.0, 14.0, 0.0]


def test_a_map_names_its_places_and_hatches_what_is_hidden():
    """A mouse had to be over a place to read its name, and what was hidden was as grey as any class."""
    drawn = charts.place_map(COUNTS, {"Mill Row": SQUARE, "Old Town": SQUARE})
    labels = [each["text"] for each in drawn.figure["layout"]["annotations"]]
    assert labels[:2] == ["Mill Row<br><b>31</b>", "Old Town"]
    assert labels[2:] == ["up to 31", "hidden or no number"]
    mill, old, *entries = drawn.figure["data"]
    assert "fillpattern" not in mill and old["fillpattern"]["shape"] == "/"
    assert ["fillpattern" in entry for entry in entries] == [False, True]
    svg = drawing.as_svg(drawn, 600)
    assert svg.count("url(#hatched)") == 2 and ">Mill Row</tspan>" in svg


def test_white_words_on_a_map_stand_on_the_color_of_their_place():
    """A long name ran from its narrow dark place over the river, white over white."""
    drawn = charts.place_map(COUNTS, {"Mill Row": SQUARE, "Old Town": SQUARE})
    dark, light, *_ = drawn.figure["layout"]["annotations"]
    assert (dark["font"]["color"], dark["bgcolor"]) == (template.PAPER, drawn.figure["data"][0]["fillcolor"])
    assert light["font"]["color"] == template.INK and "bgcolor" not in light


def test_a_map_keeps_the_shape_of_its_places_at_any_width():
    for width in (300, 900):
        svg = drawing.as_svg(charts.place_map(COUNTS, {"Mill Row": SQUARE}), width)
        ends = [tuple(map(float, each.split())) for each in re.findall(r"[ML]([0-9.]+ [0-9.]+)", svg)][1:6]
        across, along = zip(*ends, strict=True)
        square = json.loads(SQUARE)["coordinates"][0]
        degrees = (max(x for x, _ in square) - min(x for x, _ in square)) * math.cos(
            math.radians(square[0][1])
        )
        assert (max(across) - min(across)) / (max(along) - min(along)) == pytest.approx(
            degrees / (max(y for _, y in square) - min(y for _, y in square)), rel=0.05
        )


def test_map_classes_cover_every_number():
    cells = [Cell(None, str(n), value=float(n)) for n in range(1, 8)]
    bounds = [bound for bound, _ in places.legend(cells)]
    assert bounds == [3.0, 5.0, 7.0]
    assert places.legend([Cell(None, "A", value=5.0)])[0][0] == 5.0
    assert places.legend([Cell(None, "A", hidden="too few")]) == []


def test_labels_from_data_are_never_markup():
    cells = [Cell(None, HOSTILE, value=50.0, numerator=31, denominator=62)]
    for name in ("people_referred", "diversion_rate"):
        published = result(name, *cells, filters=BY_PLACE)
        for chart in (charts.by_category(published), charts.funnel(published, cells[0])):
            notes = json.dumps(chart.figure["layout"])
            assert "<img" not in notes
    assert "<img" not in tag("p", text(HOSTILE), title=HOSTILE)


def test_text_never_holds_a_blank_line_that_would_wake_markdown():
    assert text("one\n\ntwo\r\n\r\n# three") == "one two # three"


def test_sparklines_are_words_to_nobody_and_break_at_gaps():
    svg = charts.sparkline([1, 2, None, 4, 5])
    assert 'aria-hidden="true"' in svg
    assert re.search(r'd="(M[^"]+)" stroke="#1b4f8a"', svg)[1].count("M") == 2
    assert charts.sparkline([None, 3]) == ""


def luminance(color: str) -> float:
    channels = (int(color[n : n + 2], 16) / 255 for n in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    "color",
    [template.BLUE, template.CONTEXT, template.ATTENTION, *(color for color, _ in charts.series.LINES)],
)
def test_marks_stand_out_from_paper(color):
    assert (luminance(template.PAPER) + 0.05) / (luminance(color) + 0.05) >= 3


def test_lines_differ_by_dash_and_not_by_color_alone():
    dashes = [dash for _, dash in charts.series.LINES]
    assert len(set(dashes)) == len(dashes)


@pytest.mark.parametrize("less", [1, 8, 30, 60])
def test_names_of_lines_stand_clear_of_all_lines_and_of_each_other(less):
    lower = replace(
        TREND,
        cells=tuple(replace(cell, value=cell.value and max(cell.value - less, 0)) for cell in TREND.cells),
    )
    layout = charts.lines([TREND, lower]).figure["layout"]
    _, top = layout["yaxis"]["range"]
    heights = sorted(note["y"] for note in layout["annotations"] if "People referred" in note["text"])
    runs = [[cell.value for cell in each.cells if cell.value is not None] for each in (TREND, lower)]

    # Not even between two points does a line pass through a name.
    assert all(max(run) <= height or min(run) >= height + 0.07 * top for height in heights for run in runs)
    assert (
        heights[1] - heights[0] > 0.07 * top and heights[1] + 0.07 * top < top and heights[0] >= -0.03 * top
    )


@pytest.mark.parametrize(
    "draw", [lambda events: charts.trend(TREND, None, events), lambda events: charts.lines([TREND], events)]
)
def test_numbers_of_events_stand_above_all_other_labels(draw):
    last = TREND.cells[-2].period
    layout = draw([charts.EventMark(1, last)]).figure["layout"]
    _, top = layout["yaxis"]["range"]
    told = [note["y"] for note in layout["annotations"] if note["y"] < top]

    assert told and max(told) < 0.8 * top


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ((10, 12, 15, 18, 22, 30), (30, "bottom")),  # it rises: above the point
        ((31, 30, 30, 28, 24, 18), (18, "top")),  # it falls: below the point
        ((31, 30, 30, 20, 9, 2), (3, "bottom")),  # no room below: above what is near
        ((20, 20, 20, 20, 20, 20), (20, "bottom")),
    ],
)
def test_the_label_of_the_last_point_stands_clear_of_the_line(values, where):
    layout = charts.trend(result("people_referred", *months(*values), filters=MONTHS)).figure["layout"]
    label = next(each for each in layout["annotations"] if each["text"] == f"<b>{values[-1]}</b>")

    assert (round(label["y"]), label["yanchor"]) == where
    assert label["yshift"] == (9 if label["yanchor"] == "bottom" else -9)


def test_axis_labels_fit_a_phone():
    cells = months(*range(1, 13))
    cells = list(
        itertools.chain(cells, (replace(cell, period=cell.period.replace("2026", "2027")) for cell in cells))
    )
    filters = replace(MONTHS, last_month=date(2027, 12, 1))
    ticks = charts.trend(result("people_referred", *cells, filters=filters)).figure["layout"]["xaxis"][
        "ticktext"
    ]
    assert len(ticks) == 6
    assert ticks[-1] == "Dec<br>2027"


def test_the_name_of_a_level_covers_no_point_where_there_is_room():
    """A line that runs just below the level on the left and just above it on the right leaves two corners."""
    trace = {"type": "scatter", "x": [0, 1, 2, 3, 4, 5], "y": [9.5, 9.5, 9.5, 10.5, 10.5, 10.5]}
    layout = {"xaxis": {"range": [0, 5]}, "yaxis": {"range": [0, 20]}, "annotations": []}
    (named,) = charts.with_levels(charts.Chart({"data": [trace], "layout": layout}, ""), {10: "goal"}).figure[
        "layout"
    ]["annotations"]
    assert (named["xanchor"], named["yanchor"]) == ("left", "bottom")
    assert "bgcolor" not in named


@pytest.mark.parametrize("levels", [{30: "goal: 30"}, {29: "set: 29", 30: "at most 30"}])
def test_names_of_lines_stand_on_no_other_words(levels):
    """The usual range is named above its upper line on the left, where a goal of the same height had its name."""
    layout = {
        "xaxis": {"range": [0, 10]},
        "yaxis": {"range": [0, 60]},
        "annotations": [template.note("usual range", 0, 30, xanchor="left", yanchor="bottom")],
    }
    below = {"type": "scatter", "x": [0, 1, 8, 9], "y": [27, 28, 28, 27]}
    above = {"type": "scatter", "x": [8, 9], "y": [32, 33]}
    figure = {"data": [below, above], "layout": layout}

    _, *names = charts.with_levels(charts.Chart(figure, ""), levels).figure["layout"]["annotations"]
    places = {(name["xanchor"], name["yanchor"]) for name in names if name["y"] == 30}
    assert ("left", "bottom") not in places
    assert len({(name["xanchor"], name["yanchor"]) for name in names}) == len(levels)


def test_a_point_says_its_number_under_the_pointer_and_a_hidden_one_nothing():
    drawn = drawing.as_svg(charts.trend(TREND))
    said = re.findall(r"<title>([^<]*: [^<]*)</title></(?:circle|path)>", drawn)

    assert [each.split(": ")[1] for each in said] == ["19", "31", "22", "20", "7"]
    assert "hidden" not in " ".join(said)
