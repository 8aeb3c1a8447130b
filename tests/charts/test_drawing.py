"""Charts without a browser: lengths are those of the numbers, and nothing is cut or left out."""

import re

import pytest
from lxml import etree

from leadstats import charts
from leadstats.charts import drawing
from leadstats.charts.template import Chart, figure

SVG = "{http://www.w3.org/2000/svg}"


def drawn(chart, width=720):
    return etree.fromstring(drawing.as_svg(chart, width))


def rectangles(svg):
    """Without paper and pattern."""
    return [each for each in svg.iter(f"{SVG}rect") if each.get("x")]


def rows(*values):
    return [
        charts.Mark(
            f"Row {index}", f"{value:g}" if value is not None else "hidden", value, is_hidden=value is None
        )
        for index, value in enumerate(values)
    ]


def test_bars_are_as_long_as_their_numbers_and_hidden_ones_are_hatched():
    svg = drawn(Chart(charts.bars(rows(50, 100, None)), "Three rows"))
    first, second, hidden = (float(each.get("width")) for each in rectangles(svg))
    assert second == pytest.approx(2 * first, abs=0.2)
    assert hidden == pytest.approx(second, abs=0.2)
    assert rectangles(svg)[2].get("fill") == f"url(#{drawing.HATCHED})"
    assert svg.find(f"{SVG}title").text == "Three rows"


def test_a_dot_stands_at_its_number_and_its_interval_around_it():
    marks = [charts.Mark("A", "40%", 40, 30, 60), charts.Mark("B", "60%", 60, 50, 80)]
    svg = drawn(Chart(charts.dots(marks), "Dots"))
    one, other = (float(each.get("cx")) for each in svg.iter(f"{SVG}circle"))
    (spans,) = (each.get("d") for each in svg.iter(f"{SVG}path") if each.get("opacity") == "0.3")
    low, high, *_ = (float(x) for x in re.findall(r"[ML]([\d.]+)", spans))
    assert (one - low) == pytest.approx((high - one) / 2, abs=0.2)
    assert (other - one) == pytest.approx(high - one, abs=0.2)


def test_a_ratio_and_its_inverse_lie_equally_far_from_one():
    marks = [charts.Mark("A", "0.5", 0.5, 0.4, 0.6), charts.Mark("B", "2", 2, 1.5, 2.5)]
    svg = drawn(Chart(charts.dots(marks, 1, "same", is_log=True, suffix=""), "Ratios"))
    half, double = (float(each.get("cx")) for each in svg.iter(f"{SVG}circle"))
    (at_one,) = (float(each.get("x1")) for each in svg.iter(f"{SVG}line") if each.get("stroke-dasharray"))
    assert at_one == pytest.approx((half + double) / 2, abs=0.2)


def test_a_line_breaks_where_there_is_no_number():
    trace = {
        "type": "scatter",
        "mode": "lines",
        "x": [0, 1, 2, 3],
        "y": [1, 2, None, 4],
        "line": {"color": "#1b4f8a", "width": 2, "dash": "dot"},
    }
    svg = drawn(Chart(figure([trace], 300, xaxis={"range": [0, 3]}, yaxis={"range": [0, 4]}), "Line"))
    (path,) = (each for each in svg.iter(f"{SVG}path") if each.get("stroke") == "#1b4f8a")
    assert re.sub(r"[\d. ]", "", path.get("d")) == "MLM"
    assert path.get("stroke-dasharray") == drawing.DASHES["dot"]


def test_a_high_chart_is_cut_between_rows_and_loses_none():
    many = []
    for group in range(4):
        many += [charts.Mark(f"Group {group}", "", is_heading=True), *rows(10, 20, 30)]
    chart = Chart(charts.bars(many), "Many rows")
    sheets = drawing.as_sheets(chart, most=400)
    ends = [list(map(float, etree.fromstring(each).get("viewBox").split()))[1::2] for each in sheets]
    assert len(ends) > 1
    assert ends[0][0] == 0
    assert sum(height for _, height in ends) == pytest.approx(chart.figure["layout"]["height"], abs=0.2)
    assert all(height <= 400 for _, height in ends)
    whole = drawn(chart)
    tops = [float(each.get("y")) for each in rectangles(whole)]
    for cut in (top for top, _ in ends[1:]):
        assert not any(top < cut < top + charts.groups.BAR_PIXELS for top in tops)


def test_each_piece_of_a_chart_has_its_axis_and_begins_with_the_name_of_a_group():
    many = []
    for group in range(4):
        many += [charts.Mark(f"Group {group}", "", is_heading=True)]
        many += [charts.Mark(f"{group}{n}", "40%", 40, 30, 60) for n in range(4)]
    sheets = [
        etree.fromstring(each)
        for each in drawing.as_sheets(Chart(charts.dots(many, 50, "half"), "Dots"), most=340)
    ]
    assert len(sheets) == 4
    for group, sheet in enumerate(sheets):
        _, top, _, height = map(float, sheet.get("viewBox").split())
        assert height <= 340
        # What is drawn once and covered again, but for the paper beneath all.
        paper = sheet.findall(f"{SVG}svg/{SVG}rect[@fill='#ffffff']")[1:]
        covered = [(float(each.get("y")), float(each.get("height"))) for each in paper]
        own = [
            "".join(each.itertext())
            for each in sheet.findall(f"{SVG}svg/{SVG}text")
            if top <= (spot := float(each[0].get("y"))) <= top + height
            and not any(y <= spot <= y + high for y, high in covered)
        ]
        again = ["".join(each.itertext()) for each in sheet.iterfind(f"{SVG}svg/{SVG}g/{SVG}text")]
        rows = [f"Group {group}", *(f"40%  {group}{n}" for n in range(4))]
        assert [each for each in own if each in rows] == rows
        assert not [each for each in own if f"Group {group + 1}" in each]
        assert "half" in (again if group else own)
        assert "20%" in (own if group == 3 else again)


def test_labels_from_data_stay_words():
    svg = drawn(Chart(charts.bars([charts.Mark("<script>&", "1", 1)]), 'An "alt" & more'))
    assert "<script>&" in "".join(svg.itertext())
    assert not list(svg.iter(f"{SVG}script"))


def test_on_a_screen_the_same_places_are_shares_of_its_width():
    marks = [
        charts.Mark("A", "40%", 40, 30, 60),
        charts.Mark("B", "60%", 60, 50, 80),
        charts.Mark("<C>", "", 1),
    ]
    chart = Chart(charts.dots(marks, 50, "half"), "Dots")
    fixed, fluid = drawn(chart), etree.fromstring(drawing.as_fluid(chart))
    _, _, left, across = map(float, fluid.get("data-frame").split())
    dots = [each.getparent().get("x") for each in fluid.iter("circle")]
    ends = [each.get(end) for end in ("x1", "x2") for each in fluid.iter("line")]
    pixels = [float(each.get("cx")) for each in fixed.iter(f"{SVG}circle")]
    pixels += [float(each.get(end)) for end in ("x1", "x2") for each in fixed.iter(f"{SVG}line")]
    shares = [float(share.removesuffix("%")) / 100 for share in (*dots, *ends)]
    assert pixels == pytest.approx([left + share * across for share in shares], abs=0.2)
    assert [*fixed.itertext()][1:] == [*fluid.itertext()]
    for path in fluid.iter("path"):
        assert path.get("vector-effect") or path.getparent().tag == "pattern"


@pytest.mark.parametrize("width", [360, 720, 1200])
def test_words_stay_within_the_edges(width):
    chart = Chart(charts.bars(rows(5, 1000)), "Bars")
    for text in drawn(chart, width).iter(f"{SVG}text"):
        span = text.find(f"{SVG}tspan")
        size = float(text.get("font-size"))
        assert 0 <= float(span.get("x")) <= width
        assert len("".join(span.itertext())) * size * 0.5 < width
