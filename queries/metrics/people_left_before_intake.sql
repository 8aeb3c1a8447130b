/*
title = "People who left before intake"
unit = "people"
definition = "People referred in the period and not enrolled then, whose latest referral of the period was closed, or who died, before an intake."
population = "Every referral of somebody who was not enrolled that day."
within = ["people_referred"]
caution = "Not found means that the program did not find somebody, not that somebody walked away. Recent referrals have had less time to close."
needs = ["referral.intake_completed_on", "referral.closed_reason or referral.screening"]
sources = ["referral"]
records = "referral left before intake"
place = "where the referral was made"
adds_up = false
method = "The stage Left before intake of the people referred, by the reason of the closing; without one, by the result of the screening. A death before the closing is the reason."
*/
SELECT
    period,
    category,
    second_category,
    count(*) AS people
FROM (
    SELECT *
    FROM follow_up('program.intake_wait', $filters)
    -- The latest of a person, in whatever category it stands.
    QUALIFY (event_date, referral_key) = max((event_date, referral_key)) OVER (PARTITION BY period, person_key)
)
WHERE outcome = 'competing' AND censored_on IS NULL
GROUP BY ALL;
