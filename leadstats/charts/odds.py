"""How many fewer people lower odds mean, by how common the event is: a curve and a point on it."""

from collections.abc import Sequence

from leadstats.charts.template import BLUE, CONTEXT, GREY, Chart, figure, note
from leadstats.model.language import say
from leadstats.narrative.headlines import short

HEIGHT = 320
Point = tuple[float, float]


def share_fewer(curve: Sequence[Point], chosen: Point, finding: str) -> Chart:
    """Points are the chance in a comparison group and how much less it is in the other, both as fractions of 1."""
    grey = {"color": GREY, "size": 14}
    chance, fewer = chosen
    traces = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [100 * x for x, _ in curve],
            "y": [100 * y for _, y in curve],
            "line": {"color": BLUE, "width": 2.5},
        },
        {
            "type": "scatter",
            "mode": "markers",
            "x": [100 * chance],
            "y": [100 * fewer],
            "marker": {"color": BLUE, "size": 13},
        },
    ]
    layout = figure(
        traces,
        HEIGHT,
        xaxis={
            "range": [0, 100],
            "title": {"text": say("of 100 people in a comparison group"), "font": grey},
            "showline": True,
            "linecolor": CONTEXT,
        },
        yaxis={"range": [0, 105 * max(y for _, y in curve)], "ticksuffix": "%"},
        annotations=[
            note(
                say("<b>{round}%</b> fewer people", round=round(100 * fewer)),
                100 * chance,
                100 * fewer,
                xanchor="left" if chance < 0.5 else "right",
                yanchor="bottom" if chance < 0.5 else "top",
                yshift=8 if chance < 0.5 else -10,
                font={"color": BLUE, "size": 15},
            )
        ],
    )
    return Chart(
        layout, short(say("Line chart of how many fewer people lower odds are. {finding}", finding=finding))
    )
