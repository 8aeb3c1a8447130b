/*
title = "Where people live now, against when LEAD began"
unit = "people"
definition = "People who first enrolled in the period, by whether they were last seen living somewhere more settled than when LEAD began, the same, less settled, or have not been seen in the last 90 days."
population = "Everybody whose first enrollment in LEAD is in the exports."
within = ["people_enrolled", "new_people"]
caution = "Some would have found a home without LEAD; those not known now may be worse off."
needs = ["living_situation.participants"]
sources = ["enrollment", "living_situation"]
place = "where the person was served when LEAD began"
categories = ["Improved", "Same", "Worse", "Not known"]
method = "From homeless or in jail over temporary or in an institution to permanent."
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
            metric_category(
                CASE
                    WHEN stability_then IS NULL OR stability_now IS NULL THEN 'Not known'
                    WHEN stability_now > stability_then THEN 'Improved'
                    WHEN stability_now < stability_then THEN 'Worse'
                    ELSE 'Same'
                END,
                $filters
            )
        ) AS category
    FROM situations_then_and_now($filters)
)
GROUP BY ALL;
