"""What a number is of, in words."""

from datetime import date

from results import result

from leadstats.counting.view import Cell, Filters
from leadstats.narrative import captions


def test_the_scope_names_places_and_pathways():
    filters = Filters(
        date(2026, 7, 1), date(2026, 9, 1), places=("Mill Row", "North End"), pathways=("community",)
    )
    said = "People who came by community referral in Mill Row and North End, the third quarter of 2026."
    assert captions.scope(filters) == said


def test_a_subtitle_says_where_a_place_filter_cannot_reach():
    published = result("jail_bookings", Cell(None, "Everyone", value=3))
    said = "Jail bookings, whole jail, whole county, no place is recorded, October 2026, data through 31 October 2026"
    assert captions.subtitle(published) == said
