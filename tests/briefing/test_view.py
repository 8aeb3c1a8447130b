"""One view for page, report, command line and download: the same months, wherever a number stands."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from leadstats import quality
from leadstats.analysis.equity import EVERYONE_ELSE
from leadstats.briefing import View, default_months, reach
from leadstats.briefing.key_figures import key_figure
from leadstats.briefing.questions import answered
from leadstats.cli.commands import main
from leadstats.counting.catalog import load_metrics
from leadstats.counting.database import open_database
from leadstats.counting.view import FilterError, Filters
from leadstats.narrative import not_recorded
from leadstats.ui.shell import filters

YEAR = Filters(date(2025, 1, 1), date(2025, 12, 1))
FOLLOWED = "still_housed_at_365_days"


@pytest.fixture
def view(county):
    return View(open_database(county), "coordinating_group", YEAR)


@pytest.fixture
def lagging(program):
    """Referrals that reach to the end of October, arrests that end on 25 September; both so dense that a month
    without one would be none that is covered."""
    referred = [date(2026, 10, 31) - timedelta(days=3 * n) for n in range(220)]
    arrested = [date(2026, 9, 25) - timedelta(days=3 * n) for n in range(210)]
    return program.add(
        referral=[{"person_id": n, "referred_on": day} for n, day in enumerate(referred)],
        arrest=[
            {"person_id": n, "arrested_at": day, "is_charge_eligible": "yes", "is_diverted": "yes"}
            for n, day in enumerate(arrested)
        ],
    )


def test_report_and_page_show_the_months_that_the_exports_of_the_headline_cover(lagging, tmp_path):
    offered = filters.choices(lagging.database)
    quality.write_report(lagging.data, tmp_path / "report.html")
    report = (tmp_path / "report.html").read_text()

    assert reach(lagging.database) == date(2026, 9, 25)
    assert (offered.first, offered.last) == ("2025-09", "2026-08")
    assert "Over September 2025 to August 2026." in report
    assert "October 2026" not in report.split("How far each export reaches")[0]


def test_a_metric_asked_for_alone_has_the_months_of_its_own_sources(lagging, capsys):
    months = {}
    for name in ("people_referred", "arrests_diverted"):
        found = default_months(lagging.database, load_metrics()[name])
        assert main(["metric", name, "--data", str(lagging.data), "--format", "json"]) == 0
        asked = json.loads(capsys.readouterr().out)["filters"]
        assert (asked["from"], asked["to"]) == (f"{found.first_month:%Y-%m}", f"{found.last_month:%Y-%m}")
        months[name] = asked["to"]

    assert months == {"people_referred": "2026-10", "arrests_diverted": "2026-08"}


def test_an_export_that_lags_far_behind_holds_nothing_back(program):
    program.add(
        referral=[{"referred_on": "2026-06-30"}],
        arrest=[{"arrested_at": "2025-03-01", "is_charge_eligible": "yes"}],
    )
    assert default_months(program.database).last_month == date(2026, 6, 1)


def test_an_export_behind_other_numbers_holds_nothing_back_and_its_numbers_say_so(program):
    referred = [date(2026, 6, 30) - timedelta(days=3 * n) for n in range(60)]
    booked = [date(2026, 5, 10) - timedelta(days=3 * n) for n in range(60)]
    program.add(
        referral=[{"person_id": n, "referred_on": day} for n, day in enumerate(referred)],
        jail_stay=[{"person_id": n, "booked_at": day, "released_at": day} for n, day in enumerate(booked)],
    )
    own = View(program.database, "analyst", default_months(program.database))
    assert own.filters.last_month == date(2026, 6, 1)
    assert "end on" not in not_recorded.gaps(own.figure("people_referred"))
    assert not_recorded.gaps(own.figure("jail_bookings")).endswith(
        "The numbers end on 10 May 2026, with the exports that they rest on."
    )
    assert "10 May 2026" in " ".join(key_figure(own, "jail_bookings").changes)


def test_months_move_back_until_people_have_been_followed_for_long_enough(view):
    moved = view.figure(FOLLOWED)

    assert (moved.filters.first_month, moved.filters.last_month) == (date(2023, 12, 1), date(2024, 11, 1))
    assert view.is_moved(moved)
    assert view.moved(moved) == (
        "These are the people of December 2023 to November 2024, the latest followed long enough."
    )


def test_figures_that_stand_together_are_of_the_same_people(view):
    short, long = "housed_within_90_days", "housed_within_365_days"
    assert view.own_months(short) != view.own_months(long)

    together = {(each.filters.first_month, each.filters.last_month) for each in view.figures(short, long)}
    assert together == {(date(2023, 12, 1), date(2024, 11, 1))}


def test_a_number_of_nobody_who_is_followed_stays_in_the_chosen_months(view):
    published = view.figure("people_referred")

    assert not view.is_moved(published)
    assert view.moved(published) == ""


def test_an_answer_is_exactly_what_is_asked_for(view):
    asked = view.answer(FOLLOWED, by="total")
    assert asked.filters == replace(YEAR, by="total")

    narrow = replace(view, filters=replace(YEAR, places=("Mill Row",)))
    with pytest.raises(FilterError, match="cannot be filtered by place"):
        narrow.answer("jail_bookings")


def test_readers_get_only_the_filters_that_a_metric_knows(view):
    narrow = replace(view, filters=replace(YEAR, places=("Mill Row",), pathways=("community",)))

    assert narrow.published("jail_bookings", by="total").filters.places == ()
    assert narrow.published("people_referred", by="total").filters.places == ("Mill Row",)


def test_a_trend_reaches_back_two_years_but_not_before_the_data(view):
    assert view.window(("people_referred",), 24) == date(2024, 1, 1)
    assert view.window(("people_referred",), 240) == date(2023, 1, 1)


def test_groups_are_compared_over_the_own_months_of_their_stage_unless_asked_exactly(view):
    assert view.equity("homeless_to_housed").filters.last_month == date(2024, 11, 1)
    assert view.compared("homeless_to_housed").filters.last_month == date(2025, 12, 1)
    assert view.equity("arrest_to_diversion").filters.last_month == date(2025, 12, 1)


@pytest.mark.parametrize(
    ("page", "metric"),
    [("enrollment", "intake_within_30_days"), ("housing", FOLLOWED)],
)
def test_a_first_sentence_says_the_months_of_people_who_were_followed(view, page, metric):
    months = view.figure(metric).filters

    assert view.is_moved(view.figure(metric))
    assert f"to {months.last_month:%B %Y}, " in answered(page, view).lead


def test_every_answer_comes_through_the_door_that_the_view_was_given(view):
    asked = []

    def ask(database, metric, filters, audience):
        asked.append((metric.name, audience))
        return View(database, audience, filters).answer(metric.name)

    kept = replace(view, ask=ask)
    assert kept.figure("people_referred") == view.figure("people_referred")
    assert kept.equity("arrest_to_diversion") == view.equity("arrest_to_diversion")
    names = [("people_referred", "coordinating_group"), ("diversion_rate", "coordinating_group")]
    assert list(dict.fromkeys(asked)) == names


def test_the_first_sentence_compares_with_the_group_that_the_view_has_chosen(view):
    """It said White people whatever the address asked for."""
    against = replace(view, reference=EVERYONE_ELSE)
    said = answered("equity", against).lead
    assert "those of everyone else" in said and "those of White people" not in said
    assert "White people" in answered("equity", view).lead
