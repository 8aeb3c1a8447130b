SELECT
    calendar.month,
    episode.person_key,
    episode.dimensions,
    1 AS people,
    count(*) AS events
FROM episode
INNER JOIN calendar ON episode.month = calendar.month AND episode.event_date < calendar.next_day
GROUP BY calendar.month, episode.person_key, episode.dimensions
