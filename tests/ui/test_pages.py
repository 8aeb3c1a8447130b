"""Every page stands: alone and through the router, under each filter, on empty and on partial data."""

import itertools
import re
from datetime import date

import pytest
from county import own_county
from streamlit.testing.v1 import AppTest

from leadstats.counting.database import mark_of
from leadstats.meetings import Meetings
from leadstats.ui.shell import filters, markup
from leadstats.ui.shell.frame import FOLD, PAGES
from leadstats.ui.shell.locations import ROOT, data_folder
from tests.pages import sheets, words_on

ADDRESSES = [page.address for page in PAGES]
FILTERED = [page.address for page in PAGES if page.has_filters]
QUERY = {
    "from": ["2025-03"],
    "to": ["2025-08"],
    "place": ["Mill Row", "Old Town"],
    "pathway": ["arrest_diversion"],
}
# All but one filter, for each: with the page that stands alone, any two filters meet in all four ways, both
# set, either without the other, and neither.
ALL_BUT_ONE = list(itertools.combinations(QUERY, len(QUERY) - 1))
EVERY_PAGE = pytest.mark.parametrize("address", ADDRESSES)


@pytest.fixture
def served(county, monkeypatch):
    monkeypatch.setenv("LEADSTATS_DATA", str(county))


def opened(address: str, query=(), runs: int = 1, is_unfolded: bool = True) -> AppTest:
    """The page with all its folds open: what is in them has to stand as well."""
    file = ROOT / "pages" / f"{address}.py"
    page = AppTest.from_file(str(file), default_timeout=60)
    for title in re.findall(r'ui\.folded\(\s*view,\s*"([^"]+)"', file.read_text()) if is_unfolded else ():
        page.session_state[f"{FOLD}{title}"] = True
    for key, values in dict(query).items():
        page.query_params[key] = values
    for _ in range(runs):
        page.run()
    assert not page.exception, page.exception
    return page


@EVERY_PAGE
def test_a_page_stands_alone(served, address):
    said = words_on(opened(address))
    assert "Test County LEAD" in said
    assert "Data through 31 December 2025" in said
    assert "SAMPLE" in said
    assert 'role="status"' in said


def test_every_page_runs_through_the_router(served):
    router = AppTest.from_file(str(ROOT / "leadstats" / "ui" / "router.py"), default_timeout=60).run()
    assert not router.exception
    for page in PAGES:
        router.switch_page(f"../../pages/{page.address}.py").run()
        assert not router.exception, page.address
        assert markup.text(page.question) in words_on(router)
        assert "How to read these pages" in words_on(router)


def test_a_page_is_sent_in_few_pieces_the_first_screen_by_itself(served):
    router = AppTest.from_file(str(ROOT / "leadstats" / "ui" / "router.py"), default_timeout=60).run()
    assert not router.markdown
    band, first_screen, rest = ("".join(parts) for parts in sheets(router))
    assert 'class="band"' in band
    assert 'role="status"' in first_screen and 'class="figures"' in first_screen
    assert "<figure" not in first_screen and rest.count("<figure") == rest.count('class="chart"') > 1


@pytest.mark.parametrize("address", FILTERED)
@pytest.mark.parametrize("keys", ALL_BUT_ONE, ids=str)
def test_a_page_stands_under_any_two_filters_with_and_without_each_other(served, address, keys):
    page = opened(address, {key: QUERY[key] for key in keys})
    assert not page.warning
    if "place" in keys:
        assert "in Mill Row and Old Town" in words_on(page)


def test_a_fold_is_worked_out_only_when_it_is_opened(served):
    page = opened("jail_beds", is_unfolded=False)
    title = "People referred and people not diverted"
    told = "people arrested and not diverted"
    assert title in words_on(page)
    assert told not in words_on(page).replace(title, "")
    page.session_state[f"{FOLD}{title}"] = True
    page.run()
    assert not page.exception
    assert told in words_on(page)
    assert told in words_on(opened("jail_beds"))


@EVERY_PAGE
def test_values_nobody_knows_give_a_notice_and_the_default(served, address):
    query = {"from": ["1999-01"], "place": ["Nowhere", "' OR 1=1 --"], "pathway": ["teleport"]}
    page = opened(address, query, is_unfolded=False)
    notices = [warning.value.replace("\\", "") for warning in page.warning]
    assert notices == [
        "The link asks for the month '1999-01'; the data hold 2022 to 2025. January 2025 is shown instead.",
        "The link asks for the place 'Nowhere', which the data do not know; it is left out.",
        'The link asks for the place "\' OR 1=1 --", which the data do not know; it is left out.',
        "The link asks for the pathway 'teleport', which the data do not know; it is left out.",
    ]
    page.run()
    assert not page.warning


def test_a_choice_draws_the_content_and_leaves_the_filters(served, monkeypatch):
    """What stays in a browser is gone here after such a run, so that each is followed by a whole one."""
    router = AppTest.from_file(str(ROOT / "leadstats" / "ui" / "router.py"), default_timeout=60).run()
    bars, bar = [], filters._bar
    monkeypatch.setattr(filters, "_bar", lambda *told: bars.append(told) or bar(*told))

    def drawn_bars(choice) -> int:
        bars.clear()
        choice.run()
        assert not router.exception
        return len(bars)

    for address, month, name in (("enrollment", "2025-03", "March"), ("explore", "2025-02", "February")):
        assert drawn_bars(router.switch_page(f"../../pages/{address}.py")) == 1
        assert drawn_bars(router.selectbox(key="from").select(month)) == 0
        assert f"{name} to December 2025" in words_on(router)
        assert router.query_params["from"] == month
        assert drawn_bars(router) == 1
        assert router.selectbox(key="from").value == month
        assert drawn_bars(router.multiselect(key="place").select("Mill Row")) == 0
        assert f"in Mill Row, {name} to December 2025" in words_on(router)
        assert drawn_bars(router) == 1
        assert router.multiselect(key="place").value == ["Mill Row"]
        assert drawn_bars(router.multiselect(key="place").unselect("Mill Row")) == 0
        assert drawn_bars(router) == 1
    # What a number may be broken down by hangs on the number.
    assert drawn_bars(router.selectbox(key="explore_metric").select("people_exited")) == 1
    assert drawn_bars(router.selectbox(key="to").select("2025-06")) == 0
    assert "metric=people_exited" in words_on(router) and "February to June 2025" in words_on(router)


def test_a_choice_after_a_notice_draws_all_anew(served, monkeypatch):
    """What stood there is gone from a test after any run, so the filters are watched in the notice's place."""
    router = AppTest.from_file(str(ROOT / "leadstats" / "ui" / "router.py"), default_timeout=60)
    router.query_params["place"] = ["Nowhere"]
    assert router.run().warning
    bars, bar = [], filters._bar
    monkeypatch.setattr(filters, "_bar", lambda *told: bars.append(told) or bar(*told))
    router.selectbox(key="from").select("2025-03").run()
    assert bars and not router.warning and "March to December 2025" in words_on(router)


def test_a_choice_after_a_build_shows_the_new_data_and_their_months(county, tmp_path, monkeypatch):
    program = own_county(tmp_path, county)
    monkeypatch.setenv("LEADSTATS_DATA", str(program.data))
    router = AppTest.from_file(str(ROOT / "leadstats" / "ui" / "router.py"), default_timeout=60).run()
    program.add(referral=[{"person_id": f"new {n}", "referred_on": "2026-01-05"} for n in range(20)])
    mark = mark_of(program.build().snapshot)
    router.selectbox(key="from").select("2025-03").run()
    assert not router.exception
    assert f"Snapshot {mark}" in words_on(router)


def test_filters_survive_a_change_of_page(served):
    router = AppTest.from_file(str(ROOT / "leadstats" / "ui" / "router.py"), default_timeout=60)
    router.query_params["place"] = ["Mill Row"]
    router.run()
    for address in ("enrollment", "definitions", "housing"):
        router.switch_page(f"../../pages/{address}.py").run()
        assert not router.exception
    assert "Housing: LEAD in Mill Row, 2025." in words_on(router)


@pytest.fixture(scope="module")
def built_twice(make_program, tmp_path_factory):
    """A program, and the marks of its earlier and its newer snapshot."""
    program, names = make_program(tmp_path_factory.mktemp("rebuilt")), []
    for more in range(2):
        program.add(referral=[{"person_id": f"{more}-{n}", "referred_on": "2025-05-31"} for n in range(20)])
        names.append(mark_of(program.build().snapshot))
    return program, names


@pytest.fixture
def rebuilt(built_twice, monkeypatch):
    program, names = built_twice
    monkeypatch.setenv("LEADSTATS_DATA", str(program.data))
    return names


def test_an_address_names_its_snapshot_and_months(rebuilt):
    page = opened("overview")
    assert dict(page.query_params) == {"from": "2024-06", "to": "2025-05", "snapshot": rebuilt[1]}
    assert "newer data" not in words_on(page).lower()


def test_the_overview_says_what_became_of_the_numbers_since_the_group_met(rebuilt):
    assert "Since the meeting" not in words_on(opened("overview"))
    Meetings(data_folder()).hold(date(2026, 1, 15), rebuilt[0])
    said = words_on(opened("overview"))
    # 20 more people of a month that the meeting had seen.
    assert "Since the meeting of 15 January 2026. People referred: 20 as the earlier build had them" in said
    assert "0 in new months, 20 came late, none by correction" in said


def test_a_link_opens_the_snapshot_it_was_made_of_on_every_page_from_there(rebuilt, monkeypatch):
    earlier, newer = rebuilt
    router = AppTest.from_file(str(ROOT / "leadstats" / "ui" / "router.py"), default_timeout=60)
    router.query_params["snapshot"] = [earlier]
    router.run()
    for address in ("overview", "enrollment"):
        router.switch_page(f"../../pages/{address}.py").run()
        assert not router.exception
        said = words_on(router)
        assert f"Snapshot {earlier}" in said and ">20<" in said
        assert "Newer data were published" in said
        assert (
            "People referred: 40 people in the newest data, 20 people here" in said or address != "overview"
        )
        assert router.query_params["snapshot"] == earlier
    assert ">40<" in words_on(opened("enrollment", {"snapshot": [newer]}))


def test_what_differs_is_told_of_each_figure_once_it_is_asked(rebuilt):
    router = AppTest.from_file(str(ROOT / "leadstats" / "ui" / "router.py"), default_timeout=60)
    router.query_params["snapshot"] = rebuilt[:1]
    router.switch_page("../../pages/enrollment.py").run()
    title = "What differs in the newest data for what this page shows"
    assert title in words_on(router) and "<td>May 2025</td>" not in words_on(router)
    router.session_state[f"{FOLD}{title}"] = True
    router.run()
    assert not router.exception
    (table,) = (each for each in re.findall(r"<table.*?</table>", words_on(router)) if "newest data" in each)
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr>(.*?)</tr>", table)]
    assert rows[0] == ["Measure", "Of", "Here", "In the newest data"]
    assert ["People referred", "", "20 people", "40 people"] in rows
    assert ["People referred", "Community referral", "20 people", "40 people"] in rows
    assert "none differs" not in words_on(router)
    router.query_params.clear()
    assert title not in words_on(opened("enrollment"))


@pytest.mark.parametrize("mark", ["0123456789", "../current", "program-*.duckdb", "x" * 500])
def test_a_snapshot_that_is_not_kept_is_said_in_words(rebuilt, mark):
    page = opened("overview", {"snapshot": [mark]})
    (notice,) = page.warning
    assert "is not kept any more, or never was" in notice.value
    assert "The newest data are shown instead" in notice.value
    assert page.query_params["snapshot"] == rebuilt[1]
    page.run()
    assert not page.warning


def test_choosing_a_place_changes_the_numbers(served):
    page = opened("overview")
    before = words_on(page)
    page.multiselect(key="place").set_value(["Mill Row"]).run()
    assert not page.exception
    assert "LEAD in Mill Row" in words_on(page)
    assert words_on(page) != before


def test_months_in_the_wrong_order_are_put_right(served):
    page = opened("overview", {"from": ["2025-08"], "to": ["2025-03"]})
    assert "March to August 2025" in words_on(page)


@EVERY_PAGE
def test_a_page_says_that_nothing_has_been_built_yet(tmp_path, monkeypatch, address):
    monkeypatch.setenv("LEADSTATS_DATA", str(tmp_path))
    said = words_on(opened(address))
    assert "There are no data that this version can read" in said
    assert "python -m leadstats build" in said


@pytest.mark.parametrize("export", ["referral", "arrest", "jail_stay", "housing", "enrollment"])
def test_every_page_stands_on_one_kind_of_export(program, monkeypatch, export):
    program.add(**{export: [{}, {}]}).build()
    monkeypatch.setenv("LEADSTATS_DATA", str(program.data))
    said = {address: words_on(opened(address)) for address in ADDRESSES}
    if export != "jail_stay":
        assert "jail_stay.csv (one row per stay in jail)" in said["jail_beds"]
    if export == "jail_stay":
        # Each first sentence says what it waits for, and none that a number is merely "not recorded".
        opening = re.search(r'<div class="opening">(.*?)</div>', said["neighborhoods"])[1]
        assert "needs referral.csv" in opening
    if export != "housing":
        assert "needs housing.csv (one row per" in said["overview"]


def test_labels_from_exports_stay_text_on_every_page(hostile_county, monkeypatch):
    monkeypatch.setenv("LEADSTATS_DATA", str(hostile_county))
    for address in ADDRESSES:
        page = opened(address)
        assert "<img" not in words_on(page), address
        for element in page.markdown:
            assert "\n\n" not in element.value


def test_a_coordinating_group_never_sees_a_small_number(program, monkeypatch):
    program.add(referral=[{"person_id": n, "referred_on": "2025-05-10"} for n in range(7)])
    program.build()
    monkeypatch.setenv("LEADSTATS_DATA", str(program.data))
    said = words_on(opened("overview", {"from": ["2025-05"], "to": ["2025-05"]}))
    assert "hidden to protect privacy" in said
    assert "7 people" not in said


def test_every_page_stands_when_the_files_of_two_numbers_are_wrong(county, tmp_path, monkeypatch, broken):
    # The numbers of a folder are kept for as long as the process runs, as its metrics are: this one is new to it.
    anew = tmp_path / "data"
    anew.symlink_to(county, target_is_directory=True)
    monkeypatch.setenv("LEADSTATS_DATA", str(anew))
    broken("people_referred", "unit = 'kits'")
    broken("diversion_rate", "benefit = 'yes'")

    said = {address: words_on(opened(address)) for address in ADDRESSES}

    telling = ("until a file of the tool is corrected", "Numbers that cannot be shown")
    assert {address for address, words in said.items() if any(each in words for each in telling)} == {
        "overview", "enrollment", "diversion", "equity", "definitions", "neighborhoods", "data_quality",
    }  # fmt: skip
