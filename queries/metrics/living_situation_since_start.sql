/*
title = "Where people live now, against when LEAD began"
unit = "people"
definition = "People who first enrolled in the period, by whether they were last seen living somewhere more settled than when LEAD began, the same, less settled, or have not been seen in the last 90 days."
caution = "People begin LEAD at a low point, so some rise is to be expected; those not known now may be worse off."
sources = ["enrollment", "living_situation"]
place = "where the person was served when LEAD began"
categories = ["Improved", "Same", "Worse", "Not known"]
method = "From homeless or in jail over temporary or in an institution to permanent."
*/
SELECT
    start.period,
    CASE
        WHEN start.settled IS NULL OR latest.settled IS NULL THEN 'Not known'
        WHEN latest.settled > start.settled THEN 'Improved'
        WHEN latest.settled < start.settled THEN 'Worse'
        ELSE 'Same'
    END AS category,
    start.second_category,
    count(DISTINCT start.person_key) AS people
FROM in_scope('program.start_situation', $filters) AS start
LEFT JOIN (
    SELECT
        person_key,
        arg_max(settled, (observed_on, code)) AS settled
    FROM program.living_situation
    WHERE code >= 100 AND observed_on BETWEEN ($filters)['as_of'] - 90 AND ($filters)['as_of']
    GROUP BY person_key
) AS latest ON start.person_key = latest.person_key
WHERE start.episode = 1
GROUP BY ALL;
