/*
title = "People waiting longer than 30 days"
unit = "people"
definition = "Of the people waiting for intake at the end of the period's last day, those referred more than 30 days before it."
population = "Every referral of somebody who was not enrolled that day."
within = ["referrals_received", "waiting_for_intake"]
caution = "Long waits that nobody closed stand among them; look first at whether these people still want LEAD."
needs = ["referral.intake_completed_on"]
sources = ["referral"]
records = "referral"
place = "where the referral was made"
is_stock = true
method = "Different people with an open referral of more than 30 days at the end of the day; death closes a referral."
*/
SELECT
    period.period,
    wait.category,
    wait.second_category,
    count(DISTINCT wait.person_key) AS people
FROM periods($filters) AS period
INNER JOIN by_category('program.intake_wait', $filters) AS wait
    ON
        period.last_day - wait.event_date > 30
        AND (wait.event_on IS NULL OR period.last_day < wait.event_on)
        AND (wait.competing_on IS NULL OR period.last_day < wait.competing_on)
        -- Done or closed on a day that nobody can read.
        AND wait.censored_on IS NULL
GROUP BY ALL;
