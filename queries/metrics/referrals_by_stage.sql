/*
title = "How far referrals have come"
unit = "referrals"
definition = "Referrals of the period of people not enrolled then, each in the one stage it has reached by the end of the data."
population = "Every referral of somebody who was not enrolled that day."
within = ["referrals_received"]
caution = "The same referrals followed on, not the intakes of these months: recent ones have had less time. Where no approvals are recorded, all who wait stand under one."
sources = ["referral", "contact"]
optional = ["contact"]
place = "where the referral was made"
categories = ["Intake, and a contact within 30 days", "Intake, no such contact yet", "Approved, waiting for intake", "Waiting for approval", "Left before intake"]
method = "Count of referrals by stage; closing or death before intake is leaving. The stages add up to the referrals."
*/
SELECT
    period,
    category,
    second_category,
    count(DISTINCT person_key) AS people,
    count(*) AS events
FROM (
    SELECT
        period,
        second_category,
        person_key,
        unnest(
            own_category(
                CASE
                    WHEN outcome = 'competing' THEN 'Left before intake'
                    WHEN outcome = 'event' AND served_on <= ($filters)['as_of']
                        THEN 'Intake, and a contact within 30 days'
                    WHEN outcome = 'event' THEN 'Intake, no such contact yet'
                    WHEN approved_on <= ($filters)['as_of'] THEN 'Approved, waiting for intake'
                    ELSE 'Waiting for approval'
                END,
                $filters
            )
        ) AS category
    FROM followed('program.intake_wait', $filters)
)
GROUP BY ALL;
