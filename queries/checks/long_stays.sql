/*
code = "LD-314"
severity = "warning"
title = "A stay of more than five years"
expected = "a release within five years, or a person who is still inside"
fix = "Look at the stay: a release may be missing. It is counted as it stands."
table = "jail_stay"
column = "booked_at"
*/
SELECT
    file_number,
    row_number,
    strftime(booked_at, '%Y-%m-%d') AS value
FROM accepted.jail_stay
CROSS JOIN accepted.today
WHERE coalesce(released_at, today.today) >= booked_at + INTERVAL 5 YEAR;
