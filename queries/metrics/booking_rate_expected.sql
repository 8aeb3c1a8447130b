/*
title = "Booking rate expected from the year before LEAD"
unit = "percent"
definition = "Of the charge-eligible arrests of the period for which the extract says whether they were booked, the share that would have been booked if booked as often as arrests of their charge class in the year before LEAD."
population = "Every arrest of an adult in the police extract whose charge could be diverted."
within = ["arrests", "eligible_arrests"]
caution = "Set beside the booking rate of the same arrests it shows how much less is booked, like with like; arrests of one class need not be alike in both years."
needs = ["arrest.is_booked", "arrest.is_charge_eligible or arrest.charge_class", "arrest.is_charge_eligible or site.eligible_charges"]
sources = ["arrest", "referral"]
optional = ["referral"]
filters = ["place"]
place = "where the arrest was made"
estimator = "rate_expected"
adds_up = false
method = "Sum over charge classes of eligible arrests x share booked in the baseline year / eligible arrests (a directly standardized rate); shares and interval as in jail_nights_avoided. Numerator: those of them that were booked in fact."
*/
SELECT
    arrest.period,
    arrest.category,
    arrest.second_category,
    known_people(arrest.person_key) AS people,
    count(*) AS denominator,
    count_if(arrest.is_booked) AS numerator,
    known_people(CASE WHEN arrest.is_booked THEN arrest.person_key END) AS numerator_people,
    known_people(CASE WHEN NOT arrest.is_booked THEN arrest.person_key END) AS complement_people,
    histogram(arrest.dimensions.charge_class) AS arrests,
    histogram(arrest.dimensions.charge_class) FILTER (WHERE arrest.is_booked) AS booked,
    coalesce(any_value(baseline.results), '[]') AS baseline
FROM events_in_view('program.arrest', $filters) AS arrest
LEFT JOIN results_by_class($filters) AS baseline ON baseline.is_chosen
WHERE arrest.is_eligible AND arrest.is_booked IS NOT NULL
GROUP BY ALL;
