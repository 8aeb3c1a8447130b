/*
title = "People per case manager"
unit = "people per case manager"
definition = "People enrolled at the end of the period's last day who have a case manager, for each case manager with at least one of them."
population = "Everybody with an enrollment in LEAD that names a case manager."
within = ["active_caseload"]
caution = "An average: one manager may have far more people than another. People without a named manager are left out."
needs = ["enrollment.exited_on", "enrollment.case_manager"]
sources = ["enrollment"]
place = "the place of the enrollment in force that day, else of the latest referral before it"
estimator = "ratio"
is_stock = true
adds_up = false
method = "People with a manager divided by managers with people. Of two enrollments at once, the later one names the manager."
benefit = false
*/
SELECT
    caseload.period,
    caseload.category,
    caseload.second_category,
    count(DISTINCT caseload.person_key) AS people,
    count(DISTINCT caseload.person_key) AS numerator,
    count(DISTINCT caseload.case_manager_key) AS denominator
FROM on_last_day('program.caseload_span', $filters) AS caseload
WHERE caseload.case_manager_key IS NOT NULL
GROUP BY ALL;
