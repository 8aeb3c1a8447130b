/*
title = "People served"
unit = "people"
definition = "Different people enrolled on at least one day of the period, the day of exit included."
population = "Everybody with an enrollment in LEAD."
caution = "Months do not add up, and being enrolled is not the same as being in touch."
needs = ["enrollment.exited_on"]
sources = ["enrollment"]
records = "participant"
place = "the place of the enrollment, else of the latest referral before it"
method = "Different people with an enrollment that starts before the period ends and does not exit before it begins."
*/
SELECT
    period.period,
    enrollment.category,
    enrollment.second_category,
    count(DISTINCT enrollment.person_key) AS people
FROM periods($filters) AS period
INNER JOIN by_category('program.enrollment', $filters) AS enrollment
    ON
        period.next_day > enrollment.started_on
        AND (enrollment.exited_on IS NULL OR period.first_day <= enrollment.exited_on)
GROUP BY ALL;
