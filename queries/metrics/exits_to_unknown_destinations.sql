/*
title = "Exits to unknown destinations"
unit = "percent"
definition = "Of the people referred to LEAD or enrolled (without LEAD data: in the housing system) who left shelter, Safe Haven, transitional housing, rapid re-housing, or other permanent housing before moving in, the share whose last such destination in the period nobody recorded; the denominator is that of exits to permanent housing."
population = "People referred to LEAD or enrolled who are in the housing export; without LEAD data, everybody in it."
within = ["housing_exits"]
caution = "The more are unknown, the less the share housed can be trusted."
needs = ["housing.exited_on", "housing.destination", "housing.participants"]
sources = ["housing"]
records = "exit from housing"
place = "where the person's enrollment in force, else the latest referral, is"
estimator = "proportion"
version = 2
adds_up = false
method = "Destinations 8, 9, 17, 30, 37, 99 or empty, one row per person."
benefit = false
*/
-- One row a person, so that the counts are people.
SELECT
    *,
    numerator AS numerator_people,
    denominator - numerator AS complement_people
FROM (
    SELECT
        person.period,
        person.category,
        person.second_category,
        count(*) AS people,
        count_if(person.last_exit.is_unknown) AS numerator,
        count_if(person.last_exit.outcome <> 'left out') AS denominator
    FROM last_exits('7b', $filters) AS person
    GROUP BY ALL
);
