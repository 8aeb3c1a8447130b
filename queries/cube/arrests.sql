SELECT
    calendar.month,
    arrest.person_key,
    arrest.dimensions,
    CASE WHEN arrest.person_key IS NULL THEN NULL ELSE 1 END AS people,
    count(*) AS events
FROM arrest
INNER JOIN calendar ON arrest.month = calendar.month AND arrest.event_date < calendar.next_day
GROUP BY calendar.month, arrest.person_key, arrest.dimensions
