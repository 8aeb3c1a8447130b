/*
title = "People in the housing system"
unit = "people"
definition = "People enrolled in any housing, shelter, outreach or service project of the housing export at any time in the period, in LEAD or not."
population = "Everybody in the housing export, in LEAD or not."
caution = "The whole housing system as exported, not people in LEAD."
needs = ["housing.entered_on", "housing.exited_on"]
sources = ["housing"]
breakdowns = ["race", "race_alone_or_in_combination", "sex", "age_band", "pathway", "neighborhood"]
place = "where the person's enrollment in force, else the latest referral, is"
method = "Enrollments touching the period."
*/
SELECT
    span.period,
    stay.category,
    stay.second_category,
    count(DISTINCT stay.person_key) AS people
FROM periods($filters) AS span
INNER JOIN described('program.housing_system', $filters) AS stay
    ON stay.entered_on < span.next_day AND (stay.exited_on IS NULL OR stay.exited_on >= span.first_day)
GROUP BY ALL;
