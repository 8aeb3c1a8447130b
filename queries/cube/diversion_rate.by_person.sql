-- An arrest without a person stands for itself.
SELECT
    cluster.month,
    cluster.person_key,
    cluster.dimensions,
    cluster.arrests,
    cluster.events,
    count(*) AS people
FROM (
    SELECT
        calendar.month,
        arrest.person_key,
        arrest.dimensions,
        count(*) AS arrests,
        sum(arrest.is_diverted) AS events
    FROM arrest
    INNER JOIN calendar ON arrest.month = calendar.month AND arrest.event_date < calendar.next_day
    WHERE arrest.is_eligible = 1 AND arrest.is_diverted IS NOT NULL
    GROUP BY
        calendar.month,
        arrest.person_key,
        arrest.dimensions,
        CASE WHEN arrest.person_key IS NULL THEN arrest.arrest_key END
) AS cluster
GROUP BY cluster.month, cluster.person_key, cluster.dimensions, cluster.arrests, cluster.events
