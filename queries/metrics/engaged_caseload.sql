/*
title = "Engaged caseload"
unit = "people"
definition = "Of the people enrolled at the end of the period's last day, those with at least one contact in the 90 days before, or as many days as the site has set."
population = "Everybody with an enrollment in LEAD."
within = ["active_caseload"]
caution = "Depends on contacts being entered: people whose contacts are entered late look out of contact."
needs = ["enrollment.exited_on", "contact.participants"]
sources = ["enrollment", "contact"]
records = "participant"
place = "the place of the enrollment in force that day, else of the latest referral before it"
is_stock = true
method = "Active caseload with a contact on the last day or fewer than 90 days before it."
*/
SELECT
    caseload.period,
    caseload.category,
    caseload.second_category,
    count(DISTINCT caseload.person_key) AS people
FROM on_last_day('program.engaged_span', $filters) AS caseload
GROUP BY ALL;
