-- Pairs of exports that share numbers of events, and how many of the shared ones are another event in each.
WITH member AS (
    SELECT
        unnest($numbers::INTEGER[]) AS file_number,
        unnest($groups::INTEGER[]) AS export
),

event AS (
    SELECT DISTINCT
        member.export,
        numbered_event.number,
        numbered_event.person_id,
        numbered_event.day[:10] AS day
    FROM numbered_event
    INNER JOIN member ON numbered_event.file_number = member.file_number
    WHERE numbered_event.number IS NOT NULL
),

reach AS (
    SELECT
        export,
        min(day) AS first_day,
        max(day) AS last_day
    FROM event
    WHERE regexp_full_match(day, '\d{4}-\d{2}-\d{2}')
    GROUP BY export
),

shared AS (
    SELECT
        first.export AS first_export,
        second.export AS second_export,
        first.number,
        bool_or(
            first.person_id IS NOT DISTINCT FROM second.person_id AND first.day IS NOT DISTINCT FROM second.day
        ) AS is_same
    FROM event AS first
    INNER JOIN event AS second ON first.number = second.number AND first.export < second.export
    GROUP BY first.export, second.export, first.number
)

SELECT
    shared.first_export,
    shared.second_export,
    count(*) AS numbers,
    count_if(NOT shared.is_same) AS clashing
FROM shared
INNER JOIN reach AS first ON shared.first_export = first.export
INNER JOIN reach AS second ON shared.second_export = second.export
WHERE first.first_day <= second.last_day AND second.first_day <= first.last_day
GROUP BY shared.first_export, shared.second_export
HAVING numbers >= 3 AND clashing * 2 >= numbers
ORDER BY ALL
