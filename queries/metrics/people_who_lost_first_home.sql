/*
title = "People who lost their first home"
unit = "people"
definition = "People referred to LEAD or enrolled (without LEAD data: in the housing system) who lost in the period the first permanent home that they had moved into, in that period or before: seen homeless, in a shelter, or gone from the project to anywhere not known to be permanent."
population = "People referred to LEAD or enrolled who have moved into permanent housing."
caution = "Nobody hears of every loss. Most of these people found their home in an earlier period: do not subtract them from those who found one in this."
needs = ["housing.moved_in_on", "housing.exited_on", "housing.destination", "housing.participants", "living_situation.participants"]
sources = ["housing", "living_situation"]
optional = ["housing", "living_situation"]
records = "participant"
place = "where the person's enrollment in force, else the latest referral, was on the day of the move"
benefit = false
method = "Count of people by the first day on which the home was lost; a transfer within 14 days and death are no loss."
*/
SELECT
    period,
    category,
    second_category,
    count(DISTINCT person_key) AS people
FROM (
    SELECT
        *,
        unnest(
            period_and_margin(
                period_label(event_on, ($filters)['by']), ($filters)['by'], ($filters)['margins']
            )
        ) AS period
    FROM by_category('program.placement', $filters)
    WHERE
        event_on >= ($filters)['first_day'] AND event_on < ($filters)['next_day']
        -- Out of sight before it.
        AND (censored_on IS NULL OR event_on <= censored_on)
)
GROUP BY ALL;
