"""Enrollment: who comes, and how fast are they met?"""

from leadstats import ui

view = ui.open_page("enrollment")
ui.figures(
    view,
    "people_referred",
    "people_enrolled",
    "waiting_for_intake",
    "median_days_to_intake",
    "active_caseload",
)
ui.section("How fast people are met")
ui.measures(
    view,
    "intake_within_14_days",
    "intake_within_30_days",
    "intake_within_90_days",
    headline="Intake was done within 14 days for {}, within 30 for {}, within 90 for {} of referrals",
)
ui.referral_stages(view)
ui.trend(view, "waiting_for_intake")
ui.section("How people come to LEAD")
ui.groups(view, "people_referred", "pathway")
ui.groups(view, "intake_within_30_days", "pathway")
ui.section("How many people LEAD carries")
ui.flow(view)
ui.lines(view, "active_caseload", "engaged_caseload")
ui.caseload(view)
ui.section("Who stays in LEAD")
ui.measures(
    view,
    "retained_at_182_days",
    "retained_at_365_days",
    headline="Still in LEAD: {} after half a year, {} after a year",
)
ui.trend(view, "contacts_made")
