/*
title = "Stops per 1,000 residents"
unit = "per 1,000 residents a year"
definition = "Stops dated in the period, for each 1,000 residents of the same group or place and each year of the period."
population = "Every stop in the police extract whose group or place the population table has."
within = ["stops"]
caution = "Residents are not the people police meet: people are stopped where they do not live, and police are sent to some places more than others. Measures what police do and record, not how people behave."
sources = ["stop", "population"]
records = "resident"
filters = ["place"]
place = "where the stop was made; residents where they live"
estimator = "per_resident"
method = "1,000 x stops / (residents x years). Exact Poisson limits (Garwood, 1936), as if each stop came by itself."
*/
SELECT
    resident.period,
    resident.category,
    resident.second_category,
    CASE WHEN stop.events IS NULL THEN 0 ELSE stop.people END AS people,
    coalesce(stop.events, 0) AS events,
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
    FROM in_scope('program.stop', $filters)
    GROUP BY ALL
) AS stop
    ON
        resident.period IS NOT DISTINCT FROM stop.period
        AND resident.category IS NOT DISTINCT FROM stop.category
        AND resident.second_category IS NOT DISTINCT FROM stop.second_category
-- Those whose group or place nobody knows are no residents of it.
WHERE coalesce(resident.category, '') NOT IN ('Unknown', 'Outside');
