"""A chart in the browser: Plotly.react on a node that stays, so that a filter change does not flash."""

import streamlit as st

from leadstats.charts import CONFIG, Chart

SCRIPT = """
const load = (window.leadstatsPlotly ??= new Promise((resolve, reject) => {
  const script = document.createElement("script")
  script.src = new URL("assets/plotly.min.js", document.baseURI)
  script.onload = () => resolve(window.Plotly)
  script.onerror = reject
  document.head.append(script)
}))

export default function ({ data, parentElement }) {
  const node = parentElement.querySelector("figure")
  node.setAttribute("aria-label", data.alt)
  node.style.minHeight = data.figure.layout.height + "px"
  node.setAttribute("aria-busy", "true")
  const canvas = node.firstElementChild
  load
    .then((Plotly) => Plotly.react(canvas, data.figure.data, data.figure.layout, data.config))
    .then(() => node.setAttribute("aria-busy", "false"))
}
"""
# The SVG's stray tick labels say nothing to a screen reader; name and table do.
HTML = '<figure role="figure"><div aria-hidden="true"></div></figure>\n'
CSS = "figure { margin: 0; overflow: hidden; }\n"


def draw(chart: Chart, key: str) -> None:
    _component()(data={"figure": chart.figure, "alt": chart.alt, "config": CONFIG}, key=key)


def _component():
    return st.components.v2.component("leadstats_figure", html=HTML, css=CSS, js=SCRIPT, isolate_styles=False)
