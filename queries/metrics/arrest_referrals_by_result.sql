/*
title = "Referrals by arrest diversion, by what came of them"
unit = "referrals"
definition = "Referrals by arrest diversion dated in the period, each in the one group that it has reached by the end of the data."
population = "Every referral by arrest diversion."
within = ["referrals_received"]
caution = "Recent referrals have had less time. A referral need not name a diverted arrest of the same months, and not every diverted arrest has one."
needs = ["referral.intake_completed_on"]
sources = ["referral"]
place = "where the referral was made"
categories = ["Led to an intake", "Left before an intake", "Already in LEAD, or still waiting"]
method = "Count of referrals; closing or death before an intake is leaving. The groups add up to the referrals received by this pathway."
*/
SELECT
    period,
    category,
    second_category,
    known_people(person_key) AS people,
    count(*) AS events
FROM (
    SELECT
        referral.period,
        referral.second_category,
        referral.person_key,
        unnest(
            metric_category(
                CASE wait.outcome
                    WHEN 'event' THEN 'Led to an intake'
                    WHEN 'competing' THEN 'Left before an intake'
                    -- Of somebody in LEAD, no intake is waited for.
                    ELSE 'Already in LEAD, or still waiting'
                END,
                $filters
            )
        ) AS category
    FROM events_in_view('program.referral', $filters) AS referral
    LEFT JOIN (SELECT DISTINCT referral_key, outcome FROM follow_up('program.intake_wait', $filters)) AS wait
        ON referral.referral_key = wait.referral_key
    WHERE referral.dimensions.pathway = 'arrest_diversion'
)
GROUP BY ALL;
