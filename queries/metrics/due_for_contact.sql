/*
title = "People due to be met"
unit = "people"
definition = "Of the engaged caseload at the end of the period's last day, those whom nobody will have met in the last 90 days, or as many days as the site has set, 30 days later, unless somebody meets them by then."
population = "Everybody with an enrollment in LEAD."
within = ["active_caseload", "engaged_caseload"]
caution = "Depends on contacts being entered: somebody whose last meeting is not entered yet looks due."
needs = ["enrollment.exited_on", "contact.participants"]
sources = ["enrollment", "contact"]
records = "participant"
place = "the place of the enrollment in force that day, else of the latest referral before it"
is_stock = true
method = "Engaged caseload whose last contact was 60 days or more before the last day: 30 days fewer than the site's window."
*/
SELECT
    caseload.period,
    caseload.category,
    caseload.second_category,
    count(DISTINCT caseload.person_key) AS people
FROM on_last_day('program.engaged_span', $filters) AS caseload
INNER JOIN periods($filters) AS span ON caseload.period IS NOT DISTINCT FROM span.period
ASOF INNER JOIN program.contact AS met
    ON caseload.person_key = met.person_key AND span.last_day >= met.contacted_on
WHERE span.last_day - met.contacted_on >= (SELECT inactivity_days - 30 FROM program.site)
GROUP BY ALL;
