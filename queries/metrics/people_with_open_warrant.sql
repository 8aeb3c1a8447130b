/*
title = "People in LEAD with an open warrant"
unit = "people"
definition = "People enrolled at the end of the period's last day with a warrant that was issued and not cleared by then."
population = "Everybody with an enrollment in LEAD."
within = ["active_caseload"]
caution = "Warrants of the courts that the export covers; one of another county is not seen."
needs = ["enrollment.exited_on", "legal_case.warrant_issued_on", "legal_case.warrant_cleared_on"]
sources = ["enrollment", "legal_case"]
records = "participant"
place = "the place of the enrollment in force that day, else of the latest referral before it"
is_stock = true
method = "People enrolled with at least one open warrant; one cleared on a day that nobody can read is left out."
*/
SELECT
    caseload.period,
    caseload.category,
    caseload.second_category,
    count(DISTINCT caseload.person_key) AS people
FROM on_last_day('program.caseload_span', $filters) AS caseload
INNER JOIN periods($filters) AS span ON caseload.period IS NOT DISTINCT FROM span.period
INNER JOIN program.legal_case AS legal
    ON
        caseload.person_key = legal.person_key
        AND legal.warrant_issued_on <= span.last_day
        AND (legal.warrant_cleared_on IS NULL OR legal.warrant_cleared_on > span.last_day)
        AND legal.is_warrant_end_known
GROUP BY ALL;
