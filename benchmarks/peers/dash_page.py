"""The Dash page: ROWS=rows.duckdb python dash_page.py PORT"""

import sys
from datetime import date

import charts
import overview
from dash import Dash, Input, Output, callback, dcc, html

rows = overview.Rows.opened()
months = [{"label": f"{month:%B %Y}", "value": f"{month}"} for month in rows.months()]

app = Dash(__name__)
app.layout = html.Div(
    [
        html.H1("Overview"),
        html.Div(
            [
                dcc.Dropdown(months, months[-12]["value"], id="from", clearable=False),
                dcc.Dropdown(months, months[-1]["value"], id="to", clearable=False),
                dcc.Dropdown(rows.places(), [], id="place", multi=True, placeholder="Place"),
                dcc.Dropdown(rows.pathways(), [], id="pathway", multi=True, placeholder="Pathway"),
            ],
            style={"display": "grid", "gridTemplateColumns": "repeat(4, 1fr)", "gap": "1rem"},
        ),
        html.P(id="words"),
        html.Div(
            id="numbers", style={"display": "grid", "gridTemplateColumns": "repeat(5, 1fr)", "gap": "1rem"}
        ),
        html.Div(
            [dcc.Graph(id=f"chart{number}") for number in range(charts.HOW_MANY)],
            style={"display": "grid", "gridTemplateColumns": "repeat(2, 1fr)"},
        ),
    ]
)


@callback(
    Output("words", "children"),
    Output("numbers", "children"),
    *(Output(f"chart{number}", "figure") for number in range(charts.HOW_MANY)),
    Input("from", "value"),
    Input("to", "value"),
    Input("place", "value"),
    Input("pathway", "value"),
)
def draw(first: str, last: str, places: list[str] | None, pathways: list[str] | None) -> list:
    first, last = sorted(map(date.fromisoformat, (first, last)))
    choice = overview.Choice(first, last, tuple(places or ()), tuple(pathways or ()))
    numbers = [
        html.Div([html.P(title), html.Strong(f"{now:,}"), html.P(f"{now - before:+,}")])
        for title, (now, before) in rows.numbers(choice).items()
    ]
    return [choice.words, numbers, *charts.drawn(rows, choice)]


if __name__ == "__main__":
    app.run(port=sys.argv[1])
