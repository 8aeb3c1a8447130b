"""Enrollment: who comes, and how fast are they met?"""

from leadstats import ui


@ui.page("enrollment")
def draw(view):
    ui.figures(
        view,
        "people_referred",
        "people_enrolled",
        "waiting_for_intake",
        "median_days_to_intake",
        "active_caseload",
    )
    ui.section("Who comes, and how fast they are met")
    ui.measures(
        view,
        *(f"intake_within_{days}_days" for days in (14, 30, 90)),
        headline="Intake was done within 14 days for {}, within 30 for {}, within 90 for {} of referrals",
    )
    ui.referral_stages(view)
    ui.trend(view, "waiting_for_intake", has_limits=True)
    ui.groups(view, "people_referred", "pathway")
    ui.folded(view, "Why people did not come in", ui.not_coming_in)
    ui.folded(
        view,
        "How fast over time and by the way people came, and who waits longer than 30 days",
        lambda view: ui.trend(view, "intake_within_30_days", has_limits=True),
        lambda view: ui.groups(view, "intake_within_30_days", "pathway"),
        ui.waiting,
    )
    ui.folded(view, "How many people LEAD carries, and who stays", ui.carried)
    ui.folded(view, "How people left", ui.leaving)
    ui.folded(view, "What people needed, and how they were met", ui.needs)
    ui.folded(view, "People who died", ui.deaths)
