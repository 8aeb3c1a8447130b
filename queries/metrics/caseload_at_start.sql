/*
title = "Caseload at the start"
unit = "people"
definition = "People enrolled when the period began: at the end of the day before its first day."
population = "Everybody with an enrollment in LEAD."
caution = "The same people as the active caseload of the period before."
needs = ["enrollment.exited_on"]
sources = ["enrollment"]
records = "participant"
place = "the place of the enrollment in force that day, else of the latest referral before it"
is_stock = true
adds_up = false
method = "Caseload at start + new + returned - ended = caseload at end."
*/
SELECT
    period.period,
    span.category,
    span.second_category,
    count(DISTINCT span.person_key) AS people
FROM periods($filters) AS period
INNER JOIN by_category('program.caseload_span', $filters) AS span
    ON
        period.first_day > span.first_day
        AND (span.next_day IS NULL OR period.first_day <= span.next_day)
GROUP BY ALL;
