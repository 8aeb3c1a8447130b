/*
title = "Contact within 90 days of enrollment"
unit = "percent"
definition = "Of the people who first enrolled in the period and at least 90 days before the data end, the share with a contact from the day of enrollment to day 90."
population = "Everybody whose first enrollment in LEAD is in the exports."
within = ["people_enrolled", "new_people"]
caution = "A contact that was not entered is not seen."
needs = ["contact.participants"]
sources = ["enrollment", "contact"]
records = "participant"
place = "the place of the enrollment, else of the latest referral before it"
estimator = "proportion"
horizon_days = 90
stage = "intake_to_engaged"
benefit = true
method = "People with a contact by day 90 / people followed for 90 days. Wilson (1927) interval."
*/
-- One row a person, so that the counts are people.
SELECT
    *,
    numerator AS numerator_people,
    denominator - numerator AS complement_people
FROM (
    SELECT
        engagement.period,
        engagement.category,
        engagement.second_category,
        count(DISTINCT engagement.person_key) AS people,
        count(*) AS denominator,
        count(*) FILTER (
            WHERE engagement.first_contact_on <= engagement.event_date + ($filters)['horizon_days']
        ) AS numerator
    FROM events_in_view('program.engagement', $filters) AS engagement
    WHERE engagement.event_date + ($filters)['horizon_days'] <= ($filters)['as_of']
    GROUP BY ALL
);
