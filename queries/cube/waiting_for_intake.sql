-- Who is still waiting on the last day of a month. Of a wait that ended on a day that nobody can read, nothing is known.
SELECT
    calendar.month,
    wait.person_key,
    wait.dimensions,
    CASE WHEN wait.person_key IS NULL THEN 0 ELSE 1 END AS people
FROM intake_wait AS wait
INNER JOIN calendar
    ON
        calendar.last_day >= wait.event_date
        AND (wait.event_on IS NULL OR calendar.last_day < wait.event_on)
        AND (wait.competing_on IS NULL OR calendar.last_day < wait.competing_on)
WHERE wait.censored_on IS NULL
GROUP BY calendar.month, wait.person_key, wait.dimensions
