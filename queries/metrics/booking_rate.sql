/*
title = "Booking rate"
unit = "percent"
definition = "Of the charge-eligible arrests of the period for which the extract says so, the share booked into jail."
caution = "Not the reverse of the diversion rate: many people are cited and released."
sources = ["arrest"]
breakdowns = ["race", "race_alone_or_in_combination", "sex", "age_band", "neighborhood", "charge_class"]
filters = ["place"]
place = "where the arrest was made"
estimator = "proportion"
stage = "arrest_to_booking"
benefit = false
method = "Booked eligible arrests / eligible arrests known as booked or not. Wilson (1927) interval."
*/
SELECT
    arrest.period,
    arrest.category,
    arrest.second_category,
    known_people(arrest.person_key) AS people,
    count(*) AS denominator,
    count(*) FILTER (WHERE arrest.is_booked) AS numerator,
    known_people(CASE WHEN arrest.is_booked THEN arrest.person_key END) AS numerator_people,
    known_people(CASE WHEN NOT arrest.is_booked THEN arrest.person_key END) AS complement_people
FROM in_scope('program.arrest', $filters) AS arrest
WHERE arrest.is_eligible AND arrest.is_booked IS NOT NULL
GROUP BY ALL;
