/*
title = "Exits to permanent housing"
unit = "percent"
definition = "Of the people referred to LEAD or enrolled (without LEAD data: in the housing system) who left shelter, Safe Haven, transitional housing, rapid re-housing, or other permanent housing before moving in, the share whose last such exit in the period was to permanent housing; people who died or went to hospital, foster or long-term care are not in the denominator. The different people beside it are those with such an exit to permanent housing, be it their last or not."
population = "People referred to LEAD or enrolled who are in the housing export; without LEAD data, everybody in it."
within = ["housing_exits"]
caution = "Unknown destinations stay in the denominator; people who did not leave are in neither, and neither are exits from outreach, coordinated entry or services alone."
needs = ["housing.exited_on", "housing.destination", "housing.participants"]
sources = ["housing"]
records = "exit from housing"
place = "where the person's enrollment in force, else the latest referral, is"
estimator = "proportion"
version = 2
adds_up = false
method = "Like HUD's measure 7b.1, one row per person; Wilson interval."
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
        count_if(person.permanent_exits > 0) AS people,
        sum(person.permanent_exits)::BIGINT AS events,
        count_if(person.last_exit.is_permanent) AS numerator,
        -- Died, or left for long-term care or foster care: nobody could have housed them.
        count_if(person.last_exit.outcome <> 'left out') AS denominator
    FROM last_exits('7b', $filters) AS person
    GROUP BY ALL
);
