/*
title = "People referred for the first time"
unit = "people"
definition = "People by the month of their first referral to LEAD; each person counts once, in that month."
sentence = "In {period}, {number} people were referred to LEAD for the first time."
caution = "Later referrals of the same person are not counted."
sources = ["referral"]
records = "referral"
every = "month"
breakdowns = ["neighborhood", "race", "sex", "age_band", "pathway", "outcome"]
question = "Intake completed within 30 days"
outcome_needs = ["referral.intake_completed_on"]
yes = "Intake within 30 days"
no = "No intake within 30 days"
watched_days = 30
yes_title = "People with intake within 30 days of their first referral"
yes_definition = "People by the month of their first referral to LEAD, if their intake was completed within 30 days of it."
yes_sentence = "In {period}, {number} people came to LEAD who had an intake within 30 days."
share_sentence = "Of {whole} people first referred in {period}, {number} had an intake within 30 days ({percent})."
share_definition = "Of people referred to LEAD for the first time, how many of 100 completed intake within 30 days."
stands_for = ["people_referred", "referrals_received"]
share_stands_for = ["intake_within_30_days"]
stage = "referral_to_intake"
wording = [
    "LEAD completed intake within 30 days with {share} of {people} at their first referral",
    "{share} of {people}",
    "would have had an intake",
    "people referred for the first time",
]
*/
WITH first_one AS (
    SELECT
        person_key,
        arg_min(referral, (referral.event_date, referral.referral_key)) AS referral
    FROM program.referral
    GROUP BY person_key
)

SELECT
    strftime(referral.event_date, '%Y-%m') AS period,
    referral.dimensions.neighborhood AS neighborhood,
    referral.dimensions.race AS race,
    referral.dimensions.sex AS sex,
    referral.dimensions.age_band AS age_band,
    referral.dimensions.pathway AS pathway,
    CASE WHEN referral.intake_on <= referral.event_date + 30 THEN 'yes' ELSE 'no' END AS outcome,
    count(DISTINCT person_key) AS people
FROM first_one
GROUP BY ALL;
