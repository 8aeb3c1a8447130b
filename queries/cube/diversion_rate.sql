-- People behind each part, where somebody is known; diversion_rate.by_person.sql has their arrests.
SELECT
    cluster.month,
    cluster.person_key,
    cluster.dimensions,
    CASE WHEN cluster.person_key IS NULL THEN NULL ELSE 1 END AS people,
    sum(cluster.arrests) AS denominator,
    sum(cluster.events) AS numerator,
    CASE WHEN cluster.person_key IS NOT NULL AND sum(cluster.events) > 0 THEN 1 END AS numerator_people,
    CASE WHEN cluster.person_key IS NOT NULL AND sum(cluster.events) < sum(cluster.arrests) THEN 1 END
        AS complement_people
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
    GROUP BY calendar.month, arrest.person_key, arrest.dimensions
) AS cluster
GROUP BY cluster.month, cluster.person_key, cluster.dimensions
