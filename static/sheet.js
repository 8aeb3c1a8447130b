// Markup of a page, put into place. What has not changed is left alone: an open fold stays open, the focus stays, a
// chart does not flash, and a status line that changes is announced.

// The browser is done with the scripts of several sheets in any order. Each waits for those above it, or what is read
// already would move down.
const waiting = new WeakMap()

export function show({ data, parentElement }) {
  waiting.set(parentElement.querySelector(".sheet"), data)
  const sheets = [...document.querySelectorAll(".sheet")].filter((sheet) => !sheet.closest(".first-screen"))
  for (const sheet of sheets) {
    if (waiting.has(sheet)) fill(sheet, waiting.get(sheet))
    else if (!sheet.parts) break
    waiting.delete(sheet)
  }
}

function fill(sheet, parts) {
  const before = (sheet.parts ??= [])
  parts.forEach((part, at) => {
    if (part === before[at]) return
    const made = document.createElement("template")
    made.innerHTML = part
    let place = sheet.children[at]
    if (!place) sheet.append((place = document.createElement("div")))
    become(place, made.content)
  })
  while (sheet.children.length > parts.length) sheet.lastChild.remove()
  sheet.parts = parts
  if (sheet.querySelector(".opening")) document.querySelector(".first-screen")?.remove()
}

function become(old, now) {
  const wanted = [...now.childNodes]
  wanted.forEach((node, at) => {
    const there = old.childNodes[at]
    if (!there) old.append(node)
    else if (there.nodeName !== node.nodeName) there.replaceWith(node)
    else if (there.nodeType === Node.TEXT_NODE) there.data === node.data || (there.data = node.data)
    else if (!there.isEqualNode(node)) {
      dress(there, node)
      become(there, node)
    }
  })
  while (old.childNodes.length > wanted.length) old.lastChild.remove()
}

// Whether a fold is open is the reader's, and what is named data- may be a note by others.
const isTheirs = (name) => name === "open" || name.startsWith("data-")

function dress(old, now) {
  for (const { name } of [...old.attributes]) if (!now.hasAttribute(name) && !isTheirs(name)) old.removeAttribute(name)
  for (const { name, value } of now.attributes) {
    if (name !== "open" && old.getAttribute(name) !== value) old.setAttribute(name, value)
  }
}

// On paper every fold is open: nothing that was folded away is lost.
addEventListener("beforeprint", () => {
  document.querySelectorAll("details:not([open])").forEach((each) => (each.open = each.isOpenForPrint = true))
})
addEventListener("afterprint", () => {
  document.querySelectorAll("details").forEach((each) => {
    if (each.isOpenForPrint) each.open = each.isOpenForPrint = false
  })
})

// A chart that is taken along says what it shows, of which data and whose, and stands without a page around it.
const SVG = "http://www.w3.org/2000/svg"
const FONT = "Public Sans, Source Sans, Helvetica, Arial, sans-serif"
const TITLE = { size: 20, most: 62 }, SOURCE = { size: 13, most: 92 }, EDGE = 24

function made(name, attributes, inner = []) {
  const node = document.createElementNS(SVG, name)
  for (const key in attributes) node.setAttribute(key, attributes[key])
  node.append(...inner)
  return node
}

function words(said, { size, most }, top) {
  const lines = said.match(new RegExp(`.{1,${most}}(\\s+|$)`, "g")) ?? []
  const spans = lines.map((line, at) => made("tspan", { x: EDGE, y: top + (at + 1) * 1.3 * size }, [line.trim()]))
  return [made("text", { "font-size": size, fill: "#1b1b1b" }, spans), top + lines.length * 1.3 * size]
}

// Shares of a width become pixels, and what stood in a frame of its own is moved there.
function fixed(chart) {
  const [width, height, left, across] = chart.dataset.frame.split(" ").map(Number)
  const copy = chart.cloneNode(true)
  const pixels = (value, start, whole) => (value.endsWith("%") ? start + (parseFloat(value) * whole) / 100 : Number(value))
  for (const node of copy.querySelectorAll("line, rect, circle, svg")) {
    for (const name of ["x", "x1", "x2", "cx"]) {
      if (node.hasAttribute(name)) node.setAttribute(name, pixels(node.getAttribute(name), left, across))
    }
    const wide = node.getAttribute("width")
    if (wide?.endsWith("%")) node.setAttribute("width", pixels(wide, 0, across))
  }
  for (const frame of copy.querySelectorAll("svg")) {
    const at = frame.hasAttribute("viewBox") ? [0, 0] : [frame.getAttribute("x"), pixels(frame.getAttribute("y"), 0, height)]
    frame.replaceWith(made("g", { transform: `translate(${at})` }, [...frame.childNodes]))
  }
  return [width, height, [...copy.childNodes]]
}

function labelled(taken) {
  const [width, height, inner] = fixed(taken.chart)
  const [title, top] = words(taken.title, TITLE, EDGE / 2)
  const [source, bottom] = words(taken.source, SOURCE, top + height + EDGE)
  const size = { width: width + 2 * EDGE, height: bottom + EDGE }
  const paper = made("rect", { width: "100%", height: "100%", fill: "#fff" })
  const drawn = made("g", { transform: `translate(${EDGE} ${top + EDGE / 2})` }, inner)
  const whole = made("svg", { xmlns: SVG, viewBox: `0 0 ${size.width} ${size.height}`, ...size, "font-family": FONT }, [
    paper, title, drawn, source,
  ])
  return { ...size, text: new XMLSerializer().serializeToString(whole) }
}

const asSvg = (taken) => Promise.resolve(new Blob([labelled(taken).text], { type: "image/svg+xml" }))

async function asPng(taken) {
  const { width, height, text } = labelled(taken)
  const image = new Image()
  image.src = `data:image/svg+xml,${encodeURIComponent(text)}`
  await image.decode()
  const canvas = Object.assign(document.createElement("canvas"), { width: 2 * width, height: 2 * height })
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height)
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"))
}

async function save(taken, drawn, ending) {
  const link = document.createElement("a")
  link.href = URL.createObjectURL(await drawn)
  link.download = `${taken.name}.${ending}`
  link.click()
  URL.revokeObjectURL(link.href)
}

const WAYS = {
  png: (taken) => save(taken, asPng(taken), "png"),
  svg: (taken) => save(taken, asSvg(taken), "svg"),
  copy: (taken, button) =>
    navigator.clipboard
      .write([new ClipboardItem({ "image/png": asPng(taken) })])
      .then(() => (button.textContent = button.parentElement.dataset.copied), () => WAYS.png(taken)),
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button[data-take]")
  if (!button) return
  const { name, title, source } = button.parentElement.dataset
  const chart = button.parentElement.previousElementSibling.querySelector("svg.chart")
  WAYS[button.dataset.take]({ chart, name, title, source }, button)
})
