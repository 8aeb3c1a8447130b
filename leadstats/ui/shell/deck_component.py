"""Slides in the browser: all of them are sent at once, so that turning a page asks nothing of the server."""

import streamlit as st

from leadstats.model.language import say, spoken
from leadstats.ui.shell.markup import Markup

SCRIPT = """
const EDITED = "input, textarea, select, [contenteditable], [role=combobox], [role=listbox]"

const filled = (template, values) => template.replace(/\\{(\\w+)\\}/g, (_, name) => values[name])

// A table that is higher than what is left of the screen ends earlier, and says so.
function fit(slide, words) {
  for (const table of slide.querySelectorAll(".scroll table")) {
    const rows = [...table.tBodies[0].rows]
    table.dataset.caption ??= table.caption.textContent
    rows.forEach((row) => (row.hidden = false))
    table.caption.textContent = table.dataset.caption
    for (let left = 1; left < rows.length; left++) {
      if (table.parentElement.scrollHeight <= table.parentElement.clientHeight) break
      rows[rows.length - left].hidden = true
      table.caption.textContent = filled(words.left, { caption: table.dataset.caption, left })
    }
  }
}

function tell(notes, slide, place) {
  if (!notes || notes.closed) return
  const page = notes.document
  page.title = place
  page.body.replaceChildren()
  for (const [name, words] of [["h1", slide.getAttribute("aria-label")], ["p", place]]) {
    const node = page.createElement(name)
    node.textContent = words
    page.body.append(node)
  }
  for (const said of slide.querySelectorAll("template.notes")) {
    for (const line of said.content.children) page.body.append(page.importNode(line, true))
  }
}

export default function ({ data, parentElement }) {
  document.documentElement.lang = data.lang
  const deck = parentElement.querySelector(".deck")
  for (const name of ["back", "on", "notes-window"]) deck.querySelector(`.${name}`).textContent = data.words[name]
  const stage = deck.querySelector(".stage")
  if (stage.innerHTML !== data.slides) stage.innerHTML = data.slides
  const slides = [...stage.children]
  const state = (window.leadstatsDeck ??= { at: Number(location.hash.replace("#slide=", "")) - 1 || 0 })
  const show = (at) => {
    state.at = Math.max(0, Math.min(slides.length - 1, at))
    slides.forEach((slide, place) => (slide.hidden = place !== state.at))
    fit(slides[state.at], data.words)
    const place = filled(data.words.place, { number: state.at + 1, all: slides.length })
    deck.querySelector(".place").textContent = place
    const title = slides[state.at].getAttribute("aria-label")
    deck.querySelector(".said").textContent = filled(data.words.said, { title, place })
    deck.querySelector(".back").disabled = state.at === 0
    deck.querySelector(".on").disabled = state.at === slides.length - 1
    history.replaceState(history.state, "", `#slide=${state.at + 1}`)
    tell(state.notes, slides[state.at], place)
  }
  deck.querySelector(".back").onclick = () => show(state.at - 1)
  deck.querySelector(".on").onclick = () => show(state.at + 1)
  deck.querySelector(".notes-window").onclick = () => {
    state.notes = window.open("", "leadstats-notes", "width=720,height=640")
    show(state.at)
  }
  const turn = (event) => {
    if (event.defaultPrevented || event.target.closest?.(EDITED)) return
    const step = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 }[event.key]
    if (step) show(state.at + step)
    else if (event.key === "Home") show(0)
    else if (event.key === "End") show(slides.length - 1)
    else return
    event.preventDefault()
  }
  const again = () => show(state.at)
  let from = null
  const press = (event) => (from = event.changedTouches[0].clientX)
  const lift = (event) => {
    const moved = event.changedTouches[0].clientX - from
    if (Math.abs(moved) > 60) show(state.at + (moved < 0 ? 1 : -1))
  }
  state.stop?.()
  document.addEventListener("keydown", turn)
  window.addEventListener("resize", again)
  stage.addEventListener("touchstart", press, { passive: true })
  stage.addEventListener("touchend", lift)
  state.stop = () => {
    document.removeEventListener("keydown", turn)
    window.removeEventListener("resize", again)
    stage.removeEventListener("touchstart", press)
    stage.removeEventListener("touchend", lift)
  }
  show(state.at)
  return () => state.stop()
}
"""
HTML = """
<div class="deck">
  <div class="stage"></div>
  <p class="said" role="status"></p>
  <div class="turn">
    <button class="back" type="button"></button>
    <span class="place" aria-hidden="true"></span>
    <button class="on" type="button"></button>
    <button class="notes-window" type="button"></button>
  </div>
</div>
"""


def draw(slides: Markup, key: str = "deck") -> None:
    """`slides`: one section after another, each with its name as a label."""
    component = st.components.v2.component("leadstats_deck", html=HTML, js=SCRIPT, isolate_styles=False)
    words = {
        "back": say("Back"),
        "on": say("Next"),
        "notes-window": say("Speaker notes"),
        "place": say("{number} of {all}"),
        "said": say("{title}, slide {place}"),
        "left": say("{caption}: {left} more rows are in the packet"),
    }
    component(data={"slides": slides, "words": words, "lang": spoken().tag}, key=key)
