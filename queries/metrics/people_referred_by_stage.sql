/*
title = "How far the people referred have come"
unit = "people"
definition = "People referred in the period and not enrolled then, each in the one stage that their latest referral of the period has reached by the end of the data."
population = "Every referral of somebody who was not enrolled that day."
within = ["people_referred"]
caution = "The same people followed on, not the intakes of these months: recent ones have had less time. Where no approvals are recorded, all who wait stand under one."
needs = ["referral.intake_completed_on", "contact.participants"]
sources = ["referral", "contact"]
optional = ["contact"]
place = "where the referral was made"
categories = ["Intake, and a contact within 30 days", "Intake, no such contact yet", "Approved, waiting for intake", "Waiting for approval", "Left before intake"]
version = 2
adds_up = false
method = "Count of people by stage; closing or death before intake is leaving. The stages add up to the people. Neighboring stages stand as one where fewer than 11 people are in either."

[together]
"Intake" = ["Intake, and a contact within 30 days", "Intake, no such contact yet"]
"Waiting for intake" = ["Approved, waiting for intake", "Waiting for approval"]
*/
SELECT
    period,
    category,
    second_category,
    count(*) AS people
FROM (
    SELECT
        *,
        unnest(
            metric_category(
                CASE
                    WHEN latest.outcome = 'competing' THEN 'Left before intake'
                    WHEN latest.outcome = 'event' AND latest.served_on <= ($filters)['as_of']
                        THEN 'Intake, and a contact within 30 days'
                    WHEN latest.outcome = 'event' THEN 'Intake, no such contact yet'
                    WHEN latest.approved_on <= ($filters)['as_of'] THEN 'Approved, waiting for intake'
                    ELSE 'Waiting for approval'
                END,
                $filters
            )
        ) AS category
    FROM (
        SELECT
            period,
            second_category,
            person_key,
            arg_max(
                struct_pack(
                    outcome := outcome,
                    served_on := served_on,
                    approved_on := approved_on,
                    is_unresolved := censored_on IS NOT NULL
                ),
                (event_date, referral_key)
            ) AS latest
        FROM follow_up('program.intake_wait', $filters)
        -- All referrals of nobody known would be one more person.
        WHERE person_key IS NOT NULL
        GROUP BY ALL
    )
    -- Nobody can read on which day it was done or closed.
    WHERE NOT latest.is_unresolved
)
GROUP BY ALL;
