/*
code = "LD-314"
severity = "warning"
title = "A stay of more than five years"
expected = "a release within five years, unless the person is still inside"
fix = "Look at the stay: a release may be missing. It counts as it stands."
*/
WITH reach AS (
    SELECT max(CAST(moment AS DATE)) AS latest
    FROM (
        SELECT booked_at AS moment FROM accepted.jail_stay
        UNION ALL
        SELECT released_at FROM accepted.jail_stay
    ) AS moments
    CROSS JOIN accepted.today
    WHERE moment < today.today + 1
)

SELECT
    'jail_stay' AS table_name,
    'booked_at' AS column_name,
    stay.file_number,
    stay.row_number,
    strftime(stay.booked_at, '%Y-%m-%d') AS value
FROM accepted.jail_stay AS stay
CROSS JOIN accepted.today
CROSS JOIN reach
WHERE
    coalesce(stay.released_at, today.data_through, reach.latest) >= stay.booked_at + INTERVAL 5 YEAR;
