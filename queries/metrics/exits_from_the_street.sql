/*
title = "Exits from street outreach to a temporary or permanent home"
unit = "percent"
definition = "Of the people referred to LEAD or enrolled (without LEAD data: in the housing system) who left street outreach in the period, the share whose last such exit was to permanent housing, shelter, treatment or another temporary home; people who died or went to hospital or a residential program are not in the denominator."
population = "People referred to LEAD or enrolled who are in the housing export; without LEAD data, everybody in it."
within = ["housing_exits"]
caution = "Jail and places not meant for habitation stay in the denominator, and so do unknown destinations."
needs = ["housing.exited_on", "housing.destination", "housing.participants"]
sources = ["housing"]
records = "exit from housing"
place = "where the person's enrollment in force, else the latest referral, is"
estimator = "proportion"
version = 2
adds_up = false
method = "Like HUD's measure 7a.1, one row per person; Wilson interval."
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
        count_if(person.last_exit.outcome = 'positive') AS numerator,
        count_if(person.last_exit.outcome <> 'left out') AS denominator
    FROM last_exits('7a', $filters) AS person
    GROUP BY ALL
);
