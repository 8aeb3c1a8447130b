/*
title = "People in interim housing"
unit = "people"
definition = "People referred to LEAD or enrolled (without LEAD data: in the housing system) who stayed in shelter, Safe Haven or transitional housing, or were seen living there, at any time in the period."
population = "People referred to LEAD or enrolled who are in the housing export; without LEAD data, everybody in it."
caution = "An interim bed, not a home; people who stay for months count in each of them."
needs = ["housing.project_type", "housing.exited_on", "housing.bed_nights", "housing.participants", "living_situation.participants"]
sources = ["housing", "living_situation"]
optional = ["housing", "living_situation"]
records = "participant"
place = "where the person's enrollment in force, else the latest referral, is"
method = "Enrollments of project types 0, 1, 2, 8 touching the period, or living situations 101, 118, 302 observed in it; of night-by-night shelter (1) its nights, without which the number is not known."
version = 3
*/
SELECT
    span.period,
    stay.category,
    stay.second_category,
    count(DISTINCT stay.person_key) AS people
FROM periods($filters) AS span
INNER JOIN by_category('program.interim_stay', $filters) AS stay
    ON stay.first_day < span.next_day AND (stay.last_day IS NULL OR stay.last_day >= span.first_day)
GROUP BY ALL;
