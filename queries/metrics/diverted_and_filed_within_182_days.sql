/*
title = "Diverted, and filed within {days} days after all"
unit = "percent"
definition = "Of the diverted arrests of the period, at least {days} days before the data end, the share of which the charge was filed within {days} days."
population = "Every diverted arrest of a person whom the police extract names, unless the charge is known to be off the list."
within = ["arrests", "arrests_diverted"]
caution = "Only cases that the export holds are found; one filed under another day and without the arrest's number is not."
needs = ["arrest.is_diverted or referral.arrest_id", "legal_case.filed_on"]
sources = ["arrest", "legal_case"]
records = "arrest"
filters = ["place"]
place = "where the arrest was made"
estimator = "proportion"
horizon_days = 182
method = "Diverted arrests with a case filed by then / diverted arrests; a case is found by its arrest, else by person and day of the offense. Wilson (1927) interval."
*/
SELECT
    period,
    category,
    second_category,
    count(DISTINCT person_key) AS people,
    count(*) AS denominator,
    count(*) FILTER (WHERE is_filed) AS numerator,
    count(DISTINCT person_key) FILTER (WHERE is_filed) AS numerator_people,
    count(DISTINCT person_key) FILTER (WHERE NOT is_filed) AS complement_people
FROM (
    SELECT
        *,
        coalesce(filed_on <= event_date + ($filters)['horizon_days'], FALSE) AS is_filed
    FROM events_in_view('program.diversion_filing', $filters)
)
WHERE event_date + ($filters)['horizon_days'] <= ($filters)['as_of']
GROUP BY ALL;
