/*
code = "LD-314"
severity = "warning"
title = "A stay of more than five years"
expected = "a release within five years, unless the person is still inside"
fix = "Look at the stay: a release may be missing. It counts as it stands."
topic = "Impossible or unlikely"
shows = "nothing"
*/
SELECT
    'jail_stay' AS table_name,
    'booked_at' AS column_name,
    stay.file_number,
    stay.row_number,
    strftime(stay.booked_at, '%Y-%m-%d') AS cell
FROM accepted.jail_stay AS stay
CROSS JOIN accepted.today
CROSS JOIN (
    SELECT max(dated.happened_on) AS latest
    FROM dated
    CROSS JOIN accepted.today AS clock
    WHERE dated.table_name = 'jail_stay' AND dated.happened_on <= clock.today
) AS reach
WHERE
    coalesce(stay.released_at, today.data_through, reach.latest) >= stay.booked_at + INTERVAL 5 YEAR;
