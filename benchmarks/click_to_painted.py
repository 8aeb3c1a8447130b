"""How long after a filter is chosen all of a page is painted: python benchmarks/click_to_painted.py DATA.

Prints a table of medians and 90th percentiles per page; never asserts a time.
"""

import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("overview", "enrollment", "diversion", "jail_beds", "housing", "equity", "neighborhoods")
CLICKS = 30

# Starts at the key that chooses; ends when the status line speaks of the new choice, the script is
# done, no figure is busy, and two more frames have been drawn.
CLOCK = """
() => {
  const status = document.querySelector("[role=status]").textContent
  window.painted = new Promise((resolve) => {
    document.addEventListener("keydown", function start(event) {
      if (event.key !== "Enter") return
      document.removeEventListener("keydown", start, true)
      const begun = performance.now()
      const look = () => {
        const line = document.querySelector("[role=status]")
        const isNew = line && line.textContent !== status
        const app = document.querySelector("[data-testid=stApp]")
        const isIdle = app.getAttribute("data-test-script-state") !== "running"
        const isDrawn = !document.querySelector("figure[aria-busy=true]")
        if (!(isNew && isIdle && isDrawn)) return requestAnimationFrame(look)
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - begun)))
      }
      requestAnimationFrame(look)
    }, true)
  })
}
"""


def serve(data: Path) -> tuple[subprocess.Popen, str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
        cwd=ROOT,
        env={**os.environ, "LEADSTATS_DATA": str(data.resolve())},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    for _ in range(200):
        try:
            urllib.request.urlopen(f"{address}/_stcore/health")
            return server, address
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the app did not start")


def clicks(page: Page, address: str) -> list[float]:
    """Milliseconds of each of the choices, each a month that was not asked for before."""
    page.goto(address)
    page.wait_for_selector("figure[aria-label]")
    page.wait_for_timeout(1500)
    month = page.get_by_role("combobox", name="From", exact=True)
    year, number = 2023, 6
    times = []
    for _ in range(CLICKS):
        number += 1
        if number > 12:
            year, number = year + 1, 1
        month.click()
        page.keyboard.type(time.strftime("%B %Y", (year, number, 1, 0, 0, 0, 0, 0, 0)))
        page.wait_for_timeout(200)
        page.evaluate(CLOCK)
        page.keyboard.press("Enter")
        times.append(page.evaluate("window.painted"))
    return times


def main() -> None:
    server, address = serve(Path(sys.argv[1]))
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            print(
                f"{'page':<16}{'median':>8}{'p90':>8}  milliseconds from choice to painted, {CLICKS} choices"
            )
            for name in sys.argv[2:] or PAGES:
                page = browser.new_page(viewport={"width": 1280, "height": 900})
                times = clicks(page, f"{address}/{name}")
                p90 = statistics.quantiles(times, n=10)[-1]
                print(f"{name:<16}{statistics.median(times):>8.0f}{p90:>8.0f}")
                page.close()
    finally:
        server.terminate()


if __name__ == "__main__":
    main()
