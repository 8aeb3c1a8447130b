// Unpacks Streamlit's scripts, which come in one answer, and starts the first of them. If that fails, it and all others
// load one by one.
{
  const here = document.currentScript
  const root = new URL("../", here.src)
  const scripts = (globalThis.streamlitScripts = new URL("static/js/", root).href)

  const unpack = async () => {
    const answer = await fetch(new URL(here.dataset.pack, root))
    if (!answer.ok) throw new Error(answer.statusText)
    const bytes = new Uint8Array(await answer.arrayBuffer())
    const line = bytes.indexOf(10)
    const imports = { "streamlit/": scripts }
    let at = line + 1
    for (const [name, size] of JSON.parse(new TextDecoder().decode(bytes.subarray(0, line)))) {
      const script = new Blob([bytes.subarray(at, (at += size))], { type: "text/javascript" })
      imports[`streamlit/${name}`] = imports[scripts + name] = URL.createObjectURL(script)
    }
    const map = document.createElement("script")
    Object.assign(map, { type: "importmap", nonce: here.nonce, textContent: JSON.stringify({ imports }) })
    document.head.append(map)
  }

  // What stood here in advance goes when the page stands, or the program says instead why it cannot.
  const watch = setInterval(() => {
    if (!document.querySelector(".first-screen")) return clearInterval(watch)
    if (document.querySelector("[data-testid=stApp]")?.dataset.testScriptState === "notRunning") {
      document.querySelector(".first-screen").remove()
    }
  }, 1000)

  const canMap = HTMLScriptElement.supports?.("importmap")
  Promise.resolve(canMap && unpack())
    .catch(console.error)
    .then(() => import(scripts + here.dataset.entry))
}
