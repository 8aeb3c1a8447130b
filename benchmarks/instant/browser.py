"""What a visitor waits for, in a real browser: from a choice until nothing more changes on the screen."""

import base64
import json
import random
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from benchmarks.instant.contestants import Contestant, Screen, Step
from benchmarks.instant.server import Server

WINDOW = {"width": 1280, "height": 900}
# High enough for every chart of a page: one that is off the screen need not be painted.
TALL = {"width": 1280, "height": 5000}
QUIET = 300  # milliseconds without a change, after which a page is taken as painted
PATIENCE = 120_000  # milliseconds
NUMBERS = 5  # on every Overview
FAILED = "[data-testid=stException], [data-testid=stAlertContentError]"
SHARE_OF_PLACES = 3  # each so-many-th choice is one more place, the others are months

# One clock for all. A change is painted when the second frame after it begins; the last of them is the time taken,
# if a while has passed in which the page is idle and nothing changes. It does not ask how a page is drawn.
CLOCK = """
window.benchClock ??= (() => {
  const { surface, words, numbers, charts } = SELECTORS
  const all = (selector) => [...document.querySelectorAll(selector)]
  const isIdle = () => IS_IDLE
  const clock = {
    words: () => all(words).map((each) => each.textContent).join("|"),
    numbers: () => all(numbers).filter((each) => each.textContent.trim()).length,
    charts: () => all(charts).length,
    shift: 0,
    numbersAt: null,
  }
  let hasChanged = true
  new MutationObserver((changes) => {
    hasChanged ||= changes.some(({ target }) => (target.closest ? target : target.parentElement)?.closest(surface))
  }).observe(document, {
    subtree: true, childList: true, characterData: true,
    attributeFilter: ["d", "transform", "x", "y", "x1", "x2", "y1", "y2", "width", "height", "points", "href", "src"],
  })
  // As web vitals count it: the worst run of shifts less than a second apart, of five seconds at most.
  let run = 0, runBegan = 0, last = 0
  new PerformanceObserver((list) => list.getEntries().forEach(({ startTime, value, hadRecentInput }) => {
    if (hadRecentInput) return
    if (startTime - last > 1000 || startTime - runBegan > 5000) [run, runBegan] = [0, startTime]
    run += value
    last = startTime
    clock.shift = Math.max(clock.shift, run)
  })).observe({ type: "layout-shift", buffered: true })
  const painted = (isDone, begun) => new Promise((resolve, reject) => {
    let still = 0, at = 0
    hasChanged = true
    const look = () => {
      const now = performance.now()
      if (hasChanged) {
        hasChanged = false
        still = 0
      } else if (++still === 1) at = now
      if (still > 1 && isDone() && isIdle() && now - at > QUIET) resolve(at - begun())
      else if (document.querySelector(FAILED)) reject(new Error(document.querySelector(FAILED).textContent))
      else if (now - begun() > PATIENCE) reject(new Error(`not painted: ${clock.words()}`))
      else requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  })
  // From the key or click that chooses.
  clock.arm = () => {
    const before = clock.words()
    let begun = performance.now()
    const started = new Promise((resolve) => {
      const start = (event) => {
        if (event.type === "keydown" && !["Enter", "Backspace"].includes(event.key)) return
        for (const type of ["keydown", "click"]) document.removeEventListener(type, start, true)
        begun = event.timeStamp
        resolve()
      }
      for (const type of ["keydown", "click"]) document.addEventListener(type, start, true)
    })
    clock.chosen = started.then(() => painted(() => clock.words() !== before, () => begun))
  }
  // From the address. Numbers may be there before the page is, which Streamlit calls idle until its script begins.
  const look = () => {
    if (clock.numbers() < NUMBERS) requestAnimationFrame(look)
    else requestAnimationFrame(() => clock.numbersAt = performance.now())
  }
  requestAnimationFrame(look)
  clock.shown = (numbers, charts) => painted(
    () => all(surface).some((each) => each.querySelector(words)) && clock.numbers() >= numbers && clock.charts() >= charts, () => 0,
  )
  return clock
})()
"""


@dataclass(frozen=True)
class Opening:
    """Of a browser that has nothing yet: milliseconds from the address, and the layout shift (CLS), in an ordinary
    window; bytes as sent and requests until all of the page has been in sight, web socket included."""

    numbers: float
    painted: float
    bytes: int
    requests: int
    shift: float


@dataclass(frozen=True)
class Choices:
    """Milliseconds until each was painted, and seconds of the server's cores until then."""

    painted: list[float]
    cpu: list[float]


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def opened(
    browser: Browser, address: str, screen: Screen, numbers: int = 0, charts: int = 0
) -> Iterator[tuple[Page, Opening]]:
    """A page in a browser without a cache, all painted with at least so many numbers and charts: as it opens on a
    screen, and then with all of it in sight."""
    page = browser.new_page(viewport=WINDOW)
    page.set_default_timeout(PATIENCE)
    try:
        page.add_init_script(clock(screen))
        traffic = _Traffic(page.context.new_cdp_session(page))
        page.goto(address)
        painted = page.evaluate(f"benchClock.shown({numbers}, 0)")
        found = page.evaluate("({ shift: benchClock.shift, numbersAt: benchClock.numbersAt })")
        page.set_viewport_size(TALL)
        page.evaluate(f"benchClock.shown({numbers}, {charts})")
        opening = Opening(
            found["numbersAt"] or painted, painted, traffic.bytes, traffic.requests, found["shift"]
        )
        yield page, opening
    finally:
        page.close()


def charts_of(page: Page) -> int:
    return page.evaluate("benchClock.charts()")


def walk(months: Sequence[str], places: Sequence[str], count: int) -> list[Step]:
    """So many choices, each a view that was not asked for before; taken back in turn, each was."""
    dice = random.Random(count)
    first = months[-12]
    left = dice.sample([month for month in months[6:-1] if month != first], count)
    further = dice.sample(list(places), -(-count // SHARE_OF_PLACES))
    steps, former = [], first
    for number in range(1, count + 1):
        if number % SHARE_OF_PLACES:
            month = left.pop()
            steps.append(Step(month, former))
            former = month
        else:
            steps.append(Step(place=further.pop()))
    return steps


def choices(
    page: Page, server: Server, contestant: Contestant, steps: Sequence[Step], is_back: bool = False
) -> Choices:
    """Each step taken or, from the last one on, taken back."""
    painted, cpu = [], []

    def armed() -> None:
        cpu.append(server.cpu())
        page.evaluate("benchClock.arm()")

    for step in reversed(steps) if is_back else steps:
        contestant.choose(page, step, is_back, armed)
        painted.append(page.evaluate("benchClock.chosen"))
        cpu[-1] = server.cpu() - cpu[-1]
    return Choices(painted, cpu)


def clock(screen: Screen) -> str:
    selectors = {name: value for name, value in vars(screen).items() if name != "is_idle"}
    given = {
        "SELECTORS": json.dumps(selectors),
        "IS_IDLE": screen.is_idle,
        "QUIET": str(QUIET),
        "FAILED": json.dumps(FAILED),
        "PATIENCE": str(PATIENCE),
        "< NUMBERS": f"< {NUMBERS}",
    }
    text = CLOCK
    for name, value in given.items():
        text = text.replace(name, value)
    return text


class _Traffic:
    """What a page fetches, as the browser's own network panel counts it."""

    def __init__(self, browser: CDPSession):
        self.bytes = self.requests = 0
        browser.on("Network.requestWillBeSent", self._request)
        browser.on("Network.loadingFinished", self._finished)
        browser.on("Network.webSocketCreated", self._request)
        browser.on("Network.webSocketFrameReceived", self._frame)
        browser.send("Network.enable")

    def _request(self, event: dict) -> None:
        address = event["request"]["url"] if "request" in event else event["url"]
        self.requests += address.startswith(("http", "ws"))

    def _finished(self, event: dict) -> None:
        self.bytes += int(event["encodedDataLength"])

    def _frame(self, event: dict) -> None:
        frame = event["response"]
        binary = 2
        self.bytes += len(
            base64.b64decode(frame["payloadData"]) if frame["opcode"] == binary else frame["payloadData"]
        )
