SELECT
    calendar.month,
    diversion.person_key,
    diversion.dimensions,
    CASE WHEN diversion.person_key IS NULL THEN NULL ELSE 1 END AS people,
    count(*) AS events
FROM diversion
INNER JOIN calendar ON diversion.month = calendar.month AND diversion.event_date < calendar.next_day
GROUP BY calendar.month, diversion.person_key, diversion.dimensions
