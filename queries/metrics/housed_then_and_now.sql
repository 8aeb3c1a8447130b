/*
title = "In a home of their own when LEAD began, and now"
unit = "people"
definition = "People who first enrolled in the period, by whether they lived somewhere permanent when LEAD began and whether they do by an observation of the last 90 days."
population = "Everybody whose first enrollment in LEAD is in the exports."
within = ["people_enrolled", "new_people"]
caution = "People begin LEAD at a low point, so some rise is to be expected; those not known now may be worse off."
needs = ["living_situation.participants"]
sources = ["enrollment", "living_situation"]
place = "where the person was served when LEAD began"
categories = ["Both times", "Only when LEAD began", "Only now", "Neither time", "Not known"]
method = "The change is those housed only now less those housed only then, over all known at both ends; its range is exact, given how many changed (McNemar)."
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
                    WHEN stability_then = 'permanent' AND stability_now = 'permanent' THEN 'Both times'
                    WHEN stability_then = 'permanent' THEN 'Only when LEAD began'
                    WHEN stability_now = 'permanent' THEN 'Only now'
                    ELSE 'Neither time'
                END,
                $filters
            )
        ) AS category
    FROM situations_then_and_now($filters)
)
GROUP BY ALL;
