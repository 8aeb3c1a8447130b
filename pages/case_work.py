"""Case work: who waits, and who is due to be met?"""

from leadstats import ui


@ui.page("case_work")
def draw(view):
    ui.figures(
        view,
        "waiting_for_intake",
        "waiting_over_30_days",
        "active_caseload",
        "due_for_contact",
        "people_with_open_warrant",
    )
    ui.section("Who waits")
    ui.waiting(view)
    ui.section("Who is to be met, and by whom")
    ui.trend(view, "due_for_contact")
    ui.managers(view)
    ui.folded(
        view,
        "How waits went over time, and where people are due to be met",
        lambda view: ui.trend(view, "waiting_over_30_days"),
        lambda view: ui.groups(view, "due_for_contact", "neighborhood"),
    )
    ui.folded(view, "Why people did not come in", ui.not_coming_in)
    ui.folded(view, "What people needed, how they were met, and whose release is on file", ui.needs)
