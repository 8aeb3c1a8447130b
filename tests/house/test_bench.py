"""Does `make bench` compare the same numbers, and does its clock wait for the last change?"""

import json
import statistics
from datetime import date
from urllib.parse import quote

from benchmarks.instant import browser, ratios, report
from benchmarks.instant.contestants import Screen
from benchmarks.instant.inboxes import FLAT
from benchmarks.instant.sampled import part
from benchmarks.instant.visitors import DashVisitor
from benchmarks.peers import overview

PLACES = ("Harbor", "Hill", "Mill Row")
MONTHS = [f"{name} {year}" for year in range(2020, 2025) for name in ("May", "June", "July", "August")]


def test_the_plain_pages_show_the_numbers_of_the_product(typed):
    typed.add(
        referral=[
            {"person_id": person, "referred_on": f"2026-0{month}-10", "pathway": way, "neighborhood": place}
            for person, month, way, place in (
                (1, 1, "community", "Hill"),
                (1, 3, "arrest_diversion", "Hill"),
                (2, 2, "community", "Harbor"),
                (3, 5, "community", "Hill"),
            )
        ],
        enrollment=[
            {"person_id": 1, "started_on": "2026-02-01"},
            {"person_id": 2, "started_on": "2026-04-01"},
        ],
        arrest=[
            {
                "person_id": person,
                "arrested_at": f"2026-0{month}-10T10:00",
                "is_diverted": diverted,
                "is_charge_eligible": "true",
                "neighborhood": place,
            }
            for person, month, diverted, place in (
                (1, 3, "true", "Hill"),
                (2, 3, "true", "Harbor"),
                (2, 4, "false", "Harbor"),
            )
        ],
    )
    connection = typed.database.root.cursor()
    connection.execute(FLAT.read_text(encoding="utf-8"))
    rows = overview.Rows(connection)
    for places, pathways in (((), ()), (("Hill",), ()), ((), ("community",)), (("Hill",), ("community",))):
        choice = overview.Choice(date(2026, 2, 1), date(2026, 4, 1), places, pathways)
        shown = [now for now, _ in rows.numbers(choice).values()]
        chosen = dict(first_month="2026-02", last_month="2026-04", by="total", places=places)
        assert shown[0] == typed.value("people_referred", **chosen, pathways=pathways)
        assert shown[1] == typed.value("people_enrolled", **chosen, pathways=pathways)
        assert shown[2] == typed.value("arrests_diverted", **chosen)


def test_what_was_before_is_of_as_many_months():
    choice = overview.Choice(date(2026, 1, 1), date(2026, 3, 1))
    assert choice.before == overview.Choice(date(2025, 10, 1), date(2025, 12, 1))


def test_each_choice_of_a_walk_is_a_new_view_and_can_be_taken_back():
    steps = browser.walk(MONTHS, PLACES, 8)
    month, places, seen = MONTHS[-12], [], set()
    for step in steps:
        if step.month:
            assert step.former == month
            month = step.month
        else:
            places.append(step.place)
        seen.add((month, *places))
    assert len(seen) == len(steps) == 8
    assert (MONTHS[-12],) not in seen
    assert sum(bool(step.place) for step in steps) == 2


PAGE = """
<main><p class="words">May</p><b class="number">1</b><button>choose</button><figure></figure></main><aside></aside>
<script>
  setInterval(() => document.querySelector("aside").textContent += "elsewhere", 20)
  document.querySelector("button").onclick = () => {
    setTimeout(() => document.querySelector(".words").textContent = "June", 50)
    setTimeout(() => document.querySelector("figure").append(document.createElement("i")), 250)
    setTimeout(() => document.title = "idle", 700)
  }
</script>
"""


def test_the_clock_stops_at_the_last_change_of_the_page(page):
    screen = Screen("main", ".words", ".number", "figure", "document.title === 'idle'")
    page.add_init_script(browser.clock(screen))
    page.goto(f"data:text/html,{quote(PAGE)}")
    page.evaluate("benchClock.arm()")
    page.click("button")
    assert 250 <= page.evaluate("benchClock.chosen") < 700


def record(round_, who, *painted):
    return {
        "part": "overview",
        "rows": 10,
        "round": round_,
        "who": who,
        "sitting": "1",
        "new": {"painted": painted},
        "drawn": 2,
    }


def test_a_ratio_is_of_all_rounds_and_says_how_far_rounds_lie_apart():
    records = [record(0, "now", 1, 1, 4), record(0, "dash", 2), record(1, "now", 3), record(1, "dash", 4)]
    ratio = ratios.ratio_to(records, "dash", ratios.NEW)
    assert ratio.middle == statistics.median((1, 1, 4, 3)) / 3
    assert (ratio.low, ratio.high) == (1 / 2, 3 / 4)


def test_what_streamlit_takes_by_itself_is_told_beside_the_page_that_does_least():
    told = [
        record(0, who, painted) | {"part": "pages", "page": page}
        for who, page, painted in (("now", "explore", 90), ("before", "explore", 150), ("bare", "", 60))
    ]
    for each in told:
        each["new"]["cpu"] = [0.01]
    said = report.TABLED["pages"]("pages", told)
    assert "takes 60 ms: 0.40 of Explore" in said
    assert "1.50 times as much" in said
    assert "bare_page" not in report.TABLED["pages"]("pages", told[:2])


def test_a_document_takes_the_latest_run_of_each_part():
    old, new = record(0, "now", 1000), record(0, "now", 2000) | {"sitting": "2"}
    assert report.of_last_sitting([old, new]) == [new]


def test_time_is_put_to_what_it_went_into():
    class Frame:
        def __init__(self, name, back=None):
            self.f_code = type("Code", (), {"co_filename": name})
            self.f_back = back

    page = Frame("/x/leadstats/ui/cards/card.py")
    asked = Frame("/x/leadstats/counting/suppression.py", page)
    assert part(Frame("/lib/numpy/linalg.py", asked)) == "protection"
    assert part(page) == part(Frame("/lib/streamlit/delta_generator.py")) == "drawing"
    assert part(Frame("/x/leadstats/narrative/wording.py", page)) == "sentences and figures"
    assert part(Frame("/lib/threading.py", asked)) is None


def test_a_dash_visitor_asks_as_the_page_would(monkeypatch):
    layout = {
        "props": {
            "children": [{"props": {"id": name, "value": "2026-01-01", "options": OPTIONS}} for name in NAMES]
        }
    }
    inputs = [{"id": name, "property": "value"} for name in NAMES]
    sent = []

    def send(self, method, path, body):
        sent.append(body)
        return {
            "/_dash-layout": layout,
            "/_dash-dependencies": [{"output": "..words.children...chart0.figure..", "inputs": inputs}],
        }.get(path)

    monkeypatch.setattr(DashVisitor, "_send", send)
    DashVisitor(1)
    asked = json.loads(sent[-1])
    assert asked["outputs"] == [
        {"id": "words", "property": "children"},
        {"id": "chart0", "property": "figure"},
    ]
    assert [each["value"] for each in asked["inputs"]] == ["2026-01-01"] * 4


NAMES = ("from", "to", "place", "pathway")
OPTIONS = [{"label": "May", "value": "2026-05-01"}]
