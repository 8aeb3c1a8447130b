/*
title = "Arrests per 1,000 residents"
unit = "per 1,000 residents a year"
definition = "Arrests dated in the period, for each 1,000 residents of the same group or place and each year of the period."
population = "Every arrest in the police extract whose group or place the population table has."
within = ["arrests"]
caution = "Residents are not the people police meet: people are arrested where they do not live, and police are sent to some places more than others. Measures what police do and record, not how people behave."
sources = ["arrest", "population"]
records = "resident"
filters = ["place"]
place = "where the arrest was made; residents where they live"
estimator = "per_resident"
method = "1,000 x arrests / (residents x years). Exact Poisson limits (Garwood, 1936), as if each arrest came by itself."
*/
SELECT
    resident.period,
    resident.category,
    resident.second_category,
    CASE WHEN arrest.events IS NULL THEN 0 ELSE arrest.people END AS people,
    coalesce(arrest.events, 0) AS events,
    resident.people AS residents,
    resident.days
FROM residents($filters) AS resident
LEFT JOIN (
    SELECT
        period,
        category,
        second_category,
        known_people(person_key) AS people,
        count(*) AS events
    FROM in_scope('program.arrest', $filters)
    GROUP BY ALL
) AS arrest
    ON
        resident.period IS NOT DISTINCT FROM arrest.period
        AND resident.category IS NOT DISTINCT FROM arrest.category
        AND resident.second_category IS NOT DISTINCT FROM arrest.second_category
-- Those whose group or place nobody knows are no residents of it.
WHERE coalesce(resident.category, '') NOT IN ('Unknown', 'Outside');
