"""The same answers as slides, with editable charts whose workbooks hold no more than the slide shows."""

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.enum.text import PP_ALIGN
from pptx.presentation import Presentation as Slides
from pptx.shapes.base import BaseShape
from pptx.slide import Slide
from pptx.util import Emu, Inches, Pt

from leadstats.briefing.answer import Answer
from leadstats.counting.view import Cell, Published
from leadstats.model.language import say
from leadstats.narrative import wording
from leadstats.narrative.wording import TextTable
from leadstats.papers.contents import Contents, Question, across_a_room

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
EDGE = Inches(0.6)
INK, GREY, BLUE = RGBColor(0x1B, 0x1B, 0x1B), RGBColor(0x56, 0x5C, 0x65), RGBColor(0x1B, 0x4F, 0x8A)
SERIES = (BLUE, GREY, RGBColor(0x2E, 0x9E, 0x52), RGBColor(0x98, 0x2F, 0x93))
LAYOUT = 5  # title only
MOST_LETTERS = 240  # of what stands above a chart
# Sizes in points; the first that fits is used. Letters may be wider than Calibri's where a slide is opened: ems per letter.
OF_WORDS, OF_CELLS, LETTER = (20, 18, 16, 14, 12), (14, 13, 12, 11, 10, 9), 0.6
LINE, BETWEEN, MARGIN = 1.2, 6, 7.2  # of a line in ems; between paragraphs and around a cell, in points
WORDS_HIGH, FIGURE_HIGH = Inches(1.2), Inches(4.4)


@dataclass(frozen=True)
class _Plot:
    """The numbers of a native chart, rounded as on every page, with None if a number may not be shown."""

    categories: Sequence[str]
    series: Sequence[tuple[str, Sequence[float | None]]]
    is_over_time: bool
    unit: str

    @property
    def number_format(self) -> str:
        return {"percent": '0"%"', "dollars": '"$"#,##0'}.get(self.unit, "#,##0")


def as_pptx(contents: Contents) -> bytes:
    """A first slide, one slide for each answer with a chart or a table, and one for decisions."""
    slides = Presentation()
    slides.slide_width, slides.slide_height = WIDTH, HEIGHT
    properties = slides.core_properties
    properties.title, properties.author = contents.title, contents.site
    properties.language = "-".join(contents.language)
    _slide(slides, contents, contents.title, [contents.site, *contents.cover, *contents.notes])
    verdicts = [f"{each.question} {each.verdict or each.lead}" for each in contents.questions]
    _slide(slides, contents, contents.words["verdicts"], verdicts)
    for section in contents.sections:
        _slide(slides, contents, section.title, section.news)
    for asked in contents.questions:
        _question(slides, contents, asked)
    _slide(slides, contents, contents.words["decisions"], contents.words["blanks"])
    written = io.BytesIO()
    slides.save(written)
    return written.getvalue()


def _question(slides: Slides, contents: Contents, asked: Question) -> None:
    """The answer with what shows it best; its other tables get their own slides."""
    short = [each for each in (asked.verdict, asked.lead) if each]
    lines = short[-1:] if len(" ".join(short)) > MOST_LETTERS else short
    drawn = [(answer, part) for answer in asked.answers for part in _parts(answer)]
    for place, (answer, part) in enumerate(drawn):
        said = lines if place == 0 else [answer.lead]
        if isinstance(part, TextTable):
            said = [*(said if place == 0 else ()), part.caption]
        slide = _slide(slides, contents, asked.question, said, is_short=True)
        _chart(slide, part, answer) if isinstance(part, _Plot) else _table(slide, part)
        _notes(slide, [*asked.cautions, *answer.around])
    if not drawn:
        slide = _slide(slides, contents, asked.question, short)
        _notes(slide, [line for answer in asked.answers for line in answer.around])


def _parts(answer: Answer) -> list[_Plot | TextTable]:
    if plot := _plot(answer):
        return [plot]
    return across_a_room(answer)


def _slide(
    slides: Slides, contents: Contents, title: str, lines: Sequence[str], is_short: bool = False
) -> Slide:
    """Title, words and foot, in the order in which they are read aloud."""
    slide = slides.slides.add_slide(slides.slide_layouts[LAYOUT])
    head = slide.shapes.title
    head.left, head.top, head.width, head.height = EDGE, Inches(0.35), WIDTH - 2 * EDGE, Inches(0.8)
    head.text_frame.text = title
    head.text_frame.word_wrap = True
    _font(head, 30, INK, is_bold=True)
    high = WORDS_HIGH if is_short else Inches(5.2)
    body = slide.shapes.add_textbox(EDGE, Inches(1.2), WIDTH - 2 * EDGE, high)
    body.text_frame.word_wrap = True
    told = [line for line in lines if line]
    body.text_frame.text = "\n".join(told)
    heights = {size: sum(_high(line, size, body.width) + BETWEEN for line in told) for size in OF_WORDS}
    _font(body, _largest(heights, high), INK)
    foot = slide.shapes.add_textbox(EDGE, HEIGHT - Inches(0.5), WIDTH - 2 * EDGE, Inches(0.35))
    foot.text_frame.text = contents.foot
    _font(foot, 12, GREY)
    return slide


def _high(said: str, size: int, width: Emu) -> float:
    """The height in points of words of that size."""
    lines = math.ceil(len(said) * size * LETTER / Emu(width - 2 * Inches(0.1)).pt)
    return max(1, lines) * size * LINE


def _largest(heights: Mapping[int, float], room: Emu) -> int:
    """The first size with which everything fits, or else the last."""
    return next((size for size, high in heights.items() if high <= Emu(room).pt), list(heights)[-1])


def _font(shape: BaseShape, size: int, color: RGBColor, is_bold: bool = False) -> None:
    for paragraph in shape.text_frame.paragraphs:
        paragraph.font.size, paragraph.font.bold, paragraph.font.color.rgb = Pt(size), is_bold, color
        paragraph.space_after, paragraph.alignment = Pt(6), PP_ALIGN.LEFT


def _notes(slide: Slide, said: Sequence[str]) -> None:
    """What the presenter has to know: everything that surrounds the figure elsewhere."""
    slide.notes_slide.notes_text_frame.text = "\n".join(dict.fromkeys(said))


def _plot(answer: Answer) -> _Plot | None:
    """The native chart; None if intervals or comparisons are the finding, since those are shown as a table."""
    found = [each for each in answer.results if isinstance(each, Published) and each.cells]
    if answer.chart is None or len(found) != len(answer.results) or not found:
        return None
    first = found[0]
    if first.filters.by != "total" and all(len(each.cells) == len(first.cells) for each in found):
        if first.filters.breakdown:
            return None
        series = [(each.metric.title, _numbers(each)) for each in found]
        return _Plot([_when(cell) for cell in first.cells], series, True, first.metric.unit)
    if len(found) == 1 and len(first.cells) > 1 and first.filters.second_breakdown is None:
        names = [_name(first, cell) for cell in first.cells]
        return _Plot(names, [(first.metric.title, _numbers(first))], False, first.metric.unit)
    return None


def _when(cell: Cell) -> str:
    """The label of a period; one that has not ended, or is cut short, has no point and says why."""
    period = wording.short_period(cell.period)
    return say("{period} (not complete)", period=period) if cell.is_partial else period


def _name(published: Published, cell: Cell) -> str:
    """The label of a bar; one that may not be drawn says so."""
    name = wording.category(cell.category, published.filters.breakdown)
    return f"{name} ({wording.shown(published.metric, cell)})" if cell.value is None else name


def _numbers(published: Published) -> list[float | None]:
    return [
        None if cell.is_partial and cell.period else wording.as_shown(published.metric, cell)
        for cell in published.cells
    ]


def _chart(slide: Slide, plot: _Plot, answer: Answer) -> None:
    data = CategoryChartData()
    is_lying = not plot.is_over_time
    # Horizontal bars are drawn from the bottom up.
    data.categories = plot.categories[::-1] if is_lying else plot.categories
    for name, numbers in plot.series:
        data.add_series(name, numbers[::-1] if is_lying else numbers)
    kind = XL_CHART_TYPE.BAR_CLUSTERED if is_lying else XL_CHART_TYPE.LINE_MARKERS
    frame = slide.shapes.add_chart(kind, EDGE, Inches(2.5), WIDTH - 2 * EDGE, FIGURE_HIGH, data)
    _describe(frame, answer.chart.alt)
    chart = frame.chart
    chart.font.size = Pt(14)
    chart.has_title = False
    chart.has_legend = len(plot.series) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    for series, color in zip(chart.plots[0].series, SERIES, strict=False):
        line = series.format.fill if is_lying else series.format.line
        if is_lying:
            line.solid()
            line.fore_color.rgb = color
        else:
            line.color.rgb, line.width = color, Pt(2.5)
            series.smooth = False
    chart.plots[0].has_data_labels = is_lying
    axis_text = chart.value_axis.tick_labels
    axis_text.number_format, axis_text.number_format_is_linked = plot.number_format, False
    chart.value_axis.minimum_scale = 0 if _lowest(plot) >= 0 else None
    chart.value_axis.major_gridlines.format.line.color.rgb = RGBColor(0xDF, 0xE1, 0xE2)


def _lowest(plot: _Plot) -> float:
    return min((number for _, numbers in plot.series for number in numbers if number is not None), default=0)


def _table(slide: Slide, held: TextTable) -> None:
    rows = list(held.rows)
    # Columns with long texts are wider, so that few rows need a second line.
    weights = [8 + min(24, max(map(len, column))) for column in zip(held.head, *rows, strict=True)]
    widths = [Emu((WIDTH - 2 * EDGE) * each // sum(weights)) for each in weights]
    heights = {
        size: sum(
            MARGIN + max(_high(said, size, width) for said, width in zip(row, widths, strict=True))
            for row in (held.head, *rows)
        )
        for size in OF_CELLS
    }
    size = _largest(heights, FIGURE_HIGH)
    frame = slide.shapes.add_table(
        len(rows) + 1, len(held.head), EDGE, Inches(2.5), WIDTH - 2 * EDGE, Pt(heights[size])
    )
    for column, width in zip(frame.table.columns, widths, strict=True):
        column.width = width
    _describe(frame, held.caption)
    frame.table.first_row, frame.table.first_col = True, True
    for number, row in enumerate([held.head, *rows]):
        for place, said in enumerate(row):
            cell = frame.table.cell(number, place)
            cell.text = said
            cell.text_frame.paragraphs[0].font.size = Pt(size)


def _describe(frame: BaseShape, words: str) -> None:
    """Sets the alternative text, which the library only allows through the XML element."""
    frame._element.nvGraphicFramePr.cNvPr.set("descr", words)
