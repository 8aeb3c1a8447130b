-- A night is a midnight inside: of the days from the first to the last, all but the last.
SELECT
    inside.month,
    inside.person_key,
    inside.dimensions,
    CASE WHEN inside.person_key IS NULL THEN NULL ELSE 1 END AS people,
    sum(inside.until_day - inside.from_day) AS events
FROM (
    SELECT
        calendar.month,
        custody.person_key,
        custody.dimensions,
        CASE
            WHEN custody.first_day > calendar.first_day THEN custody.first_day
            ELSE calendar.first_day
        END AS from_day,
        CASE
            WHEN custody.last_day < calendar.next_day THEN custody.last_day
            ELSE calendar.next_day
        END AS until_day
    FROM custody_episode AS custody
    INNER JOIN calendar ON custody.first_day < calendar.next_day AND custody.last_day > calendar.first_day
) AS inside
WHERE inside.until_day > inside.from_day
GROUP BY inside.month, inside.person_key, inside.dimensions
