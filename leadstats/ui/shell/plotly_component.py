"""A chart in the browser: Plotly.react on a node that stays, so that a filter change does not flash."""

import streamlit as st

from leadstats.charts import CONFIG, Chart
from leadstats.charts.template import plain

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
// On paper every chart is as wide as the paper, and every fold is open: what was scrolled or folded away is not lost.
const PAPER = 660
const onPaper = (width) => {
  window.leadstatsPaper = width
  document.querySelectorAll("figure").forEach((each) => {
    const plot = each.firstElementChild
    if (plot.layout) window.Plotly.relayout(plot, { width, autosize: !width })
    each.draw?.()
  })
}
window.leadstatsPrint ??= [
  addEventListener("beforeprint", () => {
    document.querySelectorAll("details:not([open])").forEach((each) => {
      each.open = true
      each.isOpenForPrint = true
    })
    onPaper(PAPER)
  }),
  addEventListener("afterprint", () => {
    document.querySelectorAll("details").forEach((each) => {
      if (each.isOpenForPrint) each.open = each.isOpenForPrint = false
    })
    onPaper(undefined)
  }),
]

// A chart that is taken along says what it shows, of which data and whose.
const WIDTH = 1000
function labelled({ figure, title, source }) {
  const { layout } = figure
  const line = (text, size, y, anchor) => ({
    text, x: 0, y, xref: "paper", yref: "paper", xanchor: "left", yanchor: anchor, showarrow: false, align: "left",
    font: { size, color: "#1b1b1b" }, yshift: anchor === "bottom" ? 26 : -48,
  })
  const fold = (text, most) => text.replace(new RegExp(`(.{1,${most}})(\\\\s+|$)`, "g"), "$1<br>").replace(/<br>$/, "")
  return {
    data: figure.data,
    layout: {
      ...layout, width: WIDTH, height: layout.height + 150,
      margin: { ...layout.margin, l: 24, r: 24, t: layout.margin.t + 80, b: layout.margin.b + 70 },
      annotations: [...(layout.annotations ?? []), line(fold(title, 80), 20, 1, "bottom"), line(fold(source, 120), 13, 0, "top")],
    },
  }
}
async function take(data, format) {
  const Plotly = await load
  const size = { width: WIDTH, height: data.figure.layout.height + 150, scale: format === "svg" ? 1 : 2 }
  return Plotly.toImage(labelled(data), { format, ...size })
}
async function save(data, format) {
  const link = document.createElement("a")
  link.href = await take(data, format)
  link.download = `${data.name}.${format}`
  link.click()
}
async function copy(data) {
  const image = fetch(await take(data, "png")).then((answer) => answer.blob())
  await navigator.clipboard.write([new ClipboardItem({ "image/png": image })])
}

export default function ({ data, parentElement }) {
  const node = parentElement.querySelector("figure")
  const [copied, png, svg] = parentElement.querySelectorAll("button")
  const named = (button, what) => button.setAttribute("aria-label", `${what}: ${data.label}`)
  named(copied, "Copy this chart as a picture")
  named(png, "Save this chart as PNG")
  named(svg, "Save this chart as SVG")
  copied.onclick = () => copy(data).then(() => (copied.textContent = "Copied"), () => save(data, "png"))
  png.onclick = () => save(data, "png")
  svg.onclick = () => save(data, "svg")
  node.setAttribute("aria-label", data.alt)
  const { annotations = [], height } = data.figure.layout
  node.style.minHeight = height + "px"
  node.draw = () => {
    node.draw = null
    // On a phone, what is named "wide" would cover each other: a map is low there, and its places bare.
    const narrow = annotations.filter((each) => each.name !== "wide")
    const isPhone = narrow.length < annotations.length && node.clientWidth < 500
    const layout = isPhone
      ? { ...data.figure.layout, annotations: narrow, height: (height * node.clientWidth) / 700 }
      : data.figure.layout
    node.style.minHeight = layout.height + "px"
    node.setAttribute("aria-busy", "true")
    load
      .then((Plotly) =>
        Plotly.react(node.firstElementChild, data.figure.data,
          { ...layout, width: window.leadstatsPaper }, data.config))
      .then(() => node.setAttribute("aria-busy", "false"))
  }
  if (node.isNear) node.draw()
  nearby.observe(node)
}
"""
# The SVG's stray tick labels say nothing to a screen reader; name and table do.
HTML = """
<figure role="figure"><div aria-hidden="true"></div></figure>
<p class="take"><button type="button">Copy chart</button><button type="button">PNG</button><button type="button">SVG</button></p>
"""
CSS = """
figure { margin: 0; overflow: hidden; }
.take { display: flex; gap: 1rem; justify-content: flex-end; margin: 0 0 0.35rem; }
.take button { border: 0; background: none; padding: 0; min-height: 26px; min-width: 28px; font: inherit; font-size: 0.8rem; color: #1b4f8a;
  text-decoration: underline; text-underline-offset: 0.18em; cursor: pointer; }
@media print { .take { display: none; } }
"""


def draw(chart: Chart, key: str, title: str, source: str) -> None:
    """`title` and `source` go along with a copy of the chart: what it shows, and of which data."""
    said = {"title": plain(title), "source": plain(source), "label": title, "name": key}
    _component()(data={"figure": chart.figure, "alt": chart.alt, "config": CONFIG, **said}, key=key)


def _component():
    return st.components.v2.component("leadstats_figure", html=HTML, css=CSS, js=SCRIPT, isolate_styles=False)
