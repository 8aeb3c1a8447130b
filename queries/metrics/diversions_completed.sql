/*
title = "Diversions followed by intake in time"
unit = "percent"
definition = "Of the arrest diversions of the period whose deadline for intake has passed, of people not enrolled then, the share with intake done by the deadline, 30 days unless the site has set another."
population = "Every arrest diversion of somebody who was not enrolled that day."
within = ["referrals_received"]
caution = "The diversion itself counts when the offer is accepted; without intake a charge may still be filed."
needs = ["referral.intake_completed_on"]
sources = ["referral"]
records = "referral of one pathway"
place = "where the referral was made"
estimator = "proportion"
method = "Arrest-diversion referrals with intake by the deadline / those followed up to it. Wilson (1927) interval."
*/
SELECT
    wait.period,
    wait.category,
    wait.second_category,
    count(DISTINCT wait.person_key) AS people,
    count(*) AS denominator,
    count(*) FILTER (WHERE wait.is_in_time) AS numerator,
    count(DISTINCT CASE WHEN wait.is_in_time THEN wait.person_key END) AS numerator_people,
    count(DISTINCT CASE WHEN NOT wait.is_in_time THEN wait.person_key END) AS complement_people
FROM (
    SELECT
        followed.*,
        followed.outcome = 'event' AND followed.days <= site.intake_deadline_days AS is_in_time
    FROM follow_up('program.intake_wait', $filters) AS followed
    CROSS JOIN program.site
    WHERE
        followed.dimensions.pathway = 'arrest_diversion'
        AND followed.event_date + site.intake_deadline_days <= ($filters)['as_of']
) AS wait
GROUP BY ALL;
