/*
title = "Active caseload"
unit = "people"
definition = "People enrolled at the end of the period's last day; the day of exit is already out."
population = "Everybody with an enrollment in LEAD."
caution = "Grows on its own where files are seldom closed: read it beside the engaged caseload."
needs = ["enrollment.exited_on"]
sources = ["enrollment"]
records = "participant"
place = "the place of the enrollment in force that day, else of the latest referral before it"
is_stock = true
method = "People with start on or before the day and no exit on or before it; two enrollments of a person are one."
*/
SELECT
    caseload.period,
    caseload.category,
    caseload.second_category,
    count(DISTINCT caseload.person_key) AS people
FROM on_last_day('program.caseload_span', $filters) AS caseload
GROUP BY ALL;
