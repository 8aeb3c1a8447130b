/*
title = "Diversion rate"
unit = "percent"
definition = "Of the charge-eligible arrests of the period, the share in which the person was handed to LEAD instead of being booked."
caution = "Rises when officers make fewer minor arrests, with nobody diverted more. A diverted person who would have had a warning is no saved booking."
sources = ["arrest"]
breakdowns = ["race", "race_alone_or_in_combination", "sex", "age_band", "neighborhood", "charge_class"]
filters = ["place"]
place = "where the arrest was made"
estimator = "proportion"
stage = "arrest_to_diversion"
benefit = true
method = "Diverted eligible arrests / eligible arrests. Wilson (1927) interval: how far a rate like this could move by chance."
*/
SELECT
    arrest.period,
    arrest.category,
    arrest.second_category,
    known_people(arrest.person_key) AS people,
    count(*) AS denominator,
    count(*) FILTER (WHERE arrest.is_diverted) AS numerator,
    known_people(CASE WHEN arrest.is_diverted THEN arrest.person_key END) AS numerator_people,
    known_people(CASE WHEN NOT arrest.is_diverted THEN arrest.person_key END) AS complement_people
FROM in_scope('program.arrest', $filters) AS arrest
WHERE arrest.is_eligible AND arrest.is_diverted IS NOT NULL
GROUP BY ALL;
