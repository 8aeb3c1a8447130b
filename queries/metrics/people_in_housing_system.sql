/*
title = "People in the housing system"
unit = "people"
definition = "People enrolled in any housing, shelter, outreach or service project of the housing export at any time in the period, in LEAD or not; in night-by-night shelter only those there on one of its nights."
population = "Everybody in the housing export, in LEAD or not."
caution = "The whole housing system as exported, not people in LEAD."
needs = ["housing.entered_on", "housing.exited_on", "housing.bed_nights"]
sources = ["housing"]
records = "client of housing"
place = "where the person's enrollment in force, else the latest referral, is"
method = "Enrollments touching the period; of night-by-night shelter its nights, without which the number is not known."
version = 3
*/
SELECT
    span.period,
    stay.category,
    stay.second_category,
    count(DISTINCT stay.person_key) AS people
FROM periods($filters) AS span
INNER JOIN by_category('program.housing_presence', $filters) AS stay
    ON stay.first_day < span.next_day AND (stay.last_day IS NULL OR stay.last_day >= span.first_day)
GROUP BY ALL;
