/*
title = "People waiting for intake"
unit = "people"
definition = "People referred by the end of the period's last day, not enrolled at referral, whose intake was not done by then and whose referral was still open."
population = "Every referral of somebody who was not enrolled that day."
within = ["referrals_received"]
caution = "A referral that nobody closes waits forever: the oldest may be unfinished paperwork, not people who wait."
needs = ["referral.intake_completed_on"]
sources = ["referral"]
records = "referral"
place = "where the referral was made"
is_stock = true
method = "Different people with an open referral at the end of the day; death closes a referral."
benefit = false
*/
SELECT
    period.period,
    wait.category,
    wait.second_category,
    count(DISTINCT wait.person_key) AS people
FROM periods($filters) AS period
INNER JOIN by_category('program.intake_wait', $filters) AS wait
    ON
        period.last_day >= wait.event_date
        AND (wait.event_on IS NULL OR period.last_day < wait.event_on)
        AND (wait.competing_on IS NULL OR period.last_day < wait.competing_on)
        -- Done or closed on a day that nobody can read.
        AND wait.censored_on IS NULL
GROUP BY ALL;
