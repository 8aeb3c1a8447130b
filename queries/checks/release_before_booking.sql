/*
code = "LD-312"
severity = "warning"
title = "Release before booking"
expected = "a release on the day of the booking or later"
fix = "Correct one of the two in your system and export again. The row is left out."
topic = "Impossible or unlikely"
shows = "nothing"
rejects = true
*/
SELECT
    'jail_stay' AS table_name,
    'released_at' AS column_name,
    file_number,
    row_number,
    strftime(released_at, '%Y-%m-%d %H:%M') AS cell
FROM candidate.jail_stay
WHERE
    released_at < booked_at
    -- A release without a time of day counts as any time of its day.
    AND NOT (released_at::TIME = '00:00' AND released_at::DATE = booked_at::DATE);
