"""What stands behind the pages: which snapshot, which audience, which filters, and plain CSV."""

import csv
import io
import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pyarrow.parquet
import pytest
from county import own_county
from starlette.requests import Request
from starlette.responses import Response

from leadstats.briefing import View, over_time, tables
from leadstats.counting import released
from leadstats.counting.view import Filters
from leadstats.ui.cards import card
from leadstats.ui.shell import address, filters, markup, result_cache, session, web

OFFERED = filters.Choices(("2025-01", "2025-02", "2025-03"), ("Mill Row", "Old Town"), "2025-01", "2025-03")
YEAR = Filters(date(2025, 1, 1), date(2025, 12, 1))


@pytest.fixture
def view(county, monkeypatch):
    monkeypatch.setenv("LEADSTATS_DATA", str(county))
    monkeypatch.delenv("LEADSTATS_AUDIENCE", raising=False)
    return seen(session.audience(None))


def seen(audience: str) -> View:
    answers = session.opened(audience)
    return View(answers.database, audience, YEAR, answers.ask)


def get(address: str) -> Response:
    """What the app answers to an address below /data/."""
    path, _, query = address.partition("?")
    is_stage = path.startswith("data/equity/")
    name = path.removeprefix("data/equity/" if is_stage else "data/").removesuffix(".csv")
    scope = {
        "type": "http",
        "query_string": query.encode(),
        "path_params": {"stage" if is_stage else "metrics": name},
    }
    return (web.equity if is_stage else web.csv)(Request(scope))


def rows_of(answer: Response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.body.decode())))


def test_an_address_without_filters_means_the_defaults():
    values, notices = filters.parse({}, OFFERED)
    assert values == {"from": "2025-01", "to": "2025-03", "place": [], "pathway": []}
    assert notices == []


def test_an_address_names_months_and_snapshot_always_and_comes_back(view):
    mark = view.database.mark
    assert address.of(view, "housing") == f"housing?from=2025-01&to=2025-12&snapshot={mark}"
    chosen = Filters(date(2025, 2, 1), date(2025, 3, 1), places=("Mill Row",), pathways=("community",))
    narrow = replace(view, filters=chosen)
    values, notices = filters.parse(address.parameters(narrow), OFFERED)
    assert filters.as_filters(values) == chosen
    assert notices == []


def test_repeated_and_unknown_values_do_no_harm():
    query = {
        "place": ["Old Town", "Old Town", "'; DROP TABLE program.referral; --"],
        "from": ["x", "2025-02"],
    }
    values, notices = filters.parse(query, OFFERED)
    assert values["place"] == ["Old Town"]
    assert values["from"] == "2025-02"
    assert len(notices) == 1


@pytest.mark.parametrize(
    ("granted", "asked", "given"),
    [
        ("analyst", "coordinating_group", "coordinating_group"),
        ("coordinating_group", "analyst", "coordinating_group"),
        ("analyst", "nonsense", "analyst"),
        ("", None, "coordinating_group"),
    ],
)
def test_an_audience_can_be_lowered_and_never_raised(monkeypatch, granted, asked, given):
    monkeypatch.setenv("LEADSTATS_AUDIENCE", granted)
    assert session.audience(asked) == given


def test_an_unknown_audience_stops_the_app(monkeypatch):
    monkeypatch.setenv("LEADSTATS_AUDIENCE", "everyone")
    with pytest.raises(ValueError, match="use one of coordinating_group, operations, analyst"):
        session.audience(None)


def test_a_new_build_is_seen_and_an_old_view_keeps_its_numbers(county, tmp_path, monkeypatch):
    program = own_county(tmp_path, county)
    monkeypatch.setenv("LEADSTATS_DATA", str(program.data))
    old = seen("analyst")
    before = old.published("people_referred", by="total").cells[0].value
    program.add(referral=[{"person_id": 7000 + n, "referred_on": "2025-05-05"} for n in range(9)]).build()
    assert not session.is_current(old.database, "analyst")
    assert old.published("people_referred", by="total").cells[0].value == before
    new = seen("analyst")
    assert session.is_current(new.database, "analyst")
    assert new.published("people_referred", by="total").cells[0].value == before + 9


def test_an_analysts_numbers_never_reach_another_audience(view):
    analyst = seen("analyst")
    how = {"by": "total", "breakdown": "race"}
    assert not any(cell.hidden for cell in analyst.published("people_exited", **how).cells)
    assert any(cell.hidden for cell in view.published("people_exited", **how).cells)


def test_a_question_is_answered_once_and_a_failure_is_not_kept(view, monkeypatch):
    calls = []

    def fail_once(_, *question):
        calls.append(question)
        if len(calls) == 1:
            raise RuntimeError("once")
        return "answer"

    monkeypatch.setattr(result_cache, "measure", fail_once)
    answers = result_cache.Answers(view.database)
    question = (view.database, view.database.metric("people_referred"), YEAR, "nobody")
    with pytest.raises(RuntimeError, match="once"):
        answers.ask(*question)
    assert [answers.ask(*question), answers.ask(*question)] == ["answer", "answer"]
    assert len(calls) == 2


def test_only_so_many_numbers_are_kept_the_last_asked_longest(view, monkeypatch):
    asked = []
    monkeypatch.setattr(result_cache, "measure", lambda *question: asked.append(question[2].by))
    monkeypatch.setattr(result_cache, "MOST_KEPT", 2)
    answers, metric = result_cache.Answers(view.database), view.database.metric("people_referred")
    for by in ("month", "year", "month", "total", "month", "year"):
        answers.ask(view.database, metric, replace(YEAR, by=by), "nobody")
    assert asked == ["month", "year", "total", "year"]


def test_who_asks_for_what_is_being_computed_waits_for_it(view, monkeypatch):
    begun, may_end, calls = threading.Event(), threading.Event(), []

    def slow(*question):
        calls.append(question)
        begun.set()
        assert may_end.wait(10)
        return "answer"

    monkeypatch.setattr(result_cache, "measure", slow)
    answers = result_cache.Answers(view.database)
    question = (view.database, view.database.metric("people_referred"), YEAR, "nobody")
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(answers.ask, *question)
        assert begun.wait(10)
        second = pool.submit(answers.ask, *question)
        may_end.set()
        assert [first.result(10), second.result(10)] == ["answer", "answer"]
    assert len(calls) == 1


def test_what_was_asked_longest_ago_is_forgotten_first(view, monkeypatch):
    monkeypatch.setattr(result_cache, "MOST_KEPT", 2)
    calls = []
    monkeypatch.setattr(result_cache, "measure", lambda *question: calls.append(question[1].name))
    answers = result_cache.Answers(view.database)
    for name in ("people_referred", "people_enrolled", "people_referred", "people_exited", "people_referred"):
        answers.ask(view.database, view.database.metric(name), YEAR, "analyst")
    assert calls == ["people_referred", "people_enrolled", "people_exited"]


def test_csv_holds_the_numbers_of_the_card(view):
    published = view.published("people_referred", by="total", breakdown="neighborhood")
    answer = get(card.csv_address(view, [published]))
    table = tables.of_results([published])
    assert [(row["category"], row["shown"]) for row in rows_of(answer)] == [row[:2] for row in table.rows]
    assert answer.headers["content-type"].startswith("text/csv")


def test_several_measures_come_in_one_file(view):
    rows = rows_of(get("data/people_referred,people_enrolled.csv?by=total"))
    assert [row["metric"] for row in rows] == ["people_referred", "people_enrolled"]


def test_a_stage_comes_as_csv(view):
    assert "White" in [row["group"] for row in rows_of(get("data/equity/arrest_to_diversion.csv"))]


@pytest.mark.parametrize(
    "address",
    [
        "data/people_refered.csv",
        "data/people_referred.csv?by=week",
        "data/people_referred.csv?breakdown=shoe_size",
        "data/people_referred.csv?place=Nowhere",
        "data/people_referred.csv?from=1999-01",
        "data/equity/nonsense.csv",
        "data/equity/arrest_to_diversion.csv?reference=Nobody",
    ],
)
def test_an_address_that_makes_no_sense_gets_one_line(view, address):
    answer = get(address)
    assert answer.status_code == 400
    assert answer.body.count(b"\n") == 1


def test_a_csv_link_cannot_raise_the_audience(view):
    answer = get("data/people_exited.csv?by=total&breakdown=race&audience=analyst")
    assert b"hidden to protect privacy" in answer.body


def test_escaping_covers_text_attributes_and_lines():
    assert markup.tag("p", markup.text('a < b & "c"\n\nd'), title='"x"') == (
        '<p title="&quot;x&quot;">a &lt; b &amp; &quot;c&quot; d</p>'
    )


def test_nothing_is_served_from_a_folder_without_data(tmp_path, monkeypatch):
    monkeypatch.setenv("LEADSTATS_DATA", os.fspath(tmp_path))
    with pytest.raises(FileNotFoundError, match="python -m leadstats build"):
        session.opened()


def test_a_change_for_good_begins_a_new_usual_range(program, monkeypatch):
    months = [date(2024 + n // 12, n % 12 + 1, 5) for n in range(24)]
    program.add(
        arrest=[
            {"person_id": f"{day}-{n}", "arrested_at": day, "is_charge_eligible": "yes", "is_diverted": "yes"}
            for day in months
            for n in range(20 if day.year == 2024 else 45)
        ]
    ).site(
        data_through=date(2025, 12, 31),
        events=[{"day": date(2025, 1, 20), "text": "More charges", "is_new_baseline": True}],
    )
    program.build()
    monkeypatch.setenv("LEADSTATS_DATA", str(program.data))
    view = seen("analyst")
    assert over_time.new_baselines(view, "month") == {"2025-01"}
    published, usual = over_time.controlled(view, "arrests_diverted")
    assert published.filters.by == "month" and len(usual.center) == 24
    assert usual.center[0] < 25 < 40 < usual.center[12]
    assert not usual.signals
    since, warning = over_time.changed(
        view, view.published("arrests_diverted", by="quarter", first_month=months[0])
    )
    assert since == "2025-Q2" and "Since 20 January 2025 something else is usual: More charges." in warning


def test_a_control_chart_takes_quarters_where_months_hide_a_number(program, monkeypatch):
    months = [date(2021 + n // 12, n % 12 + 1, 5) for n in range(60)]
    program.add(
        arrest=[
            {"person_id": f"{day}-{n}", "arrested_at": day, "is_charge_eligible": "yes", "is_diverted": "yes"}
            for day in months
            for n in range(5)
        ]
    ).site(data_through=date(2025, 12, 31))
    program.build()
    monkeypatch.setenv("LEADSTATS_DATA", str(program.data))
    view = seen("coordinating_group")
    published, usual = over_time.controlled(view, "arrests_diverted")
    assert published.filters.by == "quarter"
    assert usual.center[0] == pytest.approx(15, abs=0.5)


def test_the_public_is_told_the_threshold_of_the_release(tmp_path, monkeypatch):
    words = {
        "release": "2026-01.1",
        "program": "Elk County",
        "is_sample": False,
        "published_on": "2026-03-01",
    }
    words |= {"data_through": "2026-01-31", "events": [], "metrics": [], "threshold": 15}
    (tmp_path / released.WORDS).write_text(json.dumps(words), encoding="utf-8")
    pyarrow.parquet.write_table(
        pyarrow.table({"series": pyarrow.array([], "string")}), tmp_path / released.NUMBERS
    )
    monkeypatch.setenv("LEADSTATS_RELEASES", str(tmp_path))

    told = session.facts(released.open_release(tmp_path), "public")

    assert (
        told[-1]
        == "Public numbers: those of fewer than 15 people are hidden, and whatever would give them away"
    )


def test_a_file_says_what_it_holds_of_which_months_places_and_snapshot(view):
    answer = get("data/diversion_rate.csv?by=total&from=2025-01&to=2025-06&place=Mill+Row")
    name = f"diversion_rate-2025-01-to-2025-06-{view.database.mark}.csv"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    (row,) = rows_of(answer)
    assert (row["place"], row["pathway"]) == ("Mill Row", "all")
    assert row["definition"] == view.database.metric("diversion_rate").definition
