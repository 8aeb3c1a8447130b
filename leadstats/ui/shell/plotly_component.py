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

// Only what is near the screen is drawn at once; the rest waits until it is scrolled to, or printed.
const nearby = (window.leadstatsNearby ??= new IntersectionObserver(
  (entries) => entries.forEach((entry) => {
    entry.target.isNear = entry.isIntersecting
    if (entry.isIntersecting) entry.target.draw?.()
  }),
  { rootMargin: "300px", scrollMargin: "300px" },
))
window.leadstatsPrint ??= addEventListener("beforeprint", () =>
  document.querySelectorAll("figure").forEach((each) => each.draw?.())) ?? true

export default function ({ data, parentElement }) {
  const node = parentElement.querySelector("figure")
  node.setAttribute("aria-label", data.alt)
  node.style.minHeight = data.figure.layout.height + "px"
  const { annotations = [], ...rest } = data.figure.layout
  node.draw = () => {
    node.draw = null
    // What is named "wide" would cover each other on a phone.
    const layout = { ...rest, annotations: annotations.filter((each) => each.name !== "wide" || node.clientWidth > 500) }
    node.setAttribute("aria-busy", "true")
    load
      .then((Plotly) =>
        Plotly.react(node.firstElementChild, data.figure.data, layout, data.config))
      .then(() => node.setAttribute("aria-busy", "false"))
  }
  if (node.isNear) node.draw()
  nearby.observe(node)
}
"""
# The SVG's stray tick labels say nothing to a screen reader; name and table do.
HTML = '<figure role="figure"><div aria-hidden="true"></div></figure>\n'
CSS = "figure { margin: 0; overflow: hidden; }\n"


def draw(chart: Chart, key: str) -> None:
    _component()(data={"figure": chart.figure, "alt": chart.alt, "config": CONFIG}, key=key)


def _component():
    return st.components.v2.component("leadstats_figure", html=HTML, css=CSS, js=SCRIPT, isolate_styles=False)
